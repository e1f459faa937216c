"""Charging by a payment code: written down, asked, looked after, used by its sale or given back.

Always true: a charge is on disk before its request leaves; what was learnt is on disk before anybody acts on
it; nothing is asked twice under two numbers; a charge that pays a sale without an answer is not given back.
"""

from __future__ import annotations

from uuid import UUID

from huiyuan.domain.model.charge import REFUNDS, Charge, ChargeState, GatewayAnswer, Outcome, state_after
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.payment_code import PaymentCode
from huiyuan.domain.ports import ChargeBook, Door, PaymentGateway


def begin_charge(book: ChargeBook, gateway: PaymentGateway, charge: Charge, code: PaymentCode) -> Charge:
    """Write `charge` down and ask for the money; the charge as it stands then.

    Raises:
        Refused: `journal_unwritable`, `id_reused`: nothing was sent.
    """
    book.write(charge)
    answer = gateway.charge(code, number=charge.number, amount_minor=charge.amount_minor)
    if answer.outcome is Outcome.AWAY:
        return book.move(charge.id, ChargeState.DECLINED, told=Outcome.AWAY)
    return _learn(book, charge.id, answer)


def look_after(book: ChargeBook, gateway: PaymentGateway, charge: UUID) -> Charge:
    """Ask once more about what is not known: what became of it, or that it be given back.

    Raises:
        Refused: `journal_unwritable`.
        KeyError: no such charge.
    """
    now = book.find(charge)
    if now.state is ChargeState.ASKED:
        return _learn(book, charge, gateway.query(now.number))
    if now.state is ChargeState.REVERSING:
        return _learn(book, charge, gateway.reverse(now.number))
    if now.state is ChargeState.REFUNDING:
        answer = gateway.refund(now.masked, number=now.number, amount_minor=now.amount_minor)
        return _learn(book, charge, answer)
    return now


def give_back(book: ChargeBook, gateway: PaymentGateway, door: Door, charge: UUID) -> Charge:
    """Give a charge up: from here on it can only end reversed, however often that has to be asked for.

    Raises:
        Refused: `charge_in_use` (its sale has no answer yet, or stands), `journal_unwritable`.
        KeyError: no such charge.
    """
    now = next((each for each in book.pending() if each.id == charge), None) or book.find(charge)
    if (
        now.state is ChargeState.USED
        or now.state in REFUNDS
        or any(sale.id == now.document for sale in door.unsettled())
    ):
        raise Refused("charge_in_use")
    now = book.move(charge, ChargeState.REVERSING)
    return look_after(book, gateway, charge) if now.state is ChargeState.REVERSING else now


def resolve_charges(book: ChargeBook, gateway: PaymentGateway) -> int:
    """Ask about everything open, as at the start; how many are open still.

    What the gateway never heard of is closed there, so that a request still on its way comes too late.

    Raises:
        Refused: `journal_unwritable`.
    """
    for charge in book.pending():
        if charge.by_hand or not gateway.configured:
            continue
        if charge.state is ChargeState.ASKED:
            answer = gateway.query(charge.number)
            if answer.outcome is Outcome.UNKNOWN_TRADE:
                book.move(charge.id, ChargeState.REVERSING)
                answer = gateway.reverse(charge.number)
            _learn(book, charge.id, answer)
        elif charge.state in {ChargeState.REVERSING, ChargeState.REFUNDING}:
            look_after(book, gateway, charge.id)
    return book.open_count()


def note_by_hand(book: ChargeBook, charge: Charge, reference: str | None) -> Charge:
    """The customer scans the shop's own code: `charge` waits until somebody says what became of it.

    Args:
        charge: as it was begun; written down here if it is not yet.
        reference: what was typed; None says that nothing was paid.

    Raises:
        Refused: `journal_unwritable`.
    """
    try:
        book.find(charge.id)
    except KeyError:
        book.write(charge)
    if reference is None:
        return book.move(charge.id, ChargeState.DECLINED)
    return book.move(charge.id, ChargeState.TAKEN, told=reference, found_minor=charge.amount_minor)


def open_charges(book: ChargeBook, shift: UUID) -> tuple[Charge, ...]:
    """Money asked of the gateway in a shift that is neither a sale's nor given back: the shift stays open."""
    return tuple(charge for charge in book.pending() if charge.shift == shift)


def _learn(book: ChargeBook, charge: UUID, answer: GatewayAnswer) -> Charge:
    now = book.find(charge)
    state = state_after(now, answer)
    if state is now.state:
        return now
    found = answer.amount_minor if answer.outcome is Outcome.PAID else None
    return book.move(charge, state, told=answer.told, found_minor=found)
