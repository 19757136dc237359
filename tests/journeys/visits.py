"""Visitors of the pages that need no account, beside a journey; and an e-mail channel that only remembers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx
from starlette.applications import Starlette

from bot.demo.world import QuietChannel
from bot.store.db import Tx
from bot.store.records import keep_setting
from bot.web.visitors import Visitors
from tests.journeys.driver import Journey

OURS = "https://compagnon.example"
FROM_OURS = {"sec-fetch-site": "same-origin"}


class Post(QuietChannel):
    """E-mail that goes nowhere."""

    name = "email"


def by_post(journey: Journey) -> Post:
    """Let the journey send e-mail; answers what remembers it."""
    post = Post()
    journey.channels["email"] = post
    journey.db.run(_address)
    return post


def _address(tx: Tx) -> None:
    keep_setting(tx.rows, "web_address", {"url": OURS})


class Browser:
    """Somebody with a browser and a link."""

    def __init__(self, journey: Journey, language: str = "en") -> None:
        app = Starlette(routes=Visitors(journey.app, OURS).routes())
        headers = {"accept-language": language}
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=OURS, headers=headers)
        self.journey = journey

    async def look(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def send(
        self, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] = FROM_OURS
    ) -> httpx.Response:
        answer = await self.client.post(path, data=dict(form or {}), headers=dict(headers))
        await self.journey.settle()
        return answer


def words(answer: httpx.Response) -> list[str]:
    """What a page says, line by line, without its tags."""
    body = answer.text.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    lines = (re.sub(r"<[^>]+>", "", line).replace("&#39;", "'").strip() for line in body.splitlines())
    return [line for line in lines if line]


def path_in(text: str) -> str:
    """The path of the link in a message."""
    return text.rpartition(OURS)[2].strip()
