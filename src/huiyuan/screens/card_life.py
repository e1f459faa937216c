"""The card desk: how a card stands, what may be done with it now and for which fee, and who moved it.

Always true: the list has only moves that the door would take from this state and that the person may do;
each opens a form of its own, and nothing is booked from here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.card_life import CardLife, LifeEvent, LifeMove
from huiyuan.domain.model.document import Kind
from huiyuan.screens.life_words import MEMBER_STATES
from huiyuan.screens.presenting import ShowsCard
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

MOVES_ROWS = 8
UNREAD: Final = msg("Type or present a card: what it allows is listed here.")
NOT_NOW: Final = msg("It takes somebody who may, or an open shift: {what}.")
REPLACED: Final = msg("Another card took its place: {number}. Read that one.")
NOTHING: Final = msg("A card that is {state} allows no more. Issue another one (home, F5).")
BLANK: Final = msg("It is blank, nobody has it yet. F2 issues it to somebody.")
BLANK_ELSEWHERE: Final = msg(
    "It is blank, nobody has it yet. It is issued by whoever may, with an open shift (home, F5)."
)


class CardLifeScreen(ShowsCard[CardLife]):
    """One card: state, moves, story."""

    SCOPE = "life"
    TITLE_TEXT = msg("Card desk")
    LISTS = ("#moves", "#story")
    rests = False
    """The membership of whose card it is was told to be frozen or cancelled."""

    DEFAULT_CSS = """
    CardLifeScreen #facts { margin: 1 0; }
    """

    def body(self) -> ComposeResult:
        """Field, facts, what may be done, what was done."""
        say = self.say
        yield self.card_field()
        yield Pairs(id="facts")
        yield RowList(
            [Column(say(msg("What can be done"))), Column(say(msg("Then")), 18),
             Column(say(msg("Asks for")), 22), Column(say(msg("Fee asked")), 10, "right")],
            id="moves",
            empty=say(UNREAD),
        )  # fmt: skip
        yield story_list(say)

    def cards_shown(self) -> tuple[int, ...]:
        """The card at the desk."""
        return (self.page.id,) if self.page else ()

    def look(self, kind: str, text: str) -> CardLife:
        """See the port."""
        return self.shop.life.card(token_kind=kind, text=text)

    def number_of(self, page: CardLife) -> str:
        """Of the card."""
        return page.number

    def show_page(self, page: CardLife) -> None:
        """Facts, moves that this person may do, the story; the moves have the focus."""
        life, say = page, self.say
        self.aside(life.holder.name if life.holder else say.state(life.state))
        self.query_one(Pairs).show(self.facts(life))
        moves = self.query_one("#moves", RowList)
        moves.empty = self.nothing_to_do(life)
        rows = [self.row_of(move) for move in self.moves()]
        moves.styles.height = min(max(2, len(rows) + 1), MOVES_ROWS)
        moves.show_rows(rows, mark=None if rows == moves.rows else 0)  # not on what took the old one's place
        self.query_one("#story", RowList).show_rows([story_row(say, each) for each in life.story])
        if rows:
            moves.focus()
        self.tell_of_holder(life)
        self.refresh_bindings()

    def forgotten(self) -> None:
        """What a blank card allows is not said of the next number."""
        self.query_one("#moves", RowList).empty = self.say(NOTHING)

    def tell_of_holder(self, life: CardLife) -> None:
        """Why moves are not there that are there for others."""
        before, self.rests = self.rests, life.holder is not None and life.holder.state != "active"
        if life.holder is not None and self.rests:
            text = msg(
                "The membership is {state}. Until it is seen to (F7, then ^Y k), its card is not replaced,"
                " renewed, changed or restored."
            )
            self.tell(self.say(text, state=self.say.word(MEMBER_STATES, life.holder.state)))
        elif before:
            self.tell("")

    def nothing_to_do(self, life: CardLife) -> str:
        """What stands in the place of the moves where there are none."""
        say = self.say
        if life.state is CardState.BLANK:
            here = self.applies("issue") and self.shop.may("card_issue")
            return say(BLANK if here else BLANK_ELSEWHERE)
        if life.moves:
            kinds = dict.fromkeys(say.kind(each.kind) for each in life.moves)
            return say(NOT_NOW, what=", ".join(kinds))
        if life.replaced_by:
            return say(REPLACED, number=life.replaced_by)
        return say(NOTHING, state=say.state(life.state))

    def moves(self) -> list[LifeMove]:
        """What the person may do; taking a fee needs an open shift."""
        shop, life = self.shop, self.page
        known = life.moves if life else ()
        types = life is not None and bool(life.types)
        return [
            each
            for each in known
            if shop.may(each.permission)
            and (shop.shift or not each.shift)
            and (types or each.kind != Kind.CARD_TYPE_CHANGE)  # where there is another type
        ]

    def row_of(self, move: LifeMove) -> tuple[str, ...]:
        """One move in columns."""
        say = self.say
        asks = [say(msg("reason"))] if move.reason else []
        asks += [say(msg("paper"))] if move.identity else []
        fee = say.money(move.fee_minor) if move.fee_minor else ""
        return (say.kind(move.kind), say.state(move.now), ", ".join(asks), fee)

    def facts(self, life: CardLife) -> list[tuple[str, str]]:
        """Two facts a row."""
        say, holder = self.say, life.holder
        rows = [
            (say(msg("Card type")), life.type.name),
            (say(msg("State")), say.state(life.state)),
            (say(msg("Holder")), holder.name if holder else say(msg("bearer"))),
            (say(msg("Valid to")), last_day(say, life.state, life.valid_to, life.months)),
        ]
        if holder is not None:
            rows.append((say(msg("Membership")), say.word(MEMBER_STATES, holder.state)))
        if life.issued_on is not None:
            rows.append((say(msg("Issued on")), life.issued_on.isoformat()))
        if life.replaced_by:
            rows.append((say(msg("Now card")), life.replaced_by))
        return rows

    @on(RowList.Chosen, "#moves")
    def begin_move(self, message: RowList.Chosen) -> None:
        """Enter: the form of this move."""
        message.stop()
        moves, life = self.moves(), self.page
        if life is not None and message.index < len(moves):
            from huiyuan.screens.card_move import CardMoveScreen

            self.tell("")
            if moves[message.index].kind == Kind.CARD_ACTIVATION:
                self.activate(life.number)
                return
            self.app.push_screen(CardMoveScreen(self.shop, life, moves[message.index]), self.after_move)

    def activate(self, number: str) -> None:
        """It asks for nothing here; behind its slip the holder chooses a PIN."""
        from huiyuan.screens.activation import ActivationScreen

        self.app.push_screen(ActivationScreen(self.shop, number))

    @on(RowList.Chosen, "#story")
    def tell_whole(self, message: RowList.Chosen) -> None:
        """Enter: a row of the story without its cuts."""
        message.stop()
        story = self.page.story if self.page else ()
        if message.index < len(story):
            self.tell(", ".join(story_row(self.say, story[message.index])))

    def after_move(self, number: str | None) -> None:
        """Go on with the card that is used now."""
        if number:
            self.query_one("#card", Input).value = number
            self.read()

    def applies(self, action: str) -> bool:
        """The holder's page needs a holder."""
        if action == "holder":
            return self.page is not None and self.page.holder is not None
        if action == "card":
            return self.page is not None
        if action == "issue":
            blank = self.page is not None and self.page.state is CardState.BLANK
            return blank and self.shop.shift is not None
        return super().applies(action)

    def action_issue(self) -> None:
        """F2: a blank card is handed to somebody."""
        from huiyuan.screens.card_issue import CardIssueScreen

        if self.page is not None:
            self.app.push_screen(CardIssueScreen(self.shop, number=self.page.number))

    def action_card(self) -> None:
        """F3: balances, lots, movements."""
        from huiyuan.screens.card import CardScreen

        if self.page is not None:
            self.app.push_screen(CardScreen(self.shop, self.page.number))

    def action_fees(self) -> None:
        """F8: annual fees, cards past their day."""
        from huiyuan.screens.fees_due import FeesDueScreen

        self.app.push_screen(FeesDueScreen(self.shop))

    def action_holder(self) -> None:
        """F7."""
        from huiyuan.screens.member import MemberScreen

        if self.page is not None and self.page.holder is not None:
            self.app.push_screen(MemberScreen(self.shop, self.page.holder.id))


