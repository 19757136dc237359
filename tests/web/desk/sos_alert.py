"""An SOS alert as an adult sees it, on each channel, as pictures: what is told, in which order, and what is cut.

python3 run.py dev -m tests.web.desk.sos_alert        writes docs/pictures/sos/web.png, desk.png, telegram.png, matrix.png

Telegram and Matrix are shown as the very payload that leaves for them, in a plain page: their apps are not ours to draw.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from bot.channels.matrix.choices import chips
from bot.channels.matrix.layout import contents
from bot.channels.telegram.layout import parts_of
from bot.clock import SimulatedClock
from bot.demo.world import example_programme
from bot.domain.messages import Outgoing
from bot.domain.need_to_know import NOT_THEM
from bot.handlers.sending.before_sending import leaving
from bot.handlers.sending.compose import compose
from bot.store.cases import CaseRow
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow
from bot.store.migrate import upgrade
from bot.store.people import Address, by_ref
from bot.store.stays import current_stay
from tests.web.chat.browser import CHROMIUM, opened
from tests.web.chat.conftest import found
from tests.web.desk.conftest import code_for
from tests.web.desk.test_browser import Desk, troubled

FOLDER = Path(__file__).parents[3] / "docs" / "pictures" / "sos"
EVENING = datetime(2026, 3, 12, 20, 40, tzinfo=UTC)
PHONE: Any = {"width": 390, "height": 844}
STYLE = """body { font: 16px/1.4 sans-serif; margin: 16px; background: #eef } h1 { font-size: 15px; color: #445 }
.said { background: #fff; border-radius: 12px; padding: 10px 12px; white-space: pre-wrap; overflow-wrap: anywhere }
.row { display: flex; gap: 6px; margin-top: 6px } .row span { flex: 1; background: #dde; border-radius: 8px; padding: 8px;
text-align: center; font-size: 14px } pre { font-size: 11px; white-space: pre-wrap; color: #556 }"""


def reachable(tx: Tx) -> None:
    """The learner, her tutor and her teacher have phones; a second adult can be reached."""
    person = by_ref(tx.rows, "ines")
    stay = current_stay(tx.rows, person.id) if person else None
    assert person is not None
    assert stay is not None
    person.phone, stay.tutor_name, stay.tutor_phone = "+33600000001", "Frau Winkelmann", "+4755500002"
    stay.teacher, stay.teacher_phone, stay.back = "Paul Lemaire", "+33600000003", date(2026, 3, 28)
    roux = by_ref(tx.rows, "roux")
    assert roux is not None
    tx.rows.add(
        Address(person=roux, channel="web", native="roux", state="confirmed", created_at=tx.now, used_at=tx.now)
    )


def as_sent(tx: Tx) -> Outgoing:
    """The alert of the adult who is told first, as a channel is given it."""
    wanted = select(OutboxRow).join(CaseRow, CaseRow.id == OutboxRow.case_id).where(OutboxRow.step == "alert")
    row = tx.rows.scalars(wanted.order_by(OutboxRow.id.desc())).first()
    assert row is not None
    (each,) = leaving(tx, [row.id])
    return compose(tx, each, Address(person_id=row.person_id, channel="telegram", native="5001"), rehearsal=False)


def telegram(message: Outgoing) -> str:
    """The texts and the keyboard of `sendMessage`."""
    shown = []
    for part in parts_of(message):
        keyboard: list[Any] = part.buttons["inline_keyboard"] if part.buttons else []
        rows = ("".join(f"<span>{escape(button['text'])}</span>" for button in row) for row in keyboard)
        shown.append(
            f'<div class="said">{escape(part.text)}</div>' + "".join(f'<div class="row">{row}</div>' for row in rows)
        )
    return "<h1>Telegram: sendMessage</h1>" + "".join(shown)


def matrix(message: Outgoing) -> str:
    """The content of the encrypted event, and the chips that are put beside it."""
    said = contents(message)
    bodies = "".join(f'<div class="said">{escape(each["body"])}</div>' for each in said)
    beside = "".join(f"<span>{escape(chip)}</span>" for chip in chips([button.label for button in message.buttons]))
    whole = escape(json.dumps(said, ensure_ascii=False, indent=1))
    return f'<h1>Matrix: m.room.message, decrypted</h1>{bodies}<div class="row">{beside}</div><pre>{whole}</pre>'


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


def main(folder: Path) -> None:
    clock = SimulatedClock(EVENING)
    clock.run(1.0)
    db = Database(f"sqlite:///{folder / 'sos'}.db", clock, example_programme(), durable=False)
    upgrade(db.engine)
    for handle in (found, troubled, reachable):
        db.run(handle)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Desk(db).running() as site, sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        learner = opened(chromium, site, viewport=PHONE)
        learner.fill("textarea", "SOS")
        learner.click("#say button")
        learner.get_by_text(str(NOT_THEM)).wait_for()
        site.settle()
        message = db.run(as_sent)
        for name, payload in (("telegram", telegram(message)), ("matrix", matrix(message))):
            shown = chromium.new_page(viewport=PHONE)
            shown.set_content(f"<style>{STYLE}</style>{payload}")
            shoot(shown, name)
        adult = opened(chromium, site, "luc", viewport={"width": 390, "height": 1000})
        adult.get_by_text("🆘 SOS").first.wait_for()
        shoot(adult, "web")
        adult.goto(f"{site.url}/desk/in/{db.run(code_for, 'luc')}")
        adult.get_by_role("button", name="Open the desk").click()
        adult.get_by_role("heading", name="Board").wait_for()
        adult.goto(f"{site.url}/desk/cases")
        shoot(adult, "desk")
        chromium.close()
    db.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch))
