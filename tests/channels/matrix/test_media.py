"""Files both ways through a real homeserver, which learns nothing of them; and every way in which one does not come."""

from __future__ import annotations

import io
import json
import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.channels.matrix import client_api, media
from bot.channels.matrix.attachment import Sealed
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.media import enclose, fetch
from bot.channels.matrix.outcomes import unfetched
from bot.channels.matrix.setup import setup
from bot.domain.channel import NotSent, Permanent, Sent
from bot.domain.messages import Attached, Button, Enclosure, Outgoing, Sort
from tests.channels.matrix.conftest import Bot, until
from tests.channels.matrix.test_attachment import NATIVE
from tests.channels.matrix.test_syncing import known, meet
from tests.synapse.attachments import encrypted, stored
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.synapse.modern import INSTALL, Modern, available
from tests.synapse.person import Person
from tests.synapse.seen import NO_SHIELD

DOCUMENT = b"%PDF-1.7 a plain secret " + secrets.token_bytes(300_000)


def photo(width: int = 64) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, 48), "teal").save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


def files(bot: Bot, channel: MatrixChannel) -> list[Attached]:
    return [each.file for each in bot.incoming(channel) if each.file is not None]


async def take(bot: Bot, channel: MatrixChannel, person: Person, body: bytes = DOCUMENT) -> Attached:
    """A file that somebody sent, still with the homeserver."""
    us = bot.account.user_id
    room = await person.open_direct(us)
    await person.until(lambda: person.timeline.members[room].get(us) == "join")
    await known(channel, person.user_id)
    await person.sends_file(room, body, "paper.pdf", "application/pdf")
    await until(lambda: files(bot, channel))
    return files(bot, channel)[0]


async def test_files_come_as_they_were_sent(bot: Bot, lea: Human) -> None:
    image = photo()
    async with bot.running() as (channel, _syncing):
        await take(bot, channel, lea)
        await lea.sends_image(next(iter(lea.timeline.members)), image, "page.jpg", "image/jpeg", "La page 2")
        await until(lambda: len(files(bot, channel)) == 2)
        incoming = [each for each in bot.incoming(channel) if each.file is not None]
        got = [await channel.fetch(each.file) for each in incoming if each.file is not None]

    assert got == [DOCUMENT, image]
    assert [(each.sort, each.address, each.text) for each in incoming] == [
        (Sort.SAID, lea.user_id, ""),
        (Sort.SAID, lea.user_id, "La page 2"),
    ]
    assert [(each.mime, each.size) for each in files(bot, channel)] == [
        ("application/pdf", len(DOCUMENT)),
        ("image/jpeg", len(image)),
    ]


@pytest.mark.parametrize(
    ("mime", "kind", "measures"), [("image/jpeg", "m.image", {"w": 64, "h": 48}), ("application/pdf", "m.file", {})]
)
async def test_a_file_goes_sealed_before_the_words_and_their_choices(
    bot: Bot, lea: Human, mime: str, kind: str, measures: dict[str, int]
) -> None:
    content = photo() if measures else DOCUMENT
    file = Enclosure("paper-7", mime, content)
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
        asked = Outgoing(1, lea.user_id, "The paper", (Button("1.0", "Seen"),), file=file)
        sent = await channel.send(asked)
        again = await channel.send(asked)
        await channel.send(Outgoing(2, lea.user_id, "What follows"))
        shown, words, follows = await lea.hears(3)
        saved = await lea.saves(shown)

    assert sent == again == Sent(words.event)
    assert (shown.content["msgtype"], shown.content["body"], shown.content["filename"]) == (kind, "paper-7", "paper-7")
    assert shown.content["info"] == {"mimetype": mime, "size": len(content)} | measures
    assert saved == content
    assert [(each.encrypted, each.shield) for each in (shown, words)] == [(True, NO_SHIELD)] * 2
    assert (words.text, follows.text) == ("The paper\n\n1. Seen", "What follows")


