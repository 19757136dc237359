"""A backup is made and taken up by command, in the folder that commands are tried in."""

from __future__ import annotations

from tests.commands.conftest import brought_in, command, folder, say, school

__all__ = ["brought_in", "command", "folder", "say", "school"]
