"""What the documentation tells of the code is written from the code, or checked: the rooms of `bot/` as a tree and as a drawing, the
index of decisions, who may do what, what is held about people, the licences.

python3 run.py dev -m tests.architecture.rooms            write these pages under docs/
python3 run.py dev -m tests.architecture.rooms --check    say what is out of date; part of `run.py lint`
"""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp

from tests.architecture import data_held, licences, who_may

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE, DECISIONS = Path("docs/architecture.md"), Path("docs/decisions")
INDEX = DECISIONS / "README.md"
BEGIN, END = "<!-- {name}: written by tests/architecture/rooms.py -->", "<!-- {name} ends -->"
LOOSE = ("__main__", "i18n", "clock", "logs")
"""The only files that stand in no room."""
INNER = ("handlers", "web", "channels", "documents", "domain")
"""Rooms whose own rooms are told too."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.architecture.rooms")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is out of date")
    stale = [path for path, text in pages(ROOT) if (ROOT / path).read_text("utf-8") != text]
    if parser.parse_args().check:
        for path in stale:
            print(f"{path} is out of date: python3 run.py dev -m tests.architecture.rooms")
        return 1 if stale else 0
    for path, text in pages(ROOT):
        (ROOT / path).write_text(text, "utf-8")
    return 0


def pages(root: Path) -> Iterator[tuple[Path, str]]:
    """Each page that is made from something else, as it should be."""
    graph = grimp.build_graph("bot")
    text = (root / ARCHITECTURE).read_text("utf-8")
    text = replaced(text, "tree", f"```\n{tree(root)}\n```")
    text = replaced(text, "rooms", f"```mermaid\n{drawing(graph, 'bot')}\n```")
    yield ARCHITECTURE, replaced(text, "handlers", f"```mermaid\n{drawing(graph, 'bot.handlers')}\n```")
    yield INDEX, index(root / DECISIONS)
    yield who_may.PAGE.relative_to(root), who_may.page()
    yield licences.PAGE.relative_to(root), licences.page()
    for language, path in data_held.PAGES.items():
        yield path.relative_to(root), data_held.page(language)


def replaced(text: str, name: str, content: str) -> str:
    """The page with what stands between the marks of `name` written anew."""
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, found, rest = text.partition(begin)
    _old, ended, after = rest.partition(end)
    if not found or not ended:
        raise SystemExit(f"{ARCHITECTURE}: the marks of {name} are missing")
    return f"{before}{begin}\n{content}\n{end}{after}"


def tree(root: Path) -> str:
    """One line a room, higher ones first: its name and the first line of what it says of itself."""
    lines = ["bot/", *(_line(1, f"{name}.py", root / "bot" / f"{name}.py") for name in LOOSE)]
    for room in in_order(root, "bot"):
        lines.append(_line(1, f"{room.name}/", room / "__init__.py"))
        if room.name in INNER:
            lines += [_line(2, f"{inner.name}/", inner / "__init__.py") for inner in in_order(root, f"bot.{room.name}")]
    return "\n".join(lines)


def in_order(root: Path, house: str) -> list[Path]:
    """The rooms of a house, in the order that the import contracts give them where they do."""
    told = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [layer for contract in told if contract.get("containers") == [house] for layer in contract["layers"]]
    order = re.findall(r"\w+", " ".join(layers))
    rooms = [path.parent for path in root.joinpath(*house.split(".")).glob("*/__init__.py")]
    return sorted(rooms, key=lambda room: (order.index(room.name) if room.name in order else 0, room.name))


def _line(depth: int, name: str, file: Path) -> str:
    said = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return f"{'  ' * depth + name:<18} {said.partition(chr(10))[0]}".rstrip()


def drawing(graph: grimp.ImportGraph, house: str) -> str:
    """Which room imports which. What a room reaches through another has no arrow of its own."""
    rooms = {name.rpartition(".")[2]: imported_by(graph, name, house) for name in sorted(graph.find_children(house))}
    arrows = [f"  {room} --> {other}" for room, others in rooms.items() for other in _direct(others, rooms)]
    return "\n".join(["flowchart TD", *arrows])


def imported_by(graph: grimp.ImportGraph, module: str, house: str) -> set[str]:
    """The other rooms of the house that something in `module` imports."""
    inside = {module, *graph.find_descendants(module)}
    others = {other for each in inside for other in graph.find_modules_directly_imported_by(each)} - inside
    within = {other.removeprefix(f"{house}.").split(".")[0] for other in others if other.startswith(f"{house}.")}
    return within - {""}


def _direct(others: set[str], rooms: dict[str, set[str]]) -> list[str]:
    return sorted(other for other in others if not any(other in _below(near, rooms) for near in others - {other}))


def _below(room: str, rooms: dict[str, set[str]]) -> set[str]:
    """Every room that is reached from this one. Imports only point down, so this ends."""
    return {below for near in rooms[room] for below in ({near} | _below(near, rooms))}


def index(folder: Path) -> str:
    """The decisions by number, each with the question it answers."""
    rows = []
    for path in sorted(folder.glob("[0-9]*.md")):
        number, _, title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ").partition(". ")
        rows.append(f"| {number} | [{title}]({path.name}) |")
    told = "One page each: what was decided, what was rejected, and what follows. A decision that is undone says so."
    return "\n".join(["# Decisions", "", told, "", "| no. | decision |", "|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
