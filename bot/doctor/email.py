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
from bot.store.people import Address, Person, RoleHeld

ABOUT = "email"
IMPORT = "in consortium.toml, and import it again"


async def server(account: Account, context: ssl.SSLContext | None = None) -> Finding:
    """Connect, encrypt, log in, hang up."""
    place = f"{account.host}:{account.port}"
    try:
        line = await open_line(account, context)
        await line.quit()
    except NoStartTls:
        return broken(
            ABOUT, f"{place} does not offer STARTTLS", 'tls = "tls" with port 465, or ask who runs the server'
        )
    except SMTPAuthenticationError as problem:
        told = f"{place} refuses the login ({problem.code})"
        return broken(ABOUT, told, "look at [email] user, and at the file email__password")
    except ssl.SSLCertVerificationError as problem:
        return broken(ABOUT, f"{place}: {_plain(problem)}", "host must be the name that stands in the certificate")
    except (SMTPException, OSError, TimeoutError) as problem:
        found = problem.__cause__ if isinstance(problem.__cause__, ssl.SSLCertVerificationError) else None
        told = _plain(found) if found else f"no connection as it should be ({type(problem).__name__})"
        return broken(ABOUT, f"{place}: {told}", "look at [email] host, port and tls; docs/email.md goes step by step")
    login = f"accepts {account.user}" if account.user else "takes mail without a login"
    return fine(ABOUT, f"{place} {login}; mail comes from {account.address}")


def secured(account: Account) -> Iterator[Finding]:
    """A connection in the clear is for this machine only."""
    if account.tls == "none" and not _here(account.host):
        told = f"mail and password go to {account.host} unencrypted"
        yield broken(ABOUT, told, 'tls = "starttls", or a mail server on this machine')


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
            ABOUT, f"no second path, because there is no e-mail address: {', '.join(without)}", f"write it {IMPORT}"
        )
    if returned:
        yield look(
            ABOUT, f"no second path, because mail came back: {', '.join(returned)}", f"mend the address {IMPORT}"
        )
    if people and not without and not returned:
        yield fine(ABOUT, f"{len(people)} adults who can take a case have a second path")


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(problem: ssl.SSLCertVerificationError) -> str:
    return f"its certificate is not accepted ({problem.verify_message})"
