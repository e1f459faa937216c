"""Labels for the shelf: goods that are scanned or whose price changes, and how many labels of each.

Always true: a label holds the price of the day that the screen names, here and at the till; nothing is
booked, and what the printer could not print waits in its queue as slips do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.label import price_label
from huiyuan.domain.model.printing import WAITING, JobState
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.receipt import Receipt, SlipPaper
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.goods_list import GoodsLines
from huiyuan.screens.paper import fault_words
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import read_day
from huiyuan.screens.widgets.rows import Column, RowList

LABELS_MOST: Final = 200
"""At once: some ten metres of paper, and minutes in which a slip waits behind them."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One product and its labels, of which `qty_milli` is a thousand for each."""

    product: Product
    qty_milli: int

    @property
    def count(self) -> int:
        return max(self.qty_milli // MILLI, 1)


@dataclass(eq=False, repr=False)
class RepricedRead(Message):
    """Goods whose price changes from that day on."""

    products: Sequence[Product]


@dataclass(eq=False, repr=False)
class LabelsKept(Message):
    """They are on the counter's disk, in their order."""

    count: int


class LabelScreen(ShopScreen[None], GoodsLines[Labelled]):
    """Lines of goods; F2 prints.

    Args:
        code: of the goods to begin with; empty for none.
    """

    SCOPE = "labels"
    TITLE_TEXT = msg("Shelf labels")

    def __init__(self, shop: Shop, code: str = "") -> None:
        super().__init__(shop)
        self.first = code
        self.day: date = shop.wall_clock().date()
        self.printing = False
        self.sent: set[UUID] = set()

    def body(self) -> ComposeResult:
        """Lines and the one field."""
        say = self.say
        yield RowList(
            [Column("#", 3, "right"), Column(say(msg("Code")), 14), Column(say(msg("Goods"))),
             Column(say(msg("Price")), 11, "right"),
             Column(say(msg("Labels")), 8, "right", command="labels.quantity")],
            id="lines",
            empty=say(msg("Scan goods, 3*code for three labels; F6 lists those whose price changes.")),
        )  # fmt: skip
        yield from self.goods_field(say(msg("Code, 3*code")))

    def on_mount(self) -> None:
        """Ready to scan."""
        self.begin_entry()
        self.show_day()
        if self.first:
            self.take_text(self.first, None, meant=False)

    def show_day(self) -> None:
        """Which day's prices these are."""
        self.aside(self.say(msg("Prices of {day}"), day=self.day.isoformat()))

    @property
    def taking(self) -> bool:
        """Not while the list goes to the printer."""
        return not self.printing

    @property
    def moment(self) -> datetime:
        """When the prices of the labels hold: now, or at the end of a day that comes."""
        now = self.shop.wall_clock()
        if self.day <= now.date():
            return now
        return datetime.combine(self.day + timedelta(days=1), time(), now.tzinfo) - timedelta(microseconds=1)

    def applies(self, action: str) -> bool:
        """Nothing scanned, nothing to print."""
        if action in {"print", "quantity", "remove"}:
            return self.settled
        return self.taking if action == "repriced" else super().applies(action)

    def cells_of(self, line: Labelled) -> Sequence[str]:
        """Price and count."""
        product = line.product
        return (product.code, product.full_name, self.price_text(product), str(line.count))

    @on(messages.ProductFound)
    def add(self, message: messages.ProductFound) -> None:
        """One label, or as many as were typed."""
        found = message.product
        product = self.shop.catalogue.find(found.code, at=self.moment) or found
        if not product.price_minor:
            self.missed = self.say(msg("These goods have no price of their own: no label."))
        else:
            # A six-pack's barcode stands for six pieces and wants one label.
            typed = message.qty_milli if message.qty_milli != found.qty_milli else MILLI
            self.put(product, typed)
        self.looked_up()

    def put(self, product: Product, qty_milli: int) -> None:
        """On its line, or on a new one."""
        if not self.add_more(product.id, qty_milli):
            self.add_new(Labelled(product, qty_milli))

    def action_repriced(self) -> None:
        """F6: what was published lately comes while the day is typed."""
        self.shop.catalogue.freshen(at_once=True)
        say, today = self.say, self.shop.wall_clock().date()

        def read(text: str) -> date:
            day = read_day(text, today.year)
            if day is None:
                raise Refused("not_a_day", {})
            return day

        entry: Entry[date] = Entry(
            self.shop, say(msg("Prices that change")), label=say(msg("First day")),
            read=read, value=(today + timedelta(days=1)).isoformat(),
            about=say(msg("Lists goods that cost otherwise than the day before, at the prices of that day.")),
        )  # fmt: skip
        self.app.push_screen(entry, self.list_repriced)

    def list_repriced(self, day: date | None) -> None:
        """Read them on the counter's own disk; what was scanned before stays."""
        if day is None:
            return
        self.day = day
        self.show_day()
        self.goods = [
            Labelled(
                self.shop.catalogue.find(each.product.code, at=self.moment) or each.product, each.qty_milli
            )
            for each in self.goods
        ]
        catalogue, at = self.shop.catalogue, self.moment
        since = datetime.combine(day, time(), at.tzinfo)
        self.tell(self.say(msg("Looking through the goods ...")))
        ask(
            self,
            lambda: catalogue.repriced(since=min(since, at), at=at, most=LABELS_MOST),
            then=RepricedRead,
            subject="labels",
        )

    @on(RepricedRead)
    def take_repriced(self, message: RepricedRead) -> None:
        """One label each, of those that are not there yet."""
        there = {line.product.id for line in self.goods}
        new = [product for product in message.products if product.id not in there]
        self.goods += [Labelled(product, MILLI) for product in new]
        self.show_lines(0 if self.goods else None)
        if len(message.products) == LABELS_MOST:
            text = msg(
                "{count} goods change; more than these are not listed at once. Print, then list again."
            )
        elif new:
            text = msg("{count} goods change their price. F2 prints one label of each.")
        else:
            text = msg("No price changes that day.")
        self.tell(self.say(text, count=len(new)))

    def action_print(self) -> None:
        """F2."""
        shop, say = self.shop, self.say
        count = sum(line.count for line in self.goods)
        if count > LABELS_MOST:
            self.tell(
                say(msg("At most {most} labels at once; these are {count}."), most=LABELS_MOST, count=count),
                "error",
            )
            return
        labels = [label for line in self.goods for label in [self.label_of(line.product)] * line.count]
        wanted = [(shop.ids.new(), label) for label in labels]
        jobs = shop.print_jobs
        self.printing, self.sent = True, {id for id, _ in wanted}
        self.tell(say(msg("{count} labels go to the printer, one after the other."), count=count))
        self.refresh_bindings()

        def work() -> int:
            return len([jobs.put(id, label) for id, label in wanted])

        ask(self, work, then=LabelsKept, subject="print")

    def label_of(self, product: Product) -> Receipt:
        """For this seat's paper and language."""
        shop = self.shop
        paper = SlipPaper(shop.slip_language or self.say.lang, shop.slip_columns, self.say.minor_digits)
        barcode = shop.catalogue.barcode_of(product.id)
        return price_label(product, paper, barcode=barcode, on=max(self.day, shop.wall_clock().date()))

    @on(LabelsKept)
    def labels_kept(self) -> None:
        """An empty list for the next ones."""
        self.printing = False
        self.begin_anew(None)

    @on(messages.SlipMoved)
    def follow(self, message: messages.SlipMoved) -> None:
        """A jam is said, with how many are behind it."""
        job = message.job
        if job.id not in self.sent:
            return
        if job.state in {JobState.FAILED, JobState.UNKNOWN}:
            text = msg("{count} labels are not out yet ({why}). Home, {key} shows them.")
            self.tell(self.say(text, count=len(self.sent), why=fault_words(self.say, job), key="^O"), "warn")
        elif job.state not in WAITING:
            self.sent.discard(job.id)
            if not self.sent:
                self.tell(self.say(msg("All labels are out.")), "good")

    @on(messages.Refused)
    def keep_list(self, message: messages.Refused) -> None:
        """What the disk did not take stays on the list."""
        if message.subject == "print":
            self.printing = False
            self.refresh_bindings()
