"""The coupon desk: series of coupons with what became of their codes; a new one, another version, an end;
from here codes are given out and found.

Always true: who proposes does not approve; codes that are out hold as they were given out.
"""

from __future__ import annotations

from typing import Any

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import series_terms_of
from huiyuan.domain.model.coupon_form import SERIES_KINDS, SeriesDraft, series_draft
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.screens.coupon_find import CouponFindScreen
from huiyuan.screens.coupon_form import SERIES_WORDS, CouponForm
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.give_out import GiveOutScreen
from huiyuan.screens.rule_desk import RuleFormDesk
from huiyuan.screens.rule_form import RuleForm, around_of
from huiyuan.screens.widgets.rows import Column


class CouponDeskScreen(RuleFormDesk):
    """State, name, kind, how many codes are out, used, and what they took off."""

    SCOPE = "coupon_desk"
    TITLE_TEXT = msg("Coupon series")
    EMPTY = msg("No series of coupons yet.")
    FAMILIES = ("coupon",)

    def columns(self) -> list[Column]:
        """Wide screens show more."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Name"))), Column(say(msg("Kind")), 10),
            Column(say(msg("Issued")), 7, "right"), Column(say(msg("Usable")), 7, "right"),
            Column(say(msg("Used")), 6, "right"), Column(say(msg("Taken off")), 11, "right"),
            Column(say(msg("Sales with it")), 14, "right", from_width=100),
            Column(say(msg("Proposed by")), 10, from_width=110),
        ]  # fmt: skip

    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """A proposal has no codes yet."""
        say, kind, tally = self.say, each.terms.kind, each.tally
        return (
            state, each.name, say(SERIES_WORDS[kind]) if kind in SERIES_WORDS else "-",
            str(tally.issued), str(tally.outstanding), str(tally.used), say.figure(tally.given_minor),
            say.figure(tally.sales_minor), each.by,
        )  # fmt: skip

    def applies(self, action: str) -> bool:
        """Codes are given out of what runs."""
        if action == "give":
            found = self.marked()
            return found is not None and self.desk is not None and found.state(self.desk.now) == "running"
        return super().applies(action)

    def action_add(self) -> None:
        """F2: a kind, then its form."""
        say = self.say
        options = [say(SERIES_WORDS[kind]) for kind in SERIES_KINDS]

        def chosen(index: int | None) -> None:
            if index is not None:
                self.open_form(SeriesDraft(SERIES_KINDS[index]), None)

        self.app.push_screen(Choice(self.shop, say(msg("New series")), options), chosen)

    def may_change(self, found: Campaign) -> bool:
        """A kind that this version does not know is changed by a newer one."""
        return found.terms.kind in SERIES_KINDS

    def form_of(self, draft: Any, choices: RuleChoices, *, fixed: bool) -> RuleForm:
        """Its form."""
        title = self.say(SERIES_WORDS[draft.kind])
        return CouponForm(self.shop, title, draft, choices, fixed=fixed, product_of=self.product_of)

    def draft_of(self, found: Campaign, choices: RuleChoices) -> SeriesDraft:
        """As it stands."""
        return series_draft(found, around_of(self.shop, choices, self.product_of))

    def propose(self, rule: int | None, name: str, terms: dict[str, Any]) -> int:
        """In a worker."""
        return self.shop.promotions.propose(rule=rule, name=name, terms=terms, family="coupon")

    def action_give(self) -> None:
        """F8: how many, to whom, why."""
        found = self.marked()
        if found is None or found.rule is None or found.version is None:
            return
        series = series_terms_of(
            found.rule, found.version, found.name, columns=found.terms.values, body=found.terms.body
        )
        self.app.push_screen(GiveOutScreen(self.shop, series), lambda _: self.action_refresh())

    def action_find(self) -> None:
        """F9."""
        self.app.push_screen(CouponFindScreen(self.shop), lambda _: self.action_refresh())
