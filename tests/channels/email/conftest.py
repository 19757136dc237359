"""A mail server of one's own: real SMTP on loopback, with TLS, logins, and answers that a test lays out."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.channels.email import Account, EmailChannel
from bot.clock import SimulatedClock
from bot.domain.messages import Outgoing

# ruff: noqa: N802


NOW = datetime(2027, 3, 6, 20, 0, tzinfo=UTC)
SENDER = "Compagnon du lycée <compagnon@example.org>"
OUTGOING = Outgoing(7, "nadia.ferhaoui@example.org", "An alert waits.", urgent=True, public=True, heading="▲ Right now")


@dataclass
class MailServer:
    """Takes mail, and answers as it was told."""

    host: str = "127.0.0.1"
    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    """What `MAIL`, `RCPT`, `DATA` or `AUTH` is answered with, instead of 250."""
    drop_at: str = ""
    """The command at which the connection is lost."""
    hang_at: str = ""
    """The command that is never answered."""
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    sessions: list[SMTP] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return await self._told("MAIL", server) or self._from(envelope, address, options)

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        told = await self._told("RCPT", server)
        if not told:
            envelope.rcpt_tos.append(address)
        return told or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        told = await self._told("DATA", server)
        if not told:
            (recipient,) = envelope.rcpt_tos
            self.secure.append(session.ssl is not None)
            self.taken.append((str(envelope.mail_from), recipient, cast("bytes", envelope.content)))
        return told or "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"s3cret", handled=False)

    def mails(self) -> list[EmailMessage]:
        parser = BytesParser(policy=default)
        return [parser.parsebytes(raw) for _sender, _recipient, raw in self.taken]

    def hang_up(self) -> None:
        """Close whatever is open, as a server does with what is idle."""
        for session in self.sessions:
            if session.transport is not None:
                session.transport.close()

    def _from(self, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def _told(self, command: str, server: SMTP) -> str:
        if self.hang_at == command:
            await asyncio.sleep(3600)
        if self.drop_at == command:
            _abort(server)
            await asyncio.sleep(3600)
        return self.answers.get(command, "")


def _abort(session: SMTP) -> None:
    if session.transport is not None:
        with suppress(AttributeError):  # Python 3.11.2: a TLS connection that has ended
            cast("asyncio.Transport", session.transport).abort()


@asynccontextmanager
async def serving(
    certificate: tuple[Path, Path], *, tls: str = "starttls", login: bool = False
) -> AsyncIterator[MailServer]:
    """A server on a free port of this machine, until the test is done."""
    here = MailServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def session() -> SMTP:
        options: dict[str, Any] = {"authenticator": here.authenticate, "auth_required": True} if login else {}
        made = SMTP(
            here,
            hostname="mail.example.org",
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            auth_require_tls=tls == "starttls",
            **options,
        )
        here.sessions.append(made)
        return made

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, here.host, 0, ssl=context if tls == "tls" else None)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for made in here.sessions:
            _abort(made)
            if made._handler_coroutine is not None:
                made._handler_coroutine.cancel()
        for _ in range(10):  # a transport under another closes after it
            await asyncio.sleep(0)


@asynccontextmanager
async def channel_at(server: MailServer, trust: ssl.SSLContext | None, **wanted: Any) -> AsyncIterator[EmailChannel]:
    """A channel with an account there."""
    account = {"tls": "starttls"} | {key: wanted.pop(key) for key in ("tls", "user", "password") if key in wanted}
    channel = EmailChannel(
        Account(server.host, server.port, SENDER, **account),
        "secret",
        context=trust,
        clock=SimulatedClock(NOW),
        **wanted,
    )
    yield channel
    await channel.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but these tests trusts, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)  # noqa: TID251
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    kept, secret = folder / "certificate.pem", folder / "key.pem"
    kept.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return kept, secret


@pytest.fixture
def trust(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Trusts that one certificate."""
    return ssl.create_default_context(cafile=certificate[0])


@pytest.fixture
async def server(certificate: tuple[Path, Path]) -> AsyncIterator[MailServer]:
    async with serving(certificate) as here:
        yield here


@pytest.fixture
async def channel(server: MailServer, trust: ssl.SSLContext) -> AsyncIterator[EmailChannel]:
    async with channel_at(server, trust) as here:
        yield here
