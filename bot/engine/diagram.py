"""A flow as a Mermaid diagram. Complete, because a flow's exits are all there is."""

from __future__ import annotations

from bot.engine.flow import Flow
from bot.engine.step import END, Branch, Say, Step
from bot.i18n import Plural, Text, placeholders, render


def mermaid(flow: Flow, language: str = "en") -> str:
    """The text of the diagram: questions are rounded, forks are diamonds, steps with effects have thick borders."""
    lines = ["flowchart TD"]
    for step in flow.steps:
        lines.append(f"    {step.id}{_shape(step, language)}")
        lines += [
            f"    {step.id} -->{f'|{name}|' if name else ''} {target if target != END else 'finish((end))'}"
            for name, target in step.exits().items()
        ]
    marked = [step.id for step in flow.steps if step.effects]
    if marked:
        lines += ["    classDef acts stroke-width:3px", f"    class {','.join(marked)} acts"]
    return "\n".join(lines) + "\n"


def _shape(step: Step, language: str) -> str:
    words = "" if isinstance(step, Branch) or step.text is None else _shown(step.text, language)
    label = (words or step.id).replace('"', "'").replace("\n", " ")
    label = label if len(label) <= 60 else label[:57] + "…"
    if isinstance(step, Branch):
        return f'{{"{step.id}"}}'
    return f'["{label}"]' if isinstance(step, Say) else f'(["{label}"])'


def _shown(text: Text, language: str) -> str:
    """The words of a text with its `{placeholders}` as they are written; of a plural, the form for several."""
    if isinstance(text, Plural):
        return render(text, language, {name: f"{{{name}}}" for name in placeholders(text.many)} | {text.by: 2})
    forms = [text] if isinstance(text, str) else text.values()
    return render(text, language, {name: f"{{{name}}}" for form in forms for name in placeholders(form)})
