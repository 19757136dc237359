"""Something told: "got it", or a question for an adult."""

from __future__ import annotations

import pytest

from bot.domain.level import Level
from bot.engine.effect import OpenCase
from bot.flows import message
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk

TOLD = PROGRAMME.outgoing.messages[0].model_copy(update={"question": True})
FLOW = message.build(TOLD)
ASKED = (("noted",), (OpenCase(Level.FOLLOW_UP, "question"),))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("told",), ())),
        ("told:got_it", ((), ())),
        ("ok", ((), ())),
        ("merci", ((), ())),
        ("entendido", ((), ())),
        ("Got it", ((), ())),
        ("told:question", (("question",), ())),
        ("J'ai une question", (("question",), ())),
        ("tengo una pregunta", (("question",), ())),
        ("where is it?", UNCLEAR),
        ("told:question | Which platform?", ASKED),
        ("told:question | ...", ((), ())),
        ("told:question | ... | Which platform?", ASKED),
        ("...", ((), ())),
        ("... | told:question", (("question",), ())),
        ("... | ok", ((), ())),
        ("told:got_it | told:question", (("question",), ())),
        ("told:question | told:got_it", ((), ())),
        ("told:question | Which platform? | told:got_it", SEALED),
        ("told:question | Which platform? | And when?", UNCLEAR),
    ],
)
def test_a_message_is_answered(events: str, said: Said) -> None:
    assert talk(FLOW, events) == said


def test_a_message_that_takes_no_question_offers_none() -> None:
    quiet = message.build(TOLD.model_copy(update={"question": False}))
    assert [step.exits() for step in quiet.steps] == [{"got_it": "", "silence": ""}]
