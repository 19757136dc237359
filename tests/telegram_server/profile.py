"""What a bot tells about itself: commands, name, descriptions."""

from __future__ import annotations

import json
from typing import Any

from tests.telegram_server.refusals import Json


class Profile:
    """By language, "" for everyone else; commands also by scope."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {"name": {}, "description": {}, "short_description": {}}
        self._commands: dict[tuple[str, str], list[Json]] = {}

    def commands(self, scope: Any = None, language: str = "") -> list[Json]:
        """Those set for exactly this scope and language, as getMyCommands answers."""
        return self._commands.get(_key(scope, language), [])

    def set_commands(self, commands: list[Json], scope: Any = None, language: str = "") -> None:
        self._commands[_key(scope, language)] = commands

    def delete_commands(self, scope: Any = None, language: str = "") -> None:
        self._commands.pop(_key(scope, language), None)

    def set_text(self, kind: str, text: str, language: str = "") -> None:
        """An empty text takes the one of this language away."""
        if text:
            self.texts[kind][language] = text
        else:
            self.texts[kind].pop(language, None)

    def text(self, kind: str, language: str = "") -> str:
        """The text people with this language see."""
        return self.texts[kind].get(language, self.texts[kind].get("", ""))


def _key(scope: Any, language: str) -> tuple[str, str]:
    return json.dumps(scope or {"type": "default"}, sort_keys=True), language
