"""Every language tells how long ago something was, whatever the gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from bot.i18n import LANGUAGES
from bot.web.desk.relative_time import Clock

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
GAPS = [timedelta(minutes=2), timedelta(hours=3), *(timedelta(days=days) for days in (1, 3, 15, 70, 800))]


def test_every_gap_has_words_in_every_language() -> None:
    for language, gap in product(LANGUAGES, GAPS):
        clock = Clock(language, ZoneInfo("Europe/Paris"), NOW)
        assert clock.ago(NOW - gap) != clock.ago(NOW + gap), (language, gap)
