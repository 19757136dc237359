"""E-mail: whether the school's server lets us in, and who has no second path. Nothing is sent."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator

from aiosmtplib import SMTPAuthenticationError, SMTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.email import Account, open_line
from bot.channels.email.line import NoStartTls
from bot.doctor.finding import Finding, broken, fine, look
from bot.domain.ladder import ACKNOWLEDGERS
from bot.i18n import Sentence, _, _n, joined, say
from bot.store.people import Address, Person, RoleHeld

ABOUT = _("email")


async def server(account: Account, context: ssl.SSLContext | None = None) -> Finding:
    """Connect, encrypt, log in, hang up."""
    place = f"{account.host}:{account.port}"
    try:
        line = await open_line(account, context)
        await line.quit()
    except NoStartTls:
        return broken(
            ABOUT,
            say(_("{place} does not offer STARTTLS"), place=place),
            say(_('tls = "tls" with port 465, or ask who runs the server')),
        )
    except SMTPAuthenticationError as problem:
        told = say(_("{place} refuses the login ({code})"), place=place, code=problem.code)
        return broken(ABOUT, told, say(_("look at [email] user, and at the file email__password")))
    except ssl.SSLCertVerificationError as problem:
        return broken(
            ABOUT,
            joined([place, _plain(problem)], ": "),
            say(_("host must be the name that stands in the certificate")),
        )
    except (SMTPException, OSError, TimeoutError) as problem:
        found = problem.__cause__ if isinstance(problem.__cause__, ssl.SSLCertVerificationError) else None
        told = _plain(found) if found else say(_("no connection as it should be ({kind})"), kind=type(problem).__name__)
        return broken(
            ABOUT,
            joined([place, told], ": "),
            say(_("look at [email] host, port and tls; docs/email.md goes step by step")),
        )
    open_to_all = _("{place} takes mail without a login; mail comes from {address}")
    text = _("{place} accepts {user}; mail comes from {address}") if account.user else open_to_all
    return fine(ABOUT, say(text, place=place, user=account.user, address=account.address))


def secured(account: Account) -> Iterator[Finding]:
    """A connection in the clear is for this machine only."""
    if account.tls == "none" and not _here(account.host):
        told = say(_("mail and password go to {host} unencrypted"), host=account.host)
        yield broken(ABOUT, told, say(_('tls = "starttls", or a mail server on this machine')))


def second_path(rows: Session) -> Iterator[Finding]:
    """Who can take a case and hears of an alert in one chat only."""
    takers = select(RoleHeld.person_id).where(RoleHeld.role.in_(sorted(ACKNOWLEDGERS)))
    people = list(rows.scalars(select(Person).where(Person.id.in_(takers)).order_by(Person.ref)))
    wanted = select(Address.person_id).where(Address.channel == "email", Address.state == "left")
    back = set(rows.scalars(wanted))
    without = [person.ref for person in people if not person.email]
    returned = [person.ref for person in people if person.id in back]
    if without:
        yield look(
            ABOUT,
            say(_("no second path, because there is no e-mail address: {people}"), people=", ".join(without)),
            say(_("write it in consortium.toml, and import it again")),
        )
    if returned:
        yield look(
            ABOUT,
            say(_("no second path, because mail came back: {people}"), people=", ".join(returned)),
            say(_("mend the address in consortium.toml, and import it again")),
        )
    if people and not without and not returned:
        yield fine(
            ABOUT,
            say(
                _n(
                    "{count} adult who can take a case has a second path",
                    "{count} adults who can take a case have a second path",
                ),
                count=len(people),
            ),
        )


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(problem: ssl.SSLCertVerificationError) -> Sentence:
    return say(_("its certificate is not accepted ({reason})"), reason=problem.verify_message)
