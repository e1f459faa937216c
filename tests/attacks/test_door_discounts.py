"""Discounts and grants that nobody gave: every source stays within the bounds of its version."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    AHEAD,
    BONUS,
    BREAD,
    ELSEWHERE,
    GOLD,
    OVER,
    POINTS,
    PROMOTION,
    SOUTH,
    TIER,
    UNAPPROVED,
    Seat,
    SmallChain,
    cash,
    line,
    off,
    points,
)  # fmt: skip


def loaves(seat: Seat, total: int, *adjustments: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Three loaves of bread worth 10.50 for `total`."""
    return seat.document(
        "sale", lines=[line(1, BREAD, 3000, 350, 1050, total)], adjustments=list(adjustments),
        tenders=[cash(total)], total_minor=total, **parts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "version", "amount", "most"),
    [
        (PROMOTION, 2, 211, 210),
        (PROMOTION, 1, 210, 0),
        (PROMOTION, 3, 210, 0),
        (ELSEWHERE, 1, 210, 0),
        (OVER, 1, 210, 0),
        (AHEAD, 1, 210, 0),
        (UNAPPROVED, 1, 210, 0),
        (999, 1, 210, 0),
        (TIER, 1, 105, 0),
        (POINTS, 1, 10, 0),
        (BONUS, 1, 10, 0),
        (None, None, 210, 0),
    ],
    ids=["above", "old version", "no version", "other store", "over", "not yet", "unapproved", "unknown",
         "a tier's", "a points rule", "a bonus rule", "unnamed"],
)  # fmt: skip
def test_a_promotion_that_does_not_hold_here(
    seat: Seat, rule: int | None, version: int | None, amount: int, most: int
) -> None:
    body = loaves(seat, 1050 - amount, off(1, "promotion", amount, rule, version))
    refuse(seat, body, "adjustment_refused", line=1, source="promotion", most=most)

    allowed = loaves(seat, 840, off(1, "promotion", 210, PROMOTION, 2))
    assert "refused" not in seat.post(allowed)


def test_a_promotion_stays_within_its_line_its_document_and_its_least_basket(seat: Seat) -> None:
    one = off(1, "promotion", 301, PROMOTION, 2)
    body = seat.document(
        "sale", lines=[line(1, BREAD, 6000, 350, 2100, 1799)], adjustments=[one], tenders=[cash(1799)],
        total_minor=1799,
    )  # fmt: skip
    refuse(seat, body, "adjustment_refused", most=300)

    two = [off(1, "promotion", 300, PROMOTION, 2), off(2, "promotion", 201, PROMOTION, 2)]
    lines = [line(1, BREAD, 6000, 350, 2100, 1800), line(2, BREAD, 6000, 350, 2100, 1899)]
    body = seat.document("sale", lines=lines, adjustments=two, tenders=[cash(3699)], total_minor=3699)
    refuse(seat, body, "adjustment_refused", rule=PROMOTION)

    small = seat.document(
        "sale", lines=[line(1, BREAD, 2000, 350, 700, 650)],
        adjustments=[off(1, "promotion", 50, PROMOTION, 2)], tenders=[cash(650)], total_minor=650,
    )  # fmt: skip
    refuse(seat, small, "adjustment_refused", rule=PROMOTION)

    two[1]["amount_minor"] = 200
    lines[1]["total_minor"] = 1900
    seat.done("sale", lines=lines, adjustments=two, tenders=[cash(3700)], total_minor=3700)


def test_a_discount_split_into_pieces_is_one_discount(seat: Seat) -> None:
    pieces = [off(1, "promotion", 105, PROMOTION, 2)] * 3

    refuse(seat, loaves(seat, 735, *pieces), "adjustment_refused", most=210)


def test_a_tier_discount_is_for_members_of_the_tier(seat: Seat, chain: SmallChain) -> None:
    gold, base = chain.card(seat, tier=GOLD), chain.card(seat)
    tenth = off(1, "tier", 105, TIER, 1)

    refuse(seat, loaves(seat, 945, tenth), "adjustment_refused", source="tier", most=0)
    refuse(seat, loaves(seat, 945, tenth, wallet=base.wallet), "adjustment_refused", source="tier")
    more = off(1, "tier", 106, TIER, 1)
    refuse(seat, loaves(seat, 944, more, wallet=gold.wallet), "adjustment_refused", most=105)
    for source in ("promotion", "gift", "coupon", "rule", "manager"):
        body = loaves(seat, 945, {**tenth, "source": source}, wallet=gold.wallet)
        refuse(seat, body, "adjustment_refused", source=source)

    assert "refused" not in seat.post(loaves(seat, 945, tenth, wallet=gold.wallet))


def test_a_manual_discount_stays_within_the_persons_own_limit(seat: Seat, chain: SmallChain) -> None:
    refuse(seat, loaves(seat, 997, off(1, "manual", 53)), "approval_needed", permission="discount", limit=52)
    assert "refused" not in seat.post(loaves(seat, 998, off(1, "manual", 52)))
    trainee = chain.open_seat(staff=chain.person("trainee", 1))
    refuse(trainee, loaves(trainee, 1049, off(1, "manual", 1)), "approval_needed", permission="discount")

    body = loaves(seat, 525, off(1, "manual", 525))
    assert "refused" not in seat.post(body, seat.approved(body)), "half off: a manager's limit"
    beyond = loaves(seat, 524, off(1, "manual", 526))
    refuse(seat, beyond, "approval_needed", seat.approved(beyond), limit=525)


