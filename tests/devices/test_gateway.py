"""The gateway's driver against a gateway that misbehaves; what that really took is the witness."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.devices.gateways.http_gateway import GatewaySettings, HttpGateway
from huiyuan.devices.simulators.payment_gateway import KEY, MERCHANT, GatewayFaults, PaymentSimulator
from huiyuan.domain.model.charge import Charge, ChargeState, Outcome
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.payment_code import PaymentCode, read_payment_code
from huiyuan.domain.usecases.charging import (
    begin_charge,
    give_back,
    look_after,
    open_charges,
    resolve_charges,
)
from huiyuan.domain.usecases.refunding import plan_refunds
from huiyuan.repositories.counter.charges import CHARGES_FILE, CounterCharges
from huiyuan.repositories.read_only_door import ReadOnlyDoor
from tests.domain.builders import AT, uid

DIGITS = "134512345678901234"


def code() -> PaymentCode:
    found = read_payment_code(DIGITS)
    assert found is not None
    return found


def charge(n: int = 1) -> Charge:
    return Charge(uid(n), uid(100 + n), uid(9), "wechat", 2500, AT, code().masked)


class Counter:
    """A driver, a book and a gateway."""

    def __init__(self, folder: Path, simulator: PaymentSimulator) -> None:
        self.simulator = simulator
        settings = GatewaySettings(simulator.url, MERCHANT, KEY, connect_s=1, answer_s=1)
        self.gateway = HttpGateway(settings)
        self.book = CounterCharges(folder, now=lambda: AT, stands=lambda _: False)
        self.door = ReadOnlyDoor()

    def begin(self, n: int = 1) -> Charge:
        return begin_charge(self.book, self.gateway, charge(n), code())

    def settle(self, n: int = 1, *, most: int = 20) -> Charge:
        """Look after it until something is known."""
        now = self.book.find(uid(n))
        for _ in range(most):
            if now.state not in {ChargeState.ASKED, ChargeState.REVERSING}:
                break
            now = look_after(self.book, self.gateway, uid(n))
        return now


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with PaymentSimulator() as simulator:
        made = Counter(tmp_path, simulator)
        yield made
        made.gateway.close()
        made.book.close()


def test_paid_at_once(counter: Counter) -> None:
    taken = counter.begin()
    assert (taken.state, taken.found_minor, taken.reference) == (
        ChargeState.TAKEN, 2500, f"T{uid(1).hex[:12]}",
    )  # fmt: skip
    assert counter.simulator.codes == [DIGITS]
    assert counter.simulator.heard == ["charge"]


def test_the_customer_takes_a_while(counter: Counter) -> None:
    counter.simulator.faults.pending = 3
    assert counter.begin().state is ChargeState.ASKED
    assert counter.settle().state is ChargeState.TAKEN
    assert counter.simulator.heard == ["charge", "query", "query", "query"]


@pytest.mark.parametrize(
    "faults",
    [
        GatewayFaults(slow_s=1.4),
        GatewayFaults(slow_s=1.4, late=True),
        GatewayFaults(reset_after=1),
        GatewayFaults(broken=1),
        GatewayFaults(deliver_twice=True),
        GatewayFaults(deliver_twice=True, reset_after=1),
        GatewayFaults(pending=2, broken=2),
    ],
    ids=str,
)
def test_whatever_the_line_does_the_money_is_taken_once_and_known(
    counter: Counter, faults: GatewayFaults
) -> None:
    counter.simulator.faults = faults
    counter.begin()
    if faults.late:
        assert counter.settle(most=1).state is ChargeState.ASKED, "nobody knows yet"
        time.sleep(faults.slow_s)
    assert counter.settle().state is ChargeState.TAKEN
    assert counter.simulator.kept_minor == 2500


@pytest.mark.parametrize(
    "faults",
    [GatewayFaults(), GatewayFaults(pending=9), GatewayFaults(reset_before=1), GatewayFaults(reset_after=1),
     GatewayFaults(deaf=2), GatewayFaults(wrong_minor=100), GatewayFaults(slow_s=1.4)],
    ids=str,
)  # fmt: skip
def test_given_up_is_given_back_whatever_happened(counter: Counter, faults: GatewayFaults) -> None:
    counter.simulator.faults = faults
    counter.begin()
    give_back(counter.book, counter.gateway, counter.door, uid(1))
    assert counter.settle().state is ChargeState.REVERSED
    assert counter.simulator.kept_minor == 0
    assert counter.book.pending() == ()


def test_given_up_before_the_money_is_taken_late_it_is_never_taken(counter: Counter) -> None:
    counter.simulator.faults = GatewayFaults(slow_s=1.4, late=True)
    counter.begin()
    assert give_back(counter.book, counter.gateway, counter.door, uid(1)).state is ChargeState.REVERSED
    time.sleep(0.7)
    assert counter.simulator.trades[uid(1).hex].charges == 1
    assert counter.simulator.kept_minor == 0


def test_a_refusal_is_one_and_says_why(counter: Counter) -> None:
    counter.simulator.faults.declined = "insufficient_funds"
    declined = counter.begin()
    assert (declined.state, declined.told) == (ChargeState.DECLINED, "insufficient_funds")
    assert counter.simulator.kept_minor == 0


def test_another_amount_is_no_payment_and_stays_open_until_it_is_given_back(counter: Counter) -> None:
    counter.simulator.faults.wrong_minor = -100
    wrong = counter.begin()
    assert (wrong.state, wrong.found_minor) == (ChargeState.WRONG, 2400)
    assert open_charges(counter.book, uid(9))
    give_back(counter.book, counter.gateway, counter.door, uid(1))
    assert not open_charges(counter.book, uid(9))
    assert counter.simulator.kept_minor == 0


def test_what_is_not_signed_by_the_gateway_is_not_believed(counter: Counter) -> None:
    counter.simulator.faults.forged = True
    assert counter.begin().state is ChargeState.ASKED
    assert counter.settle(most=3).state is ChargeState.ASKED
    counter.simulator.faults.forged = False
    assert counter.settle().state is ChargeState.TAKEN


def test_an_answer_to_another_question_is_not_believed(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed, but for another charge, or said before."""
    paid = counter.simulator.charge

    def other(asked: dict[str, object]) -> dict[str, object]:
        return {**paid(asked), "nonce": "of another question"}

    monkeypatch.setattr(counter.simulator, "charge", other)
    assert counter.begin(1).state is ChargeState.ASKED
    monkeypatch.setattr(counter.simulator, "charge", lambda asked: {**paid(asked), "number": uid(1).hex})
    assert counter.begin(2).state is ChargeState.ASKED


