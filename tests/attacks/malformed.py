"""What has no shape that we know, by the hundred thousand: `python3 run.py dev -m tests.attacks.malformed [--count 100000] [--seed 1]`.

Spoilt updates of Telegram (of a learner and of strangers) go through the whole application, spoilt events of Matrix through the
reading of them, and spoilt forms and addresses through every route, signed in and not. In between the learner cries for help each
time. Nothing may end the application, hold up the cry, or come back out as words: no answer of ours, no line of the log.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import io
import random
import re
import sys
from collections import Counter
from contextlib import redirect_stderr
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.reading import read as read_event
from bot.channels.telegram import key_of
from bot.channels.telegram.keys import kept
from bot.domain.channel import Unreadable
from tests.attacks.test_pages import BEYOND, CLIMBING, ELSEWHERE, ODD
from tests.channels.matrix.test_reading import raw, text
from tests.channels.telegram.test_malformed import MALFORMED, WHOLE, spoilt
from tests.journeys.on_telegram import Telegraph, by_itself
from tests.web.test_every_page import Door

BATCH = 100
SECRET = "secret"
JUNK: tuple[Any, ...] = (None, True, -1, 0, 1.5, 10**30, 2**63, "", SECRET, "\ud800", "\x00", "‮" + SECRET, "💥" * 5000, [], [None], [[[[]]]], {}, {"id": 5})  # fmt: skip
EVENTS = (
    raw(text(SECRET)), raw(text("SOS")), raw({"msgtype": "m.image", "url": "mxc://x/y", "body": SECRET, "info": {"size": 5}}),
    raw(text("* " + SECRET, **{"m.new_content": text(SECRET), "m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}})),
    raw({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$0", "key": "👍"}}, "m.reaction"),
)  # fmt: skip


class Figures(Counter[str]):
    """How much of each was sent, and what became of it."""

    def wrong(self) -> list[str]:
        return [name for name in ("not heard", "died", "broke", "told") if self[name]]


def spoil(chance: random.Random, whole: Any) -> Any:
    """One to three things of it are something else."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        whole = spoilt(whole, [chance.randint(0, 20) for _ in range(chance.randint(1, 6))], chance.choice(JUNK))
    return whole


def updates(chance: random.Random, number: int, known: int) -> list[Any]:
    """A batch of updates; every other one bears the address of somebody we know."""
    found = []
    for update in range(number, number + BATCH):
        whole = copy.deepcopy(chance.choice(WHOLE if chance.random() < 0.8 else tuple(MALFORMED.values())))
        broken = spoil(chance, whole) if chance.random() < 0.8 else whole
        if isinstance(broken, dict):
            broken |= {"update_id": update} if chance.random() < 0.95 else {}
            for part in broken.values() if chance.random() < 0.5 else ():
                if isinstance(part, dict) and isinstance(part.get("chat"), dict):
                    part["chat"]["id"] = known
        found.append(broken)
    return found


async def telegram(bot: Telegraph, count: int, chance: random.Random, figures: Figures) -> None:
    """Batch by batch into the inbox; after each the learner writes SOS, and hears of 112."""
    learner = bot.phones["noemie"]
    for number in range(0, count, BATCH):
        await bot.app.receive_all(
            "telegram", [(key_of(each), kept(each)) for each in updates(chance, number + 10**6, learner.id)]
        )
        learner.heard()
        await bot.say("noemie", "SOS")
        figures["updates"] += BATCH
        figures["cries"] += 1
        figures["not heard"] += not any("112" in words for words in learner.heard())


def events(count: int, chance: random.Random, figures: Figures) -> None:
    for _ in range(count):
        figures["events"] += 1
        try:
            read_event("$1", spoil(chance, copy.deepcopy(chance.choice(EVENTS))))
        except Unreadable as refused:
            figures["told"] += SECRET in str(refused)
        except Exception as problem:
            figures["died"] += 1
            print(f"an event: {type(problem).__name__}", file=sys.stderr)


async def requests(door: Door, count: int, chance: random.Random, figures: Figures) -> None:
    """To every route, as nobody, as a learner and as a coordinator."""
    values = (*BEYOND, *CLIMBING, *ELSEWHERE, *ODD, SECRET, "0", "1", "-1")
    fields = ("text", "token", "seal", "nonce", "person", "do", "name", "school", "day", "departure", "q", "page", "stay", "case", "file", "lang")  # fmt: skip
    for who in ("", "lina", "nadia"):
        async with door.browser() as browser:
            await door.let_in(browser, who)
            for _ in range(count // 3):
                path = "/".join(
                    quote(chance.choice(values)) if part.startswith("{") else part
                    for part in chance.choice(door.paths).split("/")
                )
                form = {chance.choice(fields): chance.choice(values) for _ in range(chance.randint(0, 6))}
                method = chance.choice(("GET", "POST", "POST", "PUT", "HEAD"))
                sent = {"params": form, "data": None} if method == "GET" else {"params": None, "data": form}
                answer = await browser.request(method, path, params=sent["params"], data=sent["data"])
                figures["requests"] += 1
                figures["broke"] += answer.status_code >= 500
                if answer.status_code >= 500:
                    print(f"{method} {path[:80]} as {who or 'nobody'}: {answer.status_code}", file=sys.stderr)


async def campaign(bot: Telegraph, count: int, seed: int) -> Figures:
    """Three fifths are updates, one fifth events, one fifth requests."""
    figures, chance = Figures(), random.Random(seed)
    await bot.join("nadia")
    await bot.enrol("noemie")
    await telegram(bot, count * 3 // 5, chance, figures)
    events(count // 5, chance, figures)
    await requests(Door(bot), count // 5, chance, figures)
    await bot.say("noemie", "SOS")
    figures["not heard"] += not any("112" in words for words in bot.heard("noemie"))
    figures.update(state for state, _problem in bot.inbox())
    return figures


async def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--count", type=int, default=100_000)
    wanted.add_argument("--seed", type=int, default=1)
    given = wanted.parse_args()
    log = io.StringIO()
    with redirect_stderr(log):
        async with by_itself() as bot:
            figures = await campaign(bot, given.count, given.seed)
    figures["told"] += log.getvalue().count(SECRET)
    print(", ".join(f"{name} {many}" for name, many in figures.items()), f"seed {given.seed}")
    events_of = Counter(re.findall(r"(?m)event='([^']+)'|^((?!timestamp).+)", log.getvalue()))
    print("\n".join(f"{many:>7}  {event or line}" for (event, line), many in events_of.most_common(20)))
    return 1 if figures.wrong() else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
