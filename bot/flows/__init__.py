"""Every conversation there is. To add one: copy a file of this folder, write its test, list it here."""

from __future__ import annotations

from bot.domain.programme import Item, Journey, LanguageTest, Report
from bot.engine.flow import Flow
from bot.flows import (
    attendance,
    catch_up,
    check_in,
    enrolment,
    item,
    landmark,
    language_test,
    learned,
    message,
    own_outage,
)
from bot.flows.learned import after_a_good_week

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
    "skills",
)
"""Stored with every session: for ever."""


def build(flow: str, journey: Journey, kind: str, name: str = "") -> Flow | None:
    """The table of a flow as the programme now has it; None where the programme no longer has it.

    `name` is the id of the item or message it is about, `kind` the kind of stay.
    """
    match flow:
        case "enrolment":
            return enrolment.build(kind)
        case "catch_up":
            return catch_up.build()
        case "away":
            return own_outage.build()
        case "item" | "report" | "language_test":
            found = journey.item(name)
            return build_item(found, journey) if found else None
        case "message":
            told = next((each for each in journey.messages if each.id == name), None)
            return message.build(told) if told else None
        case "arrival":
            return landmark.arrival(journey.arrival) if journey.arrival else None
        case "safe_return":
            return landmark.safe_return(journey.safe_return) if journey.safe_return else None
        case "check_in":
            after_all = after_a_good_week(journey)
            return check_in.build(journey.check_in, journey.asked_together, after_all) if journey.check_in else None
        case "skills":
            return learned.build(journey) if journey.skills else None
        case "attendance":
            return attendance.build(journey.attendance) if journey.attendance else None
    return None


def build_item(asked: Item, journey: Journey) -> Flow:
    """The conversation about an item, by its kind."""
    second = journey.second_test
    if isinstance(asked, Report):
        return item.build_report(asked)
    if isinstance(asked, LanguageTest):
        later = second if second and second.enabled and second.skip_at and asked is journey.first_test else None
        return language_test.build(asked, later)
    return item.build(asked)
