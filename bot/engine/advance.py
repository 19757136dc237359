"""The one function that decides what an event does to a session. Pure: it stores, sends and asks nothing."""

from __future__ import annotations

from bot.engine.effect import Answers, Effect, Facts, SetItem
from bot.engine.event import Again, Begin, Event, Handed, Press, Refusal, Session, Silence, TakenBack, Turn, Words
from bot.engine.flow import Flow, Path
from bot.engine.step import FILE, Choose, Say, Step, Upload, Write

__all__ = [
    "Again",
    "Begin",
    "Event",
    "Handed",
    "Press",
    "Refusal",
    "Session",
    "Silence",
    "TakenBack",
    "Turn",
    "Words",
    "advance",
    "may_answer",
    "standing",
    "upload_for",
]


def advance(flow: Flow, session: Session, event: Event) -> Turn:
    """Decide. The same event twice changes nothing the second time."""
    path = flow.walk(session.facts, session.answers)
    match event:
        case Begin():
            begun = session.asked is not None or session.answers
            return Turn(session) if begun else _enter(session, {}, path.entered, path.asked)
        case Silence(step) if step != session.asked:
            return Turn(session)
        case Words(text, step) if step:
            return _reword(flow, session, step, text)
        case Again() | Silence() | Words() if session.asked is not None and path.asked != session.asked:
            return _moved(session, path)
        case Again():
            return Turn(session, (session.asked,) if session.asked else ())
        case Silence(step):
            return _answer(flow, session, step, None) if _waits(flow, step) else Turn(session)
        case Words(text):
            return _words(flow, session, text)
        case Press(step, choice):
            return _press(flow, session, step, choice)
        case Handed(step, file):
            return _handed(flow, session, step, file)
        case TakenBack(step):
            return _take_back(flow, session, step)


def standing(session: Session) -> str | None:
    """The question that words are for: the one that was asked, else the last one, if only silence answered it."""
    if session.asked is not None or not session.answers:
        return session.asked
    last, answer = list(session.answers.items())[-1]
    return last if answer is None else None


def may_answer(flow: Flow, session: Session, step: str) -> bool:
    """Whether a question that was asked may be answered now, or answered again."""
    question, path = flow.question(step), flow.walk(session.facts, session.answers)
    if question is None or question not in path.entered:
        return False
    return session.answers.get(step) is None or not _sealed(session, path, question)


def upload_for(flow: Flow, session: Session) -> str | None:
    """The step that a file sent now would answer: one that was asked, or the one the last question can lead straight to.

    Whoever is asked "have you got it?" and sends it has answered; so has whoever said "on its way" and sends it now.
    """
    asked = [step.id for step in flow.walk(session.facts, session.answers).entered if isinstance(step, Upload)]
    return asked[-1] if asked else (_straight_to(flow, session) or ("", "", None))[2]


def _straight_to(flow: Flow, session: Session) -> tuple[str, str, str] | None:
    """The last question, its only choice that leads straight to an `Upload`, and that step; None where there is none."""
    question = flow.question(session.asked or next(reversed(list(session.answers)), None))
    if not isinstance(question, Choose):
        return None
    before = _before(flow, session, question.id)
    ways = [
        (question.id, choice.id, after)
        for choice in question.choices
        if isinstance(flow.question(after := flow.walk(session.facts, before | {question.id: choice.id}).asked), Upload)
    ]
    return ways[0] if len(ways) == 1 else None  # type: ignore[return-value]


def _moved(session: Session, path: Path) -> Turn:
    """The table was changed since the question was asked: enter what now follows the last answer."""
    places = [place for place, step in enumerate(path.entered) if step.id in session.answers and step.id != path.asked]
    entered = path.entered[places[-1] + 1 :] if places else path.entered
    return _enter(session, dict(session.answers), entered, path.asked)


def _waits(flow: Flow, step: str) -> bool:
    question = flow.question(step)
    return question is not None and question.wait is not None


def _words(flow: Flow, session: Session, text: str) -> Turn:
    question = flow.question(standing(session))
    if not isinstance(question, Write) or not text.strip():
        return Turn(session, refused=Refusal.UNCLEAR)
    return _answer(flow, session, question.id, text.strip()[: question.limit])


def _reword(flow: Flow, session: Session, step: str, text: str) -> Turn:
    """Other words for one question, asked now or earlier. What followed stays as it is, unless it depended on them."""
    question = flow.question(step)
    old = flow.walk(session.facts, session.answers)
    if not isinstance(question, Write) or question not in old.entered or not text.strip():
        return Turn(session, refused=Refusal.GONE)
    words = text.strip()[: question.limit]
    if session.answers.get(step) is None:
        return _answer(flow, session, step, words)
    if session.answers[step] != words and _sealed(session, old, question):
        return Turn(session, refused=Refusal.SEALED)
    changed = Session(session.facts, {**session.answers, step: words}, session.asked)
    same = flow.walk(changed.facts, changed.answers) == old
    return Turn(changed) if same else _answer(flow, session, step, words)