async def test_the_homeserver_learns_neither_what_it_is_nor_how_it_is_called(
    bot: Bot, lea: Human, homeserver: Homeserver
) -> None:
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
        await channel.send(Outgoing(1, lea.user_id, "x", file=Enclosure("passport-7.pdf", "application/pdf", DOCUMENT)))
        shown, _words = await lea.hears(2)
    kept = await stored(homeserver.url, lea.token, shown.content["file"])
    with closing(sqlite3.connect(homeserver.folder / "homeserver.db")) as database:
        wanted = "SELECT media_type, upload_name, media_length FROM local_media_repository WHERE user_id = ?"
        noted = database.execute(wanted, [bot.account.user_id]).fetchall()

    assert len(kept.content) == len(DOCUMENT)
    assert not any(DOCUMENT[place : place + 16] in kept.content for place in range(0, len(DOCUMENT), 1000))
    assert "passport" not in str(kept.headers)
    assert noted == [("application/octet-stream", None, len(DOCUMENT))]


async def test_another_content_than_what_was_sealed_is_broken(bot: Bot, lea: Human, homeserver: Homeserver) -> None:
    async with bot.running() as (channel, _syncing):
        file = await take(bot, channel, lea)
        other = await encrypted(homeserver.url, lea.token, DOCUMENT)
        found = Sealed.kept(file.native)
        assert found is not None
        forged = replace(file, native=replace(found, url=other["url"]).text())

        assert await channel.fetch(forged) == Permanent("broken")
        assert await channel.fetch(Attached("nothing of ours")) == Permanent("broken")


async def test_what_the_homeserver_does_not_give_any_more_is_gone(bot: Bot, lea: Human, homeserver: Homeserver) -> None:
    async with bot.running() as (channel, _syncing):
        file = await take(bot, channel, lea)
        found = Sealed.kept(file.native)
        assert found is not None
        never = replace(file, native=replace(found, url=f"mxc://{homeserver.name}/{'x' * 24}").text())
        assert await channel.fetch(never) == Permanent("gone")
        await homeserver.admin.ask("POST", f"/_synapse/admin/v1/media/quarantine/{found.server}/{found.name}")
        assert await channel.fetch(file) == Permanent("gone")


