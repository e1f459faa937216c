"""Reports."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, export, refresh, row

REPORTS: Final[tuple[Command, ...]] = (
    # Reports
    row("reports.open", "enter", "", msg("Open"), msg("Opens the marked report.")),
    row("turnover.open", "enter", "", msg("Closer"),
       msg("Looks closer at the marked row; Esc goes back out.")),
    row("turnover.today", "f2", "today", msg("Today"), msg("The business day of today.")),
    row("turnover.yesterday", "f3", "yesterday", msg("Yesterday"), msg("The business day before today.")),
    row("turnover.week", "f4", "week", msg("This week"), msg("From Monday to today.")),
    row("turnover.month", "f5", "month", msg("This month"), msg("From the first of the month to today.")),
    row("turnover.days", "f6", "days", msg("Days, stores"), msg("Any span of days, and which stores.")),
    row("turnover.split", "f7", "split", msg("Rows"),
       msg("What a row stands for: days, stores, weeks, months, ways of paying, members.")),
    row("turnover.bars", "f8", "bars", msg("Chart"), msg("Bars instead of rows, and back.")),
    export("turnover"),
    row("law.propose", "f2", "propose", msg("New row"),
       msg("Proposes what shall hold instead of the marked row, and from when; another person approves it."),
       needs="rules", writes=True),
    row("law.approve", "f3", "approve", msg("Approve"),
       msg("The marked proposal holds, if somebody else made it."), needs="rules", writes=True),
    row("law.decline", "f4", "decline", msg("Decline"), msg("The marked proposal will not hold."),
       needs="rules", writes=True),
    refresh("law", msg("Reads the rules anew."), bar=False),
    row("events.today", "f2", "today", msg("Today"), msg("The business day of today.")),
    row("events.last_days", "f3", "last_days", msg("Last 7 days"), msg("Today and the six days before.")),
    row("events.week", "f4", "week", msg("This week"), msg("From Monday to today.")),
    row("events.month", "f5", "month", msg("This month"), msg("From the first of the month to today.")),
    export("events"),
)  # fmt: skip
