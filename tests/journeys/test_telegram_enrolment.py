"""Coming to the bot on Telegram: by link, pending until confirmed, not before sixteen, again from another phone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.handlers.people.invitations import claim
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Address, Invitation
from tests.journeys.on_telegram import Telegraph


async def test_a_stranger_hears_who_we_are_and_nothing_of_theirs_is_kept(bot: Telegraph) -> None:
    await bot.say("mallory", "hello?")

    assert bot.heard("mallory") == [
        "Hello, I am Compagnon, a robot. I only talk with people whom their school has invited: open the link or the "
        "QR code it gave you. In danger, call 112."
    ]
    assert bot.ask(select(Address.native)) == []
    assert bot.ask(select(InboxRow.state, InboxRow.raw, InboxRow.person_id)) == [("handled", {}, None)]


async def test_a_stranger_who_insists_is_not_answered_for_ever(bot: Telegraph) -> None:
    for _ in range(12):
        await bot.say("mallory", "hello?")

    assert len(bot.heard("mallory")) == 5


async def test_a_claim_waits_for_the_coordinator_and_shows_nothing_before(bot: Telegraph) -> None:
    await bot.join("nadia")
    bot.heard("nadia")
    bot.phone("noemie").starts(await bot.code("noemie"))
    await bot.settle()

    said = bot.heard("noemie")
    asked = bot.heard("nadia")
    await bot.say("noemie", "and now?")
    waiting = bot.heard("noemie")
    await bot.press("nadia", "Yes, it is them")

    assert said == [
        "Thank you. Your coordinator now says whether it is really you; then we begin here. It can take until the "
        "next working day. In danger, call 112.\n"
        "Your two check words: judo oasis. Say them to your coordinator, who sees the same."
    ]
    assert asked == [
        "Noémie Abadie has just opened their invitation (Telegram: Noemie). Is it really them? Nothing is shown before you "
        "say so.\n"
        "Whoever it is sees two words on their screen. Right are: judo oasis. [Yes, it is them] [No, it is not]"
    ]
    assert waiting == [
        "Your coordinator has not yet said that it is really you. As soon as they have, we begin here. In danger, call 112.\n"
        "Your two check words: judo oasis. Say them to your coordinator, who sees the same."
    ]
    assert bot.heard("noemie")[0].startswith("Hi Noémie, I am Compagnon")
    assert bot.phones["nadia"].chat.messages[-2].text.endswith("✔ Yes, it is them")


async def test_a_refused_claim_can_be_made_again_with_a_new_code(bot: Telegraph) -> None:
    await bot.join("nadia")
    bot.phone("noemie").starts(await bot.code("noemie"))
    await bot.settle()
    await bot.press("nadia", "No, it is not")
    bot.heard("noemie")

    await bot.say("noemie", "hello?")
    turned_away = bot.heard("noemie")
    bot.phone("noemie").starts(await bot.code("noemie", trusted=True))
    await bot.settle()

    assert turned_away[0].startswith("Hello, I am Compagnon, a robot.")
    assert bot.heard("noemie")[0].startswith("Hi Noémie, I am Compagnon")


async def test_before_sixteen_the_page_is_offered_and_nothing_is_stored(bot: Telegraph) -> None:
    code = await bot.code("lina", trusted=True)  # fifteen
    bot.phone("lina", "fr").starts(code)
    await bot.settle()

    (said,) = bot.heard("lina")
    assert said.startswith("Telegram is for people of 16 or older.")
    assert f"/j/{code}" in said
    assert bot.ask(select(Address.native)) == []
    assert bot.ask(select(Invitation.used_at)) == [(None,)]
    assert bot.ask(select(InboxRow.raw, InboxRow.person_id)) == [({}, None)]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda code: code[:-1] + ("A" if code[-1] != "A" else "B"), "This link is not right"),
        (lambda code: code, "This link has already been used"),
    ],
)
async def test_a_code_that_is_no_good_is_said_kindly(bot: Telegraph, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    code = await bot.code("noemie", trusted=True)
    bot.phone("noemie").starts(code)
    await bot.settle()
    bot.phone("mallory").starts(spoil(code))
    await bot.settle()

    assert bot.heard("mallory")[0].startswith(said)
    assert [row[1] for row in bot.addresses("noemie")] == [str(bot.phones["noemie"].id)]


async def test_a_code_is_too_old_after_three_days(bot: Telegraph) -> None:
    code = await bot.code("noemie")
    await bot.later(hours=73)
    bot.phone("noemie").starts(code)
    await bot.settle()

    assert bot.heard("noemie")[0].startswith("This link is too old")


async def test_a_new_account_takes_the_place_of_the_old_one(bot: Telegraph) -> None:
    await bot.enrol("noemie")
    old = bot.phones.pop("noemie")
    await bot.join("noemie")
    old.says("still here?")
    await bot.settle()

    assert [state for _channel, _native, state in bot.addresses("noemie")] == ["revoked", "confirmed"]
    assert bot.heard("noemie")[0] == "Good to see you again, Noémie. We go on here."
    assert old.heard()[0].startswith("Hello, I am Compagnon, a robot.")


async def test_the_same_link_once_more_from_the_same_phone_goes_on(bot: Telegraph) -> None:
    code = await bot.code("noemie", trusted=True)
    bot.phone("noemie").starts(code)
    await bot.settle()
    bot.heard("noemie")
    bot.phone("noemie").starts(code)
    await bot.settle()

    assert [state for _channel, _native, state in bot.addresses("noemie")] == ["confirmed"]
    assert bot.heard("noemie")[0].startswith("Hi Noémie, I am Compagnon")


async def test_somebody_elses_link_opens_nothing_in_a_conversation(bot: Telegraph) -> None:
    await bot.enrol("noemie")
    code = await bot.code("martina", trusted=True)
    bot.phones["noemie"].starts(code)
    await bot.settle()

    assert bot.heard("noemie") == [
        "This link is not for this conversation. Whoever it was made for opens it with their own account or device. "
        "We go on here as before. [We share it] [No, it is mine alone]"
    ]
    assert bot.addresses("martina") == []


async def test_one_person_on_two_channels_is_answered_where_they_wrote_last(bot: Telegraph) -> None:
    await bot.enrol("noemie")
    page = await bot.code("noemie", trusted=True)
    await bot.do(claim, page, "web", "a browser")
    bot.heard("noemie")
    await bot.app.receive("web", "first", {"address": "a browser", "text": "/next"})
    await bot.settle()
    on_the_page = bot.heard("noemie")
    await bot.later(minutes=1)
    await bot.say("noemie", "/next")

    assert on_the_page == []
    assert len(bot.heard("noemie")) == 1
    assert {channel for channel, _native, state in bot.addresses("noemie") if state == "confirmed"} == {
        "telegram",
        "web",
    }


async def test_stop_and_coming_back(bot: Telegraph) -> None:
    await bot.enrol("noemie")
    await bot.say("noemie", "/stop")
    stopped = bot.heard("noemie")
    await bot.until("2027-03-07 12:00")
    silent = bot.heard("noemie")
    await bot.say("noemie", "/start")

    assert stopped[-1].startswith("All right, I write no more of my own accord.")
    assert silent == []
    assert bot.heard("noemie")[0].startswith("Hi Noémie, I am Compagnon")


async def test_who_blocks_the_bot_is_a_task_at_once_and_back_with_a_word(bot: Telegraph) -> None:
    await bot.join("nadia")
    await bot.enrol("noemie")
    bot.heard("nadia")
    bot.phones["noemie"].blocks()
    await bot.settle()
    told = bot.heard("nadia")
    blocked = bot.addresses("noemie")[-1][2]
    bot.phones["noemie"].unblocks()
    bot.phones["noemie"].says("/next")
    await bot.settle()

    assert (len(told), "My messages no longer reach Noémie A." in told[0]) == (1, True)
    assert blocked == "left"
    assert bot.addresses("noemie")[-1][2] == "confirmed"
    assert bot.heard("noemie")[-1].startswith("Next:")
    assert bot.heard("nadia") == []
    shown = str(bot.phones["nadia"].chat.messages[-1])
    assert shown.endswith("\n✔ Closed, Monday 1 Mar 09:00 (has answered) [Reopen]")


async def test_blocked_before_it_was_told_is_found_out_when_sending(bot: Telegraph) -> None:
    await bot.join("nadia")
    await bot.enrol("noemie")
    bot.phones["noemie"].blocks()
    bot.server.updates.forget_all()  # the platform never says so
    await bot.until("2027-03-06 21:00")

    assert bot.addresses("noemie")[-1][2] == "left"
    problems = select(OutboxRow.problem).where(OutboxRow.state == "failed").order_by(OutboxRow.id)
    assert bot.ask(problems)[0] == ("blocked",)
    assert any("My messages no longer reach Noémie A." in text for text in bot.heard("nadia"))
