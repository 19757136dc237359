"""The real process, called by Telegram and killed: what was written meanwhile is brought late, and read before we judge."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path

from bot.domain.person import Role
from bot.domain.stay import Kind, Track
from bot.handlers.watch.own_outage import HEARTBEAT
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, School
from bot.store.records import keep_setting
from bot.store.stays import StayRow
from tests.faults.real_bot import know, prepare, start
from tests.telegram_server import TelegramServer

CONFIG = """[telegram]
token = "{token}"
api_url = "{url}"
mode = "webhook"
webhook_url = "http://127.0.0.1:PORT/telegram"
webhook_secret = "only-for-tests"
"""
AWAY = timedelta(hours=30)


def abroad(tx: Tx, learner: str, coordinator: str) -> None:
    """A learner in the middle of a stay, and the coordinator of their school: the chats of both."""
    school = School(ref="valmer", name="Lycée Valmer")
    tx.rows.add(school)
    tx.rows.flush()
    for name, native in (("Ines", learner), ("Nadia", coordinator)):
        tx.rows.get_one(Person, know(tx, name, "telegram", native)).school_id = school.id
    people = {person.ref: person.id for person in tx.rows.query(Person)}
    tx.rows.add(RoleHeld(person_id=people["nadia"], role=Role.COORDINATOR))
    today = tx.now.date()
    tx.rows.add(
        StayRow(
            person_id=people["ines"], school_id=school.id, kind=Kind.OUTGOING, track=Track.VET, country="DE", city="Leipzig",
            zone="Europe/Berlin", home_zone="Europe/Paris", departure=today - timedelta(days=9), start=today - timedelta(days=7),
            end=today + timedelta(days=9), back=today + timedelta(days=10), enrolled_at=tx.now - timedelta(days=20),
            wake_at=None,
        )
    )  # fmt: skip


def last_seen(tx: Tx) -> None:
    """We were last alive so long ago."""
    keep_setting(tx.rows, HEARTBEAT, {"at": (tx.now - AWAY).isoformat()})


async def test_what_telegram_brings_late_is_read_before_anybodys_silence_is_judged(tmp_path: Path) -> None:
    async with TelegramServer() as server:
        db = prepare(tmp_path, CONFIG.format(token=server.token, url=server.url))
        config = tmp_path / "config.toml"
        port = next(line for line in config.read_text("utf-8").splitlines() if line.startswith("port"))
        config.write_text(config.read_text("utf-8").replace("PORT", port.split()[-1]), "utf-8")
        ines, nadia = server.user("Ines", language="en"), server.user("Nadia", language="en")
        for user in (ines, nadia):
            user.starts()
        server.updates.forget_all()
        db.run(abroad, str(ines.id), str(nadia.id))

        first = start(tmp_path, "run")
        await server.until(lambda: bool(server.sent("getWebhookInfo")), 60)
        first.send_signal(signal.SIGKILL)
        await first.wait()
        db.run(last_seen)
        server.webhook.gate.clear()
        ines.says("all is well here")
        looked = len(server.sent("getWebhookInfo"))
        second = start(tmp_path, "run")
        try:
            await server.until(lambda: len(server.sent("getWebhookInfo")) >= looked + 3, 60)
            before = [user.heard() for user in (ines, nadia)]
            server.webhook.gate.set()
            told = await nadia.hears(seconds=60)
        finally:
            second.send_signal(signal.SIGTERM)
            await second.wait()
            db.close()

    assert before == [[], []]
    assert told[-1].startswith("I was away from ")
    assert told[-1].endswith("Everybody who is abroad has written since.")
    assert [text for text in ines.heard() if "well" in text] == []
