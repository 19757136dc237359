"""The host tutor's page: by link, in their language, and what follows from each answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.documents.papers.kinds import papers_of
from bot.documents.papers.printed import has_typst
from bot.domain.programme.journey import TUTOR_LANGUAGES
from bot.domain.tutor import texts
from bot.handlers.family.host_tutor import write
from bot.i18n import placeholders
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import by_ref
from bot.store.stays import ItemState, StayRow
from tests.handlers.family.tutor_page import WELL, cases, hosted, marks, speaks
from tests.journeys.conftest import Begin
from tests.journeys.scenes import forget
from tests.journeys.visits import words


async def test_the_page_asks_what_can_be_answered_now_and_looking_changes_nothing(begin: Begin) -> None:
    journey, browser, path = await hosted(begin)

    page = await browser.look(path)

    assert words(page) == [
        "Lina's placement",
        "Good morning Frau Winkelmann. Your answers go to Nadia Ferhaoui (Lycée Valmer) and to nobody else. Nothing has "
        "to be written, there are only buttons.",
        "Has Lina been with you since Monday 8 March?",
        "Yes, all is in order",
        "No, we have not seen them",
        "Send",
        "The certificate of attendance, to print and sign",
        "A question, a worry, a danger? Call Nadia Ferhaoui: +33 2 40 00 00 00. In immediate danger: 112.",
        "What is held about you",
    ]
    assert (marks(journey), cases(journey)) == ([], [])


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "Le stage de Lina"),
        ("es", "Las prácticas de Lina"),
        ("de", "Das Praktikum von Lina"),
        ("it", "Il tirocinio di Lina"),
        ("nl", "Lina's placement"),
    ],
)
async def test_it_speaks_the_tutors_language(begin: Begin, language: str, title: str) -> None:
    journey, browser, path = await hosted(begin)
    await journey.do(speaks, journey.stay("lina"), language)

    page = await browser.look(path)

    assert words(page)[0] == title


async def test_present_is_noted_once(begin: Begin) -> None:
    journey, browser, path = await hosted(begin)

    done = await browser.send(path, {"part": "presence", "said": "yes"})
    await browser.send(path, {"part": "presence", "said": "no"})

    assert words(done)[:2] == ["Lina's placement", "Thank you, it is noted."]
    assert (marks(journey), cases(journey)) == ([("tutor.presence", "yes")], [])


async def test_absent_is_a_case_for_today(begin: Begin) -> None:
    journey, browser, path = await hosted(begin)
    wanted = select(CaseRow).where(CaseRow.closed_at.is_(None))
    assert journey.ask(wanted.with_only_columns(CaseRow.topic)) in ([], [("missed",)])

    done = await browser.send(path, {"part": "presence", "said": "no"})

    assert words(done)[1] == "Thank you. Nadia Ferhaoui has been told and will get in touch with you."
    assert [each for each in cases(journey) if each[0] == "tutor_absent"] == [("tutor_absent", "today")]
    assert any("The host tutor says that Lina H. has not come." in line for line in journey.heard("nadia"))


async def test_half_way_all_well_waits_for_the_coordinators_tick(begin: Begin) -> None:
    journey, browser, path = await hosted(begin, "2027-03-17 12:00")

    done = await browser.send(path, WELL)

    assert words(done)[1] == "Thank you, it is noted."
    assert cases(journey) == []
    assert ("tutor.said.fits_in", "so_so") in marks(journey)
    assert journey.ask(select(ItemState.state).where(ItemState.item == "tutor_link")) == [("declared",)]


async def test_half_way_a_bad_answer_is_followed_up(begin: Begin) -> None:
    journey, browser, path = await hosted(begin, "2027-03-17 12:00")
    await journey.press("nadia", "Close…") if cases(journey) else None

    await browser.send(path, WELL | {"tasks": "none"})

    alerts = [line for line in journey.heard("nadia") if "The tasks that were agreed: → Not possible here" in line]
    assert len(alerts) >= 1


async def test_half_an_answer_is_asked_again_and_nothing_kept(begin: Begin) -> None:
    journey, browser, path = await hosted(begin, "2027-03-17 12:00")

    half = await browser.send(path, {"part": "questions", "there": "good"})
    odd = await browser.send(path, WELL | {"tasks": "<script>"})

    assert (half.status_code, odd.status_code) == (422, 422)
    assert words(half)[1] == "Choose an answer to every question, then send."
    assert marks(journey) == []


async def test_what_the_tutor_has_seen_and_signed_goes_on_with_the_checklist(begin: Begin) -> None:
    journey, browser, path = await hosted(begin, "2027-03-24 12:00")

    seen = await browser.send(path, {"part": "skills", "tutor.said.skill.tools": "yes", "tutor.said.skill.none": "yes"})
    await browser.send(path, {"part": "attestation", "said": "yes"})

    items = ("europass_host", "attestation_signing")
    wanted = select(ItemState.item, ItemState.state).where(ItemState.item.in_(items)).order_by(ItemState.id)
    assert journey.ask(wanted) == [(item, "declared") for item in items]
    assert [mark for mark in marks(journey) if "skill" in mark[0]] == [
        ("tutor.skills", "answered"),
        ("tutor.said.skill.tools", "yes"),
    ]
    assert "What have you seen Lina do?" not in " ".join(words(seen)), "asked once"


def every_text() -> Iterator[tuple[str, dict[str, str]]]:
    for name, said in texts().items():
        assert isinstance(said, dict)
        yield name, said


def test_every_text_of_the_page_has_all_five_languages_and_the_same_names() -> None:
    for name, said in every_text():
        assert set(said) == set(TUTOR_LANGUAGES), name
        assert len({frozenset(placeholders(words)) for words in said.values()}) == 1, name


def test_french_signs_stand_behind_a_space_that_does_not_break() -> None:
    french = [said["fr"] for _name, said in every_text()]
    assert [each for each in french if " ?" in each or " :" in each or " !" in each] == []


@pytest.mark.parametrize("said", ["my boss touches me", None])
async def test_a_tutor_whom_words_may_mean_or_the_learner_keeps_out_sees_and_is_sent_nothing(
    begin: Begin, said: str | None
) -> None:
    journey, browser, path = await hosted(begin)
    stay = journey.stay("lina")

    def mail(tx: Tx) -> str:
        return write(tx, tx.rows.get_one(StayRow, stay))

    assert await journey.do(mail) == "told"
    await journey.say("lina", said or "SOS")
    if said is None:
        await journey.press("lina", "Not this adult…")
        await journey.press("lina", "Frau Winkelmann")
    forget(journey)

    page, paper = await browser.look(path), await browser.look(f"{path}/paper")
    again = await journey.do(mail)
    done = await browser.send(path, {"part": "presence", "said": "no"})

    assert (again, words(page)[2]) == (
        "held back",
        "There is nothing to answer at the moment. This link stays good until the end of the placement.",
    )
    assert (done.status_code, paper.status_code) == (200, 404)
    assert "tutor_absent" in [detail.get("topic") for (detail,) in journey.ask(select(CaseEvent.detail))]
    alert = next(line for line in reversed(journey.heard("luc")) if line.startswith("🆘") or "News" in line)
    assert "The words may be about Frau Winkelmann" in alert


GRID = {"grid": "ufm", "understands": "alone", "is_understood": "mostly", "prepares": "with_help", "carries_out": "mostly", "safely": "alone"}  # fmt: skip


def examined(tx: Tx, stay: int) -> None:
    """The mobility unit is wanted."""
    tx.rows.get_one(StayRow, stay).tags = ["ufm"]


def on_paper(tx: Tx, ref: str, stay: int) -> list[str]:
    """The rows of the grid, and its result, as somebody prints it."""
    adult = by_ref(tx.rows, ref)
    assert adult is not None
    (paper,) = papers_of(tx, adult, "grid", [tx.rows.get_one(StayRow, stay)], "de")
    rows = [" ".join(part[1] for cell in row for part in cell) for row in paper.parts["criteria"].rows]
    return [rows[0], rows[2], *(words for _label, said in paper.parts["result"].facts for _language, words in said[:1])]


async def test_the_tutor_fills_in_the_grid_of_the_mobility_unit_once_and_it_waits_for_the_teachers_tick(
    begin: Begin,
) -> None:
    journey, browser, path = await hosted(begin, "2027-03-18 12:00")
    lina = journey.stay("lina")
    await journey.do(examined, lina)

    early, paper = await browser.look(path), await browser.look(f"{path}/paper")
    await journey.until("2027-03-22 12:00")
    half = await browser.send(path, {**GRID, "safely": ""})
    done = await browser.send(path, GRID)
    await browser.send(path, {**GRID, "understands": "not_yet"})

    assert "Optional mobility unit, part 1" not in words(early)
    kind = "pdf" if has_typst() else "html"
    assert paper.headers["content-disposition"] == f'attachment; filename="attestation.{kind}"'
    assert ("Optional mobility unit, part 1" in words(half), "Optional mobility unit, part 1" in words(done)) == (True, False)  # fmt: skip
    states = journey.ask(select(ItemState.state).where(ItemState.item == "assessment_grid_back"))
    assert (states, cases(journey)) == ([("declared",)], [])
    assert await journey.do(on_paper, "nadia", lina) == [
        "C1 · Comprend les consignes et le vocabulaire du métier C1 · Versteht Anweisungen und die Wörter des Berufs ☐ ☐ ☐ ☒",
        "C3 · Prépare le poste et choisit les bons outils C3 · Bereitet den Arbeitsplatz vor und wählt das richtige Werkzeug ☐ ☒ ☐ ☐",
        "6 points sur 8, d'après les réponses\N{NO-BREAK SPACE}; le jury décide.",
    ]  # fmt: skip
    assert len(await journey.do(on_paper, "pascale", lina)) == 2, "finance prints an empty grid"
