"""Card types and passes: what holds, comes and waits; a new one or another version by a form.

Always true: a type is data: what its cards may do, whom they are for and what they may spend stands in a
version that two people published; cards that are out follow the version that holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card_form import CARD_FIELDS, PASS_FIELDS, terms_of_card_rule, values_of
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.proposals import Desk
from huiyuan.screens.ask import ask
from huiyuan.screens.proposal_form import ProposalForm
from huiyuan.screens.rule_desk import RuleDesk
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import RowList

WHO_WORDS: Final = {
    "personal": msg("personal"),
    "supplementary": msg("supplementary"),
    "group": msg("group"),
    "bearer": msg("anonymous"),
}
FAMILY_WORDS: Final = {"card_type": msg("Card types"), "pass": msg("Passes")}
FIELD_WORDS: Final = {
    "name": msg("Name of the rule"),
    "type": msg("Code"),
    "who": msg("For whom"),
    "functions": msg("Functions"),
    "sale_max_minor": msg("Most in a sale"),
    "day_max_minor": msg("Most in a day"),
    "balance_max_minor": msg("Holds at most"),
    "categories": msg("Goods"),
    "valid_months": msg("Months it holds"),
    "by_application": msg("By application"),
    "due_days": msg("Due after days"),
    "least_rate": msg("Least, percent"),
    "least_minor": msg("Least, amount"),
    "count": msg("Uses"),
    "term_days": msg("Days it lasts"),
    "price_minor": msg("Price"),
    "day_max": msg("Uses a day"),
    "top_up_minor": msg("With a top-up of"),
}
HINTS: Final = {
    "name": msg("As it stands on the screen and on the slip."),
    "type": msg("Small letters and digits; it stays the same in every version."),
    "who": msg("1 personal, 2 supplementary (draws on a main card), 3 group, 4 anonymous."),
    "functions": msg("1 discount 2 points 3 stored value 4 passes 5 period 6 credit; 123: the first three."),
    "sale_max_minor": msg("What one card may spend in one sale; nothing: no limit."),
    "day_max_minor": msg("What one card may spend in a day; nothing: no limit."),
    "balance_max_minor": msg("Most that a card holds; nothing: the law's limit. Stays in every version."),
    "categories": msg("Codes of categories with commas that its cards may pay for; nothing: all goods."),
    "valid_months": msg(
        "Months from the activation, and again with each renewal; nothing: no end. As of its approval."
    ),
    "by_application": msg("1: issued only on an approved application; nothing: at once. As of its approval."),
    "due_days": msg("Credit: days from a sale on account until it is due, 1 or more; nothing: no day."),
    "least_rate": msg("Credit: the least to pay as a percentage of what is owed, 10 or 2.5."),
    "least_minor": msg(
        "Credit: the least to pay as an amount; the larger of the two, never more than is owed."
    ),
    "count": msg("How many uses; nothing: any number while it lasts."),
    "term_days": msg("Days after the day of sale; nothing: it does not end."),
    "price_minor": msg("What one pass costs; nothing: it is not sold."),
    "day_max": msg("At most so many uses a day; nothing: as many as one likes."),
    "top_up_minor": msg("A top-up of so much brings one; nothing: none does."),
}


FUNCTION_WORDS: Final = {
    "discount": msg("Discount"),
    "points": msg("Points"),
    "stored": msg("Stored value"),
    "passes": msg("Passes"),
    "period": msg("Time-limited passes"),
    "credit": msg("On account"),
}
NO_PASS: Final = msg("No pass is sold yet. F2 proposes one; another person approves it.")
ONCE: Final = frozenset({"name", "type", "balance_max_minor"})
"""What only a new one is asked."""


@dataclass(eq=False, repr=False)
class GoodsRead(Message):
    """Categories by code, and what is done with them."""

    categories: Mapping[str, int]
    then: Callable[[Mapping[str, int]], None]


class CardRulesScreen(RuleDesk):
    """One list of card types, and one of passes (F8)."""

    SCOPE = "card_rules"
    TITLE_TEXT = msg("Card types")
    EMPTY = msg("Nothing was published yet: every card may do everything.")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.family = "card_type"
        self.categories: Mapping[str, int] = {}

    def body(self) -> ComposeResult:
        """The list, and what its marked row says."""
        yield from super().body()
        yield Prose("", id="about")

    def on_mount(self) -> None:
        """Which goods a type may name is read once."""
        self.read_goods(lambda _: None)

    @property
    def families(self) -> tuple[str, ...]:
        """One of the two."""
        return (self.family,)

    def beside(self, desk: Desk[Campaign]) -> str:
        """Which of the two lists it is."""
        del desk
        return self.say(FAMILY_WORDS[self.family])

    def show_marked(self) -> None:
        """All that the marked version says: whoever approves it has seen it."""
        super().show_marked()
        found = self.marked()
        self.query_one("#about", Prose).show(self.told(found) if found else "")

    def told(self, found: Campaign) -> str:
        """What stands in a version, as its form calls it, and who published it."""
        say, body = self.say, found.terms.body
        values = values_of(found.terms, digits=say.minor_digits, categories=self.categories)
        words = {
            "type": str(body.get("type", "")),
            "who": say.word(WHO_WORDS, str(body.get("who", ""))),
            "functions": ", ".join(say.word(FUNCTION_WORDS, each) for each in body.get("functions", ())),
            "by_application": say(msg("yes")),
        }
        names = CARD_FIELDS if self.family == "card_type" else PASS_FIELDS
        text = "; ".join(
            f"{say(FIELD_WORDS[each])} {words.get(each, values.get(each))}"
            for each in names
            if values.get(each) or (each == "type" and words["type"])
        )
        if found.by:
            text += "\n" + say(msg("Proposed by {name}."), name=found.by)
        if found.approved_by:
            text += " " + say(msg("Approved by {name}."), name=found.approved_by)
        return text

    def kind_word(self, campaign: Campaign) -> str:
        """Whom a type is for; how often a pass may be used."""
        body = campaign.terms.body
        if self.family == "card_type":
            return self.say(WHO_WORDS.get(str(body.get("who")), "-"))
        if body.get("unlimited"):
            return self.say(msg("any number"))
        return self.say(msg("{count} uses"), count=body.get("count", "?"))

    def applies(self, action: str) -> bool:
        """Nothing here ends by itself: a version is followed by another one."""
        if action == "change":
            return super().applies("end")
        return action != "end" and super().applies(action)

    def action_other(self) -> None:
        """F8: types or passes."""
        self.family = "pass" if self.family == "card_type" else "card_type"
        self.query_one(RowList).empty = self.say(NO_PASS if self.family == "pass" else self.EMPTY)
        self.tell("")
        self.anew()

    def action_add(self) -> None:
        """F2."""
        self.ask_goods(None)

    def action_change(self) -> None:
        """F7: the form with what holds now."""
        found = self.marked()
        if found is not None and found.rule is not None:
            self.ask_goods(found)

    def ask_goods(self, found: Campaign | None) -> None:
        """What categories there are, for a card type; then the form."""
        if self.family == "pass":
            self.open_fields(found, {})
        else:
            self.read_goods(lambda categories: self.open_fields(found, categories))

    def read_goods(self, then: Callable[[Mapping[str, int]], None]) -> None:
        """Categories by code."""
        promotions = self.shop.promotions
        ask(
            self,
            lambda: promotions.choices(()),
            then=lambda choices: GoodsRead({code: id for id, code, _ in choices.categories}, then),
            subject="goods",
        )

    @on(GoodsRead)
    def take_goods(self, message: GoodsRead) -> None:
        """The form and the words below the list may name them."""
        self.categories = message.categories
        self.show_marked()
        message.then(message.categories)

    def open_fields(self, found: Campaign | None, categories: Mapping[str, int]) -> None:
        """The form, and the proposal that comes of it."""
        rule, family, promotions = (found.rule if found else None), self.family, self.shop.promotions

        def propose(name: str, terms: dict[str, Any]) -> int:
            return promotions.propose(rule=rule, name=name, terms=terms, family=family)

        self.open_proposal(CardRuleForm(self.shop, self.family, found, categories), propose)


class CardRuleForm(ProposalForm):
    """Proposes the name and the terms. `found`: another version of that one."""

    SCOPE = "field"

    def __init__(
        self, shop: Shop, family: str, found: Campaign | None, categories: Mapping[str, int]
    ) -> None:
        super().__init__(shop, shop.say(FAMILY_WORDS[family]), found.name if found else "")
        self.family, self.found, self.categories = family, found, categories
        names = CARD_FIELDS if family == "card_type" else PASS_FIELDS
        self.names = [each for each in names if found is None or each not in ONCE]

    def body(self) -> ComposeResult:
        """A hint that follows the field, and the fields."""
        known = {}
        if self.found:
            known = values_of(self.found.terms, digits=self.say.minor_digits, categories=self.categories)
        yield Prose(self.say(HINTS[self.names[0]]), id="hint")
        for each in self.names:
            yield Field(self.say(FIELD_WORDS[each]), id=each, value=known.get(each, ""), label_width=18)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """However somebody came here: what may be typed, and which codes there are."""
        name = event.widget.id or ""
        if name in self.names:
            codes = "\n" + " ".join(sorted(self.categories)) if name == "categories" else ""
            self.query_one("#hint", Prose).show(self.say(HINTS[name]) + codes)

    def take(self) -> None:
        """Hand over what can be read."""
        values = {each: self.typed(each) for each in self.names}
        name = self.found.name if self.found else values.pop("name", "")
        if self.found is not None and self.family == "card_type":
            values["type"] = str(self.found.terms.body.get("type", ""))
        try:
            terms = terms_of_card_rule(
                self.family, values, digits=self.say.minor_digits, categories=self.categories,
                kept=self.found.terms.body if self.found else None,
            )  # fmt: skip
        except Refused as refused:
            self.point_at(str(refused.facts.get("field", "name")))
            return
        if not name:
            self.point_at("name")
            return
        self.hand_over(name, terms)

    def point_at(self, field: str) -> None:
        """The field that is meant."""
        self.not_proposed(field, FIELD_WORDS[field])
