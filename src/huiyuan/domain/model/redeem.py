"""Points as money: what a rule lets points pay, and how many that costs. The door has the same figures.

Always true: what is offered stays within its rule version; the points are the least that cover the amount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.rules import RuleFamily, RuleVersion

PER: Final = 10_000


@dataclass(frozen=True, slots=True)
class Redemption:
    """So many points of a wallet stand for so many minor units, by this version of a rule."""

    rule: int
    version: int
    points: int
    amount_minor: int


def points_needed(rule: RuleVersion, amount_minor: int) -> int:
    """What an amount costs in points: `ceil(amount * points_rate / 10,000)`."""
    return -(-amount_minor * (rule.points_rate or 0) // PER)


def least_points(rule: RuleVersion) -> int:
    """The fewest points that the rule takes in one sale."""
    least = rule.body.get("min_points", 1)
    return least if isinstance(least, int) else int(str(least))


def most_minor(rule: RuleVersion, *, total_minor: int, due_minor: int, points: int) -> int:
    """The most that `points` may pay of what is due of a sale by this rule; 0 if it does not hold."""
    if not rule.points_rate or rule.max_bp is None or total_minor < rule.min_minor:
        return 0
    most = min(total_minor * rule.max_bp // PER, due_minor, points * PER // rule.points_rate)
    if rule.max_document_minor is not None:
        most = min(most, rule.max_document_minor)
    return most if most > 0 and points_needed(rule, most) >= least_points(rule) else 0


def best_redemption(
    rules: Iterable[RuleVersion], *, total_minor: int, due_minor: int, points: int, tier: int | None
) -> Redemption | None:
    """The most that points may pay now, by the rule that pays most; ties to the fewest points.

    Args:
        total_minor: what the whole sale comes to; a rule bounds its share of that.
        due_minor: what is still to be paid.
        points: what the wallet may spend: what it holds less what it owes.
        tier: of the member, None for nobody.

    Returns:
        None if no rule lets them pay anything.
    """
    offers = [
        (most, -points_needed(rule, most), -rule.rule, rule)
        for rule in rules
        if rule.family is RuleFamily.REDEEM and rule.holds_for(tier)
        for most in [most_minor(rule, total_minor=total_minor, due_minor=due_minor, points=points)]
        if most
    ]
    if not offers:
        return None
    most, cost, _, rule = max(offers, key=lambda offer: offer[:3])
    return Redemption(rule=rule.rule, version=rule.version, points=-cost, amount_minor=most)


def worth_minor(rules: Iterable[RuleVersion], *, points: int, tier: int | None) -> int:
    """What points are worth in money by the rule that is best for them, whatever its share of a sale."""
    rates = [
        rule.points_rate
        for rule in rules
        if rule.family is RuleFamily.REDEEM and rule.holds_for(tier) and rule.points_rate
    ]
    return points * PER // min(rates) if rates and points > 0 else 0


def redeem(
    rules: Iterable[RuleVersion],
    *,
    total_minor: int,
    due_minor: int,
    points: int,
    tier: int | None,
    wanted_minor: int | None = None,
) -> Redemption:
    """As `best_redemption`, or exactly `wanted_minor` of it.

    Raises:
        Refused: `redeem_refused` (most): points may not pay that much, or so little.
    """
    known = tuple(rules)
    best = best_redemption(known, total_minor=total_minor, due_minor=due_minor, points=points, tier=tier)
    if best is None or wanted_minor is None:
        if best is None:
            raise Refused("redeem_refused", {"most": 0})
        return best
    rule = next(each for each in known if (each.rule, each.version) == (best.rule, best.version))
    cost = points_needed(rule, wanted_minor)
    if not 0 < wanted_minor <= best.amount_minor or cost < least_points(rule):
        raise Refused("redeem_refused", {"most": best.amount_minor})
    return Redemption(best.rule, best.version, cost, wanted_minor)


def exchanges(
    rules: Iterable[RuleVersion],
    goods: Iterable[tuple[int, int, int]],
    *,
    due_minor: int,
    points: int,
    tier: int | None,
) -> list[tuple[RuleVersion, Redemption]]:
    """What points and a little money buy of this basket: as many pieces as points and goods allow.

    Args:
        goods: product, quantity in thousandths and total of each line.
        due_minor: what is still to be paid; points pay no more.
        points: what the wallet may spend.
        tier: of the member, None for nobody.

    Returns:
        Rules whose body names a `product`, so many `points` and a `price_minor` a piece, with what they pay.
    """
    lines = tuple(goods)
    found: list[tuple[RuleVersion, Redemption]] = []
    for rule in rules:
        body = rule.body
        if rule.family is not RuleFamily.REDEEM or "product" not in body or not rule.holds_for(tier):
            continue
        mine = [line for line in lines if line[0] == int(body["product"])]
        qty, total = sum(line[1] for line in mine), sum(line[2] for line in mine)
        for pieces in range(min(qty // 1000, points // int(body["points"])), 0, -1):
            amount = total * pieces * 1000 // qty - pieces * int(body["price_minor"])
            if 0 < amount <= due_minor:
                cost = pieces * int(body["points"])
                found.append((rule, Redemption(rule.rule, rule.version, cost, amount)))
                break
    return found
