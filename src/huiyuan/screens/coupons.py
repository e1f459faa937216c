"""The coupon desk: series of coupons with what became of their codes; a new one, another version, an end;
from here codes are given out and found.

Always true: who proposes does not approve; codes that are out hold as they were given out.
"""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import series_terms_of
from huiyuan.domain.model.coupon_form import SeriesDraft, series_draft
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.promotion_form import Around
from huiyuan.screens.coupon_find import CouponFindScreen
from huiyuan.screens.coupon_form import SERIES_WORDS, CouponForm
from huiyuan.screens.give_out import GiveOutScreen
from huiyuan.screens.rule_desk import RuleFormDesk
from huiyuan.screens.widgets.rows import Column


class CouponDeskScreen(RuleFormDesk):
    """State, name, kind, how many codes are out, used, and what they took off."""

    SCOPE = "coupon_desk"
    TITLE_TEXT = msg("Coupon series")
    EMPTY = msg("No series of coupons yet.")
    FAMILIES = ("coupon",)
    KIND_WORDS, NEW = SERIES_WORDS, msg("New series")
    FORM, DRAFT = CouponForm, SeriesDraft

    def columns(self) -> list[Column]:
        """Wide screens show more."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Name of the rule"))), Column(say(msg("Kind")), 11),
            Column(say(msg("Issued")), 7, "right"), Column(say(msg("Usable")), 7, "right"),
            Column(say(msg("Used")), 6, "right"), Column(say(msg("Taken off")), 11, "right"),
            Column(say(msg("Sales with it")), 14, "right", from_width=100),
            Column(say(msg("Proposed by")), 10, from_width=110),
        ]  # fmt: skip

    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """A proposal has no codes yet."""
        say, tally = self.say, each.tally
        return (
            state, each.name, self.kind_word(each),
            str(tally.issued), str(tally.outstanding), str(tally.used), say.figure(tally.given_minor),
            say.figure(tally.sales_minor), each.by,
        )  # fmt: skip

    def applies(self, action: str) -> bool:
        """Codes are given out of what runs."""
        if action == "give":
            found = self.marked()
            return found is not None and self.desk is not None and found.state(self.desk.now) == "running"
        return super().applies(action)

    def draft_of(self, found: Campaign, around: Around) -> SeriesDraft:
        """As it stands."""
        return series_draft(found, around)

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
