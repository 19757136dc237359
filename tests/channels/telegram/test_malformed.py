"""Updates of no shape that we know: refused one by one, without a word of what they held."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram import key_of
from bot.channels.telegram.keys import KEPT, kept, next_offset, number_of
from bot.channels.telegram.reading import read
from bot.domain.channel import Unreadable, storable
from bot.domain.messages import Incoming, Sort
from tests.properties import tried

CHAT = {"id": 5, "type": "private", "first_name": "Inès"}
SENDER = {"id": 5, "is_bot": False, "first_name": "Inès"}
MESSAGE: dict[str, Any] = {"message_id": 1, "date": 1, "chat": CHAT, "from": SENDER, "text": "secret"}
QUERY: dict[str, Any] = {"id": "1", "from": SENDER, "chat_instance": "1", "data": "1.1", "message": MESSAGE}
PHOTO: dict[str, Any] = {"file_id": "P", "file_unique_id": "p", "width": 1, "height": 1}


def without(message: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in names}


MALFORMED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "only a number": {"update_id": 1},
    "nothing we know": {"update_id": 1, "hologram": {"secret": 1}},
    "message is a text": {"update_id": 1, "message": "secret"},
    "message is a list": {"update_id": 1, "message": ["secret"]},
    "message is null": {"update_id": 1, "message": None},
    "message is empty": {"update_id": 1, "message": {}},
    "no chat": {"update_id": 1, "message": without(MESSAGE, "chat")},
    "no sender": {"update_id": 1, "message": without(MESSAGE, "from")},
    "no date": {"update_id": 1, "message": without(MESSAGE, "date")},
    "no message id": {"update_id": 1, "message": without(MESSAGE, "message_id")},
    "date of another world": {"update_id": 1, "message": MESSAGE | {"date": 10**30}},
    "date is words": {"update_id": 1, "message": MESSAGE | {"date": "secret"}},
    "words are a number": {"update_id": 1, "message": MESSAGE | {"text": 5}},
    "words are a list": {"update_id": 1, "message": MESSAGE | {"text": ["secret"]}},
    "chat is a number": {"update_id": 1, "message": MESSAGE | {"chat": 5}},
    "chat id is a text": {"update_id": 1, "message": MESSAGE | {"chat": CHAT | {"id": "5"}}},
    "chat id is true": {"update_id": 1, "message": MESSAGE | {"chat": CHAT | {"id": True}}},
    "chat id is a fraction": {"update_id": 1, "message": MESSAGE | {"chat": CHAT | {"id": 5.5}}},
    "private chat with a group's id": {"update_id": 1, "message": MESSAGE | {"chat": CHAT | {"id": -5}}},
    "message id is a text": {"update_id": 1, "message": MESSAGE | {"message_id": "secret"}},
    "photo is a number": {"update_id": 1, "message": without(MESSAGE, "text") | {"photo": 5}},
    "photo without a name": {
        "update_id": 1,
        "message": without(MESSAGE, "text") | {"photo": [without(PHOTO, "file_id")]},
    },
    "document is a text": {"update_id": 1, "message": without(MESSAGE, "text") | {"document": "secret"}},
    "press without a sender": {"update_id": 1, "callback_query": without(QUERY, "from")},
    "press that says nothing": {"update_id": 1, "callback_query": without(QUERY, "data")},
    "press of a number": {"update_id": 1, "callback_query": QUERY | {"data": 5}},
    "change without a status": {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": SENDER, "date": 1}},
    "entities are a text": {"update_id": 1, "message": MESSAGE | {"entities": "secret"}},
}


@pytest.mark.parametrize("shape", MALFORMED)
def test_a_malformed_update_is_refused_without_a_word_of_it(shape: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read("key", MALFORMED[shape])

    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


JUNK = st.sampled_from((None, True, -1, 0, 1.5, 10**30, "", "secret", "\ud800", "\x00", [], [None], {}, {"id": 5}))


def spoilt(value: Any, way: list[int], junk: Any) -> Any:
    """The same with one thing in it replaced, found by going down this way."""
    if not way or not isinstance(value, dict | list) or not value:
        return junk
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    place = places[way[0] % len(places)]
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[place] = spoilt(value[place], way[1:], junk)
    return changed


WHOLE = (
    {"update_id": 1, "message": MESSAGE | {"reply_to_message": MESSAGE, "media_group_id": "1", "entities": []}},
    {"update_id": 1, "edited_message": without(MESSAGE, "text") | {"photo": [PHOTO], "caption": "secret"}},
    {"update_id": 1, "message": MESSAGE | {"forward_origin": {"type": "user", "date": 1, "sender_user": SENDER}}},
    {"update_id": 1, "callback_query": QUERY},
    {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": SENDER, "date": 1, "old_chat_member": {"status": "member", "user": SENDER}, "new_chat_member": {"status": "kicked", "user": SENDER, "until_date": 0}}},
)  # fmt: skip


def told(raw: Any) -> Incoming | str:
    """What is read, or why it is refused."""
    try:
        return read(key_of(raw), json.loads(json.dumps(kept(raw))))
    except Unreadable as problem:
        return str(problem)


@settings(max_examples=tried(100, 10_000))
@given(st.sampled_from(WHOLE), st.lists(st.integers(0, 20), min_size=1, max_size=5), JUNK)
def test_whatever_is_spoilt_it_is_read_or_refused_and_can_be_stored(whole: Any, way: list[int], junk: Any) -> None:
    read_or_refused = told(spoilt(whole, way, junk))

    if isinstance(read_or_refused, str):
        assert "secret" not in read_or_refused
        return
    assert read_or_refused.sort is Sort.ELSEWHERE or read_or_refused.address.isdecimal()
    texts = (read_or_refused.text, read_or_refused.token, read_or_refused.album, read_or_refused.language)
    assert [storable(text) for text in texts] == list(texts)


UNNUMBERED: tuple[object, ...] = (None, 5, "secret", ["secret"], {}, {"update_id": "5"}, {"update_id": True})
BEYOND: tuple[object, ...] = ({"update_id": 2**31}, {"update_id": -1}, {"update_id": 1.5}, {"update_id": None})


@pytest.mark.parametrize("raw", UNNUMBERED + BEYOND)
def test_what_is_no_update_is_kept_to_be_quarantined(raw: object) -> None:
    assert (number_of(raw), next_offset([raw]), list(kept(raw))) == (None, None, ["malformed"])
    with pytest.raises(Unreadable):
        read(key_of(raw), kept(raw))


def test_of_a_long_malformed_update_a_page_is_kept() -> None:
    assert len(kept("x" * 10_000)["malformed"]) == KEPT


def test_the_order_of_keys_makes_no_other_update() -> None:
    assert key_of({"update_id": 5, "message": MESSAGE}) == key_of({"message": MESSAGE, "update_id": 5})


def test_the_same_number_with_other_words_is_another_update() -> None:
    first, second = ({"update_id": 5, "message": MESSAGE | {"text": text}} for text in ("one", "two"))

    assert key_of(first).partition(":")[0] == key_of(second).partition(":")[0] == "5"
    assert key_of(first) != key_of(second)


def test_the_offset_follows_the_batch_alone() -> None:
    assert next_offset([{"update_id": 9}, {"update_id": 3}, "secret", {}]) == 10
