"""What a person sees, and waiting until they see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.telegram_server.chats import Chat
from tests.telegram_server.shown import Shown

if TYPE_CHECKING:
    from tests.telegram_server.world import World


class Eyes:
    """Looks at the private chat."""

    world: World
    chat: Chat
    name: str
    _seen: int

    def heard(self) -> list[str]:
        """The messages of the bot since the last look, each with its buttons: "Ready? [Yes] [No]"."""
        unseen = self._unseen()
        if unseen:
            self._seen = unseen[-1].id
        return [str(shown) for shown in unseen]

    async def hears(self, n: int = 1, seconds: float = 10) -> list[str]:
        """Waits until the bot has written at least so many new messages, and answers `heard()`."""
        if not await self.world.bell.until(lambda: len(self._unseen()) >= n, seconds):
            raise TimeoutError(f"{self.name} waited {seconds} s for {n} new messages:\n{self.transcript()}")
        return self.heard()

    async def sees(self, text: str, seconds: float = 10) -> Shown:
        """Waits until a message of the bot, new or edited, contains this text."""
        found: list[Shown] = []

        def there() -> bool:
            found[:] = [shown for shown in self.chat.messages if text in str(shown)]
            return bool(found)

        if not await self.world.bell.until(there, seconds):
            raise TimeoutError(f"{self.name} waited {seconds} s to see {text!r}:\n{self.transcript()}")
        return found[-1]

    def transcript(self) -> str:
        """The private chat, to read."""
        return self.chat.transcript()

    def _unseen(self) -> list[Shown]:
        return [shown for shown in self.chat.messages if shown.id > self._seen]
