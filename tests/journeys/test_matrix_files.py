"""A photo as a proof on Matrix: asked for, sent sealed, made anew, shown sealed to who ticks it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from cryptography.fernet import Fernet
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from bot.domain.programme import Programme, Proof
from bot.store.keys import KeyRing
from bot.store.proofs import ProofRow
from bot.store.stays import ItemState
from tests.documents.reencode.test_pdf import blank, written
from tests.journeys.on_matrix import Encrypted, encrypted
from tests.journeys.test_telegram_files import photo
from tests.synapse.homeserver import Homeserver
from tests.synapse.timeline import Message


@pytest_asyncio.fixture
async def asked(
    homeserver: Homeserver, sqlite_template: Path, tmp_path: Path, small_programme: Programme
) -> AsyncIterator[Encrypted]:
    """Noémie has said that she has the paper, and is asked for a photo of it."""
    (item,) = small_programme.outgoing.before
    before = (item.model_copy(update={"proof": Proof.FILE}),)
    outgoing = small_programme.outgoing.model_copy(update={"before": before})
    programme = small_programme.model_copy(update={"outgoing": outgoing})
    async with encrypted(homeserver, sqlite_template, tmp_path, programme) as room:
        room.db.keys = KeyRing([Fernet.generate_key()], tmp_path / "keys")
        await room.join("nadia", "noemie")
        await room.say("noemie", "1")
        await room.say("noemie", "I have it")
        await room.sees("noemie", "photo")
        yield room


async def sends(room: Encrypted, ref: str, body: bytes, mime: str, kind: str, **more: str) -> None:
    await room.took(await room.people[ref].sends_file(room.rooms[ref], body, "the paper", mime, kind, **more))


async def looks(room: Encrypted) -> Message:
    """The coordinator asks for the file; the attachment that she is shown."""
    await room.say("nadia", "/tasks")
    tasks = await room.sees("nadia", "See the file")
    lines = (tasks.text or "").splitlines()
    number = next(line.partition(".")[0] for line in lines if "See the file" in line)
    await room.reply("nadia", tasks, number)
    await room.sees("nadia", "sent on")
    return next(each for each in room.people["nadia"].timeline.messages.values() if "file" in each.content)


def proofs(room: Encrypted) -> list[Any]:
    return room.ask(select(ProofRow.state, ProofRow.mime, ProofRow.native).order_by(ProofRow.id))


async def test_a_photo_is_made_anew_and_shown_to_who_ticks_it(asked: Encrypted) -> None:
    sent = photo()
    await sends(asked, "noemie", sent, "image/jpeg", "m.image")
    await asked.sees("noemie", "Thank you")
    shown = await looks(asked)
    got = await asked.people["nadia"].saves(shown)
    words = await asked.sees("nadia", "sent on")
    await asked.reply("nadia", words, "1")

    assert proofs(asked) == [("kept", "image/jpeg", "")]
    assert asked.ask(select(ItemState.state)) == [("done",)]
    with Image.open(io.BytesIO(got), formats=("JPEG",)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((1600, 800), {})
    assert shown.content["info"] == {"mimetype": "image/jpeg", "size": len(got), "w": 1600, "h": 800}
    assert sent != got
    assert all(each.encrypted and not each.shield for each in (shown, words))
    assert shown.when <= words.when


async def test_a_document_is_shown_as_one(asked: Encrypted) -> None:
    await sends(asked, "noemie", written(blank(2)), "application/pdf", "m.file")
    await asked.sees("noemie", "Thank you")
    shown = await looks(asked)
    got = await asked.people["nadia"].saves(shown)

    assert proofs(asked) == [("kept", "application/pdf", "")]
    assert (shown.content["msgtype"], shown.content["body"][-4:]) == ("m.file", ".pdf")
    assert len(PdfReader(io.BytesIO(got)).pages) == 2


async def test_what_is_neither_is_refused_in_words(asked: Encrypted) -> None:
    await sends(asked, "noemie", b"MZ\x90\x00not a paper", "application/pdf", "m.file")
    await asked.sees("noemie", "I can keep a photo or a PDF, nothing else.")
    await sends(asked, "noemie", b"OggS", "audio/ogg", "m.audio")
    await asked.sees("noemie", "I can only read words and buttons: no voice messages")

    assert [state for state, _mime, _native in proofs(asked)] == ["refused"]


async def test_one_that_is_gone_before_it_was_fetched_is_asked_for_again(asked: Encrypted) -> None:
    await asked.stop()
    noemie, admin = asked.people["noemie"], asked.server.admin
    sent = await noemie.sends_file(asked.rooms["noemie"], photo(), "the paper", "image/jpeg", "m.image")
    kept = (await noemie.shown(sent)).content["file"]["url"].removeprefix("mxc://")
    await admin.ask("POST", f"/_synapse/admin/v1/media/quarantine/{kept}")
    await asked.start()
    await asked.took(sent)
    await asked.sees("noemie", "Your file did not reach me, sorry.")

    assert proofs(asked) == [("given_up", "image/jpeg", "")]


async def test_a_caption_can_be_a_cry(asked: Encrypted) -> None:
    await sends(asked, "noemie", photo(), "image/jpeg", "m.image", caption="SOS")

    assert (await asked.sees("nadia", "SOS: needs help now.")).encrypted
    assert proofs(asked) == [("kept", "image/jpeg", "")]
