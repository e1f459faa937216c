"""X and Z on paper: what a shift took and gave, how it was paid, what to ask about, what was counted.

Always true: an X of whoever may not know the sums holds none; a Z holds the digest of the ledger's heads; a
second print of a Z says which copy it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from huiyuan.domain.model.receipt import Receipt, SlipPaper, tall
from huiyuan.domain.model.shift import CASH, UNITS, PartRow, ShiftReport
from huiyuan.domain.model.slip import HEAD_DIGITS, SlipFacts, slip_top

KEPT_BACK: Final = "--"
_ASKED_ABOUT: Final = ("void", "removed", "override", "recount")
_GROUPS: Final = {"discount": "off", "tax": "tax", "void": "kind", "removed": "removed"}


def render_report(report: ShiftReport, facts: SlipFacts, *, opened: str, closed: str = "") -> Receipt:
    """X of an open shift, Z of a closed one; `opened` and `closed` are local times as printed.

    Raises:
        KeyError: there is no slip in that language.
    """
    paper = facts.paper
    is_z = report.closed_at is not None
    copy = is_z and report.print > 1
    lines = [
        *slip_top("title_shift_close" if is_z else "title_x", replace(facts, is_copy=copy or facts.is_copy)),
        *_identity(report, facts, opened, closed),
        paper.rule,
        *paper.pair(paper.word("opened_by"), report.opened_by),
        *paper.amount(paper.word("float"), report.float_minor),
        paper.rule,
        *_turnover(report, paper),
    ]
    for name in ("cash", "coins", "cashier", "seller", "discount", "tax", "points", "stored"):
        lines += _part(name, report.part(name), paper)
    lines += _watched(report, paper)
    lines += _counted(report, paper)
    lines += _foot(report, facts)
    number = f"{'Z' if is_z else 'X'}-{report.number}"
    return paper.finish(number, lines, opens_drawer=False, is_copy=copy or facts.is_copy)


def _identity(report: ShiftReport, facts: SlipFacts, opened: str, closed: str) -> list[str]:
    paper = facts.paper
    which = str(report.number)
    if report.print and report.closed_at is None:
        which += f" / X{report.print}"
    lines = [*paper.pair(paper.word("shift"), which)]
    if report.drawer:
        lines += paper.pair(paper.word("drawer"), report.drawer)
    if report.receipt:
        lines += paper.pair(paper.word("receipt"), report.receipt)
    lines += paper.pair(paper.word("from"), opened)
    if closed:
        lines += paper.pair(paper.word("until"), closed)
    lines += paper.pair(paper.word("printed"), facts.posted_at_local)
    if report.print > 1 and report.closed_at is not None:
        lines += paper.pair(paper.word("copy_number"), str(report.print - 1))
    lines += paper.pair(paper.word("staff"), report.closed_by or facts.staff_name)
    for row in report.receipts:
        till = f"{paper.word('receipts')} {row.terminal}"
        span = f"{row.first:06}-{row.last:06}"
        lines += paper.pair(till, span)
        if row.count != row.last - row.first + 1:  # the others moved no drawer
            lines += paper.pair(f"  {paper.word('of_drawer')}", str(row.count))
    return lines


def _figure(amount: int | None, paper: SlipPaper, *, points: bool = False) -> str:
    if amount is None:
        return KEPT_BACK
    return f"{amount:,}" if points else paper.figure(amount)


def _turnover(report: ShiftReport, paper: SlipPaper) -> list[str]:
    """By kind, below each how it was paid; then all of it by way of paying."""
    lines: list[str] = []
    for kind in report.kinds:
        label = f"{paper.named('kind', kind.kind)} x{kind.count}"
        lines += paper.pair(label, _figure(kind.total_minor, paper))
        for row in report.part("paid"):
            if row.code == kind.kind:
                lines += paper.pair(
                    f"  {paper.named('paid', row.of)} x{row.count}", _figure(row.amount, paper)
                )
    lines += paper.pair(paper.word("documents"), str(report.documents))
    lines.append(paper.rule)
    for tender in report.tenders:
        label = f"{paper.named('paid', tender.kind)} x{tender.count}"
        lines += paper.pair(label, _figure(tender.amount_minor, paper))
    return lines


def _label(part: str, row: PartRow, paper: SlipPaper) -> str:
    if part == "tax":
        return f"{paper.word('tax')} {row.code}"
    if part == "coins":
        return paper.word(row.code)
    if part in {"cashier", "seller"}:
        return row.code
    return paper.named(_GROUPS.get(part, part if part != CASH else "kind"), row.code)


def _part(name: str, rows: tuple[PartRow, ...], paper: SlipPaper) -> list[str]:
    if not rows:
        return []
    lines = [paper.rule, *paper.text(paper.word(f"part_{name}"))]
    for row in rows:
        figure = _figure(row.amount, paper, points=name in UNITS)
        lines += paper.pair(f"  {_label(name, row, paper)} x{row.count}", figure)
    return lines


def _watched(report: ShiftReport, paper: SlipPaper) -> list[str]:
    """One line each, also where nothing happened: nothing missing is news too."""
    lines = [paper.rule, *paper.text(paper.word("part_watched"))]
    for name in _ASKED_ABOUT:
        rows = report.part(name)
        count, amount = sum(row.count for row in rows), sum(row.amount or 0 for row in rows)
        lines += paper.pair(
            f"  {paper.word(f'part_{name}')} x{count}", paper.figure(amount) if amount else ""
        )
    return lines


def _counted(report: ShiftReport, paper: SlipPaper) -> list[str]:
    """Expected, counted, the difference; below it the pieces."""
    lines = [paper.rule]
    if report.counted_minor is None:
        return [*lines, *paper.pair(paper.word("expected"), _figure(report.expected_minor, paper))]
    expected = report.expected_minor or 0
    lines += paper.amount(paper.word("expected"), expected)
    lines += tall(paper.amount(paper.word("counted"), report.counted_minor))
    lines += paper.amount(paper.word("over_short"), report.counted_minor - expected)
    for row in report.counts:
        if row.denomination_minor is not None:
            value = row.denomination_minor * (row.pieces or 0)
            lines += paper.amount(f"  {paper.figure(row.denomination_minor)} x{row.pieces or 0}", value)
    for tender in report.tenders_counted:
        label = paper.named("paid", tender.tender)
        lines += paper.amount(f"{paper.word('counted')} {label}", tender.counted_minor)
        lines += paper.amount(f"  {paper.word('over_short')}", tender.counted_minor - tender.expected_minor)
    if report.reason:
        lines += paper.pair(paper.word("reason"), report.reason)
    if report.approved_by:
        lines += paper.pair(paper.word("approved"), report.approved_by)
    return lines


def _foot(report: ShiftReport, facts: SlipFacts) -> list[str]:
    paper = facts.paper
    lines = [paper.rule]
    if report.head:
        lines += paper.pair(paper.word("chain"), report.head[:HEAD_DIGITS])
    if report.heads:
        lines += [paper.word("heads"), *paper.text(report.heads)]
    if report.closed_at is not None:
        lines += [*paper.text(paper.word("signature")), "_" * paper.columns]
    return lines
