"""The kinds of data about people, as they think of them: why each is held, by which right, who may read it, until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.rights import Act
from bot.i18n import Text, _


class Kind(StrEnum):
    """A kind of data, as people think of it."""

    IDENTITY = "identity"
    CONTACT = "contact"
    FAMILY = "family"
    STAY = "stay"
    PAPERS = "papers"
    ANSWERS = "answers"
    PORTFOLIO = "portfolio"
    MESSAGES = "messages"
    CASES = "cases"
    TEAM = "team"
    TRAIL = "trail"


class Basis(StrEnum):
    """Why the law allows it (GDPR, article 6)."""

    MISSION = _("the school's public mission (GDPR 6.1.e)")
    CONSENT = _("consent (GDPR 6.1.a)")
    DUTY = _("a legal duty (GDPR 6.1.c)")


class Kept(StrEnum):
    """What `[retention]` of the programme says a number of days for, counted from the return."""

    MESSAGES = "messages"
    ANSWERS = "answers"
    CASES = "cases"
    TRAIL = "trail"
    RECORD = "record"


@dataclass(frozen=True)
class Purpose:
    """A kind of data: its name, why it is held, by which right, and what an adult must be allowed to read it."""

    name: Text
    why: Text
    basis: Basis
    act: Act | None
    """None: no adult reads it at the desk; the person does."""
    kept: Kept
    """Until when; for as long as somebody is in a team, all of it stays."""


PURPOSES: Mapping[Kind, Purpose] = {
    Kind.IDENTITY: Purpose(
        _("Identity"), _("To know who is who, at which school."), Basis.MISSION, Act.SEE_LEARNERS, Kept.RECORD
    ),
    Kind.CONTACT: Purpose(
        _("Contact details and devices"),
        _("To write to the right person and to nobody else."),
        Basis.MISSION,
        Act.MANAGE,
        Kept.RECORD,
    ),
    Kind.FAMILY: Purpose(
        _("Family and consents"),
        _("To tell the family what was agreed to, and to prove it."),
        Basis.CONSENT,
        Act.MANAGE,
        Kept.RECORD,
    ),
    Kind.STAY: Purpose(
        _("The stay"),
        _("Dates, places and host: to ask and to warn at the right time."),
        Basis.MISSION,
        Act.SEE_LEARNERS,
        Kept.RECORD,
    ),
    Kind.PAPERS: Purpose(
        _("Papers and files"),
        _("To see that everything is ready, and to justify the grant."),
        Basis.DUTY,
        Act.TICK,
        Kept.RECORD,
    ),
    Kind.ANSWERS: Purpose(
        _("Answers"),
        _("To see in time that somebody is not well or needs something."),
        Basis.MISSION,
        Act.READ_ANSWERS,
        Kept.ANSWERS,
    ),
    Kind.PORTFOLIO: Purpose(
        _("Diary and strengths"),
        _("For the learner alone, but for what they share."),
        Basis.CONSENT,
        None,
        Kept.ANSWERS,
    ),
    Kind.MESSAGES: Purpose(
        _("Messages"), _("To show the conversation, and to answer in it."), Basis.MISSION, None, Kept.MESSAGES
    ),
    Kind.CASES: Purpose(
        _("Situations followed by an adult"),
        _("So that help comes, and nobody is forgotten."),
        Basis.MISSION,
        Act.SEE_CASES,
        Kept.CASES,
    ),
    Kind.TEAM: Purpose(
        _("Role"), _("To alert whoever is there, and nobody who is away."), Basis.MISSION, Act.SEE_LEARNERS, Kept.RECORD
    ),
    Kind.TRAIL: Purpose(
        _("Who did and who read what"), _("So that every look can be checked afterwards."), Basis.DUTY, None, Kept.TRAIL
    ),
}
