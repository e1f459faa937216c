"""The law about prepaid cards, row by row: limit, article, source, dates; a new row waits for another person.

Always true: who proposes does not approve; a row that held is never changed, a new one takes its place from
its date on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.law import LawDesk, LawProposal, LawRule
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.law_form import LawForm
from huiyuan.screens.law_words import article_line, limit_text, rule_name
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

STATES: Final = {
    "proposed": msg("proposed"),
    "coming": msg("coming"),
    "holds": msg("holds"),
    "ended": msg("ended"),
}


@dataclass(eq=False, repr=False)
class LawRead(Message):
    desk: LawDesk


@dataclass(eq=False, repr=False)
class LawChanged(Message):
    """A row was proposed or decided; `done` says so."""

    done: str


class LawScreen(WindowScreen[None]):
    """One list; the marked row's source below it."""

    SCOPE = "law"
    TITLE_TEXT = msg("Prepaid card rules")

    DEFAULT_CSS = """
    LawScreen RowList { height: 1fr; }
    LawScreen #source { height: auto; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.desk: LawDesk | None = None
        self.listed: Sequence[LawRule | LawProposal] = ()
        self.done = ""

    def body(self) -> ComposeResult:
        """State, rule, limit, where, article, since."""
        say = self.say
        yield RowList(
            [Column(say(msg("State")), 8), Column(say(msg("Rule"))), Column(say(msg("Limit")), 10, "right"),
             Column(say(msg("Place")), 6), Column(say(msg("Article")), 11), Column(say(msg("From")), 10),
             Column(say(msg("To")), 10, from_width=100)],
            id="rules",
            empty=say(msg("No rule holds here.")),
        )  # fmt: skip
        yield Prose("", id="source")

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        ask(self, self.shop.law.desk, then=LawRead, subject="law")

    @on(LawRead)
    def show_desk(self, message: LawRead) -> None:
        """What waits first."""
        self.desk = message.desk
        self.aside(message.desk.place)
        self.show_page(self.at)
        if self.done:
            self.tell(self.done, "good")
            self.done = ""

    def show_page(self, at: int) -> None:
        """A page of what was read."""
        desk = self.desk
        if desk is None:
            return
        self.listed, mark = self.window(at, [*desk.proposals, *desk.rules])
        self.query_one(RowList).show_rows([self.cells_of(each) for each in self.listed], mark=mark)
        self.show_source()

    def cells_of(self, each: LawRule | LawProposal) -> tuple[str, ...]:
        """One row."""
        say = self.say
        row = each.row if isinstance(each, LawProposal) else each
        return (
            say(STATES[self.state_of(each)]),
            rule_name(say, row.rule),
            limit_text(say, row),
            row.jurisdiction,
            row.article,
            say.date(row.valid_from),
            say.date(row.valid_to) if row.valid_to else "",
        )

    def state_of(self, each: LawRule | LawProposal) -> str:
        """How it stands by the server's clock."""
        if isinstance(each, LawProposal) or self.desk is None:
            return "proposed"
        if each.holds(self.desk.now):
            return "holds"
        return "coming" if each.valid_from > self.desk.now else "ended"

    def marked(self) -> LawRule | LawProposal | None:
        """What the mark stands on."""
        index = self.query_one(RowList).marked if self.is_mounted and self.listed else None
        return None if index is None else self.listed[index]

    @on(RowList.Marked)
    def show_source(self) -> None:
        """Where the marked row is written, and who proposed it."""
        found = self.marked()
        if found is not None:
            proposed = isinstance(found, LawProposal)
            text = article_line(self.say, found.row if isinstance(found, LawProposal) else found)
            if proposed and isinstance(found, LawProposal):
                text += "\n" + self.say(msg("Proposed by {name}."), name=found.by)
            self.query_one("#source", Prose).show(text)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A proposal is decided, by another person; a row may be followed by a new one."""
        found = self.marked()
        if action in {"approve", "decline"}:
            return isinstance(found, LawProposal) and not (found.own and action == "approve")
        if action == "propose":
            return isinstance(found, LawRule)
        return super().applies(action)

    def action_propose(self) -> None:
        """F2: what shall hold instead of the marked row, and from when."""
        found = self.marked()
        if not isinstance(found, LawRule):
            return
        law, rule = self.shop.law, found.rule

        def propose(filled: tuple[str, dict[str, Any]] | None) -> None:
            if filled is not None:
                place, terms = filled
                self.change(
                    lambda: law.propose(rule=rule, jurisdiction=place, terms=terms),
                    self.say(msg("{name} waits for a second person."), name=rule_name(self.say, rule)),
                )

        self.app.push_screen(LawForm(self.shop, found), propose)

    def action_approve(self) -> None:
        """F3."""
        self.decide(
            msg("{name}: {limit} from {day} on. Approve it?"),
            self.shop.law.approve,
            msg("{name} is approved."),
        )

    def action_decline(self) -> None:
        """F4."""
        question = msg("{name}: {limit} from {day} on. Decline it?")
        self.decide(question, self.shop.law.decline, msg("{name} is declined."))

    def decide(self, question: str, work: Callable[[int], None], done: str) -> None:
        """After asking."""
        found = self.marked()
        if not isinstance(found, LawProposal):
            return
        say, proposal = self.say, found.id
        name = rule_name(say, found.row.rule)
        asked = say(question, name=name, limit=limit_text(say, found.row), day=say.date(found.row.valid_from))

        def go(sure: bool | None) -> None:
            if sure:
                self.change(lambda: work(proposal), say(done, name=name))

        self.app.push_screen(Confirm(self.shop, name, asked), go)

    def change(self, work: Callable[[], object], done: str) -> None:
        """Have it done, then read the list anew."""

        def run() -> str:
            work()
            return done

        ask(self, run, then=LawChanged, subject=WRITE)

    @on(LawChanged)
    def read_again(self, message: LawChanged) -> None:
        """The list as it is now."""
        self.done = message.done
        self.action_refresh()

    @on(messages.Refused)
    def not_done(self) -> None:
        """Nothing was changed."""
        self.done = ""
