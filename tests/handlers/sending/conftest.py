"""What becomes of a message is looked at in the post office of delivery."""

from __future__ import annotations

from tests.runtime.delivery.conftest import moved_in, office, postgres_template, sqlite_url

__all__ = ["moved_in", "office", "postgres_template", "sqlite_url"]
