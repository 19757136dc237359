"""Fetched, made anew, sealed, kept; tried again, refused, given up; and whatever dies in between."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.domain.channel import NotSent, Permanent
from bot.domain.proof import Fault
from bot.handlers.conversation.file_collection import LEASE, keep, refuse, try_later
from bot.handlers.watch.wake import look
from bot.runtime.collection import Collection
from bot.store.db import Tx
from bot.store.keys import Unreadable
from bot.store.people import by_ref
from bot.store.proofs import ProofRow
from tests.handlers.conversation.hands import Hands, photo, stay_of
from tests.handlers.conversation.test_files import SEND, THANKS
from tests.journeys.driver import cancel

GONE = "Your file did not reach me, sorry. Can you send it once more? Or show it to Nadia Ferhaoui."
BROKEN = "I could not open this file: it seems damaged. Can you send it once more, or take a new photo?"
CLOSED = "This question is no longer open. Thank you all the same."


class Died(BaseException):
    """The process ends here."""


def asked(hands: Hands) -> None:
    hands.ask("lina", "agreement")
    hands.press("lina", "state", "have")
    hands.heard("lina")


def states(hands: Hands) -> list[tuple[str, str | None]]:
    return [(state, problem) for _item, state, problem, _native in hands.proofs()]


async def test_what_cannot_be_fetched_is_tried_again_after_pauses_that_double(hands: Hands) -> None:
    asked(hands)
    hands.send("lina", "photo-1", [NotSent(), NotSent(), NotSent(), photo()])
    start, seen = hands.clock.now(), []
    while (wake := hands.next_file()) is not None:
        hands.clock.move_to(max(wake, hands.clock.now()))
        seen.append((hands.clock.now() - start).total_seconds())
        assert await hands.collect() == 1
    assert seen == [0, 5, 15, 35]
    assert (states(hands), hands.heard("lina")) == ([("kept", None)], [THANKS])


async def test_a_platform_that_says_when_is_asked_then(quick: Hands) -> None:
    asked(quick)
    quick.send("lina", "photo-1", [NotSent(timedelta(minutes=7)), photo()])
    await quick.collect()
    assert quick.next_file() == quick.clock.now() + timedelta(minutes=7)


async def test_whoever_looks_is_told_when_there_is_a_file_to_fetch(quick: Hands) -> None:
    asked(quick)
    seen = [quick.db.run(look)]
    quick.send("lina", "photo-1", [NotSent(timedelta(minutes=7))])
    seen.append(quick.db.run(look))
    await quick.collect()
    seen.append(quick.db.run(look))
    without_keys = quick.db.run(lambda tx: look(replace(tx, keys=None)))

    later = quick.clock.now() + timedelta(minutes=7)
    assert [there.fetch for there in seen] == [False, True, False]
    assert [there.next == later for there in (*seen, without_keys)] == [False, False, True, False]


@pytest.mark.parametrize("given", [NotSent(), RuntimeError("a fault of the channel")])
async def test_after_a_day_the_learner_is_told_and_asked_again(quick: Hands, given: NotSent | RuntimeError) -> None:
    asked(quick)
    quick.send("lina", "photo-1", given)
    end = quick.clock.now() + timedelta(days=2)
    while (wake := quick.next_file()) is not None and wake < end:
        quick.clock.move_to(max(wake, quick.clock.now()))
        await quick.collect()
    assert (states(quick), quick.heard("lina")) == ([("given_up", "gone")], [GONE, SEND])
    assert quick.next_file() is None


@pytest.mark.parametrize(
    ("given", "problem", "state", "said"),
    [
        (Permanent("gone"), "gone", "given_up", GONE),
        (
            Permanent("too large"), "heavy", "refused",
            "This file is too heavy for me. A photo of the page is enough: send it as a photo, please.",
        ),
        (photo()[:200], "broken", "refused", BROKEN),
        (b"just words", "kind", "refused", "I can keep a photo or a PDF, nothing else. Can you send it as one of these?"),
    ],
)  # fmt: skip
async def test_what_cannot_be_kept_is_said_and_asked_again(
    quick: Hands, given: bytes | Permanent, problem: str, state: str, said: str
) -> None:
    asked(quick)
    quick.send("lina", "photo-1", given)
    await quick.collect()
    assert (states(quick), quick.heard("lina")) == ([(state, problem)], [said, SEND])
    quick.send("lina", "photo-2", photo())
    await quick.collect()
    assert quick.heard("lina") == [THANKS]


async def test_of_an_album_each_fault_is_told_once_and_what_is_good_is_kept(quick: Hands) -> None:
    asked(quick)
    quick.send("lina", "page-1", photo()[:200], album="a1")
    quick.send("lina", "page-2", photo(), album="a1")
    quick.send("lina", "page-3", photo()[:200], album="a1")
    await quick.collect()
    assert sorted(states(quick)) == [("kept", None), ("refused", "broken"), ("refused", "broken")]
    assert sorted(quick.heard("lina")) == sorted([THANKS, BROKEN])


@pytest.mark.parametrize("point", ["fetch", "fetched", "commit"])
async def test_a_file_on_its_way_when_the_process_dies_is_fetched_again(hands: Hands, point: str) -> None:
    asked(hands)
    hands.send("lina", "photo-1", photo())
    passed: list[str] = []

    def die(here: str) -> None:
        passed.append(here)
        if here == point and (point != "commit" or "fetched" in passed):
            raise Died

    hands.db.witness = die
    with pytest.raises(Died):
        await hands.collection.collect()
    hands.db.witness = lambda here: None
    hands.collection = Collection(hands.db, {"telegram": hands.cloud})
    assert (states(hands), await hands.collect()) == ([("wanted", None)], 0)
    assert await hands.collect(seconds=LEASE.total_seconds()) == 1
    assert (states(hands), hands.heard("lina")) == ([("kept", None)], [THANKS])


async def test_a_file_fetched_twice_is_kept_once(quick: Hands) -> None:
    asked(quick)
    quick.send("lina", "photo-1", photo())
    await quick.collect()
    quick.db.run(keep, 1, b"something else", "image/jpeg", 14)
    quick.db.run(refuse, 1, Fault.BROKEN)
    quick.db.run(try_later, 1, None)
    assert (states(quick), quick.heard("lina")) == ([("kept", None)], [THANKS])


async def test_two_processes_fetch_no_file_twice(hands: Hands) -> None:
    asked(hands)
    for number in range(3):
        hands.send("lina", f"page-{number}", photo(), album="a1")
    other = Collection(hands.db, {"telegram": hands.cloud})
    assert [await hands.collection.collect(), await other.collect()] == [3, 0]
    assert sorted(hands.cloud.fetched) == ["page-0", "page-1", "page-2"]


async def test_what_nobody_asks_for_any_more_is_not_kept(quick: Hands) -> None:
    asked(quick)
    quick.send("lina", "photo-1", photo())
    quick.db.run(lambda tx: cancel(tx, stay_of(tx, "lina").id))
    await quick.collect()
    assert (states(quick), quick.heard("lina")) == ([("refused", "no longer asked for")], [CLOSED])
    assert quick.rows(select(ProofRow.content)) == [(None,)]


async def test_a_file_for_a_channel_that_is_switched_off_waits(quick: Hands) -> None:
    asked(quick)
    quick.send("lina", "photo-1", photo())
    quick.collection = Collection(quick.db, {})
    assert await quick.collect() == 1
    assert states(quick) == [("wanted", None)]


def noise() -> bytes:
    """A picture that is like no other bytes on the disk."""
    made = io.BytesIO()
    Image.effect_noise((300, 200), 90).save(made, "JPEG")
    return made.getvalue()


def sealed(hands: Hands) -> tuple[int, bytes]:
    ((person, content),) = hands.rows(select(ProofRow.person_id, ProofRow.content))
    return person, content


async def test_nothing_of_a_file_is_in_the_database(quick: Hands) -> None:
    """The picture's own bytes, as they came and as they were made anew, are looked for in file and journal."""
    asked(quick)
    came = noise()
    quick.send("lina", "photo-1", came)
    await quick.collect()
    assert quick.db.keys is not None
    made = quick.db.keys.open(*sealed(quick))
    assert made.startswith(b"\xff\xd8")
    disk = quick.on_disk()
    assert b"agreement" in disk
    for content in (came, made):
        assert len(content) > 10_000
        assert not any(content[start : start + 32] in disk for start in range(2000, len(content) - 32, 32))


