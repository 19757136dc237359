"""A flow as a Mermaid diagram. Complete, because a flow's exits are all there is."""

from __future__ import annotations

from bot.engine.flow import Flow
from bot.engine.graph import Node, Shape, graph
from bot.engine.step import END


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
