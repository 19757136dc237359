"""Each kind of mobility is asked what makes sense for it, from the invitation to the end; staff never how they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.occasion import Kind as Contact
from bot.domain.programme import Item, Programme
from bot.domain.programme.part import Part
from bot.domain.programme.walk import places
from bot.domain.stay import Kind, Stay, Track, conditions
from bot.domain.touchpoints import occasions
from bot.i18n import render

LEAVES = date(2027, 3, 6)
BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)
WELL_BEING = re.compile(r"\b(feel|mood|well|happy|sleep|lonely|morale|how are you|ça va|comment tu)\b", re.IGNORECASE)
OF_A_PLACEMENT = frozenset(
    [
        "host",
        "placement_agreement",
        "learning_agreement",
        "tutor_link",
        "visit",
        "europass_host",
        "attestation",
        "attestation_signing",
        "duration_check",
        "arrival_certificate",
        "ols1",
        "ols2",
        "report",
        "pfmp_days",
        "advance",
        "balance",
    ]
)


def stay(kind: Kind, track: Track, days: int, *tags: str, country: str = "ES") -> Stay:
    last = LEAVES + timedelta(days=days)
    return Stay(
        1, "1", kind, track, country, "Valencia", "Europe/Madrid", "Europe/Paris", LEAVES, LEAVES + timedelta(days=1),
        last - timedelta(days=1), last, birth=date(2005, 1, 1), tags=frozenset(tags), enrolled_at=BEGAN,
    )  # fmt: skip


def items(programme: Programme, one: Stay) -> set[str]:
    held = conditions(programme, one)
    return {item.id for item in programme.journey(one.kind).items if item.applies(held)}


def test_a_study_trip_is_a_trip_and_no_placement(programme: Programme) -> None:
    trip = stay(Kind.OUTGOING, Track.VET, 5, "study_trip")
    kept = {
        "identity",
        "insurance",
        "ehic",
        "cofunding",
        "escorts",
        "dareic",
        "ariane",
        "drill",
        "emergency_card",
        "debrief",
    }

    assert items(programme, trip) & OF_A_PLACEMENT == set()
    assert items(programme, trip) >= kept
    contacts = {each.kind for each in occasions(programme, trip)}
    assert contacts >= {Contact.ARRIVAL, Contact.CHECK_IN, Contact.SAFE_RETURN}
    assert Contact.ATTENDANCE not in contacts


def test_who_studies_brings_marks_home_and_no_days_at_work(programme: Programme) -> None:
    term = stay(Kind.OUTGOING, Track.HED, 120, "studies")

    found = items(programme, term)

    assert found >= {"transcript", "learning_recognised", "learning_agreement", "ols1", "ols2", "report", "balance"}
    assert found.isdisjoint({"placement_agreement", "tutor_link"})
    assert Contact.ATTENDANCE not in {each.kind for each in occasions(programme, term)}


@pytest.mark.parametrize(
    ("tag", "agreement"), [("apprentice", "apprentice_agreement"), ("employee", "employee_agreement")]
)
def test_whose_employer_lets_them_go_has_an_agreement_and_hears_what_that_means(
    programme: Programme, tag: str, agreement: str
) -> None:
    paid = stay(Kind.OUTGOING, Track.VET, 21, tag)

    assert agreement in items(programme, paid)
    assert "message.employer_hears" in {each.touchpoint for each in occasions(programme, paid)}
    assert programme.employer.applies(conditions(programme, paid))


def test_of_the_oral_of_the_mobility_unit_a_date_is_asked_in_time(programme: Programme) -> None:
    named = {item.id: item for item in programme.outgoing.items if item.id.startswith("ufm_oral")}

    assert {name: (item.role.value, str(item.due), item.overdue.value) for name, item in named.items()} == {
        "ufm_oral_date": ("coordinator", "R+60", "none"),
        "ufm_oral": ("teacher", "R+75", "none"),
    }


def test_a_group_of_guests_needs_no_buddy_each_and_an_assistant_is_an_employee(programme: Programme) -> None:
    def added(tag: str) -> tuple[set[str], set[str]]:
        plain = items(programme, stay(Kind.INCOMING, Track.VET, 20, country="FR"))
        tagged = items(programme, stay(Kind.INCOMING, Track.VET, 20, tag, country="FR"))
        return tagged - plain, plain - tagged

    assert added("group") == ({"group_in"}, {"buddy"})
    assert added("assistant") == ({"assistant_in"}, {"buddy"})


def test_who_takes_part_from_home_is_asked_nothing_of_a_journey_and_their_family_is_told_nothing(
    programme: Programme,
) -> None:
    """Whatever the school tells families and tutors of others."""
    family = programme.family.model_copy(update={"pings": ("left", "arrived", "checked_in", "back")})
    tutor = programme.tutor.model_copy(update={"write": True})
    told = programme.model_copy(update={"family": family, "tutor": tutor})
    online = replace(stay(Kind.VIRTUAL, Track.VET, 20, *programme.tags, country="FR"), zone="Europe/Paris")

    assert {each.kind for each in occasions(told, online)} == {Contact.ITEM, Contact.OVERDUE, Contact.MESSAGE}
    assert items(programme, online) == {
        "virtual_partner", "virtual_ready", "virtual_halfway", "virtual_report", "virtual_certificate",
    }  # fmt: skip
    assert [item.id for item in programme.virtual.items if item.blocking != "no"] == []


def test_a_blended_stay_is_an_ordinary_one_with_days_online(programme: Programme) -> None:
    plain, blended = (stay(Kind.OUTGOING, Track.VET, 20, *tags) for tags in ((), ("blended",)))
    added = {each.touchpoint for each in occasions(programme, blended)}

    assert items(programme, blended) - items(programme, plain) == {"online_part"}
    assert added - {each.touchpoint for each in occasions(programme, plain)} == {"message.online_days"}


def test_staff_are_never_asked_how_they_are(programme: Programme) -> None:
    """Over everything that a staff stay can be sent: every touchpoint, every text, every answer on offer."""
    every_tag = replace(stay(Kind.STAFF, Track.STAFF, 20), tags=frozenset(programme.tags))
    journey = programme.staff
    parts = {name for name in type(journey).model_fields if getattr(journey, name)}
    found = [(place.where, text) for place in places(journey) for text in _texts(place.part)]

    assert parts == {"before", "arrival", "after", "report"}
    assert {each.kind for each in occasions(programme, every_tag)} <= {
        Contact.ITEM, Contact.OVERDUE, Contact.ARRIVAL, Contact.GREEN_LIGHT, Contact.EXTERNAL,
    }  # fmt: skip
    assert len(found) > 60
    assert [(where, text) for where, text in found if WELL_BEING.search(text)] == []
    assert [item.id for item in journey.items if isinstance(item, Item) and item.private] == []


def _texts(part: Part) -> list[str]:
    named = (getattr(part, name, None) for name in ("title", "short", "text", "help", "label", "reply"))
    return [render(words, language, {}) for words in named if words for language in ("en", "fr")]
