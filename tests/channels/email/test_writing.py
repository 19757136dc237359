"""What stands in a mail, to the byte; and what nobody can make stand in it."""

from __future__ import annotations

from dataclasses import replace
from email.parser import BytesParser
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email import Account
from bot.channels.email.writing import message_id, written

from .conftest import NOW, OUTGOING, SENDER

ACCOUNT = Account("mail.example.org", 587, SENDER)
NUMBER = "<compagnon-7-0123456789abcdef@example.org>"
FRENCH = (
    "Bonjour,\n\nune alerte vous attend dans Compagnon\u202f: ▲ Tout de suite.\n\nOuvrez Compagnon ici\u202f:\n"
    "https://compagnon.example.org"
)


def test_a_mail_as_it_is_handed_over() -> None:
    raw = written(ACCOUNT, replace(OUTGOING, text=FRENCH, heading="▲ Tout de suite – Compagnon"), NUMBER, NOW)
    mail = BytesParser(policy=default).parsebytes(raw)

    assert [(name, str(value)) for name, value in mail.items()] == [
        ("From", SENDER),
        ("To", "nadia.ferhaoui@example.org"),
        ("Subject", "▲ Tout de suite – Compagnon"),
        ("Date", "Sat, 06 Mar 2027 20:00:00 +0000"),
        ("Message-ID", NUMBER),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Importance", "high"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
        ("MIME-Version", "1.0"),
    ]
    assert raw.decode("ascii").partition("\r\n\r\n")[2].split("\r\n") == [
        "Bonjour,",
        "",
        "une alerte vous attend dans Compagnon=E2=80=AF: =E2=96=B2 Tout de suite.",
        "",
        "Ouvrez Compagnon ici=E2=80=AF:",
        "https://compagnon.example.org",
        "",
    ]
    assert mail.get_content().replace("\r\n", "\n") == FRENCH + "\n"


def test_what_is_not_urgent_says_nothing_of_importance() -> None:
    assert b"Importance" not in written(ACCOUNT, replace(OUTGOING, urgent=False), NUMBER, NOW)


def test_a_later_message_on_a_case_stands_under_the_first() -> None:
    first = "<compagnon-3-fedcba9876543210@example.org>"
    mail = BytesParser(policy=default).parsebytes(written(ACCOUNT, replace(OUTGOING, thread=first), NUMBER, NOW))

    assert (mail["In-Reply-To"], mail["References"]) == (first, first)


@pytest.mark.parametrize("thread", ["", NUMBER, "12345", "<a@b>\r\nBcc: x@y.z", "<a b@c>"])
def test_nothing_else_is_a_thread(thread: str) -> None:
    mail = written(ACCOUNT, replace(OUTGOING, thread=thread), NUMBER, NOW)

    assert (b"In-Reply-To" in mail, b"References" in mail) == (False, False)


def test_the_id_is_nobodys_to_guess_and_differs_by_installation_and_by_reader() -> None:
    ids = {
        message_id(ACCOUNT, secret, replace(OUTGOING, native=native))
        for secret in ("one", "two")
        for native in ("nadia@example.org", "luc@example.org")
    }

    assert len(ids) == 4


HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress", "importance",
    "content-type", "content-transfer-encoding", "mime-version",
}  # fmt: skip
NASTY = st.text(st.sampled_from('ab: \r\n\t\x00\x0b\x85\u2028\u202e\u200bé▲<>@,;"=?.\ud800'), max_size=80) | st.text()


@given(NASTY, NASTY, NASTY)
def test_no_words_make_a_header_or_break_out_of_the_body(heading: str, text: str, thread: str) -> None:
    outgoing = replace(OUTGOING, heading=heading, text=text, thread=thread)
    raw = written(ACCOUNT, outgoing, NUMBER, NOW)
    head = raw.partition(b"\r\n\r\n")[0]
    mail = BytesParser(policy=default).parsebytes(raw)

    assert raw.isascii()
    assert {name.casefold() for name in mail} - {"in-reply-to", "references"} == HEADERS
    assert mail.get_all("To") == ["nadia.ferhaoui@example.org"]
    assert all(
        line[:1].isspace() or line.partition(b":")[0].lower().decode() in HEADERS | {"in-reply-to", "references"}
        for line in head.split(b"\r\n")
    )
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
