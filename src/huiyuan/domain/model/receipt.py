"""A slip as finished lines, measured in cells. A Chinese character is two cells.

Always true: every line fits the paper and holds no control character, whatever a name contains; a copy says
so and never opens the drawer; what was paid, balances and the chain head come from the door's answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.cells import centre, cut, plain, spread, wrap
from huiyuan.domain.model.document import Document, Kind, SaleLine
from huiyuan.domain.model.identity import Hello
from huiyuan.domain.model.money import format_minor
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.quantity import format_quantity
from huiyuan.domain.model.slip_words import SLIP_WORDS

COLUMNS_58MM: Final = 32
COLUMNS_80MM: Final = 48
HEAD_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip. Every line fits `columns` cells (32 for 58 mm paper, 48 for 80 mm) and holds no control byte.

    `opens_drawer` asks for one kick of the cash drawer; a copy never asks.
    """

    number: str
    columns: int
    lines: tuple[str, ...]
    opens_drawer: bool = False
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What a slip tells beside the document: where, who, and the names behind the ids.

    `product_names` is by line number; `card_number` is printed masked; `language` is zh_CN or en.
    """

    hello: Hello
    staff_name: str
    language: str
    columns: int = COLUMNS_58MM
    product_names: tuple[tuple[int, str], ...] = ()
    card_number: str | None = None
    posted_at_local: str = ""
    is_copy: bool = False


def render_slip(document: Document, posted: Posted, facts: SlipFacts) -> Receipt:
    """The slip of any document that stands.

    Args:
        document: as it was sent: lines, adjustments, tenders.
        posted: the door's answer: receipt number, change, balances, points, chain head.
        facts: names, language and paper.

    Raises:
        KeyError: there is no slip in that language.
    """
    paper = _Paper(SLIP_WORDS[facts.language], facts.columns, facts.hello.chain.minor_digits)
    lines = [
        *_top(document, facts, paper),
        *_identity(posted, facts, paper),
        paper.rule,
        *(
            _count(document, posted, paper)
            if document.kind in _COUNTS
            else _goods(document, posted, facts, paper)
        ),
        *_wallets(posted, paper),
        *_bottom(posted, facts, paper),
    ]
    cash = any(row.kind == "cash" for row in document.tenders) or document.kind in _COUNTS
    return Receipt(
        number=posted.receipt,
        columns=facts.columns,
        lines=tuple(cut(plain(line), facts.columns).rstrip() for line in lines),
        opens_drawer=cash and not facts.is_copy,
        is_copy=facts.is_copy,
    )


def mask_number(number: str) -> str:
    """A card number with all but its last four characters starred."""
    return "*" * max(len(number) - 4, 0) + number[-4:]


_COUNTS: Final = frozenset({Kind.SHIFT_OPEN, Kind.SHIFT_CLOSE})


@dataclass(frozen=True, slots=True)
class _Paper:
    """How wide the paper is, in which words, and where the decimal point stands."""

    words: dict[str, str]
    columns: int
    digits: int

    @property
    def rule(self) -> str:
        return "-" * self.columns

    def word(self, key: str) -> str:
        """The word for `key`, or the key itself: a tender of the chain's own has only its code."""
        return self.words.get(key, plain(key))

    def pair(self, label: str, value: str) -> list[str]:
        return spread(label, value, self.columns)

    def amount(self, label: str, minor: int) -> list[str]:
        return self.pair(label, format_minor(minor, self.digits))

    def centred(self, text: str) -> list[str]:
        return [centre(part, self.columns) for part in wrap(plain(text), self.columns)]


def _top(document: Document, facts: SlipFacts, paper: _Paper) -> list[str]:
    marks = [
        *(["demo"] if facts.hello.chain.demo else []),
        *(["copy"] if facts.is_copy else []),
        document.kind,
    ]
    texts = [facts.hello.chain.name, facts.hello.store.name, *facts.hello.slip.header]
    texts += [paper.word(mark) for mark in marks]
    return [line for text in texts for line in paper.centred(text)]


