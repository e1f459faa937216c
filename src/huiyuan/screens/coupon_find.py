"""A code is found: by itself, as it is printed or scanned, or by its last four characters where the paper is
lost. It is passed on to a member or voided.

Always true: what this screen knows of a code (`mark`) finds it and pays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import CouponRecord, read_code, read_last
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.coupons import coupon_document
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import ask_reason
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.member_coupons import STATES
from huiyuan.screens.paper import put_slip, slip_of
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.rows import Column, RowList

ROWS_SHOWN: Final = 9


@dataclass
class CouponsFound(Message):
    """What has this code, or these last four."""

    found: Sequence[CouponRecord]


class CouponFindScreen(PostingScreen[None]):
    """A box, the codes, and what became of the marked one."""

    SCOPE = "coupon_find"
    TITLE_TEXT = msg("Find a coupon")

    DEFAULT_CSS = """
    CouponFindScreen #found { height: 10; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.found: Sequence[CouponRecord] = ()
        self.asked_for = ""

    def body(self) -> ComposeResult:
        """Box, rows, facts."""
        say = self.say
        yield Field(say(msg("Code")), id="code")
        yield RowList(
            [Column(say(msg("Coupon"))), Column(say(msg("Code")), 6), Column(say(msg("State")), 12),
             Column(say(msg("Expires")), 11), Column(say(msg("Of")), 14)],
            id="found", empty=say(msg("Scan the code, type it, or its last four characters.")),
        )  # fmt: skip
        yield Pairs(id="facts")

    def on_mount(self) -> None:
        """The rows are marked by the arrows while the box has the keys."""
        self.query_one("#found", RowList).can_focus = False
        self.query_one("#code", Input).focus()

    def code_scanned(self, text: str) -> bool:
        """As if it had been typed."""
        if self.held or read_code(text) is None:
            return False
        self.look(text)
        return True

    @on(Input.Submitted, "#code")
    def take(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        if not self.held:
            self.look(event.value)

    def look(self, text: str) -> None:
        """One question; neither a code nor four characters of one is said."""
        code, last, reads = read_code(text), read_last(text), self.shop.reads
        if code is None and last is None:
            self.tell(self.say(msg("That is neither a coupon's code nor its last four characters.")), "error")
            return
        self.asked_for = text
        self.query_one("#code", Input).value = ""
        ask(
            self,
            lambda: (reads.coupon_record(code),) if code is not None else reads.find_coupons(last or ""),
            then=CouponsFound,
            subject="coupon",
        )

    @on(CouponsFound)
    def show_found(self, message: CouponsFound) -> None:
        """Newest first."""
        say, self.found = self.say, message.found
        self.query_one("#found", RowList).show_rows(
            [
                (each.coupon.name, each.coupon.last, say(STATES[each.coupon.state]),
                 say.last_day(each.coupon.expires_at), each.holder_name or say(msg("whoever brings it")))
                for each in self.found
            ],
            mark=0,
        )  # fmt: skip
        if self.found:
            self.untell()
        else:
            self.tell(say(msg("Nobody gave out a coupon that ends so.")), "warn")
        self.show_facts()

    def marked(self) -> CouponRecord | None:
        """The code under the mark."""
        index = self.query_one("#found", RowList).marked if self.found else None
        return None if index is None else self.found[index]

    @on(RowList.Marked)
    def show_facts(self) -> None:
        """When it was given out, and what became of it."""
        say, each = self.say, self.marked()
        rows: list[tuple[str, str]] = []
        if each is not None:
            rows.append((say(msg("Given out")), say.moment(each.issued_at)))
            if each.used_at is not None:
                used = f"{say.moment(each.used_at)} {each.used_store} {each.used_receipt}"
                rows.append((say(msg("Used")), used))
            if each.voided_at is not None:
                rows.append((say(msg("Voided")), say.moment(each.voided_at)))
        self.query_one("#facts", Pairs).show(rows)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Only an open one moves."""
        if action in {"pass_on", "void"}:
            each = self.marked()
            return each is not None and each.coupon.state == "open" and not self.held
        return super().applies(action)

    def action_up(self) -> None:
        """The box keeps the focus."""
        self.query_one("#found", RowList).move(-1)

    def action_down(self) -> None:
        """As up."""
        self.query_one("#found", RowList).move(1)

    def action_pass_on(self) -> None:
        """F3: to a member, after a reason."""
        each = self.marked()
        if each is None:
            return

        def chosen(member: FoundMember | None) -> None:
            if member is not None:
                self.ask_why(
                    self.say(msg("Pass on to {name}"), name=member.name), Kind.COUPON_TRANSFER, each, member
                )

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("For whom?"))), chosen)

    def action_void(self) -> None:
        """F4: after a reason."""
        each = self.marked()
        if each is not None:
            self.ask_why(self.say(msg("Void")), Kind.COUPON_VOID, each, None)

    def ask_why(self, title: str, kind: Kind, each: CouponRecord, member: FoundMember | None) -> None:
        """The reason stays on record."""

        def post(reason: str) -> None:
            row = CouponRow(each.coupon.mark, holder=member.id if member is not None else None)
            self.submit(coupon_document(stamp_of(self.shop), kind, [row], reason=reason))

        ask_reason(self, title, post, aside=f"{each.coupon.name} {each.coupon.last}")

    def posted(self, document: Document, posted: Posted) -> None:
        """Its slip, and the code as it is now."""
        put_slip(self, self.shop, slip_of(self.shop, document, posted), job=document.id)
        void = document.kind is Kind.COUPON_VOID
        self.tell(self.say(msg("The coupon is void.") if void else msg("The coupon is passed on.")), "good")
        self.look(self.asked_for)
