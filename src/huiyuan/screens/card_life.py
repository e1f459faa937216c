"""The card desk: how a card stands, what may be done with it now and for which fee, and who moved it.

Always true: the list has only moves that the door would take from this state and that the person may do;
each opens a form of its own, and nothing is booked from here.
"""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card_life import CardLife, LifeEvent, LifeMove
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.screens.ask import ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.life_messages import LifeRead
from huiyuan.screens.life_words import MEMBER_STATES
from huiyuan.screens.presenting import first_known
from huiyuan.screens.shop import TYPED_NUMBER, Shop
from huiyuan.screens.widgets.fields import LENGTH_MAX, Field
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

MOVES_ROWS = 8


class CardLifeScreen(ShopScreen[None]):
    """One card: state, moves, story.

    Args:
        number: the card to begin with; empty: the field waits.
    """

    SCOPE = "life"
    TITLE_TEXT = msg("Card desk")

    DEFAULT_CSS = """
    CardLifeScreen #facts { margin: 1 0; }
    """

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number
        self.life: CardLife | None = None

    def body(self) -> ComposeResult:
        """Field, facts, what may be done, what was done."""
        say = self.say
        yield Field(say(msg("Card number")), id="card", value=self.number)
        yield Pairs(id="facts")
        yield RowList(
            [Column(say(msg("What can be done"))), Column(say(msg("Then")), 18),
             Column(say(msg("Asks for")), 22), Column(say(msg("Fee asked")), 10, "right")],
            id="moves",
            empty=say(msg("Nothing can be done with it here.")),
        )  # fmt: skip
        yield story_list(say)

    def on_mount(self) -> None:
        """The card first."""
        self.query_one("#card", Input).focus()
        self.read()

    def on_screen_resume(self) -> None:
        """It was moved in between, perhaps."""
        super().on_screen_resume()
        if self.life is not None:
            self.read()

    def cards_shown(self) -> tuple[int, ...]:
        """The card at the desk."""
        return (self.life.id,) if self.life else ()

    def read(self) -> None:
        """How it stands now."""
        text, desk = self.query_one("#card", Input).value.strip(), self.shop.life
        if text:
            ask(
                self,
                lambda: desk.card(token_kind=TYPED_NUMBER, text=text),
                then=LifeRead,
                subject="card",
            )

    def card_presented(self, card: PresentedCard) -> bool:
        """A card on the reader, by the first thing that it is known by."""
        desk = self.shop.life
        ask(
            self,
            lambda: first_known(card, lambda kind, text: desk.card(token_kind=kind, text=text)),
            then=LifeRead,
            subject="card",
        )
        return True

    def code_scanned(self, text: str) -> bool:
        """As if it had been typed."""
        self.query_one("#card", Input).value = text.strip()[:LENGTH_MAX]
        self.read()
        return True

    @on(Input.Submitted, "#card")
    def read_again(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.read()

    @on(Input.Changed, "#card")
    def forget_other_card(self, event: Input.Changed) -> None:
        """Nothing is shown of a card whose number does not stand in the field."""
        if self.life is not None and event.value.strip() != self.life.number:
            self.life = None
            self.aside("")
            self.query_one(Pairs).show([])
            for name in ("#moves", "#story"):
                self.query_one(name, RowList).show_rows([])
            self.refresh_bindings()

    @on(LifeRead)
    def show_life(self, message: LifeRead) -> None:
        """Facts, moves that this person may do, the story; the moves have the focus."""
        life, say = message.life, self.say
        self.life = life
        self.query_one("#card", Input).value = life.number
        self.aside(life.holder.name if life.holder else say.state(life.state))
        self.query_one(Pairs).show(self.facts(life))
        moves = self.query_one("#moves", RowList)
        rows = [self.row_of(move) for move in self.moves()]
        moves.styles.height = min(max(2, len(rows) + 1), MOVES_ROWS)
        moves.show_rows(rows)
        self.query_one("#story", RowList).show_rows([story_row(say, each) for each in life.story])
        if rows:
            moves.focus()
        self.refresh_bindings()

    def moves(self) -> list[LifeMove]:
        """What the person may do; taking a fee needs an open shift."""
        shop, life = self.shop, self.life
        known = life.moves if life else ()
        return [each for each in known if shop.may(each.permission) and (shop.shift or not each.shift)]

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
            (say(msg("Valid to")), life.valid_to.isoformat() if life.valid_to else say(msg("without end"))),
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
        moves, life = self.moves(), self.life
        if life is not None and message.index < len(moves):
            from huiyuan.screens.card_move import CardMoveScreen

            self.tell("")
            self.app.push_screen(CardMoveScreen(self.shop, life, moves[message.index]), self.after_move)

    def after_move(self, number: str | None) -> None:
        """Go on with the card that is used now."""
        if number:
            self.query_one("#card", Input).value = number
            self.read()

    def applies(self, action: str) -> bool:
        """The holder's page needs a holder."""
        if action == "holder":
            return self.life is not None and self.life.holder is not None
        if action == "card":
            return self.life is not None
        return super().applies(action)

    def action_card(self) -> None:
        """F3: balances, lots, movements."""
        from huiyuan.screens.card import CardScreen

        if self.life is not None:
            self.app.push_screen(CardScreen(self.shop, self.life.number))

    def action_fees(self) -> None:
        """F8: annual fees, cards past their day."""
        from huiyuan.screens.fees_due import FeesDueScreen

        self.app.push_screen(FeesDueScreen(self.shop))

    def action_holder(self) -> None:
        """F7."""
        from huiyuan.screens.member import MemberScreen

        if self.life is not None and self.life.holder is not None:
            self.app.push_screen(MemberScreen(self.shop, self.life.holder.id))


def story_list(say: Wording) -> RowList:
    """Who moved it: the record of a card or of a membership."""
    return RowList(
        [Column(say(msg("Time")), 16), Column(say(msg("Store")), 10), Column(say(msg("Who")), 8),
         Column(say(msg("What")), 14), Column(say(msg("State before, after")))],
        id="story",
        empty=say(msg("Nobody moved it yet.")),
    )  # fmt: skip


def story_row(say: Wording, each: LifeEvent, *, states: dict[str, str] | None = None) -> tuple[str, ...]:
    """One move that stands, with its reason."""

    def named(state: str) -> str:
        return say.word(states, state) if states else say.state(state)

    text = f"{named(each.was)} > {named(each.now)}"
    return (
        say.moment(each.at), each.store, each.staff, say.kind(each.kind),
        f"{text}: {each.reason}" if each.reason else text,
    )  # fmt: skip
