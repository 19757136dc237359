"""Several consortia in one installation: whether anything could cross from one to another."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.consortia import Consortium, all_crossings
from bot.doctor.finding import Finding, broken, fine
from bot.i18n import _, say

ABOUT = _("walls")


def walls(several: list[Consortium]) -> Iterator[Finding]:
    """What two of them have in common and must not."""
    found = all_crossings(several)
    for each in found:
        yield broken(ABOUT, each, say(_("give each its own: none of them is started before that")))
    if not found:
        names = ", ".join(one.name for one in several)
        yield fine(ABOUT, say(_("nothing is shared between {names}"), names=names))