def test_a_manual_discount_under_many_names_is_one_discount(seat: Seat) -> None:
    """Else each made-up rule number would bring the person's limit once more."""
    names = [off(1, "manual", 52), *(off(1, "manual", 52, rule, 1) for rule in (1, 2, 3))]

    refuse(seat, loaves(seat, 1050 - 4 * 52, *names), "adjustment_refused", source="manual")


def change_over(chain: SmallChain, family: str, columns: str, values: str) -> int:
    """A rule whose first version gave way to the second five minutes ago, so that both are within grace."""
    rule = chain.value("insert into shop.rule(family, name) values (%s, 'x') returning id", family)
    chain.run(
        f"insert into shop.rule_version(rule, version, valid_from, valid_to, {columns})"
        f" values (%s, 1, now() - interval '1 day', now() - interval '5 minutes', {values}),"
        f" (%s, 2, now() - interval '5 minutes', null, {values})",
        rule, rule,
    )  # fmt: skip
    return int(rule)


def test_a_new_version_is_not_a_second_discount(seat: Seat, chain: SmallChain) -> None:
    rule = change_over(chain, "promotion", "max_bp", "1000")
    both = [off(1, "promotion", 105, rule, 1), off(1, "promotion", 105, rule, 2)]
    refuse(seat, loaves(seat, 840, *both), "adjustment_refused", rule=rule)

    for version in (1, 2):
        assert "refused" not in seat.post(loaves(seat, 945, off(1, "promotion", 105, rule, version)))


def test_a_new_version_is_not_a_second_grant(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    rule = change_over(chain, "points", "points_rate", "100")
    grants = [{**points(10), "rule": rule, "version": version} for version in (1, 2)]
    refuse(seat, loaves(seat, 1050, wallet=card.wallet, grants=grants), "grant_refused", rule=rule)

    for grant in grants:
        assert "refused" not in seat.post(loaves(seat, 1050, wallet=card.wallet, grants=[grant]))


def test_a_discount_does_not_travel_to_a_line_that_is_not_there(seat: Seat) -> None:
    refuse(seat, loaves(seat, 1050, off(7, "promotion", 210, PROMOTION, 2)), "arithmetic", line=7)


def test_the_rule_of_another_store_holds_there(chain: SmallChain) -> None:
    south = chain.open_seat(SOUTH)
    half = off(1, "promotion", 450, ELSEWHERE, 1)

    south.done(
        "sale", lines=[line(1, BREAD, 3000, 300, 900, 450)], adjustments=[half], tenders=[cash(450)],
        total_minor=450,
    )  # fmt: skip


def crumbs(seat: Seat, n: int, qty: int, value: int, total: int, adjustments: list[dict[str, Any]]) -> Any:
    """A loaf of bread, 3.50 a piece, sold in `n` lines of `qty` thousandths each."""
    lines = [line(each, BREAD, qty, 350, value, total) for each in range(1, n + 1)]
    return seat.document(
        "sale", lines=lines, adjustments=adjustments, tenders=[cash(n * total)] if total else [],
        total_minor=n * total,
    )  # fmt: skip


def test_goods_in_crumbs_cost_what_they_cost_whole(seat: Seat) -> None:
    """Each line may round by a fen; over the whole document that must not add up to the goods."""
    refuse(seat, crumbs(seat, 350, 2, 0, 0, []), "arithmetic", section="lines")
    refuse(seat, crumbs(seat, 100, 10, 3, 3, []), "arithmetic", section="lines")

    assert "refused" not in seat.post(crumbs(seat, 10, 101, 35, 35, []))


def test_a_discount_in_crumbs_is_no_larger(seat: Seat, chain: SmallChain) -> None:
    """Half of 0.07 rounds down on every line, as it does on one."""
    for n, source in ((10, "manual"), (100, "manual")):
        off_all = [off(each, source, 1) for each in range(1, n + 1)]
        refuse(seat, crumbs(seat, n, 20, 7, 6, off_all), "approval_needed", limit=0)
    seat.sign_in(chain.managers[0])
    off_all = [off(each, "manual", 4) for each in range(1, 101)]
    refuse(seat, crumbs(seat, 100, 20, 7, 3, off_all), "approval_needed", limit=3)
    gold = chain.card(seat, tier=GOLD)
    tenth = [off(each, "tier", 1, TIER, 1) for each in range(1, 101)]
    body = crumbs(seat, 100, 20, 7, 6, tenth)
    refuse(seat, {**body, "wallet": gold.wallet}, "adjustment_refused", most=0)

    allowed = crumbs(seat, 100, 20, 7, 4, [off(each, "manual", 3) for each in range(1, 101)])
    assert "refused" not in seat.post(allowed)
