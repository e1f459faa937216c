"""The desk of stored value: recharge rules, spending order, paying back, cash back, fees; proposed, decided.

Always true: a version never changes, an ended one gave what it gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.proposals import Desk
from huiyuan.domain.model.value_form import (
    FAMILIES,
    FEE_EVENTS,
    FEE_KINDS,
    FIELDS,
    value_terms,
    value_words,
)
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.life_words import FEE_WORDS
from huiyuan.screens.rule_desk import RuleDesk
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column

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
    "months": msg("In months"),
    "term": msg("Good for days"),
    "most": msg("At most"),
    "types": msg("Card types"),
    "series": msg("Coupons with it"),
    "policy": msg("Order"),
    "share": msg("Percent"),
    "cash": msg("Cash up to"),
    "least": msg("From"),
    "event": msg("Asked for"),
    "amount": msg("Amount"),
}
HINTS: Final[Mapping[str, str]] = {
    "name": msg("As it stands on the screen and in the explanation."),
    "steps": msg("500-50 1000-10%: from 500 on 50 more, from 1000 on a tenth; + in front: for every 500."),
    "months": msg("12: a twelfth at once, the rest month by month. Nothing: all of it at once."),
    "term": msg("How long each part can be spent. Nothing: without end."),
    "most": msg("The most that one document gives. Nothing: no limit."),
    "types": msg("Codes of card types with spaces between. Nothing: all cards."),
    "series": msg("1*2: two codes of the first series. {series}"),
    "policy": msg("1 principal first, 2 bonus first, 3 both pro rata."),
    "share": msg("1%: one hundredth of it. For paying back: what of the bonus is paid, nothing: none."),
    "cash": msg("The law lets 100.00 go out in cash at most; less can be said here."),
    "least": msg("What a month has to reach. Nothing: any sum."),
    "amount": msg("What is due each time. Less than that, or nothing, takes a second person."),
}


@dataclass
class SeriesRead(Message):
    """What a recharge rule can give beside money."""

    series: Sequence[Series]


class ValueForm(Sheet[tuple[str, dict[str, Any]]]):
    """Answers name and terms of a new rule of the family."""

    SCOPE = "field"

    def __init__(self, shop: Shop, family: str, series: Sequence[Series] = ()) -> None:
        super().__init__(shop, shop.say(FAMILY_WORDS[family]))
        self.family, self.series = family, series
        self.names = FIELDS[family]

    def body(self) -> ComposeResult:
        """A hint that follows the field, and the fields."""
        yield Prose(self.hint(self.names[0]), id="hint")
        for each in self.names:
            yield Field(self.say(LABELS[each]), id=each)

    def hint(self, field: str) -> str:
        """What may be typed there."""
        named = "  ".join(f"{n} {each.name}" for n, each in enumerate(self.series[:9], start=1))
        if field == "event":
            words = (self.say.word(FEE_WORDS, str(each["code"])) for each in FEE_EVENTS)
            return "  ".join(f"{n} {word}" for n, word in enumerate(words, start=1))
        return self.say(HINTS[field], series=named)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """From field to field; from the last one: read them all."""
        event.stop()
        place = self.names.index(event.input.id or "")
        if place + 1 < len(self.names):
            self.point_at(self.names[place + 1])
            return
        typed = {each: self.query_one(f"#{each}", Input).value for each in self.names}
        if not typed["name"].strip():
            self.point_at("name")
            return
        ids = [each.rule for each in self.series[:9]]
        try:
            terms = value_terms(self.family, typed, digits=self.say.minor_digits, series=ids)
        except Refused as refused:
            field = str(refused.facts["field"])
            self.point_at(field)
            text = msg("{field} cannot be read. Nothing was proposed.")
            self.tell(self.say(text, field=self.say(LABELS[field])), "error")
            return
        self.dismiss((typed["name"].strip(), terms))

    def point_at(self, field: str) -> None:
        """The field that is meant, with what may be typed there."""
        self.query_one("#hint", Prose).show(self.hint(field))
        self.query_one(f"#{field}", Input).focus()


class ValueRulesScreen(RuleDesk):
    """One list."""

    SCOPE = "value"
    TITLE_TEXT = msg("Stored value rules")
    EMPTY = msg("No rule about stored value yet.")
    FAMILIES = FAMILIES

    def columns(self) -> list[Column]:
        """State, family, name, what it gives, since when."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Kind")), 18), Column(say(msg("Rule"))),
            Column(say(msg("Gives")), 24), Column(say(msg("From")), 10),
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

    def beside(self, desk: Desk[Campaign]) -> str:
        """Where no card is topped up, rules about it do nothing."""
        return "" if desk.recharges else self.say(msg("no outlet: cards are not topped up here"))

    def applies(self, action: str) -> bool:
        """What gives something is ended; of the others one is always needed."""
        found = self.marked()
        if action == "end" and (
            found is None or found.terms.kind not in {"recharge", "cash_back", *FEE_KINDS}
        ):
            return False
        return super().applies(action)

    def action_add(self) -> None:
        """F2: which family, then its form."""
        say = self.say

        def chosen(index: int | None) -> None:
            if index is None:
                return
            if FAMILIES[index] == "recharge":
                ask(self, self.shop.reads.coupon_series, then=SeriesRead, subject="series")
            else:
                self.fill_in(FAMILIES[index])

        names = [say(FAMILY_WORDS[family]) for family in FAMILIES]
        self.app.push_screen(Choice(self.shop, say(msg("New rule")), names), chosen)

    @on(SeriesRead)
    def fill_in_recharge(self, message: SeriesRead) -> None:
        """With the coupons that it may give."""
        self.fill_in("recharge", message.series)

    @on(messages.Refused)
    def go_on_without_series(self, message: messages.Refused) -> None:
        """Who may not see the series writes a rule without them."""
        if message.subject == "series":
            message.stop()
            self.fill_in("recharge")

    def fill_in(self, family: str, series: Sequence[Series] = ()) -> None:
        """The form, and the proposal that comes of it."""
        value = self.shop.value

        def propose(filled: tuple[str, dict[str, Any]] | None) -> None:
            if filled is not None:
                name, terms = filled
                self.wait_for_second(name, lambda: value.propose(family=family, name=name, terms=terms))

        self.app.push_screen(ValueForm(self.shop, family, series), propose)
