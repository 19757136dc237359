"""What a person sent, of every sort there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.reading import read as read_with_its_instant
from bot.domain.messages import Attached, Incoming, Sort, Unseen
from tests.telegram_server import TelegramServer, User


def read(native: str, raw: dict[str, Any]) -> Incoming:
    """Without the instant, which has a test of its own."""
    return replace(read_with_its_instant(native, raw), at=None)


def only(server: TelegramServer) -> dict[str, Any]:
    """The one update that waits."""
    (update,) = server.updates.pending
    return update


def heard(user: User, **said: Any) -> Incoming:
    return Incoming("telegram", str(user.id), "key", language="fr", **said)


def written(user: User, **said: Any) -> Incoming:
    """A message bears its sender's account name; a press and a departure do not."""
    return heard(user, account="Inès", **said)


ELSEWHERE = Incoming("telegram", "", "key", sort=Sort.ELSEWHERE)


def test_words_are_read_with_their_language(server: TelegramServer, ines: User) -> None:
    said = ines.says("  Bonjour \x00 ")

    assert read("key", only(server)) == written(ines, text="Bonjour", message=str(said.id))


def test_a_command_that_names_the_bot_is_that_command(server: TelegramServer, ines: User) -> None:
    ines.says("/sos@compagnon_test_bot")
    ines.says("/start@compagnon_test_bot code@x")
    ines.says("mail me: a@b.eu")

    texts = [read("key", update).text for update in server.updates.pending]
    assert texts == ["/sos", "/start code@x", "mail me: a@b.eu"]


def test_an_edit_bears_the_id_of_the_message_it_changes(server: TelegramServer, ines: User) -> None:
    said = ines.says("Good")
    server.updates.forget_all()
    ines.edits(said, "Bad")

    assert read("key", only(server)) == written(ines, text="Bad", message=str(said.id), edited=True)


def test_a_reply_names_the_message_of_ours(server: TelegramServer, ines: User) -> None:
    question = ines.chat.add({"from": server.bot, "text": "How are you?"}, None)
    reply = ines.replies(question, "Well")
    own = ines.replies(reply, "Very")

    answers = [read("key", update) for update in server.updates.pending]

    assert answers == [
        written(ines, text="Well", message=str(reply.id), reply_to=str(question.id)),
        written(ines, text="Very", message=str(own.id)),
    ]


def test_a_press_carries_its_token_and_the_message_it_is_under(server: TelegramServer, ines: User) -> None:
    asked = question(server, ines)
    ines.presses("Yes")

    assert read("key", only(server)) == heard(ines, token="7.1", reply_to=str(asked))


def test_a_press_under_a_deleted_message_is_a_press(server: TelegramServer, ines: User) -> None:
    asked = question(server, ines)
    shown = ines.chat.find(asked)
    assert shown is not None
    shown.deleted = True
    ines.presses("Yes", shown)

    assert read("key", only(server)) == heard(ines, token="7.1", reply_to=str(asked))


def question(server: TelegramServer, user: User) -> int:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "7.1"}]]}
    return user.chat.add({"from": server.bot, "text": "Ready?", "reply_markup": keyboard}, None).id


def test_of_a_photo_the_largest_size_is_taken_wherever_it_stands(server: TelegramServer, ines: User) -> None:
    said = ines.sends_photo(b"x" * 900, caption="My form", album="42")
    update = only(server)
    sizes = update["message"]["photo"]
    largest = max(sizes, key=lambda size: size["width"] * size["height"])
    update["message"]["photo"] = [largest, *(size for size in sizes if size is not largest)]

    file = Attached(largest["file_id"], "image/jpeg", 900)
    assert read("key", update) == written(ines, text="My form", file=file, album="42", message=str(said.id))


def test_a_document_says_what_it_is(server: TelegramServer, ines: User) -> None:
    said = ines.sends_document(b"%PDF", "a.pdf", "application/pdf")
    name = only(server)["message"]["document"]["file_id"]

    file = Attached(name, "application/pdf", 4)
    assert read("key", only(server)) == written(ines, file=file, message=str(said.id))


UNREADABLE_HERE: dict[str, Callable[[User], object]] = {
    "sticker": lambda user: user.sends_sticker(),
    "voice": lambda user: user.sends_voice(),
    "location": lambda user: user.sends_location(),
    "somebody's contact": lambda user: user.sends_contact("+33600000000", "Papa"),
    "own contact": lambda user: user.sends_contact("+33600000000", "Inès"),
}


