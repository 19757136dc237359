"""A flow as a graph in words, and as a Mermaid diagram. Complete, because a flow's exits are all there is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Question, Say, Step
from bot.i18n import Plural, Text, _, placeholders, render

SILENCE, WORDS, FILE = _("no answer"), _("in their own words"), _("a photo or a document")
OWN: dict[str, Text] = {"silence": SILENCE, "words": WORDS, "file": FILE}
ROADS: dict[str, Text] = {
    "well": _("all is well"),
    "follow_up": _("something to follow up"),
    "today": _("something for today"),
    "all": _("every day"),
    "fewer": _("not every day"),
    "excused": _("for a good reason"),
    "one": _("one day missed"),
    "more": _("several days missed"),
    "up": _("a better level"),
    "noted": _("the same level or none"),
    "sos": _("SOS, somebody is on call"),
    "sos, nobody on call": _("SOS, nobody is on call"),
    "other words": _("other words"),
}
"""What the roads of a fork mean, by the label that stands in the table."""


class Shape(StrEnum):
    """What a step is to the reader."""

    SAY = "say"
    QUESTION = "question"
    FORK = "fork"


@dataclass(frozen=True)
class Exit:
    """A way on: its name in the table, what it is called, and the step it leads to (empty at the end)."""

    name: str
    label: str
    target: str


@dataclass(frozen=True)
class Node:
    """One step. A step without words does something in silence."""

    id: str
    shape: Shape
    words: str
    exits: tuple[Exit, ...]
    acts: bool
    """It has effects: a case, a tick."""


def graph(flow: Flow, language: str) -> tuple[Node, ...]:
    """The steps of a flow, in their order."""
    return tuple(_node(step, language) for step in flow.steps)


def _node(step: Step, language: str) -> Node:
    shape = Shape.FORK if isinstance(step, Branch) else Shape.SAY if isinstance(step, Say) else Shape.QUESTION
    words = "" if isinstance(step, Branch) or step.text is None else shown(step.text, language)
    exits = tuple(Exit(name, _label(step, name, language), target) for name, target in step.exits().items())
    return Node(step.id, shape, words, exits, bool(step.effects))


def _label(step: Step, name: str, language: str) -> str:
    if isinstance(step, Branch):
        return render(ROADS.get(name, name.replace("_", " ")), language)
    choices = step.choices if isinstance(step, Question) else ()
    choice = next((each for each in choices if each.id == name), None)
    return shown(choice.label, language) if choice else render(OWN.get(name, name), language)


def shown(text: Text, language: str) -> str:
    """The words of a text with its `{placeholders}` as they are written; of a plural, the form for several."""
    if isinstance(text, Plural):
        return render(text, language, {name: f"{{{name}}}" for name in placeholders(text.many)} | {text.by: 2})
    forms = [text] if isinstance(text, str) else text.values()
    return render(text, language, {name: f"{{{name}}}" for form in forms for name in placeholders(form)})


def mermaid(flow: Flow, language: str = "en") -> str:
    """The text of the diagram: questions are rounded, forks are diamonds, steps with effects have thick borders."""
    lines = ["flowchart TD"]
    nodes = graph(flow, language)
    for node in nodes:
        lines.append(f"    {node.id}{_shape(node)}")
        lines += [
            f"    {node.id} -->{f'|{way.name}|' if way.name else ''} {way.target if way.target != END else 'finish((end))'}"
            for way in node.exits
        ]
    marked = [node.id for node in nodes if node.acts]
    if marked:
        lines += ["    classDef acts stroke-width:3px", f"    class {','.join(marked)} acts"]
    return "\n".join(lines) + "\n"


def _shape(node: Node) -> str:
    label = (node.words or node.id).replace('"', "'").replace("\n", " ")
    label = label if len(label) <= 60 else label[:57] + "…"
    if node.shape is Shape.FORK:
        return f'{{"{node.id}"}}'
    return f'["{label}"]' if node.shape is Shape.SAY else f'(["{label}"])'
