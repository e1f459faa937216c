"""What screens of returns, of baskets put aside and of one product are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from textual.message import Message

from huiyuan.domain.model.desk import HeldSale, ItemInfo, ReturnPolicy
from huiyuan.domain.usecases.exchange import GoodsBack


@dataclass(eq=False, repr=False)
class PolicyRead(Message):
    policy: ReturnPolicy


@dataclass(eq=False, repr=False)
class GoodsBackRead(Message):
    """Goods without a receipt, with what they bring."""

    goods: GoodsBack


@dataclass(eq=False, repr=False)
class ItemRead(Message):
    item: ItemInfo


@dataclass(eq=False, repr=False)
class HeldRead(Message):
    """The baskets put aside in this store."""

    held: Sequence[HeldSale]


@dataclass(eq=False, repr=False)
class PutAside(Message):
    """The server has the basket; `state` is what it is there."""

    held: UUID
    state: str
