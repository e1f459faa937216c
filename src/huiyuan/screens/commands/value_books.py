"""The books of stored value: what stores owe each other, what is filed, how a wallet stood."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, row

VALUE_BOOKS: Final[tuple[Command, ...]] = (
    row("clearing.open", "enter", "", msg("Open"),
        msg("From the matrix to the pairs; from a pair to the slips behind it.")),
    row("clearing.month", "f2", "month", msg("This month"),
        msg("What was spent since the first of the month.")),
    row("clearing.quarter", "f3", "quarter", msg("This quarter"),
        msg("What was spent since the quarter began.")),
    row("clearing.ever", "f4", "ever", msg("Since ever"), msg("Everything that stands between the stores.")),
    row("clearing.simulate", "f6", "simulate", msg("Try a policy"),
        msg("What the positions would be under another order of spending; nothing is booked.")),
    row("clearing.pairs", "f7", "pairs", msg("Pairs"),
        msg("Pairs of stores instead of the matrix, and back.")),
    row("clearing.columns", "f8", "columns", msg("More stores"), msg("The next columns of the matrix.")),
    row("clearing.export", "f9", "export", msg("Export"),
        msg("Writes what is shown as a workbook or as rows with commas."), letter="b"),
    row("clearing_slips.open", "enter", "", msg("Open"), msg("The marked document as its slip.")),
    row("filing.before", "f2", "before", msg("Year before"), msg("The quarters of the year before.")),
    row("filing.after", "f3", "after", msg("Year after"), msg("The quarters of the year after.")),
    row("filing.revenue", "f6", "revenue", msg("Revenue"),
        msg("Writes down the main revenue of the year before, which bounds what may be outstanding."),
        needs="settings", writes=True),
    row("filing.export", "f9", "export", msg("Export"),
        msg("Writes what is shown as a workbook or as rows with commas.")),
    row("member.moment", "", "moment", msg("As it was"),
        msg("Cards, balances, lots and rules as they stood at a moment that is typed."), letter="w",
        bar=False),
    row("member.period", "", "period", msg("Statement for a period"),
        msg("Opening, every movement and closing of a wallet for days that are chosen; on paper, too."),
        letter="q", bar=False),
    row("card.period", "", "period", msg("Statement for a period"),
        msg("Opening, every movement and closing of a wallet for days that are chosen; on paper, too."),
        needs="members", letter="q"),
    row("period.open", "enter", "", msg("Open"), msg("The marked document as its slip.")),
    row("period.month", "f2", "month", msg("This month"), msg("From the first of the month to today.")),
    row("period.last_month", "f3", "last_month", msg("Last month"), msg("The whole month before this one.")),
    row("period.days", "f4", "days", msg("Days"), msg("Any span of days.")),
    row("period.print", "f5", "print", msg("Print"), msg("Prints the statement of the whole span.")),
    row("period.wallet", "f6", "wallet", msg("Other wallet"), msg("The member's next wallet.")),
    row("period.kinds", "f7", "kinds", msg("By kind"), msg("Sums by kind instead of movements, and back."),
        letter="t"),
    row("period.export", "f9", "export", msg("Export"),
        msg("Writes what is shown as a workbook or as rows with commas.")),
    row("moment.open", "enter", "", msg("Open"), msg("The entries that make the marked figure.")),
    row("moment.other", "f2", "other", msg("Another moment"), msg("Asks for another day and time.")),
    row("moment.wallet", "f6", "wallet", msg("Other wallet"), msg("The member's next wallet.")),
)  # fmt: skip
