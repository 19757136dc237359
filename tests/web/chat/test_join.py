"""A link shows nothing and changes nothing; its button works once; everything in the way is said plainly."""

from __future__ import annotations

import hashlib
import html
import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import select

from bot.clock import SimulatedClock
from bot.documents.invitations import DOORS
from bot.handlers.people.confirm import confirm
from bot.handlers.people.invitations import Claimed, claim
from bot.store.db import Database, Tx
from bot.store.people import Address, Invitation, by_ref
from bot.store.records import keep_setting
from bot.web.common.guard import Guesses
from tests.conftest import Read
from tests.web.chat.conftest import Open, Site, bubbles, found, title


def answered(tx: Tx, *, yes: bool) -> None:
    """The coordinator says whether the last device is the learner's."""
    coordinator = by_ref(tx.rows, "roux")
    assert coordinator is not None
    waiting = tx.rows.scalars(select(Address.id).order_by(Address.id.desc())).first()
    confirm(tx, coordinator, waiting or 0, yes=yes)


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1].split(">", 1)[1])).split())


def test_opening_a_link_changes_nothing_and_shows_nothing_personal(site: Site, read: Read) -> None:
    answer = site.visitor().get(site.invited("ines"))

    assert words_of(answer.text) == (
        "Hi, I am Compagnon I am a robot. I keep company with learners before, during and after a stay abroad, and "
        "with the adults who look after them. Nothing to install, no account, no phone number. This link opens one "
        "device, once: open it on the one to keep. Open my conversation The link is for "
        "one person only. If it is not meant for you, close this page: nothing has happened. 🆘 112"
    )
    assert read(select(Invitation.used_at)) == [(None,)]
    assert read(select(Address.id)) == []


def on_platforms(tx: Tx) -> None:
    keep_setting(tx.rows, "telegram_username", {"username": "compagnon_bot"})
    keep_setting(tx.rows, DOORS, {"telegram": True, "matrix": "@compagnon:example.org"})


def aged(tx: Tx, years: int) -> None:
    ines = by_ref(tx.rows, "ines")
    assert ines is not None
    ines.birth = tx.now.date().replace(year=tx.now.year - years)


@pytest.mark.parametrize(("years", "places"), [(17, ["t.me", "matrix.to"]), (15, ["matrix.to"])])
def test_every_open_door_is_offered_and_the_code_is_used_up_where_it_is_used(
    site: Site, read: Read, years: int, places: list[str]
) -> None:
    site.database.run(on_platforms)
    site.database.run(aged, years)
    link = site.invited("ines")
    code = link.rpartition("/")[2]

    page = site.visitor().get(link)
    untouched = read(select(Invitation.used_at))
    claimed = site.database.run(claim, code, "matrix", "@ines:example.org")
    again = site.visitor().get(link)

    doors = {
        "t.me": f"https://t.me/compagnon_bot?start={code}",
        "matrix.to": "https://matrix.to/#/@compagnon:example.org",
    }
    assert [place for place, door in doors.items() if f'href="{door}"' in page.text] == places
    assert f"Send this code there: {code}" in words_of(page.text)
    assert untouched == [(None,)]
    assert claimed.state is Claimed.PENDING
    assert ("already been used" in words_of(again.text), "t.me" in again.text) == (True, False)


def test_a_door_that_was_closed_is_not_offered(site: Site) -> None:
    site.database.run(on_platforms)
    site.database.run(aged, 17)
    site.database.run(lambda tx: keep_setting(tx.rows, DOORS, {"telegram": False, "matrix": None}))
    page = site.visitor().get(site.invited("ines")).text
    assert [place for place in ("t.me", "matrix.to") if place in page] == []


