"""Something told at its date: the welcome, the meeting point. It asks for nothing; where the school wants it, a question
for an adult is one press away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.level import Level
from bot.domain.programme import Message
from bot.engine.effect import OpenCase, always
from bot.engine.flow import Flow
from bot.engine.step import END, Choice, Choose, Say, Step, Write
from bot.i18n import Text, _

GOT_IT = Choice("got_it", _("Got it"), END, ("ok", "vu", "compris", "merci", "thanks", "gracias", "entendido"))
PATIENCE = timedelta(hours=20)
READ = timedelta(minutes=10)
"""So long after something that asks for nothing the next question may come."""


OFFERS: dict[str, Text] = {
    "strengths": _("Five sentences about me"),
    "diary": _("Into my diary"),
    "skills": _("What I have learned"),
}
KEPT = _("I have kept it as you wrote it: {coordinator} can read it, and you find it here.")


def build(message: Message) -> Flow:
    if message.keep:
        later = Choice("later", _("Not now"), END, GOT_IT.keywords)
        return Flow("message", (Write("told", message.text, "kept", later, wait=PATIENCE), Say("kept", KEPT)))
    beside = (message.offer, OFFERS[message.offer]) if message.offer else None
    if not message.question:
        return Flow(
            "message", (Choose("told", message.text, (replace(GOT_IT, hidden=True),), wait=READ, beside=beside),)
        )
    question = Choice("question", _("I have a question"), "question")
    asked = Choose("told", message.text, (GOT_IT, question), wait=PATIENCE, beside=beside)
    follow: tuple[Step, ...] = (
        Write("question", _("Write it here in one message. {coordinator} reads it."), "noted", wait=PATIENCE),
        Say(
            "noted",
            _("Thank you. {coordinator} will answer you."),
            END,
            (always(OpenCase(Level.FOLLOW_UP, "question")),),
        ),
    )
    return Flow("message", (asked, *follow))