async def test_without_the_persons_key_a_backup_says_nothing(quick: Hands, keys_folder: Path) -> None:
    asked(quick)
    quick.send("lina", "photo-1", photo())
    await quick.collect()
    person, backup = sealed(quick)
    assert quick.db.keys is not None
    assert [path.name for path in (keys_folder / "people").iterdir()] == [f"{person}.key"]
    assert quick.db.keys.forget(person)
    with pytest.raises(Unreadable):
        quick.db.keys.open(person, backup)


async def test_keys_that_are_lost_do_not_lose_the_file(quick: Hands, keys_folder: Path) -> None:
    """The master keys were exchanged by mistake: the file stays with the channel until they are back."""
    asked(quick)
    quick.send("lina", "photo-1", photo())
    await quick.collect()
    (key,) = (keys_folder / "people").iterdir()
    right = key.read_bytes()
    key.write_bytes(b"damaged")
    quick.send("lina", "photo-2", photo())
    await quick.collect()
    assert states(quick) == [("kept", None), ("wanted", None)]
    key.write_bytes(right)
    await quick.collect(seconds=LEASE.total_seconds())
    assert states(quick) == [("kept", None), ("kept", None)]


async def test_an_erased_person_takes_their_files_along(quick: Hands) -> None:
    def erase(tx: Tx) -> None:
        tx.rows.delete(by_ref(tx.rows, "lina"))

    asked(quick)
    quick.send("lina", "photo-1", photo())
    quick.db.run(erase)
    await quick.collect()
    assert quick.proofs() == []
