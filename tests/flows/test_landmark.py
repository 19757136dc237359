"""Arrived? Back home? A minor's silence and an adult's lead the same way; only the instants differ, and they are facts."""

from __future__ import annotations

import pytest

from bot import flows
from bot.domain.level import Level
from bot.engine.effect import OpenCase
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk

FLOW = flows.build("arrival", PROGRAMME.outgoing, "outgoing")
assert FLOW is not None
FINE = "arrived:yes | lodging:as_planned"


def case(level: Level, topic: str, answer: str = "") -> tuple[OpenCase, ...]:
    return (OpenCase(level, topic, answer),)


STRANDED: Said = ((), case(Level.NOW, "arrived", "stranded"))
MISSED: Said = ((), (OpenCase(Level.TODAY, "missed"),))
TALK = (("follow_up",), (OpenCase(Level.FOLLOW_UP, "back", "talk"),))
TROUBLE = (("back_trouble", "today"), (OpenCase(Level.TODAY, "back", "trouble"),))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("arrived",), ())),
        ("arrived:yes", (("lodging",), ())),
        ("oui mais pas tout comme prévu", (("lodging",), ())),
        ("Yes, but not all as planned", (("lodging",), ())),
        ("arrived:all_well", (("well",), ())),
        ("oui logement, accueil, tout va bien", (("well",), ())),
        ("yes", (("lodging",), ())),  # the lesser of two: what is not said is asked
        ("Sí", (("lodging",), ())),
        ("oui je suis bien arrivée", (("lodging",), ())),
        ("oui, presque", UNCLEAR),
        ("oui mais j'ai un souci", UNCLEAR),
        ("sí alojamiento, acogida, todo bien", (("well",), ())),
        ("arrived:all_well | arrived:trouble", (("lodging",), case(Level.TODAY, "arrived", "trouble"))),
        ("almost", UNCLEAR),
        (FINE, (("welcome",), ())),
        (FINE + " | welcome:yes", (("well",), ())),
        (FINE + " | welcome:alone", (("today",), case(Level.TODAY, "welcome", "alone"))),
        ("arrived:trouble", (("lodging",), case(Level.TODAY, "arrived", "trouble"))),
        ("arrived:stranded", STRANDED),
        ("4", STRANDED),
        ("arrived:yes | lodging:nowhere", ((), case(Level.NOW, "lodging", "nowhere"))),
        ("arrived:yes | lodging:different", (("welcome",), ())),
        ("arrived:yes | lodging:different | welcome:fine", (("follow_up",), case(Level.FOLLOW_UP, "lodging", "different"))),
        ("arrived:yes | ...", ((), ())),
        ("arrived:yes | lodging:different | ...", (("follow_up",), case(Level.FOLLOW_UP, "lodging", "different"))),
        ("arrived:yes | ... | lodging:nowhere", ((), case(Level.NOW, "lodging", "nowhere"))),
        ("arrived:yes | ... | no tengo dónde dormir esta noche", ((), case(Level.NOW, "lodging", "nowhere"))),
    ],
)  # fmt: skip
def test_an_answer_leads_here(events: str, said: Said) -> None:
    assert FLOW is not None
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("...", (("nudge_1",), ())),
        ("... | nudge_1:yes", (("noted",), ())),
        ("... | ok", (("noted",), ())),
        ("... | nudge_1:problem", (("problem",), case(Level.TODAY, "problem"))),
        ("... | nudge_1:problem | nudge_1:yes", SEALED),
        ("... | ...", ((), case(Level.TODAY, "missed"))),
        ("... | ... | arrived:yes", (("lodging",), ())),
        ("... | ... | arrived:stranded", STRANDED),
        ("... | ... | oui", (("noted",), ())),
        ("... | arrived:yes", (("lodging",), ())),
    ],
)
def test_silence_is_asked_again_then_looked_for(events: str, said: Said) -> None:
    assert FLOW is not None
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("arrived:yes | arrived:yes", ((), ())),
        ("arrived:yes | arrived:stranded", STRANDED),
        ("arrived:trouble | arrived:yes", SEALED),
        ("arrived:stranded | arrived:yes", SEALED),
        (FINE + " | welcome:yes | welcome:alone", (("today",), case(Level.TODAY, "welcome", "alone"))),
    ],
)
def test_twice_changes_nothing_and_what_an_adult_knows_stays(events: str, said: Said) -> None:
    assert FLOW is not None
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("back",), ())),
        ("back:yes", (("well",), ())),
        ("oui", (("well",), ())),
        ("Yes", (("well",), ())),
        ("sí", (("well",), ())),
        ("back:talk", TALK),
        ("yes and I'd like to talk", TALK),
        ("back:trouble", (TROUBLE[0][1:], TROUBLE[1])),
        ("...", (("nudge_1",), ())),
        ("... | nudge_1:yes", (("noted",), ())),
        ("... | nudge_1:problem", (("problem",), (OpenCase(Level.TODAY, "problem"),))),
        ("... | ...", MISSED),
        ("... | ... | back:yes", (("well",), ())),
        ("... | ... | back:talk", TALK),
        ("... | ... | ca va", (("noted",), ())),
        ("back:yes | back:yes", ((), ())),
        ("back:yes | back:talk", TALK),
        ("back:talk | back:yes", SEALED),
    ],
)
def test_an_evening_ends_like_this(events: str, said: Said) -> None:
    flow = flows.build("safe_return", PROGRAMME.outgoing, "outgoing")
    assert flow is not None
    assert talk(flow, events) == said


def test_guests_and_staff_are_not_asked_for_their_return() -> None:
    assert flows.build("safe_return", PROGRAMME.incoming, "incoming") is None
    assert flows.build("safe_return", PROGRAMME.staff, "staff") is None
