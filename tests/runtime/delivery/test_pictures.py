"""A picture goes with its message where the channel shows one; and never keeps the words from arriving."""

from __future__ import annotations

import pytest

from bot.domain.channel import Channel, Outcome, Permanent, Sent
from bot.domain.messages import Letter, Outgoing
from bot.handlers.say.post import post
from bot.runtime import delivery
from bot.runtime.app import App
from bot.store.db import Tx
from bot.store.messages import Lane
from tests.documents.pictures.facts import WEEK
from tests.runtime.delivery.conftest import Office

WORDS = "Your week"
DRAWN = (WORDS, "semaine.png", "image/png")


class Gallery(Channel):
    """Notes what it is given."""

    repeatable = False

    def __init__(self, name: str, *, takes_files: bool = True) -> None:
        self.name, self.takes_files = name, takes_files
        self.seen: list[tuple[str, str, str]] = []

    async def send(self, message: Outgoing) -> Outcome:
        assert message.picture is None
        file = message.file
        if file and not self.takes_files:
            return Permanent("refused")
        assert file is None or file.content.startswith(b"\x89PNG")
        self.seen.append((message.text, file.name if file else "", file.mime if file else ""))
        return Sent()


def digest(tx: Tx, person: int) -> None:
    post(tx, person, Letter(WORDS, picture=WEEK), Lane.PROMPT)


async def shown(office: Office, channel: Gallery) -> list[tuple[str, str, str]]:
    office.app = App(office.db, {"web": office.web, channel.name: channel})
    person = office.add(channel.name, "nadia")
    office.db.run(digest, person)
    await office.deliver()
    assert office.states() == ["sent"]
    return channel.seen


@pytest.mark.parametrize("name", ["telegram", "matrix"])
async def test_it_goes_with_its_words(office: Office, name: str) -> None:
    assert await shown(office, Gallery(name)) == [DRAWN]


async def test_elsewhere_the_words_go_alone(office: Office) -> None:
    assert await shown(office, Gallery("mail")) == [(WORDS, "", "")]


async def test_a_channel_that_takes_no_file_takes_the_words(office: Office) -> None:
    assert await shown(office, Gallery("matrix", takes_files=False)) == [(WORDS, "", "")]


async def test_what_cannot_be_drawn_holds_nothing_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_anything: object) -> bytes:
        raise ValueError("no drawing")

    monkeypatch.setattr(delivery, "week_png", broken)

    assert await shown(office, Gallery("telegram")) == [(WORDS, "", "")]
