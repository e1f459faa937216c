"""The desks of rules: what runs, comes, ended and waits; another version, an end.

Always true: a change is a new version, so what was sold stands as it was sold.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.promotion_form import Around
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.domain.ports import Promotions
from huiyuan.screens.ask import ask
from huiyuan.screens.deciding import DecidingScreen, Waiting
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.rule_form import RuleForm, around_of
from huiyuan.screens.widgets.rows import Column, RowList

STATES: Final = {
    "proposed": msg("proposed"),
    "coming": msg("coming"),
    "running": msg("running"),
    "ended": msg("ended"),
}


@dataclass
class FormWanted(Message):
    """What can be named, for a new draft or for another version of `found`."""

    choices: RuleChoices
    draft: Any
    found: Campaign | None


class RuleDesk(DecidingScreen[Campaign]):
    """One list; a desk says how it is read and what stands in a row."""

    EMPTY = ""
    FAMILIES: ClassVar[tuple[str, ...]]

    @property
    def book(self) -> Promotions:
        """Every family of rules is decided there."""
        return self.shop.promotions

    @property
    def families(self) -> tuple[str, ...]:
        """Which rules it shows."""
        return self.FAMILIES

    def read_desk(self, after: Place | None, most: int) -> Desk[Campaign]:
        """In a worker."""
        return self.shop.promotions.desk(self.families, after=after, most=most)

    def place_of(self, row: Campaign) -> Place:
        """What waits first, what ended last."""
        return row.place(self.now)

    def cells_of(self, row: Campaign) -> tuple[str, ...]:
        """With its state in a word."""
        return self.cells(row, self.say(STATES[row.state(self.now)]))

    def columns(self) -> list[Column]:
        """State, name, kind, days; who proposed stands on wide screens."""
        say = self.say
        return [
            Column(say(msg("State")), 9), Column(say(msg("Name of the rule"))), Column(say(msg("Kind")), 18),
            Column(say(msg("From")), 10), Column(say(msg("To")), 10),
            Column(say(msg("Proposed by")), 10, from_width=100),
        ]  # fmt: skip

    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """Days as they were published."""
        begin, end = (self.say.date(at) if at else "" for at in (each.valid_from, each.valid_to))
        return (state, each.name, self.kind_word(each), begin, end, each.by)

    def kind_word(self, campaign: Campaign) -> str:  # noqa: ARG002
        """What kind of rule it is, where a desk says so."""
        return ""

    def body(self) -> ComposeResult:
        """One list."""
        yield RowList(self.columns(), id="campaigns", empty=self.say(self.EMPTY))

    def state_of(self, found: Campaign | None) -> str:
        """How it stands by the server's clock; empty for nothing."""
        return "" if found is None or self.desk is None else found.state(self.desk.now)

    def waiting(self, row: Campaign) -> Waiting | None:
        """A version of a rule."""
        return None if row.proposal is None else Waiting(row.proposal, row.name, row.own)

    def applies(self, action: str) -> bool:
        """What runs or comes is ended."""
        if action == "end":
            return self.state_of(self.marked()) in {"running", "coming"}
        return super().applies(action)

    def action_end(self) -> None:
        """F6."""
        found = self.marked()
        if found is not None and found.rule is not None:
            promotions, rule = self.shop.promotions, found.rule
            question = msg("{name} ends at once. What it gave stays as it was given. Go on?")
            self.when_sure(found.name, question, lambda: promotions.end(rule), msg("{name} has ended."))


class RuleFormDesk(RuleDesk):
    """A desk whose rules name goods, members and stores: they are written down in a `RuleForm`."""

    KIND_WORDS: ClassVar[Mapping[str, str]]
    """The kinds whose form is known here, as they are offered. Of another one a newer program knows."""
    NEW: ClassVar[str]
    FORM: ClassVar[type[RuleForm]]
    DRAFT: ClassVar[type[Any]]

    @abstractmethod
    def draft_of(self, found: Campaign, around: Around) -> Any:
        """The fields of a version."""

    def propose(self, rule: int | None, name: str, terms: dict[str, Any]) -> int:
        """In a worker; answers the proposal."""
        (family,) = self.FAMILIES
        return self.shop.promotions.propose(rule=rule, name=name, terms=terms, family=family)

    def kind_word(self, campaign: Campaign) -> str:
        """A dash for a kind that is not known here."""
        kind = campaign.terms.kind
        return self.say(self.KIND_WORDS[kind]) if kind in self.KIND_WORDS else "-"

    def may_change(self, found: Campaign) -> bool:
        """Whether its form is known here."""
        return found.terms.kind in self.KIND_WORDS

    def action_add(self) -> None:
        """F2: a kind, then its form."""
        kinds = list(self.KIND_WORDS)

        def chosen(index: int | None) -> None:
            if index is not None:
                self.open_form(self.DRAFT(kinds[index]), None)

        options = [self.say(self.KIND_WORDS[kind]) for kind in kinds]
        self.app.push_screen(Choice(self.shop, self.say(self.NEW), options), chosen)

    def applies(self, action: str) -> bool:
        """What can be ended can have another version, where its form is known."""
        found = self.marked()
        if action == "change":
            return super().applies("end") and found is not None and self.may_change(found)
        return super().applies(action)

    def action_change(self) -> None:
        """F7: the same form; approved it takes the place of the version that runs."""
        found = self.marked()
        if found is not None and self.may_change(found):
            self.open_form(None, found)

    def open_form(self, draft: Any, found: Campaign | None) -> None:
        """What can be named is read first, with the codes of what the version names already."""
        promotions, named = self.shop.promotions, found.terms.goods_named if found is not None else ()
        ask(
            self,
            lambda: promotions.choices(named),
            then=lambda choices: FormWanted(choices, draft, found),
            subject="choices",
        )

    @on(FormWanted)
    def fill_in(self, message: FormWanted) -> None:
        """The form, and the proposal that comes of it."""
        found, choices = message.found, message.choices
        around = around_of(self.shop, choices, self.product_of)
        draft = message.draft if found is None else self.draft_of(found, around)
        rule = None if found is None else found.rule

        title, fixed = self.say(self.KIND_WORDS[draft.kind]), found is not None
        form = self.FORM(self.shop, title, draft, choices, fixed=fixed, product_of=self.product_of)
        self.open_proposal(form, partial(self.propose, rule))

    def product_of(self, code: str) -> int:
        """By the goods on this counter. Raises Refused `unknown_product`."""
        found = self.shop.catalogue.find(code, at=self.shop.server_now())
        if found is None:
            raise Refused("unknown_product", {"product": code})
        return found.id
