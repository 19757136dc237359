"""A whole mobility on Telegram, to read: `python -m tests.journeys.transcript`. Noémie goes to Bergen, in French."""

from __future__ import annotations

import asyncio
import os

from sqlalchemy import update

from bot.store.db import Tx
from bot.store.people import Person
from tests.journeys.on_telegram import Telegraph, by_itself


def speak_french(tx: Tx) -> None:
    tx.rows.execute(update(Person).values(language="fr"))


async def play(bot: Telegraph) -> None:
    """From the link to the report, with a bad week and an SOS in between."""
    await bot.do(speak_french)
    await bot.join("nadia", "luc", language="fr")
    bot.phone("noemie", "fr").starts(await bot.code("noemie"))
    await bot.settle()
    await bot.press("nadia", "Oui, je confirme")
    await answer(bot)
    await bot.until("2027-03-06 20:05")
    await answer(bot)
    await bot.until("2027-03-10 18:30")
    typed = bot.phones["noemie"].says("bof")
    await bot.settle()
    bot.phones["noemie"].edits(typed, "bien")
    await bot.settle()
    await answer(bot)
    await bot.until("2027-03-16 18:30")
    await answer(bot)
    await bot.until("2027-03-16 22:40")
    bot.phones["noemie"].sends_voice()
    await bot.settle()
    await bot.say("noemie", "sos")
    await bot.press("noemie", 2)
    alert = next(shown for shown in reversed(bot.phones["luc"].chat.messages) if len(shown.buttons) > 3)
    await bot.press("luc", 1)
    bot.phones["luc"].replies(alert, "Bonsoir Noémie, je suis là. Que se passe-t-il ?")
    await bot.settle()
    await bot.say("noemie", "j'ai perdu mes clés, je suis dehors")
    await bot.press("luc", "Contact établi")
    await bot.press("luc", "Clore…")
    await bot.press("luc", 1)
    for local in ("2027-03-24 18:30", "2027-03-27 20:05", "2027-04-10 12:00"):
        await bot.until(local)
        await answer(bot)


async def answer(bot: Telegraph) -> None:
    """Press the first button of the newest message for as long as it has one."""
    while bot.phones["noemie"].chat.messages[-1].buttons:
        await bot.press("noemie", 1)


async def main() -> None:
    async with by_itself() as bot:
        await bot.app.start()
        try:
            await play(bot)
        finally:
            for ref in ("noemie", "nadia", "luc"):
                print(f"=== {ref}\n{bot.phones[ref].transcript()}\n")
            print("=== methods, and how many calls of each passed validation")
            print("\n".join(f"{method:24} {count}" for method, count in sorted(bot.server.validated.items())))


if __name__ == "__main__":
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    asyncio.run(main())
