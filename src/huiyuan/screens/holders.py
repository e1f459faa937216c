"""The cards of one wallet: who holds them, what each may spend, what each spent; use by use.

Always true: a limit is a card's own beside that of its type, and the narrower one holds at the door.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.codes import read_codes
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.holders import CardHolder, CardUse, WalletCards
from huiyuan.domain.model.money import format_minor, parse_minor
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.card_rules import WHO_WORDS
from huiyuan.screens.document_page import DocumentList
from huiyuan.screens.paged import ASKED, WindowScreen
from huiyuan.screens.sheet import FieldSheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import DaysSheet, SpanTyped, month_before
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

NOT_TYPED: Final = msg("for everybody")


@dataclass(eq=False, repr=False)
class HoldersRead(Message):
    found: WalletCards


@dataclass(eq=False, repr=False)
class LimitKept(Message):
    """It holds from now on."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a form hands over."""

    sale_max_minor: int | None
    day_max_minor: int | None
    categories: tuple[int, ...]


class LimitSheet(FieldSheet[Limits]):
    """Most in a sale, most in a day, goods by the codes of their categories."""

    DEFAULT_CSS = """
    LimitSheet Prose { max-height: 11; }
    """

    def __init__(self, shop: Shop, card: CardHolder, goods: Sequence[tuple[int, str, str]]) -> None:
        super().__init__(shop, shop.say(msg("Limits of this card")), f"{card.number} {card.holder}")
        self.card, self.goods = card, goods

    def body(self) -> ComposeResult:
        """Three fields; empty ones are no limit."""
        say, card = self.say, self.card
        codes = {id: code for id, code, _ in self.goods}
        about = msg("Empty: only what the card type says. Goods: codes of categories, with commas.")
        named = "  ".join(f"{code} {name}" for _, code, name in self.goods)
        yield Prose("\n".join(filter(None, [say(about), named])))
        yield Field(say(msg("Most in a sale")), id="sale", value=self.amount(card.sale_max_minor))
        yield Field(say(msg("Most in a day")), id="day", value=self.amount(card.day_max_minor))
        listed = ", ".join(codes[each] for each in card.categories if each in codes)
        yield Field(say(msg("Goods")), id="goods", value=listed)

    def amount(self, minor: int | None) -> str:
        """An own limit as it was typed; a type's stays the type's."""
        own = self.card.own_limit and minor is not None
        return format_minor(minor or 0, self.say.minor_digits) if own else ""

    def on_mount(self) -> None:
        """The first field."""
        self.query_one("#sale", Input).focus()

    def take(self) -> None:
        """The limits, if they can be read."""
        try:
            limits = Limits(self.read_amount("sale"), self.read_amount("day"), self.read_goods())
        except Refused as refused:
            name = str(refused.facts["field"])
            text = msg("That cannot be read: an amount, or codes of categories. Nothing was changed.")
            self.tell(self.say(text), "error")
            self.query_one(f"#{name}", Input).focus()
            return
        self.dismiss(limits)

    def read_amount(self, name: str) -> int | None:
        """Raises Refused: `form_field` (field)."""
        text = self.typed(name)
        if not text:
            return None
        try:
            minor = parse_minor(text, self.say.minor_digits)
        except Refused:
            raise Refused("form_field", {"field": name}) from None
        if minor <= 0:
            raise Refused("form_field", {"field": name})
        return minor

    def read_goods(self) -> tuple[int, ...]:
        """Raises Refused: `form_field` (field)."""
        ids = {code.upper(): id for id, code, _ in self.goods}
        codes = read_codes(self.typed("goods"))
        if any(each not in ids for each in codes):
            raise Refused("form_field", {"field": "goods"})
        return tuple(ids[each] for each in codes)


