"""The allocator: conserves, keeps to the policy, never touches an expired lot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import assume, given, strategies as st

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stored_value import Lot, SpendPolicy, allocate_lots, split_stored, usable
from tests.domain.builders import AT


def lot(id: int, account: str, amount: int, days: int | None = None) -> Lot:
    return Lot(id, account, amount, None if days is None else AT + timedelta(days=days))


LOTS = [
    lot(1, "principal", 300),
    lot(2, "bonus", 100, days=30),
    lot(3, "bonus", 100, days=10),
    lot(4, "bonus", 100, days=-1),
    lot(5, "bonus", 50),
]


@pytest.mark.parametrize(
    ("policy", "amount", "takes"),
    [
        (SpendPolicy.PRINCIPAL_FIRST, 350, [(1, 300), (3, 50)]),
        (SpendPolicy.BONUS_FIRST, 120, [(3, 100), (2, 20)]),
        (SpendPolicy.BONUS_FIRST, 300, [(1, 50), (3, 100), (2, 100), (5, 50)]),
        (SpendPolicy.PRO_RATA, 11, [(1, 6), (3, 5)]),
        (SpendPolicy.PRO_RATA, 550, [(1, 300), (3, 100), (2, 100), (5, 50)]),
    ],
)
def test_a_demand_is_taken_from_these_lots(
    policy: SpendPolicy, amount: int, takes: list[tuple[int, int]]
) -> None:
    taken = allocate_lots(LOTS, amount, policy=policy, at=AT)
    assert [(take.lot, take.amount_minor) for take in taken] == takes


def test_an_expired_lot_is_no_balance() -> None:
    with pytest.raises(Refused) as refused:
        allocate_lots(LOTS, 551, policy=SpendPolicy.BONUS_FIRST, at=AT)
    assert refused.value.code == "insufficient"
    assert refused.value.facts["balance"] == 550


def test_a_lot_that_ends_this_moment_has_ended() -> None:
    assert usable([Lot(1, "bonus", 5, AT)], AT) == []


lots_drawn = st.lists(
    st.tuples(
        st.sampled_from(["principal", "bonus"]), st.integers(0, 10**6), st.none() | st.integers(-5, 50)
    ),
    max_size=10,
)


@given(lots_drawn, st.sampled_from(list(SpendPolicy)), st.integers(1, 3 * 10**6))
def test_the_takes_add_up_and_no_lot_gives_more_than_it_has(
    drawn: list[tuple[str, int, int | None]], policy: SpendPolicy, amount: int
) -> None:
    lots = [lot(i, account, held, days) for i, (account, held, days) in enumerate(drawn)]
    live = {each.id: each for each in usable(lots, AT)}
    assume(amount <= sum(each.remaining_minor for each in live.values()))
    taken = allocate_lots(lots, amount, policy=policy, at=AT)
    assert sum(take.amount_minor for take in taken) == amount
    assert len({take.lot for take in taken}) == len(taken)
    for take in taken:
        assert 0 < take.amount_minor <= live[take.lot].remaining_minor


@given(st.sampled_from(list(SpendPolicy)), st.integers(0, 10**9), st.integers(0, 10**9), st.data())
def test_neither_share_is_more_than_its_account_holds(
    policy: SpendPolicy, principal: int, bonus: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, principal + bonus))
    shares = split_stored(policy, amount, principal_minor=principal, bonus_minor=bonus)
    assert sum(shares) == amount
    assert 0 <= shares[0] <= principal
    assert 0 <= shares[1] <= bonus


def test_a_demand_of_nothing_is_no_demand() -> None:
    with pytest.raises(ValueError, match="above zero"):
        allocate_lots(LOTS, 0, policy=SpendPolicy.BONUS_FIRST, at=AT)
