"""Nobody knows whether it arrived: what goes once more, what does not, and when an alert is given up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.channel import NotSent, Unknown
from bot.handlers.sending.outcome import DOUBTS, FAILURES, OFTEN, PATIENCE
from bot.store.cases import CaseRow
from bot.store.messages import Lane
from tests.handlers.sending.test_outcome import LINAS
from tests.runtime.delivery.conftest import Office


async def test_an_alert_of_unknown_outcome_goes_again_marked_and_not_for_ever(office: Office) -> None:
    office.put("luc", "SOS", Lane.ALERT)
    office.web.outcomes = [Unknown()] * 20

    for _ in range(DOUBTS + 3):
        await office.deliver(minutes=15)

    again = ("luc", "(perhaps a repeat) SOS")
    assert office.web.take() == [("luc", "SOS"), *[again] * (DOUBTS - 1)]
    assert office.states() == ["unknown"]


async def test_an_alert_is_not_given_up_for_a_day_in_which_it_was_hardly_tried(office: Office) -> None:
    office.put("luc", "SOS", Lane.ALERT)
    office.web.outcomes = [NotSent()] * OFTEN
    for _ in range(FAILURES):
        await office.deliver(minutes=15)

    await office.deliver(hours=30)
    after_a_leap = office.states()
    for _ in range(OFTEN):
        await office.deliver(minutes=15)

    assert (after_a_leap, office.states()) == (["pending"], ["sent"])


async def test_an_alert_that_was_tried_for_a_day_is_given_up_and_is_an_adults_task(office: Office) -> None:
    office.put("luc", "SOS", Lane.ALERT)
    office.web.outcomes = [NotSent()] * 200

    until = 0
    while office.states()[0] == "pending" and until < 200:
        await office.deliver(minutes=15)
        until += 1

    assert (office.states()[0], timedelta(minutes=15) * until) == ("failed", PATIENCE)


async def test_an_alert_that_failed_often_enough_is_given_up_at_its_next_failure(office: Office) -> None:
    office.put("luc", "SOS", Lane.ALERT)
    office.web.outcomes = [NotSent()] * (OFTEN + 1)
    for _ in range(OFTEN):
        await office.deliver(minutes=15)
    before = office.states()

    await office.deliver(hours=30)

    assert (before, office.states()[0]) == (["pending"], "failed")


async def test_a_reminder_of_unknown_outcome_does_not_go_again_and_is_an_adults_task(office: Office) -> None:
    office.put("lina", "hello", Lane.PROMPT, LINAS)
    office.web.outcomes = [Unknown()]

    await office.deliver()
    await office.deliver(hours=2)

    assert office.web.take()[0] == ("lina", "hello")
    assert office.states()[0] == "unknown"
    assert office.ask(select(CaseRow.topic)) == [("undelivered",)]
    assert [native for native, _text in office.web.take()] == []


async def test_an_answer_of_unknown_outcome_goes_once_more_because_somebody_waits(office: Office) -> None:
    office.put("lina", "hello", Lane.ANSWER, LINAS)
    office.web.outcomes = [Unknown(), Unknown()]

    await office.deliver()
    await office.deliver(minutes=5)
    await office.deliver(hours=2)

    assert office.web.take()[:2] == [("lina", "hello"), ("lina", "hello")]
    assert office.states()[0] == "unknown"


@pytest.mark.parametrize("lane", [Lane.ALERT, Lane.ANSWER, Lane.PROMPT])
async def test_on_a_channel_that_shows_nothing_twice_the_same_goes_again_until_it_is_known(
    office: Office, lane: Lane
) -> None:
    office.web.repeatable = True
    office.put("luc", "hello", lane)
    office.web.outcomes = [Unknown(), RuntimeError("a library's bug"), Unknown()]

    for _ in range(5):
        await office.deliver(minutes=5)

    assert office.web.take() == [("luc", "hello")] * 4
    assert office.states() == ["sent"]
