"""Where a small fault can be put into a function, and what the function is then."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A place in a file: the number of the node in the order in which they are walked, and what becomes of it."""

    path: Path
    node: int
    line: int
    fault: str


def sites(path: Path) -> Iterator[Site]:
    """Every place within the functions of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for each in outer.body
        for node in ast.walk(each)
    }
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in inside and (fault := _fault(node)):
            yield Site(path, number, getattr(node, "lineno", 0), fault)


def _fault(node: ast.AST) -> str:
    """What can be wrong here, in a word; empty where nothing can."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            return f"{type(op).__name__} is {COMPARED[type(op)].__name__}"
        case ast.BoolOp(op=op):
            return "and is or" if isinstance(op, ast.And) else "or is and"
        case ast.UnaryOp(op=ast.Not()):
            return "not is forgotten"
        case ast.BinOp(op=op, left=left) if type(op) in COUNTED and not _is_text(left):
            return f"{type(op).__name__} is {COUNTED[type(op)].__name__}"
        case ast.Constant(value=bool() as value):
            return f"{value} is {not value}"
        case ast.Constant(value=int() as value):
            return f"{value} is {value + 1}"
        case ast.IfExp():
            return "the other branch of a choice"
        case ast.If():
            return "a condition is turned around"
        case ast.Expr(value=ast.Call()):
            return "a call is forgotten"
    return ""


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def mutated(site: Site) -> CodeType:
    """The whole file with that one fault."""
    tree = ast.parse(site.path.read_text("utf-8"))
    found = next(node for number, node in enumerate(ast.walk(tree)) if number == site.node)
    changed = _Put(found).visit(tree)
    assert isinstance(changed, ast.Module)
    return compile(ast.fix_missing_locations(changed), str(site.path), "exec", dont_inherit=True)


class _Put(ast.NodeTransformer):
    def __init__(self, wanted: ast.AST) -> None:
        self.wanted = wanted

    def visit(self, node: ast.AST) -> ast.AST:
        if node is not self.wanted:
            return self.generic_visit(node)
        return ast.copy_location(_changed(node), node)


def _changed(node: ast.AST) -> ast.AST:
    new = deepcopy(node)
    match new:
        case ast.Compare():
            new.ops = [COMPARED[type(new.ops[0])]()]
        case ast.BoolOp():
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
        case ast.UnaryOp():
            return new.operand
        case ast.BinOp():
            new.op = COUNTED[type(new.op)]()
        case ast.Constant(value=bool()):
            new.value = not new.value
        case ast.Constant(value=int() as value):
            new.value = value + 1
        case ast.IfExp():
            new.body, new.orelse = new.orelse, new.body
        case ast.If():
            new.test = ast.UnaryOp(ast.Not(), new.test)
        case ast.Expr():
            return ast.Pass()
    return new


def functions(code: CodeType) -> Iterator[CodeType]:
    """All that is compiled within."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from functions(each)
