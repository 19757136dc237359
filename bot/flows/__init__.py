"""Every conversation there is. To add one: copy a file of this folder, write its test, list it here."""

from __future__ import annotations

from bot.domain.programme import Item, Journey, LanguageTest, Report
from bot.engine.flow import Flow
from bot.flows import (
    arrival,
    attendance,
    away,
    catch_up,
    check_in,
    enrolment,
    item,
    language_test,
    message,
    report,
    safe_return,
)

NAMES = (
    "enrolment",
    "item",
    "language_test",
    "message",
    "arrival",
    "check_in",
    "attendance",
    "safe_return",
    "report",
    "catch_up",
    "away",
)


def build(flow: str, journey: Journey, kind: str, name: str = "") -> Flow | None:
    """The table of a flow as the programme now has it; None where the programme no longer has it.

    `name` is the id of the item or message it is about, `kind` the kind of stay.
    """
    if flow == "enrolment":
        return enrolment.build(kind)
    if flow == "catch_up":
        return catch_up.build()
    if flow == "away":
        return away.build()
    if flow in {"item", "report", "language_test"}:
        found = journey.item(name)
        return build_item(found, journey) if found else None
    if flow == "message":
        told = next((each for each in journey.messages if each.id == name), None)
        return message.build(told) if told else None
    if flow == "arrival" and journey.arrival:
        return arrival.build(journey.arrival)
    if flow == "safe_return" and journey.safe_return:
        return safe_return.build(journey.safe_return)
    if flow == "check_in" and journey.check_in:
        return check_in.build(journey.check_in)
    if flow == "attendance" and journey.attendance:
        return attendance.build(journey.attendance)
    return None


def build_item(asked: Item, journey: Journey) -> Flow:
    """The conversation about an item, by its kind."""
    second = journey.second_test
    if isinstance(asked, Report):
        return report.build(asked)
    if isinstance(asked, LanguageTest):
        later = second if second and second.enabled and second.skip_at and asked is journey.first_test else None
        return language_test.build(asked, later)
    return item.build(asked)
