"""FindingScreen: the one box. Whatever is typed, swiped or scanned into it finds members while it is typed.

Always true: one question at a time is under way, and an answer to a text that no longer stands in the box
is dropped; Enter opens what is marked, but before the answer is there only a single hit, so that nobody gets
a stranger's page by typing fast; at most twenty are shown, and that there are more is said.
"""

from __future__ import annotations

from time import monotonic
from typing import Final, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.found import NOBODY, Found, FoundMember
from huiyuan.domain.model.needle import Needle, Shape, needle
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.goods_entry import NOT_HERE
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

R = TypeVar("R")

FIND: Final = "find"
PATIENCE_S: Final = 0.3
SWIPE_LENGTH_MAX: Final = 128
ASKS_NOTHING: Final = frozenset({Shape.NOTHING, Shape.RECEIPT, Shape.PAYMENT})


class FindingScreen(AskingScreen[R]):
    """A screen with the box (`find_box`) and its rows (`find_rows`) somewhere in its body."""

    found: Found = NOBODY
    answered: str = ""  # the text that `found` answers
    asked_at: float | None = None  # when the question under way was sent
    opening: bool = False  # Enter was pressed before the answer was there
    laid: PresentedCard | None = None  # what stands in the box was on the reader

    def find_box(self) -> ComposeResult:
        """The field."""
        hint = self.say(msg("name, pinyin, phone, last four, card"))
        field = Field(self.say(msg("Find a member")), id="box", placeholder=hint)
        field.input.max_length = SWIPE_LENGTH_MAX
        yield field

    def find_rows(self) -> ComposeResult:
        """The rows, and a line that says what they are not."""
        say = self.say
        yield RowList(
            [Column(say(msg("Name"))), Column(say(msg("Member no.")), 10), Column(say(msg("Tier")), 8),
             Column(say(msg("Phone")), 12), Column(say(msg("Last seen")), 11),
             Column(say(msg("Cards")), 6, "right"), Column(say(msg("Home store")), 14, from_width=100)],
            id="found",
        )  # fmt: skip
        yield Prose("", id="found-note")

    @property
    def typed(self) -> str:
        """What stands in the box."""
        return self.query_one("#box", Input).value.strip()

    # Asking

    def card_presented(self, card: PresentedCard) -> bool:
        """As if its number had been typed, with Enter; asked by all that the card is known by."""
        if not card.shown:
            return False
        self.laid = card
        return self.code_scanned(card.shown)

    def code_scanned(self, text: str) -> bool:
        """As if it had been typed, with Enter."""
        box = self.query_one("#box", Input)
        with box.prevent(Input.Changed):
            box.value = text[:SWIPE_LENGTH_MAX]
            box.cursor_position = len(box.value)
        box.focus()
        self.asked_at, self.answered = None, ""
        box.post_message(Input.Submitted(box, box.value))
        return True

    def wanted(self, text: str) -> Needle:
        """What `text` in the box looks for."""
        if self.laid is not None and self.laid.shown == text:
            return Needle(Shape.SWIPE, cards=self.laid.readings)
        return needle(text)

    @on(Input.Changed, "#box")
    def look(self, event: Input.Changed) -> None:
        """Every change is a new question, unless it asks nothing."""
        event.stop()
        self.opening = False
        if needle(self.typed).shape in ASKS_NOTHING:
            self.generations[FIND] = self.generations.get(FIND, 0) + 1
            self.asked_at = None
            self.take(self.typed, NOBODY)
        elif self.asked_at is None or monotonic() - self.asked_at > PATIENCE_S:
            self.ask_now()
        else:
            self.set_timer(PATIENCE_S, self.ask_if_late)

    def ask_now(self) -> None:
        """What stands in the box now; a question that is under way is given up."""
        text, finder = self.typed, self.shop.finder
        wanted = self.wanted(text)
        self.asked_at = monotonic()
        ask(
            self,
            lambda: finder.find(wanted),
            then=lambda found: messages.MembersFound(text, found),
            subject=FIND,
        )

    def ask_if_late(self) -> None:
        """The question under way takes long, and nobody wants its answer any more."""
        late = self.asked_at is not None and monotonic() - self.asked_at >= PATIENCE_S
        if late and self.answered != self.typed and needle(self.typed).shape not in ASKS_NOTHING:
            self.ask_now()

    @on(messages.MembersFound)
    def take_found(self, message: messages.MembersFound) -> None:
        """An answer; if the box has another text by now, that one is asked instead."""
        self.asked_at = None
        if message.text != self.typed:
            if needle(self.typed).shape not in ASKS_NOTHING:
                self.ask_now()
            return
        self.take(message.text, message.found)
        if self.opening:
            self.opening = False
            if len(message.found.members) == 1 or not message.found.members:
                self.open_marked()

    @on(messages.Refused)
    def forget_question(self, message: messages.Refused) -> None:
        """A question that a newer one overtook is no news."""
        if message.subject == FIND:
            self.asked_at = None
            if message.error.code == "superseded":
                message.prevent_default()

    @on(messages.NoLine)
    def forget_lost(self, message: messages.NoLine) -> None:
        """The next key asks again."""
        if message.subject == FIND:
            self.asked_at = None

    def take(self, text: str, found: Found) -> None:
        """Show what was found for `text`."""
        self.answered, self.found = text, found
        self.query_one("#found", RowList).show_rows([self.row_of(m) for m in found.members], mark=0)
        self.query_one("#found-note", Prose).show(self.note() if text else "")
        self.found_changed()
        self.refresh_bindings()

    def row_of(self, member: FoundMember) -> tuple[str, ...]:
        """One member in columns."""
        say = self.say
        name = say(msg("{name} (left)"), name=member.name) if member.archived else member.name
        seen = member.last_seen_on.isoformat() if member.last_seen_on else ""
        return (name, member.number, member.tier.name, member.phone, seen, str(member.cards or ""),
                member.home_store)  # fmt: skip

    def note(self) -> str:
        """What is not in the rows."""
        say, found, shape = self.say, self.found, self.wanted(self.typed).shape
        if found.more:
            return say(
                msg("These {count} were here last; there are more. Type on."), count=len(found.members)
            )
        if found.card is not None and not found.members:
            card = found.card
            return say(
                msg("Card {number} ({state}) has no member."), number=card.number, state=say.state(card.state)
            )
        if found.members:
            return ""
        if shape is Shape.RECEIPT:
            return say(msg("Enter shows this receipt."))
        if shape is Shape.NUMBER and len(self.typed) < SWIPE_LENGTH_MAX:
            return say(msg("Nobody has this number. A phone is found by its last four digits or whole."))
        return (
            ""
            if shape in {Shape.NOTHING, Shape.PAYMENT}
            else say(msg("Nobody is called this, and no card either."))
        )

    # Opening

    @on(Input.Submitted, "#box")
    def enter(self, event: Input.Submitted) -> None:
        """Enter opens; on an empty box it is the screen's."""
        event.stop()
        text = self.typed
        shape = self.wanted(text).shape
        if not text:
            self.enter_empty()
        elif shape is Shape.PAYMENT:
            self.clear_box()
            self.tell(self.say(NOT_HERE), "warn")
        elif shape is Shape.RECEIPT:
            self.open_receipt(needle(text).receipt)
        elif self.answered == text:
            self.open_marked()
        elif shape is not Shape.NOTHING:
            self.opening = True
            if self.asked_at is None:
                self.ask_now()

    def open_marked(self) -> None:
        """The marked member; why there is none stands below the rows."""
        index = self.query_one("#found", RowList).marked
        if index is not None:
            self.chosen(self.found.members[index])

    def clear_box(self) -> None:
        """An empty box, ready for the next customer."""
        self.query_one("#box", Input).value = ""
        self.query_one("#box", Input).focus()

    def action_up(self) -> None:
        """Mark the row above."""
        self.list_shown().move(-1)

    def action_down(self) -> None:
        """Mark the row below."""
        self.list_shown().move(1)

    def list_shown(self) -> RowList:
        """The rows that the arrows move in."""
        return self.query_one("#found", RowList)

    # What a screen makes of it

    def chosen(self, member: FoundMember) -> None:
        """A member was opened; a screen says what that means."""

    def enter_empty(self) -> None:
        """Enter on an empty box."""

    def open_receipt(self, receipt: str) -> None:
        """A receipt number was entered; a screen that has no use for one says so."""
        self.tell(self.say(msg("{receipt} is a receipt. Type a member."), receipt=receipt), "error")

    def found_changed(self) -> None:
        """The rows are others now."""
