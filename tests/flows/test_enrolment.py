"""The first contact: the yes that starts the plan, in any of three languages."""

from __future__ import annotations

import pytest

from bot.domain.level import Level
from bot.domain.programme.model import KINDS
from bot.engine.effect import Effect, Enrol, OpenCase, SetLanguage
from bot.flows import enrolment
from tests.flows.talk import GONE, SEALED, UNCLEAR, Said, talk

FLOW = enrolment.build("outgoing")
READY = (("ready",), (Enrol(),))
REFUSED = (("refused",), (OpenCase(Level.FOLLOW_UP, "refused"),))
MISSED: Said = ((), (OpenCase(Level.FOLLOW_UP, "missed"),))
NOTHING: tuple[Effect, ...] = ()


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("hello",), NOTHING)),
        ("hello:yes", READY),
        ("hello:rules", (("rules", "agree"), NOTHING)),
        ("hello:rules | agree:agree", READY),
        ("hello:rules | agree:refuse", REFUSED),
        ("hello:lang_es", (("hello_again",), (SetLanguage("es"),))),
        ("hello:lang_fr", (("hello_again",), (SetLanguage("fr"),))),
        ("hello:lang_en | hello_again:yes", READY),
        ("hello:lang_en | hello_again:rules | agree:agree", READY),
        ("oui", READY),
        ("Oui, on commence", READY),
        ("yes!", READY),
        ("vale", READY),
        ("sí", READY),
        ("2", (("rules", "agree"), NOTHING)),
        ("English", (("hello_again",), (SetLanguage("en"),))),
        ("espanol", (("hello_again",), (SetLanguage("es"),))),
        ("who are you?", UNCLEAR),
        ("hello:rules | non merci", REFUSED),
        ("hello:rules | no", REFUSED),
        ("agree:agree", GONE),
    ],
)
def test_a_beginning_leads_here(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("...", (("nudge",), NOTHING)),
        ("... | ...", MISSED),
        ("hello:lang_en | ...", (("nudge",), NOTHING)),
        ("hello:rules | ...", MISSED),
        ("... | nudge:yes", READY),
        ("... | nudge:rules | ok", READY),
        ("... | ... | nudge:yes", READY),
        ("... | ... | oui", READY),
        ("... | ... | hello:yes", READY),
        ("... | ... | hello:lang_es | hello_again:yes", READY),
        ("hello:rules | ... | agree:agree", READY),
    ],
)
def test_silence_is_asked_once_more_then_told_and_can_always_be_broken(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("hello:yes | hello:yes", ((), NOTHING)),
        ("hello:yes | hello:rules", (("rules", "agree"), NOTHING)),
        ("hello:rules | agree:refuse | agree:refuse", ((), NOTHING)),
        ("hello:rules | agree:refuse | agree:agree", SEALED),
        ("hello:rules | agree:refuse | hello:yes", SEALED),
    ],
)
def test_twice_changes_nothing_and_a_refusal_is_told_once(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_stay_is_greeted_in_its_own_words(kind: str) -> None:
    assert getattr(enrolment.build(kind).find("hello"), "text", None) == enrolment.HELLO[kind]
