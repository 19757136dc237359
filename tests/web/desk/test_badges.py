"""Badges on the desk: taken back with a reason, and taken out for a platform, of those alone who agreed."""

from __future__ import annotations

from pathlib import Path

from tests.handlers.privacy.test_badge import award, checked, with_badge
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask, stay_of
from tests.web.desk.conftest import Visit, plain, send
from tests.web.desk.test_exports import noted, rows

AGREED = "[My school may put it on a badge platform]"


async def test_a_badge_leaves_with_its_owners_yes_and_is_taken_back_with_a_reason(
    begin: Begin, visit: Visit, tmp_path: Path
) -> None:
    journey, _browser = await with_badge(begin, tmp_path)
    nadia, yann = [await visit(journey, ref) for ref in ("nadia", "yann")]
    page = f"/learners/{await journey.do(lambda tx: stay_of(tx, 'lina').id)}"

    async def taken_out() -> list[dict[str, str]]:
        return rows(await send(nadia, "/exports", what="badges", **{"as": "csv"}))

    unticked = plain(await nadia.get(page))
    journey.db.keys, keys = None, journey.db.keys
    unsigned = plain(await nadia.get(page))
    journey.db.keys = keys
    await journey.do(award)
    unasked = await taken_out()
    offered = (await ask(journey, "lina", "/skills"))[0]
    await journey.press("lina", AGREED.strip("[]"))
    told, agreed = journey.heard("lina"), await taken_out()
    theirs = rows(await send(yann, "/exports", what="badges", **{"as": "csv"}))
    await ask(journey, "lina", "/skills")
    await journey.press("lina", "No longer on a badge platform")
    no_longer = await taken_out()
    ticked = plain(await nadia.get(page))
    journey.heard("lina")
    foreign = await send(yann, f"{page}/badge", words="Not theirs.")
    empty = await send(nadia, f"{page}/badge", words=" ")
    kept = journey.heard("lina")
    taken = await send(nadia, f"{page}/badge", words="It was another learner's.")
    await journey.settle()

    assert (unasked, theirs, no_longer) == ([], [], [])
    assert AGREED in offered
    assert told[0].startswith("Noted. Your school may put your badge on a badge platform")
    assert [(each["Reference"], each["Badge"]) for each in agreed] == [("lina", "European mobility")]
    assert checked(agreed[0]["Open Badges 3.0 credential"])["credentialSubject"]["type"] == ["AchievementSubject"]
    assert [detail["rows"] for what, detail in noted(journey) if what == "badges"] == [0, 1, 0, 0]
    needed = "No badge is made here until the extra badges is installed."
    assert (needed in unticked, needed in unsigned) == (False, True)
    assert ("Take the badge back" in unticked, "Take the badge back" in ticked) == (False, True)
    assert (foreign.status_code, kept) == (404, [])
    assert [answer.headers["location"].rpartition("=")[2] for answer in (empty, taken)] == ["badge_kept", "badge_ended"]
    assert "It was another learner's." in journey.heard("lina")[0]
