"""The desk of stored value: recharge rules, spending order, paying back, cash back, fees; proposed, decided.

Always true: a version never changes, an ended one gave what it gave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.proposals import Desk
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.domain.model.value_form import (
    DESK_FAMILIES,
    ENDING,
    FAMILIES,
    FEE_EVENTS,
    FEE_KINDS,
    FIELDS,
    RECHARGE,
    family_of,
    value_typed,
    value_words,
)
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.life_words import FEE_WORDS
from huiyuan.screens.recharge_words import bought_told, goods_told, parts_told, steps_told
from huiyuan.screens.rule_desk import RuleDesk
from huiyuan.screens.shop import Shop
from huiyuan.screens.value_rule_form import FAMILY_WORDS, LABELS, POLICY_WORDS, ValueForm
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column


@dataclass
class AroundRead(Message):
    """What a rule can name: tiers and stores, and coupons that it gives beside money."""

    choices: RuleChoices
    series: Sequence[Series]
    then: Callable[[], None] | None


class ValueRulesScreen(RuleDesk):
    """One list, and below it everything that the marked rule says."""

    SCOPE = "value"
    TITLE_TEXT = msg("Stored value rules")
    EMPTY = msg("No rule about stored value yet.")
    FAMILIES = DESK_FAMILIES

    DEFAULT_CSS = """
    ValueRulesScreen RowList { height: 1fr; }
    ValueRulesScreen #about { height: auto; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.choices: RuleChoices | None = None
        self.series: Sequence[Series] = ()

    def body(self) -> ComposeResult:
        """The list, and what its marked row says."""
        yield from super().body()
        yield Prose("", id="about")

    def on_mount(self) -> None:
        """What rules name is read once."""
        self.read_around(None)

    def read_around(self, then: Callable[[], None] | None) -> None:
        """Tiers, stores and coupons; who may not see coupons writes a rule without them."""
        promotions, reads = self.shop.promotions, self.shop.reads

        def read() -> AroundRead:
            choices = promotions.choices(())
            try:
                return AroundRead(choices, reads.coupon_series(), then)
            except Refused:
                return AroundRead(choices, (), then)

        ask(self, read, then=lambda found: found, subject="choices")

    @on(AroundRead)
    def take_around(self, message: AroundRead) -> None:
        """Kept for the forms."""
        self.choices, self.series = message.choices, message.series
        self.show_marked()
        if message.then is not None:
            message.then()

    def columns(self) -> list[Column]:
        """State, family, name, what it gives, since when."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Kind")), 18), Column(say(msg("Rule"))),
            Column(say(msg("Content")), 24), Column(say(msg("From")), 10),
            Column(say(msg("Proposed by")), 10, from_width=100),
        ]  # fmt: skip

    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """One row."""
        say = self.say
        gives = value_words(each.terms.values, say.minor_digits)
        return (
            state,
            self.word_of(each),
            each.name,
            say.word(POLICY_WORDS, gives) if gives in POLICY_WORDS else gives,
            say.date(each.valid_from) if each.valid_from else "",
            each.by,
        )

    def word_of(self, each: Campaign) -> str:
        """What it is about: a family, or for what a fee is asked."""
        if each.terms.kind in FEE_KINDS:
            return self.say.word(FEE_WORDS, str(each.terms.body.get("code", "")))
        return self.say.word(FAMILY_WORDS, each.terms.kind)

    def typed_of(self, found: Campaign) -> dict[str, str]:
        """Its terms as they are typed."""
        ids = [each.rule for each in self.series[:9]]
        return value_typed(found.terms.values, digits=self.say.minor_digits, series=ids, choices=self.choices)

    def show_marked(self) -> None:
        """All that the marked rule says: whoever approves it has seen it."""
        found, text = self.marked(), ""
        if found is not None:
            text = "; ".join(
                f"{self.say(LABELS[field])} {self.told(found, field, typed)}"
                for field, typed in self.typed_of(found).items()
            )
            if found.by:
                text += "\n" + self.say(msg("Proposed by {name}."), name=found.by)
            if found.approved_by:
                text += " " + self.say(msg("Approved by {name}."), name=found.approved_by)
        self.query_one("#about", Prose).show(text)
        super().show_marked()

    def told(self, found: Campaign, field: str, typed: str) -> str:
        """What a field says, in words."""
        body = found.terms.body
        if family_of(found.terms.values) == RECHARGE and field in {"steps", "goods", "bought"}:
            if field == "goods":
                return goods_told(self.say, body.get("goods", ()))
            return steps_told(self.say, body) if field == "steps" else bought_told(self.say, body)
        return parts_told(self.say, body) if field == "months" else self.worded(field, typed)

    def worded(self, field: str, typed: str) -> str:
        """What was typed as a number, in words."""
        choices, say = self.choices, self.say
        if field == "policy":
            return say(list(POLICY_WORDS.values())[int(typed) - 1])
        if field == "event":
            return say.word(FEE_WORDS, str(FEE_EVENTS[int(typed) - 1]["code"]))
        if field == "members" and choices is not None:
            names = {str(n): each.name for n, each in enumerate(choices.tiers, start=1)}
            return " ".join(names.get(word, word) for word in typed.split())
        if field == "series":
            names = {str(n): each.name for n, each in enumerate(self.series, start=1)}
            pairs = (word.split("*") for word in typed.split())
            return ", ".join(f"{names.get(place, place)} × {pieces}" for place, pieces in pairs)
        return typed

    def beside(self, desk: Desk[Campaign]) -> str:
        """Where no card is topped up, rules about it do nothing."""
        return "" if desk.recharges else self.say(msg("no outlet: cards are not topped up here"))

    def applies(self, action: str) -> bool:
        """What gives something is ended; of the others one is always needed."""
        found = self.marked()
        if action == "end" and (found is None or family_of(found.terms.values) not in ENDING):
            return False
        if action == "change":
            known = found is not None and family_of(found.terms.values) in FIELDS
            return known and self.state_of(found) in {"running", "coming"}
        return super().applies(action)

    def action_add(self) -> None:
        """F2: which family, then its form."""
        say = self.say

        def chosen(index: int | None) -> None:
            if index is not None:
                self.fill_in(FAMILIES[index], None)

        names = [say(FAMILY_WORDS[family]) for family in FAMILIES]
        self.app.push_screen(Choice(self.shop, say(msg("New rule")), names), chosen)

    def action_change(self) -> None:
        """F7: the same form with what the rule says; approved it takes the place of what runs."""
        found = self.marked()
        if found is not None:
            self.fill_in(family_of(found.terms.values), found)

    def fill_in(self, family: str, found: Campaign | None) -> None:
        """The form, and the proposal that comes of it."""
        if self.choices is None:
            self.read_around(lambda: self.fill_in(family, found))
            return
        value, rule = self.shop.value, None if found is None else found.rule
        typed = {} if found is None else {"name": found.name, **self.typed_of(found)}

        def propose(name: str, terms: dict[str, Any]) -> int:
            return value.propose(family=family, name=name, terms=terms, rule=rule)

        series = self.series if family == RECHARGE else ()
        self.open_proposal(ValueForm(self.shop, family, self.choices, series, typed), propose)
