"""What runs for ever is looked at at work: its journeys begin as all others."""

from __future__ import annotations

from tests.journeys.conftest import begin, small_programme

__all__ = ["begin", "small_programme"]
