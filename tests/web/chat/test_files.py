"""A photo, a PDF or a voice from the chat page: by a plain form, with a script, and refused with a sentence."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, select

from bot.documents.reencode import reencode
from bot.domain.proof import HEAVIEST, Fault, FileRefused
from bot.store.keys import key_ring
from bot.store.messages import InboxRow
from bot.store.proofs import ProofRow
from tests.documents.reencode.sounds import HEAD, frames, ogg
from tests.handlers.conversation.hands import photo
from tests.web.chat.browser import chromium, needs_chromium, opened, violations
from tests.web.chat.conftest import Site, bubbles, hidden

__all__ = ["chromium"]
OFFER = "I am a robot: I cannot look at this or listen to it. Do you need help? Shall I pass it on to Anne Roux?"


@pytest.fixture
def sealed(quick_site: Site, tmp_path: Path) -> Site:
    """A chat that may keep files."""
    quick_site.database.keys = key_ring(tmp_path / "keys")
    quick_site.joined("roux")
    return quick_site


def rows(site: Site, wanted: Executable) -> list[Any]:
    return site.database.run(lambda tx: [tuple(row) for row in tx.rows.execute(wanted)])


def element(kind: str, inside: bytes, *, endless: bool = False) -> bytes:
    length = len(inside)
    known = bytes([0x80 | length]) if length < 127 else (1 << 28 | length).to_bytes(4, "big")
    size = b"\x01" + b"\xff" * 7 if endless else known
    return bytes.fromhex(kind) + size + inside


def webm(packets: list[bytes], codec: bytes = b"A_OPUS", flags: int = 0x80) -> bytes:
    """As browsers record a voice: they do not know how long it will be."""
    track = element("d7", b"\1") + element("86", codec) + element("63a2", HEAD)
    blocks = b"".join(element("a3", b"\x81\0\0" + bytes([flags]) + each) for each in packets)
    inside = element("1549a966", element("4d80", b"CANARY app")) + element("1654ae6b", element("ae", track))
    return element("1a45dfa3", element("4282", b"webm")) + element(
        "18538067", inside + element("1f43b675", element("e7", b"\0") + blocks, endless=True), endless=True
    )


def refused(content: bytes) -> Fault:
    with pytest.raises(FileRefused) as caught:
        reencode(content, voices=True)
    return caught.value.fault


def test_what_a_browser_recorded_is_the_same_sound_as_in_any_app() -> None:
    assert reencode(webm(frames(60)), voices=True) == reencode(ogg(frames(60)), voices=True)
    assert refused(webm(frames(), codec=b"V_VP8")) is Fault.KIND
    assert refused(webm(frames()) + webm(frames())) is Fault.KIND
    assert refused(webm(frames(), flags=0x82)) is Fault.BROKEN
    assert refused(webm([])) is Fault.BROKEN
    assert refused(webm(frames()) + b"\0") is Fault.BROKEN
    assert reencode(webm(frames())[:-3], voices=True) == reencode(ogg(frames(2)), voices=True)


def test_a_voice_leaves_by_a_plain_form_and_is_handed_on_with_a_yes(sealed: Site) -> None:
    browser = sealed.joined("ines")
    fields = hidden(browser.get("/").text, "send")
    for _twice in range(2):
        answer = browser.post("/send", data=fields, files={"file": ("a.ogg", ogg())})
    sealed.settle()

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert [said for _who, said in bubbles(browser.get("/").text)[-2:]] == ["🎤 (voice message)", OFFER]
    assert rows(sealed, select(ProofRow.state, ProofRow.mime, ProofRow.native)) == [("offered", "audio/ogg", "")]

    browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": "yes"})
    sealed.settle()
    assert rows(sealed, select(ProofRow.state)) == [("kept",)]


def test_what_cannot_be_taken_is_told_in_one_sentence_and_nothing_is_kept(sealed: Site) -> None:
    browser = sealed.joined("ines")
    before = rows(sealed, select(InboxRow.id))
    fields, told = hidden(browser.get("/").text, "send"), {"hx-request": "true"}

    def sends(content: bytes) -> tuple[int, str]:
        answer = browser.post("/send", data=fields, files={"file": ("x", content)}, headers=told)
        return answer.status_code, answer.text.strip()

    empty, film = sends(b""), sends(b"\0\0\0\x18ftypmp42" + bytes(40))
    heavy = sends(bytes(max(HEAVIEST.values()) + 1))
    forged = browser.post("/send", data=fields | {"seal": "x"}, files={"file": ("a.jpg", photo())})
    coordinator = sealed.joined("roux")
    theirs = coordinator.post("/send", data=hidden(coordinator.get("/").text, "say"), files={"file": ("a", photo())})

    assert [empty[0], film[0], heavy[0], forged.status_code, theirs.status_code] == [422, 422, 422, 403, 403]
    assert "I can take a photo, a PDF or a voice message, nothing else" in film[1]
    assert "This file is too heavy for me" in heavy[1]
    assert "attach" not in coordinator.get("/").text
    assert (rows(sealed, select(ProofRow.id)), rows(sealed, select(InboxRow.id))) == ([], before)


def test_where_nothing_can_be_sealed_nothing_is_asked_for(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    page = browser.get("/").text
    answer = browser.post("/send", data=hidden(page, "say"), files={"file": ("a.jpg", photo())})
    assert ("attach" in page, answer.status_code) == (False, 403)


@needs_chromium
def test_a_voice_is_recorded_in_the_page_and_a_player_plays_what_was_kept(chromium: Any, sealed: Site) -> None:
    page = opened(chromium, sealed)
    page.locator("#attach summary").click()
    found = violations(page)
    page.get_by_role("button", name="Record your voice").click()
    page.locator("#record[data-parts]").wait_for()
    page.get_by_role("button", name="Stop and send").click()
    page.get_by_role("button", name="Yes, pass it on").wait_for()
    content = sealed.database.run(_opened)
    played = page.evaluate(
        "async sound => (await new AudioContext().decodeAudioData(Uint8Array.from(atob(sound), c => c.charCodeAt(0)).buffer)).duration",
        base64.b64encode(content).decode(),
    )
    page.locator("#attach summary").click()
    page.locator("#send input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"no pdf"}
    )
    page.get_by_text("I can take a photo").wait_for()

    assert found == []
    assert played > 0.1


def _opened(tx: Any) -> bytes:
    row = tx.rows.scalars(select(ProofRow)).one()
    return bytes(tx.keys.open(row.person_id, row.content))
