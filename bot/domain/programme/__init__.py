"""The programme: the file a school writes, read into frozen models and checked."""

from bot.domain.programme.item import Item, ItemChoice, LanguageTest, Means, Message, Proof, Report
from bot.domain.programme.journey import Attendance, CheckIn, Family, Journey, Landmark, Question, Tutor
from bot.domain.programme.ladder import LevelRules, Pace, Rung, Wait
from bot.domain.programme.model import Hours, Programme, Rules

__all__ = [
    "Attendance",
    "CheckIn",
    "Family",
    "Hours",
    "Item",
    "ItemChoice",
    "Journey",
    "Landmark",
    "LanguageTest",
    "LevelRules",
    "Means",
    "Message",
    "Pace",
    "Programme",
    "Proof",
    "Question",
    "Report",
    "Rules",
    "Rung",
    "Tutor",
    "Wait",
]
