"""The one box of the fake shop: members by tokens as the app makes them, phones and cards in clear."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.found import FOUND_MAX, NOBODY, Found, FoundCard, FoundMember
from huiyuan.domain.model.needle import Needle
from huiyuan.repositories.search_words import member_tokens
from tests.screens.fake_ledger import HOSTILE

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop

GOLD = Tier(2, "gold", "金卡")


@dataclass
class FakeFinder:
    """`hold` keeps the answers back until it is set free; `asked` is every question in its order."""

    fake: FakeShop
    asked: list[Needle] = field(default_factory=list)
    folded: list[UUID] = field(default_factory=list)
    people: list[FoundMember] = field(default_factory=list)
    held: dict[tuple[tuple[str, ...], ...], threading.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = [
            FoundMember(1, "M0001", "李娜", "person", GOLD, "138****8823", date(2026, 11, 20), 2, "旗舰店"),
            FoundMember(2, "M0002", HOSTILE, "person", GOLD, "139****0000", date(2026, 11, 19), 1, "旗舰店"),
            FoundMember(3, "M0003", "单雄信", "person", GOLD, "", None, 0, ""),
            *(FoundMember(n, f"M{n:04}", f"王芳{n}", "person", GOLD) for n in range(10, 40)),
        ]

    def find(self, needle: Needle) -> Found:
        self.fake.travel()
        self.asked.append(needle)
        if needle.words in self.held:
            self.held[needle.words].wait(5)
        cards = [c for c in self.fake.ledger.cards if c.number in {text for _, text in needle.cards}]
        hits = [member for member in self.people if self._hits(member, needle)]
        hits += [m for m in self.people if m not in hits and cards and cards[0].member
                 and m.id == cards[0].member.id]  # fmt: skip
        card = FoundCard(cards[0].id, cards[0].number, cards[0].state) if cards else None
        if not hits and card is None:
            return NOBODY
        return Found(tuple(hits[:FOUND_MAX]), len(hits) > FOUND_MAX, card)

    def _hits(self, member: FoundMember, needle: Needle) -> bool:
        tokens = set(member_tokens(member.name))
        named = any(tokens.issuperset(way) for way in needle.words)
        phoned = bool(needle.last_four) and member.phone.endswith(needle.last_four)
        if member.number in needle.numbers:
            return True
        return phoned and (named or not needle.words) if needle.last_four else named

    def fold_last_seen(self, shift: UUID) -> int:
        self.fake.travel()
        self.folded.append(shift)
        return 1
