"""Prints src/dubline/service/reference/errors.json: every stable code, read from where errors are raised.

Errors are found by their classes (those of dubline.domain.errors and whoever inherits from them), and functions that
make one of a code they are given by their calls. What is put into a message at run time is shown as an ellipsis.
"""

from __future__ import annotations

import ast
import copy
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dubline.domain.errors import DublineError
from dubline.service.problem import PLAIN_HINT, STATUSES, plain_code

SOURCES = Path(__file__).parent.parent / "src" / "dubline"
LEFT_OUT = ("cli", "quality", "models/convert", "storage/migrations")
"""What no request reaches."""

CODE = re.compile(r"[a-z][a-z0-9_]*")

UNROUTED = (404, 405)
"""Told by the router, before any code of ours."""


@dataclass(frozen=True)
class Maker:
    """Something that makes errors: which of its arguments say what, or what it says whatever it is given."""

    names: tuple[str, ...]
    """Of its arguments, as far as they stand in a row."""
    status: ast.expr
    code: ast.expr
    message: ast.expr
    hint: ast.expr

    def at(self, call: ast.Call) -> dict[str, ast.expr]:
        given = dict(zip(self.names, call.args, strict=False))
        return given | {each.arg: each.value for each in call.keywords if each.arg}


def _name(name: str) -> ast.expr:
    return ast.Name(name)


def _text(text: str) -> ast.expr:
    return ast.Constant(text)


PLAIN = ("code", "message")
BASES = {
    "ServiceError": Maker(
        ("status", *PLAIN), _name("status"), _name("code"), _name("message"), _name("hint")
    ),
    "respond": Maker(
        ("request", "status", "code", "detail"),
        _name("status"),
        _name("code"),
        _name("detail"),
        _name("hint"),
    ),
    **{
        kind.__name__: Maker(PLAIN, ast.Constant(status), _name("code"), _name("message"), _name("hint"))
        for kind, status in {**STATUSES, DublineError: 500}.items()
    },
}


def errors() -> list[dict[str, object]]:
    """In order of their codes; of several places that give the same one, the first."""
    trees = [ast.parse(path.read_text()) for path in sorted(SOURCES.rglob("*.py")) if _counts(path)]
    makers = _makers(trees)
    found: dict[tuple[str, int], dict[str, object]] = {}
    for tree in trees:
        for call in _calls(tree):
            told = _told(makers, call)
            if told:
                found.setdefault((str(told["code"]), int(str(told["status"]))), told)
    for status in UNROUTED:
        code = plain_code(status)
        told = {
            "code": code,
            "status": status,
            "message": "There is no such path or method.",
            "hint": PLAIN_HINT,
        }
        found.setdefault((code, status), told)
    return [found[key] for key in sorted(found)]


def _counts(path: Path) -> bool:
    return not str(path.relative_to(SOURCES)).startswith(LEFT_OUT)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """`raise SenderGone` calls it, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            yield ast.Call(node.exc, [], [])


def _makers(trees: list[ast.Module]) -> Mapping[str, Maker]:
    """Classes first, since functions make objects of them. Each pass finds what stands on the one before."""
    found = dict(BASES)
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    functions = [(node, list(_calls(node))) for node in nodes if isinstance(node, ast.FunctionDef)]
    for _ in range(3):
        for each in classes:
            _note_class(found, each)
        for function, calls in functions:
            _note_function(found, function, calls)
    return found


def _note_class(found: dict[str, Maker], node: ast.ClassDef) -> None:
    base = next(
        (found[each.id] for each in node.bases if isinstance(each, ast.Name) and each.id in found), None
    )
    if base is None or node.name in BASES:
        return
    for made in node.body:
        if isinstance(made, ast.FunctionDef) and made.name == "__init__":
            for call in _calls(made):
                if ast.unparse(call.func) == "super().__init__":
                    found[node.name] = _specialised(base, call, _arguments(made)[1:])
                    return
    found[node.name] = base


def _note_function(found: dict[str, Maker], node: ast.FunctionDef, calls: list[ast.Call]) -> None:
    """One that makes an error of a code it is given."""
    names = _arguments(node)
    for call in calls:
        maker = found.get(_called(call))
        if maker and node.name not in BASES and node.name != "__init__":
            made = _specialised(maker, call, names)
            if {each.id for each in ast.walk(made.code) if isinstance(each, ast.Name)} & set(names):
                found[node.name] = made


def _specialised(maker: Maker, call: ast.Call, names: tuple[str, ...]) -> Maker:
    status, code, message, hint = _filled(maker, call)
    return Maker(names, status, code, message, hint)


def _filled(maker: Maker, call: ast.Call) -> tuple[ast.expr, ast.expr, ast.expr, ast.expr]:
    given = maker.at(call)

    def fill(part: ast.expr) -> ast.expr:
        filled = _Filling(given).visit(copy.deepcopy(part))
        return filled if isinstance(filled, ast.expr) else part

    return fill(maker.status), fill(maker.code), fill(maker.message), fill(maker.hint)


class _Filling(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id, node)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _arguments(function: ast.FunctionDef) -> tuple[str, ...]:
    return tuple(each.arg for each in (*function.args.posonlyargs, *function.args.args))


def _told(makers: Mapping[str, Maker], call: ast.Call) -> dict[str, object] | None:
    maker = makers.get(_called(call))
    if maker is None:
        return None
    status, code, message, hint = _filled(maker, call)
    written = _written(code)
    if not isinstance(status, ast.Constant) or not CODE.fullmatch(written):
        return None
    return {
        "code": written,
        "status": status.value,
        "message": _written(message),
        "hint": _written(hint).removeprefix("hint"),
    }


def _written(part: ast.expr) -> str:
    """Its text; an ellipsis for whatever is only known when it happens."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    if isinstance(part, ast.JoinedStr):
        return "".join(_written(each) for each in part.values)
    if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Constant | ast.JoinedStr):
        return _written(part.value)
    if isinstance(part, ast.Name) and part.id == "hint":
        return ""
    return "…"


def document() -> str:
    return json.dumps(errors(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
