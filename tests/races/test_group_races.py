"""A group-buy order closed at many counters in the same moment, and joined or left while it closes."""

from __future__ import annotations

from collections import Counter
from functools import partial

from tests.group_orders import closing, group_order, join, joining, leaving, read, series, standing_places
from tests.races.barrier import Outcome, race
from tests.small_chain import SmallChain


def told(outcomes: list[Outcome]) -> Counter[str]:
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    return Counter(each.answer["facts"]["why"] if each.refused else "done" for each in outcomes)


def test_closed_at_six_counters_its_coupons_are_out_once(chain: SmallChain) -> None:
    desks = [chain.seat(staff=chain.managers[0]) for _ in range(6)]
    rule = series(chain)
    order, members = group_order(desks[0], (2, rule)), [chain.member() for _ in range(3)]
    for member in members:
        join(desks[0], order, member, 2)
    bodies = [(desk, closing(desk, order)) for desk in desks]
    outcomes = race([partial(desk.post, body) for desk, body in bodies])
    assert told(outcomes) == {"done": 1, "closed": 5}
    given = "select count(*) from shop.coupon where holder = any (%s)"
    assert chain.value(given, members) == 6
    bare = [(desk, closing(desk, order)) for desk in desks]
    for _, body in bare:
        del body["group_order"]
    control = race([partial(desk.post, body) for desk, body in bare])
    assert told(control) == {"done": 6}, "the control: without the order each counter gives its codes out"
    assert chain.value(given, members) == 6 + 36


def test_who_joins_or_leaves_while_it_closes_is_in_or_out(chain: SmallChain) -> None:
    desk, *others = [chain.seat(staff=chain.managers[0]) for _ in range(4)]
    order, stays = group_order(desk, (1, series(chain))), chain.member()
    join(desk, order, stays)
    place = join(desk, order, chain.member())
    body, late = closing(desk, order), [chain.member() for _ in others[1:]]
    outcomes = race([
        partial(desk.post, body),
        partial(leaving, others[0], order, place),
        *[partial(joining, seat, order, member) for seat, member in zip(others[1:], late, strict=True)],
    ])  # fmt: skip
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    found = read(desk, order)
    if found["state"] == "open":  # somebody was first: the codes were not what stood
        assert outcomes[0].answer["facts"]["why"] == "places"
        assert "refused" not in desk.post(closing(desk, order))
    else:
        assert told(outcomes[1:]) == {"closed": 3}
    standing = sorted(member for member, count in standing_places(read(desk, order)) for _ in range(count))
    holders = chain.rows(
        "select c.holder from shop.coupon c join shop.group_order g on g.document = c.issued_by"
        " where g.id = %s order by 1", order,
    )  # fmt: skip
    assert [holder for (holder,) in holders] == standing
