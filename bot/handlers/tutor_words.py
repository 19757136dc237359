"""What a host tutor answered, as an adult of the school reads it in an alert."""

from __future__ import annotations

from bot.domain.programme import Programme
from bot.i18n import Text, _

TUTOR_TOPICS: dict[str, Text] = {
    "tutor_absent": _("The host tutor says that {learner} has not come."),
    "tutor_unsigned": _("The host tutor needs help with the certificate of attendance."),
}


def tutor_said(programme: Programme, topic: str, answer: str) -> tuple[Text, Text] | None:
    """The question and the answer of a matter that came from the tutor's page; None where it came from elsewhere."""
    kind, _dot, name = topic.partition(".")
    if kind != "tutor":
        return None
    question = next((each for each in programme.tutor.questions if each.id == name), None)
    choice = next((each for each in question.choices if each.id == answer), None) if question else None
    return (question.text, choice.label) if question and choice else (topic, answer)
