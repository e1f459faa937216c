"""Baskets put aside in this store: how old, whose, how much; taking one, and removing what was abandoned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import Basket, KeptBasket, Restored
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.desk import HeldSale
from huiyuan.domain.model.errors import Refused
from huiyuan.screens import desk_messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import Entry, read_reason
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.kept_basket import losses, read_anew
from huiyuan.screens.paged import ASKED, PagedScreen, page_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList


@dataclass(eq=False, repr=False)
class HeldRestored(Message):
    """A basket of the list as it is on this till now."""

    held: HeldSale
    kept: KeptBasket
    restored: Restored


class HeldScreen(PagedScreen[Cart]):
    """The list. Answers the basket that was taken.

    Args:
        taking: opened from a sale that can take one; from elsewhere the list is only looked at and cleared.
    """

    SCOPE = "held"
    TITLE_TEXT = msg("Put aside")

    def __init__(self, shop: Shop, *, taking: bool = False) -> None:
        super().__init__(shop)
        self.may_take = taking
        self.rows: Sequence[HeldSale] = ()

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

    def on_mount(self) -> None:
        """The oldest first."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        self.read(self.at)

    def read(self, at: int) -> None:
        """Page `at`, from the oldest."""
        desk, after = self.shop.desk, self.starts[at]
        ask(
            self,
            lambda: desk.held_sales(after=after, most=ASKED),
            then=lambda found: desk_messages.HeldRead(found, at),
            subject="held",
        )

    @on(desk_messages.HeldRead)
    def show_rows(self, message: desk_messages.HeldRead) -> None:
        """Which till has one says its last column."""
        if self.is_gone(message.at, message.held):
            return
        say = self.say
        self.rows, more = page_of(message.held)
        mark = self.turned(message.at, self.rows[-1].id if more else None)
        shown = [
            (
                say.clock(each.held_at), say.age(each.held_at, self.shop.server_now()), each.staff_name,
                each.member_name, each.note, str(each.line_count), say.figure(each.total_minor),
                say(msg("here")) if each.here else each.taken_by,
            )
            for each in self.rows
        ]  # fmt: skip
        self.query_one(RowList).show_rows(shown, mark=mark)
        self.refresh_bindings()

    def marked(self) -> HeldSale | None:
        """The row under the mark."""
        index = self.query_one(RowList).marked
        return None if index is None else self.rows[index]

    def applies(self, action: str) -> bool:
        """Only rows that are there."""
        if action in {"enter", "over"}:
            return self.may_take and bool(self.rows)
        if action == "drop":
            return bool(self.rows)
        return super().applies(action)

    @on(RowList.Chosen)
    def choose(self, message: RowList.Chosen) -> None:
        """Enter: exactly one till gets it."""
        message.stop()
        self.take(over_others=False)

    def action_over(self) -> None:
        """F6: from a till that does not give it back."""
        self.take(over_others=True)

    def take(self, *, over_others: bool) -> None:
        """Take it at the server, then read its goods as they are now."""
        held, shop = self.marked(), self.shop
        if held is None or not self.may_take or self.writing:
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

        def take(reason: str | None) -> None:
            if reason is not None:
                ask(
                    self,
                    lambda: desk.drop_held(held.id, reason=reason),
                    then=lambda _none: desk_messages.HeldDropped(held.id),
                    subject=WRITE,
                )

        label = self.say(msg("Reason"))
        about = self.say(msg("The basket is removed for good. Nothing of it was booked."))
        title = self.say(msg("Remove a basket"))
        self.app.push_screen(
            Entry(self.shop, title, aside=held.note, label=label, read=read_reason, about=about), take
        )

    @on(desk_messages.HeldDropped)
    def dropped(self, _message: desk_messages.HeldDropped) -> None:
        """The list as it is now."""
        self.tell(self.say(msg("Removed. Nothing of it was booked.")), "good")
        self.action_refresh()
