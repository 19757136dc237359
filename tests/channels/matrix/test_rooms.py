"""Which rooms are spoken in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.matrix.rooms import Invitation, Rooms

US, LEA, MAX = "@bot:x", "@lea:x", "@max:x"


def member(user: str, membership: str = "join") -> dict[str, Any]:
    return {"type": "m.room.member", "state_key": user, "sender": user, "content": {"membership": membership}}


ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
TOMBSTONE = {"type": "m.room.tombstone", "state_key": "", "content": {"replacement_room": "!new"}}
JOINED = [member(US), member(LEA)]


def rooms(*events: dict[str, Any]) -> Rooms:
    made = Rooms(US)
    made.take_all("!r", events)
    return made


@pytest.mark.parametrize(
    ("events", "problem"),
    [
        ([ENCRYPTION, *JOINED], ""),
        ([ENCRYPTION, member(US), member(LEA, "invite")], ""),
        (JOINED, "plain"),
        ([ENCRYPTION, *JOINED, member(MAX)], "crowd"),
        ([ENCRYPTION, *JOINED, member(MAX, "invite")], "crowd"),
        ([ENCRYPTION, *JOINED, member(MAX), member(MAX, "leave")], ""),
        ([ENCRYPTION, *JOINED, member(LEA, "leave")], "empty"),
        ([ENCRYPTION, *JOINED, member(LEA, "ban")], "empty"),
        ([ENCRYPTION, *JOINED, TOMBSTONE], "replaced"),
        ([member(US)], ""),
    ],
)
def test_only_encrypted_rooms_of_two_are_stayed_in(events: list[dict[str, Any]], problem: str) -> None:
    made = rooms(*events)
    assert made.rooms["!r"].problem(US) == problem
    spoken = made.with_person(LEA)
    assert (spoken is not None) == (problem == "" and len(events) > 1)


def test_room_where_they_wrote_last_is_spoken_in() -> None:
    made = Rooms(US)
    for name, heard in (("!a", 5), ("!b", 7), ("!c", 6)):
        made.take_all(name, [ENCRYPTION, *JOINED, {"type": "m.room.message", "sender": LEA, "content": {}, "origin_server_ts": heard}])  # fmt: skip
    spoken = made.with_person(LEA)
    assert spoken is not None
    assert spoken.id == "!b"


def test_encryption_is_never_undone() -> None:
    off = {"type": "m.room.encryption", "state_key": "", "content": {}}
    assert rooms(ENCRYPTION, *JOINED, off).rooms["!r"].encrypted


@pytest.mark.parametrize(
    "broken", [{}, {"type": "m.room.member", "state_key": 3, "content": {}}, {"state_key": "", "content": 3}]
)
def test_malformed_events_change_nothing(broken: dict[str, Any]) -> None:
    assert rooms(ENCRYPTION, *JOINED, broken) == rooms(ENCRYPTION, *JOINED)


def test_room_of_ours_that_a_sync_showed_in_part_is_whole() -> None:
    made = rooms(member(US))
    room = made.made("!r", LEA)
    assert room is made.with_person(LEA)


def test_invitation_is_read() -> None:
    asked = {
        "type": "m.room.member",
        "state_key": US,
        "sender": LEA,
        "content": {"membership": "invite", "is_direct": True},
    }
    assert Invitation.read(US, [3, {}, ENCRYPTION, asked]) == Invitation(LEA, direct=True, encrypted=True)
    assert Invitation.read(US, [asked]) == Invitation(LEA, direct=True, encrypted=False)
    assert Invitation.read(US, [member(LEA)]) is None
