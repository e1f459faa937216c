"""A charge: money asked of a payment gateway, from before the request leaves until nothing is open about it.

Always true: a charge moves only along `CHARGE_MOVES`; `asked` may have taken money and may not have, whatever
the line did; `taken` is money of ours without a sale yet; what is given up is `reversing` until the gateway
said that it is; nothing of the payment code but its mask is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class ChargeState(StrEnum):
    """`asked`: on disk, and perhaps at the gateway. `taken`: paid, the sale is not posted. `wrong`: the
    gateway took another amount. `reversing`: given up, not confirmed yet. These four are open.

    `refunding`: a return stands and its money is not known to be back on the phone; `refused`: the gateway
    does not give it back, a person has to. These are open, too.

    `used` (its sale stands), `declined`, `reversed`, `refunded` and `decided` (a person said what was done)
    are ends.
    """

    ASKED = "asked"
    TAKEN = "taken"
    WRONG = "wrong"
    REVERSING = "reversing"
    USED = "used"
    DECLINED = "declined"
    REVERSED = "reversed"
    DECIDED = "decided"
    REFUNDING = "refunding"
    REFUSED = "refused"
    REFUNDED = "refunded"


CHARGE_MOVES: Final = frozenset(
    {
        (ChargeState.ASKED, ChargeState.TAKEN),
        (ChargeState.ASKED, ChargeState.WRONG),
        (ChargeState.ASKED, ChargeState.DECLINED),
        (ChargeState.ASKED, ChargeState.REVERSING),
        (ChargeState.ASKED, ChargeState.REVERSED),
        (ChargeState.ASKED, ChargeState.DECIDED),
        (ChargeState.TAKEN, ChargeState.USED),
        (ChargeState.TAKEN, ChargeState.REVERSING),
        (ChargeState.TAKEN, ChargeState.DECIDED),
        (ChargeState.WRONG, ChargeState.REVERSING),
        (ChargeState.WRONG, ChargeState.DECIDED),
        (ChargeState.REVERSING, ChargeState.REVERSED),
        (ChargeState.REVERSING, ChargeState.DECIDED),
        (ChargeState.REFUNDING, ChargeState.REFUNDED),
        (ChargeState.REFUNDING, ChargeState.REFUSED),
        (ChargeState.REFUNDING, ChargeState.DECIDED),
        (ChargeState.REFUSED, ChargeState.DECIDED),
    }
)
OPEN_CHARGES: Final = (
    ChargeState.ASKED,
    ChargeState.TAKEN,
    ChargeState.WRONG,
    ChargeState.REVERSING,
    ChargeState.REFUNDING,
    ChargeState.REFUSED,
)
REFUNDS: Final = frozenset({ChargeState.REFUNDING, ChargeState.REFUSED})


@dataclass(frozen=True, slots=True)
class Charge:
    """`id` is the number that the gateway knows it by; `document` the sale it is for.

    `masked` is the payment code's mask, empty where the customer scanned the shop's code; of a refund, whose
    `document` is the return, it is the reference of the trade that is given back. `found_minor` is
    what the gateway says it took, `told` its own number or its reason.
    """

    id: UUID
    document: UUID
    shift: UUID
    method: str
    amount_minor: int
    asked_at: datetime
    masked: str = ""
    state: ChargeState = ChargeState.ASKED
    found_minor: int | None = None
    told: str = ""

    @property
    def number(self) -> str:
        """As the gateway is told it: 32 hex digits."""
        return self.id.hex

    @property
    def by_hand(self) -> bool:
        """Whether the customer scanned the shop's own code, so that no gateway knows of it."""
        return not self.masked

    @property
    def open(self) -> bool:
        """Whether something has to happen yet."""
        return self.state in OPEN_CHARGES

    @property
    def reference(self) -> str:
        """What the tender of the sale names: the gateway's own number, or ours if it told none."""
        return self.told or self.number


class Outcome(StrEnum):
    """What a gateway answered. `unsure`: nothing that can be believed, so it may have happened.

    `away`: it could not be connected to, so nothing was sent.
    """

    PAID = "paid"
    PAYING = "paying"
    DECLINED = "declined"
    UNKNOWN_TRADE = "unknown_trade"
    REVERSED = "reversed"
    REFUNDED = "refunded"
    UNSURE = "unsure"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """`amount_minor` is what was taken, `told` the gateway's number of the trade or its reason."""

    outcome: Outcome
    amount_minor: int = 0
    told: str = ""


def state_after(charge: Charge, answer: GatewayAnswer) -> ChargeState:
    """Where `answer` leads `charge`; its own state where nothing was learnt."""
    if charge.state is ChargeState.ASKED:
        if answer.outcome is Outcome.PAID:
            exact = answer.amount_minor == charge.amount_minor
            return ChargeState.TAKEN if exact else ChargeState.WRONG
        if answer.outcome is Outcome.DECLINED:
            return ChargeState.DECLINED
        if answer.outcome is Outcome.REVERSED:
            return ChargeState.REVERSED
    if charge.state is ChargeState.REVERSING and answer.outcome in {Outcome.REVERSED, Outcome.DECLINED}:
        return ChargeState.REVERSED
    if charge.state is ChargeState.REFUNDING:
        return {
            Outcome.REFUNDED: ChargeState.REFUNDED,
            Outcome.DECLINED: ChargeState.REFUSED,
            Outcome.UNKNOWN_TRADE: ChargeState.REFUSED,
        }.get(answer.outcome, charge.state)
    return charge.state