def test_nobody_there_means_nothing_was_sent(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gateway = HttpGateway(GatewaySettings(f"http://127.0.0.1:{port}", MERCHANT, KEY, connect_s=1))
    book = CounterCharges(tmp_path, now=lambda: AT, stands=lambda _: False)
    declined = begin_charge(book, gateway, charge(), code())
    assert (declined.state, declined.told) == (ChargeState.DECLINED, "away")
    assert gateway.query(uid(1).hex).outcome is Outcome.AWAY


def test_a_wrong_key_is_told_from_an_unknown_trade(counter: Counter) -> None:
    assert counter.gateway.query(uid(5).hex).outcome is Outcome.UNKNOWN_TRADE
    stranger = HttpGateway(GatewaySettings(counter.simulator.url, MERCHANT, "wrong", answer_s=1))
    assert stranger.query(uid(5).hex).outcome is Outcome.UNSURE


def test_at_the_start_everything_open_is_asked_about(counter: Counter) -> None:
    """Paid meanwhile, never arrived, given up, and typed by hand: the last one is a person's."""
    counter.simulator.faults.reset_after = 1
    counter.begin(1)
    counter.book.write(charge(2))
    counter.begin(3)
    counter.book.move(uid(3), ChargeState.REVERSING)
    counter.book.write(replace(charge(4), masked=""))
    assert resolve_charges(counter.book, counter.gateway) == 2
    states = [counter.book.find(uid(n)).state for n in (1, 2, 3, 4)]
    assert states == [ChargeState.TAKEN, ChargeState.REVERSED, ChargeState.REVERSED, ChargeState.ASKED]
    assert counter.simulator.kept_minor == 2500
    late = counter.gateway.charge(code(), number=uid(2).hex, amount_minor=2500)
    assert late.outcome is Outcome.DECLINED, "a request that was still on its way comes too late"


def test_money_of_a_sale_without_an_answer_is_not_given_back(counter: Counter) -> None:
    class Waiting(ReadOnlyDoor):
        def unsettled(self, *, after: UUID | None = None, most: int | None = None) -> tuple[Document, ...]:
            assert (after, most) == (None, None)
            from tests.domain.test_document import SALE

            return (replace(SALE, id=uid(101)),)

    counter.begin()
    with pytest.raises(Refused, match="charge_in_use"):
        give_back(counter.book, counter.gateway, Waiting(), uid(1))
    assert counter.simulator.kept_minor == 2500


def test_the_code_is_kept_nowhere(counter: Counter, tmp_path: Path) -> None:
    counter.begin()
    kept = (tmp_path / CHARGES_FILE).read_bytes()
    assert b"13****1234" in kept
    assert DIGITS.encode() not in kept
    assert DIGITS[2:14].encode() not in kept
    assert UUID(hex=counter.simulator.trades[uid(1).hex].number) == uid(1)


def refund(n: int, trade: str, amount_minor: int) -> Charge:
    return replace(charge(n), masked=trade, amount_minor=amount_minor, state=ChargeState.REFUNDING)


def test_a_refund_waits_for_its_return_and_is_given_once(counter: Counter, tmp_path: Path) -> None:
    paid = counter.begin()
    back = refund(2, paid.reference, 1_000)
    plan_refunds(counter.book, [back])
    plan_refunds(counter.book, [back])
    resolve_charges(counter.book, counter.gateway)
    assert counter.simulator.heard == ["charge"], "its return does not stand"
    counter.book.close()
    counter.book = CounterCharges(tmp_path, now=lambda: AT, stands=lambda document: document == uid(102))
    counter.simulator.faults.broken = 1
    resolve_charges(counter.book, counter.gateway)
    assert counter.book.find(back.id).state is ChargeState.REFUNDING, "nothing that can be believed was said"
    assert open_charges(counter.book, uid(9))
    resolve_charges(counter.book, counter.gateway)
    assert counter.book.find(back.id).state is ChargeState.REFUNDED
    assert counter.simulator.kept_minor == 1_500, "once, however often it was asked for"


@pytest.mark.parametrize(("trade", "keeps"), [("T-unknown", False), ("", True)])
def test_what_the_gateway_does_not_give_back_is_a_persons(
    counter: Counter, tmp_path: Path, trade: str, *, keeps: bool
) -> None:
    paid = counter.begin()
    back = refund(2, trade or paid.reference, 1_000)
    plan_refunds(counter.book, [back])
    counter.book.close()
    counter.book = CounterCharges(tmp_path, now=lambda: AT, stands=lambda document: document == uid(102))
    counter.simulator.faults.keeps = keeps
    resolve_charges(counter.book, counter.gateway)
    assert counter.book.find(back.id).state is ChargeState.REFUSED
    assert counter.simulator.kept_minor == 2_500
    with pytest.raises(Refused, match="charge_in_use"):
        give_back(counter.book, counter.gateway, counter.door, back.id)
    counter.book.decide(back.id, by="1001", note="in the app")
    assert not [each for each in counter.book.pending() if each.id == back.id]
