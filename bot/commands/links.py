"""`python -m bot links`: the library of links; with --check each address is asked whether it still answers."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

import httpx

from bot.commands.opening import add_config, opened
from bot.commands.terminal import tell, warn
from bot.handlers.desk.links import keep_answers
from bot.i18n import Sentence, _, _n, say

PACE = 2.0
"""Seconds between two questions to one host."""
PATIENCE = 15.0
WHO = {"user-agent": "Compagnon links --check (run by hand by a school)"}
UNSURE = frozenset({401, 403, 429})
"""The page is there, and does not want to be asked by a program."""
ONLY_GET = frozenset({404, 405, 501})
"""Some servers answer so to a question for the head of a page that they have."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "links",
        help=_("list the links, and ask whether they still answer"),
        description=_("The links of the programme. With --check each address is asked once, slowly; nothing of it is ever done unasked."),
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help=_("ask each address whether it still answers"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List them, or ask them; 1 when one is dead."""
    with opened(args) as here:
        found = here.programme.links.every()
        if not args.check:
            for link in found:
                print(f"{link.id:<20} {link.checked or '-'!s:<11} {link.address}")
            return 0
        said = {address: fault or "" for address, fault in ask([link.address for link in found])}
        here.db.run(keep_answers, {address: str(fault) for address, fault in said.items()}, here.db.clock.now().date())
    dead = [link for link in found if said[link.address]]
    for link in dead:
        warn("{link}: {fault}", link=f"{link.id} {link.address}", fault=said[link.address])
    tell(_n("{count} link was asked, {dead} did not answer.", "{count} links were asked, {dead} did not answer."), count=len(found), dead=len(dead))  # fmt: skip
    return 1 if dead else 0


def ask(addresses: Iterable[str], pause: Callable[[float], None] = time.sleep) -> Iterator[tuple[str, Sentence | None]]:
    """What is wrong with each address; None for one that answers. One host is never asked twice at once."""
    asked: set[str] = set()
    with httpx.Client(follow_redirects=True, timeout=PATIENCE, headers=WHO) as client:
        for address in dict.fromkeys(addresses):
            host = urlsplit(address).netloc
            if host in asked:
                pause(PACE)
            asked.add(host)
            yield address, _fault(client, address)


def _fault(client: httpx.Client, address: str) -> Sentence | None:
    try:
        status = client.head(address).status_code
        if status in ONLY_GET:
            with client.stream("GET", address) as answer:
                status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return say(_("it cannot be reached: look whether the page has moved"))
    if status < 400 or status in UNSURE:
        return None
    return say(_("it answers {status}: look whether the page has moved"), status=status)
