"""The page of the demo: it opens in the visitor's language, its clock moves, and what is chosen holds."""

from __future__ import annotations

import json
import re
import socket
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.commands.demo import bound
from bot.commands.language import machine_language
from bot.commands.opening import CommandError
from bot.demo.answers import STEADY
from bot.demo.stage import Part, Voice
from bot.demo.timeline import ClassShown, read_class
from bot.demo.world import YEAR
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow
from tests.demo.conftest import LEARNER, OPENING, START, Demo


def language_of_class(tx: Tx) -> set[str]:
    return set(tx.rows.scalars(select(Person.language)))


def rendered(tx: Tx) -> set[str]:
    return {row.rendered["language"] for row in tx.rows.scalars(select(OutboxRow)) if row.rendered}


def home_after_a_week(tx: Tx) -> None:
    tx.rows.execute(update(StayRow).values(end=date(2027, 3, 12), back=date(2027, 3, 13)))


def clock(page: str) -> str:
    """The date a page shows."""
    return str(re.findall(r'data-clock="day">(.*?)<', page)[0])


def test_every_visitor_is_shown_everything_at_once_in_their_own_language(demo: Demo) -> None:
    page = demo.visitor("es-ES,es;q=0.9").get("/")

    assert (page.status_code, '<html lang="es"' in page.text) == (200, True)
    assert re.findall(r'<iframe title=".*?" src="(.*?)"', page.text) == [f"/phone/{STEADY}/", "/desk/nferhaoui/"]
    assert demo.stage.db.run(language_of_class) == {"es"}
    assert '<html lang="de"' in demo.visitor("de").get("/").text


def test_the_class_is_begun_anew_where_the_terminal_guessed_another_language(demo: Demo) -> None:
    demo.loop.call_soon_threadsafe(setattr, demo.pace, "wanted", "en")
    demo.loop.call_soon_threadsafe(demo.stage.nudge)
    demo.until(lambda: demo.stage.begun.is_set() and demo.pace.now > START)

    demo.opened("fr")

    assert demo.stage.db.run(rendered) == {"fr"}


def test_after_the_opening_the_page_shows_a_phone_and_a_desk(opened_demo: Demo) -> None:
    page = opened_demo.visitor().get("/").text

    assert re.findall(r'<iframe title=".*?" src="(.*?)"', page) == [f"/phone/{STEADY}/", "/desk/nferhaoui/"]
    assert opened_demo.pace.now == OPENING


def test_the_desk_of_an_adult_is_there_with_the_clock_above_it(opened_demo: Demo) -> None:
    browser = opened_demo.visitor()
    page = browser.get("/board/nferhaoui/").text

    assert re.findall(
        r'<form method="post" action="(.*?)">\s*<input type="hidden" name="back" value="(.*?)">', page
    ) == [("/leap", "/board/nferhaoui/")]
    assert 'href="/board/nferhaoui/learners/1"' in page
    assert browser.get(f"/board/{STEADY}/").status_code == 401
    there = [
        browser.post("/leap", data={"where": "pause", "back": back}).url for back in ("/board/nferhaoui/", "//x.org/")
    ]
    assert [url.path for url in there] == ["/board/nferhaoui/", "/"]


def test_the_class_and_the_desk_say_the_same_of_a_checklist(opened_demo: Demo) -> None:
    browser = opened_demo.visitor()
    counts = [
        sorted(re.findall(pattern, browser.get(page).text))
        for page, pattern in (
            ("/", r'class="steps".*</span>(.*?)</span>'),
            ("/board/nferhaoui/", r'class="done">(.*?)<'),
        )
    ]

    assert counts == [["0/21", "10/21", "5/21"]] * 2


def test_only_our_own_page_may_frame_the_chats(opened_demo: Demo) -> None:
    browser = opened_demo.visitor()

    policies = [browser.get(path).headers["content-security-policy"] for path in ("/", f"/phone/{STEADY}/")]

    assert ["frame-ancestors 'none'; frame-src 'self'" in policies[0], "frame-ancestors 'self'" in policies[1]] == [
        True
    ] * 2
    assert all("default-src 'none'; script-src 'self'; style-src 'self'" in policy for policy in policies)


