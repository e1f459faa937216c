"""The card: what kind it is, how it stands, what it holds lot by lot, what moved, what can be done with it.

Always true: it shows the card whose number stands in the field; issuing, activating and topping up are the
screens that do it everywhere else, opened with this card.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.members import CardPage, CardType
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.card_life import last_day
from huiyuan.screens.credit_words import due_facts
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.presenting import ShowsCard
from huiyuan.screens.resting import ITS_CARD, rest_text
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import BALANCES

REGISTERED = msg("registered")
BEARER = msg("bearer")


class CardScreen(ShowsCard[CardPage]):
    """One card."""

    SCOPE = "card"
    TITLE_TEXT = msg("Card")
    LISTS = ("#lots", "#movements")

    DEFAULT_CSS = """
    CardScreen #facts { margin: 1 0; }
    CardScreen #lots { height: 1fr; max-height: 6; }
    """

    def body(self) -> ComposeResult:
        """Field, facts, lots, movements."""
        say = self.say
        yield self.card_field()
        yield Pairs(id="facts")
        yield RowList(
            [Column(say(msg("What is left of")), 16), Column(say(msg("Since")), 11),
             Column(say(msg("Store"))), Column(say(msg("Ends")), 11),
             Column(say(msg("Once")), 12, "right"), Column(say(msg("Left over")), 12, "right")],
            id="lots",
            empty=say(msg("It holds nothing.")),
        )  # fmt: skip
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("Store"))), Column(say(msg("Kind")), 14),
             Column(say(msg("Account")), 10), Column(say(msg("Moved")), 12, "right"),
             Column(say(msg("Balance")), 12, "right")],
            id="movements",
            empty=say(msg("Nothing moved here yet.")),
        )  # fmt: skip

    def cards_shown(self) -> tuple[int, ...]:
        """The card on the page."""
        return (self.page.card.id,) if self.page else ()

    def look(self, kind: str, text: str) -> CardPage:
        """See the port."""
        return self.shop.members.card(token_kind=kind, text=text)

    def number_of(self, page: CardPage) -> str:
        """Of the card."""
        return page.card.number

    def show_page(self, page: CardPage) -> None:
        """Type and state, holder, balances, lots, movements."""
        card, say = page.card, self.say
        self.aside(f"{card.member.name} {card.member.tier.name}" if card.member else say.state(card.state))
        self.query_one(Pairs).show(self.facts(page))
        self.query_one("#lots", RowList).show_rows(
            [
                (
                    say.word(BALANCES, lot.account), lot.at.isoformat(), lot.store,
                    say.last_day(lot.expires_at) if lot.expires_at else say(msg("never")),
                    say.amount(lot.account, lot.amount), say.amount(lot.account, lot.remaining),
                )
                for lot in page.lots
            ]
        )  # fmt: skip
        self.query_one("#movements", RowList).show_rows(
            [
                (
                    say.moment(each.at), each.store, say.kind(each.kind), say.word(BALANCES, account),
                    ("+" if each.delta > 0 else "") + say.amount(account, each.delta),
                    say.amount(account, each.balance),
                )
                for account, each in page.movements
            ]
        )  # fmt: skip
        if card.rest is not None:
            self.tell(rest_text(say, card.rest, ITS_CARD), "warn")
        self.refresh_bindings()

    def facts(self, page: CardPage) -> list[tuple[str, str]]:
        """Two facts a row."""
        say, card = self.say, page.card
        return [
            (
                say(msg("Card type")),
                f"{page.type.name} ({say(REGISTERED if page.type.registered else BEARER)})",
            ),
            (say(msg("State")), say.state(card.state)),
            (say(msg("Holder")), card.carrier or say(msg("bearer"))),
            (say(msg("PIN")), say(msg("set")) if card.pin_set else say(msg("not set"))),
            (say(msg("Stored value")), say.money(card.balances.stored_minor)),
            (say(msg("Bonus")), say.money(card.balances.bonus)),
            (say(msg("Points")), f"{card.balances.points:,}"),
            (say(msg("Holds at most")), say.money(page.type.balance_max_minor)),
            (say(msg("Valid to")), last_day(say, card.state, page.valid_to, page.months)),
            *(due_facts(say, page.due) if page.due else ()),
        ]

    def applies(self, action: str) -> bool:
        """What fits the card's state."""
        card = self.page.card if self.page else None
        if action in {"types", "passes"}:
            return True
        if action == "issue":
            return card is not None and card.state is CardState.BLANK and self.shop.shift is not None
        if action == "activate":
            return card is not None and card.state in {CardState.ISSUED, CardState.ACTIVE}
        if action == "top_up":
            return card is not None and card.state is CardState.ACTIVE and self.shop.shift is not None
        if action == "transfer":
            return card is not None and card.state is CardState.ACTIVE
        if action in {"period", "holders", "moment"}:
            return card is not None and card.wallet is not None
        if action == "settle":
            return card is not None and card.wallet is not None and self.shop.shift is not None
        if action == "holder":
            return card is not None and card.member is not None
        if action == "life":
            return card is not None and card.state not in {CardState.BLANK, CardState.VOID}
        return super().applies(action)

    def go(self, screen: Screen[None]) -> None:
        """Open what does it."""
        self.tell("")
        self.app.push_screen(screen)

    def action_issue(self) -> None:
        """F2."""
        from huiyuan.screens.card_issue import CardIssueScreen

        if self.page is not None:
            self.go(CardIssueScreen(self.shop, number=self.page.card.number))

    def action_top_up(self) -> None:
        """F3."""
        from huiyuan.screens.top_up import TopUpScreen

        if self.page is not None:
            self.go(TopUpScreen(self.shop, self.page.card.number))

    def action_activate(self) -> None:
        """F4: activation, and the PIN."""
        from huiyuan.screens.activation import ActivationScreen

        if self.page is not None:
            self.go(ActivationScreen(self.shop, self.page.card.number))

    def action_holder(self) -> None:
        """F7."""
        from huiyuan.screens.member import MemberScreen

        if self.page is not None and self.page.card.member is not None:
            self.go(MemberScreen(self.shop, self.page.card.member.id))

    def action_life(self) -> None:
        """F6: lost, replaced, renewed, cancelled."""
        from huiyuan.screens.card_life import CardLifeScreen

        if self.page is not None:
            self.go(CardLifeScreen(self.shop, self.page.card.number))

    def action_passes(self) -> None:
        """Uses left, one used, one sold."""
        from huiyuan.screens.passes import PassesScreen

        self.go(PassesScreen(self.shop, self.page.card.number if self.page else ""))

    def action_transfer(self) -> None:
        """To another card."""
        from huiyuan.screens.value_transfer import ValueTransferScreen

        if self.page is not None:
            self.go(ValueTransferScreen(self.shop, self.page.card.number))

    def action_settle(self) -> None:
        """What it holds goes back to its owner."""
        from huiyuan.screens.settlement import SettlementScreen

        if self.page is not None:
            self.go(SettlementScreen(self.shop, self.page.card.number))

    def action_period(self) -> None:
        """A statement of the card's wallet."""
        from huiyuan.screens.wallet_statement import WalletStatementScreen

        if self.page is not None and self.page.card.wallet is not None:
            self.go(WalletStatementScreen(self.shop, [self.page.card.wallet]))

    def action_moment(self) -> None:
        """How the card's wallet stood at a moment."""
        from huiyuan.screens.moment import ask_moment

        if self.page is not None and self.page.card.wallet is not None:
            ask_moment(self, [self.page.card.wallet])

    def action_holders(self) -> None:
        """Who else holds a card of this wallet, and what each may spend."""
        from huiyuan.screens.holders import HoldersScreen

        if self.page is not None and self.page.card.wallet is not None:
            self.go(HoldersScreen(self.shop, [self.page.card.wallet]))

    def action_types(self) -> None:
        """F8."""
        self.go(CardTypesScreen(self.shop, self.page.card.number if self.page else ""))


