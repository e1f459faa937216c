"""Recharge rules: what a top-up of so much brings, at once and month by month, and which coupons with it.

Always true: the parts add up to the whole, all but the first are equal, and the door grants no other first
part (a property test holds both against each other).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyuan.domain.model.rules import RuleFamily, RuleVersion


@dataclass(frozen=True, slots=True)
class Offer:
    """What a rule gives for an amount, minor units; `parts` of `part_minor` each come in later months.

    `coupons` are series (a rule's id) and pieces.
    """

    rule: int
    version: int
    name: str
    whole_minor: int
    now_minor: int
    part_minor: int = 0
    parts: int = 0
    coupons: tuple[tuple[int, int], ...] = ()


def step_gives(step: Mapping[str, Any], amount_minor: int, *, repeats: bool) -> int:
    """One step's bonus for an amount that reaches it, rounded down to a whole minor unit."""
    if "give_minor" in step:
        return int(step["give_minor"]) * (amount_minor // int(step["from_minor"]) if repeats else 1)
    return amount_minor * int(step["give_bp"]) // 10_000


def recharge_offer(rule: RuleVersion, amount_minor: int, *, card_type: str = "") -> Offer | None:
    """What this rule gives; None where it gives nothing for so much, or not on cards of this type."""
    body = rule.body
    types = body.get("card_types")
    steps = [step for step in body.get("steps", ()) if int(step["from_minor"]) <= amount_minor]
    if not steps or amount_minor < rule.min_minor or (types is not None and card_type not in types):
        return None
    highest = max(steps, key=lambda step: int(step["from_minor"]))
    whole = step_gives(highest, amount_minor, repeats=body.get("repeats") is True)
    if rule.max_document_minor is not None:
        whole = min(whole, rule.max_document_minor)
    months = int(body.get("months", 1))
    part = whole // months if months > 1 else 0
    coupons = tuple((int(row["rule"]), int(row["pieces"])) for row in body.get("coupons", ()))
    if not whole and not coupons:
        return None
    later = months - 1 if part else 0
    return Offer(rule.rule, rule.version, rule.name, whole, whole - part * later, part, later, coupons)


def best_offer(
    rules: Iterable[RuleVersion], *, amount_minor: int, tier: int | None, card_type: str = ""
) -> Offer | None:
    """The recharge rule that gives most in the end, ties to the lowest rule id; None if none gives."""
    offers = [
        offer
        for rule in rules
        if rule.family is RuleFamily.RECHARGE and rule.holds_for(tier)
        if (offer := recharge_offer(rule, amount_minor, card_type=card_type)) is not None
    ]
    return max(offers, key=lambda offer: (offer.whole_minor, -offer.rule), default=None)
