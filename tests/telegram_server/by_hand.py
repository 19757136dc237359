"""The chat in the terminal: what is typed is said, a number presses a button, a colon starts an order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.telegram_server.people import User
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.shown import Shown

ORDERS = (
    "Type to say something; a number presses that button of the last message with buttons; /start CODE opens the bot.\n"
    ":as NAME  another person     :photo FILE  a picture     :document FILE     :block  :unblock     :quit"
)


class Terminal:
    """Plays lines. `show` gets what is to be printed."""

    def __init__(self, server: TelegramServer, name: str, show: Callable[[str], None]) -> None:
        self.server = server
        self.people: dict[str, User] = {}
        self.me = self._person(name)
        self.show = show
        server.listeners.append(self._appears)

    def plays(self, line: str) -> bool:
        """Whether to go on after this line."""
        line = line.strip()
        if line == ":quit":
            return False
        try:
            self._play(line)
        except (LookupError, OSError, RuntimeError, ValueError) as error:
            self.show(f"! {error}")
        return True

    def _play(self, line: str) -> None:
        order, _, rest = line.partition(" ")
        if order in self._orders:
            self._orders[order](rest.strip())
        elif order.startswith(":"):
            self.show(ORDERS)
        elif line.isdecimal():
            self.me.presses(int(line))
        elif order == "/start":
            self.me.starts(rest.strip())
        elif line:
            self.me.says(line)

    @property
    def _orders(self) -> dict[str, Callable[[str], None]]:
        return {
            ":as": self._becomes,
            ":photo": lambda file: self._sends(file, photo=True),
            ":document": lambda file: self._sends(file, photo=False),
            ":block": lambda _: self.me.blocks(),
            ":unblock": lambda _: self.me.unblocks(),
        }

    def _becomes(self, name: str) -> None:
        self.me = self._person(name or self.me.name)
        self.show(f"You are {self.me.name} now.")

    def _sends(self, file: str, photo: bool) -> None:
        path = Path(file).expanduser()
        content = path.read_bytes()
        if photo:
            self.me.sends_photo(content)
        else:
            self.me.sends_document(content, path.name, "application/octet-stream")

    def _person(self, name: str) -> User:
        if name not in self.people:
            self.people[name] = self.server.user(name)
        return self.people[name]

    def _appears(self, shown: Shown) -> None:
        if not shown.from_bot:
            return
        what = "deletes" if shown.deleted else "edits" if len(shown.versions) > 1 else "writes"
        whom = "" if shown.chat is self.me.chat else f" to {shown.chat.person.name if shown.chat.person else '?'}"
        buttons = "".join(f"\n    {place} [{label}]" for place, label in enumerate(shown.buttons, 1))
        file = "" if shown.file is None else f" (a file of {len(shown.file)} bytes)"
        self.show(f"Bot {what}{whom}:{file} {shown.text}{buttons}")
