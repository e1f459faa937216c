"""The member page: everything about one member on one screen, from one question.

Always true: a note that pops up is read before anything else; what is personal is masked, and in full only
after a reason was typed; balances and purchases are the chain's, not the store's.
"""

from __future__ import annotations

from functools import partial

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import AttachedMember, Balances, CardState, Member, Rest
from huiyuan.domain.model.members import MemberAccount, MemberCard, MemberPage
from huiyuan.domain.model.person import NOTE_MAX, read_line
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry, ask_reason
from huiyuan.screens.dialogs.popped import PoppedNotes
from huiyuan.screens.life_words import MEMBER_STATES
from huiyuan.screens.member_facts import identity, purchases
from huiyuan.screens.shop import Shop
from huiyuan.screens.slip_wish import SlipWish
from huiyuan.screens.widgets.chrome import Notice
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import BALANCES

NOTES_SHOWN = 2
HOLDINGS_ROWS = 8
REVEALED_S = 20


class MemberScreen(SlipWish):
    """Identity, cards and balances, last purchases.

    Args:
        member: the member's id.
    """

    SCOPE = "member"
    TITLE_TEXT = msg("Member")

    DEFAULT_CSS = """
    MemberScreen #notes { color: $text-warning; height: auto; max-height: 2; }
    """

    def __init__(self, shop: Shop, member: int) -> None:
        super().__init__(shop)
        self.member = member
        self.page: MemberPage | None = None
        self.told = False

    def body(self) -> ComposeResult:
        """Notes, identity, what the member holds, what he bought."""
        say = self.say
        yield Prose("", id="notes")
        yield Pairs(id="identity")
        yield RowList(
            [Column(say(msg("Balances and cards"))), Column(say(msg("Card number")), 14),
             Column(say(msg("State")), 18), Column(say(msg("Balance")), 14, "right")],
            id="holdings",
            empty=say(msg("No card yet.")),
        )  # fmt: skip
        yield RowList(
            [Column(say(msg("Bought")), 16), Column(say(msg("Store")), 14), Column(say(msg("Goods"))),
             Column(say(msg("Total")), 12, "right")],
            id="purchases",
            empty=say(msg("Nothing bought yet.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read it."""
        self.query_one("#holdings", RowList).focus()
        self.action_refresh()

    def on_screen_resume(self) -> None:
        """A sale, a top-up or an edit may lie in between."""
        if self.page is not None:
            self.action_refresh()

    def cards_shown(self) -> tuple[int, ...]:
        """All cards of the member."""
        return tuple(card.id for card in self.page.cards) if self.page else ()

    def action_refresh(self) -> None:
        """F5."""
        book, member = self.shop.members, self.member
        ask(self, lambda: book.page(member), then=messages.MemberRead, subject="member")

    @on(messages.MemberRead)
    def show_page(self, message: messages.MemberRead) -> None:
        """Everything at once; a note that pops up lies over it the first time."""
        page = self.page = message.page
        state = "" if page.state == "active" else f"  {self.say.word(MEMBER_STATES, page.state)}"
        self.aside(f"{page.name}  {page.tier.name}  {page.number}{state}")
        notes = [f"{note.text} ({note.by})" for note in page.notes[:NOTES_SHOWN]]
        if len(page.notes) > NOTES_SHOWN:
            notes[-1] += self.say(msg(" and {count} more"), count=len(page.notes) - NOTES_SHOWN)
        self.query_one("#notes", Prose).show("\n".join(notes))
        self.query_one("#notes", Prose).display = bool(notes)
        today = self.shop.server_now().astimezone(self.say.zone).date()
        self.query_one(Pairs).show(identity(self.say, page, lunar=self.shop.lunar, today=today))
        holdings = self.holdings(page)
        self.query_one("#holdings", RowList).styles.height = min(max(2, len(holdings) + 1), HOLDINGS_ROWS)
        self.query_one("#holdings", RowList).show_rows(holdings)
        self.query_one("#purchases", RowList).show_rows(purchases(self.say, page))
        self.refresh_bindings()
        popping = [note for note in page.notes if note.pops_up]
        if popping and not self.told:
            self.app.push_screen(PoppedNotes(self.shop, page.name, popping))
        self.told = True

    def holdings(self, page: MemberPage) -> list[tuple[str, ...]]:
        """Accounts, of several wallets with a card that opens each; then cards."""
        say, accounts = self.say, self.accounts(page)
        several = len({each.wallet for each in accounts}) > 1
        opens = {card.wallet: card.number for card in reversed(page.cards)} if several else {}
        rows: list[tuple[str, ...]] = []
        rows += [
            (say.word(BALANCES, each.kind), opens.get(each.wallet, ""), "",
             say.amount(each.kind, each.balance))
            for each in accounts
        ]  # fmt: skip
        rows += [(card.type, card.number, say.state(card.state), "") for card in page.cards]
        return rows

    def accounts(self, page: MemberPage) -> list[MemberAccount]:
        """Accounts that are shown: a debt of points only while there is one, and nothing of a wallet that no
        card opens and that is empty, as those that were merged."""
        held = {each.wallet for each in page.accounts if each.balance} | {card.wallet for card in page.cards}
        return [
            each
            for each in page.accounts
            if (each.wallet in held or not held) and (each.balance or each.kind != "points_debt")
        ]

    # What may be done

    def applies(self, action: str) -> bool:
        """Selling and topping up need a shift, showing in full something that is sealed."""
        page = self.page
        if page is None:
            return action in {"refresh", "back", "help"}
        if action in {"sale", "top_up", "issue"}:
            if action == "sale" and self.attached() is None:
                return False
            return (
                self.shop.shift is not None
                and not page.archived
                and (action != "top_up" or self.card() is not None)
            )
        if action == "reveal":
            return bool(page.sealed())
        if action == "drop_note":
            return bool(page.notes)
        return super().applies(action)

    def card(self) -> MemberCard | None:
        """The marked card, or the first active one."""
        page = self.page
        if page is None:
            return None
        marked = (self.query_one("#holdings", RowList).marked or 0) - len(self.accounts(page))
        if 0 <= marked < len(page.cards) and page.cards[marked].state is CardState.ACTIVE:
            return page.cards[marked]
        return next((card for card in page.cards if card.state is CardState.ACTIVE), None)

    @on(RowList.Chosen, "#holdings")
    def open_holding(self, message: RowList.Chosen) -> None:
        """Enter: an account's movements, a card as it stands."""
        message.stop()
        page = self.page
        if page is None:
            return
        accounts = self.accounts(page)
        if message.index < len(accounts):
            from huiyuan.screens.statement import StatementScreen

            every = [*accounts, *(each for each in page.accounts if each not in accounts)]
            self.app.push_screen(StatementScreen(self.shop, page.name, every, first=message.index))
        else:
            from huiyuan.screens.card import CardScreen

            card = page.cards[message.index - len(accounts)]
            self.app.push_screen(CardScreen(self.shop, card.number))

    @on(RowList.Chosen, "#purchases")
    def open_purchases(self, message: RowList.Chosen) -> None:
        """Enter: all of them."""
        message.stop()
        if self.page is not None:
            from huiyuan.screens.statement import PurchasesScreen

            self.app.push_screen(PurchasesScreen(self.shop, self.page.id, self.page.name))

    def attached(self) -> AttachedMember | None:
        """The member as a sale takes one who shows no card; None without a wallet to earn on."""
        page, card = self.page, self.card()
        if page is None or card is None:
            return None
        held = Balances.of((each.kind, each.balance) for each in page.accounts if each.wallet == card.wallet)
        member = Member(page.id, page.number, page.name, page.tier)
        rest = None if page.state == "active" else Rest(page.name, page.state)
        return AttachedMember(member, card.wallet, held, rest)

    def action_sale(self) -> None:
        """F2: the tier's prices and points; stored value needs the card."""
        attached = self.attached()
        if attached is not None:
            from huiyuan.screens.sale import SaleScreen

            self.app.push_screen(SaleScreen(self.shop, attached))

    def action_top_up(self) -> None:
        """F3: the marked card, or the only one that can be."""
        card = self.card()
        if card is not None:
            from huiyuan.screens.top_up import TopUpScreen

            self.app.push_screen(TopUpScreen(self.shop, card.number))

    def action_issue(self) -> None:
        """F6: a blank card for this member."""
        page = self.page
        if page is not None:
            from huiyuan.screens.card_issue import CardIssueScreen

            self.app.push_screen(CardIssueScreen(self.shop, holder=(page.id, page.name)))

    def action_edit(self) -> None:
        """F4."""
        if self.page is not None:
            from huiyuan.screens.member_edit import MemberEditScreen

            self.app.push_screen(MemberEditScreen(self.shop, self.page), self.after_edit)

    def after_edit(self, member: int | None) -> None:
        """Somebody else, if the edit led to another member."""
        if member is not None and member != self.member:
            self.member, self.told = member, False

    def action_history(self) -> None:
        """F9."""
        if self.page is not None:
            from huiyuan.screens.history import HistoryScreen

            self.app.push_screen(HistoryScreen(self.shop, self.page.id, self.page.name))

    def action_coupons(self) -> None:
        """The member's own."""
        if self.page is not None:
            from huiyuan.screens.member_coupons import MemberCouponsScreen

            self.app.push_screen(MemberCouponsScreen(self.shop, self.page.id, self.page.name))

    def action_membership(self) -> None:
        """Frozen, cancelled, restored; applications."""
        if self.page is not None:
            from huiyuan.screens.member_life import MemberLifeScreen

            self.app.push_screen(MemberLifeScreen(self.shop, self.page.id))

    def action_moment(self) -> None:
        """How the member's wallets stood at a moment."""
        page = self.page
        if page is None or not page.accounts:
            return
        from huiyuan.screens.moment import ask_moment

        ask_moment(self, list(dict.fromkeys(each.wallet for each in page.accounts)))

    def action_period(self) -> None:
        """A statement of the member's wallets."""
        if self.page is not None and self.page.accounts:
            from huiyuan.screens.wallet_statement import WalletStatementScreen

            self.app.push_screen(WalletStatementScreen(self.shop, self.wallets()))

    def action_holders(self) -> None:
        """Who holds the cards of the member's wallets, and what each may spend."""
        if self.page is not None and self.page.accounts:
            from huiyuan.screens.holders import HoldersScreen

            self.app.push_screen(HoldersScreen(self.shop, self.wallets()))

    def wallets(self) -> list[int]:
        """In the order of the page."""
        return list(dict.fromkeys(each.wallet for each in self.page.accounts)) if self.page else []

    def action_merge(self) -> None:
        """Somebody else turns out to be this one."""
        if self.page is not None:
            from huiyuan.screens.merging import MergeScreen

            self.app.push_screen(MergeScreen(self.shop, self.page))

    def action_verify(self) -> None:
        """Ctrl-T."""
        from huiyuan.screens.history import VerifyScreen

        self.app.push_screen(VerifyScreen(self.shop))

    # Notes

    def action_note(self) -> None:
        """F7: one that stands on the page; with ! in front it pops up."""

        def read(text: str) -> str:
            return read_line(text, field="note", most=NOTE_MAX)

        about = self.say(
            msg("With ! in front it is shown at every sale to this member, and to whoever opens the page.")
        )
        entry: Entry[str] = Entry(
            self.shop, self.say(msg("New note")), label=self.say(msg("Remark")), read=read, about=about
        )
        self.app.push_screen(entry, self.keep_note)

    def keep_note(self, text: str | None) -> None:
        """One write."""
        book, member = self.shop.members, self.member
        if text is not None:
            line, pops_up = text.lstrip("!！").strip() or text, text.startswith(("!", "！"))
            ask(
                self,
                lambda: book.put_note(member, line, pops_up=pops_up),
                then=lambda _: messages.NoteKept(),
                subject=WRITE,
            )

    def action_drop_note(self) -> None:
        """Which one goes."""
        if self.page is not None:
            texts = [note.text for note in self.page.notes[:9]]
            self.app.push_screen(Choice(self.shop, self.say(msg("Remove a note")), texts), self.drop_note)

    def drop_note(self, index: int | None) -> None:
        """One write."""
        book = self.shop.members
        if index is not None and self.page is not None:
            note = self.page.notes[index].id
            ask(self, lambda: book.remove_note(note), then=lambda _: messages.NoteKept(), subject=WRITE)

    @on(messages.NoteKept)
    def read_again(self) -> None:
        """The page as it is now."""
        self.action_refresh()

    # In full

    def action_reveal(self) -> None:
        """F8: which field, then why."""
        if self.page is not None:
            words = [self.say.field(name) for name in self.page.sealed()]
            self.app.push_screen(Choice(self.shop, self.say(msg("Show in full")), words), self.ask_reason)

    def ask_reason(self, index: int | None) -> None:
        """It stays on record with the name of whoever asks."""
        if index is None or self.page is None:
            return
        say, name = self.say, self.page.sealed()[index]
        ask_reason(
            self,
            say(msg("Show in full")),
            partial(self.reveal, name),
            about=say(msg("The reason and your name stay on record.")),
            aside=say.field(name),
        )

    def reveal(self, name: str, reason: str) -> None:
        """One value, once."""
        book, member = self.shop.members, self.member
        ask(
            self,
            lambda: book.reveal(member, name, reason=reason),
            then=lambda value: messages.Revealed(name, value),
            subject=WRITE,
        )

    @on(messages.Revealed)
    def show_value(self, message: messages.Revealed) -> None:
        """On this screen until the next sentence takes its place, and not for long."""
        self.tell(f"{self.say.field(message.about)}: {message.value}", "warn")
        self.set_timer(REVEALED_S, self.hide_value)

    def hide_value(self) -> None:
        """Nobody leaves a number standing on a screen that customers see."""
        if self.query_one(Notice).severity == "warn":
            self.tell("")
