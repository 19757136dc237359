"""E-mail in whole journeys, over a real SMTP server: the second path of an SOS, and never a word of what people said."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from bot.channels.email import read_bounce
from bot.demo.world import QuietChannel
from bot.domain.messages import Outgoing
from bot.handlers.people.invitations import claim, invite
from bot.handlers.people.mailboxes import keep_mailbox, keep_mailboxes
from bot.handlers.sending.bounces import Verdict, bounced
from bot.runtime.app import App
from bot.store.cases import CaseEvent
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address, Person, by_ref
from bot.store.records import keep_setting
from tests.channels.email.conftest import MailServer, channel_at, serving
from tests.channels.email.conftest import certificate as certificate
from tests.channels.email.conftest import trust as trust
from tests.channels.email.returned import exchange, postfix
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS
from tests.journeys.scenes import arrival_missing, forget
from tests.journeys.words import taken, takes

PAGE = "https://compagnon.example.org"
NOW_IN_BRIEF = (
    "Hello,\n\nan alert waits for you in Compagnon: ▲ Right now.\n\nOthers could read this message on its way, so it "
    f"says neither who nor why. Please open Compagnon now, in your usual chat or here:\n{PAGE}\n\n"
    "A robot sends this message; nobody reads what answers it.\n"
)


class TelegramWiring(QuietChannel):
    """Stands for a second chat."""

    name = "telegram"


class Posted:
    """A journey whose adults have an e-mail address, and some Telegram."""

    def __init__(self, journey: Journey, server: MailServer, telegram: TelegramWiring) -> None:
        self.journey, self.server, self.telegram = journey, server, telegram

    def mails(self) -> list[tuple[str, str]]:
        """To whom, under which subject, since the last look."""
        found = [(str(mail["To"]).partition("@")[0], str(mail["Subject"])) for mail in self.server.mails()]
        self.server.taken.clear()
        return found


def email_of(tx: Tx, *refs: str) -> None:
    """These adults' addresses stand in the file, and e-mail is on."""
    for ref in refs:
        person = by_ref(tx.rows, ref)
        assert person is not None
        person.email = f"{ref.title()}@example.org"
    keep_setting(tx.rows, "web_address", {"url": PAGE})
    keep_mailboxes(tx, on=True)


