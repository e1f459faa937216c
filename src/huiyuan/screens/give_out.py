"""Codes of a series are given out by hand: to a member, whose till lists them, or on paper to whoever brings
them.

Always true: a code is made of the document that gives it out, so its paper can be printed again and again and
is always the same code; the screen and the server know its last four characters only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.receipt import Receipt, as_copy
from huiyuan.domain.usecases.coupons import coupon_document
from huiyuan.screens.coupon_paper import coupon_slips
from huiyuan.screens.dialogs.entry import read_reason
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.paper import put_slip, slip_of
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

PIECES_MOST: Final = 50


def read_pieces(text: str) -> int:
    """1 to 50. Raises Refused `out_of_range` (most, in thousandths)."""
    number = int(text) if text.strip().isascii() and text.strip().isdecimal() and len(text) < 4 else 0
    if not 1 <= number <= PIECES_MOST:
        raise Refused("out_of_range", {"most": PIECES_MOST * 1000})
    return number


class GiveOutScreen(PostingScreen[None]):
    """How many, why, to whom; then what was given out."""

    SCOPE = "give_out"
    TITLE_TEXT = msg("Give out coupons")

    def __init__(self, shop: Shop, series: Series) -> None:
        super().__init__(shop)
        self.series = series
        self.holder: FoundMember | None = None
        self.given: tuple[Document, Posted] | None = None

    def body(self) -> ComposeResult:
        """Two fields, whose they will be, and the codes that are out."""
        say = self.say
        yield Field(say(msg("Pieces")), id="pieces", value="1", numeric=True)
        yield Field(say(msg("Reason")), id="reason")
        yield Prose("", id="whose")
        columns = [
            Column("", 4, "right"),
            Column(say(msg("Code"))),
            Column(say(msg("Value")), 14, "right"),
        ]
        yield RowList(columns, id="codes", empty=say(msg("Nothing is given out yet.")))

    def on_mount(self) -> None:
        """How many first."""
        self.aside(self.series.name)
        self.show_whose()
        self.query_one("#pieces", Input).focus()

    def show_whose(self) -> None:
        """Paper, or a member."""
        say, holder = self.say, self.holder
        text = say(msg("On paper, for whoever brings them. F7: for a member."))
        if holder is not None:
            text = say(msg("For {name} alone; the sale lists them. F7: for another."), name=holder.name)
        self.query_one("#whose", Prose).show(text)

    def applies(self, action: str) -> bool:
        """A copy of paper that is out; a member before."""
        if action == "copy":
            return self.given is not None and not self.held
        if action in {"give", "member"}:
            return not self.held
        return super().applies(action)

    def action_member(self) -> None:
        """F7."""

        def chosen(member: FoundMember | None) -> None:
            self.holder = member
            self.show_whose()

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("For whom?"))), chosen)

    @on(Input.Submitted)
    def following(self, event: Input.Submitted) -> None:
        """To the reason; from there it is done."""
        event.stop()
        if event.input.id == "pieces":
            self.query_one("#reason", Input).focus()
        else:
            self.action_give()

    def action_give(self) -> None:
        """F2: one document, however many codes."""
        try:
            count = read_pieces(self.query_one("#pieces", Input).value)
            reason = read_reason(self.query_one("#reason", Input).value)
        except Refused as refused:
            self.query_one("#pieces" if refused.code == "out_of_range" else "#reason", Input).focus()
            self.tell(sentence(self.say, refused), "error")
            return
        shop, series, id = self.shop, self.series, self.shop.ids.new()
        holder = self.holder.id if self.holder is not None else None
        codes = [shop.reads.coupon_code(id, n) for n in range(1, count + 1)]
        rows = tuple(
            CouponRow(shop.reads.coupon_token(code), code[-4:], series.rule, series.version, holder)
            for code in codes
        )
        self.submit(
            coupon_document(
                stamp_of(shop, id),
                Kind.COUPON_ISSUE,
                rows,
                reason=reason,
                face_minor=series.face_minor * count,
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """The shop's slip lists them, and each code has a paper of its own."""
        say = self.say
        self.given = (document, posted)
        rows = [
            (str(n), f"CP-....-....-{row.last}", say.figure(self.series.face_minor))
            for n, row in enumerate(document.coupons, start=1)
        ]
        self.query_one("#codes", RowList).show_rows(rows, mark=0)
        self.query_one("#reason", Input).value = ""
        self.put(copy=False)
        if self.holder is not None:
            self.tell(say(msg("Given to {name}: {count}."), name=self.holder.name, count=len(rows)), "good")
        else:
            self.tell(say(msg("Given out: {count}. Each has its paper; F5 prints them again as copies."),
                          count=len(rows)), "good")  # fmt: skip
        self.refresh_bindings()

    def put(self, *, copy: bool) -> None:
        """The coupons, then the shop's own slip that lists them."""
        if self.given is None:
            return
        shop, (document, posted), series = self.shop, self.given, (self.series,)
        holder = self.holder.name if self.holder is not None else None
        slip = slip_of(shop, document, posted, holder=holder, rules=series)

        def papers() -> Sequence[tuple[UUID, Receipt]]:
            return coupon_slips(shop, document, posted, series, copy=copy)

        if copy:
            put_slip(self, shop, as_copy(slip), papers=papers)
        else:
            put_slip(self, shop, slip, job=document.id, papers=papers)

    def action_copy(self) -> None:
        """F5: the same codes, marked as copies."""
        if self.given is not None:
            self.put(copy=True)
            self.tell(
                self.say(msg("Printed again, marked as copies. A code is used once, whatever it is on."))
            )
