"""Invitations for several, and several confirmed at once by words that both sides see."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from sqlalchemy import select

from bot.documents.invitations import DOORS
from bot.handlers.people.invitations import claim
from bot.store.db import Tx
from bot.store.people import Address, Person, by_ref
from bot.store.records import keep_setting
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, join, settle_in
from tests.web.desk.conftest import Visit, plain, send

PAGE = "https://chat.example.org"


def with_a_page(tx: Tx) -> None:
    """The web chat has an address, Compagnon an account on Matrix, and one learner a mailbox."""
    keep_setting(tx.rows, DOORS, {"telegram": False, "matrix": "@compagnon:example.org"})
    keep_setting(tx.rows, "web_address", {"url": PAGE})
    noemie = by_ref(tx.rows, "noemie")
    assert noemie is not None
    noemie.email = "noemie@example.org"


def numbers(journey: Journey) -> dict[str, int]:
    return dict(journey.ask(select(Person.ref, StayRow.id).join(StayRow)))


def pending(journey: Journey) -> dict[str, tuple[int, str]]:
    wanted = select(Address).join(Person).where(Address.state == "pending")
    return journey.db.run(lambda tx: {row.person.ref: (row.id, row.check_words) for row in tx.rows.scalars(wanted)})


async def test_several_are_invited_and_those_whose_words_are_right_are_confirmed(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.do(settle_in, ("lina", "noemie"))
    await journey.do(join, *ADULTS)
    await journey.do(with_a_page)
    nadia, yann, stays = await visit(journey, "nadia"), await visit(journey, "yann"), numbers(journey)

    asked = plain(await nadia.get(f"/invitations?stays={stays['lina']}+{stays['noemie']}"))
    made = await send(nadia, "/invitations", **{f"stay.{stays[ref]}": "1" for ref in ("lina", "noemie")})
    foreign = await send(yann, "/invitations", **{f"stay.{stays['lina']}": "1"})
    links = re.findall(rf">({PAGE}/j/[\w-]+)<", made.text)

    assert ("Noémie Abadie" in asked, "Lina Haddouche" in asked, "no invitation yet" in asked) == (True, True, True)
    assert (len(links), made.text.count("<svg"), foreign.status_code) == (2, 4, 404)
    assert [f"Send this code there: {link.rpartition('/')[2]}" in plain(made) for link in links] == [True, True]
    mail = unquote(unescape(re.findall(r'href="(mailto:[^"]+)"', made.text)[0]))
    assert mail.startswith("mailto:noemie@example.org?subject=Your invitation to Compagnon&body=Hello Noémie,")
    assert links[1] in mail or links[0] in mail

    for number, link in enumerate(links):
        await journey.do(lambda tx, code, native: claim(tx, code, "web", native), link.rpartition("/")[2], f"b{number}")
    waiting = pending(journey)
    (lina, words), (noemie, others) = waiting["lina"], waiting["noemie"]
    told = "\n".join(journey.heard("nadia"))
    page = plain(await nadia.get("/confirm"))
    assert f"Right are: {words}." in told
    assert (words in page, others in page, words != others) == (True, True, True)

    done = await send(nadia, "/confirm", **{f"yes.{lina}": words, f"yes.{noemie}": "kiwi kiwi"})
    again = await send(nadia, "/confirm", **{f"yes.{lina}": words})
    beyond = await send(yann, "/confirm", **{f"yes.{noemie}": others})
    assert (done.headers["location"], again.headers["location"]) == ("/desk/confirm?said=confirmed", "/desk/confirm?said=nothing")  # fmt: skip
    assert (beyond.status_code, set(pending(journey))) == (404, {"noemie"})
