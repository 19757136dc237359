"""One item of the checklist, as the example programme asks it; the participant report."""

from __future__ import annotations

import pytest

from bot import flows
from bot.domain.level import Level
from bot.domain.programme import Item, ItemChoice, Means, Proof, Report
from bot.engine.advance import Begin, Handed, Press, Session, Silence, Turn, advance
from bot.engine.checklist import PATIENCE, default_replies
from bot.engine.effect import OpenCase, SetItem
from bot.engine.flow import Flow
from bot.engine.step import Upload
from bot.flows import item
from tests.flows.talk import PROGRAMME, SEALED, UNCLEAR, Said, talk


def flow(name: str) -> Flow:
    built = flows.build("item", PROGRAMME.outgoing, "outgoing", name)
    assert built is not None
    return built


NO_LODGING = (SetItem("housing", "doing", "stuck"), OpenCase(Level.FOLLOW_UP, "housing", "stuck"))
MISSING = (SetItem("grant_agreement", "handed", "missing"), OpenCase(Level.FOLLOW_UP, "grant_agreement", "missing"))
SENT = (("told_sent",), (SetItem("report", "done", "sent"),))
LOST = (("told_missing",), (SetItem("report", "handed", "missing"), OpenCase(Level.FOLLOW_UP, "report", "missing")))


