"""Nothing in the program is there for the tests alone: each function and class is named elsewhere in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

SOURCE = Path(__file__).resolve().parents[2] / "src" / "huiyuan"

OURS: Final = frozenset({"Protocol", "Generic", "object", "StrEnum", "Enum", "NamedTuple", "Exception"})
"""Bases that call nothing of a class by themselves; what another one calls, as Textual does, is not known."""
PLAIN: Final = frozenset(
    {"property", "staticmethod", "classmethod", "cached_property", "abstractmethod", "dataclass", "cache",
     "contextmanager"}
)  # fmt: skip
"""What is decorated by something else is called by it."""
CALLED: Final = ("__", "on_")
"""By Python and by Textual."""
OF_TESTS: Final = {
    "build_app": "the app over a counter that a test has wired",
    "LinePrinter": "simulated", "MessageSimulator": "simulated", "PaymentSimulator": "simulated",
    "SimulatedScale": "simulated", "SimulatedScanner": "simulated",
}  # fmt: skip
"""The only ones: simulated devices and gateways belong to their drivers, and who writes one uses them."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def named(trees: Iterable[ast.Module]) -> Iterator[str]:
    """Every name that is used: read, asked of an object, or written in a text as keys and actions are."""
    for tree in trees:
        told = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | Definition) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield from re.findall(r"[A-Za-z_]\w*", node.value[:80])


def name_of(node: ast.expr) -> str:
    """Of a base or a decorator, without what it is called with."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Subscript):
        return name_of(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else "?"


def bases(trees: Iterable[ast.Module]) -> dict[str, list[str]]:
    found = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {node.name: [name_of(base) for base in node.bases] for node in found}


def is_ours(name: str, known: dict[str, list[str]]) -> bool:
    """Whether every class above is ours, so that nobody else calls its methods."""
    return name in OURS or (name in known and all(is_ours(base, known) for base in known[name]))


def idle(trees: list[ast.Module]) -> list[str]:
    """Functions, classes and methods that nothing in `trees` names."""
    used, known = set(named(trees)), bases(trees)

    def within(body: list[ast.stmt], ours: bool) -> Iterator[str]:
        for node in body:
            if isinstance(node, Definition):
                plain = all(name_of(each) in PLAIN for each in node.decorator_list)
                if ours and plain and not node.name.startswith(CALLED) and node.name not in used:
                    yield node.name
                if isinstance(node, ast.ClassDef):
                    yield from within(node.body, is_ours(node.name, known))

    return [name for tree in trees for name in within(tree.body, True)]


def test_everything_in_the_program_is_used_by_the_program() -> None:
    found = idle([ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))])
    assert sorted(found) == sorted(OF_TESTS)


def test_what_nobody_names_is_found_and_what_somebody_else_calls_is_not() -> None:
    text = """
def idle_one(): "idle_one is named here only"
def used(): ...
class Base:
    def gone(self): ...
    def kept(self): used()
    @property
    def left(self): ...
    @on(Something)
    def heard(self): ...
class Framed(Widget):
    def render(self): ...
SCREENS = (Base, Framed, "kept")
"""
    assert idle([ast.parse(text)]) == ["idle_one", "gone", "left"]
