"""The programme edited at the desk: a draft of the file, two adults for what keeps minors safe, a way back."""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path

import httpx
import pytest

from bot.config.programme import read_written, ready
from bot.runtime.programme import ProgrammeFile
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, send

OWN = """# Our school's programme
extends = "compagnon"

[hours]
contact = "17:30"  # after the last lesson
"""
EHIC = "outgoing.before.ehic"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "programme.toml"
    found.write_text(OWN, "utf-8")
    return found


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


async def desk_of(journey: Journey, path: Path) -> None:
    """The school's file in place of the programme of the journey."""
    journey.db.programme = ready(read_written(path))
    journey.app.programme = ProgrammeFile(journey.db, path)
    await journey.gather()


async def fields(browser: httpx.AsyncClient, at: str) -> dict[str, str]:
    """What a browser would send of the form of a part if nobody changed anything."""
    page = (await browser.get("/programme/edit/part", params={"at": at})).text
    form = page[page.index('<form class="part"') :]
    form = form[: form.index("</form>")]
    found: dict[str, str] = {}
    for name, value in re.findall(r'<input (?:type="\w+" )?name="([^"]+)" value="([^"]*)"(?! hidden)', form):
        found[name] = html.unescape(value)
    for name, checked in re.findall(r'<input type="checkbox" name="([^"]+)" value="1"( checked)?', form):
        found.pop(name, None)
        if checked:
            found[name] = "1"
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', form):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return {name: value for name, value in found.items() if name not in {"seal", "back"}}


