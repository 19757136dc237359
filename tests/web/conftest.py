"""Pages are looked at beside a journey that stands still."""

from __future__ import annotations

from tests.journeys.conftest import begin, small_programme

__all__ = ["begin", "small_programme"]
