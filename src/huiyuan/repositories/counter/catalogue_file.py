"""The file that holds a store's goods on the counter: one sqlite3 file, looked up on disk, never loaded.

Always true: a page of the server's answer is applied whole or not at all, together with the place that was
reached, so a counter killed at any moment goes on from there; a file that is damaged, of another program's
format, of another store or another life of the database is thrown away, because it can be fetched again.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from huiyuan.domain.model.needle import fold, is_han, search_words
from huiyuan.domain.model.pinyin import syllables
from huiyuan.repositories.counter.store_file import open_file

CATALOGUE_FILE: Final = "catalogue.db"
FORMAT: Final = "1"
_CACHE_KB: Final = 1024
_PAGE: Final = 2000
_BUSY_S: Final = 2.0
_WORD: Final = re.compile(r"[^\W_]+")
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

# The words lie in an index of their own that keeps no text: the row of the product has what was put there,
# and gives it back when the row changes.
_TABLES: Final = """
create table if not exists meta(key text primary key, value text not null) without rowid;
create table if not exists product(id integer primary key, code text not null, row text not null,
  words text not null);
create index if not exists product_code on product(code);
create table if not exists barcode(code text primary key, product integer not null,
  qty_milli integer not null) without rowid;
create index if not exists barcode_product on barcode(product);
create virtual table if not exists word using fts5(words, content='', columnsize=0, detail=none,
  prefix='1 2 3', tokenize=ascii);
"""


class CatalogueDamaged(Exception):
    """The file is no database any more, or not a whole one."""


class CatalogueFile:
    """One file, two connections: one for looking up on any thread, one for the thread that fills it.

    Args:
        folder: the seat's own folder; the seat's lock keeps other processes away.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / CATALOGUE_FILE
        self._lock = threading.Lock()
        self._reading: sqlite3.Connection | None = None
        self._writing: sqlite3.Connection | None = None

    # Looking up

    def meta(self) -> dict[str, str]:
        """What is known about the file; empty if there is none. Raises CatalogueDamaged."""
        return dict(self._rows("select key, value from meta"))

    def find(self, code: str) -> tuple[list[Any], int] | None:
        """The product's row and what the code stands for, by code before barcode. Raises CatalogueDamaged."""
        found = self._rows("select row, 1000 from product where code = ? order by id limit 1", code)
        found = found or self._rows(
            "select p.row, b.qty_milli from barcode b join product p on p.id = b.product where b.code = ?",
            code,
        )
        return (json.loads(found[0][0]), found[0][1]) if found else None

    def search(self, typed: str, most: int) -> Sequence[list[Any]]:
        """Rows of products of which every typed word begins a word. Raises CatalogueDamaged."""
        wanted = match_of(typed)
        if not wanted:
            return ()
        rows = self._rows(
            "select p.row from (select rowid as id from word where word match ? limit ?) f"
            " join product p on p.id = f.id",
            wanted,
            most,
        )
        return [json.loads(row) for (row,) in rows]

    def barcode_of(self, product: int) -> str:
        """The first barcode of one base unit, empty if there is none. Raises CatalogueDamaged."""
        found = self._rows(
            "select code from barcode where product = ? and qty_milli = 1000 order by code limit 1", product
        )
        return str(found[0][0]) if found else ""

    def every_row(self) -> Iterator[list[Any]]:
        """Rows of all products, read in pages, between which others look up. Raises CatalogueDamaged."""
        after = 0
        while page := self._rows(
            "select id, row from product where id > ? order by id limit ?", after, _PAGE
        ):
            after = page[-1][0]
            yield from (json.loads(row) for _, row in page)

    # Filling

    def apply(self, products: Iterable[Sequence[Any]], meta: dict[str, str | None]) -> None:
        """Take over a page and what is known after it, as one. Raises CatalogueDamaged, OSError."""
        with self._write() as base:
            for row in products:
                _forget(base, row[0])
                if len(row) > 1:
                    _put(base, row)
            for key, value in meta.items():
                if value is None:
                    base.execute("delete from meta where key = ?", (key,))
                else:
                    base.execute("insert or replace into meta values (?, ?)", (key, value))

    def check(self) -> None:
        """Read the whole file once: seconds, for the background. Raises CatalogueDamaged."""
        if self._path.exists():
            with self._write() as base:
                if base.execute("pragma quick_check(1)").fetchone() != ("ok",):
                    raise CatalogueDamaged

    def throw_away(self) -> None:
        """Begin with nothing. Raises OSError."""
        with self._lock:
            self._close()
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{self._path}{suffix}").unlink()

    def close(self) -> None:
        """Close both connections; a second time changes nothing."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        for base in (self._writing, self._reading):
            if base is not None:
                with contextlib.suppress(sqlite3.Error):
                    base.close()
        self._reading = self._writing = None

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            try:
                if self._reading is None:
                    if not self._path.exists():
                        return []
                    self._reading = _open(self._path)
                return self._reading.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise _what(error) from None

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the writing connection, which only the filling thread uses."""
        try:
            if self._writing is None:
                self._writing = _open(self._path)
            with self._writing:
                self._writing.execute("begin immediate")
                yield self._writing
        except sqlite3.Error as error:
            raise _what(error) from None


