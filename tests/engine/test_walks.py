"""Random walks over random flows, and over every flow of the example programme.

`HYPOTHESIS_PROFILE=thorough` walks a hundred times as often.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot import flows
from bot.domain.level import Level
from bot.domain.programme.model import KINDS
from bot.engine.advance import (
    Again,
    Begin,
    Event,
    Handed,
    Press,
    Refusal,
    Session,
    Silence,
    TakenBack,
    Turn,
    Words,
    advance,
)
from bot.engine.effect import Answers, Effect, Facts, OpenCase, Rule, SetItem, always
from bot.engine.flow import Flow
from bot.engine.step import END, FILE, Branch, Choice, Choose, Number, Say, Step, Upload, Write
from tests.example import example
from tests.properties import tried

some = settings(max_examples=tried(50, 5000))
PROGRAMME = example()
EFFECTS = (None, None, SetItem("card", "doing"), OpenCase(Level.TODAY, "missed"), OpenCase(Level.TODAY, "mood", "bad"))
HOUR = timedelta(hours=1)


def example_flows() -> list[Flow]:
    built = []
    for kind in KINDS:
        journey = PROGRAMME.journey(kind)
        names = ["", *(item.id for item in journey.items), *(told.id for told in journey.messages)]
        built += [flows.build(flow, journey, kind, name) for flow in flows.NAMES for name in names]
    return list({id(flow): flow for flow in built if flow}.values())


@st.composite
def steps(draw: st.DrawFn, place: int, size: int) -> Step:
    later = st.sampled_from([*(f"s{number}" for number in range(place + 1, size)), END])
    name, wait = f"s{place}", draw(st.sampled_from([None, HOUR, "deadline"]))
    effect: Effect | None = draw(st.sampled_from(EFFECTS))
    acts: tuple[Rule, ...] = (always(effect),) if effect else ()
    match draw(st.sampled_from(["say", "choose", "choose", "write", "upload", "number", "branch"])):
        case "say":
            return Say(name, draw(st.sampled_from([None, "Hi"])), draw(later), acts)
        case "choose":
            choices = tuple(Choice(f"c{each}", f"C{each}", draw(later)) for each in range(draw(st.integers(1, 4))))
            return Choose(name, "?", choices, wait, draw(later), effects=acts)
        case "write":
            skip = Choice("skip", "Skip", draw(later)) if draw(st.booleans()) else None
            return Write(name, "?", draw(later), skip, wait, draw(later), effects=acts)
        case "upload":
            show = Choice("show", "Show", draw(later)) if draw(st.booleans()) else None
            return Upload(name, "?", draw(later), show, wait, draw(later), effects=acts)
        case "number":
            return Number(name, "?", 0, 3, draw(later), wait, draw(later), effects=acts)
    roads = {"odd": draw(later), "even": draw(later)}
    return Branch(name, _parity, roads, acts)


def _parity(facts: Facts, answers: Answers) -> str:
    return "odd" if len([answer for answer in answers.values() if answer]) % 2 else "even"


@st.composite
def random_flows(draw: st.DrawFn) -> Flow:
    size = draw(st.integers(1, 9))
    table = [draw(steps(place, size)) for place in range(size)]
    reached = {"s0"}
    for step in table:
        reached |= set(step.exits().values()) if step.id in reached else set()
    return Flow("random", tuple(step for step in table if step.id in reached))


any_flow = st.one_of(random_flows(), st.deferred(lambda: st.sampled_from(example_flows())))


@st.composite
def facts_of(draw: st.DrawFn) -> dict[str, object]:
    scale = ["very_good", "good", "so_so", "bad", "very_bad"]
    trend = {"question": "mood", "before": draw(st.sampled_from([None, *scale])), "scale": scale, "low": ["so_so"], "drop": 2, "level": "follow_up"}  # fmt: skip
    missed = draw(st.booleans())
    return {"expected": draw(st.integers(0, 5)), "first_level": "B1", "missed_before": missed, "trend": trend}


def answers_to(flow: Flow, asked: str) -> list[Event]:
    """Everything that can happen to a question."""
    question = flow.question(asked)
    assert question is not None
    found: list[Event] = [Press(asked, choice.id) for choice in question.choices]
    found += [Words("my own words")] if isinstance(question, Write) else []
    found += [Handed(asked, 7), Handed(asked, 8)] if isinstance(question, Upload) else []
    return found + ([Silence(asked)] if question.wait is not None else [])


def effects_of(flow: Flow, session: Session, since: int) -> tuple[Effect, ...]:
    """The effects of the steps that the walk enters from a place on."""
    entered = flow.walk(session.facts, session.answers).entered[since:]
    decided = (rule(session.facts, session.answers) for step in entered for rule in step.effects)
    return tuple(effect for effect in decided if effect is not None)


def check(flow: Flow, before: Session, event: Event, turn: Turn) -> None:
    """What holds of every turn."""
    assert advance(flow, before, event) == turn
    path = flow.walk(turn.session.facts, turn.session.answers)
    assert turn.session.asked == path.asked
    if turn.refused is not None:
        assert turn == Turn(before, refused=turn.refused)
    if turn.session.answers == before.answers and not isinstance(event, Begin):
        assert turn.effects == ()
    places = {step.id: place for place, step in enumerate(flow.steps)}
    assert [places[name] for name in turn.says] == sorted(places[name] for name in turn.says)
    if not isinstance(event, Words | Again) and (turn.session.answers or turn.session.asked):
        again = advance(flow, turn.session, event)
        assert (again.session, again.says, again.effects) == (turn.session, (), ())
    answered = turn.session.answers != before.answers
    if answered:
        step = next(name for name, answer in turn.session.answers.items() if before.answers.get(name, "") != answer)
        place = [each.id for each in path.entered].index(step)
        assert turn.effects == effects_of(flow, turn.session, place + 1)
        assert path.asked is None or places[path.asked] > places[list(turn.session.answers)[-1]]


def check_late_and_sealed(flow: Flow, session: Session) -> None:
    """Silence can always be broken; an answer before an effect that seals can no longer be changed."""
    entered = [step.id for step in flow.walk(session.facts, session.answers).entered]
    for step, answer in session.answers.items():
        sealed = any(effect.seals for effect in effects_of(flow, session, entered.index(step) + 1))
        for late in answers_to(flow, step):
            if isinstance(late, Press) and late.choice != answer:
                refused = Refusal.SEALED if sealed and answer is not None else None
                assert advance(flow, session, late).refused is refused


@some
@given(flow=any_flow, facts=facts_of(), draw=st.data())
def test_every_walk_ends_and_every_turn_is_sound(flow: Flow, facts: dict[str, object], draw: st.DataObject) -> None:
    turn = advance(flow, Session(facts), Begin())
    check(flow, Session(facts), Begin(), turn)
    turns = 0
    while turn.session.asked is not None:
        happening = draw.draw(st.sampled_from(answers_to(flow, turn.session.asked)))
        before, turn = turn.session, advance(flow, turn.session, happening)
        check(flow, before, happening, turn)
        check_late_and_sealed(flow, turn.session)
        turns += 1
        assert turns <= len(flow.steps)
    event(f"{flow.id}, {turns} turns")


@some
@given(flow=any_flow, facts=facts_of(), draw=st.data())
def test_whatever_is_pressed_typed_or_waited_for_no_turn_is_unsound(
    flow: Flow, facts: dict[str, object], draw: st.DataObject
) -> None:
    session = advance(flow, Session(facts), Begin()).session
    questions = [step.id for step in flow.steps if flow.question(step.id)]
    happenings: list[Event] = [each for name in questions for each in answers_to(flow, name)]
    happenings += [Again(), Words("hm"), Press("nowhere", "x"), Silence("nowhere"), Words("  ")]
    for _ in range(draw.draw(st.integers(1, 12))):
        happening = draw.draw(st.sampled_from(happenings))
        turn = advance(flow, session, happening)
        check(flow, session, happening, turn)
        session = turn.session
        check_late_and_sealed(flow, session)


def said_again(flow: Flow, step: str, answer: str) -> Event:
    """What it takes to give this answer."""
    if isinstance(flow.find(step), Upload) and answer.startswith(FILE):
        return Handed(step, int(answer.removeprefix(FILE)))
    offered = {choice.id for choice in getattr(flow.find(step), "choices", ())}
    return Press(step, answer) if answer in offered else Words(answer)


@some
@given(flow=any_flow, facts=facts_of(), draw=st.data())
def test_an_answer_taken_back_and_given_again_is_as_if_it_had_only_been_given(
    flow: Flow, facts: dict[str, object], draw: st.DataObject
) -> None:
    passed = [advance(flow, Session(facts), Begin())]
    while passed[-1].session.asked is not None:
        happening = draw.draw(st.sampled_from(answers_to(flow, passed[-1].session.asked)))
        passed.append(advance(flow, passed[-1].session, happening))
    last = passed[-1].session
    for place, (step, answer) in enumerate(last.answers.items()):
        turn = advance(flow, last, TakenBack(step))
        assert turn.says == ()
        if turn.refused or answer is None:
            assert turn.session == last
            continue
        assert turn.session == passed[place].session
        again = advance(flow, turn.session, said_again(flow, step, answer))
        assert (again.session, again.says) == (passed[place + 1].session, passed[place + 1].says)
        assert again.effects == passed[place + 1].effects


@some
@given(flow=any_flow, facts=facts_of(), draw=st.data())
def test_stored_answers_outlive_a_changed_table(flow: Flow, facts: dict[str, object], draw: st.DataObject) -> None:
    session = advance(flow, Session(facts), Begin()).session
    while session.asked is not None and draw.draw(st.booleans()):
        session = advance(flow, session, draw.draw(st.sampled_from(answers_to(flow, session.asked)))).session
    strange = Session(facts, {"a_step_of_last_year": "x", **session.answers}, session.asked)
    assert advance(flow, strange, Again()).says == advance(flow, session, Again()).says
    chosen = [name for name, answer in session.answers.items() if not isinstance(flow.find(name), Write) and answer]
    if chosen and session.asked is not None:
        changed = draw.draw(st.sampled_from(chosen))
        stale = Session(facts, {**session.answers, changed: "a choice of last year"}, session.asked)
        turn = advance(flow, stale, Again())
        assert (turn.says[-1], turn.session.asked) == (changed, changed)
