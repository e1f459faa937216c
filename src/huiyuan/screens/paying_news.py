"""Answers that workers bring about payments: charges of a gateway, and limits of credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from huiyuan.domain.model.charge import Charge
    from huiyuan.domain.model.credit import CreditDue


@dataclass(eq=False, repr=False)
class LimitPut(Message):
    """A member may owe so much from here on."""

    limit_minor: int


@dataclass(eq=False, repr=False)
class DebtRead(Message):
    """How what a wallet owes stands; None: nothing is owed."""

    wallet: int
    due: CreditDue | None


@dataclass(eq=False, repr=False)
class ChargeMoved(Message):
    """Where a charge stands, as far as is known."""

    charge: Charge


@dataclass(eq=False, repr=False)
class ChargeAdopted(Message):
    """A charge that another sale took pays this one."""

    charge: Charge


@dataclass(eq=False, repr=False)
class RefundsAsked(Message):
    """Where the refunds of a return stand."""

    refunds: list[Charge]


@dataclass(eq=False, repr=False)
class ChargesResolved(Message):
    """Everything open was asked about; so many are open still."""

    left: int
