"""Tidiness as a test: sizes, docstrings, names, and what each room must not contain.

The rules are functions over text, so that each is also shown a text that breaks it.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "huiyuan"

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 110
SQL_FUNCTION_LINES_MAX = 80
SQL_COLUMNS_MAX = 150
EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "manager", "common", "misc"})
CLOCKS = frozenset(
    {"now", "utcnow", "today", "monotonic", "perf_counter", "time_ns", "uuid1", "uuid4", "uuid7"}
)
CHANCE = frozenset({"random", "secrets", "uuid", "time"})

# Written as pieces, so that this file does not name what it looks for.
MACHINE = re.compile(r"(py" r"pi|python" r"hosted|npm" r"js)\.(org|com)|/wo" r"rk/|/fa" r"rm/")
UNFINISHED = re.compile(r"NotImplemented" r"Error|\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|mark\.xf" r"ail")


def python_files() -> list[Path]:
    return sorted([*SOURCE.rglob("*.py"), *(PROJECT / "tests").rglob("*.py")])


def sql_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.sql"))


def size_faults(text: str) -> Iterator[str]:
    """Faults of any Python file: length, columns, module docstring, long functions."""
    lines = text.splitlines()
    if len(lines) > FILE_LINES_MAX:
        yield f"{len(lines)} lines"
    for number, line in enumerate(lines, start=1):
        if len(line) > COLUMNS_MAX:
            yield f"line {number} has {len(line)} columns"
    tree = ast.parse(text)
    if not ast.get_docstring(tree):
        yield "no module docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield f"{node.name} has {length} lines"


def print_faults(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield f"print in line {node.lineno}"


def handler_faults(text: str) -> Iterator[str]:
    """Textual calls the handler of every class itself: one that calls its base's runs it twice."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(r"super\(\)\.on_(?!event\b)", line):
            yield f"a handler runs twice in line {number}"


def domain_faults(text: str) -> Iterator[str]:
    """What the domain must not hold: floats, true division, clocks, chance."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"float {node.value} in line {node.lineno}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield f"float in line {node.lineno}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"true division in line {node.lineno}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield f"clock or id {node.func.attr} in line {node.lineno}"
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name in CHANCE - {"uuid"}:
                    yield f"import {name.name} in line {node.lineno}"
        elif isinstance(node, ast.ImportFrom) and node.module in CHANCE:
            for name in node.names:
                if name.name != "UUID":
                    yield f"from {node.module} import {name.name} in line {node.lineno}"


def sql_faults(text: str) -> Iterator[str]:
    """Faults of a .sql file: wide lines, and functions longer than a screen or two."""
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > SQL_COLUMNS_MAX:
            yield f"line {number} has {len(line)} columns"
    for name, length in sql_functions(text):
        if length > SQL_FUNCTION_LINES_MAX:
            yield f"{name} has {length} lines"


def sql_functions(text: str) -> Iterator[tuple[str, int]]:
    """Name and number of lines of every function or procedure, from CREATE to its closing dollar quote."""
    head = re.compile(r"^\s*create\s+(?:or\s+replace\s+)?(?:function|procedure)\s+([\w.\"]+)", re.I | re.M)
    for found in head.finditer(text):
        tag = re.compile(r"\$\w*\$").search(text, found.end())
        if tag is None:
            continue
        end = text.find(tag.group(), tag.end())
        stop = end if end >= 0 else len(text)
        yield found.group(1), text.count("\n", found.start(), stop) + 1


def relative(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_python_files_are_small_and_say_what_they_are() -> None:
    faults = {relative(path): list(size_faults(path.read_text("utf-8"))) for path in python_files()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_file_and_no_folder_has_an_empty_name() -> None:
    names = {name for path in python_files() for name in (path.stem, path.parent.name)}
    assert names & EMPTY_NAMES == set()


def test_nothing_prints_behind_the_screen() -> None:
    faults = {relative(path): list(print_faults(path.read_text("utf-8"))) for path in SOURCE.rglob("*.py")}
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_handler_runs_twice() -> None:
    paths = [*(SOURCE / "screens").rglob("*.py"), *(SOURCE / "tui").rglob("*.py")]
    faults = {relative(path): list(handler_faults(path.read_text("utf-8"))) for path in paths}
    assert {name: found for name, found in faults.items() if found} == {}


def test_the_domain_knows_no_float_no_clock_and_no_chance() -> None:
    paths = (SOURCE / "domain").rglob("*.py")
    faults = {relative(path): list(domain_faults(path.read_text("utf-8"))) for path in paths}
    assert {name: found for name, found in faults.items() if found} == {}


def test_sql_reads_as_sql() -> None:
    faults = {relative(path): list(sql_faults(path.read_text("utf-8"))) for path in sql_files()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_only_ask_starts_worker_threads_in_screens() -> None:
    starters = [
        relative(path)
        for path in (SOURCE / "screens").rglob("*.py")
        if path.name != "ask.py"
        and re.search(r"@work\b|run_worker\(|threading\.Thread", path.read_text("utf-8"))
    ]
    assert starters == []


def test_no_machine_is_named_and_nothing_is_left_unfinished() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    names = (
        listed.stdout.splitlines() if listed.returncode == 0 else [relative(path) for path in python_files()]
    )
    faults = []
    for name in names:
        path = PROJECT / name
        if not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        faults += [f"{name}: {found.group()}" for found in MACHINE.finditer(text)]
        if path.suffix in {".py", ".sql"}:
            faults += [f"{name}: {found.group()}" for found in UNFINISHED.finditer(text)]
    assert faults == []


@pytest.mark.parametrize(
    ("rule", "text", "fault"),
    [
        (size_faults, "x = 1\n", "no module docstring"),
        (size_faults, '"""d"""\n' + "x = 1\n" * 400, "401 lines"),
        (size_faults, '"""d"""\ndef f():\n' + "    x = 1\n" * 60, "f has 61 lines"),
        (size_faults, '"""d"""\nx = "' + "a" * 120 + '"\n', "line 2 has 126 columns"),
        (print_faults, "print(1)\n", "print in line 1"),
        (handler_faults, "super().on_mount()\n", "a handler runs twice in line 1"),
        (domain_faults, "x = 1.5\n", "float 1.5 in line 1"),
        (domain_faults, "def f(x: float): ...\n", "float in line 1"),
        (domain_faults, "x = a / b\n", "true division in line 1"),
        (domain_faults, "x = datetime.now()\n", "clock or id now in line 1"),
        (domain_faults, "from uuid import uuid4\n", "from uuid import uuid4 in line 1"),
        (domain_faults, "import random\n", "import random in line 1"),
        (sql_faults, "create function a.b() as $f$\n" + "x\n" * 80 + "$f$;", "a.b has 82 lines"),
        (sql_faults, "-- " + "x" * 148 + "\n", "line 1 has 151 columns"),
    ],
)
def test_each_rule_finds_its_fault(rule: object, text: str, fault: str) -> None:
    assert callable(rule)
    assert fault in list(rule(text))
