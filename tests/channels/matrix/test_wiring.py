"""Matrix in a whole app: a stranger is answered, a cry for help before anything is stored, and nothing is read twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.matrix import MatrixChannel
from bot.channels.matrix.setup import setup
from bot.channels.matrix.sign_in import Account
from bot.config import Config
from bot.config.tables import Matrix
from bot.domain.channel import Sent
from bot.domain.messages import Outgoing
from bot.handlers.inbox.strangers import NO_CODE
from bot.i18n import render
from bot.runtime.app import App
from bot.runtime.matrix import MatrixWiring, matrix_account, matrix_channel, matrix_folder
from bot.store.db import Database, Tx
from bot.store.messages import InboxRow
from bot.store.people import Address, Person
from bot.store.records import SettingRow
from tests.channels.matrix.conftest import until
from tests.conftest import Read
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.synapse.seen import NO_SHIELD


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


@pytest.fixture
def config(account: Account, tmp_path: Path) -> Config:
    matrix = Matrix(homeserver=account.homeserver, user_id=account.user_id, store=Path("mx"))
    return Config(data_dir=tmp_path / "data", matrix=matrix)


@asynccontextmanager
async def running(db: Database, config: Config) -> AsyncIterator[MatrixChannel]:
    channel = matrix_channel(config, db)
    assert channel is not None
    app = App(db, {channel.name: channel})
    on_matrix = MatrixWiring(app, channel)
    async with asyncio.TaskGroup() as group:
        going = group.create_task(app.run(*on_matrix.tasks()))
        try:
            yield channel
        finally:
            going.cancel()
            await channel.close()


def _known(tx: Tx, native: str) -> None:
    person = Person(ref="lea", first_name="Léa", last_name="")
    tx.rows.add(person)
    tx.rows.flush()
    address = {"person_id": person.id, "state": "confirmed", "created_at": tx.now, "used_at": tx.now}
    tx.rows.add(Address(channel="matrix", native=native, **address))


async def test_stranger_is_answered_and_what_counts_outlives_the_process(
    database: Database, read: Read, config: Config, account: Account, lea: Human
) -> None:
    await setup(account, matrix_folder(config), lambda _line: None)
    async with running(database, config):
        room = await lea.open_direct(account.user_id)
        await lea.until(lambda: lea.timeline.members[room].get(account.user_id) == "join")
        await lea.says(room, "Bonjour")
        (answer,) = await lea.hears()
    await lea.says(room, "SOS")
    await database.transact(_known, lea.user_id)
    async with running(database, config) as channel:
        (card,) = await lea.hears()
        await until(lambda: len(found := read(select(InboxRow.state))) >= 2 and set(found) == {("handled",)})
        assert isinstance(await channel.send(Outgoing(9, lea.user_id, "Vous")), Sent)

    assert (answer.text, answer.shield) == (render(NO_CODE, "fr"), NO_SHIELD)
    assert card.text is not None
    assert "112" in card.text
    assert {name for (name,) in read(select(SettingRow.name))} >= {"matrix_sync"}
    assert lea.identity is not None
    assert read(select(Address.identity)) == [(lea.identity.master.public,)]
    assert [raw for (raw,) in read(select(InboxRow.raw)) if raw] == []


def test_matrix_is_off_without_a_homeserver(quick_database: Database) -> None:
    assert matrix_account(Config()) is None
    assert matrix_channel(Config(), quick_database) is None


@pytest.mark.parametrize("user_id", [None, "compagnon", "@compagnon"])
def test_homeserver_needs_a_user_id(user_id: str | None) -> None:
    with pytest.raises(ValueError, match="user_id"):
        Matrix(homeserver="https://matrix.example.org", user_id=user_id)
