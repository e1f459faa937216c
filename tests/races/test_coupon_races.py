"""The same code at eight tills in the same moment: it pays once, in every order, with a control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.coupons import DATED, by_coupon, give_out, line, sale
from tests.promotions import publish
from tests.races.barrier import race
from tests.small_chain import BREAD, Seat, SmallChain


def with_code(seat: Seat, rule: int, *tokens: str) -> dict[str, Any]:
    """The body of four loaves with these codes."""
    rows = [by_coupon(1, 100, rule, token) for token in tokens]
    return sale(seat, [line(1, BREAD, 4000, 350, 1400)], rows)


def with_codes(seat: Seat, rule: int, *tokens: str) -> Callable[[], Any]:
    """The same, to be sent."""
    return partial(seat.post, with_code(seat, rule, *tokens))


def told(outcomes: list[Any]) -> Counter[str]:
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    answers = [each.answer for each in outcomes]
    return Counter(answer["facts"]["why"] if "refused" in answer else "sold" for answer in answers)


def test_one_code_at_eight_tills_and_eight_codes_beside(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(8)]
    rule = publish(chain, {"kind": "off", "off_minor": 100}, family="coupon", **DATED)
    (token,) = give_out(chain, tills[0], rule)
    assert told(race([with_codes(till, rule, token) for till in tills])) == {"sold": 1, "used": 7}
    codes = give_out(chain, tills[0], rule, 8)
    control = [with_codes(till, rule, code) for till, code in zip(tills, codes, strict=True)]
    assert told(race(control)) == {"sold": 8}, "the control: every till with a code of its own"


def test_two_codes_in_either_order_do_not_wait_for_each_other(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(4)]
    rule = publish(chain, {"kind": "off", "off_minor": 100, "per_sale": 2}, family="coupon", **DATED)
    one, two = give_out(chain, tills[0], rule, 2)
    orders = [(one, two), (two, one), (one, two), (two, one)]
    outcomes = race([with_codes(till, rule, *pair) for till, pair in zip(tills, orders, strict=True)])
    assert told(outcomes) == {"sold": 1, "used": 3}
