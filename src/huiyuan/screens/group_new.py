"""A new group-buy order: goods, who organises it, until when, and from how many pieces which series holds.

Always true: only series that hold for the goods here now are offered; one id for every try, so that an order
whose answer was lost is not opened twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.catalog import PIECE, Product
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.group_order import (
    PIECE_MILLI,
    PIECES_MOST,
    GroupOrder,
    GroupSeries,
    GroupTier,
    read_end,
    read_pieces,
    tiers_in_order,
)
from huiyuan.domain.model.person import read_line
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.dialogs.picks import Picks
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.goods_entry import GoodsEntry
from huiyuan.screens.group_orders import series_text
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import Column, RowList

NOTE_MOST: Final = 60
DAYS_FIRST: Final = "7"


@dataclass(eq=False, repr=False)
class SeriesRead(Message):
    """What the tiers can be."""

    series: Sequence[GroupSeries]


@dataclass(eq=False, repr=False)
class OrderOpened(Message):
    """It stands."""

    order: GroupOrder


class GroupNewScreen(ShopScreen[GroupOrder], GoodsEntry[GroupOrder]):
    """Facts, tiers, the field for the goods. Answers the order that was opened."""

    SCOPE = "group_new"
    TITLE_TEXT = msg("New group order")

    DEFAULT_CSS = """
    GroupNewScreen #facts { margin-bottom: 1; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.id_of_order: UUID = shop.ids.new()
        self.product: Product | None = None
        self.organiser: FoundMember | None = None
        self.closes_at: datetime | None = None
        self.note = ""
        self.tiers: list[GroupTier] = []

    def body(self) -> ComposeResult:
        """What is known, the tiers, the field."""
        say = self.say
        yield Facts(id="facts", label_width=18)
        yield RowList(
            [Column(say(msg("From pieces")), 12, "right"), Column(say(msg("Series"))),
             Column(say(msg("Each")), 26, "right"), Column(say(msg("Least of goods")), 14, "right")],
            id="lines",
            empty=say(msg("No tier yet. F4 adds one: from how many pieces which series holds.")),
        )  # fmt: skip
        yield from self.goods_field(say(msg("Code or name")))

    def on_mount(self) -> None:
        """The goods first."""
        self.begin_entry()
        self.show_all()
        self.tell(self.say(msg("Which goods? Scan them, or type their name.")))

    def show_all(self) -> None:
        """What is known by now."""
        say = self.say
        self.query_one("#facts", Facts).show([
            (say(msg("Goods")), "" if self.product is None else f"{self.product.name}  {self.product.code}"),
            (say(msg("Organiser")), "" if self.organiser is None else self.organiser.name),
            (say(msg("Ends (group order)")), "" if self.closes_at is None else say.moment(self.closes_at)),
            (say(msg("Note")), self.note),
        ])  # fmt: skip
        self.tiers.sort(key=lambda each: each.from_milli)
        self.query_one("#lines", RowList).show_rows(
            [
                (str(each.pieces), each.series.name, series_text(say, each.series),
                 say.figure(each.series.least_minor))
                for each in self.tiers
            ]
        )  # fmt: skip
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A tier needs goods; an order needs all but a note."""
        if action == "tier":
            return self.product is not None
        if action == "remove":
            return bool(self.tiers)
        if action == "open":
            known = (self.product, self.organiser, self.closes_at)
            return None not in known and bool(self.tiers) and not self.writing
        return super().applies(action)

    # Goods, then whoever organises it, then the end, then the tiers

    @on(messages.ProductFound)
    def take_product(self, message: messages.ProductFound) -> None:
        """Other goods, other series."""
        product = message.product
        self.looked_up()
        if product.sold_by != PIECE:
            self.tell(sentence(self.say, Refused("group_refused", {"why": "product"})), "error")
            return
        if self.product is not None and product.id != self.product.id:
            self.tiers.clear()
        self.product = product
        self.show_all()
        if self.organiser is None:
            self.action_member()

    def action_member(self) -> None:
        """F3: who organises it."""

        def chosen(member: FoundMember | None) -> None:
            if member is not None:
                self.organiser = member
                self.show_all()
                if self.closes_at is None:
                    self.action_end()

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Who organises it?"))), chosen)

    def action_end(self) -> None:
        """F6: days from now, a day, or a day and an hour."""
        now = self.shop.wall_clock()

        def typed(end: datetime | None) -> None:
            if end is not None:
                self.closes_at = end
                self.show_all()
                if not self.tiers and self.product is not None:
                    self.action_tier()

        entry: Entry[datetime] = Entry(
            self.shop, self.say(msg("Ends (group order)")), label=self.say(msg("Days or day")),
            value=DAYS_FIRST,
            read=lambda text: read_end(text, now),
            about=self.say(msg("7: days from now; or 12-31, or 12-31 18:00. Nobody joins after that.")),
        )  # fmt: skip
        self.app.push_screen(entry, typed)

    def action_note(self) -> None:
        """F7."""

        def typed(note: str | None) -> None:
            if note is not None:
                self.note = note
                self.show_all()

        def read(text: str) -> str:
            return read_line(text, field="note", most=NOTE_MOST) if text.strip() else ""

        say = self.say
        entry = Entry(self.shop, say(msg("Note")), label=say(msg("Note")), read=read, value=self.note)
        self.app.push_screen(entry, typed)

    def action_tier(self) -> None:
        """F4: which series."""
        product, groups = self.product, self.shop.groups
        if product is not None:
            ask(self, lambda: groups.series(product.id), then=SeriesRead, subject="series")

    @on(SeriesRead)
    def choose_series(self, message: SeriesRead) -> None:
        """One that no other tier has."""
        say, taken = self.say, {each.series.rule for each in self.tiers}
        left = [each for each in message.series if each.rule not in taken]
        if not left:
            text = msg(
                "No series can be a tier here: it takes an amount off these goods, with the lowest price of a"
                " piece as its least total (home, ^Y q)."
            )
            self.tell(say(text) if not self.tiers else say(msg("There is no other series for these goods.")),
                      "warn")  # fmt: skip
            return
        by_word = {f"#{each.rule}": each for each in left}
        options = [(word, f"{each.name}  {series_text(say, each)}") for word, each in by_word.items()]

        def picked(word: str | None) -> None:
            if word is not None:
                self.ask_pieces(by_word[word])

        self.app.push_screen(Picks(self.shop, say(msg("Series of the tier")), options, chosen=()), picked)

    def ask_pieces(self, series: GroupSeries) -> None:
        """From how many pieces in all."""

        def typed(milli: int | None) -> None:
            if milli is not None:
                self.tiers = [each for each in self.tiers if each.from_milli != milli]
                self.tiers.append(GroupTier(milli, series))
                self.show_all()
                self.tell(self.say(msg("F4 adds another tier, F2 opens the order.")))

        entry: Entry[int] = Entry(
            self.shop, series.name, label=self.say(msg("Quantity")), read=_pieces_of_tier,
            about=self.say(msg("From how many pieces of all together?")),
        )  # fmt: skip
        self.app.push_screen(entry, typed)

    def action_remove(self) -> None:
        """F8: the marked tier."""
        marked = self.query_one("#lines", RowList).marked
        if marked is not None:
            del self.tiers[marked]
            self.show_all()

    # Opening

    def action_open(self) -> None:
        """F2."""
        product, organiser, closes_at = self.product, self.organiser, self.closes_at
        if product is None or organiser is None or closes_at is None:
            return
        try:
            tiers = tiers_in_order(self.tiers)
        except Refused as wrong:
            self.tell(sentence(self.say, wrong), "error")
            return
        groups, order, note = self.shop.groups, self.id_of_order, self.note

        def work() -> GroupOrder:
            return groups.open(
                order, product=product.id, organiser=organiser.id, closes_at=closes_at, note=note, tiers=tiers
            )

        ask(self, work, then=OrderOpened, subject=WRITE)

    @on(OrderOpened)
    def done(self, message: OrderOpened) -> None:
        """It is shown by whoever asked."""
        self.dismiss(message.order)

    def action_back(self) -> None:
        """What is suggested goes first."""
        if not self.drop_typed():
            self.dismiss(None)


def _pieces_of_tier(text: str) -> int:
    try:
        return read_pieces(text, PIECES_MOST)
    except Refused:
        raise Refused("out_of_range", {"most": PIECES_MOST * PIECE_MILLI}) from None
