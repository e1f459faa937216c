"""The promotion desk: what runs, comes, ended and waits; a new one, another version, an end."""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.promotion_form import Around, PromotionDraft, draft_of
from huiyuan.screens.promotion_form import KIND_WORDS, PromotionForm
from huiyuan.screens.rule_desk import RuleFormDesk
from huiyuan.screens.widgets.rows import Column


class PromotionScreen(RuleFormDesk):
    """State, name, kind, days, who."""

    SCOPE = "promotions"
    TITLE_TEXT = msg("Promotions")
    EMPTY = msg("No promotion yet.")
    FAMILIES = ("promotion",)
    KIND_WORDS, NEW = KIND_WORDS, msg("New promotion")
    FORM, DRAFT = PromotionForm, PromotionDraft

    def columns(self) -> list[Column]:
        """Who proposed stands on wide screens."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Name of the rule"))), Column(say(msg("Kind")), 18),
            Column(say(msg("From")), 10), Column(say(msg("To")), 10),
            Column(say(msg("Proposed by")), 10, from_width=100),
        ]  # fmt: skip

    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """Days as they were published."""
        say = self.say
        return (
            state, each.name, self.kind_word(each),
            say.date(each.valid_from) if each.valid_from else "",
            say.date(each.valid_to) if each.valid_to else "", each.by,
        )  # fmt: skip

    def draft_of(self, found: Campaign, around: Around) -> PromotionDraft:
        """As it stands."""
        return draft_of(found, around)
