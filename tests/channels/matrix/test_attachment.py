"""How a message describes a sealed file, whoever wrote it; sealing and opening one."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.channels.matrix.attachment import Broken, Sealed, attached, opened, sealed
from bot.channels.matrix.layout import contents, transaction
from bot.channels.matrix.reading import read
from bot.domain.channel import Unreadable, storable
from bot.domain.messages import Attached, Button, Enclosure, Incoming, Outgoing, Sort, Unseen
from tests.properties import tried

LEA = "@lea:example.org"
URL = "mxc://example.org:8448/AbC_d-1"
KEY, COUNTER, HASH = "k" * 43, "i" * 22, "h" * 43
FILE: dict[str, Any] = {
    "v": "v2",
    "url": URL,
    "key": {"kty": "oct", "alg": "A256CTR", "ext": True, "k": KEY, "key_ops": ["encrypt", "decrypt"]},
    "iv": COUNTER,
    "hashes": {"sha256": HASH},
}
NATIVE = json.dumps({"url": URL, "key": KEY, "iv": COUNTER, "hash": HASH}, separators=(",", ":"))
PHOTO: dict[str, Any] = {
    "msgtype": "m.image",
    "body": "page.jpg",
    "file": FILE,
    "info": {"mimetype": "image/jpeg", "size": 1234, "w": 3, "h": 4},
}


def raw(content: Any, **more: Any) -> dict[str, Any]:
    event = {"type": "m.room.message", "sender": LEA, "event_id": "$1", "content": content, "encrypted": True}
    return {"room_id": "!room:example.org", "event": event | more, "direct": True}


def sent(text: str = "", **more: Any) -> Incoming:
    return Incoming("matrix", LEA, "$1", text, file=Attached(NATIVE, "image/jpeg", 1234), message="$1", **more)


def unread(text: str = "") -> Incoming:
    return Incoming("matrix", LEA, "$1", text, sort=Sort.OTHER, message="$1")


@pytest.mark.parametrize("kind", ["m.image", "m.file"])
def test_a_sealed_file_is_read(kind: str) -> None:
    assert read("$1", raw(PHOTO | {"msgtype": kind})) == sent()


def test_what_stands_beside_its_name_is_a_caption() -> None:
    assert read("$1", raw(PHOTO | {"filename": "page.jpg", "body": " Voilà "})) == sent("Voilà")
    assert read("$1", raw(PHOTO | {"filename": "page.jpg"})) == sent()
    assert read("$1", raw(PHOTO | {"filename": 3, "body": "Voilà"})) == sent()


def test_what_cannot_be_taken_is_something_nobody_can_read_and_its_caption_may_be_a_cry() -> None:
    cry = {"filename": "page.jpg", "body": "SOS"}
    clear = {"msgtype": "m.image", "url": URL, "info": PHOTO["info"]}
    assert read("$1", raw(clear | cry)) == unread("SOS")
    assert read("$1", raw(PHOTO | cry, encrypted=None)) == unread("SOS")
    spoken = read("$1", raw(PHOTO | {"msgtype": "m.audio"}))
    assert spoken == replace(unread(), unseen=Unseen.VOICE, file=sent().file)
    kinds = {"m.video": Unseen.VIDEO, "m.gallery": None}
    for kind, unseen in kinds.items():
        assert read("$1", raw(PHOTO | {"msgtype": kind})) == replace(unread(), unseen=unseen)


def test_one_from_a_device_that_is_not_its_owners_is_not_taken() -> None:
    unsure = read("$1", raw(PHOTO, verified=False))
    assert (unsure.sort, unsure.file) == (Sort.UNSURE, None)


def test_an_edited_caption_bears_the_message_it_changes() -> None:
    new = PHOTO | {"filename": "page.jpg", "body": "Page 2"}
    edit = PHOTO | {"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}
    changed = read("$1", raw(edit))
    assert (changed.sort, changed.text, changed.message, changed.edited) == (Sort.SAID, "Page 2", "$0", True)


@pytest.mark.parametrize(
    ("info", "file"),
    [
        ({"mimetype": "image/png\x00", "size": True}, Attached(NATIVE, "image/png")),
        ({"mimetype": 3, "size": -1}, Attached(NATIVE)),
        ({"mimetype": "x" * 300, "size": 2**40}, Attached(NATIVE, "x" * 127, 2**31 - 1)),
        ({"size": 1.5}, Attached(NATIVE)),
        ([], Attached(NATIVE)),
        (None, Attached(NATIVE)),
    ],
)
def test_what_it_says_of_itself_is_believed_within_reason(info: Any, file: Attached) -> None:
    assert attached(PHOTO | {"info": info}) == file


@pytest.mark.parametrize(
    "spoilt",
    [
        {"url": "https://example.org/a"},
        {"url": "mxc://example.org/../../admin"},
        {"url": "mxc://../a"},
        {"url": "mxc://example.org/a?b"},
        {"url": "mxc://example.org/a\n"},
        {"url": "mxc://example.org/" + "a" * 300},
        {"key": {"alg": "A256CTR", "k": KEY[1:]}},
        {"key": {"alg": "A128CBC", "k": KEY}},
        {"iv": COUNTER + "i"},
        {"hashes": {"sha1": HASH}},
        {"hashes": {"sha256": "é" * 43}},
        {"v": "v1"},
        {"v": ["v2"]},
    ],
)
def test_another_description_than_the_specifications_is_none(spoilt: dict[str, Any]) -> None:
    assert attached(PHOTO | {"file": FILE | spoilt}) is None
    assert read("$1", raw(PHOTO | {"file": FILE | spoilt})) == unread()


def test_padding_makes_no_difference() -> None:
    padded = {"key": FILE["key"] | {"k": KEY + "="}, "iv": COUNTER + "==", "hashes": {"sha256": HASH + "="}}
    assert Sealed.described(FILE | padded) == Sealed.described(FILE)


def test_what_was_kept_is_found_again() -> None:
    found = Sealed.kept(NATIVE)
    assert found is not None
    assert (found.text(), found.server, found.name) == (NATIVE, "example.org:8448", "AbC_d-1")
    assert [Sealed.kept(native) for native in ("", "[]", "3", '{"url":"x"}')] == [None] * 4


JUNK = st.sampled_from(
    (None, True, -1, 0, 1.5, 10**30, "", "secret", "\ud800", "\x00", [], [None], {}, {"alg": "A256CTR"})
)
WHOLE = (
    PHOTO,
    PHOTO | {"filename": "page.jpg", "body": "secret"},
    PHOTO | {"m.new_content": PHOTO, "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}},
    PHOTO | {"m.relates_to": {"rel_type": "m.thread", "event_id": "$0", "m.in_reply_to": {"event_id": "$2"}}},
)


def spoil(value: Any, way: list[int], junk: Any) -> Any:
    """The same with one thing in it replaced, found by going down this way."""
    if not way or not isinstance(value, dict | list) or not value:
        return junk
    changed = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    place = list(changed)[way[0] % len(changed)]
    changed[place] = spoil(changed[place], way[1:], junk)
    return changed if isinstance(value, dict) else list(changed.values())


def told(content: Any) -> Incoming | str:
    """What is read, or why it is refused."""
    try:
        return read("$1", raw(content))
    except Unreadable as problem:
        return str(problem)


@settings(max_examples=tried(100, 10_000))
@given(st.sampled_from(WHOLE), st.lists(st.integers(0, 20), min_size=1, max_size=4), JUNK)
def test_whatever_is_spoilt_it_is_read_or_refused_and_can_be_stored(whole: Any, way: list[int], junk: Any) -> None:
    found = told(spoil(whole, way, junk))

    if isinstance(found, str):
        assert "secret" not in found
        return
    assert storable(found.text) == found.text
    if found.file is not None:
        assert Sealed.kept(found.file.native) is not None
        assert (storable(found.file.mime), 0 <= found.file.size < 2**31) == (found.file.mime, True)


def photo(width: int = 40) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, 30), "teal").save(made, "JPEG")
    return made.getvalue()


def test_a_photo_says_its_measures_and_a_document_does_not() -> None:
    image, document = photo(), b"%PDF-1.7 \xff"
    _hidden, shown = sealed(Enclosure("paper-1.jpg", "image/jpeg", image))
    _hidden, other = sealed(Enclosure("paper-2.pdf", "application/pdf", document))
    _hidden, odd = sealed(Enclosure("paper-3.jpg", "image/jpeg", document))
    assert (shown["msgtype"], shown["body"], shown["filename"]) == ("m.image", "paper-1.jpg", "paper-1.jpg")
    assert shown["info"] == {"mimetype": "image/jpeg", "size": len(image), "w": 40, "h": 30}
    assert (other["msgtype"], other["info"]) == ("m.file", {"mimetype": "application/pdf", "size": len(document)})
    assert odd["info"] == {"mimetype": "image/jpeg", "size": len(document)}


def test_what_is_sealed_is_opened_by_its_description_alone() -> None:
    hidden, said = sealed(Enclosure("paper-2.pdf", "application/pdf", b"%PDF" * 9))
    found = Sealed.described(said["file"] | {"url": URL})
    assert found is not None
    assert b"%PDF" not in hidden
    assert opened(found, hidden) == b"%PDF" * 9
    for other in (hidden[:-1], hidden[:-1] + b"!", b""):
        with pytest.raises(Broken):
            opened(found, other)


def test_the_file_goes_before_the_words_and_the_choices_are_last() -> None:
    file = {"msgtype": "m.file", "body": "paper.pdf", "file": FILE}
    message = Outgoing(1, LEA, "Seen?", (Button("1.0", "Yes"),), file=Enclosure("paper.pdf", "application/pdf", b"1"))
    words = {"msgtype": "m.text", "body": "Seen?\n\n1. Yes", "m.mentions": {}}
    html = {"format": "org.matrix.custom.html", "formatted_body": "<p>Seen?</p><p><strong>1.</strong> Yes</p>"}
    assert contents(message, file) == [file, words | html]
    first, second = contents(Outgoing(1, LEA, "Seen?", thread="$0"), file)
    assert first["m.relates_to"] == second["m.relates_to"]


def test_a_file_is_the_same_however_it_is_sealed_and_another_is_another() -> None:
    first, second = ({"body": "paper.pdf", "file": {"iv": number}} for number in "12")
    one, other = (Outgoing(1, LEA, "x", file=Enclosure("paper.pdf", "application/pdf", each)) for each in (b"1", b"2"))
    assert transaction(one, 0, first) == transaction(one, 0, second)
    assert transaction(one, 0, first) != transaction(other, 0, first)
