"""Telegram as a way to reach people: one bot, private chats, buttons under messages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegram.answers import LARGEST, TooFast, TooLarge, Unanswered
from bot.channels.telegram.layout import CAPTION, Part, keyboard, parts_of, presentable, split
from bot.channels.telegram.outcomes import has_no_text, nothing_to_edit, outcome_of, refuses_token
from bot.channels.telegram.reading import NAME, private_chat, read
from bot.channels.telegram.transport import Transport, form
from bot.domain.channel import CardNow, Channel, NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Attached, Incoming, Outgoing
from bot.domain.pace import Pace

PATIENCE = 50.0
"""Seconds for all parts of one message: less than the lease of delivery, which is a minute."""
SHORT_WAIT = 5.0
"""Seconds a courtesy waits for its turn. A press is worth answering no longer than that."""
NO_PREVIEW = {"is_disabled": True}


@dataclass(eq=False)
class TelegramChannel(Channel):
    """Reaches people through the bot with this token. It shows its token nowhere.

    `limited=False` is for a Bot API server of one's own, which is told not to mind how fast we send.
    """

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    limited: bool = True
    cry_words: tuple[str, ...] = ()
    """Words of the programme that are a cry for help, beside our own."""
    cards: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What a cry for help from a chat is answered with at once, ready to be sent. The app keeps it true."""
    card_now: CardNow | None = field(default=None, init=False, repr=False)
    trouble: str | None = field(default=None, init=False)
    """`token` while Telegram refuses our token, as the last call found it."""

    name = NAME
    repeatable = False

    def __post_init__(self) -> None:
        self.pace = Pace(rate=25, burst=25, chat_rate=1, chat_burst=4, slots=16) if self.limited else None
        self.calls, self.polls = Transport(), Transport()
        base = self.api_url.rstrip("/")
        self.bot = Bot(
            self.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self.calls,
            get_updates_request=self.polls,
        )

    async def close(self) -> None:
        """Close the connections; a call after that opens new ones."""
        await self.calls.shutdown()
        await self.polls.shutdown()

    def read(self, native: str, raw: dict[str, Any]) -> Incoming:
        return read(native, raw)

    def sender(self, raw: dict[str, Any]) -> str:
        return private_chat(raw)

    async def send(self, message: Outgoing) -> Outcome:
        if not (message.native.isascii() and message.native.isdecimal()):
            return Permanent("gone")  # a group or a channel, which we never write to
        try:
            async with asyncio.timeout(PATIENCE):
                return await (self._edit(message) if message.edit_of else self._send(message))
        except TimeoutError:
            return Unknown()

    async def _send(self, message: Outgoing) -> Outcome:
        sent = ""
        for part in parts_of(message):
            if sent and self.pace is not None:
                self.pace.take(message.native, asyncio.get_running_loop().time())
            try:
                sent = await self._post(message.native, part)
            except Exception as problem:  # the library raises anything when an answer is not what it expects
                outcome = self.noted(problem, chat=message.native, urgent=message.urgent)
                return Unknown() if sent else outcome
            self.trouble = None
        return Sent(sent)

    async def _post(self, chat: str, part: Part) -> str:
        if part.file is None:
            return await self._tell("sendMessage", chat, text=part.text, reply_markup=part.buttons)
        buttons = {"reply_markup": part.buttons} if part.buttons else None
        if part.file.mime in {"image/jpeg", "image/png"}:
            sent = await self.bot.send_photo(
                chat, part.file.content, part.text or None, filename=part.file.name, api_kwargs=buttons
            )
        else:
            sent = await self.bot.send_document(
                chat, part.file.content, part.text or None, filename=part.file.name, api_kwargs=buttons,
                disable_content_type_detection=True,
            )  # fmt: skip
        return str(sent.message_id)

    async def _tell(self, method: str, chat: str, **values: Any) -> str:
        """Words, and the number of the message that has them now. Of the answer nothing else is read: the library would
        make objects of all that we have just said, which costs more than the call.
        """
        values = {"chat_id": chat, "link_preview_options": NO_PREVIEW, **values}
        told: Any = await self.calls.post(f"{self.bot.base_url}/{method}", form(values))
        number = told.get("message_id") if isinstance(told, dict) else None
        if type(number) is not int:
            raise Unanswered("an answer without a message")
        return str(number)

    async def _edit(self, message: Outgoing) -> Outcome:
        """What cannot be edited any more is taken for done: nothing can be added to it."""
        if not (message.edit_of.isascii() and message.edit_of.isdecimal()):
            return Permanent("refused")
        chat, number, buttons = message.native, int(message.edit_of), keyboard(message.buttons)
        text = split(presentable(message.text))[-1]  # of several parts, the last is the one with an id
        try:
            try:
                await self._tell("editMessageText", chat, message_id=number, text=text, reply_markup=buttons)
            except TelegramError as problem:
                if not has_no_text(problem):
                    raise
                await self.bot.edit_message_caption(
                    chat, number, caption=split(text, CAPTION)[0], api_kwargs={"reply_markup": buttons}
                )
        except Exception as problem:  # as in `_send`
            if not nothing_to_edit(problem):
                return self.noted(problem, chat=chat, urgent=message.urgent)
        self.trouble = None
        return Sent(message.edit_of)

    def noted(self, problem: Exception, *, chat: str = "", urgent: bool = False) -> Outcome:
        """The outcome of a failure; a wait that Telegram asks for is kept by whatever else it may mean."""
        if isinstance(problem, TooFast) and self.pace is not None:
            now = asyncio.get_running_loop().time()
            self.pace.stop(now, problem.wait.total_seconds(), chat=chat, urgent=urgent)
        if refuses_token(problem):
            self.trouble = "token"
        return outcome_of(problem)

    def held(self, *, urgent: bool = False) -> float:
        """Seconds until the pace lets one more go."""
        now = asyncio.get_running_loop().time()
        return 0.0 if self.pace is None else self.pace.ready(now, urgent=urgent) - now

    async def _in_turn(self) -> bool:
        """Wait for the pace, as long as a courtesy is worth it; whether it still is."""
        held = self.held()
        if held <= SHORT_WAIT:
            await asyncio.sleep(held)
        return held <= SHORT_WAIT

    async def say(self, native: str, text: str) -> None:
        """A chat that asks too often is not answered every time: strangers must not use up the allowance."""
        now = asyncio.get_running_loop().time()
        if (self.pace is None or self.pace.chat_ready(native, now) <= now) and await self._in_turn():
            await self.say_now(native, text)

    async def say_now(self, native: str, text: str, *, urgent: bool = False, openly: bool = False) -> Outcome:
        """The same whatever the pace. Never raises."""
        if self.pace is not None:
            self.pace.take(native, asyncio.get_running_loop().time())
        return await self.send(Outgoing(0, native, split(text)[0], urgent=urgent))

    async def fetch(self, file: Attached) -> bytes | NotSent | Permanent:
        if file.size > LARGEST:
            return Permanent("too large")
        if (held := self.held()) > SHORT_WAIT:
            return NotSent(timedelta(seconds=held))
        try:
            path = (await self.bot.get_file(file.native)).file_path
        except Exception as problem:
            return self._unfetched(problem)
        if path is None or not path.startswith(f"{self.api_url.rstrip('/')}/"):
            return Permanent("gone")  # anything else would be a file of this machine
        try:
            return await self.calls.retrieve(path)
        except Exception as problem:
            return Permanent("gone") if refuses_token(problem) else self._unfetched(problem)

    def _unfetched(self, problem: Exception) -> NotSent | Permanent:
        """Asking for a file again harms nobody: only what will never come is given up."""
        if isinstance(problem, TooLarge) or "too big" in str(problem):
            return Permanent("too large")
        outcome = self.noted(problem)
        if isinstance(outcome, Permanent):
            return Permanent("gone")
        return outcome if isinstance(outcome, NotSent) else NotSent()

    async def answer_press(self, query: str) -> None:
        """Stop the little clock on a button that was pressed. Nothing depends on it."""
        try:
            if await self._in_turn():
                await self.bot.answer_callback_query(query)
        except Exception as problem:
            self.noted(problem)

    async def leave(self, chat: int) -> None:
        """Leave a group or a channel: people there are not alone with us."""
        try:
            if await self._in_turn():
                await self.bot.leave_chat(chat)
        except Exception as problem:
            self.noted(problem)
