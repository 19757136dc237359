"""What handlers decide is looked at within a journey: its fixtures are those of the journeys."""

from __future__ import annotations

from tests.journeys.conftest import begin, bot, room, small_programme

__all__ = ["begin", "bot", "room", "small_programme"]
