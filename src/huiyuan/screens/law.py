"""The law about prepaid cards, row by row: limit, article, source, dates; a new row waits for another person.

Always true: a row that held is never changed, a new one takes its place from its date on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.law import LawProposal, LawRule, law_place
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.ports import Law
from huiyuan.screens.deciding import DecidingScreen, Waiting
from huiyuan.screens.law_form import LawForm
from huiyuan.screens.law_words import article_line, limit_text, rule_name
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

STATES: Final = {
    "proposed": msg("proposed"),
    "coming": msg("coming"),
    "holds": msg("holds"),
    "ended": msg("ended"),
}


class LawScreen(DecidingScreen[LawRule | LawProposal]):
    """One list; the marked row's source below it."""

    SCOPE = "law"
    TITLE_TEXT = msg("Prepaid card rules")
    APPROVING = msg("{name}: {limit} from {day} on. Approve it?")
    DECLINING = msg("{name}: {limit} from {day} on. Decline it?")

    DEFAULT_CSS = """
    LawScreen RowList { height: 1fr; }
    LawScreen #source { height: auto; padding: 0 1; color: $text-muted; }
    """

    @property
    def book(self) -> Law:
        """Its proposals are decided there."""
        return self.shop.law

    def body(self) -> ComposeResult:
        """State, rule, limit, where, article, since."""
        say = self.say
        yield RowList(
            [Column(say(msg("State")), 8), Column(say(msg("Rule"))), Column(say(msg("Limit")), 10, "right"),
             Column(say(msg("Place")), 6), Column(say(msg("Article")), 11),
             Column(say(msg("Holds from")), 10), Column(say(msg("To")), 10, from_width=100)],
            id="rules",
            empty=say(msg("No rule holds here.")),
        )  # fmt: skip
        yield Prose("", id="source")

    def read_desk(self, after: Place | None, most: int) -> Desk[LawRule | LawProposal]:
        """In a worker."""
        return self.shop.law.desk(after=after, most=most)

    def place_of(self, row: LawRule | LawProposal) -> Place:
        """What waits first, what ended last."""
        return law_place(row, self.now)

    def beside(self, desk: Desk[LawRule | LawProposal]) -> str:
        """Whose law it is."""
        return desk.jurisdiction

    def cells_of(self, row: LawRule | LawProposal) -> tuple[str, ...]:
        """One row."""
        say = self.say
        terms = row.row if isinstance(row, LawProposal) else row
        return (
            say(STATES[state_of(row, self.now)]),
            rule_name(say, terms.rule),
            limit_text(say, terms),
            terms.jurisdiction,
            terms.article,
            say.date(terms.valid_from),
            say.date(terms.valid_to) if terms.valid_to else "",
        )

    def waiting(self, row: LawRule | LawProposal) -> Waiting | None:
        """What shall hold, and from when."""
        if isinstance(row, LawRule):
            return None
        say = self.say
        facts = {"limit": limit_text(say, row.row), "day": say.date(row.row.valid_from)}
        return Waiting(row.id, rule_name(say, row.row.rule), row.own, facts)

    def show_marked(self) -> None:
        """The marked row's whole name, where it is written, and who proposed it."""
        found = self.marked()
        if found is not None:
            row = found.row if isinstance(found, LawProposal) else found
            text = f"{rule_name(self.say, row.rule)}: {article_line(self.say, row)}"
            if isinstance(found, LawProposal):
                text += "\n" + self.say(msg("Proposed by {name}."), name=found.by)
            self.query_one("#source", Prose).show(text)
        super().show_marked()

    def applies(self, action: str) -> bool:
        """A row may be followed by a new one."""
        return isinstance(self.marked(), LawRule) if action == "propose" else super().applies(action)

    def action_propose(self) -> None:
        """F2: what shall hold instead of the marked row, and from when."""
        found = self.marked()
        if not isinstance(found, LawRule):
            return
        law, rule = self.shop.law, found.rule

        def propose(place: str, terms: dict[str, Any]) -> int:
            return law.propose(rule=rule, jurisdiction=place, terms=terms)

        self.open_proposal(LawForm(self.shop, found), propose, name=rule_name(self.say, rule))


def state_of(row: LawRule | LawProposal, at: datetime) -> str:
    """How it stands at `at`."""
    if isinstance(row, LawProposal):
        return "proposed"
    if row.holds(at):
        return "holds"
    return "coming" if row.valid_from > at else "ended"