class HoldersScreen(WindowScreen[None]):
    """A row a card.

    Args:
        wallets: of a member or a card; F6 goes to the next.
    """

    SCOPE = "holders"
    TITLE_TEXT = msg("Cards and holders")

    def __init__(self, shop: Shop, wallets: Sequence[int]) -> None:
        super().__init__(shop)
        self.wallets = list(wallets)
        self.chosen = 0
        self.span: tuple[date | None, date | None] = (None, None)
        self.found: WalletCards | None = None
        self.listed: Sequence[CardHolder] = ()

    def body(self) -> ComposeResult:
        """One list, and the limits of the marked card."""
        say = self.say
        yield RowList(
            [Column(say(msg("Card number")), 12), Column(say(msg("Holder"))),
             Column(say(msg("For whom")), 13, from_width=100), Column(say(msg("State")), 18),
             Column(say(msg("Uses")), 5, "right"), Column(say(msg("Spent")), 12, "right"),
             Column(say(msg("Passes")), 6, "right")],
            id="cards",
            empty=say(msg("No card opens this wallet.")),
        )  # fmt: skip
        yield Prose("", id="sums")

    def on_mount(self) -> None:
        """This month."""
        self.query_one(RowList).focus()
        self.look()

    def on_screen_resume(self) -> None:
        """A card may have been issued in between."""
        if self.found is not None:
            self.look()

    @property
    def wallet(self) -> int:
        return self.wallets[self.chosen]

    def look(self) -> None:
        """Ask, once for all of them."""
        book, wallet, (first, last) = self.shop.card_book, self.wallet, self.span
        ask(self, lambda: book.wallet_cards(wallet, first, last), then=HoldersRead, subject="holders")

    @on(HoldersRead)
    def take(self, message: HoldersRead) -> None:
        """Show them."""
        found = self.found = message.found
        first, last = self.days(found)
        self.aside(f"{first} - {last}")
        self.show_page(self.at)

    def days(self, found: WalletCards) -> tuple[date, date]:
        """What the figures are of."""
        return self.span[0] or found.today.replace(day=1), self.span[1] or found.today

    def show_page(self, at: int) -> None:
        """A page of what was read."""
        say = self.say
        self.listed, mark = self.window(at, self.found.cards if self.found else ())
        self.query_one(RowList).show_rows(
            [
                (each.number, f"{each.holder} {each.holder_number}".strip() or say(msg("bearer")),
                 say.word(WHO_WORDS, each.who) if each.who else say(NOT_TYPED), say.state(each.state),
                 str(each.uses), say.figure(each.spent_minor) if each.spent_minor else "",
                 str(each.passes) if each.passes else "")
                for each in self.listed
            ],
            mark=mark,
        )  # fmt: skip
        self.show_limits()

    def marked(self) -> CardHolder | None:
        index = self.query_one(RowList).marked if self.is_mounted and self.listed else None
        return None if index is None or index >= len(self.listed) else self.listed[index]

    @on(RowList.Marked)
    def show_limits(self) -> None:
        """What the marked card may spend, and what all of them spent."""
        say, card, found = self.say, self.marked(), self.found
        lines = []
        if card is not None:
            none = say(msg("no limit"))
            sale, day = (
                none if minor is None else say.money(minor)
                for minor in (card.sale_max_minor, card.day_max_minor)
            )
            names = {id: name for id, _, name in found.goods} if found else {}
            goods = ", ".join(names.get(each, "?") for each in card.categories) or say(msg("all goods"))
            whose = say.word(WHO_WORDS, card.who) if card.who else say(NOT_TYPED)
            text = msg("{type}, {whose}: in a sale {sale}, in a day {day}, {goods}")
            lines.append(say(text, type=card.type, whose=whose, sale=sale, day=day, goods=goods))
        if found is not None:
            spent = sum(each.spent_minor for each in found.cards)
            text = msg("All {count} cards together: {amount}")
            lines.append(say(text, count=len(found.cards), amount=say.money(spent)))
        self.query_one("#sums", Prose).show("\n".join(lines))
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """What needs a card, a shift, a second wallet."""
        if action in {"open", "limit"}:
            return self.marked() is not None
        if action == "issue":
            return self.found is not None and self.shop.shift is not None
        if action == "wallet":
            return len(self.wallets) > 1
        if action == "days":
            return self.found is not None
        return super().applies(action)

    @on(RowList.Chosen)
    def open_uses(self, message: RowList.Chosen) -> None:
        """Enter: use by use."""
        message.stop()
        self.app.push_screen(UsesScreen(self.shop, self.wallet, self.listed[message.index]))

    def action_limit(self) -> None:
        """F3: what this one card may spend."""
        card, found = self.marked(), self.found
        if card is None or found is None:
            return
        book = self.shop.card_book

        def keep(limits: Limits | None) -> None:
            if limits is not None:
                ask(
                    self,
                    lambda: book.put_limit(
                        card.card, sale_max_minor=limits.sale_max_minor,
                        day_max_minor=limits.day_max_minor, categories=limits.categories,
                    ),
                    then=lambda _: LimitKept(),
                    subject=WRITE,
                )  # fmt: skip

        self.app.push_screen(LimitSheet(self.shop, card, found.goods), keep)

    @on(LimitKept)
    def say_kept(self) -> None:
        """Read again."""
        self.look()
        self.tell(self.say(msg("Kept. It holds from the next document on, in every store.")), "good")

    def action_issue(self) -> None:
        """F4: one more card on this wallet."""
        from huiyuan.screens.card_issue import CardIssueScreen

        name = next((each.number for each in self.listed), "")
        self.app.push_screen(CardIssueScreen(self.shop, wallet=(self.wallet, name)))

    def action_month(self) -> None:
        """F2: this month."""
        self.span = (None, None)
        self.look()

    def action_last_month(self) -> None:
        """F5: the whole month before."""
        self.span = month_before(self.shop.wall_clock().date())
        self.look()

    def action_days(self) -> None:
        """F7: typed."""
        if self.found is None:
            return

        def take(typed: SpanTyped | None) -> None:
            if typed is not None:
                self.span = (typed.first, typed.last)
                self.look()

        self.app.push_screen(DaysSheet(self.shop, *self.days(self.found), self.found.today), take)

    def action_wallet(self) -> None:
        """F6: the next wallet."""
        self.chosen = (self.chosen + 1) % len(self.wallets)
        self.at = 0
        self.look()


