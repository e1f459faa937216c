"""Two members become one: who stays is the page this was opened from; the other one is found and shown first.

Always true: what goes where is shown before anybody signs, and a second person always does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.members import MemberPage
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.moving import merge_document
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import ask_reason
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.life_words import MEMBER_STATES
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import BALANCES


@dataclass
class OtherRead(Message):
    """The member who goes."""

    page: MemberPage


class MergeScreen(PostingScreen[None]):
    """Both members beside each other.

    Args:
        stays: the member who stays.
    """

    SCOPE = "merge"
    TITLE_TEXT = msg("Merge members")

    DEFAULT_CSS = """
    MergeScreen Prose { padding: 1 1 0 1; }
    """

    def __init__(self, shop: Shop, stays: MemberPage) -> None:
        super().__init__(shop)
        self.stays = stays
        self.goes: MemberPage | None = None
        self.document_id = shop.ids.new()

    def body(self) -> ComposeResult:
        """What happens, and both in columns."""
        say = self.say
        yield Prose(
            say(msg("Cards, value, points, coupons and history of the member who goes belong to the one who"
                    " stays; the number of the one who goes is kept and leads here.")))  # fmt: skip
        yield RowList(
            [Column(""), Column(say(msg("Stays")), 28, "right"), Column(say(msg("Goes")), 28, "right")],
            id="both",
        )

    def on_mount(self) -> None:
        """Who goes?"""
        self.query_one(RowList).focus()
        self.show_both()
        self.call_after_refresh(self.action_find)

    def action_find(self) -> None:
        """F7."""
        if self.held:
            return
        book = self.shop.members

        def chosen(found: FoundMember | None) -> None:
            if found is not None:
                ask(self, lambda: book.page(found.id), then=OtherRead, subject="other")

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Who goes?"))), chosen)

    @on(OtherRead)
    def take_other(self, message: OtherRead) -> None:
        """Another member is another document."""
        self.goes, self.document_id = message.page, self.shop.ids.new()
        self.show_both()

    def show_both(self) -> None:
        """Number, name, how the membership stands, tier, phone, cards, accounts."""
        say, pages = self.say, (self.stays, self.goes)

        def row(label: str, *cells: str) -> tuple[str, ...]:
            return (label, *cells, *[""] * (2 - len(cells)))

        present = [page for page in pages if page is not None]
        rows = [
            row(say(msg("Member no.")), *(page.number for page in present)),
            row(say(msg("Name")), *(page.name for page in present)),
            row(say(msg("Membership")), *(say.word(MEMBER_STATES, page.state) for page in present)),
            row(say(msg("Tier")), *(page.tier.name for page in present)),
            row(say(msg("Phone")), *(page.phone or "-" for page in present)),
            row(
                say(msg("Card")), *(", ".join(card.number for card in page.cards) or "-" for page in present)
            ),
        ]
        for kind in ("principal", "bonus", "points"):
            sums = [sum(a.balance for a in page.accounts if a.kind == kind) for page in present]
            rows.append(row(say.word(BALANCES, kind), *(say.amount(kind, each) for each in sums)))
        self.query_one(RowList).show_rows(rows)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """With both of them."""
        if action == "post":
            return not self.held and self.goes is not None
        return super().applies(action)

    def action_post(self) -> None:
        """F2: why; then a second person signs."""
        goes = self.goes
        if goes is None:
            return
        ask_reason(self, self.say(msg("Merge members")), partial(self.post, goes.id), aside=goes.name)

    def post(self, goes: int, reason: str) -> None:
        """Once."""
        shop = self.shop
        self.submit_made(
            lambda: merge_document(
                stamp_of(shop, self.document_id),
                goes=goes,
                stays=self.stays.id,
                reason=reason,
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it, then the member who stayed."""
        goes = self.goes.number if self.goes else ""
        slip = slip_of(self.shop, document, posted, merged=(self.stays.number, goes))
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), self.go_back)

    def go_back(self, _nothing: None) -> None:
        """To the member who stayed; nothing is answered, for a screen may not wait for its own end."""
        self.dismiss(None)