async def test_one_that_is_too_large_is_not_taken(bot: Bot, lea: Human, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LARGEST", 100_000)
    async with bot.running() as (channel, _syncing):
        file = await take(bot, channel, lea)

        assert await channel.fetch(file) == Permanent("too large")
        assert await channel.fetch(replace(file, size=0)) == Permanent("too large")


async def test_no_file_is_asked_for_before_we_stand_or_while_we_are_told_to_wait(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        file = await take(bot, channel, lea)
        channel.pace = MatrixChannel(bot.account, bot.folder, pinned=bot.kept.pinned, pin=bot.kept.pin).pace
        channel.noted(client_api.TooFast(timedelta(seconds=60)))
        held = await channel.fetch(file)
    assert isinstance(held, NotSent)
    assert held.retry_after is not None
    channel.pace = None
    assert await channel.fetch(file) == NotSent()  # it does not stand any more


async def test_a_homeserver_with_little_room_refuses_and_one_that_is_down_is_asked_again(
    bot: Bot, tmp_path: Path
) -> None:
    (tmp_path / "small").mkdir()
    small = Homeserver(tmp_path / "small")
    settings = json.loads(small.configuration.read_text("utf-8"))
    small.configuration.write_text(json.dumps(settings | {"max_upload_size": "200K"}), "utf-8")
    file = Enclosure("paper.pdf", "application/pdf", DOCUMENT)
    with small:
        user = await small.register("compagnon")
        account = type(bot.account)(small.url, user.user_id, user.password)
        shutil.rmtree(bot.folder.path)
        await setup(account, bot.folder, lambda _line: None)
        alone = Bot(account, bot.folder)
        async with Human(small, await small.register("lea")) as lea, alone.running() as (channel, _syncing):
            came = await take(alone, channel, lea, photo())
            refused = await channel.send(Outgoing(1, lea.user_id, "The paper", file=file))
            taken = await channel.send(Outgoing(2, lea.user_id, "Without"))
            (heard,) = await lea.hears()
            await small.down()
            later = await channel.send(Outgoing(3, lea.user_id, "The paper", file=replace(file, content=b"%PDF")))
            fetched = await channel.fetch(came)

    assert (refused, heard.text) == (Permanent("refused"), "Without")
    assert isinstance(taken, Sent)
    assert (later, fetched) == (NotSent(), NotSent())


@pytest.mark.skipif(not available(), reason=f"matrix-js-sdk is not installed here: {INSTALL}")
async def test_todays_client_shows_it_without_a_shield(bot: Bot, homeserver: Homeserver) -> None:
    image = photo()
    async with Modern(homeserver, await homeserver.newcomer("Max")) as person, bot.running() as (channel, _syncing):
        file = await take(bot, channel, person)
        await channel.send(Outgoing(1, person.user_id, "Seen", file=Enclosure("paper.jpg", "image/jpeg", image)))
        shown, words = await person.hears(2)

        assert await channel.fetch(file) == DOCUMENT
        assert await person.saves(shown) == image
    assert (shown.text, words.text) == ("paper.jpg", "Seen")
    assert [(each.encrypted, each.shield) for each in (shown, words)] == [(True, NO_SHIELD)] * 2


NEW, OLD = "/_matrix/client/v1/media/download", "/_matrix/media/v3/download"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def says(status: int, told: dict[str, Any] | None = None, **headers: str) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=json.dumps(told) if told else "<html>", headers=headers)

    return answer


async def fetched(answer: Answer) -> tuple[bytes | NotSent | Permanent, list[str]]:
    """What comes of a file where the homeserver answers so; and what it was asked for."""
    asked: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await answer(request)

    app = web.Application()
    app.router.add_get("/{rest:.*}", serve)
    async with TestServer(app) as stub:
        server = client_api.Homeserver(str(stub.make_url("")), "token")
        try:
            return await fetch(server, Attached(NATIVE)), asked
        except client_api.CallError as problem:
            return unfetched(problem), asked
        finally:
            await server.close()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (says(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 9000}), NotSent(timedelta(seconds=9))),
        (says(401, {"errcode": "M_UNKNOWN_TOKEN"}), NotSent()),
        (says(403, {"errcode": "M_FORBIDDEN"}), Permanent("gone")),
        (says(404, {"errcode": "M_NOT_FOUND"}), Permanent("gone")),
        (says(410, {"errcode": "M_NOT_FOUND"}), Permanent("gone")),
        (says(404), NotSent()),
        (says(413, {"errcode": "M_TOO_LARGE"}), Permanent("too large")),
        (says(502, {"errcode": "M_UNKNOWN"}), NotSent()),
        (says(504, {"errcode": "M_NOT_YET_UPLOADED"}), NotSent()),
        (says(307, Location="/elsewhere"), NotSent()),
    ],
)
async def test_a_file_that_does_not_come(answer: Answer, outcome: NotSent | Permanent) -> None:
    assert await fetched(answer) == (outcome, [f"{NEW}/example.org:8448/AbC_d-1"])


async def test_a_homeserver_of_long_ago_is_asked_the_old_way() -> None:
    got, asked = await fetched(says(404, {"errcode": "M_UNRECOGNIZED"}))
    assert got == Permanent("gone")
    assert asked == [f"{NEW}/example.org:8448/AbC_d-1", f"{OLD}/example.org:8448/AbC_d-1"]


async def test_of_one_without_an_end_no_more_is_read_than_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "LARGEST", 1_000_000)
    given = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal given
        reply = web.StreamResponse()
        await reply.prepare(request)
        while given < 500_000_000:
            try:
                await reply.write(bytes(100_000))
            except ConnectionError:
                break
            given += 100_000
        return reply

    got, _asked = await fetched(endless)
    assert got == Permanent("too large")
    assert given < 50_000_000  # what the kernel holds on the way, and no more


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (says(413), client_api.Refused),
        (says(429), client_api.TooFast),
        (says(502), client_api.NotReached),
        (says(200, {"content_uri": "https://example.org/a"}), client_api.NotReached),
    ],
)
async def test_a_file_that_is_not_taken_is_certainly_not_sent(
    answer: Answer, problem: type[client_api.CallError]
) -> None:
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/_matrix/media/v3/upload", answer)
    async with TestServer(app) as stub:
        server = client_api.Homeserver(str(stub.make_url("")), "token")
        with pytest.raises(problem):
            await enclose(server, Enclosure("paper.pdf", "application/pdf", DOCUMENT))
        await server.close()