@pytest.mark.parametrize("kind", UNREADABLE_HERE)
def test_what_nobody_can_read_here_is_another_sort(server: TelegramServer, ines: User, kind: str) -> None:
    UNREADABLE_HERE[kind](ines)

    unseen = {"voice": Unseen.VOICE, "location": Unseen.PLACE}.get(kind)
    update = only(server)
    said = update["message"].get("voice")
    file = Attached(said["file_id"], "audio/ogg", 4) if said else None
    assert read("key", update) == written(ines, sort=Sort.OTHER, message="2", unseen=unseen, file=file)


VIDEO = {"file_id": "V", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}
FILE = {"file_id": "D", "file_unique_id": "d"}
MORE: dict[str, dict[str, Any]] = {
    "video": {"video": VIDEO},
    "round video": {"video_note": {"file_id": "V", "file_unique_id": "v", "length": 1, "duration": 1}},
    "moving picture": {"animation": VIDEO, "document": FILE},
    "music": {"audio": {**FILE, "duration": 1}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
    "something newer than we are": {"hologram": {"id": 1}},
}


@pytest.mark.parametrize("kind", MORE)
def test_so_are_the_rarer_kinds(server: TelegramServer, ines: User, kind: str) -> None:
    ines.says("x")
    update = only(server)
    del update["message"]["text"], update["message"]["date"]
    update["message"] |= {"date": 1, **MORE[kind]}

    unseen = {"video": Unseen.VIDEO, "round video": Unseen.VIDEO, "music": Unseen.VOICE}.get(kind)
    assert read("key", update) == written(ines, sort=Sort.OTHER, message="2", unseen=unseen)


def test_words_under_a_video_are_kept_because_they_may_be_a_cry(server: TelegramServer, ines: User) -> None:
    ines.says("x")
    update = only(server)
    del update["message"]["text"]
    update["message"] |= {"video": VIDEO, "caption": "SOS"}

    assert read("key", update) == written(ines, text="SOS", sort=Sort.OTHER, message="2", unseen=Unseen.VIDEO)


def test_somebody_elses_words_are_not_kept(server: TelegramServer, ines: User) -> None:
    said = ines.forwards("SOS", "A stranger")

    assert read("key", only(server)) == heard(ines, sort=Sort.FORWARD, message=str(said.id))


def test_blocking_and_coming_back(server: TelegramServer, ines: User) -> None:
    ines.blocks()
    ines.unblocks()

    sorts = [read("key", update) for update in server.updates.pending]
    assert sorts == [heard(ines, sort=Sort.LEFT), heard(ines, sort=Sort.BACK)]


def elsewhere(server: TelegramServer, ines: User) -> None:
    """Everything that is no private conversation."""
    group = server.group("Class")
    group.add_bot(ines)
    ines.says("SOS", group)
    ines.edits(ines.says("/start", group), "edited")
    ines.sends_photo(b"xx", chat=group)
    group.migrate(ines)
    server.channel_post("News")
    ines.types_inline("help")


def test_groups_channels_and_inline_queries_are_elsewhere(server: TelegramServer, ines: User) -> None:
    elsewhere(server, ines)

    assert [read("key", update) for update in server.updates.pending] == [ELSEWHERE] * 10


HAPPENED: tuple[dict[str, Any], ...] = (
    {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
    {"write_access_allowed": {}},
)


@pytest.mark.parametrize("fact", HAPPENED)
def test_what_nobody_wrote_is_elsewhere(server: TelegramServer, ines: User, fact: dict[str, Any]) -> None:
    ines.says("x")
    update = only(server)
    del update["message"]["text"]
    update["message"] |= fact

    assert read("key", update) == ELSEWHERE


def test_another_bot_is_elsewhere(server: TelegramServer, ines: User) -> None:
    ines.says("SOS")
    update = only(server)
    update["message"]["from"] = {**update["message"]["from"], "is_bot": True}

    assert read("key", update) == ELSEWHERE


def test_somebody_in_another_persons_chat_is_elsewhere(server: TelegramServer, ines: User) -> None:
    ines.says("Hello")
    update = only(server)
    update["message"]["from"] = server.user("Tom").shape

    assert read("key", update) == ELSEWHERE


def test_when_something_was_written_telegram_says(server: TelegramServer, ines: User) -> None:
    ines.says("Good")
    raw = only(server)
    raw["message"]["date"] = 1_800_000_000
    edited = {"update_id": 2, "edited_message": raw["message"] | {"edit_date": 1_800_000_060}}

    instants = [read_with_its_instant("key", update).at for update in (raw, edited)]
    assert instants == [datetime.fromtimestamp(second, UTC) for second in (1_800_000_000, 1_800_000_060)]
