"""A connection to the school's mail server: encrypted, its certificate verified, logged in."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from email.utils import parseaddr

from aiosmtplib import SMTP, SMTPException

from bot.config.tables import Email

CONNECT = 10.0
"""Seconds for each step of coming to stand: connection, greeting, TLS, login."""
STEP = 15.0
"""Seconds for the server's answer to one command."""


@dataclass(frozen=True)
class Account:
    """Where mail is handed in, as whom."""

    host: str
    port: int
    sender: str
    """As people see it: `Compagnon <compagnon@example.org>`. Mail that cannot be delivered comes back to it."""
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    """`starttls`, `tls`, or `none`: only on this machine."""

    @property
    def name(self) -> str:
        return parseaddr(self.sender)[0]

    @property
    def address(self) -> str:
        return parseaddr(self.sender)[1]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def account_of(config: Email) -> Account | None:
    """The account that the configuration names, if it names one."""
    if not config.host or not config.sender:
        return None
    password = config.password.get_secret_value() if config.password else ""
    return Account(config.host, config.port, config.sender, config.user or "", password, config.tls)


class NoStartTls(SMTPException):
    """The server does not offer STARTTLS: nothing is sent in the clear."""


async def open_line(account: Account, context: ssl.SSLContext | None = None) -> SMTP:
    """Connect, encrypt, log in. `context` trusts other certificates than this machine's.

    Raises:
        SMTPException, OSError, TimeoutError: it does not come to stand; nothing of it stays open.
    """
    line = SMTP(
        hostname=account.host,
        port=account.port,
        local_hostname=account.domain,  # ours would say how this machine is called within the school
        timeout=CONNECT,
        use_tls=account.tls == "tls",
        start_tls=False,
        tls_context=context,
    )
    await line.connect()
    try:
        if account.tls == "starttls":
            await line.ehlo()
            if not line.supports_extension("starttls"):
                raise NoStartTls("STARTTLS is not offered")
            await line.starttls()
        await line.ehlo()
        if account.user:
            await line.login(account.user, account.password)
    except BaseException:
        line.close()
        raise
    line.timeout = STEP
    return line
