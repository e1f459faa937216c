"""No label of a field is cut, in either language: read from the source, walked to or not."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

import huiyuan.screens
from huiyuan.config.i18n import LANGUAGES, translate

SCREENS = Path(huiyuan.screens.__file__).parent
WIDTH = 16  # of a Field that says nothing else
NO_FIELD = frozenset({"Column", "Command", "row", "menu", "Facts", "Known"})


def said(node: ast.AST) -> list[str]:
    """The English of every `msg("...")` below `node`."""
    return [
        each.args[0].value
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "msg"
        and isinstance(each.args[0], ast.Constant) and isinstance(each.args[0].value, str)
    ]  # fmt: skip


def assigned(scope: ast.AST, name: str) -> list[str]:
    """What a function says into the variable `name`."""
    found: list[str] = []
    for each in ast.walk(scope):
        if isinstance(each, ast.Assign):
            for target in each.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    found += said(each.value)
                elif isinstance(target, ast.Tuple) and isinstance(each.value, ast.Tuple):
                    pairs = zip(target.elts, each.value.elts, strict=False)
                    found += [
                        text for left, right in pairs
                        if isinstance(left, ast.Name) and left.id == name for text in said(right)
                    ]  # fmt: skip
    return found


def texts_of(node: ast.expr, scope: ast.AST, module: object) -> list[str]:
    """Every label that `node` may be: said here, said into a variable, or of a table of the module."""
    if found := said(node):
        return found
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(table := getattr(module, each.id, None), Mapping):
            return [text for text in table.values() if isinstance(text, str)]
    return [
        text for each in ast.walk(node) if isinstance(each, ast.Name) for text in assigned(scope, each.id)
    ]


def labels() -> Iterator[tuple[str, str, int]]:
    """Where, label and width of every field of every form."""
    for path in sorted(SCREENS.rglob("*.py")):
        source = path.read_text("utf-8")
        if "Field(" not in source and "label=" not in source:
            continue
        name = ".".join(path.relative_to(SCREENS.parent.parent).with_suffix("").parts)
        module, tree = importlib.import_module(name), ast.parse(source)
        for scope in ast.walk(tree):
            if not isinstance(scope, ast.FunctionDef):
                continue
            for call in ast.walk(scope):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                    continue
                named = {each.arg: each.value for each in call.keywords}
                node = call.args[0] if call.func.id == "Field" and call.args else named.get("label")
                if node is None or call.func.id in NO_FIELD:
                    continue
                width = named.get("label_width")
                cells = width.value if isinstance(width, ast.Constant) else WIDTH
                assert isinstance(cells, int)
                for text in texts_of(node, scope, module):
                    yield f"{path.name}:{call.lineno}", text, cells


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_label_of_a_field_is_cut(lang: str) -> None:
    tr = translate(lang)
    found = list(labels())
    assert len({where for where, _, _ in found}) > 80, "the forms are not found any more"
    assert [(where, tr(text)) for where, text, cells in found if cell_len(tr(text)) >= cells] == []
