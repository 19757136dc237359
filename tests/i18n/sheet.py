"""The main messages in a language as a picture of the web chat on a phone, for whoever reads a translation again.

python3 run.py dev -m tests.i18n.sheet de ar        writes docs/pictures/languages/de.png and ar.png
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.clock import SimulatedClock
from bot.demo.world import example_programme
from bot.domain.messages import Letter, Offer
from bot.domain.programme import Programme
from bot.flows import build
from bot.flows.enrolment import HELLO
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import post
from bot.i18n import LANGUAGES, Text
from bot.store.db import Database, Tx
from bot.store.messages import Lane
from bot.store.migrate import upgrade
from bot.store.people import by_ref
from bot.store.stays import current_stay
from tests.web.chat.browser import CHROMIUM, opened
from tests.web.chat.conftest import Site, found

FOLDER = Path(__file__).parents[2] / "docs" / "pictures" / "languages"
NOON = datetime(2026, 2, 12, 11, 0, tzinfo=UTC)
ITEMS = ("ehic", "emergency_card")


def messages(programme: Programme) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    """What is said, and the buttons below it: hello, two papers, the arrival, the week."""
    journey = programme.outgoing
    enrolment = build("enrolment", journey, "outgoing")
    assert enrolment is not None
    yield HELLO["outgoing"], tuple(choice.label for choice in enrolment.steps[0].choices)  # type: ignore[union-attr]
    for name in ITEMS:
        item = journey.item(name)
        assert item is not None
        yield item.text or item.title, tuple(choice.label for choice in item.choices)
    for name in ("arrival", "check_in"):
        flow = build(name, journey, "outgoing")
        assert flow is not None
        step = next(each for each in flow.steps if getattr(each, "choices", ()))
        yield step.text, tuple(choice.label for choice in step.choices)  # type: ignore[union-attr,misc]


def speak(tx: Tx, language: str) -> None:
    person = by_ref(tx.rows, "ines")
    assert person is not None
    person.language = language


def say(tx: Tx) -> None:
    """Inès is told the main messages, in the language she speaks."""
    person = by_ref(tx.rows, "ines")
    assert person is not None
    stay = current_stay(tx.rows, person.id, tx.now)
    assert stay is not None
    facts = {**stay_facts(tx, stay), "name": person.first_name}
    for text, labels in messages(tx.programme):
        offers = tuple(Offer(label, {"do": "command", "word": "help"}) for label in labels)
        post(tx, person.id, Letter(text, facts, offers), Lane.ANSWER)


def sheet(language: str, folder: Path) -> Path:
    """Make the picture of one language; returns where it is."""
    clock = SimulatedClock(NOON)
    clock.run(1.0)
    picture = FOLDER / f"{language}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    db = Database(f"sqlite:///{folder / language}.db", clock, example_programme(), durable=False)
    upgrade(db.engine)
    db.run(found)
    with Site(db).running() as site, sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        db.run(speak, language)
        page = opened(chromium, site, viewport={"width": 390, "height": 3200}, locale=language)
        db.run(say)
        site.settle()
        page.goto(site.url)
        page.fill("textarea", "SOS")
        page.click("#say button")
        site.settle()
        page.wait_for_timeout(500)
        page.evaluate("for (const folded of document.querySelectorAll('[role=log] details')) folded.open = true")
        page.screenshot(path=picture, full_page=True)
        chromium.close()
    db.close()
    return picture


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for chosen in sys.argv[1:] or LANGUAGES:
            print(sheet(chosen, Path(scratch)))
