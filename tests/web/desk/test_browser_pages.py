"""Axe on the pages beside the board: the way in, own words, the people, and what families and host tutors open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.clock import SimulatedClock
from bot.domain.deadlines import Sort
from bot.domain.person import Role
from bot.domain.roster import Tutor
from bot.handlers.people.guardians import family_of
from bot.handlers.people.invitations import invite
from bot.handlers.say.consents import say
from bot.handlers.say.host import external_of, tutor_of
from bot.handlers.say.links import Page, link
from bot.store.contacts import keep_contacts
from bot.store.db import Database, Tx
from bot.store.deadlines import Deadline
from bot.store.people import Guardian, LeaveTaken, RoleHeld, by_ref
from bot.store.sessions import SessionRow
from bot.store.stays import current_stay
from bot.web.visitors import Visitors
from tests.journeys.families import ALL
from tests.web.chat.browser import chromium, needs_chromium
from tests.web.chat.conftest import found
from tests.web.desk.conftest import code_for
from tests.web.desk.test_browser import NARROW, WIDE, Desk, fits, troubled

pytestmark = needs_chromium
__all__ = ["chromium"]


FURTHER = (
    "exports",
    "figures",
    "confirm",
    "invitations",
    "people/new",
    "learners/1/edit",
    "learners/1/conversation",
    "import",
    "browsers",
    "erasures",
    "papers?stays=1",
    "learners/1/papers/agreement",
    "papers/templates/attestation?school=1",
    "review",
    "dates",
    "dates/new",
    "links",
    "mobilities",
)
"""Forms and tables that are looked at where there is least room."""


class Whole(Desk):
    """The desk with the visitors' pages before it, as `run` has them."""

    def application(self, base_url: str) -> ASGIApp:
        return Starlette(routes=[*Visitors(self.app, base_url).routes(), Mount("/", super().application(base_url))])


def peopled(tx: Tx) -> dict[str, str]:
    """A family of two, a host tutor, an employer, own words, leave that leaves too few; the paths of what they open."""
    ines, luc = by_ref(tx.rows, "ines"), by_ref(tx.rows, "luc")
    assert ines is not None
    assert luc is not None
    stay = current_stay(tx.rows, ines.id)
    assert stay is not None
    for place, name in enumerate(("Sonia Martin", "Paul Martin")):
        tx.rows.add(Guardian(person_id=ines.id, position=place, name=name, email=f"{name[:2]}@exemple.example"))
    tx.rows.flush()
    sonia, paul = family_of(tx, ines)
    say(tx, ines, sonia, given=True)
    stay.tutor_name, stay.tutor_email, stay.tutor_language = "Frau Winkelmann", "w@example.org", "de"
    tutor = tutor_of(tx, stay)
    assert tutor is not None
    stay.tags = ["apprentice"]
    keep_contacts(tx.rows, stay.id, {Role.EMPLOYER: Tutor("Atelier Corvaisier", "atelier@example.org", "en")})
    employer = external_of(tx, stay, Role.EMPLOYER)
    assert employer is not None
    today = tx.now.date()
    for sort, day in ((Sort.CHARTER, date(2027, 12, 31)), (Sort.CELL, today)):
        source = (
            "https://erasmus-plus.example.org/charters/a-very-long-address-that-has-to-be-broken-somewhere-on-a-phone"
        )
        tx.rows.add(Deadline(sort=sort, title=f"{sort} of the consortium", day=day, source=source, owner_id=luc.id))
    luc.leaves.append(LeaveTaken(first=today, last=stay.back, announced=True))
    luc.roles.append(RoleHeld(role="on_call"))
    tx.rows.add(
        SessionRow(
            person_id=ines.id,
            stay_id=stay.id,
            flow="check_in",
            touchpoint="check_in",
            occurrence="2026-03-01",
            facts={"name": "Inès", "city": "Bergen", "host": "Fisk", "school": "Lycée Balzac"},
            answers=[["note", "I saw a whale"]],
            state="done",
            urgency=1,
            answered_at=tx.now,
            expires_at=tx.now,
        )
    )
    return {
        "consent": f"/f/{invite(tx, paul)}",
        "stop": link(tx, sonia, stay, Page.STOP),
        "tutor": link(tx, tutor, stay, Page.TUTOR),
        "employer": link(tx, employer, stay, Page.EXTERNAL),
        "learner": f"/desk/learners/{stay.id}",
    }


@pytest.fixture
def whole(quick_database: Database, clock: SimulatedClock) -> Any:
    clock.run(1.0)
    quick_database.run(found)
    quick_database.run(troubled)
    quick_database.programme = quick_database.programme.model_copy(update={"family": ALL})
    with Whole(quick_database).running() as running:
        yield running


def test_axe_finds_nothing_on_what_visitors_and_newcomers_open(chromium: Any, whole: Whole) -> None:
    paths = whole.database.run(peopled)
    paths["in"] = f"/desk/in/{whole.database.run(code_for, 'roux')}"
    window = chromium.new_context(locale="en")
    page = window.new_page()

    for name in ("consent", "stop", "tutor", "employer", "in"):
        assert page.goto(whole.url + paths[name]).status == 200, name
        fits(page, name, WIDE, NARROW)
    page.get_by_role("button", name="Open the desk").click()
    for path in FURTHER:
        page.goto(f"{whole.url}/desk/{path}")
        fits(page, path, NARROW)
    merge = f"{paths['learner']}/merge"
    for path in ("/desk/people", merge, f"{merge}?gone=tom", paths["learner"]):
        page.goto(whole.url + path)
        fits(page, path, WIDE, NARROW)
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_text("I saw a whale").wait_for()
    fits(page, "own words", WIDE, NARROW)
    window.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_words_are_written_and_leave_entered_with_and_without_scripts(
    chromium: Any, whole: Whole, scripts: bool
) -> None:
    whole.joined("ines")
    paths = whole.database.run(peopled)
    window = chromium.new_context(viewport=NARROW, locale="en", java_script_enabled=scripts)
    page = window.new_page()
    page.goto(f"{whole.url}/desk/in/{whole.database.run(code_for, 'roux')}")
    page.get_by_role("button", name="Open the desk").click()

    page.goto(whole.url + paths["learner"])
    page.locator("form[action$='/write']").get_by_label("Your words").fill("Are you well?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Passed on. The answer will come to you in your messenger.").wait_for()
    page.goto(f"{whole.url}/desk/people")
    page.get_by_text("Add leave… Anne Roux").click()
    for label in ("First day", "Last day"):
        page.locator("details[open]").get_by_label(label).fill("2026-03-20")
    page.locator("details[open]").get_by_role("button").click()
    page.get_by_role("status").wait_for()

    assert "Noted." in page.get_by_role("status").inner_text()
    assert whole.database.run(lambda tx: tx.rows.query(LeaveTaken).count()) == 2
    window.close()
