"""The stream of events: nothing lost and nothing doubled, however often the connection is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
from sqlalchemy import select

from bot.channels.web import OPEN_AT_ONCE
from bot.handlers.people.confirm import confirm
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address, by_ref
from tests.web.chat.conftest import Site, hidden

Event = tuple[str, str, tuple[str, ...]]
"""Its name, its id, and the ids of the bubbles in it (`+` where it may be answered)."""


@contextmanager
def listening(
    browser: httpx.Client, after: str = "", last: str = "", shows: str = "confirmed"
) -> Iterator[Iterator[Event]]:
    """The events of a stream, without its beats."""
    headers = {"last-event-id": last} if last else {}
    with browser.stream("GET", "/events", params={"shows": shows, "after": after}, headers=headers) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _colon, value = line.partition(": ")
        if line and name:
            fields[name] = fields.get(name, "") + value + "\n"
        elif not line:
            if fields.get("event") != "beat\n":
                found = tuple(re.findall(r'<li id="([oid]\d+)"', fields["data"]))
                yield fields["event"].strip(), fields.get("id", "").strip(), found
            fields = {}


def cursor(page: str) -> str:
    return str(re.findall(r'data-cursor="(\w+)"', page)[0])


def last_message(tx: Tx) -> int:
    return tx.rows.scalars(select(OutboxRow.id).order_by(OutboxRow.id.desc())).first() or 0


def test_a_message_reaches_an_open_page(site: Site) -> None:
    browser = site.joined("ines")

    with listening(browser, cursor(browser.get("/").text)) as stream:
        number = site.tell("ines", "Good morning")
        name, _id, shown = next(stream)

    assert (name, shown) == ("bubbles", (f"o{number}",))


def test_a_page_that_comes_back_gets_exactly_what_it_missed(site: Site) -> None:
    browser = site.joined("ines")
    with listening(browser, cursor(browser.get("/").text)) as stream:
        site.tell("ines", "Good morning")
        _name, seen, _shown = next(stream)
    missed = [site.tell("ines", text) for text in ("One", "Two")]

    with listening(browser, "something older", last=seen) as stream:
        _name, seen, shown = next(stream)
    with listening(browser, last=seen) as stream:
        third = site.tell("ines", "Three")
        _name, _id, after = next(stream)

    assert shown == tuple(f"o{number}" for number in missed)
    assert after == (f"o{third}",)


def test_a_page_as_it_was_loaded_lacks_nothing(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    quick_site.tell("ines", "Good morning")

    with listening(browser, cursor(browser.get("/").text)) as stream:
        number = quick_site.tell("ines", "Something new")
        assert next(stream)[2] == (f"o{number}",)


def test_a_page_from_before_a_restart_gets_everything(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    page = browser.get("/").text
    number = quick_site.tell("ines", "Good morning")

    with listening(browser, last="forgotten") as stream:
        shown = next(stream)[2]

    assert shown == (*re.findall(r'<li id="([od]\d+)"', page), f"o{number}")


def test_an_answered_question_is_sent_again_with_the_answer(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    number = quick_site.tell("ines", "How can I help?", "Show me", "Not now")
    page = browser.get("/").text

    with listening(browser, cursor(page)) as stream:
        fields = hidden(page, f"{number}.1") | {"token": f"{number}.1"}
        browser.post("/press", data=fields, headers={"hx-request": "true"})
        shown: list[str] = []
        while len(shown) < 3:
            shown += next(stream)[2]

    assert sorted(shown) == ["i1", f"o{number}", f"o{number + 1}"]


def test_a_waiting_page_goes_on_when_the_coordinator_confirms(site: Site) -> None:
    browser, link = site.visitor(), site.invited("ines")
    browser.get(link)
    browser.post(link)

    def confirmed(tx: Tx) -> None:
        coordinator = by_ref(tx.rows, "roux")
        assert coordinator is not None
        confirm(tx, coordinator, tx.rows.scalars(select(Address.id)).one(), yes=True)

    with listening(browser, shows="pending") as stream:
        site.database.run(confirmed)
        site.settle()
        assert next(stream) == ("reload", "", ())


def test_the_stream_of_a_device_that_is_closed_ends(quick_site: Site) -> None:
    old = quick_site.joined("ines")

    with listening(old, cursor(old.get("/").text)) as stream:
        quick_site.joined("ines")
        quick_site.ring(quick_site.database.run(first_address))
        assert next(stream) == ("reload", "", ())


def first_address(tx: Tx) -> str:
    return tx.rows.scalars(select(Address.native).order_by(Address.id)).first() or ""


def test_nobody_hears_the_messages_of_another(quick_site: Site) -> None:
    ines, tom = quick_site.joined("ines"), quick_site.joined("tom")

    with listening(ines, cursor(ines.get("/").text)) as stream:
        with listening(tom, cursor(tom.get("/").text)):
            quick_site.tell("tom", "For Tom only")
        number = quick_site.tell("ines", "For Inès")
        assert next(stream)[2] == (f"o{number}",)


def test_a_stream_for_nobody_says_so_and_ends(quick_site: Site) -> None:
    with listening(quick_site.visitor()) as stream:
        assert list(stream) == [("reload", "", ())]


def test_of_many_open_pages_the_first_end_and_the_last_are_told(site: Site) -> None:
    browser = site.joined("ines")
    after = cursor(browser.get("/").text)
    with ExitStack() as pages:
        streams = [pages.enter_context(listening(browser, after)) for _ in range(OPEN_AT_ONCE + 3)]
        assert [list(stream) for stream in streams[:3]] == [[]] * 3  # they end: nothing more comes
        number = site.tell("ines", "Good morning")
        told = [next(stream)[2] for stream in streams[3:]]

    assert told == [(f"o{number}",)] * OPEN_AT_ONCE


def test_who_opens_streams_without_end_is_sent_away(site: Site) -> None:
    browser = site.joined("ines")
    codes = []
    for _ in range(122):
        with browser.stream("GET", "/events", params={"shows": "pending"}) as answer:
            codes.append(answer.status_code)

    assert codes == [200] * 120 + [204] * 2
