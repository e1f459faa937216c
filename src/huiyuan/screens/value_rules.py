"""The desk of stored value: recharge rules, spending order, paying back, cash back; proposed, decided, ended.

Always true: who proposes does not approve; a version never changes, an ended one gave what it gave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from huiyuan.domain.model.value_desk import ValueDesk
from huiyuan.domain.model.value_form import FAMILIES, FIELDS, value_terms, value_words
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.rule_desk import ORDER, STATES
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

FAMILY_WORDS: Final[Mapping[str, str]] = {
    "recharge": msg("Recharge rule"),
    "bonus": msg("Bonus by percent"),
    "spending": msg("Spending order"),
    "settlement": msg("Paying a card back"),
    "cash_back": msg("Cash back"),
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
}


@dataclass
class ValueRead(Message):
    """Everything of the desk."""

    desk: ValueDesk


@dataclass
class ValueChanged(Message):
    """Something was proposed, decided or ended."""

    done: str


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


class ValueRulesScreen(WindowScreen[None]):
    """One list."""

    SCOPE = "value"
    TITLE_TEXT = msg("Stored value rules")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.desk: ValueDesk | None = None
        self.listed: Sequence[Campaign] = ()
        self.done = ""

    def body(self) -> ComposeResult:
        """State, family, name, what it gives, since when."""
        say = self.say
        yield RowList(
            [Column(say(msg("State")), 9), Column(say(msg("Kind")), 18), Column(say(msg("Rule"))),
             Column(say(msg("Gives")), 24), Column(say(msg("From")), 10),
             Column(say(msg("Proposed by")), 10, from_width=100)],
            id="rules",
            empty=say(msg("No rule about stored value yet.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        ask(self, self.shop.value.desk, then=ValueRead, subject="desk")

    @on(ValueRead)
    def show_desk(self, message: ValueRead) -> None:
        """What waits first, what ended last."""
        self.desk = message.desk
        self.aside("" if message.desk.recharges else self.say(msg("no outlet: cards are not topped up here")))
        self.show_page(self.at)
        if self.done:
            self.tell(self.done, "good")
            self.done = ""

    def show_page(self, at: int) -> None:
        """A page of what was read."""
        desk = self.desk
        if desk is None:
            return
        every = sorted(desk.campaigns, key=lambda each: ORDER.index(each.state(desk.now)))
        self.listed, mark = self.window(at, every)
        self.query_one(RowList).show_rows([self.cells(each, desk) for each in self.listed], mark=mark)
        self.refresh_bindings()

    def cells(self, each: Campaign, desk: ValueDesk) -> tuple[str, ...]:
        """One row."""
        say = self.say
        gives = value_words(each.terms.values, say.minor_digits)
        return (
            say(STATES[each.state(desk.now)]),
            say.word(FAMILY_WORDS, each.terms.kind),
            each.name,
            say.word(POLICY_WORDS, gives) if gives in POLICY_WORDS else gives,
            say.date(each.valid_from) if each.valid_from else "",
            each.by,
        )

    def marked(self) -> Campaign | None:
        """The rule under the mark."""
        index = self.query_one(RowList).marked if self.is_mounted and self.listed else None
        return None if index is None else self.listed[index]

    def applies(self, action: str) -> bool:
        """A proposal is decided, by another person; what runs is ended."""
        found = self.marked()
        if action in {"approve", "decline"}:
            own = found is not None and found.own and action == "approve"
            return found is not None and found.proposal is not None and not own
        if action == "end":
            runs = found is not None and self.desk is not None and found.state(self.desk.now) == "running"
            return runs and found is not None and found.terms.kind in {"recharge", "cash_back"}
        return super().applies(action)

    @on(RowList.Marked)
    def other_rule(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

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
    def not_done(self, message: messages.Refused) -> None:
        """Nothing was changed; who may not see the series writes a rule without them."""
        self.done = ""
        if message.subject == "series":
            message.stop()
            self.fill_in("recharge")

    def fill_in(self, family: str, series: Sequence[Series] = ()) -> None:
        """The form, and the proposal that comes of it."""
        value = self.shop.value

        def propose(filled: tuple[str, dict[str, Any]] | None) -> None:
            if filled is not None:
                text = self.say(msg("{name} waits for a second person."), name=filled[0])
                self.change(lambda: value.propose(family=family, name=filled[0], terms=filled[1]), text)

        self.app.push_screen(ValueForm(self.shop, family, series), propose)

    def change(self, work: Callable[[], object], done: str) -> None:
        """Have it done, then read the list anew."""

        def run() -> str:
            work()
            return done

        ask(self, run, then=ValueChanged, subject=WRITE)

    @on(ValueChanged)
    def read_again(self, message: ValueChanged) -> None:
        """The list as it is now."""
        self.done = message.done
        self.action_refresh()

    def action_approve(self) -> None:
        """F3."""
        self.decide(
            msg("{name} holds from now on, or from its first day. Approve it?"),
            self.shop.promotions.approve,
            msg("{name} is approved."),
        )

    def action_decline(self) -> None:
        """F4."""
        self.decide(
            msg("{name} will not hold. Decline it?"), self.shop.promotions.decline, msg("{name} is declined.")
        )

    def decide(self, question: str, work: Callable[[int], None], done: str) -> None:
        """After asking."""
        found = self.marked()
        if found is not None and found.proposal is not None:
            proposal = found.proposal
            self.after_asking(found.name, question, lambda: work(proposal), done)

    def action_end(self) -> None:
        """F6."""
        found = self.marked()
        if found is not None and found.rule is not None:
            rule = found.rule
            question = msg("{name} ends at once. What it gave stays as it was given. Go on?")
            self.after_asking(
                found.name, question, lambda: self.shop.promotions.end(rule), msg("{name} has ended.")
            )

    def after_asking(self, name: str, question: str, work: Callable[[], object], done: str) -> None:
        """Only where somebody is sure."""
        say = self.say

        def go(sure: bool | None) -> None:
            if sure:
                self.change(work, say(done, name=name))

        self.app.push_screen(Confirm(self.shop, name, say(question, name=name)), go)
