"""The form in which a rule about stored value is written down, with what may be typed in each field.

Always true: a field that cannot be read is pointed at, and what was typed stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.domain.model.value_form import FEE_EVENTS, FIELDS, value_terms
from huiyuan.screens.life_words import FEE_WORDS
from huiyuan.screens.proposal_form import ProposalForm
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose

FAMILY_WORDS: Final[Mapping[str, str]] = {
    "recharge": msg("Recharge rule"),
    "bonus": msg("Bonus by percent"),
    "spending": msg("Spending order"),
    "settlement": msg("Paying a card back"),
    "cash_back": msg("Cash back"),
    "fee": msg("Fee of a card"),
}
POLICY_WORDS: Final[Mapping[str, str]] = {
    "principal_first": msg("principal first"),
    "bonus_first": msg("bonus first"),
    "pro_rata": msg("both pro rata"),
}
LABELS: Final[Mapping[str, str]] = {
    "name": msg("Rule"),
    "steps": msg("Gives"),
    "months": msg("In parts"),
    "term": msg("Good for days"),
    "most": msg("At most"),
    "types": msg("Card types"),
    "series": msg("Coupons with it"),
    "goods": msg("Goods with it"),
    "bought": msg("If bought"),
    "policy": msg("Order"),
    "share": msg("Percent"),
    "cash": msg("Cash up to"),
    "least": msg("From"),
    "event": msg("Asked for"),
    "amount": msg("Amount"),
    "members": msg("Tiers"),
    "stores": msg("Stores"),
}
HINTS: Final[Mapping[str, str]] = {
    "name": msg("As it stands on the screen and in the explanation."),
    "steps": msg(
        "500-50 1000-10%: from 500 on 50 more, from 1000 on a tenth. 500-200p: 200 points, 500-50+200p: both."
        " + in front: for every 500."
    ),
    "months": msg(
        "12: a twelfth at once, the rest month by month; 10w week by week, 30d day by day."
        " Nothing: all of it at once."
    ),
    "term": msg("How long each part, and the points, can be spent. Nothing: without end."),
    "most": msg("The most that one document gives. Nothing: no limit."),
    "types": msg("Codes of card types with spaces between. Nothing: all cards."),
    "series": msg("1*2: two codes of the first series. {series}"),
    "goods": msg("Goods from stock that come with it: 2*CODE CODE. Then a step may be an amount alone."),
    "bought": msg(
        "Only with the receipt of a purchase of the same day: codes of goods, one of them is enough."
        " /7 behind: of seven days. Each receipt counts once."
    ),
    "policy": msg("1 principal first, 2 bonus first, 3 both pro rata."),
    "share": msg("1%: one hundredth of it."),
    "paid_back": msg("1%: one hundredth of the bonus is paid back. Nothing: none of it."),
    "cash": msg("The law lets 100.00 go out in cash at most; less can be said here."),
    "least": msg("What the month, or the top-up, has to reach. Nothing: any sum."),
    "amount": msg("What is due each time. Less than that, or nothing, takes a second person."),
    "members": msg("Only for members of these tiers: {tiers}. Nothing: for everybody."),
    "stores": msg("Codes of stores with spaces between: {stores}. Nothing: the whole chain."),
}


class ValueForm(ProposalForm):
    """Proposes name and terms of a new rule of the family."""

    SCOPE = "field"

    def __init__(
        self,
        shop: Shop,
        family: str,
        choices: RuleChoices,
        series: Sequence[Series] = (),
        typed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(shop, shop.say(FAMILY_WORDS[family]))
        self.family, self.choices, self.series = family, choices, series
        self.names = FIELDS[family]
        self.known = typed or {}

    def body(self) -> ComposeResult:
        """A hint that follows the field, and the fields."""
        yield Prose(self.hint(self.names[0]), id="hint")
        for each in self.names:
            yield Field(self.say(LABELS[each]), value=self.known.get(each, ""), id=each)

    def hint(self, field: str) -> str:
        """What may be typed there."""
        named = "  ".join(f"{n} {each.name}" for n, each in enumerate(self.series[:9], start=1))
        if field == "event":
            words = (self.say.word(FEE_WORDS, str(each["code"])) for each in FEE_EVENTS)
            return "  ".join(f"{n} {word}" for n, word in enumerate(words, start=1))
        tiers = "  ".join(f"{n} {each.name}" for n, each in enumerate(self.choices.tiers, start=1))
        stores = " ".join(code for _, code, _ in self.choices.stores[:12])
        if field == "share" and self.family == "settlement":
            field = "paid_back"
        return self.say(HINTS[field], series=named, tiers=tiers, stores=stores)

    @on(events.DescendantFocus)
    def say_what(self, event: events.DescendantFocus) -> None:
        """Whichever key led there."""
        if event.widget.id in self.names:
            self.query_one("#hint", Prose).show(self.hint(event.widget.id))

    def take(self) -> None:
        """Name and terms, if they can be read."""
        typed = {each: self.query_one(f"#{each}", Input).value for each in self.names}
        if not typed["name"].strip():
            self.query_one("#name", Input).focus()
            return
        ids = [each.rule for each in self.series[:9]]
        try:
            terms = value_terms(
                self.family, typed, digits=self.say.minor_digits, series=ids, choices=self.choices,
                product_of=self.product_of,
            )  # fmt: skip
        except Refused as refused:
            field = str(refused.facts["field"])
            self.not_proposed(field, LABELS[field])
            if refused.code == "unknown_product":
                text = msg("There are no goods {product} here. Nothing was proposed. Check the code.")
                self.tell(self.say(text, product=refused.facts["product"]), "error")
            return
        self.hand_over(typed["name"].strip(), terms)

    def product_of(self, code: str) -> int:
        """By the goods on this counter. Raises Refused `unknown_product`."""
        found = self.shop.catalogue.find(code, at=self.shop.server_now())
        if found is None:
            raise Refused("unknown_product", {"product": code})
        return found.id