def on_telegram(tx: Tx, ref: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    claim(tx, invite(tx, person, trusted=True), "telegram", ref)


@asynccontextmanager
async def posted(
    journey: Journey, certificate: tuple[Path, Path], trust: ssl.SSLContext, *refs: str
) -> AsyncIterator[Posted]:
    async with serving(certificate) as server, channel_at(server, trust) as email:
        telegram, email.pace = TelegramWiring(), None  # the clock stands still: nobody could wait for a pace
        channels = (journey.channel, telegram, email)
        await journey.enrol("lina")
        await journey.do(email_of, *refs)
        journey.app = App(journey.db, {each.name: each for each in channels})
        yield Posted(journey, server, telegram)


def to(sent: list[Outgoing], ref: str) -> list[str]:
    return [message.text.partition(" · ")[0] for message in sent if message.native == ref]


async def test_an_sos_goes_out_in_both_chats_and_by_mail_at_once_and_who_takes_it_is_told_to_the_others(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin()
    async with posted(journey, certificate, trust, "luc", "cathy") as here:
        await journey.do(on_telegram, "luc")
        forget(journey)
        here.telegram.take()
        journey.channel.take()

        await journey.say("lina", "SOS")
        at_once = to(here.telegram.take(), "luc"), to(journey.channel.take(), "luc"), here.server.mails()
        here.mails()
        await journey.until("2027-03-01 09:25")
        climbed = [ref for ref, _subject in here.mails()]
        forget(journey)
        await journey.press("luc", "take")

        chats, web, mails = at_once
        assert (chats, web) == (["🆘 SOS"], ["🆘 SOS"])
        assert [(str(mail["To"]), str(mail["Subject"])) for mail in mails] == [
            ("luc@example.org", "▲ Right now – Compagnon")
        ]
        assert re.sub(r"/desk/a/3\.1\.\S+", "", mails[0].get_content().replace("\r\n", "\n")) == NOW_IN_BRIEF
        assert climbed == ["luc", "cathy"]
        assert journey.heard("cathy") == [
            taken("Luc Perrichon", "Monday 1 Mar 09:25"),
            takes("Luc Perrichon", "Lina H."),
        ]
        assert here.mails() == []


async def test_a_mail_of_a_rehearsal_says_so_before_it_is_opened_and_once_it_is(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin()
    async with posted(journey, certificate, trust, "luc") as here:
        journey.app.delivery.rehearsal = True
        await journey.say("lina", "SOS")

        (mail,) = here.server.mails()
        assert str(mail["Subject"]) == "🎭 Rehearsal · Monday 1 March · ▲ Right now – Compagnon"
        assert mail.get_content().startswith("🎭 Rehearsal · Monday 1 March")


async def test_later_mails_of_a_case_stand_under_its_first(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin()
    async with posted(journey, certificate, trust, "luc") as here:
        await journey.say("lina", "SOS")
        await journey.until("2027-03-01 09:03")
        await journey.say("lina", "SOS")

        first, second = here.server.mails()
        assert (first["References"], second["References"]) == (None, first["Message-ID"])


async def test_nothing_that_anybody_said_or_is_called_is_ever_in_a_mail(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin("2027-03-06 18:00")
    async with posted(journey, certificate, trust, *ADULTS) as here:
        await journey.do(only_by_mail)
        await journey.say("lina", "canary: I am lost and my host shouts")
        await journey.until("2027-03-07 13:45")
        await journey.say("lina", "SOS canary")
        await journey.press("lina", "write")
        await journey.until("2027-03-07 14:30")

        mails = here.server.mails()
        words = "\n".join(str(value) for mail in mails for value in (*mail.values(), mail.get_content())).casefold()
        subjects = {str(mail["Subject"]) for mail in mails}
        assert subjects >= {"▲ Right now – Compagnon", "● Today – Compagnon"}
        for canary in (
            "lina",
            "haddouche",
            "leipzig",
            "winkelmann",
            "canary",
            "shouts",
            "valmer",
            "sos",
            "sign of life",
        ):
            assert canary not in words


def only_by_mail(tx: Tx) -> None:
    """Every chat of every adult is gone."""
    adults = select(Person.id).where(Person.ref.in_(ADULTS))
    for address in tx.rows.scalars(select(Address).where(Address.person_id.in_(adults), Address.channel == "web")):
        address.state = "left"


async def test_a_day_that_can_wait_is_told_once_in_the_chat(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin()
    await arrival_missing(journey, "2027-03-06 12:00")
    async with serving(certificate) as server, channel_at(server, trust) as email:
        await journey.do(email_of, *ADULTS)
        email.pace = None
        journey.app = App(journey.db, {"web": journey.channel, "email": email})
        await journey.until("2027-03-07 13:45")

        assert [line.split(" · ")[0] for line in journey.heard("nadia")] == ["● Today"]
        assert server.taken == []


async def test_mail_that_comes_back_gives_the_address_up_and_the_case_climbs(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin()
    async with posted(journey, certificate, trust, *ADULTS) as here:
        await journey.do(only_by_mail)
        await journey.say("lina", "SOS")
        (mail,) = here.server.mails()
        number = str(mail["Message-ID"])
        here.mails()

        strange = await back(journey, postfix(number.replace("compagnon-", "compagnon-0"), "luc@example.org"))
        other = await back(journey, postfix(number, "nadia@example.org"))
        gone = await back(journey, exchange(number, "luc@example.org").replace(b"Nadia", b"Luc"))
        again = await back(journey, postfix(number, "luc@example.org"))

        assert (strange, other, gone, again) == (Verdict.STRANGE, Verdict.STRANGE, Verdict.GONE, Verdict.KNOWN)
        assert here.mails() == [("cathy", "▲ Right now – Compagnon")]
        kinds = [kind for (kind,) in journey.ask(select(CaseEvent.kind).order_by(CaseEvent.id))]
        assert kinds[-3:] == ["alerted rung 0", "skipped rung 1: nobody on duty", "alerted rung 2"]
        states = journey.ask(select(Address.state).where(Address.native == "luc@example.org"))
        assert states == [("left",)]


async def test_mail_that_came_back_once_is_settled_and_the_address_kept(
    begin: Begin, certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    journey = begin()
    async with posted(journey, certificate, trust, "luc") as here:
        await journey.say("lina", "SOS")
        number = str(here.server.mails()[0]["Message-ID"])

        late = await back(journey, postfix(number, "luc@example.org", status="4.4.7"))

        row = select(OutboxRow.state, OutboxRow.problem).where(OutboxRow.native == number)
        assert (late, journey.ask(row)) == (Verdict.NOT_THERE, [("failed", "bounced")])
        assert journey.ask(select(Address.state).where(Address.native == "luc@example.org")) == [("confirmed",)]


async def back(journey: Journey, raw: bytes) -> Verdict:
    """A mail comes back, as the command reads it."""
    bounce = read_bounce(raw)
    assert bounce is not None
    verdict = journey.db.run(bounced, bounce.quoted, bounce.recipients, lasting=bounce.lasting)
    await journey.settle()
    return verdict


def mailboxes(journey: Journey) -> list[tuple[str, str]]:
    wanted = select(Address.native, Address.state).where(Address.channel == "email").order_by(Address.native)
    return [(native, state) for native, state in journey.ask(wanted)]


async def test_addresses_are_those_of_the_file_while_mail_is_on(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    before = mailboxes(journey)
    await journey.do(email_of, "luc", "lina")
    on = mailboxes(journey)
    await journey.do(lambda tx: keep_mailboxes(tx, on=False))
    off = mailboxes(journey)
    await journey.do(lambda tx: keep_mailboxes(tx, on=True))

    assert before == []
    assert (on, off) == ([("luc@example.org", "confirmed")], [("luc@example.org", "revoked")])
    assert mailboxes(journey) == on


async def test_another_address_in_the_file_ends_the_one_before(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    await journey.do(email_of, "luc")
    await journey.do(write, "luc", "l.perrichon@example.org")

    assert mailboxes(journey) == [("l.perrichon@example.org", "confirmed"), ("luc@example.org", "revoked")]


async def test_mail_that_came_back_is_tried_again_once_the_file_is_imported_anew_not_at_a_start(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    await journey.do(email_of, "luc")
    await journey.do(mail_left)
    await journey.do(lambda tx: keep_mailboxes(tx, on=True))
    started = mailboxes(journey)
    await journey.do(write, "luc", "luc@example.org")

    assert (started, mailboxes(journey)) == ([("luc@example.org", "left")], [("luc@example.org", "confirmed")])


async def test_one_mailbox_of_two_adults_serves_both(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina")
    await journey.do(email_of, "luc")
    await journey.do(write, "nadia", "luc@example.org")

    owner = select(Person.ref).join(Address, Address.person_id == Person.id).where(Address.channel == "email")
    assert journey.ask(owner.order_by(Person.ref)) == [("luc",), ("nadia",)]


def write(tx: Tx, ref: str, email: str) -> None:
    """The file has this address, and is imported."""
    person = by_ref(tx.rows, ref)
    assert person is not None
    person.email = email
    keep_mailbox(tx, person, written=True)


def mail_left(tx: Tx) -> None:
    tx.rows.scalars(select(Address).where(Address.channel == "email")).one().state = "left"
