"""What a top-up shows before it is paid is what the door grants: one rule, worked out twice."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from huiyuan.domain.model.recharge import EVERY, PARTS_MAX, recharge_offer
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from tests.small_chain import SmallChain

_points = st.integers(1, 10**6).map(lambda n: {"points": n})
_money = st.one_of(
    st.integers(0, 10**6).map(lambda n: {"give_minor": n}), st.integers(1, 9999).map(lambda n: {"give_bp": n})
)
_gift = st.one_of(_money, _points, st.tuples(_money, _points).map(lambda both: both[0] | both[1]))
_parts = st.sampled_from(EVERY).flatmap(
    lambda every: st.integers(2, PARTS_MAX[every]).map(lambda n: {every: n})
)
_steps = st.dictionaries(st.integers(1, 10**6), _gift, min_size=1, max_size=4)
_most = st.one_of(st.none(), st.integers(0, 10**6))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=_steps,
    parts=st.one_of(st.just({}), st.just({"months": 1}), _parts),
    repeats=st.booleans(),
    most=_most,
    amount=st.integers(1, 10**7),
)
def test_the_offer_is_what_the_door_gives(
    chain: SmallChain,
    steps: dict[int, dict[str, int]],
    parts: dict[str, int],
    repeats: bool,
    most: int | None,
    amount: int,
) -> None:
    body: dict[str, Any] = {"steps": [{"from_minor": at} | gift for at, gift in steps.items()]}
    body |= parts | ({"repeats": True} if repeats else {})
    version = RuleVersion(1, 1, RuleFamily.RECHARGE, "x", max_document_minor=most, body=body)
    query = (
        "select array[ledger.recharge_bonus(b, m, a), ledger.recharge_now(b, m, a),"
        " ledger.recharge_part(b, m, a), ledger.recharge_points(b, a)]"
        " from (select %s::jsonb, %s::bigint, %s::bigint) x(b, m, a)"
    )

    offer = recharge_offer(version, amount)

    door = chain.value(query, json.dumps(body), most, amount)
    given = [offer.whole_minor, offer.now_minor, offer.part_minor, offer.points] if offer else [0, 0, 0, 0]
    assert door == given
    assert offer is None or offer.now_minor + offer.parts * offer.part_minor == offer.whole_minor