class UsesScreen(DocumentList[CardUse]):
    """What one card paid, newest first; Enter opens a document."""

    SCOPE = "uses"
    TITLE_TEXT = msg("Uses of a card")

    def __init__(self, shop: Shop, wallet: int, card: CardHolder) -> None:
        super().__init__(shop)
        self.wallet, self.card = wallet, card

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Booked at")), 16), Column(say(msg("Store"))), Column(say(msg("Kind")), 10),
             Column(say(msg("Receipt")), 15), Column(say(msg("Pass")), 12),
             Column(say(msg("Amount")), 12, "right")],
            id="uses",
            empty=say(msg("This card was not used yet.")),
        )  # fmt: skip

    def begin(self) -> None:
        """The newest page."""
        self.aside(f"{self.card.number} {self.card.holder}")
        super().begin()

    def reading(self, after: tuple[UUID, int] | None) -> Callable[[], Sequence[CardUse]]:
        """The uses behind one."""
        book, wallet, card = self.shop.card_book, self.wallet, self.card.card
        return lambda: book.card_uses(wallet, card, after=after, most=ASKED)

    def place_of(self, row: CardUse) -> tuple[UUID, int]:
        """A document may use a card twice."""
        return row.document, row.n

    def cells_of(self, row: CardUse) -> tuple[str, ...]:
        """Value as money, passes as uses."""
        say = self.say
        told = say.figure(row.amount) if row.what == "value" else str(row.amount)
        return (say.moment(row.at), row.store, say.kind(row.kind), row.receipt, row.passes, told)
