"""A wallet's statement on paper: opening, each document with what it moved, sums by kind, closing."""

from __future__ import annotations

from typing import Final

from huiyuan.domain.model.credit import CreditDue
from huiyuan.domain.model.receipt import Receipt, SlipPaper, mask_name, mask_number
from huiyuan.domain.model.slip import SlipFacts, slip_top
from huiyuan.domain.model.wallet_statement import Parts, WalletStatement

ROWS_MOST: Final = 200
"""More documents than this are no slip any more: the sums by kind stand alone, with how many there are."""


def render_statement(found: WalletStatement, facts: SlipFacts, times: tuple[str, ...]) -> Receipt:
    """The slip; `times` are the local times of the rows, as printed.

    Raises:
        KeyError: there is no slip in that language.
    """
    paper = facts.paper
    lines = [
        *slip_top("title_statement", facts),
        *paper.pair(paper.word("statement_from"), found.first.isoformat()),
        *paper.pair(paper.word("statement_until"), found.last.isoformat()),
        *paper.pair(paper.word("printed"), facts.posted_at_local),
        *paper.pair(paper.word("staff"), facts.staff_name),
    ]
    if found.member_name:
        lines += paper.pair(paper.word("member"), mask_name(found.member_name))
    for number in found.cards:
        lines += paper.pair(paper.word("card"), mask_number(number))
    lines += [paper.rule, *_standing("opening", found.opening, paper), paper.rule]
    if found.count > len(found.rows):
        lines += paper.text(paper.word("statement_long"))
        lines += paper.pair(paper.word("documents"), str(found.count))
    else:
        for row, at in zip(found.rows, times, strict=True):
            lines += paper.pair(paper.named("kind", row.kind), at)
            lines += paper.text(f"  {row.receipt}") if row.receipt else []
            lines += _moved(row.moved, paper)
            lines += paper.amount(f"  {paper.word('balance')}", row.stored_minor)
    lines += [paper.rule, *paper.text(paper.word("by_kind"))]
    for each in found.kinds:
        lines += paper.text(f"{paper.named('kind', each.kind)} x{each.count}")
        lines += _moved(each.moved, paper)
    lines += [paper.rule, *_standing("closing", found.closing, paper)]
    if found.ended.bonus:
        lines += paper.amount(paper.word("ended_bonus"), found.ended.bonus)
    if found.ended.points:
        lines += paper.count(paper.word("ended_points"), found.ended.points)
    if found.due is not None:
        lines += _owed(found.due, paper)
    lines.append(paper.rule)
    for text in facts.hello.slip.footer:
        lines += paper.centred(text)
    return paper.finish(f"ST-{found.wallet}", lines, opens_drawer=False, is_copy=facts.is_copy)


def _standing(word: str, parts: Parts, paper: SlipPaper) -> list[str]:
    return [
        *paper.amount(paper.word(word), parts.stored_minor),
        *paper.amount(f"  {paper.named('paid', 'principal')}", parts.principal),
        *paper.amount(f"  {paper.named('paid', 'bonus')}", parts.bonus),
        *paper.count(paper.word("points"), parts.points),
    ]


def _owed(due: CreditDue, paper: SlipPaper) -> list[str]:
    """How the debt stands on the day of the paper."""
    lines = [paper.rule, *paper.amount(paper.word("credit_owed"), due.owed_minor)]
    if due.due_on is not None:
        lines += paper.pair(paper.word("credit_due_on"), due.due_on.isoformat())
    if due.least_minor is not None:
        lines += paper.amount(paper.word("credit_least"), due.least_minor)
    if due.overdue_minor:
        lines += paper.amount(paper.word("credit_overdue"), due.overdue_minor)
    return lines


def _moved(parts: Parts, paper: SlipPaper) -> list[str]:
    """Only what moved, with its sign."""
    lines: list[str] = []
    for word, minor in (("principal", parts.principal), ("bonus", parts.bonus)):
        if minor:
            plus = "+" if minor > 0 else ""
            lines += paper.pair(f"  {paper.named('paid', word)}", plus + paper.figure(minor))
    if parts.points:
        lines += paper.pair(f"  {paper.word('points_moved')}", f"{parts.points:+,}")
    return lines