def match_of(typed: str) -> str:
    """What is asked of the index, each word as a beginning; empty: nothing to ask.

    The words as they are typed, or letters and digits apart, or pinyin in syllables: any of these.
    """
    apart = re.sub(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])", " ", fold(typed))
    spelled = " ".join(" ".join(syllables(word)) or word for word in apart.split(" "))
    asked = dict.fromkeys(search_words(each) for each in (typed, apart, spelled))
    ways = [" AND ".join(f'"{word}"*' for word in words) for words in asked if words]
    return " OR ".join(f"({way})" for way in ways)


def index_words(row: Sequence[Any]) -> str:
    """Words of a product: of its name, specification, brand, code, and those that the server made."""
    _, code, name, *_, brand, spec, made = row[:12]
    out: list[str] = []
    for text in (name, spec, brand, code):
        for word in _WORD.findall(fold(text or "")):
            out += _pieces(word)
    return " ".join(dict.fromkeys([*out, *(made or "").split()]))


def _pieces(word: str) -> list[str]:
    """Chinese characters each with its next neighbour, other letters whole: 茶ab as 茶, ab."""
    out: list[str] = []
    for found in re.finditer(r"[^\W_]", word):
        char, place = found[0], found.start()
        if is_han(char):
            out.append(word[place : place + 2] if place + 1 < len(word) and is_han(word[place + 1]) else char)
        elif out and place and not is_han(word[place - 1]):
            out[-1] += char
        else:
            out.append(char)
    return out


def _put(base: sqlite3.Connection, row: Sequence[Any]) -> None:
    words = index_words(row)
    kept = [*row[:11], *row[13:14]]
    base.execute(
        "insert into product(id, code, row, words) values (?, ?, ?, ?)",
        (row[0], row[1], json.dumps(kept, ensure_ascii=False, separators=(",", ":")), words),
    )
    base.execute("insert into word(rowid, words) values (?, ?)", (row[0], words))
    base.executemany("insert or replace into barcode values (?, ?, ?)", [(c, row[0], q) for c, q in row[12]])


def _forget(base: sqlite3.Connection, product: int) -> None:
    was = base.execute("select words from product where id = ?", (product,)).fetchone()
    if was is not None:
        base.execute("insert into word(word, rowid, words) values ('delete', ?, ?)", (product, was[0]))
        base.execute("delete from product where id = ?", (product,))
        base.execute("delete from barcode where product = ?", (product,))


def _open(path: Path) -> sqlite3.Connection:
    # What is looked up never waits for what is being written; a page that power took away is fetched again.
    base = open_file(path, _TABLES, journal="wal", sync="normal", timeout_s=_BUSY_S)
    base.execute(f"pragma cache_size = -{_CACHE_KB}")
    return base


def _what(error: sqlite3.Error) -> Exception:
    """A damaged file, or a disk that does not do what it should."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED or "malformed" in str(error):
        return CatalogueDamaged(code)
    return OSError(getattr(error, "sqlite_errorname", type(error).__name__))
