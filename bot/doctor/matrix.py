"""The bot on Matrix: whether it is, to its homeserver, who it believes to be.

Nothing is changed, and the crypto store is never opened: it belongs to the Compagnon that is running.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bot.channels.matrix import Folder
from bot.channels.matrix.client_api import CallError, Homeserver, Refused, part
from bot.channels.matrix.folder import Device, FolderError
from bot.channels.matrix.identity import Identity
from bot.channels.matrix.own_device import MARK, own_keys
from bot.channels.matrix.trust import CHANGED, judge, row_of
from bot.config import Config
from bot.config.tables import Matrix
from bot.doctor import homeserver
from bot.doctor.finding import Finding, broken, fine, look
from bot.doctor.homeserver import ABOUT
from bot.doctor.matrix_files import BACKUP, NEW_IDENTITY, REPAIR, kept, modes
from bot.domain.person import Role
from bot.i18n import _, joined, say, sentence_of
from bot.store.db import Database, Tx
from bot.store.people import Address, RoleHeld


@dataclass(frozen=True)
class Told:
    """What the homeserver says of us."""

    whoami: dict[str, Any]
    keys: dict[str, Any]
    """The answer to `/keys/query` about ourselves."""
    mark: int
    """How far our crypto store should be."""


def matrix(config: Config, db: Database | None) -> Iterator[Finding]:
    """Every look in turn; `db` tells how many there are to write to."""
    settings = config.matrix
    if settings.homeserver is None:
        yield off(settings)
        return
    folder = Folder(config.data_dir / settings.store)
    yield from homeserver.address(settings.homeserver)
    yield from modes(folder)
    try:
        device, identity = folder.device(), folder.identity()
    except FolderError as problem:
        yield broken(ABOUT, sentence_of(problem), joined([BACKUP, REPAIR], "; "))
        return
    yield from kept(settings, folder, device, identity)
    try:
        software = asyncio.run(homeserver.software(settings.homeserver))
    except CallError as problem:
        yield homeserver.unanswered(problem, settings)
        return
    yield fine(
        ABOUT,
        say(
            _("{host} answers ({software})"),
            host=homeserver.host(settings.homeserver),
            software=software or say(_("software unknown")),
        ),
    )
    yield from homeserver.no_password(settings.homeserver, asyncio.run(homeserver.ways(settings.homeserver)))
    if device is not None and identity is not None:
        yield from _standing(settings.homeserver, folder, device, identity)
    if db is not None:
        here, roster = db.run(learners)
        yield homeserver.pace(settings, here or roster, software)
        if not here:
            yield homeserver.strangers(settings)


def off(settings: Matrix) -> Finding:
    """Off on purpose, or because half of it is missing."""
    if settings.user_id or settings.password:
        return look(
            ABOUT,
            say(_("off: user_id or password is set, homeserver is not")),
            say(_("write homeserver under [matrix]")),
        )
    return fine(ABOUT, say(_("off: there is no homeserver (docs/matrix.md says how)")))


def _standing(url: str, folder: Folder, device: Device, identity: Identity) -> Iterator[Finding]:
    try:
        told = asyncio.run(asked(url, device))
    except CallError as problem:
        yield refused(problem)
        return
    # read after theirs: a running Compagnon writes its own first, so that ours may be ahead and never behind
    yield from judged(told, device, identity, folder.mark())


async def asked(url: str, device: Device) -> Told:
    """Ask the three questions.

    Raises:
        CallError: there is no answer.
    """
    server = Homeserver(url, device.token)
    try:
        whoami = await server.call("GET", "/account/whoami")
        return Told(whoami, await own_keys(server, device.user_id), await _mark(server, device))
    finally:
        await server.close()


async def _mark(server: Homeserver, device: Device) -> int:
    try:
        path = f"/user/{part(device.user_id)}/account_data/{part(f'{MARK}.{device.device_id}')}"
        mark = (await server.call("GET", path)).get("mark")
    except Refused as nothing:
        if nothing.status == 404:
            return 0
        raise
    return mark if type(mark) is int else 0


def refused(problem: CallError) -> Finding:
    """Why it does not say who we are."""
    if isinstance(problem, Refused) and problem.code == "M_UNKNOWN_TOKEN":
        return broken(
            ABOUT, say(_("the homeserver does not know our token any more: our device was logged out")), REPAIR
        )
    if isinstance(problem, Refused):
        return broken(
            ABOUT,
            say(_("the homeserver refuses us: {code}"), code=problem.code),
            say(_("ask its administrator about the account")),
        )
    return look(
        ABOUT,
        say(_("our device was not looked at ({reason})"), reason=sentence_of(problem)),
        say(_("run the doctor again in a minute")),
    )


def judged(told: Told, device: Device, identity: Identity, mark: int) -> Iterator[Finding]:
    """Whether we are, to the homeserver, who we believe to be; `mark` is how far our crypto store is."""
    us = device.user_id
    if (told.whoami.get("user_id"), told.whoami.get("device_id", "")) != (us, device.device_id):
        yield broken(ABOUT, say(_("the token kept here belongs to another device or account")), REPAIR)
        return
    if device.device_id not in row_of(told.keys, "device_keys", us):
        yield broken(ABOUT, say(_("the homeserver has no keys of our device: nobody can write to it")), REPAIR)
        return
    trust = judge(us, told.keys, identity.public("master"))
    if trust.problem == CHANGED and not trust.master:
        yield broken(ABOUT, say(_("the homeserver shows no identity of ours")), REPAIR)
    elif trust.problem == CHANGED:
        yield broken(
            ABOUT,
            say(_("the homeserver shows another identity than ours")),
            say(_("{backup}; or: {new_identity}"), backup=BACKUP, new_identity=NEW_IDENTITY),
        )
    elif device.device_id not in trust.devices:
        told_so = say(_("our device is not signed by our identity: strict apps give it no keys"))
        yield broken(
            ABOUT,
            told_so,
            say(_("start Compagnon: it signs it; if that does not help: {new_identity}"), new_identity=NEW_IDENTITY),
        )
    elif mark < told.mark:
        yield broken(
            ABOUT, say(_("the crypto store is an old copy: nobody could read what is written with it")), REPAIR
        )
    else:
        yield fine(
            ABOUT,
            say(
                _("{us} is known, and its device {device_id} is signed by its identity"),
                us=us,
                device_id=device.device_id,
            ),
        )


def learners(tx: Tx) -> tuple[int, int]:
    """How many of them can be reached on Matrix, and how many there are."""
    all_of_them = select(RoleHeld.person_id).where(RoleHeld.role == Role.LEARNER)
    here = select(func.count(Address.person_id.distinct())).where(
        Address.channel == "matrix", Address.state == "confirmed", Address.person_id.in_(all_of_them)
    )
    roster = select(func.count()).select_from(all_of_them.subquery())
    return tx.rows.scalar(here) or 0, tx.rows.scalar(roster) or 0
