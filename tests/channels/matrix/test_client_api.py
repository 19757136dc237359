"""What an answer of the homeserver, or of whatever stands before it, says of a call; and what a message looks like."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.matrix.client_api import (
    CallError,
    Homeserver,
    NotReached,
    Refused,
    TooFast,
    Unanswered,
    accepted,
    part,
)
from bot.channels.matrix.layout import LONGEST, content, texts, transaction
from bot.channels.matrix.outcomes import outcome_of, refuses_token
from bot.domain.channel import NotSent, Outcome, Permanent, Unknown
from bot.domain.messages import Button, Outgoing
from tests.answering import somebody


def problem(status: int, body: Any) -> CallError:
    with pytest.raises(CallError) as raised:
        accepted(status, body if isinstance(body, bytes) else json.dumps(body).encode())
    return raised.value


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}, NotSent(timedelta(seconds=2.5))),
        (429, b"<html>", NotSent(timedelta(seconds=5))),
        (429, {"retry_after_ms": 1e300}, NotSent(timedelta(hours=1))),
        (429, {"retry_after_ms": -1}, NotSent(timedelta())),
        (403, {"errcode": "M_FORBIDDEN"}, NotSent()),
        (401, {"errcode": "M_UNKNOWN_TOKEN"}, NotSent()),
        (413, {"errcode": "M_TOO_LARGE"}, Permanent("refused")),
        (400, {"errcode": "M_BAD_JSON"}, Permanent("refused")),
        (500, {"errcode": "M_UNKNOWN"}, Unknown()),
        (502, b"<html>", Unknown()),
        (404, b"<html>", Unknown()),
        (302, b"", Unknown()),
        (200, b"[]", Unknown()),
        (200, b"[" * 100_000, Unknown()),
        (200, b"\xff", Unknown()),
    ],
)
def test_every_answer_has_an_outcome(status: int, body: Any, outcome: Outcome) -> None:
    assert outcome_of(problem(status, body)) == outcome


def test_accepted_answer_is_read() -> None:
    assert accepted(200, b'{"event_id": "$1"}') == {"event_id": "$1"}


def test_only_the_account_is_to_blame_for_a_token() -> None:
    assert refuses_token(problem(401, {"errcode": "M_UNKNOWN_TOKEN"}))
    assert refuses_token(problem(403, {"errcode": "M_USER_SUSPENDED"}))
    assert not refuses_token(problem(403, {"errcode": "M_FORBIDDEN"}))
    assert not refuses_token(TooFast(timedelta()))


async def test_nobody_there_is_certainly_not_sent() -> None:
    server = Homeserver("http://127.0.0.1:9", "token")
    with pytest.raises(NotReached) as raised:
        await server.call("GET", "/sync")
    await server.close()
    assert outcome_of(raised.value) == NotSent()
    assert outcome_of(Unanswered("x")) == Unknown()
    assert outcome_of(Refused(400, "M_NEW", {})) == NotSent()


async def test_a_proxy_that_the_environment_names_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with somebody(None, b"\r\n\r\n") as (port, calls):
        monkeypatch.setenv("http_proxy", f"http://school:p%40ss@127.0.0.1:{port}")
        server = Homeserver("http://homeserver-by-proxy.invalid", "token")
        with pytest.raises(Unanswered):
            await server.call("GET", "/sync")
        await server.close()

    line, *headers = calls[0].decode().split("\r\n")
    assert line == "GET http://homeserver-by-proxy.invalid/_matrix/client/v3/sync HTTP/1.1"
    assert {"Proxy-Authorization: Basic c2Nob29sOnBAc3M=", "Authorization: Bearer token"} <= {*headers}


def test_ids_are_parts_of_a_path() -> None:
    assert part("!a/b?c#d:x") == "%21a%2Fb%3Fc%23d%3Ax"


def test_choices_are_numbered_under_the_text() -> None:
    asked = Outgoing(1, "@lea:x", "Ça va ?\ud83d", (Button("1.0", "Oui"), Button("1.1", "Non")))
    assert texts(asked) == ["Ça va ??\n\n1. Oui\n2. Non"]


def test_long_text_is_sent_in_parts_and_loses_nothing() -> None:
    words = " ".join(str(number) for number in range(10_000))
    parts = texts(Outgoing(1, "@lea:x", words))
    assert " ".join(parts) == words
    assert all(len(each.encode()) <= LONGEST for each in parts)


def test_text_without_a_space_is_cut_all_the_same() -> None:
    parts = texts(Outgoing(1, "@lea:x", "é" * 30_000))
    assert "".join(parts) == "é" * 30_000


def test_edit_says_what_it_changes_and_what_older_clients_show() -> None:
    assert content("Non", "$1") == {
        "msgtype": "m.text",
        "body": "* Non",
        "m.new_content": {"msgtype": "m.text", "body": "Non", "m.mentions": {}},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"},
        "m.mentions": {},
    }


def test_transaction_is_that_of_the_row_and_of_what_it_says() -> None:
    message, yes, no = Outgoing(7, "@lea:x", "Oui"), content("Oui"), content("Non")
    same = transaction(message, 0, yes)
    assert same == transaction(message, 0, yes)
    others = {
        transaction(message, 1, yes),
        transaction(message, 0, no),
        transaction(Outgoing(8, "@lea:x", "Oui"), 0, yes),
        transaction(Outgoing(7, "@max:x", "Oui"), 0, yes),
        transaction(Outgoing(7, "@lea:x", "Oui", edit_of="$1"), 0, yes),
    }
    assert same.startswith("compagnon-7-0-")
    assert len(others | {same}) == 6


def test_what_stands_in_a_thread_names_its_root_and_reads_as_a_reply_elsewhere() -> None:
    assert content("Oui", thread="$1") == {
        "msgtype": "m.text",
        "body": "Oui",
        "m.mentions": {},
        "m.relates_to": {
            "rel_type": "m.thread",
            "event_id": "$1",
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": "$1"},
        },
    }
    assert "m.relates_to" not in content("Oui")


def test_nothing_is_left_of_a_call_in_its_error() -> None:
    assert str(Refused(403, "M_FORBIDDEN", {"error": "secret words"})) == "403 M_FORBIDDEN"
