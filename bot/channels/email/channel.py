"""E-mail as a way to reach adults: out only, one recipient a mail, through the school's own mail server."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.channels.email.line import Account, open_line
from bot.channels.email.outcomes import Stage, cause_of, outcome_of
from bot.channels.email.writing import MAILBOX, message_id, written
from bot.clock import Clock, SystemClock
from bot.domain.channel import Channel, Outcome, Permanent, Sent
from bot.domain.messages import Outgoing
from bot.domain.pace import Pace

log = structlog.get_logger()
PATIENCE = 45.0
"""Seconds for one mail, with the wait for a free connection: less than the patience of delivery."""
LINES = 4
"""Connections at once. School servers turn away whoever opens many."""
IDLE = 30.0
"""Seconds a connection is kept for the next mail."""
PROBE = 5.0
"""Seconds for a kept connection to show that it still stands."""

Alarm = Callable[[str | None], Awaitable[None]]


@dataclass
class Try:
    """One mail on its way, and how far it has come."""

    stage: Stage = Stage.CONNECT


@dataclass(eq=False)
class EmailChannel(Channel):
    """Hands mail in at one account. It shows its password nowhere.

    `secret` makes the ids of the messages; with another one a bounce of an earlier mail is not known for ours.
    """

    account: Account
    secret: str = field(default_factory=secrets.token_hex, repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    clock: Clock = field(default_factory=SystemClock, repr=False)
    alarm: Alarm | None = field(default=None, repr=False)
    """Told what is wrong, and None once it is well again."""
    patience: float = PATIENCE
    trouble: str | None = field(default=None, init=False)
    """What the last try found wrong, as `cause_of` names it."""

    name = "email"
    repeatable = False

    def __post_init__(self) -> None:
        self.pace = Pace(rate=2, burst=20, chat_rate=1, chat_burst=20, slots=2)
        self._free = asyncio.Semaphore(LINES)
        self._kept: list[tuple[SMTP, float]] = []

    async def close(self) -> None:
        """Close the connections; a mail after that opens a new one."""
        kept, self._kept = self._kept, []
        for line, _since in kept:
            await _hang_up(line)

    async def send(self, message: Outgoing) -> Outcome:
        if message.edit_of:
            return Sent(message.edit_of)  # what is in a mailbox stays as it is
        if not MAILBOX.fullmatch(message.native):
            return Permanent("no address")
        if not message.public:
            log.error("personal words kept off e-mail", outbox=message.id)
            return Permanent("refused")
        number = message_id(self.account, self.secret, message)
        mail, this = written(self.account, message, number, self.clock.now()), Try()
        try:
            async with asyncio.timeout(self.patience), self._free:
                await self._hand_in(this, message.native, mail)
        except Exception as problem:  # the library raises anything when an answer is not what it expects
            return await self._failed(problem, this.stage, message.id)
        await self._note(None)
        return Sent(number)

    async def look(self) -> str | None:
        """Connect and log in, send nothing; what is wrong, if anything is."""
        try:
            async with asyncio.timeout(self.patience):
                await _hang_up(await open_line(self.account, self.context))
        except Exception as problem:
            await self._note(cause_of(problem, Stage.CONNECT) or self.trouble)
        else:
            await self._note("sender" if self.trouble == "sender" else None)  # only a mail that is taken ends that
        return self.trouble

    async def _hand_in(self, this: Try, recipient: str, mail: bytes) -> None:
        line = await self._line()
        try:
            this.stage = Stage.SENDER
            await line.mail(self.account.address)
            this.stage = Stage.RECIPIENT
            await line.rcpt(recipient)
            this.stage = Stage.WORDS
            await line.data(mail)
        except SMTPResponseException as problem:
            self._keep(line, problem.code)
            raise
        except BaseException:
            line.close()
            raise
        self._keep(line)

    async def _line(self) -> SMTP:
        """A connection: one that was kept, if it still stands. Servers close what is idle, and restart."""
        while self._kept:
            line, since = self._kept.pop()
            if line.is_connected and asyncio.get_running_loop().time() - since < IDLE:
                with suppress(SMTPException, OSError, TimeoutError):
                    await line.rset(timeout=PROBE)
                    return line
            line.close()
        return await open_line(self.account, self.context)

    def _keep(self, line: SMTP, code: int = 0) -> None:
        """For the next mail, unless the last answer was none of SMTP's, or a farewell."""
        if code in {-1, 421}:
            line.close()
        elif line.is_connected:
            self._kept.append((line, asyncio.get_running_loop().time()))

    async def _failed(self, problem: Exception, stage: Stage, number: int) -> Outcome:
        outcome = outcome_of(problem, stage)
        code = problem.code if isinstance(problem, SMTPResponseException) else type(problem).__name__
        log.warning("mail not sent", outbox=number, channel=self.name, state=f"{stage.value}: {code}")
        cause = cause_of(problem, stage)
        if cause is not None:
            await self._note(cause)
        return outcome

    async def _note(self, trouble: str | None) -> None:
        """Tell of a trouble, and that it is over: once each."""
        if trouble == self.trouble:
            return
        self.trouble = trouble
        if self.alarm is not None:
            await self.alarm(trouble)


async def _hang_up(line: SMTP) -> None:
    with suppress(SMTPException, OSError, TimeoutError):
        await line.quit(timeout=PROBE)
    line.close()
