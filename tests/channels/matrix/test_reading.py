"""Matrix's events as the rest knows them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.matrix.reading import read, row, unreadable
from bot.domain.channel import Unreadable
from bot.domain.messages import Incoming, Sort, Unseen

LEA = "@lea:example.org"
ROOM = "!room:example.org"


def event(content: Any, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    return {"type": kind, "sender": LEA, "event_id": "$1", "content": content, "encrypted": True, **more}


def raw(content: Any, kind: str = "m.room.message", *, direct: bool = True, **more: Any) -> dict[str, Any]:
    return {"room_id": ROOM, "event": event(content, kind, **more), "direct": direct}


def text(body: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body, **more}


def said(words: str, **more: Any) -> Incoming:
    return Incoming("matrix", LEA, "$1", words, message="$1", **more)


def nothing() -> Incoming:
    return Incoming("matrix", "", "$1", sort=Sort.ELSEWHERE)


def test_words_are_read() -> None:
    assert read("$1", raw(text(" Salut \x00 "))) == said("Salut")


def test_edit_bears_the_message_it_changes_and_the_new_words() -> None:
    relation = {"rel_type": "m.replace", "event_id": "$0"}
    changed = raw(text("* Bonjour", **{"m.new_content": text("Bonjour"), "m.relates_to": relation}))
    assert read("$1", changed) == Incoming("matrix", LEA, "$1", "Bonjour", message="$0", edited=True)


def test_reply_names_its_message_and_loses_the_quotation() -> None:
    relation = {"m.in_reply_to": {"event_id": "$q"}}
    quoted = "> <@bot:x> Ça va ?\n> bien ?\n\nOui\n> vraiment"
    assert read("$1", raw(text(quoted, **{"m.relates_to": relation}))) == said("Oui\n> vraiment", reply_to="$q")


def test_quotation_of_ones_own_is_kept() -> None:
    assert read("$1", raw(text("> cité\nOui"))) == said("> cité\nOui")


@pytest.mark.parametrize(
    ("relation", "answered", "thread"),
    [
        ({"rel_type": "m.thread", "event_id": "$r", "is_falling_back": True, "m.in_reply_to": {"event_id": "$l"}}, "", "$r"),
        ({"rel_type": "m.thread", "event_id": "$r", "m.in_reply_to": {"event_id": "$l"}}, "$l", ""),
        ({"rel_type": "m.thread", "event_id": "$r"}, "", "$r"),
        ({"m.in_reply_to": 3}, "", ""),
        ([], "", ""),
    ],
)  # fmt: skip
def test_words_in_a_thread_answer_the_message_named_or_stand_in_it(relation: Any, answered: str, thread: str) -> None:
    assert read("$1", raw(text("Oui", **{"m.relates_to": relation}))) == said("Oui", reply_to=answered, thread=thread)


@pytest.mark.parametrize(
    ("verified", "sort"), [({"verified": False}, Sort.UNSURE), ({"verified": True}, Sort.SAID), ({}, Sort.SAID)]
)
def test_words_from_a_device_that_is_not_their_own_are_unsure(verified: dict[str, bool], sort: Sort) -> None:
    kept = raw(text("Oui"))
    kept["event"] |= verified
    assert read("$1", kept) == said("Oui", sort=sort)


def test_plain_words_in_a_room_are_not_taken_for_an_answer() -> None:
    assert read("$1", raw(text("SOS"), encrypted=None)) == said("SOS", sort=Sort.OTHER)


@pytest.mark.parametrize("kind", ["m.image", "m.file", "m.audio", "m.video", "m.location", "org.example"])
def test_what_is_no_text_is_something_nobody_can_read(kind: str) -> None:
    unseen = {"m.audio": Unseen.VOICE, "m.video": Unseen.VIDEO, "m.location": Unseen.PLACE}.get(kind)
    assert read("$1", raw({"msgtype": kind, "body": "photo.jpg"})) == said("", sort=Sort.OTHER, unseen=unseen)
    in_clear = read("$1", raw({"msgtype": kind, "body": "photo.jpg"}, encrypted=None))
    assert in_clear == said("", sort=Sort.OTHER)


@pytest.mark.parametrize(
    ("kind", "sort"), [("m.sticker", Sort.OTHER), ("m.poll.start", Sort.OTHER), ("m.room.encrypted", Sort.SEALED)]
)
def test_other_events_people_send_are_something_nobody_can_read(kind: str, sort: Sort) -> None:
    assert read("$1", raw({}, kind)) == said("", sort=sort)


@pytest.mark.parametrize("kind", ["m.reaction", "m.room.redaction", "m.room.name", "m.call.hangup"])
def test_what_nobody_wrote_is_left_alone(kind: str) -> None:
    left = read("$1", raw({}, kind))
    assert (left.address, left.sort) == ("", Sort.ELSEWHERE)


def reacted(key: Any, **more: Any) -> dict[str, Any]:
    relation = {"rel_type": "m.annotation", "event_id": "$q", "key": key}
    return raw({"m.relates_to": relation}, "m.reaction", encrypted=None, **more)


@pytest.mark.parametrize("key", ["2️⃣", "2\u20e3", "②", "2"])
def test_tapped_number_names_the_message_it_stands_under(key: str) -> None:
    assert read("$1", reacted(key)) == said("2", sort=Sort.TAPPED, reply_to="$q")


@pytest.mark.parametrize("key", ["👍", "❤️", "SOS", "", None, 3])
def test_any_other_reaction_is_a_nod(key: Any) -> None:
    assert read("$1", reacted(key)) == said("", sort=Sort.NODDED, reply_to="$q")


def test_reaction_in_a_room_of_more_than_two_is_left_alone() -> None:
    assert read("$1", reacted("1️⃣", direct=False)) == nothing()


@pytest.mark.parametrize("relation", [None, [], {"key": "1️⃣"}, {"key": "1️⃣", "event_id": 3}])
def test_reaction_to_nothing_is_left_alone(relation: Any) -> None:
    assert read("$1", raw({"m.relates_to": relation}, "m.reaction")).sort is Sort.ELSEWHERE


@pytest.mark.parametrize(
    "taken_back",
    [
        raw({"redacts": "$0"}, "m.room.redaction"),
        raw({}, "m.room.redaction", redacts="$0"),
        raw({"redacts": "$0", "reason": "SOS"}, "m.room.redaction", redacts="$0"),
    ],
)
def test_redaction_names_what_is_taken_back_in_rooms_of_every_version(taken_back: dict[str, Any]) -> None:
    assert read("$1", taken_back) == Incoming("matrix", LEA, "$1", sort=Sort.UNDONE, message="$0")


@pytest.mark.parametrize("content", [{}, {"redacts": 3}, {"redacts": ""}])
def test_redaction_of_nothing_is_left_alone(content: Any) -> None:
    assert read("$1", raw(content, "m.room.redaction")).sort is Sort.ELSEWHERE


def vote(*answers: Any, stable: bool = False) -> dict[str, Any]:
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": "$poll"}}
    return relation | (
        {"m.selections": list(answers)} if stable else {"org.matrix.msc3381.poll.response": {"answers": list(answers)}}
    )


VOTES = [(False, "org.matrix.msc3381.poll.response"), (True, "m.poll.response")]


@pytest.mark.parametrize(("stable", "kind"), VOTES)
def test_vote_presses_the_button_and_an_empty_one_takes_it_back(stable: bool, kind: str) -> None:
    pressed, undone = read("$1", raw(vote("7.2", stable=stable), kind)), read("$1", raw(vote(stable=stable), kind))
    assert pressed == Incoming("matrix", LEA, "$1", token="7.2", message="$poll")
    assert undone == Incoming("matrix", LEA, "$1", sort=Sort.UNDONE, message="$poll")


@pytest.mark.parametrize("content", [vote("7.0", "7.1"), vote(3), vote(None), {}, {"m.selections": ["7.0"]}])
def test_vote_that_names_no_one_answer_is_a_nod(content: Any) -> None:
    assert read("$1", raw(content, "m.poll.response")).sort is Sort.NODDED


def test_plain_vote_is_left_alone() -> None:
    assert read("$1", raw(vote("7.0"), "m.poll.response", encrypted=None)).sort is Sort.ELSEWHERE


def test_robots_are_left_alone() -> None:
    assert read("$1", raw({"msgtype": "m.notice", "body": "I am a robot"})) == nothing()


def test_room_of_more_than_two_is_left_alone() -> None:
    assert read("$1", raw(text("Salut"), direct=False)) == nothing()


@pytest.mark.parametrize(
    ("now", "before", "sort"),
    [
        ("leave", {"membership": "join"}, Sort.LEFT),
        ("ban", {"membership": "join"}, Sort.LEFT),
        ("leave", None, Sort.LEFT),
        ("join", {"membership": "invite"}, Sort.BACK),
    ],
)
def test_coming_and_going_is_read(now: str, before: Any, sort: Sort) -> None:
    moved = raw({"membership": now}, "m.room.member", state_key=LEA, unsigned={"prev_content": before})
    assert read("$1", moved) == Incoming("matrix", LEA, "$1", sort=sort)


def test_new_picture_is_neither_coming_nor_going() -> None:
    moved = raw({"membership": "join"}, "m.room.member", unsigned={"prev_content": {"membership": "join"}})
    assert read("$1", moved) == nothing()


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"event": 3},
        {"event": {"content": []}},
        raw(text("x")) | {"event": event(text("x")) | {"sender": "lea"}},
        raw(text("x")) | {"event": event(text("x")) | {"sender": 3}},
        raw(text("x")) | {"event": event(text("x")) | {"type": None}},
        raw({"msgtype": "m.text", "body": 3}),
        raw({"msgtype": "m.text"}),
        raw({}),
        raw(text("* x", **{"m.relates_to": {"rel_type": "m.replace"}})),
    ],
)
def test_what_has_no_shape_is_unreadable(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read("$1", broken)


def test_row_is_named_after_its_event() -> None:
    kept = event(text("x"))
    assert row(ROOM, kept, direct=True) == ("$1", {"room_id": ROOM, "event": kept, "direct": True})


@pytest.mark.parametrize("name", [None, 3, "", "x" * 300])
def test_row_without_a_name_is_named_after_its_content(name: Any) -> None:
    first, second = event(text("x")) | {"event_id": name}, event(text("y")) | {"event_id": name}
    assert row(ROOM, first, direct=True)[0] == row(ROOM, first, direct=True)[0]
    assert row(ROOM, first, direct=True)[0] != row(ROOM, second, direct=True)[0]


def test_row_of_what_could_not_be_read_has_a_name_of_its_own_and_no_content() -> None:
    name, kept = unreadable(ROOM, event({"ciphertext": "x"}, "m.room.encrypted"), direct=True)
    assert (name, kept["event"]["content"]) == ("$1/unread", {})
    assert read(name, kept).sort is Sort.SEALED
