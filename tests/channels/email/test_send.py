"""What becomes of a mail, at a real server that does all a server can do."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.channels.email import Account, EmailChannel
from bot.domain.channel import NotSent, Outcome, Permanent, Sent, Unknown

from .conftest import OUTGOING, SENDER, MailServer, channel_at, serving

NATIVE = "<compagnon-7-7d3c"
GONE, REFUSED = Permanent("gone"), Permanent("refused")


async def test_what_the_server_took_is_sent_encrypted_and_bears_its_message_id(
    server: MailServer, channel: EmailChannel
) -> None:
    outcome = await channel.send(OUTGOING)

    (mail,) = server.mails()
    sender, recipient, _raw = server.taken[0]
    assert outcome == Sent(str(mail["Message-ID"]))
    assert (sender, recipient) == ("compagnon@example.org", "nadia.ferhaoui@example.org")
    assert server.secure == [True]


async def test_a_repeat_of_the_same_message_bears_the_same_id_and_another_message_another(
    server: MailServer, channel: EmailChannel
) -> None:
    first, again = await channel.send(OUTGOING), await channel.send(OUTGOING)
    other = await channel.send(replace(OUTGOING, id=8))

    assert first == again != other


@pytest.mark.parametrize(
    ("command", "answer", "outcome", "trouble"),
    [
        ("RCPT", "550 5.1.1 <nadia@example.org>: Recipient address rejected: User unknown", GONE, None),
        ("RCPT", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found", GONE, None),
        ("RCPT", "550 5.4.1 Recipient address rejected: Access denied", GONE, None),
        ("RCPT", "550 No such user here", GONE, None),
        ("RCPT", "551 User not local", GONE, None),
        ("RCPT", "553 mailbox name not allowed", GONE, None),
        ("RCPT", "554 5.7.1 <nadia@example.org>: Relay access denied", NotSent(), "sender"),
        ("RCPT", "550 relay not permitted", NotSent(), "sender"),
        ("RCPT", "553 5.7.1 Sender address rejected: not owned by user", NotSent(), "sender"),
        ("RCPT", "530 5.7.0 Must issue a STARTTLS command first", NotSent(), "login"),
        ("RCPT", "552 5.2.2 Mailbox full", NotSent(), None),
        ("RCPT", "552 Mailbox full", NotSent(), None),
        ("RCPT", "554 No", NotSent(), "sender"),
        ("RCPT", "450 4.2.0 Greylisted, come back later", NotSent(), None),
        ("RCPT", "451 4.3.0 Temporary lookup failure", NotSent(), None),
        ("RCPT", "421 4.7.0 Try again later", NotSent(), None),
        ("MAIL", "535 5.7.8 Authentication required", NotSent(), "login"),
        ("MAIL", "550 5.1.8 Sender domain does not exist", NotSent(), "sender"),
        ("MAIL", "451 4.7.1 Too many mails", NotSent(), None),
        ("DATA", "451 4.3.0 Queue file write error", NotSent(), None),
        ("DATA", "552 5.3.4 Message too big", REFUSED, None),
        ("DATA", "554 5.7.1 Spam", REFUSED, None),
    ],
)
async def test_what_the_server_says_is_what_became_of_it(
    server: MailServer, channel: EmailChannel, command: str, answer: str, outcome: Outcome, trouble: str | None
) -> None:
    server.answers[command] = answer

    assert (await channel.send(OUTGOING), channel.trouble) == (outcome, trouble)
    assert server.taken == []

    del server.answers[command]
    assert (type(await channel.send(OUTGOING)), channel.trouble) == (Sent, None)


@pytest.mark.parametrize(("command", "outcome"), [("MAIL", NotSent()), ("RCPT", NotSent()), ("DATA", Unknown())])
async def test_a_lost_connection_leaves_it_unknown_only_once_the_words_are_handed_over(
    server: MailServer, channel: EmailChannel, command: str, outcome: Outcome
) -> None:
    server.drop_at = command

    assert await channel.send(OUTGOING) == outcome


@pytest.mark.parametrize(("command", "outcome"), [("MAIL", NotSent()), ("RCPT", NotSent()), ("DATA", Unknown())])
async def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_patience(
    server: MailServer, trust: ssl.SSLContext, command: str, outcome: Outcome
) -> None:
    server.hang_at = command
    async with channel_at(server, trust, patience=0.5) as channel:
        assert await channel.send(OUTGOING) == outcome
        server.hang_at = ""
        assert isinstance(await channel.send(OUTGOING), Sent)


async def test_nobody_at_the_port_is_not_sent_and_a_trouble() -> None:
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        channel = EmailChannel(Account("127.0.0.1", door.getsockname()[1], SENDER))

        assert (await channel.send(OUTGOING), channel.trouble) == (NotSent(), "server")


async def test_a_certificate_that_nobody_vouches_for_gets_no_mail(server: MailServer) -> None:
    async with channel_at(server, None) as channel:
        assert (await channel.send(OUTGOING), channel.trouble, server.taken) == (NotSent(), "server", [])


async def test_a_server_without_starttls_gets_no_mail(certificate: tuple[Path, Path], trust: ssl.SSLContext) -> None:
    async with serving(certificate, tls="none") as server, channel_at(server, trust) as channel:
        assert (await channel.send(OUTGOING), channel.trouble, server.taken) == (NotSent(), "server", [])


@pytest.mark.parametrize("tls", ["tls", "none"])
async def test_the_other_ways_to_connect(certificate: tuple[Path, Path], trust: ssl.SSLContext, tls: str) -> None:
    async with serving(certificate, tls=tls) as server, channel_at(server, trust, tls=tls) as channel:
        assert isinstance(await channel.send(OUTGOING), Sent)
        assert server.taken[0][1] == "nadia.ferhaoui@example.org"


async def test_it_logs_in(certificate: tuple[Path, Path], trust: ssl.SSLContext) -> None:
    async with serving(certificate, login=True) as server:
        async with channel_at(server, trust, user="compagnon", password="s3cret") as channel:
            assert isinstance(await channel.send(OUTGOING), Sent)
        assert server.logins == [(b"compagnon", b"s3cret")]


async def test_a_refused_password_is_a_trouble_told_once_and_the_password_stands_nowhere(
    certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    told: list[str | None] = []

    async def alarm(trouble: str | None) -> None:
        told.append(trouble)

    async with serving(certificate, login=True) as server:
        wrong = channel_at(server, trust, user="compagnon", password="canary-hunter2", alarm=alarm)
        async with wrong as channel:
            with capture_logs() as logs:
                outcomes = [await channel.send(OUTGOING), await channel.send(OUTGOING)]
                seen = await channel.look()
            channel.account = replace(channel.account, password="s3cret")
            assert await channel.look() is None

    assert (outcomes, seen, told) == ([NotSent(), NotSent()], "login", ["login", None])
    assert "hunter2" not in f"{logs} {channel!r} {channel.account!r}"


async def test_one_connection_carries_several_mails(server: MailServer, channel: EmailChannel) -> None:
    for number in range(5):
        await channel.send(replace(OUTGOING, id=number))

    assert (len(server.taken), len(server.sessions)) == (5, 1)


async def test_a_connection_that_the_server_closed_is_opened_anew(server: MailServer, channel: EmailChannel) -> None:
    await channel.send(OUTGOING)
    server.hang_up()

    at_once = await channel.send(OUTGOING)
    server.hang_up()
    await asyncio.sleep(0.05)
    later = await channel.send(OUTGOING)

    assert (type(at_once), type(later), len(server.taken)) == (Sent, Sent, 3)


async def test_many_at_once_share_a_few_connections(server: MailServer, channel: EmailChannel) -> None:
    outcomes = await asyncio.gather(*(channel.send(replace(OUTGOING, id=number)) for number in range(20)))

    assert {type(each) for each in outcomes} == {Sent}
    assert (len(server.taken), len(server.sessions)) == (20, 4)


async def test_what_is_personal_or_no_address_never_reaches_the_server(
    server: MailServer, channel: EmailChannel
) -> None:
    personal = await channel.send(replace(OUTGOING, public=False))
    nowhere = [
        await channel.send(replace(OUTGOING, native=native))
        for native in ("nadia", "a@b.c\r\nRCPT TO:<x@y.z>", "<a@b.c>", "a@b.c, x@y.z", "née@example.org")
    ]
    edit = await channel.send(replace(OUTGOING, edit_of="<1@example.org>"))

    assert (personal, set(nowhere), edit) == (REFUSED, {Permanent("no address")}, Sent("<1@example.org>"))
    assert (server.taken, server.sessions) == ([], [])


async def test_a_look_sends_nothing(server: MailServer, channel: EmailChannel) -> None:
    assert (await channel.look(), server.taken, len(server.sessions)) == (None, [], 1)


async def test_only_a_mail_that_is_taken_ends_a_trouble_with_the_sender(
    server: MailServer, channel: EmailChannel
) -> None:
    server.answers["MAIL"] = "550 5.7.1 Not you"
    await channel.send(OUTGOING)
    looked = await channel.look()
    server.answers.clear()
    await channel.send(OUTGOING)

    assert (looked, channel.trouble) == ("sender", None)
