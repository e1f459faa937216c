"""A member's coupons: what is open, used, void or expired; give one out, void one.

Always true: a coupon that is given to a member needs no code on paper: the sale lists it for that one only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import POSSIBLE, Coupon, Series, code_from
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.coupons import coupon_document
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import ask_reason
from huiyuan.screens.paper import put_slip, slip_of
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.rows import Column, RowList

STATES: Final[Mapping[str, str]] = {
    "open": msg("not used yet"),
    "used": msg("used"),
    "void": msg("void"),
    "expired": msg("expired"),
}
CHOICES_MOST: Final = 9


@dataclass
class OwnCoupons(Message):
    """What was read."""

    coupons: Sequence[Coupon]


@dataclass
class SeriesRead(Message):
    """What can be given out here."""

    series: Sequence[Series]


class MemberCouponsScreen(PostingScreen[None]):
    """Open ones first."""

    SCOPE = "member_coupons"
    TITLE_TEXT = msg("Coupons")

    def __init__(self, shop: Shop, member: int, name: str) -> None:
        super().__init__(shop)
        self.member, self.name_shown = member, name
        self.coupons: Sequence[Coupon] = ()
        self.given: Sequence[Series] = ()

    def body(self) -> ComposeResult:
        """A row each."""
        say = self.say
        yield RowList(
            [Column(say(msg("Coupon"))), Column(say(msg("Code")), 6), Column(say(msg("State")), 12),
             Column(say(msg("Expires")), 12)],
            id="coupons",
            empty=say(msg("This member has no coupons.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read them."""
        self.aside(self.name_shown)
        self.query_one("#coupons", RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        reads, member = self.shop.reads, self.member
        ask(self, lambda: reads.member_coupons(member), then=OwnCoupons, subject="coupons")

    @on(OwnCoupons)
    def show_coupons(self, message: OwnCoupons) -> None:
        """As the server has them now."""
        say, self.coupons = self.say, message.coupons
        self.query_one("#coupons", RowList).show_rows(
            [
                (each.name, each.last, say(STATES[each.state]), say.last_day(each.expires_at))
                for each in self.coupons
            ]
        )
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Only an open one is voided."""
        if action == "void":
            marked = self.query_one("#coupons", RowList).marked if self.coupons else None
            return marked is not None and self.coupons[marked].state == "open" and not self.held
        return super().applies(action)

    def action_give(self) -> None:
        """F2."""
        ask(self, self.shop.reads.coupon_series, then=SeriesRead, subject="series")

    @on(SeriesRead)
    def choose_series(self, message: SeriesRead) -> None:
        """Which one, then why."""
        series = message.series[:CHOICES_MOST]
        if not series:
            self.tell(self.say(msg("No series of coupons can be given out here now.")), "warn")
            return

        def chosen(index: int | None) -> None:
            if index is not None:
                self.ask_why(self.say(msg("Give out")), series[index].name, Kind.COUPON_ISSUE, series[index])

        names = [each.name for each in series]
        self.app.push_screen(Choice(self.shop, self.say(msg("Give out")), names), chosen)

    def action_void(self) -> None:
        """F4."""
        marked = self.query_one("#coupons", RowList).marked
        if marked is not None:
            coupon = self.coupons[marked]
            self.ask_why(self.say(msg("Void")), f"{coupon.name} {coupon.last}", Kind.COUPON_VOID, coupon)

    def ask_why(self, title: str, aside: str, kind: Kind, about: Series | Coupon) -> None:
        """The reason stays on record."""
        ask_reason(self, title, partial(self.post, kind, about), aside=aside)

    def post(self, kind: Kind, about: Series | Coupon, reason: str) -> None:
        """One document."""
        shop, total = self.shop, 0
        self.given = (about,) if isinstance(about, Series) else ()
        if isinstance(about, Series):
            code = code_from(shop.ids.new().int % POSSIBLE)
            token, total = shop.reads.coupon_token(code), about.face_minor
            row = CouponRow(token, code[-4:], about.rule, about.version, self.member)
        else:
            row = CouponRow(about.token)
        self.submit(coupon_document(stamp_of(shop), kind, [row], reason=reason, face_minor=total))

    def posted(self, document: Document, posted: Posted) -> None:
        """Its slip, and what there is now."""
        slip = slip_of(self.shop, document, posted, holder=self.name_shown, rules=self.given)
        put_slip(self, self.shop, slip, job=document.id)
        given = document.kind is Kind.COUPON_ISSUE
        self.tell(self.say(msg("The coupon is given out.") if given else msg("The coupon is void.")), "good")
        self.action_refresh()