def last_day(say: Wording, state: CardState, valid_to: date | None, months: int | None) -> str:
    """The term of a card begins with its activation; a type without one does not end."""
    if valid_to is not None:
        return valid_to.isoformat()
    if months is not None and state in {CardState.BLANK, CardState.ISSUED}:
        return say(msg("{count} months from activation"), count=months)
    return say(msg("without end"))


def story_list(say: Wording) -> RowList:
    """Who moved it: the record of a card or of a membership."""
    return RowList(
        [Column(say(msg("Time")), 16), Column(say(msg("Store")), 8), Column(say(msg("Who")), 8),
         Column(say(msg("What")), 19), Column(say(msg("State before, after")))],
        id="story",
        empty=say(msg("Nobody moved it yet.")),
    )  # fmt: skip


def story_row(say: Wording, each: LifeEvent, *, states: dict[str, str] | None = None) -> tuple[str, ...]:
    """One move that stands, with its reason."""

    def named(state: str) -> str:
        return say.word(states, state) if states else say.state(state)

    told = [] if each.terms and each.was == each.now else [f"{named(each.was)} > {named(each.now)}"]
    if each.terms and each.terms.type:
        told.append(f"{each.terms.was_type} > {each.terms.type}")
    if each.terms and each.terms.valid_to:
        told.append(say(msg("valid to {day}"), day=each.terms.valid_to.isoformat()))
    text = ", ".join(told)
    return (
        say.moment(each.at), each.store, each.staff, say.kind(each.kind),
        f"{text}: {each.reason}" if each.reason else text,
    )  # fmt: skip
