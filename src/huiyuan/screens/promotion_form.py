"""The form of a promotion by its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.promotion_form import PromotionDraft, terms_of
from huiyuan.screens.rule_form import HINTS, RuleForm

KIND_WORDS: Final[Mapping[str, str]] = {
    "percent": msg("Percent off"),
    "amount": msg("Amount off each"),
    "fixed": msg("Fixed price"),
    "nth": msg("Nth item cheaper"),
    "buy_get": msg("Buy and get"),
    "bundle": msg("Bundle price"),
    "steps": msg("Steps of the total"),
    "gift": msg("Gift"),
}
VALUE_HINTS: Final[Mapping[str, str]] = {
    "percent": msg("20% = one fifth off"),
    "amount": msg("1.50 = that much off each"),
    "fixed": msg("9.90 = each costs that"),
    "nth": msg("2 50% = every second one half price"),
    "buy_get": msg("2+1 = two paid, one free"),
    "bundle": msg("19.90 = all of it together; goods 2*CODE CODE"),
    "steps": msg("100-10 200-25, or 100-10%; + in front: for every 100"),
    "gift": msg("1 = one free for the goods bought, or from the least total"),
}
MEMBERS_HINT: Final = msg(
    "Tiers by number, or first, birthday, new30 (joined within 30 days). F4 lists them."
)


class PromotionForm(RuleForm):
    """A gift also has goods to be bought; segments are of promotions."""

    HINTS, VALUE_HINTS = {**HINTS, "members": MEMBERS_HINT}, VALUE_HINTS

    def has(self, field: str) -> bool:
        """Only a gift needs something."""
        return super().has(field) and (field != "needs" or self.draft.kind == "gift")

    def terms(self, draft: PromotionDraft) -> dict[str, Any]:
        """As `terms_of`."""
        return terms_of(draft, self.around)
