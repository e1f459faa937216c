"""What the screens of the card desk are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from huiyuan.domain.model.card_life import CardApplication, MemberLife, PastCard


@dataclass(eq=False, repr=False)
class MemberLifeRead(Message):
    life: MemberLife


@dataclass(eq=False, repr=False)
class PastRead(Message):
    cards: Sequence[PastCard]


@dataclass(eq=False, repr=False)
class ApplicationsRead(Message):
    applications: Sequence[CardApplication]
