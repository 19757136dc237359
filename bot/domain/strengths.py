"""How somebody sees themselves, before a stay and after it: five sentences, one to four."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bot.domain.stay import Stay
from bot.i18n import Text, _

BEFORE, AFTER = "before", "after"
STRENGTHS: Mapping[str, tuple[Text, Text]] = {
    "flexibility": (_("Flexibility"), _("When plans change, I find another way.")),
    "initiative": (_("Initiative"), _("I begin things without being told to.")),
    "sociability": (_("Meeting people"), _("I talk easily with people I do not know.")),
    "productivity": (_("Getting things done"), _("What I begin, I finish in time.")),
    "leadership": (_("Taking others along"), _("I propose things, and others join in.")),
}
"""Each with its name and the sentence; the ids are kept with the answers."""
SCALE: tuple[Text, ...] = (_("Not yet"), _("A little"), _("Often"), _("Nearly always"))


def moment(stay: Stay, today: date) -> str:
    """Up to the first week it is the picture before, from then on the one after."""
    return BEFORE if today < stay.start + timedelta(days=min(7, (stay.end - stay.start).days // 2)) else AFTER


def next_of(answered: Mapping[str, str]) -> str | None:
    """The strength to ask about now."""
    return next((name for name in STRENGTHS if name not in answered), None)
