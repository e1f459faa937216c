"""Coupons that a sale earns: for every so much of its total one code of a series, at most so many a sale.

Always true: what is earned here the door gives, and no more; it depends on the total alone, so it is known
before anybody pays.
"""

from __future__ import annotations

from huiyuan.domain.model.coupon import Series, series_terms_of
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.rules import RuleFamily, RuleVersion


def earned_coupons(priced: Priced) -> tuple[tuple[Series, int], ...]:
    """Series and how many codes of each, in the order of the rules; nothing at a total of nothing."""
    return tuple((series_of_rule(rule), count) for rule in priced.rules if (count := _count(rule, priced)))


def series_of_rule(rule: RuleVersion) -> Series:
    """The series that a rule of the family `coupon` is."""
    columns = {
        "max_document_minor": rule.max_document_minor,
        "min_minor": rule.min_minor,
        "term_days": rule.term_days,
    }
    return series_terms_of(rule.rule, rule.version, rule.name, columns=columns, body=rule.body)


def _count(rule: RuleVersion, priced: Priced) -> int:
    every = rule.body.get("earn_minor")
    if rule.family is not RuleFamily.COUPON or not every or not rule.holds_for(priced.cart.tier):
        return 0
    moment = priced.terms.moment
    if moment is not None:
        last = series_of_rule(rule).last_day(moment.date())
        if last is None or last < moment.date():
            return 0
    return int(min(priced.total_minor // every, rule.body.get("per_sale", 1)))
