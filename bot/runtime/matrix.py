"""Matrix put together with the rest: events in, alarms out, and what the sync must remember kept in our database."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import Any

from bot.channels.matrix import Account, Folder, MatrixChannel, Syncing
from bot.config import Config
from bot.domain.pace import Pace
from bot.handlers.inbox.receive import Update
from bot.runtime.app import App
from bot.runtime.leader import Leadership
from bot.store.db import Database, Tx
from bot.store.people import address_at, identity_at
from bot.store.records import keep_setting, setting

SYNCING = 2
"""Which turn is that of the one that syncs: two on one device would take each other's keys."""
SYNC = "matrix_sync"
NAME = "matrix"


def matrix_account(config: Config) -> Account | None:
    """The account that the configuration names, if it names one."""
    matrix = config.matrix
    if not matrix.homeserver or not matrix.user_id:
        return None
    password = matrix.password.get_secret_value() if matrix.password else ""
    pickle_key = matrix.pickle_key.get_secret_value() if matrix.pickle_key else ""
    return Account(matrix.homeserver, matrix.user_id, password, matrix.device_name, pickle_key)


def matrix_folder(config: Config) -> Folder:
    """Where identity, device and crypto store are."""
    return Folder(config.data_dir / config.matrix.store)


def matrix_channel(config: Config, db: Database) -> MatrixChannel | None:
    """The channel, where there is an account."""
    account = matrix_account(config)
    if account is None:
        return None

    channel = channel_on(db, account, matrix_folder(config))
    channel.offers.chips, channel.offers.polls = config.matrix.chips, config.matrix.polls
    rate = config.matrix.per_second
    channel.pace = Pace(rate=rate, burst=10, chat_rate=max(0.5, rate), chat_burst=5, slots=4)
    return channel


def channel_on(db: Database, account: Account, folder: Folder) -> MatrixChannel:
    """The channel, with the identities of people kept beside their addresses."""

    async def pinned(user_id: str) -> str:
        return await db.transact(_pinned, user_id)

    async def pin(user_id: str, master: str) -> None:
        await db.transact(_pin, user_id, master)

    return MatrixChannel(account, folder, pinned=pinned, pin=pin)


class MatrixWiring:
    """The channel at work in an app. It is also where the sync keeps what must outlive the process."""

    def __init__(self, app: App, channel: MatrixChannel) -> None:
        self.app, self.channel = app, channel
        app.catching_up.expect(channel.name)
        self.leadership = Leadership(app.db.engine, SYNCING, channel)
        quiet = partial(app.heard_out, channel.name)
        self.inlet = Syncing(channel, self._receive, app.alarms.of(channel.name), self, quiet=quiet)

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        return (self._take_in(),)

    async def _take_in(self) -> None:
        """Events, for ever. Of several processes on one database one syncs; the same one sends. Whoever has lost its turn ends:
        another may have used the device since, and what is in memory of it is old."""
        await self.leadership.hold(self.inlet.run)

    async def _receive(self, updates: list[Update]) -> int:
        return await self.app.receive_all(self.channel.name, updates)

    async def load(self) -> dict[str, Any]:
        return await self.app.db.transact(_load)

    async def save(self, value: dict[str, Any]) -> None:
        await self.app.db.transact(_save, value)


def _load(tx: Tx) -> dict[str, Any]:
    return dict(setting(tx.rows, SYNC) or {})


def _save(tx: Tx, value: dict[str, Any]) -> None:
    keep_setting(tx.rows, SYNC, value)


def _pinned(tx: Tx, user_id: str) -> str:
    return identity_at(tx.rows, NAME, user_id)


def _pin(tx: Tx, user_id: str, master: str) -> None:
    """Know a person by this key from now on: it goes where their address goes."""
    address = address_at(tx.rows, NAME, user_id)
    if address is not None:
        address.identity = master
