"""The codes of the ledger's page, of the SQL and of the tests are one list."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from huiyuan.repositories.sql import ROOT
from tests.cluster import Shop

PROJECT: Final = Path(__file__).parents[2]
_PAGE: Final = (PROJECT / "docs" / "LEDGER.md").read_text("utf-8")
_CHAPTER: Final = _PAGE[_PAGE.index("## 5.") : _PAGE.index("## 6.")]
PAGE: Final = frozenset(re.findall(r"^\| `(\w+)` \|", _CHAPTER, re.MULTILINE))
DOOR: Final = tuple(f"functions/{name}.sql" for name in
                    ("draft", "locks", "expand", "take_back", "value", "write", "post"))  # fmt: skip


def raised(text: str) -> set[str]:
    """Codes that a text of SQL refuses with."""
    called = re.findall(
        r"sec\.refus(?:e|al|ed)\(\s*(?:w\.\w+,\s*w\.\w+,\s*|v_\w+(?:\.\w+)?,\s*)*'(\w+)'", text
    )
    return {*called, *re.findall(r"'refused', '(\w+)'", text), *re.findall(r"v_code := '(\w+)'", text)}


def all_sql() -> str:
    return "\n".join(path.read_text("utf-8") for path in ROOT.rglob("*.sql"))


def attempts() -> str:
    """The text of every test of the door but this one."""
    paths = [
        path for name in ("attacks", "repositories") for path in (PROJECT / "tests" / name).glob("test_*.py")
    ]
    return "\n".join(path.read_text("utf-8") for path in paths if path != Path(__file__))


def guards() -> set[str]:
    return {path.stem for path in (ROOT / "guards").glob("*.sql")}


def test_the_chapter_is_read() -> None:
    assert {"insufficient", "malformed", "unknown_terminal", "total_differs"} <= PAGE
    assert len(PAGE) > 45


def test_every_code_of_the_page_is_raised_by_the_sql() -> None:
    assert PAGE - raised(all_sql()) - guards() == set()


def test_every_code_that_the_door_raises_stands_on_the_page() -> None:
    door = "\n".join((ROOT / name).read_text("utf-8") for name in DOOR)
    of_guards = "\n".join(path.read_text("utf-8") for path in (ROOT / "guards").glob("*.sql"))
    texts = {name: (ROOT / "guards" / f"{name}.sql").read_text("utf-8") for name in guards()}
    own = {name for name, text in texts.items() if not raised(text) or f"'{name}'" in text}
    assert len(own) > 30, "mostly a guard refuses with its own name"
    assert (raised(door) | raised(of_guards) | own) - PAGE == set()


def test_every_code_of_the_page_is_asserted_in_a_test() -> None:
    text = attempts()
    assert {code for code in PAGE if f'"{code}"' not in text} == set()


def test_every_guard_is_named_by_a_kind_and_called_by_the_dispatcher(shop: Shop) -> None:
    # What the kinds became: their files write lists and add to them, one after the other.
    kinds = shop.rows("select distinct unnest(guards) from ledger.kind")
    assert {name for (name,) in kinds} == guards()
    dispatcher = (ROOT / "functions" / "post.sql").read_text("utf-8")
    assert set(re.findall(r"when '(\w+)' then guard\.\1\(d\)", dispatcher)) == guards()
    functions = shop.rows("select proname from pg_proc where pronamespace = 'guard'::regnamespace")
    assert guards() <= {name for (name,) in functions}