def _press(flow: Flow, session: Session, step: str, choice: str) -> Turn:
    question = flow.question(step)
    old = flow.walk(session.facts, session.answers)
    if question is None or question not in old.entered:
        moved = session.asked is not None and old.asked != session.asked
        return _moved(session, old) if moved else Turn(session, refused=Refusal.GONE)
    if choice not in {offered.id for offered in question.choices}:
        return Turn(session, refused=Refusal.GONE)
    if session.answers.get(step) == choice:
        return Turn(session)
    if session.answers.get(step) is not None and _sealed(session, old, question):
        return Turn(session, refused=Refusal.SEALED)
    return _answer(flow, session, step, choice)


def _handed(flow: Flow, session: Session, step: str, file: int) -> Turn:
    question, path = flow.question(step), flow.walk(session.facts, session.answers)
    if not isinstance(question, Upload):
        return Turn(session, refused=Refusal.GONE)
    if question in path.entered:
        given = session.answers.get(step)
        if given is not None and given.startswith(FILE):
            return Turn(session)
        if given is not None and _sealed(session, path, question):
            return Turn(session, refused=Refusal.SEALED)
        return _answer(flow, session, step, f"{FILE}{file}")
    return _sent_at_once(flow, session, path, Handed(step, file))


def _sent_at_once(flow: Flow, session: Session, path: Path, event: Handed) -> Turn:
    """The file came before it was asked for: the choice that leads there is taken too, and its words are not said."""
    question, choice, step = _straight_to(flow, session) or ("", "", "")
    asked = flow.question(question)
    if asked is None or asked not in path.entered or step != event.step:
        return Turn(session, refused=Refusal.GONE)
    if session.answers.get(question) is not None and _sealed(session, path, asked):
        return Turn(session, refused=Refusal.SEALED)
    way = _answer(flow, session, question, choice)
    turn = _answer(flow, way.session, step, f"{FILE}{event.file}")
    return Turn(turn.session, turn.says, way.effects + turn.effects)


def _take_back(flow: Flow, session: Session, step: str) -> Turn:
    """The answer and what followed it are forgotten, and the question stands again. Nothing is said: it is there still."""
    question, path = flow.question(step), flow.walk(session.facts, session.answers)
    if question is None or question not in path.entered:
        return Turn(session, refused=Refusal.GONE)
    if session.answers.get(step) is None:
        return Turn(session)
    if _sealed(session, path, question):
        return Turn(session, refused=Refusal.SEALED)
    answers, place = _before(flow, session, step), path.entered.index(question) + 1
    stands = _moved_items(_effects(path.entered[:place], session.facts, answers))
    forgotten = _moved_items(_effects(path.entered[place:], session.facts, session.answers))
    unset = tuple(stands.get(item) or SetItem(item, "todo") for item in forgotten)
    return Turn(Session(session.facts, answers, step), effects=unset)


def _moved_items(effects: tuple[Effect, ...]) -> dict[str, SetItem]:
    """What effects say of items, the last word on each."""
    return {effect.item: effect for effect in effects if isinstance(effect, SetItem)}


def _sealed(session: Session, path: Path, question: Step) -> bool:
    """Whether an effect that cannot be unsaid came after this answer. Silence was none: it can always be broken."""
    later = path.entered[path.entered.index(question) + 1 :]
    return any(effect.seals for effect in _effects(later, session.facts, session.answers))


def _answer(flow: Flow, session: Session, step: str, answer: str | None) -> Turn:
    """Take an answer, first or new: what followed an earlier one is forgotten."""
    answers = _before(flow, session, step) | {step: answer}
    path = flow.walk(session.facts, answers)
    place = next(place for place, entered in enumerate(path.entered) if entered.id == step)
    return _enter(session, answers, path.entered[place + 1 :], path.asked)


def _before(flow: Flow, session: Session, step: str) -> dict[str, str | None]:
    """The answers on the way to a step."""
    before: list[str] = []
    for entered in flow.walk(session.facts, session.answers).entered:
        if entered.id == step:
            break
        before.append(entered.id)
    return {known: value for known, value in session.answers.items() if known in before}


def _enter(session: Session, answers: dict[str, str | None], entered: tuple[Step, ...], asked: str | None) -> Turn:
    says = tuple(step.id for step in entered if step.id == asked or (isinstance(step, Say) and step.text is not None))
    effects = _effects(entered, session.facts, answers)
    return Turn(Session(session.facts, answers, asked), says, effects)


def _effects(entered: tuple[Step, ...], facts: Facts, answers: Answers) -> tuple[Effect, ...]:
    decided = (rule(facts, answers) for step in entered for rule in step.effects)
    return tuple(effect for effect in decided if effect is not None)
