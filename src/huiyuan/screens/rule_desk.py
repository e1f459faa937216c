"""The desk of rules: what runs, comes, ended and waits; another version, an end, a decision about a proposal.

Always true: who proposes does not approve; a change is a new version, so what was sold stands as it was sold.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign, Desk
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.rule_form import RuleForm
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList

STATES: Final = {
    "proposed": msg("proposed"),
    "coming": msg("coming"),
    "running": msg("running"),
    "ended": msg("ended"),
}
ORDER: Final = ("proposed", "running", "coming", "ended")


@dataclass
class DeskRead(Message):
    """Everything of the desk."""

    desk: Desk


@dataclass
class RuleChanged(Message):
    """Something was proposed, decided or ended."""

    done: str


@dataclass
class FormWanted(Message):
    """What can be named, for a new draft or for another version of `found`."""

    choices: RuleChoices
    draft: Any
    found: Campaign | None


class RuleDesk(WindowScreen[None]):
    """One list; a desk says how it is read and what stands in a row."""

    EMPTY = ""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.desk: Desk | None = None
        self.listed: Sequence[Campaign] = ()
        self.done = ""

    @abstractmethod
    def read_desk(self) -> Desk:
        """In a worker: one question."""

    @abstractmethod
    def columns(self) -> list[Column]:
        """Of the list."""

    @abstractmethod
    def cells(self, each: Campaign, state: str) -> tuple[str, ...]:
        """A row of it."""

    def body(self) -> ComposeResult:
        """One list."""
        yield RowList(self.columns(), id="campaigns", empty=self.say(self.EMPTY))

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        ask(self, self.read_desk, then=DeskRead, subject="desk")

    @on(DeskRead)
    def show_desk(self, message: DeskRead) -> None:
        """What waits first, what ended last."""
        self.desk = message.desk
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
        rows = [self.cells(each, self.say(STATES[each.state(desk.now)])) for each in self.listed]
        self.query_one(RowList).show_rows(rows, mark=mark)
        self.refresh_bindings()

    def marked(self) -> Campaign | None:
        """The campaign under the mark."""
        index = self.query_one(RowList).marked if self.is_mounted and self.listed else None
        return None if index is None else self.listed[index]

    def applies(self, action: str) -> bool:
        """A proposal is decided, by another person; what runs or comes is changed or ended."""
        found = self.marked()
        if action in {"approve", "decline"}:
            own = found is not None and found.own and action == "approve"
            return found is not None and found.proposal is not None and not own
        if action in {"change", "end"}:
            alive = (
                found is not None
                and self.desk is not None
                and found.state(self.desk.now) in ("running", "coming")
            )
            return (
                alive
                and found is not None
                and found.rule is not None
                and (action == "end" or self.may_change(found))
            )
        return super().applies(action)

    @on(RowList.Marked)
    def other_campaign(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

    # A new one, another version

    @abstractmethod
    def may_change(self, found: Campaign) -> bool:
        """Whether its form is known here."""

    @abstractmethod
    def form_of(self, draft: Any, choices: RuleChoices, *, fixed: bool) -> RuleForm:
        """The form of a draft; with `fixed` the name stays."""

    @abstractmethod
    def draft_of(self, found: Campaign, choices: RuleChoices) -> Any:
        """The fields of a version."""

    @abstractmethod
    def propose(self, rule: int | None, name: str, terms: dict[str, Any]) -> int:
        """In a worker; answers the proposal."""

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
        draft = message.draft if found is None else self.draft_of(found, choices)
        rule = None if found is None else found.rule

        def propose(filled: tuple[str, dict[str, Any]] | None) -> None:
            if filled is not None:
                text = self.say(msg("{name} waits for a second person."), name=filled[0])
                self.change(lambda: self.propose(rule, *filled), text)

        self.app.push_screen(self.form_of(draft, choices, fixed=found is not None), propose)

    def product_of(self, code: str) -> int:
        """By the goods on this counter. Raises Refused `unknown_product`."""
        found = self.shop.catalogue.find(code, at=self.shop.server_now())
        if found is None:
            raise Refused("unknown_product", {"product": code})
        return found.id

    # Decisions

    def change(self, work: Callable[[], object], done: str) -> None:
        """Have it done, then read the list anew."""

        def run() -> str:
            work()
            return done

        ask(self, run, then=RuleChanged, subject=WRITE)

    @on(RuleChanged)
    def read_again(self, message: RuleChanged) -> None:
        """The list as it is now."""
        self.done = message.done
        self.action_refresh()

    @on(messages.Refused)
    def not_done(self) -> None:
        """Nothing was changed."""
        self.done = ""

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
        if found is None or found.proposal is None:
            return
        say, proposal = self.say, found.proposal

        def go(sure: bool | None) -> None:
            if sure:
                self.change(lambda: work(proposal), say(done, name=found.name))

        self.app.push_screen(Confirm(self.shop, found.name, say(question, name=found.name)), go)

    def action_end(self) -> None:
        """F6."""
        found = self.marked()
        if found is None or found.rule is None:
            return
        say, rule = self.say, found.rule

        def go(sure: bool | None) -> None:
            if sure:
                done = say(msg("{name} has ended."), name=found.name)
                self.change(lambda: self.shop.promotions.end(rule), done)

        question = say(
            msg("{name} ends at once. What it gave stays as it was given. Go on?"), name=found.name
        )
        self.app.push_screen(Confirm(self.shop, found.name, question), go)
