"""The form of a series of coupons by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon_form import SeriesDraft, series_terms
from huiyuan.screens.rule_form import HINTS, RuleForm

SERIES_WORDS: Final[Mapping[str, str]] = {
    "off": msg("Amount off"),
    "percent": msg("Percent off"),
    "goods": msg("Free goods"),
}
SERIES_VALUE_HINTS: Final[Mapping[str, str]] = {
    "off": msg("10 = 10.00 off the basket"),
    "percent": msg("20% = one fifth off; 20% 50 = at most 50.00"),
    "goods": msg("1 = one piece of the goods for nothing"),
}
SERIES_HINTS: Final[Mapping[str, str]] = {
    **HINTS,
    "name": msg("As it stands on the coupon."),
    "least": msg("Of the goods it is for, after promotions."),
    "ends": msg("30: days after the day of issue; or a last day 2026-12-31; or both."),
    "dates": msg("When codes are given out: 2026-09-01 2026-09-30; nothing: from now on."),
    "members": msg("Tiers by number; F4 lists them. Nothing: everybody."),
    "counts": msg("1/3/1: codes a sale, a member ever, a member a day."),
    "beside": msg("p: not for goods on promotion; c: also beside other coupons."),
    "earn": msg("100: a sale gives one for every 100.00 of its total. Nothing: by hand."),
}


class CouponForm(RuleForm):
    """Codes have holders, so there are no segments."""

    SEGMENTS = False
    HINTS, VALUE_HINTS = SERIES_HINTS, SERIES_VALUE_HINTS

    def terms(self, draft: SeriesDraft) -> dict[str, Any]:
        """As `series_terms`."""
        return series_terms(draft, self.around)
