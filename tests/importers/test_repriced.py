"""The source's discounts as promotions of ours: what its lines come to under them, and how many agree."""

from __future__ import annotations

import sys
from functools import cache
from typing import Final

import pytest

from huiyuan.domain.model.promotion import AmountOff, FixedPrice, Group, Percent
from huiyuan.repositories.importers.retail_rows import Basket
from tests.importers.promoted import Coupons, Made, Seen, Witnesses, rule_of
from tests.importers.repriced import Repricing, Verdicts, Way
from tests.importers.rung_up import baskets_of
from tests.importers.test_rung_up import MISSING, SHARED

real = pytest.mark.skipif(not SHARED.is_dir(), reason=MISSING)


def seen(pieces: int, shelf: int, off: int) -> Seen:
    return Seen(1, "1", pieces, shelf, off)


@pytest.mark.parametrize(
    ("witnesses", "weighed", "made"),
    [
        ([seen(1, 299, 0), seen(2, 598, 0)], False, None),
        ([seen(1, 299, 100), seen(2, 598, 200)], False, FixedPrice(199)),
        # The shelf price moved inside the week: only one wording says both, then the other.
        ([seen(1, 299, 100), seen(1, 319, 120)], False, FixedPrice(199)),
        ([seen(1, 299, 100), seen(1, 319, 100)], False, AmountOff(100)),
        # The second piece is free: one alone costs what it costs.
        ([seen(1, 299, 0), seen(2, 598, 299), seen(3, 897, 299)], False, Group(2, 1, 10_000)),
        ([seen(1, 300, 0), seen(2, 600, 150)], False, Group(2, 1, 5_000)),
        # Meat: no two pieces cost the same, all of them a quarter less.
        ([seen(1, 1234, 308), seen(1, 987, 246), seen(1, 1501, 375)], True, Percent(2_500)),
        # One customer with a discount of her own among three without: most are believed.
        ([seen(1, 299, 0), seen(1, 299, 30), seen(1, 299, 0)], False, None),
    ],
)
def test_a_rule_is_read_off_what_lines_show(witnesses: list[Seen], weighed: bool, made: Made | None) -> None:
    assert rule_of(witnesses, weighed=weighed) == made


@cache
def source() -> tuple[list[Basket], Witnesses, Coupons]:
    folder = SHARED / "retail"
    baskets = baskets_of(folder)
    return baskets, Witnesses(baskets), Coupons(folder, baskets)


def told(words: str, verdicts: Verdicts) -> Verdicts:
    """Printed as the README states it."""
    agree, judged = verdicts.share()
    lowered, of = verdicts.share(lowered=True)
    kinds = sorted({kind for kind, _ in verdicts.agree + verdicts.differ})
    by_kind = ", ".join(
        f"{kind} {sum(verdicts.agree[kind, off] for off in (True, False))} of "
        f"{sum((verdicts.agree + verdicts.differ)[kind, off] for off in (True, False))}"
        for kind in kinds
    )
    sys.stdout.write(
        f"\n{words}: {agree} of {judged} lines agree to the cent ({agree * 1000 // judged / 10} %), of those"
        f" that the shop lowered {lowered} of {of}; by a cent a piece {verdicts.near} more; {by_kind};"
        f" {verdicts.unjudged.total()} without a witness; not to be said {dict(verdicts.unsayable)};"
        f" coupons {dict(verdicts.codes)}\n"
    )
    return verdicts


WAYS: Final = {
    "own store, price and promotion from others": (Way(label=False), (6_889, 9_425), (3_775, 4_937)),
    "own store, the line's own shelf price": (Way(whole_week=True), (8_560, 9_425), (4_171, 4_937)),
    "any store, price and promotion from others": (
        Way(chain=True, label=False),
        (18_311, 24_242),
        (10_263, 12_929),
    ),
    "any store, the line's own shelf price": (Way(chain=True), (22_234, 24_242), (11_138, 12_929)),
    "each line its own witness: what wordings can say": (
        Way(itself=True),
        (55_999, 56_347),
        (27_140, 27_461),
    ),
}


@pytest.mark.soak
@real
@pytest.mark.parametrize("words", WAYS)
def test_real_lines_priced_by_promotions_that_other_baskets_show(words: str) -> None:
    way, of_all, of_lowered = WAYS[words]
    baskets, witnesses, coupons = source()
    verdicts = told(words, Repricing(baskets, witnesses, coupons, way).run())
    assert verdicts.lines == sum(len(basket.lines) for basket in baskets) == 59_100
    assert verdicts.share() == of_all
    assert verdicts.share(lowered=True) == of_lowered
    assert dict(verdicts.unsayable) == {
        "two weights": 659,
        "nothing": 405,
        "fuel": 855,
        "a coupon of no list": 834,
    }
    assert dict(verdicts.codes) == {
        "agrees": 12,
        "differs": 4,
        "its worth is known from itself only": 5,
        "no line of its list shows it": 21,
    }


@pytest.mark.soak
@real
def test_promotions_that_are_a_cent_wrong_agree_with_hardly_a_lowered_line() -> None:
    """A control: the figures above come from the promotions, not from the way they are counted."""
    baskets, witnesses, coupons = source()
    one_store = [basket for basket in baskets if basket.store == "367"]
    right = Repricing(one_store, witnesses, coupons, Way()).run().share(lowered=True)
    wrong = Repricing(one_store, witnesses, coupons, Way(wrong_by=1)).run().share(lowered=True)
    assert right[1] == wrong[1] > 500
    assert right[0] * 4 > right[1] * 3
    assert wrong[0] * 4 < wrong[1]
