"""Group-buy orders of this store: which run, which tier each has reached, how those that ended ended.

Always true: what an order promises is a published series of coupons; this desk shows it and changes no price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.group_order import GroupOrder, GroupSeries, GroupTier
from huiyuan.screens.ask import ask
from huiyuan.screens.paged import ASKED, PagedScreen, page_of
from huiyuan.screens.shop import Shop
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


@dataclass
class OrdersRead(Message):
    """`at` is the place of the page among those read."""

    orders: Sequence[GroupOrder]
    at: int


class GroupOrdersScreen(PagedScreen[None]):
    """One list; open ones first, the next to end on top."""

    SCOPE = "group_orders"
    TITLE_TEXT = msg("Group orders")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.orders: Sequence[GroupOrder] = ()

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

    def on_mount(self) -> None:
        """Read them."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        self.read(self.at)

    def read(self, at: int) -> None:
        """Page `at`."""
        groups, after = self.shop.groups, self.starts[at]
        ask(
            self,
            lambda: groups.page(after=after, most=ASKED),
            then=lambda found: OrdersRead(found, at),
            subject="group_orders",
        )

    @on(OrdersRead)
    def show_orders(self, message: OrdersRead) -> None:
        """As they stand now."""
        if self.is_gone(message.at, message.orders):
            return
        self.orders, more = page_of(message.orders)
        mark = self.turned(message.at, self.orders[-1].id if more else None)
        self.query_one(RowList).show_rows([self.cells_of(each) for each in self.orders], mark=mark)
        self.refresh_bindings()

    def cells_of(self, order: GroupOrder) -> tuple[str, ...]:
        """One row."""
        say, tier = self.say, order.tier
        return (
            say.moment(order.closes_at), order.name, order.organiser, str(order.members), str(order.pieces),
            "" if tier is None else series_text(say, tier.series), state_text(say, order),
        )  # fmt: skip

    @on(RowList.Chosen)
    def open_order(self, message: RowList.Chosen) -> None:
        """Enter."""
        message.stop()
        if message.index < len(self.orders):
            self.show_one(self.orders[message.index])

    def show_one(self, order: GroupOrder) -> None:
        """Its own screen; the list is read anew behind it."""
        from huiyuan.screens.group_order import GroupOrderScreen

        def back(_nothing: None) -> None:
            self.action_refresh()

        self.app.push_screen(GroupOrderScreen(self.shop, order), back)

    def action_add(self) -> None:
        """F2: a new one, which is then shown."""
        from huiyuan.screens.group_new import GroupNewScreen

        def opened(order: GroupOrder | None) -> None:
            if order is not None:
                self.show_one(order)

        self.app.push_screen(GroupNewScreen(self.shop), opened)
