"""Adults by form: what follows is shown first, nobody reaches beyond their walls, and the team's file undoes nothing."""

from __future__ import annotations

import json
import re
from html import unescape

import httpx
import pytest
from sqlalchemy import select

from bot.domain.person import Role
from bot.domain.roster import load_team
from bot.handlers.people.team import bring_in_team
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, by_ref
from bot.store.records import keep_setting
from tests.domain.roster.conftest import TEAM
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, seal, send
from tests.web.desk.test_people import number


def filled(page: httpx.Response) -> dict[str, str]:
    inside = page.text.partition('<form class="details"')[2].partition("</form>")[0]
    boxes = re.findall(r'name="(role\.\w+)" value="1" checked', inside)
    fields = re.findall(r'name="([a-z_]+)"[^>]*? value="([^"]*)"', inside)
    return {name: unescape(value) for name, value in fields} | dict.fromkeys(boxes, "1")


async def submit(visitor: httpx.AsyncClient, page: httpx.Response, **written: str) -> httpx.Response:
    form = {name: value for name, value in (filled(page) | written).items() if value or not name.startswith("role.")}
    return await visitor.post(page.url.path.removeprefix("/desk"), data=form)


def roles(journey: Journey, ref: str) -> set[Role]:
    return {role for (role,) in journey.ask(select(RoleHeld.role).join(Person).where(Person.ref == ref))}


