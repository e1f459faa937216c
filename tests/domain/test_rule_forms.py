"""What was written down for a rule reads back as the same words, and those words as the same terms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.coupon_form import SeriesDraft, series_draft, series_terms
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign, Terms
from huiyuan.domain.model.promotion_form import Around, PromotionDraft, draft_of, terms_of
from huiyuan.domain.model.rule_words import RuleChoices

CODES = {"MILK": 1, "TEA": 2, "RICE": 3}
CHOICES = RuleChoices(
    tiers=(Tier(4, "basic", "Basic"), Tier(6, "gold", "Gold")),
    stores=((1, "S01", "North"), (2, "S02", "South")),
    categories=((8, "DAIRY", "Dairy"),),
    brands=("Old Hill", "V10"),
    products={id: code for code, id in CODES.items()},
)


def product_of(code: str) -> int:
    if code not in CODES:
        raise Refused("unknown_product", {"product": code})
    return CODES[code]


AROUND = Around(2, UTC, date(2026, 11, 22), CHOICES, product_of, lambda _month, _day, first, _last: [first])

PROMOTIONS = [
    PromotionDraft("percent", value="12.5%", goods="MILK #DAIRY @Old_Hill -TEA", members="2 first birthday"),
    PromotionDraft("amount", value="1.50", stores="S01 S02", hours="1,2,3 18:00-20:30", holidays="y"),
    PromotionDraft("fixed", value="9.90", goods="TEA", dates="2026-12-01 2026-12-31", members="new30"),
    PromotionDraft("nth", value="2 50%", most="2/4", together="2 7"),
    PromotionDraft("buy_get", value="2+1", together="3"),
    PromotionDraft("bundle", value="19.90", goods="2*MILK TEA"),
    PromotionDraft("steps", value="+100.00-10.00", least="50.00", lunar="8-15"),
    PromotionDraft("steps", value="100.00-10% 200.00-15%"),
    PromotionDraft("gift", value="1", goods="RICE", needs="2*MILK"),
]
SERIES = [
    SeriesDraft("off", value="10.00", least="50.00", ends="30", counts="1/3/1", beside="p", members="1"),
    SeriesDraft("percent", value="15% 30.00", ends="2026-12-31", stores="S02", hours="6,7"),
    SeriesDraft(
        "goods", value="2", goods="TEA", ends="30 2026-12-31", beside="c", earn="100.00", holidays="y"
    ),
]


def standing(terms: dict[str, Any]) -> Campaign:
    begin, end = (
        datetime.fromisoformat(terms[name]) if name in terms else None for name in ("valid_from", "valid_to")
    )
    return Campaign("n", Terms(terms), "by", 1, 1, begin, end)


@pytest.mark.parametrize("draft", PROMOTIONS, ids=lambda draft: draft.kind)
def test_a_promotion_reads_back(draft: PromotionDraft) -> None:
    terms = terms_of(draft, AROUND)
    again = draft_of(standing(terms), AROUND)
    assert terms_of(again, AROUND) == terms


@pytest.mark.parametrize("draft", SERIES, ids=lambda draft: draft.kind)
def test_a_series_reads_back(draft: SeriesDraft) -> None:
    terms = series_terms(draft, AROUND)
    again = series_draft(standing(terms), AROUND)
    assert series_terms(again, AROUND) == terms


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("members", "3"), ("members", "new0"), ("members", "newer"), ("members", "new99999"),
        ("stores", "S09"), ("goods", "#NONE"), ("goods", "@None"), ("value", "20"), ("hours", "8 25:00-9"),
        ("dates", "2026-12-31 2026-12-01"), ("most", "x"), ("together", "4"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_field(field: str, text: str) -> None:
    draft = PromotionDraft(**{"kind": "percent", "value": "20%", field: text})
    with pytest.raises(Refused) as refused:
        terms_of(draft, AROUND)
    assert (refused.value.code, refused.value.facts) == ("form_field", {"field": field})


@pytest.mark.parametrize(
    ("field", "text"),
    [("ends", "soon"), ("counts", "1/2/3/4"), ("beside", "x"), ("members", "first"), ("earn", "-1")],
)
def test_nor_what_a_series_cannot_have(field: str, text: str) -> None:
    draft = SeriesDraft(**{"kind": "off", "value": "10", "ends": "30", field: text})
    with pytest.raises(Refused) as refused:
        series_terms(draft, AROUND)
    assert (refused.value.code, refused.value.facts) == ("form_field", {"field": field})


def test_goods_that_are_gone_stand_as_a_number_and_are_asked_about() -> None:
    terms = {"body": {"kind": "percent", "rate_bp": 1000, "products": [99]}}
    again = draft_of(standing(terms), AROUND)
    assert again.goods == "?99"
    with pytest.raises(Refused, match="unknown_product"):
        terms_of(again, AROUND)
