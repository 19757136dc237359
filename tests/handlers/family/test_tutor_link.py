"""The link to the tutor's page: until when it opens, whom it is sent to, who takes it back."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.programme import Programme
from bot.handlers.say.links import Page, take_back
from bot.store.db import Tx
from bot.store.links import Pass
from bot.store.stays import StayRow
from tests.handlers.family.tutor_page import hosted, marks, name_tutor
from tests.journeys.conftest import Begin
from tests.journeys.scenes import looked_after
from tests.journeys.visits import Browser, by_post, path_in, words


async def test_the_link_ends_two_weeks_after_the_return(begin: Begin) -> None:
    journey, browser, path = await hosted(begin, "2027-04-10 23:59")
    assert (await browser.look(path)).status_code == 200

    await journey.until("2027-04-11 00:01")

    gone = await browser.look(path)
    assert (gone.status_code, words(gone)[0]) == (404, "This link no longer opens")


def revoke(tx: Tx, stay: int) -> int:
    return take_back(tx, tx.rows.get_one(StayRow, stay), Page.TUTOR)


async def test_a_link_can_be_taken_back(begin: Begin) -> None:
    journey, browser, path = await hosted(begin)

    assert await journey.do(revoke, journey.stay("lina")) == 1

    assert (await browser.look(path)).status_code == 404
    assert (await browser.send(path, {"part": "presence", "said": "no"})).status_code == 404
    assert marks(journey) == []


async def test_the_code_itself_is_not_kept(begin: Begin) -> None:
    journey, _browser, path = await hosted(begin)
    code = path.rpartition("/")[2]

    assert code not in str(journey.ask(select(Pass.code_hash)))


async def test_the_link_of_one_page_does_not_open_the_other(begin: Begin) -> None:
    _journey, browser, path = await hosted(begin)
    code = path.rpartition("/")[2]

    assert (await browser.look(f"/f/stop/{code}")).status_code == 404
    assert (await browser.look(f"/f/{code}")).status_code == 404


def writing(programme: Programme) -> Programme:
    return programme.model_copy(update={"tutor": programme.tutor.model_copy(update={"write": True})})


async def test_the_link_is_sent_by_e_mail_in_german_while_something_is_to_be_answered(begin: Begin) -> None:
    journey = begin()
    journey.db.programme = journey.programme = writing(journey.programme)
    post = by_post(journey)
    await journey.enrol("lina")
    await journey.do(name_tutor, journey.stay("lina"))

    await looked_after(journey, "2027-03-09 10:30")

    begins = (
        "Guten Tag Frau Winkelmann, ich bin Compagnon, ein Roboter der Schule Lycée Valmer. Zwei Minuten für Lina, auf "
        "einer Seite ohne Konto und Passwort:\n"
    )
    assert [(sent.native, sent.text.startswith(begins)) for sent in post.sent] == [("winkelmann@example.org", True)]
    browser = Browser(journey, "de")
    await browser.send(path_in(post.sent[0].text), {"part": "presence", "said": "yes"})
    await looked_after(journey, "2027-03-30 12:00")
    assert len(post.sent) == 3


async def test_a_tutor_of_two_learners_is_one_person_with_a_link_for_each(begin: Begin) -> None:
    journey = begin(full=True)
    await journey.enrol("lina", "jules")
    paths = [await journey.do(name_tutor, journey.stay(ref), "en") for ref in ("lina", "jules")]
    await journey.until("2027-03-09 12:00")
    browser = Browser(journey)

    titles = [words(await browser.look(path))[0] for path in paths]

    assert titles == ["Lina's placement", "Jules's placement"]
    assert len(set(journey.ask(select(Pass.person_id)))) == 1