def test_the_button_lets_one_browser_in(site: Site, read: Read) -> None:
    browser, link = site.visitor(), site.invited("ines", trusted=True)
    browser.get(link)

    answer = browser.post(link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    native = hashlib.sha256(browser.cookies["compagnon"].encode()).hexdigest()
    assert read(select(Address.channel, Address.native, Address.state)) == [("web", native, "confirmed")]


def test_a_used_link_is_refused_to_another_browser(site: Site) -> None:
    link = site.invited("ines", trusted=True)
    first, second = site.visitor(), site.visitor()
    first.get(link)
    second.get(link)
    first.post(link)

    answer = second.post(link)

    assert (answer.status_code, title(answer.text)) == (410, "This link has already been used")
    assert "compagnon" not in second.cookies


def test_a_claim_whose_answer_was_lost_can_be_made_again(site: Site, read: Read) -> None:
    browser, link = site.visitor(), site.invited("ines", trusted=True)
    browser.get(link)
    browser.post(link)
    del browser.cookies["compagnon"]

    again = browser.post(link)

    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert len(read(select(Address.id))) == 1


def test_a_browser_that_two_people_share_is_never_let_in_as_the_other(site: Site) -> None:
    browser, first, second = site.visitor(), site.invited("tom", trusted=True), site.invited("ines", trusted=True)
    browser.get(first)
    browser.post(first)
    browser.get(second)

    browser.post(second, data={"share": "no"})
    site.settle()

    assert bubbles(browser.get("/").text) == [("them", "Good to see you again, Inès. We go on here.")]


def test_an_expired_link_is_refused(site: Site, clock: SimulatedClock, read: Read) -> None:
    browser, link = site.visitor(), site.invited("ines")
    browser.get(link)
    clock.move_to(clock.now() + timedelta(hours=72))

    answer = browser.post(link)

    assert (answer.status_code, title(answer.text)) == (410, "This link is too old")
    assert read(select(Address.id)) == []


def test_a_forged_link_is_refused_in_the_language_of_the_browser(quick_site: Site) -> None:
    answer = quick_site.visitor("de;q=0.3, es-MX;q=0.9").get("/j/AAAAAAAAAAAAAAAAAAAAAA")

    assert answer.status_code == 404
    assert '<html lang="es" dir="ltr">' in answer.text


def test_without_cookies_a_link_is_not_used_up(site: Site, read: Read) -> None:
    answer = site.visitor().post(site.invited("ines"))

    assert (answer.status_code, title(answer.text)) == (400, "Your browser keeps nothing")
    assert read(select(Invitation.used_at)) == [(None,)]


def test_after_ten_wrong_links_in_ten_minutes_the_wrong_ones_wait_and_not_the_class(
    quick_site: Site, clock: SimulatedClock
) -> None:
    browser, good = quick_site.visitor(), quick_site.invited("ines")
    for number in range(10):
        assert browser.get(f"/j/guess{number}").status_code == 404

    waiting, right = browser.get("/j/guess10"), browser.get(good)
    clock.move_to(clock.now() + timedelta(minutes=10))
    later = browser.get("/j/guess11")

    assert (waiting.status_code, title(waiting.text)) == (429, "Too many attempts")
    assert (right.status_code, title(right.text), later.status_code) == (200, "Hi, I am Compagnon", 404)


def test_a_flood_of_wrong_links_is_not_even_looked_at(clock: SimulatedClock) -> None:
    guesses, now = Guesses(), clock.now()
    waits = [guesses.another("192.0.2.1", now) for _ in range(300)]

    assert waits == [False] * 10 + [True] * 290
    assert (guesses.flood("192.0.2.1", now), guesses.flood("192.0.2.2", now)) == (True, False)
    assert not guesses.flood("192.0.2.1", now + timedelta(minutes=10))


def test_a_claim_waits_until_the_coordinator_confirms_it(site: Site) -> None:
    browser, link = site.visitor(), site.invited("ines")
    browser.get(link)
    browser.post(link)

    before = browser.get("/")
    words = site.database.run(
        lambda tx: tx.rows.scalars(select(Address).where(Address.state == "pending")).one().check_words
    )
    site.database.run(answered, yes=True)
    site.settle()
    after = browser.get("/")

    assert title(before.text) == "Your coordinator has to say it is you"
    assert "Inès" not in before.text
    assert f'<strong lang="">{words}</strong>' in before.text
    assert bubbles(after.text) == [("them", "Good to see you again, Inès. We go on here.")]


def test_a_device_the_coordinator_does_not_know_is_told_so(site: Site) -> None:
    browser, link = site.visitor(), site.invited("ines")
    browser.get(link)
    browser.post(link)
    site.database.run(answered, yes=False)

    answer = browser.get("/")

    assert (answer.status_code, title(answer.text)) == (403, "This device was not recognised")


def test_a_new_link_closes_the_old_device(site: Site) -> None:
    old = site.joined("ines")
    new = site.joined("ines")

    assert (old.get("/").status_code, title(old.get("/").text)) == (403, "Your conversation has moved")
    assert new.get("/").status_code == 200


def test_a_browser_nobody_knows_is_told_what_to_do(quick_site: Site) -> None:
    answer = quick_site.visitor().get("/")

    assert (answer.status_code, title(answer.text)) == (403, "I do not know this device yet")


def test_another_site_cannot_claim_for_a_browser(quick_site: Site) -> None:
    browser, link = quick_site.visitor(), quick_site.invited("ines")
    browser.get(link)

    assert browser.post(link, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.post(link, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert browser.post(link, headers={"sec-fetch-site": "same-origin", "origin": "null"}).status_code == 303


def test_cookies_stay_out_of_reach_of_scripts_and_plain_connections(open_site: Open, quick_database: Database) -> None:
    quick_database.run(found)
    site = open_site(quick_database, "https://compagnon.example.org")
    link = site.invited("ines", trusted=True)
    knock = site.visitor().get(link).cookies["compagnon_door"]

    answer, again = [site.visitor().post(link, headers={"cookie": f"compagnon_door={knock}"}) for _ in range(2)]

    given = SimpleCookie(answer.headers["set-cookie"])["__Host-compagnon"]
    assert (len(knock), len(given.value), given.value != knock) == (43, 32, True)  # a token of our own making …
    assert (
        SimpleCookie(again.headers["set-cookie"])["__Host-compagnon"].value == given.value
    )  # … and the same, once more
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert {name: value for name, value in given.items() if value} == {
        "httponly": True,
        "max-age": "34560000",
        "path": "/",
        "samesite": "lax",
        "secure": True,
    }


def test_a_second_link_in_somebodys_browser_asks_first_who_is_there(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    link = site.invited("tom")

    asked = words_of(browser.get(link).text)
    unsaid = browser.post(link)

    assert "This browser is that of Inès already, and the link was made for somebody else. Who is there?" in asked
    assert words_of(unsaid.text) == asked
    assert read(select(Address.state)) == [("confirmed",)]


def test_those_who_share_a_browser_say_who_is_there_and_see_their_own_page_alone(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    link = site.invited("tom")
    browser.get(link)
    browser.post(link, data={"share": "yes"}, headers={"user-agent": "Mozilla/5.0 (Android 15) Firefox/140.0"})
    site.database.run(answered, yes=True)
    site.settle()
    site.tell("ines", "A word for Inès")
    site.tell("tom", "A word for Tom")

    asked = browser.get("/")
    seal = re.search(r'name="seal" value="([^"]+)"', asked.text)
    number = re.search(r'name="person" value="(\d+)"><bdi>Tom', asked.text)
    assert seal is not None
    assert number is not None
    browser.post("/who", data={"seal": seal[1], "person": number[1]}, headers={"origin": site.url})
    shown = browser.get("/").text

    assert title(asked.text) == "Who is there?"
    assert ("A word for Tom" in shown, "A word for Inès" in shown, "Not you?" in shown) == (True, False, True)
    assert read(select(Address.state, Address.account).order_by(Address.id)) == [
        ("confirmed", None),
        ("confirmed", "Firefox, Android"),
    ]


def test_a_browser_that_is_somebody_elses_from_now_on_leaves_the_other_conversation(site: Site) -> None:
    browser = site.joined("ines")
    before = browser.cookies["compagnon"]
    link = site.invited("tom")
    browser.get(link)

    browser.post(link, data={"share": "no"})

    assert browser.cookies["compagnon"] != before
    assert title(browser.get("/").text) == "Your coordinator has to say it is you"
