"""A shop in memory behind the ports of the domain: the fast double for pilot tests and pictures.

`FakeShop().shop(lang)` is what screens are given. Faults on demand: `door.silent` (an outcome stays unknown),
`line_down` (nothing is sent), `slow_ms` (an answer takes its time).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from huiyuan.config.i18n import translate
from huiyuan.devices.cards.no_reader import NoCardReader
from huiyuan.domain.model.approval import Proposed
from huiyuan.domain.model.card import AttachedMember, Balances, CardState, CardToken, Member, OpenedCard, Tier
from huiyuan.domain.model.cart import Served
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import OutcomeUnknown, Refused, Unreachable
from huiyuan.domain.model.identity import (
    EXACT_CASH,
    CashRule,
    Chain,
    DemoStaff,
    Hello,
    OpenShift,
    SlipText,
    Store,
    Terminal,
)  # fmt: skip
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.offline import OfflineCaps, Outage, outage_of, refuse_offline
from huiyuan.domain.model.passes import HeldPass
from huiyuan.domain.model.posted import Posted, PostedDocument, RecentDocument
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.shift import ClosedShift, KindTotal, ShiftReport, TenderTotal
from huiyuan.domain.ports import OnState
from huiyuan.repositories.lunar import TableCalendar
from huiyuan.screens.shop import Shop
from huiyuan.screens.wording import Wording
from tests.screens.fake_baskets import FakeBaskets, FakeRemovals
from tests.screens.fake_card_book import FakeCardBook
from tests.screens.fake_clock import Counting, Ticking
from tests.screens.fake_coupons import FakeCoupons
from tests.screens.fake_desk import FakeDesk
from tests.screens.fake_devices import FakeDevices, FakeDisplay, FakeScale
from tests.screens.fake_finder import FakeFinder
from tests.screens.fake_gateway import FakeCharges, FakeGateway
from tests.screens.fake_goods import FakeCatalogue
from tests.screens.fake_group_orders import FakeGroupOrders
from tests.screens.fake_invoices import FakeInvoices
from tests.screens.fake_law import FakeLaw
from tests.screens.fake_ledger import HOSTILE, NOON, FakeCard, FakeLedger
from tests.screens.fake_life import FakeCardDesk
from tests.screens.fake_members import FakeMembers
from tests.screens.fake_messages import FakeMessages, FakeOutbox
from tests.screens.fake_people import FakeApprovals, FakeSignIn, FakeStaffBook
from tests.screens.fake_printing import FakePrintJobs, PaperPile
from tests.screens.fake_promotions import FakePromotions
from tests.screens.fake_reports import FakeFiles, FakeReports
from tests.screens.fake_rules import standard_rules
from tests.screens.fake_settings import FakeSettings
from tests.screens.fake_value import FakeValueBook
from tests.screens.fake_value_books import FakeValueBooks
from tests.screens.pages import page

CARD_PIN = "135790"
GOLD = Tier(2, "gold", "金卡")


def _products(extra: Sequence[Product]) -> list[Product]:
    rows = [
        (1, "COLA", "可口可乐 330ml", 350), (2, "MILK", "纯牛奶 1L", 1290), (3, "RICE", "五常大米 5kg", 6980),
        (4, "TEA", "西湖龙井茶 250g", 16800), (5, "APPLE", "苹果", 1280), (6, "HOSTILE", HOSTILE, 100),
    ]  # fmt: skip
    known = [Product(i, code, name, "goods", "piece", "V13", 1300, price) for i, code, name, price in rows]
    known[4] = replace(known[4], sold_by="weight", base_unit="kg")
    wrap = Product(7, "WRAP", "礼品包装", "service", "piece", "V13", 1300, 0, open_price=True)
    nuts = Product(8, "NUTS", "每日坚果", "goods", "piece", "V13", 1300, 3000, lists=(("member", 2600),))
    return [*known, wrap, nuts, *extra]


def _cards() -> list[FakeCard]:
    li = Member(1, "M0001", "李娜", GOLD)
    bad = Member(2, "M0002", HOSTILE, GOLD)
    return [
        FakeCard(
            1,
            "88000001",
            CardState.ACTIVE,
            11,
            li,
            Balances(32000, 5000, 1230),
            CARD_PIN,
            passes=(
                HeldPass(6, "洗车十次", False, 7, NOON + timedelta(days=90), worth_minor=3000),
                HeldPass(7, HOSTILE, True, 1, NOON + timedelta(days=9), day_max=1),
            ),
        ),
        FakeCard(2, "88000002", CardState.FROZEN, 12, li, Balances(10000)),
        FakeCard(3, "88000003", CardState.BLANK),
        FakeCard(4, "88000004", CardState.ACTIVE, 14, bad, Balances(100)),
        FakeCard(5, "88000005", CardState.BLANK),
    ]


class FakeDoor:
    """Posts into the fake ledger; `silent` leaves an outcome unknown though the ledger may have taken it."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.silent = False
        self.unsent: dict[UUID, Document] = {}
        self.parked_documents: list[ParkedDocument] = []
        self.proposals: dict[UUID, Document] = {}
        self.posts = 0
        self.last_number = 0
        self.on_state: OnState = lambda _document, _state: None

    def post(self, document: Document) -> Posted:
        self.fake.travel()
        self.posts += 1
        self.last_number = max(self.last_number, document.number)
        if self.silent:
            self.on_state(document.id, "checking")
            self.unsent[document.id] = document
            self.fake.ledger.post(document, self.fake.clock.at)
            raise OutcomeUnknown(document.id)
        return self.fake.ledger.post(document, self.fake.clock.at)

    def keep_offline(self, document: Document, caps: OfflineCaps) -> None:
        before = [each for each in self.unsent.values() if each.offline_at is not None]
        refuse_offline(document, caps, before)
        self.last_number = max(self.last_number, document.number)
        self.unsent[document.id] = document

    def outage(self) -> Outage | None:
        return outage_of(list(self.unsent.values()))

    def settle(self, document: UUID) -> Posted:
        self.fake.travel()
        if self.silent:
            raise OutcomeUnknown(document)
        return self.fake.ledger.post(self.unsent.pop(document), self.fake.clock.at)

    def propose(self, document: Document) -> Proposed:
        self.fake.travel()
        self.proposals[document.id] = document
        return Proposed(document.id, "f" * 64)

    def withdraw(self, document: UUID) -> None:
        self.proposals.pop(document, None)

    def guess_pin(self, *, attempt: UUID, document: UUID, wallet: int, pin: str) -> None:
        self.fake.travel()
        assert document
        self.fake.ledger.guesses[attempt] = (wallet, pin)

    def watch(self, on_state: OnState) -> None:
        self.on_state = on_state

    def next_number(self) -> int:
        return self.last_number + 1

    def drain(self) -> Drained:
        self.fake.travel()
        waiting = list(self.unsent)
        if self.silent:
            return Drained(left=len(waiting))
        receipts = tuple(self.settle(each).receipt for each in waiting)
        return Drained(settled=len(waiting), receipts=receipts)

    def unsettled(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        return page(list(self.unsent.values()), lambda each: each.id, after, most)

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        return page(self.parked_documents, lambda each: each.document.id, after, most)

    def open_counts(self) -> tuple[int, int]:
        return len(self.unsent), len(self.parked_documents)

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        assert by
        assert note
        self.parked_documents = [each for each in self.parked_documents if each.document.id != document]


class FakeReads(FakeCoupons):
    """Questions to the fake ledger."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake

    def open_card(self, *, token_kind: str, text: str) -> OpenedCard:
        self.fake.travel()
        assert token_kind
        for card in self.fake.ledger.cards:
            if card.number == text:
                return card.opened()
        raise Refused("unknown_card", {"card": text})

    def note_card(self, readings: Sequence[tuple[str, str]]) -> tuple[CardToken, ...]:
        return tuple(CardToken(kind, text.encode().hex().ljust(64, "0")) for kind, text in readings)

    def sellers(self) -> Sequence[Served]:
        self.fake.travel()
        return (Served(1001, "1001", "王芳"), Served(1002, "1002", "李娜"), Served(2001, "2001", "陈经理"))

    def attach_member(self, member: int) -> AttachedMember:
        self.fake.travel()
        for card in sorted(self.fake.ledger.cards, key=lambda each: each.state != CardState.ACTIVE):
            opened = card.opened()
            if opened.member is not None and opened.wallet is not None and opened.member.id == member:
                return AttachedMember(opened.member, opened.wallet, opened.balances, opened.rest)
        raise Refused("no_wallet", {"name": str(member)})

    def find_product(self, code: str) -> Product:
        self.fake.travel()
        for product in self.fake.ledger.products.values():
            if product.code == code:
                return product
        raise Refused("unknown_product", {"product": code})

    def rules(self) -> Sequence[RuleVersion]:
        self.fake.travel()
        return self.fake.rules

    def document(self, document: UUID) -> PostedDocument:
        self.fake.travel()
        if document not in self.fake.ledger.entries:
            raise Refused("wrong_origin", {"of": str(document)})
        return self.fake.ledger.read_back(self.fake.ledger.entries[document])

    def find_document(self, receipt: str) -> PostedDocument:
        self.fake.travel()
        for entry in self.fake.ledger.entries.values():
            if entry.posted.receipt == receipt:
                return self.fake.ledger.read_back(entry)
        raise Refused("wrong_origin", {"of": receipt})

    def recent(self, most: int, *, after: UUID | None = None) -> Sequence[RecentDocument]:
        self.fake.travel()
        rows = [
            RecentDocument(e.document.id, e.document.kind, e.posted.receipt, e.posted.posted_at,
                           e.posted.total_minor, "王芳", e.reversed_by is not None)
            for e in reversed(self.fake.ledger.entries.values())
        ]  # fmt: skip
        ids = [row.id for row in rows]
        return rows[ids.index(after) + 1 if after in ids else 0 :][:most]

    def shift_report(self, shift: UUID) -> ShiftReport:
        self.fake.travel()
        ledger = self.fake.ledger
        found = ledger.shift or ledger.closed_shift
        if found is None or found.id != shift:
            raise Refused("shift_missing")
        kinds: dict[str, list[int]] = {}
        for entry in ledger.entries.values():
            kinds.setdefault(entry.document.kind, []).append(entry.posted.total_minor)
        closed = found is ledger.closed_shift
        return ShiftReport(
            denominations=ledger.denominations,
            closed_at=NOON if closed else None,
            counted_minor=ledger.counted_minor if closed else None,
            head="0" * 64 if closed else "",
            heads="0" * 64 if closed else "",
            shift=shift, number=found.number, opened_at=found.opened_at, opened_by="王芳",
            float_minor=ledger.float_minor, expected_minor=ledger.cash_minor,
            kinds=tuple(KindTotal(kind, len(each), sum(each)) for kind, each in kinds.items()),
            tenders=(TenderTotal("cash", 1, ledger.cash_minor - ledger.float_minor),),
            documents=len(ledger.entries),
        )  # fmt: skip

    def shift_print(self, shift: UUID) -> ShiftReport:
        report = self.shift_report(shift)
        self.fake.prints[shift] = self.fake.prints.get(shift, 0) + 1
        return replace(report, print=self.fake.prints[shift])

    def shifts(
        self, *, number: int | None, on_day: date | None, most: int, after: UUID | None = None
    ) -> Sequence[ClosedShift]:
        self.fake.travel()
        closed = self.fake.ledger.closed_shift
        if (
            closed is None
            or after is not None
            or number not in {None, closed.number}
            or on_day not in {None, NOON.date()}
            or not most
        ):
            return ()
        return (
            ClosedShift(closed.id, closed.number, "S01-1", closed.opened_at, NOON, "王芳",
                        self.fake.ledger.counted_minor, 0, self.fake.prints.get(closed.id, 0)),
        )  # fmt: skip


@dataclass
class FakeShop:
    """Everything behind one counter."""

    demo: bool = True
    pin_floor_minor: int = 10000
    products: Sequence[Product] = ()
    line_down: bool = False
    slow_ms: int = 0
    goods_here: bool = True
    cash_rule: CashRule = EXACT_CASH
    tenders: tuple[str, ...] = ()
    tender_names: tuple[tuple[str, str], ...] = ()
    rules: list[RuleVersion] = field(default_factory=list)
    coupons: list[Coupon] = field(default_factory=list)
    prints: dict[UUID, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Ticking()
        self.ids = Counting()
        self.ledger = FakeLedger(
            products=_products(self.products), cards=_cards(), pin_floor_minor=self.pin_floor_minor
        )
        self.door = FakeDoor(self)
        self.sign_in = FakeSignIn(self)
        self.reads = FakeReads(self)
        self.desk = FakeDesk(self)
        self.promotions = FakePromotions()
        self.law, self.invoices = FakeLaw(self.ledger), FakeInvoices(self.ledger)
        self.value = FakeValueBook(self.ledger)
        self.settings = FakeSettings(self)
        self.approvals = FakeApprovals(self)
        self.quick_keys, self.function_keys = ("m=MILK", "c=COLA", "x=9999"), tuple[str, ...]()
        self.card_book, self.groups = FakeCardBook(), FakeGroupOrders(self)
        self.promotions.others = {**self.card_book.campaigns, **self.value.rules}
        self.catalogue = FakeCatalogue(self.ledger.products.values, self.goods_here)
        self.finder = FakeFinder(self)
        self.staff = FakeStaffBook()
        self.reports = FakeReports(self)
        self.files = FakeFiles()
        self.members = FakeMembers(self)
        self.life = FakeCardDesk(self)
        self.printer = PaperPile()
        self.display, self.scale = FakeDisplay(), FakeScale()
        self.devices = FakeDevices()
        self.cards = NoCardReader()
        self.print_jobs = FakePrintJobs(self.printer)
        self.trips = 0
        self.charges = FakeCharges(self.ledger)
        self.gateway = FakeGateway()
        self.outbox, self.messages = FakeOutbox(self.ledger), FakeMessages()
        self.baskets = FakeBaskets()
        self.removals = FakeRemovals()
        self.backup_at: datetime | None = NOON - timedelta(hours=20)
        self.rules = self.rules or standard_rules()

    def travel(self) -> None:
        """Every question passes here: the line, and how long it takes."""
        self.trips += 1
        if self.line_down:
            raise Unreachable
        if self.slow_ms:
            time.sleep(self.slow_ms / 1000)

    def open_shift(self) -> None:
        """As if somebody had opened one with 200.00."""
        self.ledger.shift_number += 1
        self.ledger.shift = OpenShift(self.ids.new(), self.ledger.shift_number, NOON)
        self.ledger.cash_minor = self.ledger.float_minor = 20000

    def hello(self) -> Hello:
        """What the server says."""
        return Hello(
            schema=1, now=self.clock.at,
            chain=Chain(UUID(int=1), "惠园百货", "CNY", 2, "Asia/Shanghai", self.demo, self.pin_floor_minor,
                        cash=self.cash_rule),
            store=Store(1, "S01", "旗舰店"), terminal=Terminal(1, "1", "till_s01_1", 1),
            shift=self.ledger.shift, next_number=self.door.next_number(),
            slip=SlipText(("欢迎光临",), ("谢谢惠顾",)), backup_at=self.backup_at, tenders=self.tenders,
            tender_names=self.tender_names,
            demo_staff=(DemoStaff("1001", "王芳", "收银员"), DemoStaff("2001", "陈经理", "店长")),
            quick_keys=self.quick_keys, function_keys=self.function_keys,
            approvals=sum(each.state == "open" for each in self.sign_in.listed),
        )  # fmt: skip

    def shop(self, lang: str = "zh_CN") -> Shop:
        """What screens are given, before anybody signs in."""
        return Shop(
            say=Wording(translate(lang), lang), door=self.door, reads=self.reads,
            desk=self.desk, promotions=self.promotions, law=self.law, settings=self.settings,
            approvals=self.approvals, value=self.value, invoices=self.invoices, groups=self.groups,
            card_book=self.card_book, books=FakeValueBooks(self), staff=self.staff, sign_in=self.sign_in,
            catalogue=self.catalogue, finder=self.finder, reports=self.reports, files=self.files,
            display=self.display, devices=self.devices, scale=self.scale,
            printer=self.printer, cards=self.cards, print_jobs=self.print_jobs,
            baskets=self.baskets, removals=self.removals, charges=self.charges, gateway=self.gateway,
            outbox=self.outbox, messages=self.messages,
            clock=self.clock, ids=self.ids, members=self.members, life=self.life, lunar=TableCalendar(),
        )  # fmt: skip