@pytest.mark.parametrize(
    ("item", "events", "said"),
    [
        ("ehic", "", (("state",), ())),
        ("ehic", "state:have", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "state:asked", (("told_asked",), (SetItem("ehic", "doing", "asked"),))),
        ("ehic", "state:how", (("told_how",), (SetItem("ehic", "doing", "how"),))),
        ("ehic", "je l'ai", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "I HAVE IT", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "la tengo", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "3", (("told_how",), (SetItem("ehic", "doing", "how"),))),
        ("ehic", "peut-être", UNCLEAR),
        ("ehic", "...", ((), ())),
        ("ehic", "... | state:have", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("ehic", "... | demandée", (("told_asked",), (SetItem("ehic", "doing", "asked"),))),
        ("ehic", "state:asked | state:asked", ((), ())),
        ("ehic", "state:asked | state:have", (("told_have",), (SetItem("ehic", "declared", "have"),))),
        ("housing", "state:stuck", (("told_stuck",), NO_LODGING)),
        ("housing", "state:stuck | state:given", SEALED),
        ("health", "state:no", (("told_no",), (SetItem("health", "done", "no"),))),
        ("grant_agreement", "state:missing", (("told_missing",), MISSING)),
        ("grant_agreement", "no lo he recibido", (("told_missing",), MISSING)),
        ("tickets", "coach", (("told_bus",), (SetItem("tickets", "done", "bus"),))),
    ],
)
def test_an_answer_moves_the_item(item: str, events: str, said: Said) -> None:
    assert talk(flow(item), events) == said


def test_an_item_without_words_of_its_own_asks_its_title() -> None:
    plain = Item(id="card", title={"fr": "Carte", "en": "Card"}, due="J-3")
    built = flows.build_item(plain, PROGRAMME.outgoing)
    assert getattr(built.find("state"), "text", None) == {"fr": "Carte", "en": "Card"}
    assert built.steps[0].exits() == {"have": "told_have", "asked": "told_asked", "how": "told_how", "silence": ""}


def test_an_item_that_the_programme_no_longer_has_is_no_conversation() -> None:
    assert flows.build("item", PROGRAMME.outgoing, "outgoing", "gone") is None


CERTIFICATE = Item(id="certificate", title="Certificate", due="F+1", proof=Proof.FILE)
DECLARED = SetItem("certificate", "declared", "have")


def said_after(item: Item, *events: Press | Handed | Silence) -> tuple[Turn, list[str]]:
    """The last turn of a conversation about an item, and all that was said on the way."""
    flow = flows.build_item(item, PROGRAMME.outgoing)
    turn = advance(flow, Session(), Begin())
    says = list(turn.says)
    for event in events:
        turn = advance(flow, turn.session, event)
        says += turn.says
    return turn, says


def test_a_file_is_asked_for_once_the_learner_has_it() -> None:
    turn, says = said_after(CERTIFICATE, Press("state", "have"))
    assert (says, turn.effects, turn.session.asked) == (["state", "proof"], (), "proof")
    asked = flows.build_item(CERTIFICATE, PROGRAMME.outgoing).question("proof")
    assert isinstance(asked, Upload)
    assert (asked.wait, asked.exits()) == (PATIENCE, {"file": "sent", "show": "shown", "silence": ""})


@pytest.mark.parametrize(
    ("event", "says"),
    [(Handed("proof", 12), ["state", "proof", "sent"]), (Press("proof", "show"), ["state", "proof", "shown"])],
)
def test_a_file_or_the_wish_to_show_it_declares_the_item(event: Press | Handed, says: list[str]) -> None:
    turn, said = said_after(CERTIFICATE, Press("state", "have"), event)
    assert (said, turn.effects, turn.session.asked) == (says, (DECLARED,), None)


def test_without_a_file_nothing_is_declared_and_the_plan_reminds() -> None:
    turn, said = said_after(CERTIFICATE, Press("state", "have"), Silence("proof"))
    assert (said, turn.effects, turn.session.asked) == (["state", "proof"], (), None)


def test_a_file_sent_at_once_is_taken_for_the_answer() -> None:
    turn, said = said_after(CERTIFICATE, Handed("proof", 12))
    assert (said, turn.effects) == (["state", "sent"], (DECLARED,))


def test_whoever_has_not_got_it_is_not_asked_for_a_file() -> None:
    turn, said = said_after(CERTIFICATE, Press("state", "asked"))
    assert (said, turn.effects) == (["state", "told_asked"], (SetItem("certificate", "doing", "asked"),))


def test_what_the_school_wrote_for_an_answer_is_said_before_the_file_is_asked_for() -> None:
    told = ItemChoice(id="have", label="Yes", means=Means.DONE, reply="Well done!", level=Level.FOLLOW_UP)
    turn, said = said_after(CERTIFICATE.model_copy(update={"choices": (told,)}), Press("state", "have"))
    assert (said, turn.effects) == (
        ["state", "told_have", "proof"],
        (OpenCase(Level.FOLLOW_UP, "certificate", "have"),),
    )


def test_a_report_can_be_proved_by_a_file_too() -> None:
    report = Report(title="Report", due="R+30", proof=Proof.FILE)
    turn, said = said_after(report, Press("state", "sent"), Handed("proof", 12))
    assert (said, turn.effects) == (["state", "proof", "sent"], (SetItem("report", "declared", "sent"),))


def test_showing_it_is_answered_as_for_any_paper_an_adult_ticks() -> None:
    shown = flows.build_item(CERTIFICATE, PROGRAMME.outgoing).find("shown")
    assert getattr(shown, "text", None) == default_replies(CERTIFICATE)[Means.DONE]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ("", (("state",), ())),
        ("state:sent", SENT),
        ("envoyé", SENT),
        ("enviado", SENT),
        ("1", SENT),
        ("state:received", (("told_received",), (SetItem("report", "doing", "received"),))),
        ("state:missing", LOST),
        ("Not received", LOST),
        ("what report?", UNCLEAR),
        ("...", ((), ())),
        ("... | state:sent", SENT),
        ("... | pas reçu", LOST),
        ("state:received | state:sent", SENT),
        ("state:sent | state:sent", ((), ())),
        ("state:missing | state:sent", SEALED),
    ],
)
@pytest.mark.parametrize("kind", ["outgoing", "staff"])
def test_a_report_stands_here(kind: str, events: str, said: Said) -> None:
    flow = flows.build("report", PROGRAMME.journey(kind), kind, "report")
    assert flow is not None
    assert talk(flow, events) == said


def test_a_report_without_words_of_the_school_has_compagnons() -> None:
    bare = item.build_report(Report(title="Report", due="R+30"))
    assert getattr(bare.find("state"), "text", None) == item.REPORT
    told = getattr(bare.find("told_missing"), "text", None)
    assert told == "Thank you. {coordinator} will find out why it did not come. I ask again in some days."
