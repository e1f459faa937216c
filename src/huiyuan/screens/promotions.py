"""The promotion desk: what runs, comes, ended and waits; a new one, another version, an end.

Always true: who proposes does not approve; a change is a new version, so what was sold stands as it was sold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign, Desk
from huiyuan.domain.model.promotion_form import KINDS
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.promotion_form import KIND_WORDS, PromotionForm
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
class PromotionChanged(Message):
    """Something was proposed, decided or ended."""

    done: str


class PromotionScreen(WindowScreen[None]):
    """One list."""

    SCOPE = "promotions"
    TITLE_TEXT = msg("Promotions")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.desk: Desk | None = None
        self.listed: Sequence[Campaign] = ()
        self.done = ""

    def body(self) -> ComposeResult:
        """State, name, kind, days, who."""
        say = self.say
        yield RowList(
            [Column(say(msg("State")), 9), Column(say(msg("Name"))), Column(say(msg("Kind")), 16),
             Column(say(msg("From")), 10), Column(say(msg("To")), 10),
             Column(say(msg("Proposed by")), 10, from_width=100)],
            id="campaigns",
            empty=say(msg("No promotion yet.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        ask(self, self.shop.promotions.desk, then=DeskRead, subject="desk")

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
        say, desk = self.say, self.desk
        if desk is None:
            return
        every = sorted(desk.campaigns, key=lambda each: ORDER.index(each.state(desk.now)))
        self.listed, mark = self.window(at, every)
        rows = [
            (say(STATES[each.state(desk.now)]), each.name,
             say(KIND_WORDS[each.terms.kind]) if each.terms.kind in KIND_WORDS else "-",
             say.date(each.valid_from) if each.valid_from else "",
             say.date(each.valid_to) if each.valid_to else "", each.by)
            for each in self.listed
        ]  # fmt: skip
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
            return alive and found is not None and found.rule is not None
        return super().applies(action)

    @on(RowList.Marked)
    def other_campaign(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

    # A new one

    def action_add(self) -> None:
        """F2: a kind, then its form."""
        say = self.say
        options = [say(KIND_WORDS[kind]) for kind in KINDS]

        def chosen(index: int | None) -> None:
            if index is not None:
                self.fill_in(KINDS[index], None, "")

        self.app.push_screen(Choice(self.shop, say(msg("New promotion")), options), chosen)

    def action_change(self) -> None:
        """F7: the same form; approved it takes the place of the version that runs."""
        found = self.marked()
        if found is not None and found.rule is not None and found.terms.kind in KINDS:
            self.fill_in(found.terms.kind, found.rule, found.name)

    def fill_in(self, kind: str, rule: int | None, name: str) -> None:
        """The form, and the proposal that comes of it."""
        if self.desk is None:
            return
        promotions = self.shop.promotions

        def propose(filled: tuple[str, dict[str, Any]] | None) -> None:
            if filled is not None:
                text = self.say(msg("{name} waits for a second person."), name=filled[0])
                self.change(lambda: promotions.propose(rule=rule, name=filled[0], terms=filled[1]), text)

        form = PromotionForm(self.shop, kind, self.desk, name=name, product_of=self.product_of)
        self.app.push_screen(form, propose)

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

        ask(self, run, then=PromotionChanged, subject=WRITE)

    @on(PromotionChanged)
    def read_again(self, message: PromotionChanged) -> None:
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