def test_the_clock_goes_on_by_a_day_and_by_a_week(demo: Demo) -> None:
    browser = demo.opened()
    for where in ("day", "week"):
        browser.post("/leap", data={"where": where})
        demo.still()

    assert demo.pace.now == OPENING + timedelta(days=8)
    assert clock(browser.get("/").text) == "Thursday 4 March 2027"


def test_the_clock_goes_to_the_departure_then_to_the_return_and_never_back(demo: Demo) -> None:
    browser = demo.departed()
    demo.stage.db.run(home_after_a_week)
    days = [demo.pace.now.date().isoformat()]
    for where in ("return", "departure"):
        browser.post("/leap", data={"where": where})
        demo.still()
        days.append(demo.pace.now.date().isoformat())

    assert days == ["2027-03-06", "2027-03-13", "2027-03-13"]


def test_what_is_written_between_two_steps_is_not_passed_over(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = demo.departed()
    stage, clock, ring = demo.stage, demo.stage.world.clock, demo.stage.ring
    move_to = clock.move_to
    soon: list[datetime] = []
    moved: list[datetime] = []

    def write_once() -> None:
        """As a page does whose form comes when a step has just been made."""
        ring()
        if demo.pace.goal is not None and moved and not soon:
            soon.append(clock.now() + timedelta(seconds=7))
            stage.db.run(lambda tx: tx.rows.execute(update(StayRow).values(wake_at=soon[0])))
            stage.nudge()

    def move(to: datetime) -> None:
        moved.append(to)
        move_to(to)

    monkeypatch.setattr(stage, "ring", write_once)
    monkeypatch.setattr(clock, "move_to", move)
    browser.post("/leap", data={"where": "day"})
    demo.still()

    assert moved[1:2] == soon != []


def test_play_stops_where_the_visitor_is_asked_something(demo: Demo) -> None:
    browser = demo.opened()
    browser.post("/leap", data={"where": "play"})
    demo.still()

    assert demo.pace.asked
    assert "Time stands still: somebody waits for you." in browser.get("/").text


def test_a_learner_who_answers_alone_stops_nothing(demo: Demo) -> None:
    browser = demo.opened()
    browser.post("/voice", data={"part": "learner", "voice": "cast"})
    browser.post("/leap", data={"where": "departure"})
    demo.still()
    browser.post("/leap", data={"where": "week"})
    demo.still()

    answered = next(row for row in demo.stage.db.run(read_class, YEAR).rows if row.ref == STEADY)
    assert (answered.count("answered"), answered.count("missed"), demo.pace.asked) == (2, 0, False)


def test_another_learner_is_followed_and_the_first_answers_alone_again(demo: Demo) -> None:
    browser = demo.opened()
    page = browser.post("/pick", data={"learner": LEARNER})

    assert (page.url.path, page.url.fragment) == ("/", "phone")
    assert f'src="/phone/{LEARNER}/"' in page.text
    assert {(f"demo:{LEARNER}", None), (f"demo:{STEADY}", None)} & demo.stage.cast.left == {(f"demo:{LEARNER}", None)}


def test_the_chat_of_another_adult_can_be_looked_at(demo: Demo) -> None:
    page = demo.opened().post("/look", data={"adult": "lperrichon"}).text

    assert 'src="/desk/lperrichon/"' in page
    assert "The one you play is Nadia Ferhaoui." in page


def test_another_language_is_spoken_from_now_on(demo: Demo) -> None:
    page = demo.opened("en").post("/language", data={"lang": "fr"}).text

    assert '<html lang="fr"' in page
    assert demo.stage.db.run(language_of_class) == {"fr"}


def test_the_address_may_ask_for_a_language_and_changes_nothing(opened_demo: Demo) -> None:
    browser = opened_demo.visitor()

    assert '<html lang="es"' in browser.get("/?lang=es").text
    assert '<html lang="en"' in browser.get("/").text


@pytest.mark.parametrize(
    ("path", "form"),
    [("/leap", {"where": "nowhere"}), ("/voice", {"part": "learner", "voice": "loud"}), ("/language", {"lang": "xx"})],
)
def test_a_form_that_names_nothing_we_know_is_refused(opened_demo: Demo, path: str, form: dict[str, str]) -> None:
    assert opened_demo.visitor().post(path, data=form).status_code == 422


def test_a_learner_nobody_knows_cannot_be_picked(opened_demo: Demo) -> None:
    assert opened_demo.visitor().post("/pick", data={"learner": "NOBODY"}).status_code == 404


def test_a_form_from_another_site_is_refused(opened_demo: Demo) -> None:
    answer = opened_demo.visitor().post("/leap", data={"where": "day"}, headers={"origin": "http://evil.example"})

    assert (answer.status_code, opened_demo.pace.now) == (403, OPENING)


def test_open_pages_are_told_what_changes(opened_demo: Demo) -> None:
    browser = opened_demo.visitor()
    path = re.findall(r'data-events="(.*?)"', browser.get("/").text)[0].replace("&amp;", "&")
    with browser.stream("GET", path) as stream:
        lines = (line for line in stream.iter_lines() if line)
        events = [next(lines) for _ in range(5)]
    shown, pieces = json.loads(events[2][6:]), json.loads(events[4][6:])

    assert events[0:2] + events[3:4] == ["retry: 1000", "event: clock", "event: pieces"]
    assert (shown["day"], shown["ahead"], shown["playing"]) == ("Wednesday 24 February 2027", ["departure"], False)
    assert sorted(pieces) == sorted(["news", "coming", "counts", "row-VAL-27-01", f"row-{LEARNER}", f"row-{STEADY}"])


def test_a_page_of_another_scene_is_told_to_load_again(opened_demo: Demo) -> None:
    browser = opened_demo.visitor()
    with browser.stream("GET", "/events?scene=old") as stream:
        lines = [line for line in stream.iter_lines() if line]

    assert lines == ["retry: 1000", "event: reload", "data: now"]


def test_the_server_stops_at_once_though_pages_are_open(demo: Demo) -> None:
    browser = demo.opened()
    path = re.findall(r'data-events="(.*?)"', browser.get("/").text)[0].replace("&amp;", "&")
    with browser.stream("GET", path) as stream:
        next(stream.iter_lines())

        assert demo.stop() < 5


def test_a_button_of_the_clock_ends_the_opening_here_and_now(demo: Demo) -> None:
    demo.pace.opening = START + timedelta(days=90)
    browser = demo.visitor()
    browser.get("/")
    browser.post("/leap", data={"where": "day", "back": "/"})

    assert demo.pace.opened
    assert START + timedelta(days=1) <= demo.pace.now <= demo.pace.opening + timedelta(days=1)
    assert set(demo.stage.voices.values()) == {Voice.VISITOR}


def test_what_the_visitor_leaves_unanswered_is_taken_up_by_the_cast(demo: Demo) -> None:
    browser = demo.departed()
    browser.post("/leap", data={"where": "day"})
    demo.still()
    before = demo.stage.db.run(read_class, YEAR).rows[-1]
    browser.post("/voice", data={"part": "learner", "voice": "cast"})
    browser.post("/leap", data={"where": "day"})
    demo.still()
    after = demo.stage.db.run(read_class, YEAR).rows[-1]

    assert demo.stage.voices[Part.LEARNER] is Voice.CAST
    assert [row.ref for row in (before, after)] == [STEADY, STEADY]
    assert (before.count("answered"), after.count("answered")) == (0, 1)


def test_the_picture_has_a_row_for_everybody_who_leaves(opened_demo: Demo) -> None:
    shown: ClassShown = opened_demo.stage.db.run(read_class, YEAR)

    assert [(row.name, row.place, row.phase) for row in shown.rows] == [
        ("Mathis B.", "Leipzig", "before"),
        ("Lina H.", "Leipzig", "before"),
        ("Inês R.", "Leipzig", "before"),
    ]
    assert (shown.phase("before"), shown.phase("abroad"), shown.phase("back")) == (3, 0, 0)


def test_a_port_that_is_taken_is_said_in_one_line_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError) as problem:
            bound(port)

    assert str(problem.value) == f"Port {port} is not free. Take another one: python3 run.py demo --port {port + 1}"


@pytest.mark.parametrize(("lang", "spoken"), [("fr_FR.UTF-8", "fr"), ("C.UTF-8", ""), ("de_DE", "de"), ("sv_SE", "")])
def test_the_terminal_says_which_language_to_expect(monkeypatch: pytest.MonkeyPatch, lang: str, spoken: str) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", lang)

    assert machine_language() == spoken
