"""The balance: the certificate against the agreement, and what still has to be there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.balance import (
    Certificate,
    Compared,
    Fault,
    Outcome,
    Remark,
    agreed_days,
    certified,
    compared,
    counts,
    gain,
    read_certificate,
    standing,
)
from bot.domain.programme.check import check
from bot.domain.stay import Ended, Track
from tests.domain.stays import LEIPZIG
from tests.example import example

PROGRAMME = example()
GATE = PROGRAMME.outgoing.balance
assert GATE is not None
FIRST, LAST = date(2027, 3, 8), date(2027, 3, 26)
AGREED = (FIRST, LAST)
STAY = replace(LEIPZIG, birth=date(2010, 6, 19))
WEEK = timedelta(days=7)


def whole(first: date = FIRST, last: date = LAST) -> Certificate:
    return Certificate(Outcome.COMPLETED, first, last)


@pytest.mark.parametrize(
    ("track", "weeks", "certificate", "expected"),
    [
        (Track.VET, 3, whole(), Compared(19, 19, ())),
        (Track.VET, 3, whole(last=LAST - timedelta(days=5)), Compared(19, 14, ())),
        (Track.VET, 3, whole(last=LAST - timedelta(days=6)), Compared(19, 13, (Remark.DIFFERS,))),
        (Track.VET, 3, whole(last=LAST + timedelta(days=6)), Compared(19, 25, (Remark.DIFFERS,))),
        (Track.VET, 3, whole(last=FIRST + timedelta(days=8)), Compared(19, 9, (Remark.DIFFERS, Remark.TOO_SHORT))),
        (Track.VET, 3, Certificate(Outcome.NO_SHOW), Compared(19, 0, (Remark.DIFFERS, Remark.TOO_SHORT))),
        (Track.VET, 9, whole(last=LAST + 6 * WEEK - WEEK - timedelta(days=1)), Compared(61, 53, (Remark.DIFFERS, Remark.BELOW_TARGET))),
        (Track.HED, 9, whole(last=LAST + 6 * WEEK - timedelta(days=2)), Compared(61, 59, (Remark.TOO_SHORT,))),
    ],
)  # fmt: skip
def test_days_are_compared_with_the_agreement_the_minimum_and_the_target(
    track: Track, weeks: int, certificate: Certificate, expected: Compared
) -> None:
    last = LAST + (weeks - 3) * WEEK
    agreed = (FIRST, last)
    assert compared(PROGRAMME, replace(STAY, track=track, end=last), agreed, certificate) == expected


def test_dates_that_cannot_be_are_refused_with_their_reason() -> None:
    def tried(first: date, last: date, today: date = date(2027, 4, 1)) -> Certificate | Fault:
        assert GATE is not None
        return certified(GATE, STAY, AGREED, first, last, today)

    assert tried(LAST, FIRST) is Fault.BACKWARDS
    assert tried(FIRST, LAST, today=LAST - timedelta(days=1)) is Fault.FUTURE
    assert tried(FIRST.replace(year=2026), LAST.replace(year=2026)) is Fault.ELSEWHEN
    assert tried(FIRST, LAST, today=LAST) == whole()
    assert tried(FIRST, LAST - timedelta(days=6)) == Certificate(Outcome.PARTLY, FIRST, LAST - timedelta(days=6))


@given(st.sampled_from(Outcome), st.dates(), st.dates())
def test_what_is_kept_is_read_again(outcome: Outcome, first: date, last: date) -> None:
    kept = Certificate(outcome) if outcome is Outcome.NO_SHOW else Certificate(outcome, first, last)
    assert read_certificate(kept.written()) == kept
    assert [read_certificate(other) for other in (None, "", "B1")] == [None, None, None]


def test_an_early_return_does_not_change_what_was_agreed_and_an_extension_does() -> None:
    shortened = replace(STAY, end=date(2027, 3, 15), back=date(2027, 3, 15))
    before = {"start": "2027-03-08", "end": "2027-03-26", "back": "2027-03-27"}
    assert agreed_days(shortened, [("early_return", before)]) == AGREED
    assert agreed_days(shortened, [("force_majeure", before)]) == AGREED
    longer = replace(STAY, end=date(2027, 4, 2))
    assert agreed_days(longer, [("extension", before)]) == (FIRST, date(2027, 4, 2))
    assert agreed_days(longer, [("early_return", before), ("extension", before)]) == (FIRST, date(2027, 4, 2))


def test_the_balance_waits_for_each_proof_and_a_tick_is_none() -> None:
    seen: dict[str, tuple[str, str | None]] = {"attestation": ("declared", None), "duration_check": ("done", None)}
    found = standing(PROGRAMME, STAY, seen, AGREED)
    assert found is not None
    assert [(item.id, state) for item, state in found.missing] == [
        ("attestation", "declared"),
        ("duration_check", "done"),
        ("europass", "todo"),
        ("report", "todo"),
    ]
    all_there = dict.fromkeys(("attestation", "europass", "report"), ("done", None))
    all_there |= {"duration_check": ("done", whole().written())}  # type: ignore[dict-item]
    ready = standing(PROGRAMME, STAY, all_there, AGREED)
    paid = standing(PROGRAMME, STAY, {**all_there, "balance": ("done", None)}, AGREED)
    assert ready is not None
    assert paid is not None
    assert (ready.ready, ready.missing, ready.certificate, ready.compared) == (True, (), whole(), Compared(19, 19, ()))
    assert (paid.ready, paid.paid) == (False, True)
    assert standing(PROGRAMME, replace(STAY, tags=frozenset({"services_grant"})), all_there, AGREED) is None


def test_a_balance_is_a_question_once_the_activity_is_over() -> None:
    cases = [(None, LAST - timedelta(days=1)), (None, LAST), (Ended.BROKEN_OFF, FIRST), (Ended.WITHDRAWN, LAST + WEEK)]
    assert [counts(replace(STAY, ended=ended), day) for ended, day in cases] == [False, True, True, False]


def test_levels_are_compared_along_the_scale_of_the_test() -> None:
    test = PROGRAMME.outgoing.first_test
    pairs = [("A2", "B2"), ("B1", "b1"), ("B1", "A2"), (None, "B1"), ("B1", None), ("B1", "native")]
    assert [gain(test, before, after) for before, after in pairs] == [2, 0, -1, None, None, None]
    assert gain(None, "A1", "B1") is None


def test_an_item_that_is_not_there_is_named() -> None:
    assert GATE is not None
    gate = GATE.model_copy(update={"needs": ("reprot",), "dates": "duration_check"})
    broken = PROGRAMME.model_copy(update={"outgoing": PROGRAMME.outgoing.model_copy(update={"balance": gate})})
    assert [str(problem) for problem in check(broken)] == [
        'outgoing.balance, needs: there is no item "reprot"; did you mean "report"?'
    ]
