"""A slip as finished lines, measured in cells. A Chinese character is two cells.

Always true: every line fits the paper and holds no control character, whatever a name contains; nothing in a
name, a header or a footer is a template; a copy says so and never opens the drawer; a member stands on paper
with the first character of the name and the last four of the card.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from huiyuan.domain.model.cells import cells, centre, cut, plain, spread, wrap
from huiyuan.domain.model.money import format_minor
from huiyuan.domain.model.slip_words import SLIP_WORDS

COLUMNS_58MM: Final = 32
COLUMNS_80MM: Final = 48
COLUMNS_80MM_512_DOTS: Final = 42
STARS_MAX: Final = 4
TEST_CODE: Final = "HUIYUAN-TEST"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip. Every line fits `columns` cells (32 for 58 mm paper, 48 or 42 for 80) without control bytes.

    `tall` are the indexes of lines printed twice as high. `opens_drawer` asks for one kick of the cash
    drawer; a copy never asks. Without lines it is that kick alone. `language` is zh_CN or en. `code` is what
    a QR code below the lines says, empty for none, `bars` what a barcode there says; a printer that draws
    none leaves it out, so what matters in it stands in a line, too.
    """

    number: str
    columns: int
    lines: tuple[str, ...]
    opens_drawer: bool = False
    is_copy: bool = False
    language: str = "zh_CN"
    tall: tuple[int, ...] = ()
    code: str = ""
    bars: str = ""


def pulse_of(receipt: Receipt) -> Receipt:
    """The kick of the drawer that a slip asks for, without its paper: no lines, no cut."""
    return replace(receipt, lines=(), tall=(), code="", bars="")


def as_copy(receipt: Receipt) -> Receipt:
    """The same slip again, marked above everything else, without opening the drawer."""
    if receipt.is_copy:
        return replace(receipt, opens_drawer=False)
    mark = centre(SLIP_WORDS[receipt.language]["copy"], receipt.columns)
    return replace(
        receipt,
        lines=(mark, *receipt.lines),
        tall=tuple(index + 1 for index in receipt.tall),
        opens_drawer=False,
        is_copy=True,
    )


def part_of(receipt: Receipt, part: str, recipient: str) -> Receipt:
    """One part of a slip in two: `part` is part_customer or part_centre; whom it is for stands on it."""
    words = SLIP_WORDS[receipt.language]
    marks = [centre(words[part], receipt.columns), centre(recipient, receipt.columns)]
    opens = receipt.opens_drawer and part == "part_customer"
    return replace(
        receipt,
        lines=(*marks, *receipt.lines),
        tall=tuple(index + len(marks) for index in receipt.tall),
        opens_drawer=opens,
    )


def mask_number(number: str) -> str:
    """A card number with all but its last four characters starred."""
    return "*" * max(len(number) - 4, 0) + number[-4:]


def mask_name(name: str) -> str:
    """The first character of a name, the others starred (at most four stars)."""
    return name[:1] + "*" * min(max(len(name) - 1, 0), STARS_MAX)


class TallLine(str):
    """A line to be printed twice as high."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SlipPaper:
    """How wide the paper is, in which words, and where the decimal point stands."""

    language: str
    columns: int
    digits: int
    tenders: tuple[tuple[str, str], ...] = ()
    """What the chain calls its own ways of paying, by kind."""

    @property
    def rule(self) -> str:
        return "-" * self.columns

    def word(self, key: str) -> str:
        """The word for `key`. Raises KeyError: there is none, or no slip in that language."""
        return SLIP_WORDS[self.language][key]

    def named(self, group: str, code: str) -> str:
        """The word for a code of `group`, or the code; a tender goes by the chain's own name for it."""
        if group == "paid" and (name := dict(self.tenders).get(code)):
            return plain(name)
        return SLIP_WORDS[self.language].get(f"{group}_{code}", plain(code))

    def pair(self, label: str, value: str) -> list[str]:
        """A label left and a value right, on more lines where one is too short."""
        value = plain(value)
        if cells(value) > self.columns:
            return [*self.text(label), *wrap(value, self.columns)]
        return spread(plain(label), value, self.columns)

    def amount(self, label: str, minor: int) -> list[str]:
        """A label and an amount of minor units."""
        return self.pair(label, self.figure(minor))

    def figure(self, minor: int) -> str:
        return format_minor(minor, self.digits, grouped=True)

    def count(self, label: str, count: int) -> list[str]:
        """A label and points or pieces, by thousands as amounts are."""
        return self.pair(label, f"{count:,}")

    def text(self, text: str) -> list[str]:
        """Outside text over the whole width."""
        return wrap(plain(text), self.columns)

    def centred(self, text: str) -> list[str]:
        """Outside text in the middle."""
        return [centre(part, self.columns) for part in self.text(text)]

    def finish(
        self, number: str, lines: list[str], *, opens_drawer: bool, is_copy: bool, code: str = ""
    ) -> Receipt:
        """The slip of these lines, each cut to the paper once more."""
        return Receipt(
            number=number,
            columns=self.columns,
            lines=tuple(cut(plain(line), self.columns).rstrip() for line in lines),
            opens_drawer=opens_drawer and not is_copy,
            is_copy=is_copy,
            language=self.language,
            tall=tuple(index for index, line in enumerate(lines) if isinstance(line, TallLine)),
            code=code,
        )


def tall(lines: list[str]) -> list[str]:
    """The same lines, twice as high."""
    return [TallLine(line) for line in lines]


def printer_test(paper: SlipPaper, *, encoding: str, at: str) -> Receipt:
    """A page that shows by eye whether width, Chinese characters and height are right."""
    lines = [
        *tall(paper.centred(paper.word("title_test"))),
        paper.rule,
        *paper.text(paper.word("test_line")),
        *paper.pair(paper.word("test_columns"), str(paper.columns)),
        *paper.pair(paper.word("test_encoding"), encoding),
        *paper.pair(paper.word("time"), at),
        *paper.text(paper.word("test_text")),
        *paper.text(paper.word("test_code")),
        ("1234567890" * 10)[: paper.columns],
    ]
    page = paper.finish("TEST", lines, opens_drawer=False, is_copy=False)
    return replace(page, code=TEST_CODE)
