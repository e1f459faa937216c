"""The promotion desk: what runs, comes, ended and waits; a new one, another version, an end."""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.promotion_form import Around, PromotionDraft, draft_of
from huiyuan.screens.promotion_form import KIND_WORDS, PromotionForm
from huiyuan.screens.rule_desk import RuleFormDesk


class PromotionScreen(RuleFormDesk):
    """State, name, kind, days, who."""

    SCOPE = "promotions"
    TITLE_TEXT = msg("Promotions")
    EMPTY = msg("No promotion yet.")
    FAMILIES = ("promotion",)
    KIND_WORDS, NEW = KIND_WORDS, msg("New promotion")
    FORM, DRAFT = PromotionForm, PromotionDraft

    def draft_of(self, found: Campaign, around: Around) -> PromotionDraft:
        """As it stands."""
        return draft_of(found, around)
