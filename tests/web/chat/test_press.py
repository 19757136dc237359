"""Buttons: whose they are, what is shown of them, and how an answer is changed."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.store.messages import InboxRow, OutboxRow
from tests.conftest import Read
from tests.web.chat.conftest import Site, bubbles, hidden


def choices(page: str, number: int) -> tuple[str, list[str]]:
    """What the buttons of a message stand in (with its summary), and their labels."""
    line = page.split(f'<li id="o{number}"')[1].split("</li>")[0]
    around = re.findall(r'<(div|details) class="choices">(?:\s*<summary>(.*?)</summary>)?', line)
    labels = re.findall(r"<button[^>]*>(.*?)</button>", line)
    return " ".join(part for part in around[0] if part), labels


def test_a_pressed_label_is_shown_as_own_words_and_the_question_folds(site: Site) -> None:
    browser = site.joined("ines")
    number = site.tell("ines", "How can I help?", "Show me", "Not now")
    before = browser.get("/").text

    browser.post("/press", data=hidden(before, f"{number}.0") | {"token": f"{number}.0"})
    site.settle()

    after = browser.get("/").text
    assert choices(before, number) == ("div", ["Show me", "Not now"])
    assert choices(after, number) == ("details Other choices", ["Not now"])
    assert bubbles(after)[2] == ("me", "Show me")


def test_an_answer_can_be_changed(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": "/checkin"})
    quick_site.settle()
    question = quick_site.database.run(lambda tx: tx.rows.scalars(select(OutboxRow.id)).all())[-1]

    for place in (0, 1):
        token = f"{question}.{place}"
        browser.post("/press", data=hidden(browser.get("/").text, token) | {"token": token})
        quick_site.settle()

    around, labels = choices(browser.get("/").text, question)
    own = [text for side, text in bubbles(browser.get("/").text) if side == "me"]
    assert around == "details Change my answer"
    assert own[2] not in labels
    assert own[1] in labels


def test_the_same_press_sent_twice_is_one(site: Site, read: Read) -> None:
    browser = site.joined("ines")
    number = site.tell("ines", "How can I help?", "Show me", "Not now")
    fields = hidden(browser.get("/").text, f"{number}.0") | {"token": f"{number}.0"}

    for _each in range(2):
        browser.post("/press", data=fields)
    site.settle()

    assert read(select(InboxRow.shown)) == [("Show me",)]


def test_the_button_of_another_learner_is_refused(site: Site, read: Read) -> None:
    tom, ines = site.joined("tom"), site.joined("ines")
    number = site.tell("tom", "How can I help?", "Show me")

    ines.post("/press", data=hidden(ines.get("/").text, "say") | {"token": f"{number}.0"})
    site.settle()

    assert bubbles(ines.get("/").text)[-1] == ("them", "This button is not for you.")
    assert bubbles(tom.get("/").text)[-1] == ("them", "How can I help?")
    assert read(select(OutboxRow.chosen).where(OutboxRow.id == number)) == [(None,)]


def test_an_invented_button_is_refused(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    seal = hidden(browser.get("/").text, "say")

    for token in ("999999.0", "x.y", "1" * 60, "²."):
        browser.post("/press", data=seal | {"token": token})
    quick_site.settle()

    assert [text for _side, text in bubbles(browser.get("/").text)[1:]] == ["This button is not for you."] * 4


def test_what_nobody_waits_for_any_more_folds_or_goes(quick_site: Site) -> None:
    browser = quick_site.joined("ines")
    menu = quick_site.tell("ines", "How can I help?", "Show me", "Not now")
    for words in ("/checkin", "/checkin"):
        browser.post("/say", data=hidden(browser.get("/").text, "say") | {"text": words})
        quick_site.settle()
    asked = quick_site.database.run(
        lambda tx: tx.rows.scalars(select(OutboxRow.id).where(OutboxRow.session_id.is_not(None))).all()
    )
    before = browser.get("/").text
    browser.post("/press", data=hidden(before, f"{asked[-1]}.0") | {"token": f"{asked[-1]}.0"})
    quick_site.settle()

    page = browser.get("/").text
    picked = choices(before, asked[-1])[1][0]
    assert choices(before, menu) == ("details Choices", ["Show me", "Not now"])
    assert 'class="choices"' not in before.split(f'<li id="o{asked[0]}"')[1].split("</li>")[0]
    assert choices(page, asked[-1])[0] == "details Change my answer"
    assert re.findall(r'class="picked"[^>]*>✔ (.*?)</p>', page) == [picked]
    assert re.findall(r'class="sign (\w+)"', page) == ["understood"] * 3