async def test_a_form_sent_as_it_came_changes_nothing(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene = await visit(journey, "helene")
    parts = [
        EHIC,
        "outgoing.messages.first_day",
        "outgoing.check_in",
        "outgoing.arrival",
        "levels.now",
        "hours",
        "watch",
    ]
    for at in (
        *parts,
        "outgoing.attendance",
        "outgoing.report",
        "green_light",
        "family",
        "tutor",
        "outgoing.first_test",
        "tutoring",
        "retention",
    ):
        await send(helene, "/programme/edit/part", **await fields(helene, at))
        file = await helene.get("/programme/edit/file")
        assert file.text == OWN, at


async def test_a_question_is_changed_played_published_and_undone(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene = await visit(journey, "helene")
    sent = await fields(helene, EHIC)
    assert sent["title.fr"] != ""

    await send(helene, "/programme/edit/part", **sent | {"text.en": "Have you got the blue card?", "remind": "20, 5"})
    page = plain(await helene.get("/programme/edit/part", params={"at": EHIC, "lang": "en"}))
    assert "As they will read it" in page
    assert "Have you got the blue card?" in page
    assert text_of(path) == OWN

    ask = plain(await helene.get("/programme/edit/publish"))
    card = "outgoing › Before departure › European Health Insurance Card (EHIC)"
    assert f'{card} › Asked again so many days before: "24, 14, 5, 0" is now "20, 5"' in ask
    assert f"{card} › What is said › English: " in ask
    digest = re.findall(r'name="digest" value="(\w+)"', (await helene.get("/programme/edit/publish")).text)[0]
    answer = await send(helene, "/programme/edit/publish", digest=digest)

    assert answer.headers["location"] == "/desk/programme/edit?said=programme_published"
    item = journey.db.programme.outgoing.item("ehic")
    assert item is not None
    assert item.remind == (20, 5)
    assert isinstance(item.text, dict)
    assert item.text["en"] == "Have you got the blue card?"
    written = text_of(path)
    assert written.startswith(OWN.rstrip("\n"))
    row = {"id": "ehic", "remind": [20, 5], "text": {"en": "Have you got the blue card?"}}
    assert tomllib.loads(written)["outgoing"]["before"] == [row]

    assert "in force" in plain(await helene.get("/programme/edit/versions"))
    await send(helene, "/programme/edit/versions/1")
    digest = re.findall(r'name="digest" value="(\w+)"', (await helene.get("/programme/edit/publish")).text)[0]
    await send(helene, "/programme/edit/publish", digest=digest)
    assert text_of(path) == OWN


async def test_rules_for_minors_need_a_second_adult(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene, nadia = await visit(journey, "helene"), await visit(journey, "nadia")
    sent = await fields(helene, "watch")
    await send(helene, "/programme/edit/part", **sent | {"silence_days": "9"})
    digest = re.findall(r'name="digest" value="(\w+)"', (await helene.get("/programme/edit/publish")).text)[0]

    once = await send(helene, "/programme/edit/publish", digest=digest)
    again = await send(helene, "/programme/edit/publish", digest=digest)
    assert (once.headers["location"], again.headers["location"]) == (
        "/desk/programme/edit/publish?said=programme_proposed",
        "/desk/programme/edit/publish?said=programme_proposed",
    )
    assert journey.db.programme.watch.silence_days == 7
    await journey.settle()
    heard = [text for text in journey.heard("nadia") if "wants to change the programme" in text]
    assert len(heard) == 1

    agreed = await send(nadia, "/programme/edit/publish", digest=digest)
    assert agreed.headers["location"] == "/desk/programme/edit?said=programme_published"
    assert journey.db.programme.watch.silence_days == 9


async def test_how_long_data_is_kept_needs_a_second_adult_and_has_its_bounds(
    begin: Begin, visit: Visit, path: Path
) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene, nadia = await visit(journey, "helene"), await visit(journey, "nadia")
    sent = await fields(helene, "retention")
    assert sent == {
        "messages": "90", "answers": "90", "cases": "365", "trail": "365", "record": "365", "guests": "90",
        "of.part": "retention", "of.version": "0",
    }  # fmt: skip
    await send(helene, "/programme/edit/part", **sent | {"messages": "10"})
    page = plain(await helene.get("/programme/edit/part", params={"at": "retention"}))
    assert "1 thing to mend before it can count" in page

    await send(helene, "/programme/edit/part", **await fields(helene, "retention") | {"messages": "60"})
    digest = re.findall(r'name="digest" value="(\w+)"', (await helene.get("/programme/edit/publish")).text)[0]
    await send(helene, "/programme/edit/publish", digest=digest)
    assert journey.db.programme.retention.messages == 90
    await send(nadia, "/programme/edit/publish", digest=digest)
    assert journey.db.programme.retention.messages == 60


async def test_two_adults_on_one_part_and_the_second_sees_what_the_first_did(
    begin: Begin, visit: Visit, path: Path
) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene, nadia = await visit(journey, "helene"), await visit(journey, "nadia")
    first, second = await fields(helene, EHIC), await fields(nadia, EHIC)
    await send(helene, "/programme/edit/part", **first | {"title.en": "Blue card"})
    answer = await send(nadia, "/programme/edit/part", **second | {"title.en": "European card"})

    page = plain(answer)
    assert "Hélène Marchandeau has changed this meanwhile." in page
    assert "European card" in page
    assert 'en = "Blue card"' in (await nadia.get("/programme/edit/file")).text


async def test_what_cannot_count_is_kept_and_said(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene = await visit(journey, "helene")
    sent = await fields(helene, EHIC)
    await send(helene, "/programme/edit/part", **sent | {"title.en": "Card of {nobody}"})

    page = plain(await helene.get("/programme/edit/part", params={"at": EHIC}))
    assert "1 thing to mend before it can count" in page
    assert "{nobody} is not filled here" in page
    assert 'name="digest"' not in (await helene.get("/programme/edit/publish")).text
    refused = await send(helene, "/programme/edit/publish", digest="x")
    assert refused.headers["location"] == "/desk/programme/edit/publish?said=nothing"


async def test_one_more_item_and_one_less(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene = await visit(journey, "helene")
    made = await send(helene, "/programme/edit/add", kind="outgoing", list="before", title="Chaussures de sécurité")
    at = "outgoing.before.chaussures_de_securite"
    assert made.headers["location"] == f"/desk/programme/edit/part?at={at}"
    await send(helene, "/programme/edit/part", **await fields(helene, at) | {"title.en": "Boots", "title.es": "Botas"})
    await send(helene, "/programme/edit/remove", at=EHIC)
    written = tomllib.loads((await helene.get("/programme/edit/file")).text)
    assert written["outgoing"]["without"] == ["ehic"]
    assert written["outgoing"]["before"] == [
        {
            "id": "chaussures_de_securite",
            "due": "J-30",
            "title": {"fr": "Chaussures de sécurité", "en": "Boots", "es": "Botas"},
        }
    ]


async def test_what_concerns_one_school_alone_is_published_by_that_school(
    begin: Begin, visit: Visit, path: Path
) -> None:
    journey = begin()
    await desk_of(journey, path)
    nadia = await visit(journey, "nadia")
    at, said = "outgoing.before.boots", []
    await send(nadia, "/programme/edit/add", kind="outgoing", list="before", title="Boots")
    for conditions in ("at_valmer", ""):
        names = {"title.en": "Boots", "title.es": "Botas", "when": conditions}
        await send(nadia, "/programme/edit/part", **await fields(nadia, at) | names)
        digest = re.findall(r'name="digest" value="(\w+)"', (await nadia.get("/programme/edit/publish")).text)[0]
        said.append(
            (await send(nadia, "/programme/edit/publish", digest=digest)).headers["location"].rpartition("=")[2]
        )

    assert said == ["programme_published", "programme_proposed"]
    item = journey.db.programme.outgoing.item("boots")
    assert item is not None
    assert item.when == ("at_valmer",)


async def test_an_item_comes_earlier_and_later(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene = await visit(journey, "helene")

    async def listed() -> list[str]:
        return re.findall(r'id="part-outgoing.before.(\w+)"', (await helene.get("/programme/edit")).text)

    first, second, *others = await listed()
    await send(helene, "/programme/edit/move", at=f"outgoing.before.{first}", by="up")
    assert await listed() == [first, second, *others]
    await send(helene, "/programme/edit/move", at=f"outgoing.before.{first}", by="down")
    assert await listed() == [second, first, *others]
    assert "Before departure: in another order" in plain(await helene.get("/programme/edit/publish"))


async def test_answers_and_questions_come_earlier_and_later_and_nothing_written_beside_is_lost(
    begin: Begin, visit: Visit, path: Path
) -> None:
    journey = begin()
    await desk_of(journey, path)
    helene, at = await visit(journey, "helene"), "outgoing.check_in"

    async def listed(within: str) -> list[str]:
        page = (await helene.get("/programme/edit/part", params={"at": at})).text
        return re.findall(rf'id="{within}\.([a-z_]+)"', page)

    first, second, *others = await listed(r"questions\.mood\.choices")
    sent = await fields(helene, at)
    words = {"questions.mood.text.en": "How was it?", "move": f"down questions.mood.choices.{first}"}
    await send(helene, "/programme/edit/part", **sent | words)
    assert await listed(r"questions\.mood\.choices") == [second, first, *others]
    assert (await fields(helene, at))["questions.mood.text.en"] == "How was it?"

    asked = await listed("questions")
    await send(helene, "/programme/edit/part", **await fields(helene, at) | {"move": f"up questions.{asked[1]}"})
    assert await listed("questions") == [asked[1], asked[0], *asked[2:]]
    lost = await send(helene, "/programme/edit/part", **await fields(helene, at) | {"move": "up questions.nothing"})
    assert lost.status_code == 404
    assert "1 thing to mend" not in plain(await helene.get("/programme/edit/publish"))


async def test_the_office_edits_nothing(begin: Begin, visit: Visit, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    pascale = await visit(journey, "pascale")
    assert (await pascale.get("/programme/edit")).status_code == 404
    assert (await send(pascale, "/programme/edit/part", **{"of.part": EHIC})).status_code == 404
    assert "/programme/edit" not in (await pascale.get("/programme")).text


async def test_the_file_edited_by_hand_counts_without_a_restart(begin: Begin, path: Path) -> None:
    journey = begin()
    await desk_of(journey, path)
    put(path, OWN.replace("17:30", "18:15"))
    await journey.app.follow_programme()
    assert f"{journey.db.programme.hours.contact:%H:%M}" == "18:15"

    put(path, "broken = [")
    await journey.app.follow_programme()
    assert f"{journey.db.programme.hours.contact:%H:%M}" == "18:15"
