"""A card is presented: typed, swiped or scanned into a field, or laid on the reader.

Always true: what is done is done to the card whose number stands in the field; an answer for another one is
dropped with it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

from textual import on
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.ports import Reads
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.reader_messages import CardLaid
from huiyuan.screens.shop import TYPED_NUMBER, Shop
from huiyuan.screens.widgets.fields import LENGTH_MAX, Field
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.rows import RowList
from huiyuan.screens.wording import SOURCES_READ, Wording

R = TypeVar("R")
T = TypeVar("T")
Page = TypeVar("Page")
CARD_FIELD: Final = "#card"
"""The next card is typed or scanned into it, also while a list of the card before has the focus."""


@dataclass(eq=False, repr=False)
class PageRead(Message):
    """What there is to see of a card."""

    page: Any


def whose_card(say: Wording, card: OpenedCard | None) -> str:
    """Who should be standing there, how the card was read, and what is noted about the holder."""
    if card is None:
        return ""
    how = card.token.source
    source = say(msg("Card read: {how}"), how=say.word(SOURCES_READ, how)) if how else ""
    if card.member is None:
        told = [say(msg("A card of nobody in particular.")), source]
    else:
        name = card.holder or card.member.name
        told = [say(msg("The card is {name}'s: is that who stands here?"), name=name), source]
        told += [say(msg("Note: {text}"), text=text) for text in card.member.pops_up]
    return "\n".join(each for each in told if each)


def first_known(card: PresentedCard, look: Callable[[str, str], T]) -> T:
    """What `look` answers for the first reading of a card on the reader that is known.

    Raises:
        Refused: `unknown_card` if none is, and whatever else `look` raises.
    """
    unknown = Refused("unknown_card")
    for kind, text in card.readings:
        try:
            return look(kind, text)
        except Refused as refused:
            if refused.code != "unknown_card":
                raise
            unknown = refused
    raise unknown


def open_presented(reads: Reads, card: PresentedCard) -> OpenedCard:
    """The card that lies on the reader. Raises Refused `unknown_card`, `not_permitted`, `not_signed_in`."""
    return first_known(
        card, lambda kind, text: reads.open_card(token_kind=kind, text=text).read_by(card.source(kind))
    )


def let_next_follow(screen: ShopScreen[Any], asked: str) -> None:
    """The number that was looked up gives way to the next one typed: nobody empties the field by hand."""
    field = screen.query_one(CARD_FIELD, Input)
    if field.has_focus and field.value.strip() == asked:
        field.select_all()


class TakesCard(PostingScreen[R]):
    """A screen that books something about the card whose number stands in its one field `#card`.

    Args:
        number: the card to begin with; empty: the field waits.
    """

    TYPED_INTO = CARD_FIELD

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number
        self.card: OpenedCard | None = None
        self.sought = ""
        self.document_id: UUID = shop.ids.new()

    @abstractmethod
    def show_facts(self) -> None:
        """What is known of the card, or that there is none."""

    def begin(self) -> None:
        """The field has the focus; with a card to begin with it is as if it had been presented here."""
        field = self.query_one("#card", Input)
        field.focus()
        if self.number:
            field.value = self.number
            self.present(self.number)

    def present(self, text: str, *, source: str = "typed") -> bool:
        """Ask which card this is; the answer comes as `CardOpened`. False for an empty text.

        Args:
            source: typed or scanned.
        """
        number, reads = text.strip(), self.shop.reads
        self.sought = number
        if number:
            ask(
                self,
                lambda: reads.open_card(token_kind=TYPED_NUMBER, text=number).read_by(source),
                then=messages.CardOpened,
                subject="card",
            )
        return bool(number)

    def card_presented(self, card: PresentedCard) -> bool:
        """Ask which one it is; its number goes into the field, whatever has the focus."""
        reads = self.shop.reads
        if self.unknown:
            return False
        ask(self, lambda: open_presented(reads, card), then=CardLaid, subject="card")
        return True

    def code_scanned(self, text: str) -> bool:
        """As if it had been typed there."""
        if self.unknown:
            return False
        self.query_one("#card", Input).value = text.strip()[:LENGTH_MAX]
        return self.present(text, source="scanned")

    @on(CardLaid)
    def take_laid(self, message: CardLaid) -> None:
        """From here on as if it had been typed."""
        message.stop()
        self.tell("")
        self.query_one("#card", Input).value = message.card.number
        self.post_message(messages.CardOpened(message.card))

    @on(Input.Submitted, "#card")
    def open_card(self, event: Input.Submitted) -> None:
        """Which one?"""
        event.stop()
        if not self.held:
            self.tell("")
            self.enter_card(event.value)

    def enter_card(self, text: str) -> None:
        """Enter in the field."""
        self.present(text)

    @on(messages.CardOpened)
    def let_next_card_follow(self, message: messages.CardOpened) -> None:
        """Card after card, as when a stack of them is activated."""
        let_next_follow(self, message.card.number)

    @on(messages.Refused)
    def let_right_number_follow(self, message: messages.Refused) -> None:
        """A wrong number is typed anew, not added to."""
        if message.subject == "card":
            let_next_follow(self, self.sought)

    @on(Input.Changed, "#card")
    def forget_other_card(self, event: Input.Changed) -> None:
        """Nothing is done with a card whose number does not stand in the field."""
        if self.card is not None and event.value.strip() != self.card.number and not self.held:
            self.card = None
            self.aside("")
            self.show_facts()

    def after_slip(self, _nothing: None) -> None:
        """Opened with a card it goes back to the page that it was opened from; else the next card follows."""
        if self.number:
            self.dismiss(None)
        else:
            self.begin_anew()

    def begin_anew(self) -> None:
        """Nothing of the card before is left; the next one is another document."""
        self.card, self.document_id = None, self.shop.ids.new()
        field = self.query_one("#card", Input)
        field.value = ""
        field.focus()
        self.aside("")
        self.show_facts()

    def name_holder(self, card: OpenedCard) -> None:
        """Beside the title."""
        self.aside(card.member.name if card.member else self.say(msg("bearer card")))


class ShowsCard(ShopScreen[None], Generic[Page]):
    """A screen that shows the card whose number stands in its field `#card`, and books nothing.

    Args:
        number: the card to begin with; empty: the field waits.
    """

    TYPED_INTO = CARD_FIELD
    LISTS: ClassVar[tuple[str, ...]]

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number
        self.sought = ""
        self.page: Page | None = None

    @abstractmethod
    def look(self, kind: str, text: str) -> Page:
        """In a worker: the card that is known by `text`."""

    @abstractmethod
    def number_of(self, page: Page) -> str:
        """What has to stand in the field."""

    @abstractmethod
    def show_page(self, page: Page) -> None:
        """The card that was asked for."""

    def card_field(self) -> Field:
        """Where a number is typed; a presented or scanned one stands there too."""
        return Field(self.say(msg("Card number")), id="card", value=self.number)

    def on_mount(self) -> None:
        """The card first."""
        self.query_one("#card", Input).focus()
        self.read()

    def on_screen_resume(self) -> None:
        """Something was done with it in between, perhaps."""
        if self.page is not None:
            self.read()

    def read(self) -> None:
        """How it stands now."""
        text = self.sought = self.query_one("#card", Input).value.strip()
        if text:
            ask(self, lambda: self.look(TYPED_NUMBER, text), then=PageRead, subject="card")

    def card_presented(self, card: PresentedCard) -> bool:
        """A card on the reader, by the first thing that it is known by."""
        ask(self, lambda: first_known(card, self.look), then=PageRead, subject="card")
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
        self.tell("")
        self.read()

    @on(Input.Changed, "#card")
    def forget_other_card(self, event: Input.Changed) -> None:
        """Nothing is shown of a card whose number does not stand in the field."""
        if self.page is not None and event.value.strip() != self.number_of(self.page):
            self.page = None
            self.aside("")
            self.query_one(Pairs).show([])
            for name in self.LISTS:
                self.query_one(name, RowList).show_rows([])
            self.forgotten()
            self.refresh_bindings()

    def forgotten(self) -> None:
        """No card is shown any more; for what a list says of the one before."""

    @on(PageRead)
    def take_page(self, message: PageRead) -> None:
        """Its number stands in the field, however it came."""
        self.page = message.page
        self.query_one("#card", Input).value = self.number_of(message.page)
        self.show_page(message.page)
        let_next_follow(self, self.number_of(message.page))

    @on(messages.Refused)
    def let_right_number_follow(self, message: messages.Refused) -> None:
        """A wrong number is typed anew, not added to."""
        if message.subject == "card":
            let_next_follow(self, self.sought)
