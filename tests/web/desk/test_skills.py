"""What was learned: one press after a good week, or words; shown, added to and taken out in the chat; on the sheet."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.records import AuditRow
from tests.flows.talk import PROGRAMME
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.web.desk.conftest import Visit, plain

GOOD_WEEK = "Thank you Lina, I have noted it. What did you learn this week? One press, or your own words: I keep it for your Europass."
OFFERED = (
    "[Understand instructions in another language] [A technique of the trade that was new to me] "
    "[Do a job alone, from start to finish] [Ask when I do not know] [Nothing this time]"
)
LIST = "What you have learned in Leipzig:\n"
BUTTONS = "[Add something] [Take something out]"


async def test_a_good_week_asks_once_and_skills_shows_adds_and_takes_out(begin: Begin, visit: Visit) -> None:
    journey = begin("2027-03-19 12:00")
    listed = journey.programme.outgoing.model_copy(update={"skills": PROGRAMME.outgoing.skills})
    journey.programme = journey.db.programme = journey.programme.model_copy(update={"outgoing": listed})
    await journey.enrol("lina")
    await journey.until("2027-03-20 12:00")
    journey.heard("lina")

    assert await ask(journey, "lina", "/skills") == [
        "Nothing on your list yet. A word is enough: something you can do now and could not before. [Add something]"
    ]
    await journey.say("lina", "/checkin")
    journey.heard("lina")
    await journey.press("lina", "fine")
    assert journey.heard("lina") == [f"{GOOD_WEEK} {OFFERED}"]
    assert await ask(journey, "lina", "2") == ["Kept. /skills shows everything you have learned."]
    assert await ask(journey, "lina", "/competences") == [
        f"{LIST}· A technique of the trade that was new to me {BUTTONS}"
    ]

    assert await ask(journey, "lina", "Add something") == [
        "What have you learned there? One press, or your own words. [Understand instructions in another language] "
        "[Do a job alone, from start to finish] [Ask when I do not know] [Use a tool or a machine] [Nothing this time]"
    ]
    await journey.say("lina", "Dire =non sans blesser")
    journey.heard("lina")
    nadia, pascale = [await visit(journey, ref) for ref in ("nadia", "pascale")]
    sheet = f"/learners/{journey.stay('lina')}/skills"
    page = plain(await nadia.get(f"{sheet}?lang=en"))
    assert "Lina Haddouche (Lycée Valmer) worked at" in page
    assert "At work: - A technique of the trade that was new to me And also: - Dire =non sans blesser" in page
    assert '<article class="paper" lang="de" dir="ltr">' in (await nadia.get(sheet)).text, (
        "the host's language, unless another is asked for"
    )
    paper = f"/learners/{journey.stay('lina')}/papers/europass"
    form = plain(await nadia.get(paper))
    assert "Dire =non sans blesser" in form
    refused = [(await pascale.get(each)).status_code for each in (sheet, paper)]
    assert refused == [404, 404], "finance reads no answers"
    noted = select(AuditRow.target, AuditRow.detail).where(AuditRow.action == "read words")
    assert journey.ask(noted) == [(f"stay {journey.stay('lina')}", {"why": "report"})] * 3

    await journey.say("lina", "/skills")
    journey.heard("lina")
    assert await ask(journey, "lina", "Take something out") == [
        "Which one? [A technique of the trade that was new to me] [Dire =non sans blesser]"
    ]
    assert await ask(journey, "lina", "2") == [
        "Taken out.",
        f"{LIST}· A technique of the trade that was new to me {BUTTONS}",
    ]
    assert "Dire" not in (await nadia.get(sheet)).text
