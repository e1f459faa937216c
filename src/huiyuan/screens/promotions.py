"""The promotion desk: what runs, comes, ended and waits; a new one, another version, an end."""

from __future__ import annotations

from typing import Any

from huiyuan.config.i18n import msg
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.promotion_form import KINDS, PromotionDraft, draft_of
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.promotion_form import KIND_WORDS, PromotionForm
from huiyuan.screens.rule_desk import RuleFormDesk
from huiyuan.screens.rule_form import RuleForm, around_of
from huiyuan.screens.widgets.rows import Column


class PromotionScreen(RuleFormDesk):
    """State, name, kind, days, who."""

    SCOPE = "promotions"
    TITLE_TEXT = msg("Promotions")
    EMPTY = msg("No promotion yet.")
    FAMILIES = ("promotion",)

    def columns(self) -> list[Column]:
        """Who proposed stands on wide screens."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Name"))), Column(say(msg("Kind")), 16),
            Column(say(msg("From")), 10), Column(say(msg("To")), 10),
            Column(say(msg("Proposed by")), 10, from_width=100),
        ]  # fmt: skip

    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """A kind that this version does not know is a dash."""
        say, kind = self.say, each.terms.kind
        return (
            state, each.name, say(KIND_WORDS[kind]) if kind in KIND_WORDS else "-",
            say.date(each.valid_from) if each.valid_from else "",
            say.date(each.valid_to) if each.valid_to else "", each.by,
        )  # fmt: skip

    def action_add(self) -> None:
        """F2: a kind, then its form."""
        say = self.say
        options = [say(KIND_WORDS[kind]) for kind in KINDS]

        def chosen(index: int | None) -> None:
            if index is not None:
                self.open_form(PromotionDraft(KINDS[index]), None)

        self.app.push_screen(Choice(self.shop, say(msg("New promotion")), options), chosen)

    def may_change(self, found: Campaign) -> bool:
        """A kind that this version does not know is changed by a newer one."""
        return found.terms.kind in KINDS

    def form_of(self, draft: Any, choices: RuleChoices, *, fixed: bool) -> RuleForm:
        """Its form."""
        title = self.say(KIND_WORDS[draft.kind])
        return PromotionForm(self.shop, title, draft, choices, fixed=fixed, product_of=self.product_of)

    def draft_of(self, found: Campaign, choices: RuleChoices) -> PromotionDraft:
        """As it stands."""
        return draft_of(found, around_of(self.shop, choices, self.product_of))

    def propose(self, rule: int | None, name: str, terms: dict[str, Any]) -> int:
        """In a worker."""
        return self.shop.promotions.propose(rule=rule, name=name, terms=terms)
