"""The example programme is fit for use, and gives each kind of stay what the domain asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.offset import Offset
from bot.domain.programme import Programme
from bot.domain.programme.check import check, warnings
from bot.domain.programme.walk import texts
from bot.domain.stay import Kind, Stay, Track, conditions
from tests.example import example

DEPARTURE = date(2027, 3, 6)
MINOR, ADULT = date(2010, 1, 1), date(2006, 1, 1)


def programme() -> Programme:
    return example()


def stay(kind: Kind, track: Track, country: str, birth: date | None, *tags: str) -> Stay:
    return Stay(
        id=1,
        ref="1",
        kind=kind,
        track=track,
        country=country,
        city="Bergen",
        zone="Europe/Oslo",
        home_zone="Europe/Paris",
        departure=DEPARTURE,
        start=DEPARTURE + timedelta(days=2),
        end=DEPARTURE + timedelta(days=20),
        back=DEPARTURE + timedelta(days=21),
        birth=birth,
        tags=frozenset(tags),
    )


def before(one: Stay) -> tuple[str, ...]:
    journey, held = programme().journey(one.kind), conditions(programme(), one)
    return tuple(item.id for item in journey.before if item.applies(held))


def later(one: Stay) -> tuple[str, ...]:
    journey, held = programme().journey(one.kind), conditions(programme(), one)
    return tuple(item.id for item in (*journey.during, *journey.after) if item.applies(held))


def told(one: Stay) -> tuple[str, ...]:
    journey, held = programme().journey(one.kind), conditions(programme(), one)
    return tuple(message.id for message in journey.messages if message.applies(held))


def test_the_example_has_no_problem_and_no_warning() -> None:
    assert (check(programme()), warnings(programme())) == ((), ())


def test_the_example_has_the_whole_checklist() -> None:
    found = programme()
    assert [len(found.journey(kind).before) for kind in Kind] == [41, 14, 7, 3]
    assert [len(found.journey(kind).items) for kind in Kind] == [64, 16, 11, 6]


def test_a_minor_from_a_vocational_school_in_germany() -> None:
    one = stay(Kind.OUTGOING, Track.VET, "DE", MINOR)
    assert before(one) == (
        "dates", "identity", "host", "placement_agreement", "parental_consent", "ufm_registration", "insurance",
        "learning_agreement", "housing", "housing_checked", "health", "grant_agreement", "dareic", "accident_cover",
        "tickets", "families_meeting", "ehic", "exit_permit", "image", "on_call", "ariane", "advance", "drill",
        "emergency_card", "head_approval",
    )  # fmt: skip
    assert later(one) == (
        "arrival_certificate", "tutor_link", "visit", "europass_host", "attestation_signing", "attestation",
        "duration_check", "pfmp_days", "europass", "debrief", "badge_wish", "ambassador", "balance",
    )  # fmt: skip
    assert told(one) == (
        "language_course", "travel_day_minor", "first_day", "skills_back",
    )  # fmt: skip


def test_an_adult_apprentice_from_higher_education_in_norway() -> None:
    one = stay(Kind.OUTGOING, Track.HED, "NO", ADULT, "apprentice")
    assert before(one) == (
        "dates", "identity", "host", "apprentice_agreement", "insurance", "learning_agreement", "housing", "health",
        "grant_agreement", "tickets", "ehic", "image", "family_news", "ariane", "advance", "drill", "emergency_card",
    )  # fmt: skip
    assert later(one) == (
        "arrival_certificate", "tutor_link", "visit", "europass_host", "attestation_signing", "attestation",
        "duration_check", "europass", "debrief", "badge_wish", "ambassador", "balance",
    )  # fmt: skip
    assert told(one) == (
        "language_course", "employer_hears", "extension", "travel_day", "first_day", "skills_back",
    )  # fmt: skip


def test_a_minor_in_morocco_whose_school_pays() -> None:
    one = stay(Kind.OUTGOING, Track.VET, "MA", MINOR, "services_grant", "group")
    assert before(one) == (
        "dates", "passport", "entry_papers", "host", "placement_agreement", "parental_consent", "ufm_registration",
        "insurance", "learning_agreement", "housing", "housing_checked", "health", "mobility_agreement", "dareic",
        "accident_cover", "school_travel", "escorts", "families_meeting", "private_health", "exit_permit", "image",
        "on_call", "ariane", "drill", "emergency_card", "head_approval",
    )  # fmt: skip
    assert later(one) == (
        "arrival_certificate", "tutor_link", "visit", "europass_host", "attestation_signing", "attestation",
        "duration_check", "pfmp_days", "europass", "debrief", "badge_wish", "ambassador",
    )  # fmt: skip


def test_a_non_eu_national_in_norway_needs_another_cover_and_entry_papers() -> None:
    plain = before(stay(Kind.OUTGOING, Track.HED, "NO", ADULT))
    national = before(stay(Kind.OUTGOING, Track.HED, "NO", ADULT, "non_eu_national"))
    assert tuple(name for name in national if name not in plain) == ("entry_papers", "private_health")
    assert tuple(name for name in plain if name not in national) == ("ehic",)


def test_each_tag_adds_what_it_is_for() -> None:
    plain = stay(Kind.OUTGOING, Track.VET, "DE", MINOR)
    bare = {*before(plain), *later(plain)}

    def added(tag: str) -> list[str]:
        one = stay(Kind.OUTGOING, Track.VET, "DE", MINOR, tag)
        return sorted({*before(one), *later(one)} - bare)

    assert {tag: added(tag) for tag in programme().tags} == {
        "apprentice": ["apprentice_agreement"],
        "assistant": [],
        "blended": ["online_part"],
        "candidate": ["application", "decision_told"],
        "dnl": ["dnl_work"],
        "employee": ["employee_agreement"],
        "grant_holder": ["support"],
        "needs": ["support"],
        "group": ["escorts"],
        "host_family": [],
        "ufm": ["assessment_grid_back", "assessment_grids", "ufm_oral", "ufm_oral_date"],
        "ccf": ["assessment_grids", "learning_recognised"],
        "language_certificate": ["language_examination"],
        "studies": ["learning_recognised", "transcript"],
        "study_trip": ["cofunding", "escorts"],
        "non_eu_national": ["entry_papers"],
        "services_grant": ["mobility_agreement", "school_travel"],
        "badge": ["badge_issued"],
        "visa": ["entry_papers"],
    }


def test_an_incoming_learner_in_a_family() -> None:
    one = stay(Kind.INCOMING, Track.VET, "FR", MINOR, "host_family")
    assert before(one) == (
        "placement_in", "lodging_in", "host_family_in", "host_family_ready", "contacts_exchanged", "buddy", "guardianship_in", "ehic_in",
    )  # fmt: skip

    assert later(one) == ("attestation_in", "europass_in")
    assert told(one) == ("welcome_pack", "meeting_point", "first_morning", "emergencies_france", "farewell")


def test_staff_are_asked_nothing_about_themselves() -> None:
    one = stay(Kind.STAFF, Track.STAFF, "ES", None)
    assert before(one) == (
        "staff_dates", "staff_agreement", "mission_order", "staff_travel", "staff_ehic", "staff_insurance", "staff_ariane",
    )  # fmt: skip
    assert later(one) == ("staff_attestation", "sharing", "career_certificate")
    assert (programme().staff.check_in, programme().staff.attendance) == (None, None)


def test_a_silent_minor_is_looked_for_before_a_silent_adult() -> None:
    arrival = programme().outgoing.arrival
    assert arrival is not None
    instants: Iterable[Offset] = (arrival.ask, *arrival.again, arrival.missing.minor, arrival.missing.adult)
    assert [str(each) for each in instants] == ["J+0 20:00", "J+1 08:30", "J+1 09:30", "J+1 18:00"]


def test_the_levels_of_the_weekly_questions() -> None:
    check_in = programme().outgoing.check_in
    assert check_in is not None
    levels = {question.id: [str(choice.level) for choice in question.choices] for question in check_in.questions}
    assert levels == {
        "mood": ["none", "none", "none", "follow_up", "today"],
        "work": ["none", "none", "follow_up", "today", "today", "now"],
        "housing": ["none", "follow_up", "today", "now"],
        "language": ["none", "none", "follow_up"],
        "incident": ["none", "follow_up", "follow_up", "today", "now", "now"],
        "call": ["none", "follow_up", "today", "now"],
    }


def test_no_text_shouts_or_carries_two_emoji() -> None:
    said = [words for each in texts(programme()) if isinstance(each.words, dict) for words in each.words.values()]
    assert [words for words in said if "!!" in words or len(re.findall(r"[\U0001F300-\U0001FAFF]", words)) > 1] == []


def test_learners_are_told_tu_and_staff_vous() -> None:
    found = programme()
    formal, familiar = re.compile(r"(?<!-)\b(vous|votre|vos)\b", re.I), re.compile(r"\b(tu|ton|ta|tes|toi)\b", re.I)
    spoken = {
        kind: [
            item.text["fr"] for item in found.journey(kind).items if item.asks_learner and isinstance(item.text, dict)
        ]
        for kind in Kind
    }
    assert [text for kind in (Kind.OUTGOING, Kind.INCOMING) for text in spoken[kind] if formal.search(text)] == []
    assert [text for text in spoken[Kind.STAFF] if familiar.search(text)] == []
