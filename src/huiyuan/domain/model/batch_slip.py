"""The list of a batch of cards on paper: which numbers were issued by which documents, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.model.slip import SlipFacts, slip_top


@dataclass(frozen=True, slots=True)
class IssuedPart:
    """One document of a batch: its receipt, the numbers in their order, what was taken for them."""

    receipt: str
    numbers: tuple[str, ...]
    total_minor: int


def spans(numbers: Sequence[str]) -> list[tuple[str, str, int]]:
    """Numbers that follow each other as first, last, how many; of unlike length or with letters: alone."""
    found: list[tuple[str, str, int]] = []
    for number in numbers:
        if found and _follows(found[-1][1], number):
            first, _, count = found[-1]
            found[-1] = (first, number, count + 1)
        else:
            found.append((number, number, 1))
    return found


def _follows(last: str, number: str) -> bool:
    plain = last.isascii() and last.isdigit() and number.isascii() and number.isdigit()
    return plain and len(last) == len(number) and int(number) == int(last) + 1


def render_batch(parts: Sequence[IssuedPart], facts: SlipFacts) -> Receipt:
    """The list of all documents of a batch.

    Raises:
        KeyError: there is no slip in that language.
    """
    paper = facts.paper
    lines = [
        *slip_top("title_batch", facts),
        *paper.pair(paper.word("time"), facts.posted_at_local),
        *paper.pair(paper.word("staff"), facts.staff_name),
        paper.rule,
    ]
    for part in parts:
        lines += paper.pair(paper.word("receipt"), part.receipt)
        for first, last, count in spans(part.numbers):
            lines += paper.pair(f"  {first}" if count == 1 else f"  {first}-{last}", f"x{count}")
        lines += paper.amount(f"  {paper.word('total')}", part.total_minor)
    lines += [
        paper.rule,
        *paper.pair(paper.word("batch_cards"), str(sum(len(part.numbers) for part in parts))),
        *paper.amount(paper.word("total"), sum(part.total_minor for part in parts)),
        *paper.text(paper.word("signature")),
        "_" * paper.columns,
    ]
    return paper.finish(parts[0].receipt if parts else "", lines, opens_drawer=False, is_copy=facts.is_copy)
