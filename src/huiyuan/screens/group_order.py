"""One group-buy order: who takes part, which tier stands, how many are missing to the next; joined, left,
closed or called off.

Always true: whoever leaves takes nothing from the others; closing gives each piece that stands its coupon in
one document, once, at however many counters; after that a coupon is a coupon like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.group_order import PIECE_MILLI, GroupOrder, GroupPlace, read_pieces
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.group_orders import closing_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, ask_reason
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.group_orders import series_text, state_text, tier_text
from huiyuan.screens.member_coupons import MemberCouponsScreen
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.paper import put_slip, slip_of
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Facts, Prose
from huiyuan.screens.widgets.rows import Column, RowList

CHANGES: Final = frozenset({"join", "leave", "close", "call_off"})


@dataclass
class OrderRead(Message):
    """As it stands now, and what is to be said about it."""

    order: GroupOrder
    told: str = ""


class GroupOrderScreen(PostingScreen[None], WindowScreen[None]):
    """Facts, tiers, places."""

    SCOPE = "group_order"
    TITLE_TEXT = msg("Group order")

    DEFAULT_CSS = """
    GroupOrderScreen #standing { color: $text-accent; margin-bottom: 1; }
    """

    def __init__(self, shop: Shop, order: GroupOrder) -> None:
        super().__init__(shop)
        self.order = order
        self.rows: Sequence[GroupPlace] = ()

    def body(self) -> ComposeResult:
        """What it is about, how it stands, who takes part."""
        say = self.say
        yield Facts(id="facts", label_width=18)
        yield Prose("", id="standing")
        yield RowList(
            [Column("#", 3, "right"), Column(say(msg("Member")), 10), Column(say(msg("Name"))),
             Column(say(msg("Quantity")), 8, "right"), Column(say(msg("Joined (group order)")), 16),
             Column(say(msg("State")), 22)],
            id="places",
            empty=say(msg("Nobody takes part yet. F2 adds a member.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """With its places."""
        self.query_one(RowList).focus()
        self.show_order()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        self.change(lambda: self.shop.groups.order(self.order.id), subject="group_order")

    def change(self, work: Callable[[], GroupOrder], told: str = "", *, subject: str = WRITE) -> None:
        """Do it and show the order as it is then."""
        ask(self, work, then=lambda order: OrderRead(order, told), subject=subject)

    @on(OrderRead)
    def take_order(self, message: OrderRead) -> None:
        """As it stands now."""
        self.order = message.order
        self.show_order()
        if message.told:
            self.tell(message.told, "good")

    def show_order(self) -> None:
        """Facts, tiers, the page of places."""
        self.aside(state_text(self.say, self.order))
        self.query_one("#facts", Facts).show(self.facts())
        self.query_one("#standing", Prose).show(self.standing())
        self.show_page(self.at)

    def show_page(self, at: int) -> None:
        """Those that stand first."""
        say, places = self.say, self.order.places
        self.rows, mark = self.window(at, places)
        first = self.starts[self.at] or 0
        self.query_one(RowList).show_rows(
            [
                (str(n), each.number, each.name, str(each.pieces), say.moment(each.joined_at),
                 self.place_text(each))
                for n, each in enumerate(self.rows, start=first + 1)
            ],
            mark=mark,
        )  # fmt: skip
        self.refresh_bindings()

    def place_text(self, place: GroupPlace) -> str:
        """What is to be known about it."""
        say = self.say
        if place.left_at is not None:
            return say(msg("left {moment}"), moment=say.moment(place.left_at))
        if self.order.state != "open":
            return say(msg("has coupons")) if self.order.state == "closed" else ""
        return say(msg("no member any more")) if place.gone else say(msg("takes part"))

    def facts(self) -> list[tuple[str, str]]:
        """What it is about, and how it ended."""
        say, order = self.say, self.order
        rows = [
            (say(msg("Goods")), f"{order.name}  {order.code}"),
            (say(msg("Organiser")), order.organiser),
            (say(msg("Ends (group order)")), say.moment(order.closes_at)),
            (say(msg("Tiers (group order)")), "  ".join(tier_text(say, each) for each in order.tiers)),
        ]
        if order.note:
            rows.append((say(msg("Note")), order.note))
        if order.ended_at is not None:
            text = msg("{moment} by {name}  {why}")
            why = order.reason or order.receipt
            ended = say(text, moment=say.moment(order.ended_at), name=order.ended_by, why=why)
            rows.append((state_text(say, order), ended))
        return rows

    def standing(self) -> str:
        """The tier that stands, and how many are missing to the next."""
        say, order = self.say, self.order
        tier, following = order.tier, order.next_tier
        text = say(msg("Members {count}, pieces {pieces}."), pieces=order.pieces, count=order.members)
        if tier is not None:
            text += " " + say(msg("Each piece {off}."), off=series_text(say, tier.series))
        if following is not None and order.state == "open":
            missing = (following.from_milli - order.qty_milli) // PIECE_MILLI
            off = series_text(say, following.series)
            text += " " + say(msg("{missing} more: {off} each."), missing=missing, off=off)
        return text

    @property
    def marked(self) -> GroupPlace | None:
        """The place under the mark."""
        index = self.query_one(RowList).marked if self.rows else None
        return None if index is None or index >= len(self.rows) else self.rows[index]

    def applies(self, action: str) -> bool:
        """What ended is only read; nobody joins late, and only who takes part can leave."""
        if action in CHANGES:
            place = self.marked
            fits = {
                "join": not self.order.over,
                "leave": place is not None and place.left_at is None,
                "close": self.order.tier is not None,
            }
            return self.order.state == "open" and not self.held and fits.get(action, True)
        return super().applies(action)

    @on(RowList.Marked)
    def other_place(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

    @on(RowList.Chosen)
    def show_coupons(self, message: RowList.Chosen) -> None:
        """Enter: after closing, who steps back has the coupons voided there; the others' stand."""
        message.stop()
        place = self.marked
        if place is not None:
            self.app.push_screen(MemberCouponsScreen(self.shop, place.member, place.name))

    # Joining and leaving

    def action_join(self) -> None:
        """F2: who, then how many."""

        def chosen(member: FoundMember | None) -> None:
            if member is not None:
                self.ask_pieces(member)

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Who takes part?"))), chosen)

    def ask_pieces(self, member: FoundMember) -> None:
        """As many as a sale takes coupons for."""
        say, groups, order = self.say, self.shop.groups, self.order
        most, place = order.most_milli // PIECE_MILLI, self.shop.ids.new()

        def typed(milli: int | None) -> None:
            if milli is not None:
                told = say(msg("{name} takes part with {pieces}."), name=member.name,
                           pieces=milli // PIECE_MILLI)  # fmt: skip
                self.change(lambda: groups.join(order.id, place, member.id, milli), told)

        entry: Entry[int] = Entry(
            self.shop, member.name, label=say(msg("Quantity")), value="1",
            read=lambda text: read_pieces(text, most),
            about=say(msg("Between 1 and {most} pieces."), most=most),
        )  # fmt: skip
        self.app.push_screen(entry, typed)

    def action_leave(self) -> None:
        """F4: asked once; nobody else is touched."""
        place, groups, order = self.marked, self.shop.groups, self.order
        if place is None:
            return
        say = self.say
        told = say(msg("{name} takes part no longer. All others stay."), name=place.name)

        def sure(yes: bool | None) -> None:
            if yes:
                self.change(lambda: groups.leave(order.id, place.id), told)

        question = say(msg("{name}, {pieces} pieces: withdraw?"), name=place.name, pieces=place.pieces)
        self.app.push_screen(Confirm(self.shop, say(msg("Withdraw (group order)")), question), sure)

    # Ending

    def action_close(self) -> None:
        """F3: what everybody gets, asked once, then one document."""
        say, order, tier = self.say, self.order, self.order.tier
        if tier is None:
            return
        question = say(
            msg("Pieces {pieces}, {off} each; members who get coupons: {count}. Nobody joins after that."),
            pieces=order.pieces, off=series_text(say, tier.series), count=order.members,
        )  # fmt: skip
        self.app.push_screen(Confirm(self.shop, say(msg("Close the order")), question), self.close_if_sure)

    def close_if_sure(self, sure: bool | None) -> None:
        """The codes come of the document's id, so a second try gives out the same ones."""
        if not sure:
            return
        shop, id = self.shop, self.shop.ids.new()

        def code_of(n: int) -> tuple[str, str]:
            code = shop.reads.coupon_code(id, n)
            return shop.reads.coupon_token(code), code[-4:]

        try:
            document = closing_document(
                self.order, id=id, number=shop.door.next_number(), at=shop.clock.now(),
                session=shop.person.session, code_of=code_of,
                reason=self.say(msg("Group order of {code}"), code=self.order.code),
            )  # fmt: skip
        except Refused as wrong:
            self.tell(sentence(self.say, wrong), "error")
            return
        self.submit(document)

    def posted(self, document: Document, posted: Posted) -> None:
        """Every sale lists them for their members; the shop's own slip lists them by their last four."""
        series = [
            Series(each.series.rule, each.series.version or 0, each.series.name, each.series.face_minor)
            for each in self.order.tiers
        ]
        put_slip(self, self.shop, slip_of(self.shop, document, posted, rules=series), job=document.id)
        members = len({row.holder for row in document.coupons})
        told = self.say(
            msg("Closed. {members} members have {count} coupons; a sale to them lists theirs (^Y u)."),
            members=members, count=len(document.coupons),
        )  # fmt: skip
        order, groups = self.order.id, self.shop.groups
        self.change(lambda: groups.order(order), told, subject="group_order")

    @on(messages.Refused)
    def read_after_no(self, message: messages.Refused) -> None:
        """Somebody was faster: the order as it is now stands below the sentence."""
        if message.error.code == "group_refused":
            self.action_refresh()

    def action_call_off(self) -> None:
        """F8: with a reason."""
        say, groups, order = self.say, self.shop.groups, self.order
        told = say(msg("Called off. Nobody gets a coupon; tell those who took part."))

        def call_off(reason: str) -> None:
            self.change(lambda: groups.call_off(order.id, reason), told)

        ask_reason(self, say(msg("Call off")), call_off, aside=order.name)
