"""The people of the fake shop: who may sign in, what they may do, who works here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from huiyuan.domain.model.approval import Proposal, ProposalNews, Proposed
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Hello, Limits, SignedIn, Staff
from huiyuan.domain.model.staff import Colleague
from tests.screens.fake_ledger import HOSTILE, NOON, PIN_TRIES

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop


class FakeSignIn:
    """王芳 1001 is a cashier with limits, 陈经理 2001 may everything; the PIN is the number."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.wrong = 0
        self.signed: str | None = None
        self.seen: set[str] = set()
        self.listed: list[Proposal] = []
        self.pins = {"1001": "1001", "2001": "2001"}

    def hello(self) -> Hello:
        self.fake.travel()
        return self.fake.hello()

    def sign_in(self, *, staff_number: str, pin: str) -> SignedIn:
        self.fake.travel()
        self._judge(staff_number, pin)
        self.signed = staff_number
        self.seen.add(staff_number)
        return self._signed(staff_number)

    def _signed(self, staff_number: str) -> SignedIn:
        name, duty = {"1001": ("王芳", "cashier"), "2001": ("陈经理", "manager")}[staff_number]
        every = ("sale", "top_up", "shift", "return", "reverse", "card_issue", "card_activate", "card_pin",
                 "stock_receive", "members", "cash_in", "cash_drop", "cash_out", "expense", "no_sale",
                 "shift_expected", "card_lost", "card_freeze", "card_replace", "card_renew", "card_fee",
                 "card_apply", "value_transfer", "settlement", "bonus_release", "invoice")  # fmt: skip
        permissions = {each: Limits() for each in every} | {"discount": Limits(limit_bp=500)}
        if duty == "manager":
            permissions |= {
                each: Limits()
                for each in (
                    "staff",
                    "card_review",
                    "member_state",
                    "rules",
                    "catalog",
                    "cards_stock",
                    "card_limit",
                    "settings",
                    "approve",
                    "report",
                    "settings",
                    "reveal",
                    "member_tier",
                    "credit",
                    "advance_back",
                    "coupon_issue",
                    "group_order",
                    "coupon_void",
                    "member_merge",
                )
            }
        return SignedIn(
            session=7, token=b"t" * 32, ends_at=NOON + timedelta(hours=12),
            staff=Staff(int(staff_number), staff_number, name, duty), permissions=permissions,
            next_number=self.fake.door.next_number(), shift=self.fake.ledger.shift,
        )  # fmt: skip

    def _judge(self, staff_number: str, pin: str) -> None:
        if self.wrong >= 5:
            raise Refused("locked", {"minutes": 15})
        if self.pins.get(staff_number) != pin:
            self.wrong += 1
            raise Refused("wrong_pin", {"tries_left": 5 - self.wrong})
        self.wrong = 0

    def kept_hello(self) -> Hello | None:
        return self.fake.hello() if self.seen else None

    def sign_in_offline(self, *, staff_number: str, pin: str) -> SignedIn:
        if staff_number not in self.seen:
            raise Refused("offline_unknown", {"hours": 12})
        self._judge(staff_number, pin)
        return replace(self._signed(staff_number), offline_at=self.fake.clock.at)

    def resume(self) -> None:
        self.fake.travel()

    def sign_out(self) -> None:
        self.signed = None

    def lock(self) -> None:
        self.signed = None

    def change_pin(self, *, old_pin: str, new_pin: str) -> None:
        self.fake.travel()
        assert self.signed
        self._judge(self.signed, old_pin)
        self.pins[self.signed] = new_pin

    def set_card_pin(self, card: OpenedCard, *, pin: str) -> None:
        self.fake.travel()
        for each in self.fake.ledger.cards:
            if each.id == card.id:
                each.pin = pin

    def change_card_pin(self, card: OpenedCard, *, old_pin: str, new_pin: str) -> None:
        self.fake.travel()
        each = next(each for each in self.fake.ledger.cards if each.id == card.id)
        if each.pin != old_pin:
            each.wrong += 1
            raise Refused("pin_wrong", {"wallet": each.wallet, "tries_left": PIN_TRIES - each.wrong})
        each.pin, each.wrong = new_pin, 0

    def proposals(self) -> Sequence[Proposal]:
        return [replace(each, own=each.by_number == self.signed) for each in self.listed]

    def approve(self, asked: Proposed) -> None:
        self.fake.ledger.approved.add(asked.document)
        self.listed = [each for each in self.listed if each.asked != asked]
        self.fake.approvals.states[asked.document] = ProposalNews("approved", "陈经理")
        self.fake.approvals.moved()

    def approve_here(self, asked: Proposed, *, staff_number: str, pin: str) -> None:
        self.fake.travel()
        self._judge(staff_number, pin)
        if staff_number == self.signed:
            raise Refused("own_proposal")
        assert asked.document in self.fake.door.proposals
        self.fake.ledger.approved.add(asked.document)

    def decline(self, asked: Proposed) -> None:
        self.listed = [each for each in self.listed if each.asked != asked]
        self.fake.approvals.states[asked.document] = ProposalNews("declined")
        self.fake.approvals.moved()


class FakeApprovals:
    """Looks, and who listens; `moved` is what the server's channel would say."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.watchers: list[Callable[[], None]] = []
        self.states: dict[UUID, ProposalNews] = {}
        self.looked: list[UUID] = []

    def watch(self, on_news: Callable[[], None]) -> Callable[[], None]:
        self.watchers.append(on_news)
        on_news()
        return lambda: self.watchers.remove(on_news)

    def moved(self) -> None:
        for each in self.watchers:
            each()

    def look(self, asked: Proposed) -> None:
        self.fake.travel()
        self.looked.append(asked.document)

    def news(self, asked: Proposed) -> ProposalNews:
        self.fake.travel()
        return self.states.get(asked.document, ProposalNews("open"))

    def withdraw(self, document: UUID) -> None:
        self.fake.travel()
        self.states[document] = ProposalNews("declined")


class FakeStaffBook:
    """Two people, and those a test adds."""

    def __init__(self) -> None:
        self.people = [
            Colleague("1001", "王芳", "cashier", True),
            Colleague("1002", HOSTILE, "cashier", True),
        ]

    def everybody(
        self, *, after: str | None, most: int
    ) -> tuple[Sequence[Colleague], Sequence[tuple[str, str]]]:
        people = [each for each in self.people if each.number > (after or "")]
        return people[:most], [("cashier", "收银员"), ("manager", "店长")]

    def add(self, *, number: str, name: str, duty: str, pin: str) -> None:
        assert pin
        if any(person.number == number for person in self.people):
            raise Refused("number_taken", {"number": number})
        self.people.append(Colleague(number, name, duty, True))

    def reset_pin(self, *, number: str, pin: str) -> None:
        assert pin
        if all(person.number != number for person in self.people):
            raise Refused("unknown_staff", {"number": number})

    def leave(self, *, number: str) -> None:
        self.people = [person for person in self.people if person.number != number]
