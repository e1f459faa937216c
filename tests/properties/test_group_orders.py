"""Joining and leaving at random: the tier is the one that a plain count reaches, and so are the codes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.group_orders import closing, group_order, join, leaving, read, series, standing_places
from tests.small_chain import SmallChain

STEPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=1, max_size=14)
TIERS = st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, tiers=TIERS)
def test_the_tier_and_the_codes_are_what_a_count_says(
    chain: SmallChain, steps: list[tuple[int, int]], tiers: list[int]
) -> None:
    chain.begin_test()
    desk = chain.seat(staff=chain.managers[0])
    rules = {pieces: series(chain, pieces) for pieces in tiers}
    order = group_order(desk, *rules.items())
    members = [chain.member() for _ in range(5)]
    places: dict[int, tuple[str, int]] = {}
    for who, pieces in steps:  # no pieces: whoever it is leaves
        if who in places:
            place, _ = places.pop(who)
            leaving(desk, order, place)
        if pieces:
            places[who] = (join(desk, order, members[who], pieces), pieces)

    count = sum(pieces for _, pieces in places.values())
    found = read(desk, order)
    assert found["qty_milli"] == 1000 * count
    assert found["members"] == len(places)
    expected = sorted((members[who], pieces) for who, (_, pieces) in places.items())
    assert sorted(standing_places(found)) == expected
    best = max((pieces for pieces in tiers if pieces <= count), default=None)
    answer = desk.post(closing(desk, order))
    if not count:
        assert answer["refused"] == "empty_document"
        return
    if best is None:
        assert answer["facts"] == {"why": "short", "qty_milli": 1000 * (min(tiers) - count)}
        return
    assert "refused" not in answer, answer
    given_out = chain.rows(
        "select holder, count(*)::int from shop.coupon where issued_by = %s and rule = %s group by 1"
        " order by 1",
        answer["id"], rules[best],
    )  # fmt: skip
    assert given_out == expected
