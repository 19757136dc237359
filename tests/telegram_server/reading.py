"""How the bot comes to its updates: by asking, or by having them brought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.telegram_server.refusals import WEBHOOK_ACTIVE, Json, conflict
from tests.telegram_server.updates import Updates
from tests.telegram_server.webhook import Webhook

READING = frozenset({"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"})


class Reading:
    """The queue and the webhook, of which only one is in use."""

    def __init__(self, updates: Updates, date: Callable[[], int]) -> None:
        self.updates = updates
        self.webhook = Webhook(updates, date)

    async def play(self, method: str, parameters: Json) -> Any:
        if method == "getUpdates":
            return await self._get_updates(parameters)
        if method == "getWebhookInfo":
            return self.webhook.info()
        if parameters.get("drop_pending_updates"):
            self.updates.forget_all()
        url = parameters.get("url", "")
        if method == "setWebhook":
            self._allow(parameters)
        if url:
            self.updates.end_poll("Conflict: terminated by setWebhook request")
        await self.webhook.set(url, parameters.get("secret_token", ""), parameters.get("max_connections", 40))
        return True

    async def _get_updates(self, parameters: Json) -> list[Json]:
        if self.webhook.url:
            raise conflict(WEBHOOK_ACTIVE)
        self._allow(parameters)
        return await self.updates.read(
            parameters.get("offset", 0), parameters.get("limit", 100), parameters.get("timeout", 0)
        )

    def _allow(self, parameters: Json) -> None:
        """Remembered until it is said again."""
        if "allowed_updates" in parameters:
            self.updates.allowed = parameters["allowed_updates"]
