"""Exchanges beside the model of the ledger: paid however, exchanged again, brought back, undone."""

from __future__ import annotations

import random

import pytest

from tests.properties.exchange_model import may_be_exchanged
from tests.properties.ledger_machine import Ledger
from tests.small_chain import NO_PIN, SmallChain


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_exchanges_of_whatever_was_paid_however(chain: SmallChain, seed: int) -> None:
    """The same machine, led to sales, exchanges of them and of what went out, returns and reversals."""
    chance = random.Random(seed)
    machine = type("LedgerHere", (Ledger,), {"chain": chain})()
    with chain.policy(**NO_PIN):
        machine.begin()
        try:
            for _ in range(100 if seed == 1 else 600):
                till, which, total = (
                    chance.randrange(2),
                    chance.randrange(10**6),
                    chance.choice((7, 350, 999, 4321)),
                )
                step = chance.randrange(10)
                if step < 3:
                    machine.sale(till, which, total, chance.randrange(5), 0)
                elif step < 7 and any(may_be_exchanged(each) for each in machine.model.documents):
                    machine.exchange(which, chance.randrange(1, 5), total, chance.random() < 0.3)
                elif step < 8:
                    machine.give_back(which, chance.randrange(1, 5))
                elif step < 9:
                    machine.reverse(chance.randrange(6))
                elif chance.random() < 0.3:
                    machine.top_up(till, which, 20000, chance.random() < 0.5)
                machine.both_stand_alike()
        finally:
            machine.teardown()
    swaps = [each for each in machine.model.documents if each.kind == "exchange"]
    assert len(swaps) > 10
    assert any(each.reversed for each in swaps)
    assert any(each.returned_qty for each in swaps)
    assert {kind for each in swaps for kind, _ in each.tenders} >= {"cash", "principal"}
    assert chain.rows("select * from ledger.verify()") == []
