"""The review of a cohort: it writes itself, names nobody, and what was decided on it becomes the programme."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.config.programme import read_written, ready
from bot.i18n import render
from bot.runtime.programme import ProgrammeFile
from bot.store.db import Tx
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, send
from tests.web.desk.test_deadlines import added
from tests.web.desk.test_exports import noted
from tests.web.desk.test_figures import like_lina
from tests.web.desk.test_studio import EHIC, OWN, fields


def answered(tx: Tx) -> str:
    """Each of class 1A has once given the best answer to the second question; what it is called."""
    assert tx.programme.outgoing.check_in is not None
    question = tx.programme.outgoing.check_in.questions[1]
    for stay in tx.rows.scalars(select(StayRow).where(StayRow.class_name == "1A")).all():
        told = {"answers": [[question.id, question.choices[0].id]], "facts": {"name": "Lina"}}
        tx.rows.add(SessionRow(person_id=stay.person_id, stay_id=stay.id, flow="check_in", touchpoint="check_in", occurrence="1", state="done", urgency=1, answered_at=tx.now, expires_at=tx.now, **told))  # fmt: skip
    return render(question.choices[0].label, "en")


async def test_a_review_writes_itself_and_a_decision_is_done_once_the_programme_says_it(
    begin: Begin, visit: Visit, tmp_path: Path
) -> None:
    journey, path = begin(), tmp_path / "programme.toml"
    path.write_text(OWN, "utf-8")
    journey.db.programme, journey.app.programme = ready(read_written(path)), ProgrammeFile(journey.db, path)
    await journey.gather("lina", "jules")
    for group, count, missed in (("1A", 8, 1), ("1B", 2, 4)):
        await journey.db.transact(like_lina, group, count, missed)
    best = await journey.db.transact(answered)
    helene, pascale, nadia = [await visit(journey, ref) for ref in ("helene", "pascale", "nadia")]

    written = await added(
        helene, title="Ask about housing in the first week", day="2027-06-30", sort="decision", school="all"
    )
    page = plain(await helene.get("/review"))
    number = (await helene.get("/review")).text.partition('name="decision" value="')[2].partition('"')[0]
    outside = [(await pascale.get("/review")).status_code, (await send(pascale, "/review/propose", decision=number)).status_code]  # fmt: skip
    opened = await send(helene, "/review/propose", decision=number)
    studio = plain(await helene.get("/programme/edit"))
    changed = {**await fields(helene, EHIC), "text.en": "Have you got the blue card?"}
    await send(helene, "/programme/edit/part", **changed)
    ask = await helene.get("/programme/edit/publish")
    digest = ask.text.partition('name="digest" value="')[2].partition('"')[0]
    await send(helene, "/programme/edit/publish", digest=digest)
    paper = await send(helene, "/review", **{"as": "html"})

    assert written.headers["location"] == "/desk/review?said=changed"
    assert outside == [404, 404]
    assert "Ask about housing in the first week Hélène" in page
    assert "Silence 10" in page
    assert f"Answer Learners {best} 8" in page
    assert "Lina" not in page
    assert opened.headers["location"] == "/desk/programme/edit"
    assert "What we decided Ask about housing in the first week Done once this draft is published." in studio
    assert "<bdi>30 Jun 2027</bdi></td><td><bdi>Done</bdi>" in paper.text
    assert "30 Jun 2027 · Done" in plain(await nadia.get("/review"))
    assert noted(journey)[-1][0] == "paper review"
