"""The members of the fake shop: two with cards, one of them doubtful, and those that a test writes down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from huiyuan.domain.model.birthday import Birthday
from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.credit import Charge, CreditDue, CreditTerms, Debtor, credit_due
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import masked_id_number
from huiyuan.domain.model.members import (
    KEPT,
    CardPage,
    CardType,
    Doubtful,
    Lot,
    MemberAccount,
    MemberCard,
    MemberChange,
    MemberDraft,
    MemberForm,
    MemberNote,
    MemberPage,
    MemberSaved,
    Movement,
    Place,
    Purchase,
    Statement,
)
from huiyuan.domain.model.person import masked_name
from huiyuan.domain.model.phone import masked_phone
from tests.screens.fake_ledger import HOSTILE, NOON

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop

BASIC, GOLD = Tier(1, "basic", "普通"), Tier(2, "gold", "金卡")
STORE, OTHER_STORE = Place(1, "S01", "旗舰店"), Place(2, "S02", "西湖店")
PHONE, ID_NO = "13800138000", "11010519491231002X"
STANDARD = CardType(1, "K1", "记名卡", True, 500_000, 2)
BEARER = CardType(2, "K2", "不记名卡", False, 100_000, 1)


def _page(member: int, number: str, name: str, **more: object) -> MemberPage:
    page = MemberPage(
        id=member, number=number, version=1, kind="person", name=name, tier=GOLD, home_store=STORE,
        joined_at=NOON - timedelta(days=400), archived=False, source="counter", created_by="王芳",
        created_store="旗舰店", doubts=(), gender=None, birthday=None, phone="", id_no="", address=False,
        marketing=False,
    )  # fmt: skip
    return replace(page, **more)  # type: ignore[arg-type]


class FakeMembers:
    """李娜 has everything, the second one a hostile name; saving judges duplicates as the server does."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.asked = 0
        self.saved: list[MemberDraft] = []
        self.revealed: list[tuple[int, str, str]] = []
        self.changes: list[MemberChange] = []
        self.sealed = {(1, "phone"): PHONE, (1, "id_no"): ID_NO, (1, "address"): "人民路 1 号"}
        notes = (
            MemberNote(1, "上次少找了 5 元", True, "王芳", NOON - timedelta(days=1)),
            MemberNote(2, "爱喝热豆浆", False, "陈经理", NOON - timedelta(days=9)),
        )
        self.pages = {
            1: _page(
                1, "M0001", "李娜", gender="female", birthday=Birthday("lunar", 1990, 8, 15),
                phone=masked_phone(PHONE), id_no=masked_id_number(ID_NO), address=True, marketing=True,
                notes=notes, doubts=("birthday_differs",),
            ),
            2: _page(
                2, "M0002", HOSTILE, created_by=HOSTILE,
                notes=(MemberNote(3, HOSTILE, False, HOSTILE, NOON),),
            ),
        }  # fmt: skip

    def _travel(self) -> None:
        self.asked += 1
        self.fake.travel()

    def page(self, member: int) -> MemberPage:
        self._travel()
        for person in self.fake.finder.people:
            self.pages.setdefault(person.id, _page(person.id, person.number, person.name))
        if member not in self.pages:
            raise Refused("unknown_member", {"member": member})
        cards = [card for card in self.fake.ledger.cards if card.member and card.member.id == member]
        accounts: list[MemberAccount] = []
        for card in cards[:1]:
            held = card.balances
            rows = (
                ("principal", held.principal),
                ("bonus", held.bonus),
                ("points", held.points),
                ("pass:9", 7),
            )
            accounts += [
                MemberAccount(card.id * 10 + n, kind, card.wallet or 0, balance)
                for n, (kind, balance) in enumerate(rows)
            ]
        bought = self._bought() if member == 1 else ()
        return replace(
            self.pages[member],
            cards=tuple(MemberCard(c.id, c.number, c.state, "记名卡", c.wallet or 0) for c in cards),
            accounts=tuple(accounts),
            purchases=bought[:5],
            year_count=len(bought),
            year_minor=sum(each.total_minor for each in bought),
        )

    def _bought(self) -> tuple[Purchase, ...]:
        return tuple(
            Purchase(
                UUID(int=n + 1), "return" if n == 3 else "sale", f"S01-1-{n:06}", NOON - timedelta(days=n),
                (STORE, OTHER_STORE)[n % 2].name, 12_345 + n, 4 if n == 0 else 1,
                ("可口可乐 330ml", "纯牛奶 1L", HOSTILE) if n == 0 else ("苹果",),
            )
            for n in range(20)
        )  # fmt: skip

    def form(self, member: int | None) -> MemberForm:
        self._travel()
        given = member or max(self.pages) + 1
        number = self.pages[member].number if member else f"M{given:04}"
        return MemberForm(given, number, (BASIC, GOLD), (STORE, OTHER_STORE))

    def save(self, draft: MemberDraft) -> MemberSaved:
        self._travel()
        old = self.pages.get(draft.member)
        if draft.id_no == ID_NO and draft.member != 1:
            raise Refused("same_id", {"member": 1, "number": "M0001", "name": "李娜"})
        if draft.phone == PHONE and draft.member != 1 and not draft.same_phone:
            raise Refused("same_phone", {"count": 1, "member": 1, "number": "M0001", "name": "李娜"})
        if old is not None and old.name != draft.name and draft.checked is None:
            raise Refused("identity_check", {"fields": ["name"]})
        if old is not None and old.version != draft.version:
            raise Refused("stale", {"version": old.version})
        self.saved.append(draft)
        tier = next(each for each in (BASIC, GOLD) if each.id == draft.tier)
        new = old or _page(draft.member, f"M{draft.member:04}", draft.name)
        self.pages[draft.member] = replace(
            new, name=draft.name, kind=draft.kind, tier=tier, gender=draft.gender, birthday=draft.birthday,
            version=new.version + (old is not None), doubts=draft.doubts,
            phone=new.phone if draft.phone is KEPT else masked_phone(str(draft.phone)) if draft.phone else "",
            company={name: masked_name(text) for name, text in draft.company.items() if text},
        )  # fmt: skip
        return MemberSaved(draft.member, new.number, self.pages[draft.member].version)

    def history(self, member: int, *, before: int | None, most: int) -> Sequence[MemberChange]:
        self._travel()
        assert member
        assert before is None
        assert most
        return (
            MemberChange(
                2, NOON, HOSTILE, "旗舰店", "1", "id_document",
                {"name": "李**", "phone": "138****8000", "marketing": False},
                {"name": "王**", "phone": "139****9000", "marketing": True},
            ),
            MemberChange(
                1, NOON - timedelta(days=2), "王芳", "旗舰店", "1", None, {},
                {"name": "李**", "gender": "female", "birthday": True, "doubts": ["very_old"]},
            ),
        )  # fmt: skip

    def statement(self, account: int, *, before: int | None, most: int) -> Statement:
        self._travel()
        newest = min(before - 1 if before else 40, 40)
        kind = ("principal", "bonus", "points")[account % 10]
        rows = tuple(
            Movement(
                seq, NOON + timedelta(minutes=seq), "人民路店", "sale", f"S01-1-{seq}", -100, 50_000 - seq
            )
            for seq in range(newest, max(newest - most, 0), -1)
        )
        last = rows[-1].seq if rows else 1
        return Statement(MemberAccount(account, kind, 11, 49_960), rows, last if last > 1 else None)

    def purchases(self, member: int, *, after: UUID | None, most: int) -> Sequence[Purchase]:
        self._travel()
        assert member
        start = after.int if after else 0
        return self._bought()[start : start + most]

    def reveal(self, member: int, field: str, *, reason: str) -> str:
        self._travel()
        self.revealed.append((member, field, reason))
        return self.sealed[member, field]

    def put_note(self, member: int, text: str, *, pops_up: bool) -> None:
        self._travel()
        page = self.pages[member]
        note = MemberNote(len(page.notes) + 10, text, pops_up, "王芳", NOON)
        self.pages[member] = replace(page, notes=(note, *page.notes))

    def remove_note(self, note: int) -> None:
        self._travel()
        for number, page in self.pages.items():
            self.pages[number] = replace(page, notes=tuple(each for each in page.notes if each.id != note))

    def put_credit_limit(self, wallet: int, limit_minor: int) -> None:
        card = self.fake.ledger.card_of(wallet)
        card.balances = replace(card.balances, credit_limit=limit_minor)

    def credit_due(self, wallet: int) -> CreditDue | None:
        self._travel()
        held = self.fake.ledger.card_of(wallet).balances
        return self.due(held.owed_minor) if held.owed_minor > 0 else None

    def due(self, owed: int) -> CreditDue:
        charge = Charge(date(2026, 9, 1), date(2026, 10, 1), owed)
        return credit_due([charge], owed, CreditTerms(1000, 5000), today=NOON.date())

    def debtors(
        self, most: int, *, after: Sequence[int] | None = None, overdue: bool = False
    ) -> Sequence[Debtor]:
        self._travel()
        all_of_them = [
            Debtor(n, HOSTILE, f"M{n:04}", "88000001", self.due(1_000_000 + n), (n,)) for n in range(1, 31)
        ]
        return [
            each
            for each in all_of_them
            if each.place > tuple(after or ()) and (not overdue or each.wallet < 4)
        ][:most]

    def doubtful(self, most: int, *, after: int | None = None) -> Sequence[Doubtful]:
        self._travel()
        return [Doubtful(p.id, p.number, p.name, p.doubts) for p in self.pages.values()
                if p.doubts and p.id > (after or 0)][:most]  # fmt: skip

    def card(self, *, token_kind: str, text: str) -> CardPage:
        self._travel()
        assert token_kind
        for card in self.fake.ledger.cards:
            if card.number == text:
                held = card.balances
                lots = [
                    Lot("principal", 50_000, held.principal, None, date(2026, 1, 2), STORE.name),
                    Lot(
                        "points", 2_000, held.points, NOON + timedelta(days=30), date(2026, 2, 3), STORE.name
                    ),
                ]
                moved = Movement(
                    7, NOON, STORE.name, "top_up", "S01-1-000001", held.principal, held.principal
                )
                used = card.wallet is not None
                return CardPage(
                    card.opened(), STANDARD, (), tuple(lots) if used else (),
                    (("principal", moved),) if used else (),
                    self.due(held.owed_minor) if held.owed_minor > 0 else None, months=12,
                )  # fmt: skip
        raise Refused("unknown_card", {"card": text})

    def card_types(self) -> Sequence[CardType]:
        self._travel()
        return [STANDARD, BEARER]
