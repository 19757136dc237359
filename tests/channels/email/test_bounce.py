"""Mail that came back is read; nothing else is, and nothing makes the reader fall."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email import Bounce, read_bounce

from .returned import NADIA, NUMBER, OUT_OF_OFFICE, exchange, postfix


def test_what_postfix_returns_is_read() -> None:
    bounce = read_bounce(postfix())

    assert bounce == Bounce(frozenset({NADIA}), (NUMBER,), "5.1.1")
    assert bounce.lasting


def test_what_exchange_returns_is_read() -> None:
    both = frozenset({NADIA, "nadia@new.example.org"})

    assert read_bounce(exchange()) == Bounce(both, (NUMBER,), "5.1.10")


def test_what_waited_too_long_did_not_arrive_but_may_tomorrow() -> None:
    bounce = read_bounce(postfix(status="4.4.1"))

    assert bounce is not None
    assert (bounce.status, bounce.lasting) == ("4.4.1", False)


@pytest.mark.parametrize(
    "raw",
    [postfix(action="delayed", status="4.4.1"), postfix(action="relayed"), postfix(action="delivered"), OUT_OF_OFFICE,
     b"", b"\x00\xff" * 50, b"Content-Type: message/delivery-status\n\nAction: failed\n"],
)  # fmt: skip
def test_everything_else_is_none(raw: bytes) -> None:
    assert read_bounce(raw) is None


PIECES = [postfix(), exchange(), OUT_OF_OFFICE, b"Content-Type: message/rfc822\n\n", b"\n\n", b"Action: failed\n",
          b"Final-Recipient: rfc822;", b"\xe9\xff\x00", b"--", b"=?utf-8?q?=ff?=", b"boundary=\"", b"Status: 5.\n"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=60), max_size=6).map(b"".join))
def test_garbage_never_makes_it_fall(raw: bytes) -> None:
    read_bounce(raw)


@given(st.sampled_from([postfix(), exchange()]), st.data())
def test_a_damaged_notification_never_makes_it_fall(raw: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 200))
    read_bounce(raw[:cut] + data.draw(st.binary(max_size=40)) + raw[cut + length :])


def test_parts_within_parts_without_end_are_given_up() -> None:
    read_bounce(b"Content-Type: message/rfc822\n\n" * 5000)
