"""Group-buy orders of this store: which run, which tier each has reached, how those that ended ended.

Always true: what an order promises is a published series of coupons; this desk shows it and changes no price.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.group_order import GroupOrder, GroupSeries, GroupTier
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

STATE_WORDS: Final = {
    "open": msg("open (group order)"),
    "closed": msg("closed (group order)"),
    "called_off": msg("called off"),
}


def series_text(say: Wording, series: GroupSeries) -> str:
    """What a code takes off a piece, short."""
    if not series.rate_bp:
        return f"-{say.money(series.off_minor)}" if series.off_minor else series.name
    percent = f"{series.rate_bp // 100}.{series.rate_bp % 100:02}".rstrip("0").rstrip(".")
    return say(msg("-{percent}%, at most {amount}"), percent=percent, amount=say.money(series.max_minor or 0))


def tier_text(say: Wording, tier: GroupTier) -> str:
    """From how many pieces it takes how much off each."""
    return say(
        msg("from {pieces} pieces on {off} each"), pieces=tier.pieces, off=series_text(say, tier.series)
    )


def state_text(say: Wording, order: GroupOrder) -> str:
    """Open ones whose time is past say so."""
    return say(msg("time is up")) if order.state == "open" and order.over else say(STATE_WORDS[order.state])


class GroupOrdersScreen(RowPages[None, GroupOrder]):
    """One list; open ones first, the next to end on top."""

    SCOPE = "group_orders"
    TITLE_TEXT = msg("Group orders")

    def body(self) -> ComposeResult:
        """Until when, what, whose, how many, at which price, how far."""
        say = self.say
        yield RowList(
            [Column(say(msg("Ends (group order)")), 16),
             Column(say(msg("Goods")), command="group_orders.enter"),
             Column(say(msg("Organiser")), 10), Column(say(msg("People")), 6, "right"),
             Column(say(msg("Quantity")), 8, "right"), Column(say(msg("Each")), 10, "right"),
             Column(say(msg("State")), 10)],
            id="orders",
            empty=say(msg("There is no group order yet. F2 opens one.")),
        )  # fmt: skip

    def reading(self, after: UUID | None) -> Callable[[], Sequence[GroupOrder]]:
        """The orders behind one."""
        groups = self.shop.groups
        return lambda: groups.page(after=after, most=ASKED)

    def place_of(self, row: GroupOrder) -> UUID:
        """The order."""
        return row.id

    def cells_of(self, row: GroupOrder) -> tuple[str, ...]:
        """One row."""
        say, tier = self.say, row.tier
        return (
            say.moment(row.closes_at), row.name, row.organiser, str(row.members), str(row.pieces),
            "" if tier is None else series_text(say, tier.series), state_text(say, row),
        )  # fmt: skip

    def open_row(self, row: GroupOrder) -> None:
        """Its own screen; the list is read anew behind it."""
        from huiyuan.screens.group_order import GroupOrderScreen

        def back(_nothing: None) -> None:
            self.action_refresh()

        self.app.push_screen(GroupOrderScreen(self.shop, row), back)

    def action_add(self) -> None:
        """F2: a new one, which is then shown."""
        from huiyuan.screens.group_new import GroupNewScreen

        def opened(order: GroupOrder | None) -> None:
            if order is not None:
                self.open_row(order)

        self.app.push_screen(GroupNewScreen(self.shop), opened)
