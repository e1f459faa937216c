"""Recharge rules at the counter: which of several gives, and the form in which one is written down."""

from __future__ import annotations

from typing import Any

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import CardTerms
from huiyuan.domain.model.recharge import recharge_offer, recharge_offers
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.value_form import RECHARGE, value_terms, value_typed
from tests.domain.builders import rule

SMALL = rule(RuleFamily.BONUS, id=1, max_bp=500)
LARGE = rule(RuleFamily.BONUS, id=2, max_bp=1000, min_minor=50_000, max_document_minor=6_000)
POINTS = rule(RuleFamily.RECHARGE, id=3, body={"steps": [{"from_minor": 10_000, "points": 200}]})
BOTH = rule(
    RuleFamily.RECHARGE, id=4, body={"steps": [{"from_minor": 20_000, "give_minor": 1_000, "points": 50}]}
)


@pytest.mark.parametrize(
    ("amount", "best"),
    [
        (9_999, (1, 499, 0)),
        (10_000, (1, 500, 0)),
        (20_000, (4, 1_000, 50)),
        (50_000, (2, 5_000, 0)),
        (100_000, (2, 6_000, 0)),
    ],
)
def test_most_money_first_then_most_points(amount: int, best: tuple[int, int, int]) -> None:
    offers = recharge_offers([SMALL, LARGE, POINTS, BOTH], amount_minor=amount, tier=None)
    assert (offers[0].rule, offers[0].whole_minor, offers[0].points) == best
    assert len({each.rule for each in offers}) == len(offers)
    assert recharge_offers([], amount_minor=amount, tier=None) == ()


def test_points_come_as_a_grant_of_their_own_and_only_where_the_card_takes_them() -> None:
    offer = recharge_offer(BOTH, 20_000)
    assert offer is not None
    assert [(each.kind, each.amount) for each in offer.grants] == [("bonus", 1_000), ("points", 50)]
    assert recharge_offer(POINTS, 10_000, terms=CardTerms(functions=("stored",))) is None


@pytest.mark.parametrize(
    ("steps", "parts", "body"),
    [
        ("500-50 1000-10%", "", {"steps": [{"from_minor": 50000, "give_minor": 5000},
                                           {"from_minor": 100000, "give_bp": 1000}]}),
        ("500-200p", "12", {"steps": [{"from_minor": 50000, "give_minor": 0, "points": 200}], "months": 12}),
        ("+500-50+200p", "10w", {"steps": [{"from_minor": 50000, "give_minor": 5000, "points": 200}],
                                 "repeats": True, "weeks": 10}),
        ("500-10%+20分", "30天",
         {"steps": [{"from_minor": 50000, "give_bp": 1000, "points": 20}], "days": 30}),
    ],
)  # fmt: skip
def test_a_recharge_rule_reads_back_as_it_was_typed(steps: str, parts: str, body: dict[str, Any]) -> None:
    terms = value_terms(RECHARGE, {"steps": steps, "months": parts}, digits=2)
    assert terms == {"body": body}
    typed = value_typed({"body": {"kind": RECHARGE, **body}}, digits=2)
    assert value_terms(RECHARGE, typed, digits=2) == terms


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("steps", "500"), ("steps", "500-"), ("steps", "500-p"), ("steps", "500-0p"), ("steps", "500-50+10%"),
        ("steps", "500-10p+20p"), ("steps", "500-50+"), ("steps", "x-50"),
        ("months", "0"), ("months", "61"), ("months", "105w"), ("months", "367d"), ("months", "12x"),
        ("months", "1w"), ("months", "-3"), ("months", "w"), ("months", "１２"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_its_field(field: str, text: str) -> None:
    typed = {"steps": "500-50", "months": ""} | {field: text}
    with pytest.raises(Refused) as refused:
        value_terms(RECHARGE, typed, digits=2)
    assert refused.value.facts == {"field": field}


def test_an_amount_alone_gives_what_the_rule_names_beside_it() -> None:
    typed = {"steps": "500", "goods": "2*OIL RICE", "bought": "OIL /7"}
    terms = value_terms(RECHARGE, typed, digits=2, product_of={"OIL": 1, "RICE": 2}.__getitem__)
    assert terms["body"] == {
        "steps": [{"from_minor": 50000, "give_minor": 0}],
        "goods": [{"product": 1, "qty_milli": 2000}, {"product": 2, "qty_milli": 1000}],
        "bought": [{"product": 1}], "bought_days": 7,
    }  # fmt: skip
