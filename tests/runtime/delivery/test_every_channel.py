"""An alert of the gravest level goes out on every channel of its reader at once; e-mail comes last for all else."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.domain.channel import NotSent, Permanent, Sent, Unknown
from bot.domain.ladder import Closed
from bot.domain.level import Level
from bot.domain.messages import Letter
from bot.handlers.case.case import Matter, move_case, open_matter
from bot.handlers.case.sos import join_again
from bot.handlers.say.post import post, post_everywhere
from bot.handlers.sending.claim import claim
from bot.handlers.sending.outcome import settle
from bot.runtime.delivery import Delivery
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Address
from bot.store.stays import StayRow
from tests.runtime.delivery.conftest import Office
from tests.runtime.delivery.test_running import Slow

NONE: frozenset[str] = frozenset()
WAITS = "Hello,\n\nan alert waits for you in Compagnon: ▲ Right now."


def cry(tx: Tx, level: Level = Level.NOW) -> int:
    return open_matter(tx, tx.rows.get_one(StayRow, 1), Matter(level, "sos")).id


def mail_only(tx: Tx, ref: str) -> None:
    tx.rows.scalars(select(Address).where(Address.native == ref)).one().channel = "email"


def cry_again(tx: Tx) -> None:
    join_again(tx, tx.rows.get_one(CaseRow, 1), Matter(Level.NOW, "sos"))


def everywhere(office: Office, ref: str, text: str) -> None:
    office.db.run(post_everywhere, office.people[ref], Letter(text))


def heads(carried: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(native, "\n".join(text.split("\n")[:3])) for native, text in carried]


async def test_an_alert_of_the_gravest_level_goes_to_every_address_at_once(office: Office) -> None:
    office.add("mail", "luc")
    office.add("email", "luc")
    office.db.run(cry)

    taken = office.db.run(claim, NONE)

    assert taken.moved == 3
    assert sorted((each.channel, each.message.native, each.message.urgent) for each in taken.prepared) == [
        ("email", "luc", True), ("mail", "luc", True), ("web", "luc", True),
    ]  # fmt: skip


async def test_what_others_may_read_carries_the_level_and_nothing_else(office: Office) -> None:
    office.add("email", "luc")
    office.db.run(cry)

    await office.deliver()

    assert heads(office.email.take()) == [("luc", WAITS)]
    assert "Lina" in office.web.take()[0][1]


async def test_an_alert_of_another_level_is_one_message(office: Office) -> None:
    office.add("email", "nadia")
    office.db.run(cry, Level.FOLLOW_UP)
    office.db.run(cry, Level.TODAY)

    await office.deliver()

    assert (office.email.take(), [native for native, _text in office.web.take()]) == ([], ["nadia"])


async def test_a_channel_that_hangs_holds_up_no_other(office: Office) -> None:
    web, email = Slow(), Slow()
    email.name = "email"
    web.hold("alert")
    office.add("email", "luc")
    everywhere(office, "luc", "alert")
    delivery = Delivery(office.db, {"web": web, "email": email})
    async with asyncio.TaskGroup() as group, asyncio.timeout(10):
        group.create_task(delivery.run())
        await web.until("alert")
        await email.changed.wait()
        web.held["alert"].set()
        delivery.stop()

    assert ([text.split(",")[0] for text in email.began], office.states()) == (["Hello"], ["sent", "sent"])


async def test_mail_that_hangs_holds_up_no_chat_and_a_chat_that_hangs_keeps_its_order(office: Office) -> None:
    office.add("mail", "luc")
    office.add("email", "luc")
    everywhere(office, "luc", "alert")
    copies = office.db.run(claim, NONE).prepared
    office.put("luc", "behind it")
    while_all_hang = office.db.run(claim, NONE).prepared
    office.db.run(settle, [(each, Sent()) for each in copies if each.channel == "mail"])
    while_one_chat_hangs = office.db.run(claim, NONE).prepared
    office.db.run(settle, [(each, Sent()) for each in copies if each.channel == "web"])
    while_mail_hangs = office.db.run(claim, NONE).prepared

    assert (while_all_hang, while_one_chat_hangs) == ([], [])
    assert [(each.channel, each.message.text) for each in while_mail_hangs] == [("mail", "behind it")]


async def test_two_are_never_on_their_way_to_one_address_and_the_alert_goes_first(office: Office) -> None:
    office.add("email", "luc")
    office.put("luc", "an answer")
    everywhere(office, "luc", "alert")
    everywhere(office, "luc", "again")

    first = office.db.run(claim, NONE).prepared
    second = office.db.run(claim, NONE).prepared

    assert (sorted(each.channel for each in first), second) == (["email", "web"], [])
    assert [each.message.text for each in first if each.channel == "web"] == ["alert"]
    office.db.run(settle, [(each, Sent()) for each in first])
    await office.deliver()
    assert [text for _native, text in office.web.take()] == ["again", "an answer"]


async def test_a_copy_that_fails_is_tried_again_there_and_holds_up_nothing(office: Office) -> None:
    office.add("email", "luc")
    office.email.outcomes = [NotSent()] * 4
    everywhere(office, "luc", "alert")
    await office.deliver()
    office.put("luc", "an answer")

    await office.deliver()
    for _ in range(5):
        await office.deliver(minutes=5)

    assert [text for _native, text in office.web.take()] == ["alert", "an answer"]
    assert (len(office.email.take()), office.states()) == (5, ["sent", "sent", "sent"])


async def test_a_copy_for_an_address_where_nobody_is_ends_there(office: Office) -> None:
    office.add("email", "luc")
    office.email.outcomes = [Permanent("gone")]
    office.db.run(cry)

    await office.deliver()

    assert (office.states(), len(office.web.take()), len(office.email.take())) == (["sent", "failed"], 1, 1)
    assert office.ask(select(Address.state).where(Address.channel == "email")) == [("left",)]
    wakes = office.ask(select(CaseRow.wake_at))[0][0]
    assert wakes - office.clock.now() == timedelta(minutes=10), "luc was alerted: the case waits for him"


async def test_with_every_copy_gone_the_case_climbs_at_once(office: Office) -> None:
    office.add("email", "luc")
    office.web.outcomes, office.email.outcomes = [Permanent("blocked")], [Permanent("gone")]
    office.db.run(cry)

    await office.deliver()

    assert {native for native, _text in office.web.take()} == {"luc", "nadia"}


async def test_an_unknown_copy_goes_again_to_the_same_address(office: Office) -> None:
    office.add("email", "luc")
    office.email.outcomes = [Unknown()]
    everywhere(office, "luc", "alert")

    await office.deliver()
    await office.deliver(seconds=5)

    assert [text.startswith("(perhaps a repeat) Hello") for _native, text in office.email.take()] == [False, True]
    assert len(office.web.take()) == 1


async def test_a_copy_of_a_case_that_is_closed_meanwhile_does_not_leave(office: Office) -> None:
    office.add("email", "luc")
    office.email.outcomes = [NotSent()]
    number = office.db.run(cry)
    await office.deliver()
    office.db.run(lambda tx: move_case(tx, tx.rows.get_one(CaseRow, number), Closed(office.people["luc"], "settled")))

    await office.deliver(minutes=1)

    copies = select(OutboxRow.state).where(OutboxRow.bound).order_by(OutboxRow.id)
    assert (office.ask(copies), len(office.email.take())) == ([("sent",), ("expired",)], 1)


async def test_mail_comes_last_however_lately_it_was_used(office: Office) -> None:
    office.add("email", "luc")
    office.put("luc", "hello")

    await office.deliver()

    assert (office.web.take(), office.email.take()) == ([("luc", "hello")], [])


async def test_mail_is_taken_after_three_failures_in_the_chat(office: Office) -> None:
    office.add("email", "luc")
    office.put("luc", "secret words")
    office.web.outcomes = [NotSent()] * 3

    for _ in range(4):
        await office.deliver(minutes=1)

    assert heads(office.email.take()) == [("luc", "Hello,\n\na message waits for you in Compagnon.")]


async def test_who_has_mail_only_gets_it_there(office: Office) -> None:
    office.db.run(mail_only, "luc")
    office.db.run(cry)

    await office.deliver()

    assert heads(office.email.take()) == [("luc", WAITS)]


async def test_what_is_meant_for_mail_is_read_there_in_full(office: Office) -> None:
    office.db.run(mail_only, "luc")
    link = Letter("Your link: {url}", {"url": "https://x"}, public=True)
    office.db.run(lambda tx: post(tx, office.people["luc"], link, Lane.ANSWER).id)

    await office.deliver()

    assert office.email.take() == [("luc", "Your link: https://x")]


async def test_a_later_alert_that_cannot_wait_stands_in_the_chat_itself_and_in_mail_under_the_first(
    office: Office,
) -> None:
    office.add("email", "luc")
    office.db.run(cry)
    first = office.db.run(claim, NONE).prepared
    office.db.run(settle, [(each, Sent(f"<{each.channel}-1>")) for each in first])
    office.clock.move_to(office.clock.now() + timedelta(minutes=3))
    office.db.run(cry_again)

    second = office.db.run(claim, NONE).prepared

    assert [each.message.thread for each in first] == ["", ""]
    assert {each.channel: each.message.thread for each in second if each.person == office.people["luc"]} == {
        "web": "", "email": "<email-1>",
    }  # fmt: skip