def _identity(posted: Posted, facts: SlipFacts, paper: _Paper) -> list[str]:
    when = facts.posted_at_local or posted.posted_at.isoformat(" ", "seconds")
    lines = [
        *paper.pair(paper.word("receipt"), posted.receipt),
        *paper.pair(paper.word("time"), when),
        *paper.pair(paper.word("staff"), plain(facts.staff_name)),
    ]
    if facts.card_number:
        lines += paper.pair(paper.word("card"), mask_number(facts.card_number))
    return lines


def _body(document: Document, posted: Posted, facts: SlipFacts, paper: _Paper) -> list[str]:
    if document.kind in _COUNTS:
        return _count(document, posted, paper)
    return _goods(document, posted, facts, paper)


def _goods(document: Document, posted: Posted, facts: SlipFacts, paper: _Paper) -> list[str]:
    names = dict(facts.product_names)
    lines: list[str] = []
    for row in document.lines:
        if isinstance(row, SaleLine):
            counted = f"  {format_quantity(row.qty_milli)} x {format_minor(row.price_minor, paper.digits)}"
            lines += wrap(plain(names.get(row.n, str(row.product))), paper.columns)
            lines += paper.amount(counted, row.value_minor)
            for each in document.adjustments:
                if each.line == row.n:
                    lines += paper.amount(f"  {paper.word(each.source)}", -each.amount_minor)
        else:
            lines += paper.pair(plain(names.get(row.n, f"#{row.of}")), f"x{format_quantity(row.qty_milli)}")
    if document.lines:
        lines.append(paper.rule)
    lines += paper.amount(paper.word("total"), posted.total_minor)
    lines += _paid(document, posted, paper)
    for tax in document.taxes:
        lines += paper.amount(f"{paper.word('tax')} {plain(tax.code)}", tax.amount_minor)
    for grant in document.grants:
        given = str(grant.amount) if grant.kind == "points" else format_minor(grant.amount, paper.digits)
        lines += paper.pair(paper.word(f"granted_{grant.kind}"), f"+{given}")
    return lines


def _paid(document: Document, posted: Posted, paper: _Paper) -> list[str]:
    lines: list[str] = []
    for tender in document.tenders:
        shown = tender.amount_minor if tender.given_minor is None else tender.given_minor
        lines += paper.amount(paper.word(tender.kind), shown)
    if posted.change_minor:
        lines += paper.amount(paper.word("change"), posted.change_minor)
    for row in posted.postings:
        if row.demand == "refund":
            lines += paper.amount(
                f"{paper.word('back_to')} {paper.word(row.method or row.credit)}", row.amount
            )
    return lines


def _count(document: Document, posted: Posted, paper: _Paper) -> list[str]:
    if document.kind == Kind.SHIFT_OPEN:
        return paper.amount(paper.word("float"), document.counted_minor or 0)
    lines = paper.amount(paper.word("counted"), document.counted_minor or 0)
    if posted.expected_minor is not None:
        lines += paper.amount(paper.word("expected"), posted.expected_minor)
    if posted.over_short_minor is not None:
        lines += paper.amount(paper.word("over_short"), posted.over_short_minor)
    return lines


def _wallets(posted: Posted, paper: _Paper) -> list[str]:
    lines: list[str] = []
    for row in posted.balances:
        held = row.balances
        lines.append(paper.rule)
        lines += paper.amount(paper.word("balance"), held.stored_minor)
        lines += paper.amount(f"  {paper.word('principal')}", held.principal)
        lines += paper.amount(f"  {paper.word('bonus')}", held.bonus)
        lines += paper.pair(paper.word("points"), str(held.points))
        if held.points_debt:
            lines += paper.pair(paper.word("points_debt"), str(held.points_debt))
    return lines


def _bottom(posted: Posted, facts: SlipFacts, paper: _Paper) -> list[str]:
    lines = [paper.rule, *paper.pair(paper.word("chain"), posted.head[:HEAD_DIGITS])]
    if posted.heads:
        lines += [paper.word("heads"), *wrap(posted.heads, paper.columns)]
    for text in facts.hello.slip.footer:
        lines += paper.centred(text)
    if facts.hello.chain.demo:
        lines += paper.centred(paper.word("demo"))
    return lines
