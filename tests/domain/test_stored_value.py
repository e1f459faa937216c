"""Stored value: how a demand is split between what was paid in and what was granted."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stored_value import SpendPolicy, split_stored


@pytest.mark.parametrize(
    ("policy", "amount", "shares"),
    [
        (SpendPolicy.PRINCIPAL_FIRST, 350, (300, 50)),
        (SpendPolicy.BONUS_FIRST, 120, (0, 120)),
        (SpendPolicy.BONUS_FIRST, 300, (50, 250)),
        (SpendPolicy.PRO_RATA, 11, (6, 5)),
        (SpendPolicy.PRO_RATA, 550, (300, 250)),
    ],
)
def test_a_demand_is_split_like_this(policy: SpendPolicy, amount: int, shares: tuple[int, int]) -> None:
    assert split_stored(policy, amount, principal_minor=300, bonus_minor=250) == shares


def test_more_than_there_is_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        split_stored(SpendPolicy.BONUS_FIRST, 551, principal_minor=300, bonus_minor=250)
    assert refused.value.code == "insufficient"
    assert refused.value.facts["balance"] == 550


@given(st.sampled_from(list(SpendPolicy)), st.integers(0, 10**9), st.integers(0, 10**9), st.data())
def test_neither_share_is_more_than_its_account_holds(
    policy: SpendPolicy, principal: int, bonus: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, principal + bonus))
    shares = split_stored(policy, amount, principal_minor=principal, bonus_minor=bonus)
    assert sum(shares) == amount
    assert 0 <= shares[0] <= principal
    assert 0 <= shares[1] <= bonus
