"""A photo as a proof on Telegram: asked for, sent (one, an album, a document), made anew, shown to who ticks it."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.domain.programme import Programme, Proof
from bot.store.proofs import ProofRow
from bot.store.stays import ItemState
from tests.journeys.on_telegram import Telegraph, telegraph
from tests.telegram_server import Fault, Kind

BEGINNING = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
"""Of a photo as Compagnon writes it. The four letters alone are found now and then in what is sealed, by chance."""


def photo(colour: str = "teal", side: int = 1600) -> bytes:
    """A picture with a place in it, as a phone writes it."""
    exif = Image.Exif()
    exif[0x010F] = "Telephone"
    exif.get_ifd(0x8825)[2] = (60.0, 23.0, 33.0)
    kept = io.BytesIO()
    Image.new("RGB", (side, side // 2), colour).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


@pytest.fixture
async def asked(sqlite_template: Path, tmp_path: Path, small_programme: Programme) -> AsyncIterator[Telegraph]:
    """Noémie has said that she has the paper, and is asked for a photo of it."""
    (item,) = small_programme.outgoing.before
    before = (item.model_copy(update={"proof": Proof.FILE}),)
    outgoing = small_programme.outgoing.model_copy(update={"before": before})
    programme = small_programme.model_copy(update={"outgoing": outgoing})
    async with telegraph(sqlite_template, tmp_path, programme) as bot:
        await bot.join("nadia")
        await bot.enrol("noemie")
        await bot.press("noemie", "I have it")
        bot.heard("noemie")
        bot.heard("nadia")
        yield bot


def proofs(bot: Telegraph) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in bot.ask(select(ProofRow.state, ProofRow.mime).order_by(ProofRow.id))]


async def test_the_largest_size_is_made_anew_and_shown_to_who_ticks_it(asked: Telegraph) -> None:
    sent = photo()
    asked.phones["noemie"].sends_photo(sent, sizes=3)
    await asked.settle()
    thanks = asked.heard("noemie")
    await asked.say("nadia", "/tasks")
    see = next(label for label in asked.phones["nadia"].chat.messages[-1].buttons if "file" in label.lower())
    await asked.press("nadia", see)
    shown = asked.phones["nadia"].chat.messages[-1]

    assert (len(thanks), proofs(asked)) == (1, [("kept", "image/jpeg")])
    assert asked.ask(select(ItemState.state)) == [("declared",)]
    assert shown.file is not None
    with Image.open(io.BytesIO(shown.file)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((1600, 800), {})
    assert sent != shown.file
    assert shown.file.startswith(BEGINNING)


async def test_a_file_that_the_platform_will_not_have_is_said_so(asked: Telegraph) -> None:
    asked.phones["noemie"].sends_photo(photo())
    await asked.settle()
    await asked.say("nadia", "/tasks")
    see = next(label for label in asked.phones["nadia"].chat.messages[-1].buttons if "file" in label.lower())
    for method in ("sendPhoto", "sendDocument"):
        asked.server.faults.add(Fault(method, Kind.BAD_REQUEST, description="Bad Request: file must be non-empty"))
    await asked.press("nadia", see)
    shown = asked.phones["nadia"].chat.messages[-1]

    assert shown.file is None
    assert shown.text.endswith("This file cannot be shown here: it is too large for this chat.")


async def test_an_album_is_one_answer(asked: Telegraph) -> None:
    asked.phones["noemie"].sends_album([photo("teal"), photo("navy"), photo("olive")])
    await asked.settle()

    assert (len(asked.heard("noemie")), proofs(asked)) == (1, [("kept", "image/jpeg")] * 3)


async def test_a_document_that_is_no_photo_is_refused_in_words_and_asked_again(asked: Telegraph) -> None:
    asked.phones["noemie"].sends_document(b"MZ\x90\x00not a paper", "paper.pdf", "application/pdf")
    await asked.settle()

    said = asked.heard("noemie")
    assert said[0].startswith("I can keep a photo or a PDF, nothing else.")
    assert [state for state, _mime in proofs(asked)] == ["refused"]
    assert len(said) == 2


async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(asked: Telegraph) -> None:
    asked.server.faults.add(Fault("getFile", Kind.SERVER_ERROR))
    asked.phones["noemie"].sends_photo(photo())
    await asked.settle()
    before = proofs(asked)
    await asked.later(minutes=1)

    assert ([state for state, _mime in before], proofs(asked)) == (["wanted"], [("kept", "image/jpeg")])


async def test_nothing_of_a_photo_can_be_read_in_the_database(asked: Telegraph) -> None:
    asked.phones["noemie"].sends_photo(photo())
    await asked.settle()

    kept = asked.db.engine.url.database
    assert kept is not None
    for ending in ("", "-wal"):
        path = Path(kept + ending)
        if path.exists():  # noqa: ASYNC240
            written = path.read_bytes()  # noqa: ASYNC240
            assert BEGINNING not in written
            assert b64encode(BEGINNING[:9]) not in written


async def test_a_photo_nobody_asked_for_is_not_kept(asked: Telegraph) -> None:
    asked.phones["nadia"].sends_photo(photo())
    await asked.settle()

    assert proofs(asked) == []
    assert len(asked.heard("nadia")) == 1


async def test_a_caption_can_be_a_cry(asked: Telegraph) -> None:
    asked.phones["noemie"].sends_photo(photo(), caption="SOS")
    await asked.settle()

    assert any("SOS: needs help now." in text for text in asked.heard("nadia"))
