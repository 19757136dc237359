"""The programme on the desk: read by everybody who has one, in words, with each conversation drawn."""

from __future__ import annotations

import re

import pytest

from bot import flows
from bot.domain.programme import Programme
from bot.domain.stay import Kind
from bot.engine.diagram import graph
from bot.web.desk.flow_drawing import chart
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain

REFS = ("nadia", "cathy", "luc", "pascale", "helene", "yann")


@pytest.mark.parametrize("ref", REFS)
async def test_everybody_with_a_desk_reads_it(begin: Begin, visit: Visit, ref: str) -> None:
    journey = begin()
    await journey.gather("lina")
    visitor = await visit(journey, ref)

    for kind in Kind:
        page = await visitor.get(f"/programme?kind={kind}")
        assert (kind, page.status_code, "Who is alerted" in plain(page)) == (kind, 200, True)
    for asked in ("programme?kind=moon", "programme/flow", "programme/flow?kind=staff&flow=moon"):
        assert (asked, (await visitor.get(f"/{asked}")).status_code) == (asked, 404)


async def test_every_conversation_it_names_is_drawn_and_listed(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")
    page = await nadia.get("/programme")
    links = sorted(set(re.findall(r'href="/desk(/programme/flow[^"]+)"', page.text)))

    for link in links:
        drawn = await nadia.get(link.replace("&amp;", "&"))
        assert (link, drawn.status_code) == (link, 200)
        assert (link, drawn.text.count("<rect")) == (link, drawn.text.count('<li id="step-'))
    assert {"ehic", ""} <= {link.partition("item=")[2] for link in links}


def test_rails_lead_down_and_none_covers_another(programme: Programme) -> None:
    for name in ("check_in", "arrival", "attendance", "enrolment"):
        flow = flows.build(name, programme.outgoing, "outgoing")
        assert flow is not None
        drawn = chart(graph(flow, "fr"), "fr")
        spans = [(rail.x, min(rail.sources), rail.end) for rail in drawn.rails]

        assert all(top < end for _x, top, end in spans)
        for place, (x, top, end) in enumerate(spans):
            others = [other for other in spans[place + 1 :] if other[0] == x]
            assert all(end < first or last < top for _x, first, last in others)


def test_every_exit_of_every_step_is_on_the_drawing(programme: Programme) -> None:
    flow = flows.build("check_in", programme.outgoing, "outgoing")
    assert flow is not None
    nodes = graph(flow, "en")
    ids = [""] + [node.id for node in nodes]

    drawn = [[(ids[way.target]) for way in box.ways] for box in chart(nodes, "en").boxes]

    assert drawn == [list(step.exits().values()) for step in flow.steps]
