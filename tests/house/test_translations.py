"""Every marked sentence stands in both catalogues, is translated into Chinese, and keeps its placeholders."""

from __future__ import annotations

import functools
import io
import string
from collections import Counter
from collections.abc import Set
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[2] / "src" / "huiyuan"
LOCALES = SOURCE / "config" / "locale"
LANGUAGES = ("zh_CN", "en")
pytestmark = pytest.mark.xdist_group("translations")
"""One process reads the sources."""


@functools.cache
def marked() -> frozenset[str]:
    """Every sentence in a call of `msg` below src."""
    found = extract_from_dir(SOURCE, method_map=[("**.py", "python")], keywords={"msg": None})
    return frozenset(message for _, _, message, _, _ in found if isinstance(message, str) and message)


def catalogue(lang: str) -> Catalog:
    return read_po(io.BytesIO((LOCALES / lang / "LC_MESSAGES" / "huiyuan.po").read_bytes()), locale=lang)


def placeholders(text: str) -> list[str]:
    """But for those that only choose a word by a number: `{count:card|cards}`."""
    found = string.Formatter().parse(text)
    return sorted(name for _, name, spec, _ in found if name is not None and "|" not in (spec or ""))


def gaps(messages: Set[str], known: dict[str, str], *, translated: bool) -> list[str]:
    """Messages that a catalogue lacks, leaves empty where it must not, or whose placeholders differ."""
    faults = []
    for message in sorted(messages):
        text = known.get(message)
        if text is None:
            faults.append(f"missing: {message}")
        elif not text:
            faults += [f"empty: {message}"] if translated else []
        elif placeholders(text) != placeholders(message):
            faults.append(f"placeholders differ: {message}")
    return faults


def texts(found: Catalog) -> dict[str, str]:
    return {str(entry.id): str(entry.string or "") for entry in found if entry.id}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_is_complete(lang: str) -> None:
    assert gaps(marked(), texts(catalogue(lang)), translated=lang != "en") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_holds_no_sentence_that_nobody_says_and_no_guess(lang: str) -> None:
    assert set(texts(catalogue(lang))) - marked() == set()
    assert [entry.id for entry in catalogue(lang) if entry.id and entry.fuzzy] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(lang: str) -> None:
    compiled = read_mo(io.BytesIO((LOCALES / lang / "LC_MESSAGES" / "huiyuan.mo").read_bytes()))
    assert texts(compiled) == {key: text for key, text in texts(catalogue(lang)).items() if text}


def test_a_gap_is_found() -> None:
    known = {"a": "", "b {x}": "乙 {y}", "c": "丙"}
    assert gaps({"a", "b {x}", "c", "d"}, known, translated=True) == [
        "empty: a",
        "placeholders differ: b {x}",
        "missing: d",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_stands_twice(lang: str) -> None:
    text = (LOCALES / lang / "LC_MESSAGES" / "huiyuan.po").read_text("utf-8")
    entries = Counter(block.partition("\nmsgstr")[0] for block in text.split("\nmsgid ")[1:])
    assert [entry for entry, count in entries.items() if count > 1] == []
