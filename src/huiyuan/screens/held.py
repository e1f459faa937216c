"""Baskets put aside in this store: how old, whose, how much; taking one, and removing what was abandoned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import Basket, KeptBasket, Restored
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.desk import HeldSale
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import ask_reason
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.kept_basket import losses, read_anew
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList


@dataclass(eq=False, repr=False)
class HeldRestored(Message):
    """A basket of the list as it is on this till now."""

    held: HeldSale
    kept: KeptBasket
    restored: Restored


class HeldScreen(RowPages[Cart, HeldSale]):
    """The list. Answers the basket that was taken.

    Args:
        taking: opened from a sale that can take one; from elsewhere the list is only looked at and cleared.
    """

    SCOPE = "held"
    TITLE_TEXT = msg("Put aside")

    def __init__(self, shop: Shop, *, taking: bool = False) -> None:
        super().__init__(shop)
        self.may_take = taking

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Since")), 8), Column(say(msg("Age")), 9), Column(say(msg("Staff")), 10),
             Column(say(msg("Member")), 10), Column(say(msg("Note"))),
             Column(say(msg("Lines")), 5, "right"), Column(say(msg("Total")), 11, "right"),
             Column(say(msg("Till")), 8)],
            id="held",
            empty=say(msg("Nothing is put aside.")),
        )  # fmt: skip

    def reading(self, after: UUID | None) -> Callable[[], Sequence[HeldSale]]:
        """From the oldest."""
        desk = self.shop.desk
        return lambda: desk.held_sales(after=after, most=ASKED)

    def place_of(self, row: HeldSale) -> UUID:
        """The basket."""
        return row.id

    def cells_of(self, row: HeldSale) -> tuple[str, ...]:
        """Which till has it says its last column."""
        say = self.say
        return (
            say.clock(row.held_at), say.age(row.held_at, self.shop.server_now()), row.staff_name,
            row.member_name, row.note, str(row.line_count), say.figure(row.total_minor),
            say(msg("here")) if row.here else row.taken_by,
        )  # fmt: skip

    def applies(self, action: str) -> bool:
        """Only rows that are there."""
        if action in {"enter", "over"}:
            return self.may_take and bool(self.rows)
        if action == "drop":
            return bool(self.rows)
        return super().applies(action)

    def open_row(self, row: HeldSale) -> None:
        """Exactly one till gets it."""
        self.take(row, over_others=False)

    def action_over(self) -> None:
        """F6: from a till that does not give it back."""
        if (held := self.marked()) is not None:
            self.take(held, over_others=True)

    def take(self, held: HeldSale, *, over_others: bool) -> None:
        """Take it at the server, then read its goods as they are now."""
        shop = self.shop
        if not self.may_take or self.writing:
            return

        def work() -> tuple[KeptBasket, Restored]:
            recalled = shop.desk.recall(held.id, over_others=over_others)
            try:
                basket = Basket.from_json(recalled.basket)
            except ValueError:
                raise Refused("malformed", {"section": "held"}) from None
            kept = KeptBasket(basket, held.staff_name, held.held_at)
            return kept, read_anew(shop, kept)

        ask(self, work, then=lambda found: HeldRestored(held, *found), subject=WRITE)

    @on(HeldRestored)
    def hand_over(self, message: HeldRestored) -> None:
        """To the sale; what is not as it was is said there."""
        told = losses(self.say, message.kept, message.restored, ())
        cart = replace(message.restored.cart, held=message.held.id)
        self.dismiss(cart)
        if told:
            self.app.call_later(self.tell_below, " ".join(told))

    def tell_below(self, text: str) -> None:
        """On whatever screen is on top now."""
        top = self.app.screen
        if isinstance(top, ShopScreen):
            top.tell(text, "warn")

    def action_drop(self) -> None:
        """F4: with a reason, for good."""
        held, desk = self.marked(), self.shop.desk
        if held is None or self.writing:
            return

        def drop(reason: str) -> None:
            done = self.say(msg("Removed. Nothing of it was booked."))
            self.change(lambda: desk.drop_held(held.id, reason=reason), done)

        about = self.say(msg("The basket is removed for good. Nothing of it was booked."))
        ask_reason(self, self.say(msg("Remove a basket")), drop, about=about, aside=held.note)
