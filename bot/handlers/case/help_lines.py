"""Other numbers than the emergency one: consulate, crisis centre, help lines of the country the learner is in."""

from __future__ import annotations

from typing import Any

from bot.domain.emergency import LINES as SERVICE_LINES
from bot.domain.messages import Letter
from bot.domain.person import Role
from bot.domain.programme.help import SERVICES
from bot.domain.stay import Kind
from bot.handlers.case.matters import external_meant
from bot.handlers.say.facts import AT_SCHOOL, country_now, danger_facts, host_family_lines
from bot.handlers.say.host import external_of
from bot.handlers.say.post import About, post
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.stays import StayRow

NUMBERS = "numbers"
"""How a message with numbers to tap is known."""
LINES: dict[str, Text] = {
    "consulate": _("French consulate, in an emergency: {number}"),
    "crisis_centre": _("French foreign ministry, day and night: {number}"),
    "child": _("Somebody who listens to young people: {number}"),
    "adult": _("Somebody who listens: {number}"),
}
FRENCH = frozenset({"consulate", "crisis_centre"})
"""For those whom a French school sends abroad, not for its guests."""
FOUND: Text = _(
    "Immediate danger: {emergency}. Other numbers:\n{lines}\nOne that does not answer is not in service there."
)
NONE: Text = _("I know no other number there. Immediate danger: {emergency}.")


def other_numbers(tx: Tx, stay: StayRow) -> None:
    """Show them; the question whether they can talk stays open above."""
    lines, facts = _lines(tx, stay), danger_facts(tx, stay)
    if facts["on_call"]:
        lines.append(phrase(AT_SCHOOL, number=facts["on_call"]))
    family = host_family_lines(tx, stay)
    if family and (person := external_of(tx, stay, Role.HOST_FAMILY)) and not external_meant(tx, stay, person):
        lines += family
    letter = Letter(FOUND if lines else NONE, facts | {"lines": {"list_lines": lines}})
    post(tx, stay.person_id, letter, Lane.ALERT, About(stay=stay.id, step=NUMBERS))


def _lines(tx: Tx, row: StayRow) -> list[dict[str, Any]]:
    """Young people are shown the line for them first, adults never; whose age is unknown sees both."""
    stay = row.facts()
    known = tx.programme.help.of(country_now(tx, stay))
    services = [phrase(SERVICE_LINES[what], number=known[what].number) for what in SERVICES if what in known]
    wanted = [what for what in LINES if what not in FRENCH or stay.kind in {Kind.OUTGOING, Kind.STAFF}]
    if not stay.minor_on(stay.day_at(tx.now)):
        wanted.remove("child")
    return services + [phrase(LINES[what], number=known[what].number) for what in wanted if what in known]