async def test_an_adult_is_added_changed_and_ended(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.say("lina", "SOS")
    await journey.press("luc", "I take it")
    nadia = await visit(journey, "nadia")
    people = await nadia.get("/people")
    school = re.findall(r"/people/new\?school=(\d+)", people.text)[0]
    new = await nadia.get(f"/people/new?school={school}")

    wrong = await submit(nadia, new, first_name="Zoé", email="zoe.example.org")
    done = await submit(nadia, new, first_name="Zoé", last_name="Brun", email="z@example.org", **{"role.teacher": "1"})
    assert re.findall(r'<p class="fault"[^>]*>', wrong.text) == ['<p class="fault" id="last_name-fault">', '<p class="fault" id="email-fault">', '<p class="fault">']  # fmt: skip
    assert (done.headers["location"], roles(journey, "zoe")) == ("/desk/people?said=changed", {Role.TEACHER})

    luc = await nadia.get(f"/people/{number(journey, 'luc')}/edit?school={school}")
    asked = await submit(nadia, luc, email="Z@example.org", **{"role.deputy": "", "role.on_call": ""})
    assert "A case goes back to the first rung and is alerted anew: Lina H." in plain(asked)
    assert "Z@example.org is also the address of Zoé Brun" in plain(asked)
    assert roles(journey, "luc") == {Role.DEPUTY, Role.ON_CALL}
    await submit(nadia, asked)
    assert roles(journey, "luc") == set()
    assert (await nadia.get(f"/people/{number(journey, 'luc')}/edit?school={school}")).status_code == 404


async def test_two_who_change_one_adult_both_keep_what_they_wrote(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    nadia, cathy = await visit(journey, "nadia"), await visit(journey, "cathy")
    school = re.findall(r"/people/new\?school=(\d+)", (await nadia.get("/people")).text)[0]
    path = f"/people/{number(journey, 'pascale')}/edit?school={school}"
    first, second = await nadia.get(path), await cathy.get(path)

    await submit(nadia, first, phone="06 39 98 00 11", **{"role.administration": "1"})
    told = await submit(cathy, second, last_name="Vigouroux-Roy", **{"role.quality": "1"})
    await submit(cathy, told)

    assert "A colleague has changed this person while you were writing" in plain(told)
    person = journey.db.run(lambda tx: by_ref(tx.rows, "pascale"))
    assert person is not None
    assert (person.phone, person.last_name) == ("+33639980011", "Vigouroux-Roy")
    assert roles(journey, "pascale") == {Role.FINANCE, Role.ADMINISTRATION, Role.QUALITY}


async def test_nobody_reaches_beyond_their_school_or_shuts_themselves_out(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    await journey.do(lambda tx: keep_setting(tx.rows, "web_address", {"url": "https://chat.example.org"}))
    nadia, yann, pascale = [await visit(journey, ref) for ref in ("nadia", "yann", "pascale")]
    school = re.findall(r"/people/new\?school=(\d+)", (await nadia.get("/people")).text)[0]
    own = await nadia.get(f"/people/{number(journey, 'nadia')}/edit?school={school}")

    shut = await submit(nadia, own, **{"role.coordinator": "", "role.teacher": "1"})
    risen = await submit(nadia, own, **{"role.consortium": "1"})
    others = [
        await yann.get(f"/people/new?school={school}"),
        await yann.get(f"/people/{number(journey, 'luc')}/edit?school={school}"),
        await nadia.get(f"/people/{number(journey, 'lina')}/edit?school={school}"),
        await pascale.get(f"/people/new?school={school}"),
        await send(yann, f"/people/{number(journey, 'luc')}/invite"),
        await nadia.post("/people/new", data={"seal": seal(own), "school": school, "was": json.dumps([1])}),
    ]
    card = await send(nadia, f"/people/{number(journey, 'luc')}/invite")

    assert "you would shut yourself out" in plain(shut)
    assert "this role reaches beyond your school" in plain(risen)
    assert [each.status_code for each in others] == [404] * 6
    assert (card.text.count("<svg"), "whoever opens it is taken for them" in plain(card)) == (1, True)
    assert roles(journey, "nadia") == {Role.COORDINATOR}


async def test_of_who_is_at_home_elsewhere_only_the_roles_here_are_theirs_to_change(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    nadia = await visit(journey, "nadia")
    school = re.findall(r"/people/new\?school=(\d+)", (await nadia.get("/people")).text)[0]

    def lent(tx: Tx) -> None:
        yann = by_ref(tx.rows, "yann")
        assert yann is not None
        yann.roles.append(RoleHeld(role=Role.TEACHER, school_id=int(school)))

    await journey.do(lent)
    page = await nadia.get(f"/people/{number(journey, 'yann')}/edit?school={school}")
    forged = await submit(nadia, page, email="mine@example.org", last_name="Else", **{"role.quality": "1"})

    assert forged.headers["location"] == "/desk/people?said=changed"
    person = journey.db.run(lambda tx: by_ref(tx.rows, "yann"))
    assert person is not None
    assert (person.last_name, person.email) == ("Kerdoncuff", None)
    assert roles(journey, "yann") == {Role.COORDINATOR, Role.TEACHER, Role.QUALITY}


async def test_the_consortium_gives_somebody_of_a_school_a_duty_for_all(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    helene, nadia, yann, pascale = [await visit(journey, ref) for ref in ("helene", "nadia", "yann", "pascale")]
    path = f"/people/{number(journey, 'pascale')}/edit"
    seen = [re.findall("Lina Haddouche|Jules Morel", (await pascale.get("/calendar?month=2027-03")).text)]
    form = await helene.get(f"{path}?school=all")
    given = await submit(helene, form, **{"role.finance": "1", "role.coordinator": "1"})
    seen.append(re.findall("Lina Haddouche|Jules Morel", (await pascale.get("/calendar?month=2027-03")).text))

    assert re.findall(r'name="role\.(\w+)"', form.text) == ["finance", "administration", "quality"]
    assert given.headers["location"] == "/desk/people?said=changed"
    assert [sorted(set(each)) for each in seen] == [["Lina Haddouche"], ["Jules Morel", "Lina Haddouche"]]
    assert [(await pascale.get(page)).status_code for page in ("/cases", "/figures", "/people/new")] == [404] * 3
    assert (await nadia.get(f"{path}?school=all")).status_code == 404
    assert "Pascale Vigouroux Finance" in plain(await yann.get("/people"))
    await submit(helene, await helene.get(f"{path}?school=all"), **{"role.finance": ""})
    assert "Jules Morel" not in (await pascale.get("/calendar?month=2027-03")).text
    assert roles(journey, "pascale") == {Role.FINANCE}


@pytest.mark.parametrize("late", [False, True])
async def test_the_file_of_the_team_undoes_nothing_until_it_says_something_new(
    begin: Begin, visit: Visit, late: bool
) -> None:
    journey = begin()
    await journey.do(lambda tx: bring_in_team(tx, load_team(TEAM, "consortium.toml")))
    nadia = await visit(journey, "nadia")
    school = re.findall(r"/people/new\?school=(\d+)", (await nadia.get("/people")).text)[0]
    new = await nadia.get(f"/people/new?school={school}")
    await submit(nadia, new, first_name="Zoé", last_name="Brun", **{"role.teacher": "1"})
    luc = await nadia.get(f"/people/{number(journey, 'luc')}/edit?school={school}")
    asked = await submit(nadia, luc, email="new@example.org", **{"role.on_call": ""})
    await submit(nadia, asked) if asked.status_code == 422 else None

    def again(tx: Tx) -> tuple[set[str], str | None]:
        text = TEAM.replace("luc@example.org", "third@example.org").replace('["deputy", "on_call"]', '["deputy"]')
        bring_in_team(tx, load_team(text if late else TEAM, "consortium.toml"))
        if late:
            bring_in_team(tx, load_team(TEAM, "consortium.toml"))
        person = by_ref(tx.rows, "luc")
        assert person is not None
        return {held.role.value for held in person.roles}, person.email

    found = await journey.do(again)
    assert found == (({"deputy", "on_call"}, "luc@example.org") if late else ({"deputy"}, "new@example.org"))
    assert roles(journey, "zoe") == {Role.TEACHER}
