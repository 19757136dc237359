"""Only what babel can find is marked: whole, literal sentences. It passes over everything else without a word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

ROOT = Path(__file__).parents[2]
MARKERS = {"_": 1, "_n": 2, "_p": 2}
"""How many of the first arguments are texts."""
MARK = re.compile(rf"\b(?:{'|'.join(MARKERS)})\s*\(")
"""Where one may stand: half of the code has none, and need not be taken apart."""
GLUE = (nodes.Concat, nodes.Add, nodes.Mod, nodes.Filter)


def odd_marks(source: str) -> Iterator[int]:
    """The lines of a module with a mark around something else than literal text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
            wanted = node.args[: MARKERS[node.func.id]]
            if len(wanted) < MARKERS[node.func.id] or not all(_is_literal(each) for each in wanted):
                yield node.lineno


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value.strip())


def odd_marks_of_a_page(source: str) -> Iterator[int]:
    """The lines of a template where a text to translate is glued together."""
    for call in jinja2.Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if (
            isinstance(call.node, nodes.Name)
            and call.node.name == "_"
            and (not call.args or isinstance(call.args[0], GLUE))
        ):
            yield call.lineno


def test_only_literal_sentences_are_marked() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        if MARK.search(source := path.read_text("utf-8"))
        for line in odd_marks(source)
    ]
    assert found == []


def test_pages_glue_no_sentences() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "bot").rglob("*.html"))
        for line in odd_marks_of_a_page(path.read_text("utf-8"))
    ]
    assert found == []


def test_what_babel_would_pass_over_is_found() -> None:
    source = '_(f"Hi {name}")\n_("Hi {}".format(name))\n_("Hi " + name)\n_(text)\n_n("one", many)\n_("Hi "\n  "you")\n_("")\n'
    assert list(odd_marks(source)) == [1, 2, 3, 4, 5, 8]
    assert list(odd_marks_of_a_page('{{ _("Hi " ~ name) }}\n{{ _("Hi") }}\n{{ _("%s" % name) }}{{ _(text) }}')) == [
        1,
        3,
    ]
