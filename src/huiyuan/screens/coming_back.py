"""What was left at this counter comes back before anything else begins: by itself to whoever left it, to
anybody else after asking.

Always true: until it is known what became of it nothing is kept over it; whose it was is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, TypeVar

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import KeptBasket
from huiyuan.domain.model.document import Tender
from huiyuan.domain.ports import Baskets
from huiyuan.screens import messages
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.wording import Wording

R = TypeVar("R")

RETRY_S = 5
TAKE, EMPTY = "take", "empty"
TITLE: Final = msg("A basket of before")


def parts_told(say: Wording, parts: Sequence[Tender]) -> str:
    """What was taken on other machines, each with its reference."""
    told = (f"{say.tender(each.kind)} {say.money(each.amount_minor)} ({each.reference})" for each in parts)
    return "; ".join(told)


def whose(shop: Shop, kept: KeptBasket, *, short: bool = False) -> str:
    """Whose it was, from when, how old, how much of what; `short` beside a screen that shows the figures."""
    say, basket = shop.say, kept.basket
    if basket.top_up is not None:
        text = msg(
            "The top-up of {staff} from {moment} ({ago}): card {card}, {amount}. Taken so far: {parts}."
        )
        beside = msg("The top-up of {staff} from {moment} ({ago}). Taken so far: {parts}.")
        return say(
            beside if short else text,
            staff=kept.staff, moment=say.moment(kept.at), ago=say.age(kept.at, shop.clock.now()),
            card=basket.top_up.masked, amount=say.money(basket.top_up.amount_minor),
            parts=parts_told(say, basket.tenders),
        )  # fmt: skip
    text = say(
        msg("The basket of {staff} from {moment} ({ago}), {lines} lines.")
        if basket.back is None
        else msg("The return of {staff} from {moment} ({ago}), {lines} lines."),
        staff=kept.staff,
        moment=say.moment(kept.at),
        ago=say.age(kept.at, shop.clock.now()),
        lines=len(basket.lines) + (len(basket.back.pieces) if basket.back else 0),
    )
    taken = sum(tender.amount_minor for tender in basket.tenders)
    return text if not taken else f"{text} " + say(msg("Taken so far: {amount}."), amount=say.money(taken))


class BasketBack(Sheet[str]):
    """Somebody else's basket: go on with it or empty it. With `asks` off it only says what changed."""

    SCOPE = "basket_back"

    def __init__(self, shop: Shop, sentences: Sequence[str], *, asks: bool, title: str = TITLE) -> None:
        super().__init__(shop, shop.say(title))
        self.sentences = sentences
        self.asks = asks

    def body(self) -> ComposeResult:
        """A sentence each."""
        for text in self.sentences:
            yield Prose(text)

    def applies(self, action: str) -> bool:
        """Emptying is offered where it is asked."""
        return self.asks or action != "empty"

    def action_take(self) -> None:
        """Enter."""
        self.dismiss(TAKE)

    def action_empty(self) -> None:
        """F9."""
        self.dismiss(EMPTY)


class ComingBack(AskingScreen[R]):
    """A screen that finds what was left here; named after the screen's own base."""

    COMES_AS: ClassVar[str] = "basket"
    """Subject of the question that brings it."""
    COMES_UNDER: ClassVar[str] = TITLE
    HOW: ClassVar[str] = msg("Go on with it, or empty it. Esc leaves it where it is.")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.coming: KeptBasket | None = self.left_here()

    @property
    def shelf(self) -> Baskets:
        """Where what this screen takes down is kept."""
        return self.shop.baskets

    def left_here(self) -> KeptBasket | None:
        """What is there from before, of this screen's kind."""
        return self.shelf.kept()

    def ask_coming(self, *, own_alone: bool) -> None:
        """One's own comes back by itself (`own_alone`), everything else after asking."""
        kept, shop = self.coming, self.shop
        if kept is None:
            return
        if own_alone and kept.staff == shop.person.staff.number:
            self.read_coming()
            return
        about = [whose(shop, kept), self.say(self.HOW)]
        self.app.push_screen(BasketBack(shop, about, asks=True, title=self.COMES_UNDER), self.decide_coming)

    def decide_coming(self, answer: str | None) -> None:
        """Whoever neither takes nor empties it begins nothing over it."""
        kept, by = self.coming, self.shop.person.staff.number
        if kept is None:
            return
        if answer is None:
            self.dismiss(None)
        elif answer == EMPTY:
            self.shelf.drop(kept, by=by)
            self.coming = None
            self.coming_gone()
        else:
            self.shelf.take(kept, by=by)
            self.read_coming()

    @on(messages.NoLine)
    def wait_with_coming(self, message: messages.NoLine) -> None:
        """Some of it only the server knows: asked again until the line is back."""
        if message.subject == self.COMES_AS:
            self.set_timer(RETRY_S, self.read_coming)

    def read_coming(self) -> None:
        """Ask for what only the server knows of it, if anything is coming; the screen's own."""
        raise AssertionError(self.coming)

    def coming_gone(self) -> None:
        """Emptied: the screen begins."""
        self.refresh_bindings()