class CardTypesScreen(ShopScreen[None]):
    """The kinds of cards there are: rows, not code."""

    SCOPE = "types"
    TITLE_TEXT = msg("Card types")

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number
        """Of the card whose page it was opened from."""

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Code")), 14), Column(say(msg("Name (thing)"))), Column(say(msg("Kind")), 14),
             Column(say(msg("Holds at most")), 14, "right"), Column(say(msg("In stock")), 10, "right")],
            id="types",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read them."""
        self.query_one(RowList).focus()

    def on_screen_resume(self) -> None:
        """Types and blank cards may have come in between."""
        ask(self, self.shop.members.card_types, then=messages.TypesRead, subject="types")

    @on(messages.TypesRead)
    def show_types(self, message: messages.TypesRead) -> None:
        """Each with how many blank ones are left."""
        self.query_one(RowList).show_rows([self.row_of(each) for each in message.types])

    def action_cases(self) -> None:
        """F4."""
        from huiyuan.screens.cases import CasesScreen

        self.app.push_screen(CasesScreen(self.shop, self.number))

    def action_custody(self) -> None:
        """F3."""
        from huiyuan.screens.custody import CustodyScreen

        self.app.push_screen(CustodyScreen(self.shop))

    def action_rules(self) -> None:
        """F2."""
        from huiyuan.screens.card_rules import CardRulesScreen

        self.app.push_screen(CardRulesScreen(self.shop))

    def row_of(self, each: CardType) -> tuple[str, ...]:
        """One kind in columns."""
        say = self.say
        kind = say(REGISTERED if each.registered else BEARER)
        return (each.code, each.name, kind, say.money(each.balance_max_minor), f"{each.blank:,}")
