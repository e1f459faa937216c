"""One move of a card or of a membership: new card, new type, paper, reason, fee, and then the slip.

Always true: what the move asks for is asked before anything is sent; the number on a paper leaves this
counter as an HMAC only; a waived fee is signed by a second person and stands on the slip as waived.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.card_life import PAPERS, CardLife, LifeMove, MemberLife, renewed_until
from huiyuan.domain.model.document import Document, IdentityRow, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.card_life import card_move_document, member_move_document
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.bank_card import ask_bank_card
from huiyuan.screens.dialogs.pins import NewPin, Secret
from huiyuan.screens.life_words import FEE_WORDS, MEMBER_STATES
from huiyuan.screens.move_hints import move_hint
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.presenting import open_presented
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import TYPED_NUMBER, Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import LENGTH_MAX, Field
from huiyuan.screens.widgets.prose import Facts, Prose
from huiyuan.screens.wording import Wording

WAIVING: Final = msg("The fee of {amount} is waived: a second person signs.")
NO_PAPER: Final = msg("Which paper was shown? Type its digit. Nothing was booked.")
NO_TYPE: Final = msg("Which card type? Type its digit. Nothing was booked.")
NO_BLANK: Final = msg("Which blank card takes over? Present it. Nothing was booked.")


class CardMoveScreen(PostingScreen[str]):
    """The form of one move; answers the number of the card that is used from then on.

    Args:
        subject: the card or the membership as it was read.
    """

    SCOPE = "move"
    TITLE_TEXT = msg("Card desk")

    def __init__(self, shop: Shop, subject: CardLife | MemberLife, move: LifeMove) -> None:
        super().__init__(shop)
        self.subject = subject
        self.move = move
        self.document_id: UUID = shop.ids.new()
        self.blank: OpenedCard | None = None
        self.pin_chosen = False
        self.names = self.fields()

    @property
    def card(self) -> CardLife | None:
        """The card, where it is about one."""
        return self.subject if isinstance(self.subject, CardLife) else None

    @property
    def replaces(self) -> bool:
        """A blank card takes over."""
        return self.move.now == CardState.REPLACED

    def fields(self) -> list[str]:
        """What this move asks for, in order."""
        names = ["card"] if self.replaces else []
        names += ["type"] if self.move.kind == "card_type_change" else []
        names += ["paper", "number"] if self.move.identity else []
        return [*names, "reason"] if self.move.reason else names

    def body(self) -> ComposeResult:
        """What is done to whom, a hint that follows the field, the fields."""
        say = self.say
        yield Prose(say.kind(self.move.kind), id="what")
        yield Facts(self.facts(), width=36, label_width=20, id="facts")
        yield Prose("", id="hint")
        labels = {
            "card": msg("New blank card"),
            "type": msg("New card type"),
            "paper": msg("Paper"),
            "number": msg("Number on it"),
            "reason": msg("Reason"),
        }
        for each in self.names:
            yield Field(say(labels[each]), id=each, label_width=20)

    def on_mount(self) -> None:
        """The first field; without one the keys alone."""
        self.aside(self.about())
        if self.names:
            self.query_one(f"#{self.names[0]}", Input).focus()
            self.query_one("#hint", Prose).show(self.hint(self.names[0]))
        else:
            self.query_one("#hint", Prose).show(self.say(msg("F2 does it.")))

    def about(self) -> str:
        """Whom it is about."""
        if isinstance(self.subject, MemberLife):
            return f"{self.subject.name} {self.subject.number}"
        holder = self.subject.holder
        return f"{self.subject.number} {holder.name}" if holder else self.subject.number

    def facts(self) -> list[tuple[str, str]]:
        """From, to, fee."""
        say, move = self.say, self.move

        def named(state: str) -> str:
            return state_word(say, state, member=self.card is None)

        rows = [(say(msg("State before, after")), f"{named(self.subject.state)} > {named(move.now)}")]
        if self.card and move.kind == Kind.CARD_TYPE_CHANGE:
            rows = [(say(msg("Card type")), self.card.type.name)]
        if self.card and move.kind == Kind.CARD_RENEWAL and self.card.valid_to:
            rows.append((say(msg("Valid to")), self.card.valid_to.isoformat()))
            rows.append((say(msg("Renewed by")), say(msg("{count} months"), count=self.card.months)))
            today = self.shop.server_now().astimezone(say.zone).date()
            ends = renewed_until(self.card.valid_to, today, self.card.months or 0)
            rows.append((say(msg("Valid then to")), ends.isoformat()))
        rows += [(say.word(FEE_WORDS, fee.code), say.money(fee.amount_minor)) for fee in move.fees]
        return rows

    def hint(self, name: str) -> str:
        """What may be typed there."""
        types = [each.name for each in self.card.types] if self.card else []
        return move_hint(self.say, name, types)

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """From field to field; from the last one: do it."""
        event.stop()
        if self.pin_chosen:
            self.leave()
        if self.held or self.pin_chosen:
            return
        name = event.input.id or ""
        if name == "card":
            self.open_blank(event.value.strip())
            return
        if name == "paper" and self.digit(name, len(PAPERS)) is None:
            self.point_at(name, self.say(NO_PAPER))
            return
        if name == "type" and self.new_type() is None:
            self.point_at(name, self.say(NO_TYPE))
            return
        place = self.names.index(name)
        if place + 1 < len(self.names):
            self.point_at(self.names[place + 1])
        else:
            self.action_post()

    def point_at(self, name: str, said: str = "") -> None:
        """A field and what may be typed there."""
        self.query_one("#hint", Prose).show(self.hint(name))
        field = self.query_one(f"#{name}", Input)
        field.focus()
        if said:
            field.select_all()  # what is typed next takes its place
        self.tell(said, "error" if said else "info")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tab goes on as Enter does: what may be typed here, and a number that was typed is looked up."""
        name = event.widget.id or ""
        if name in self.names:
            self.query_one("#hint", Prose).show(self.hint(name))
        if self.replaces and self.blank is None and name in self.names[1:]:
            self.open_blank(self.query_one("#card", Input).value.strip())

    def open_blank(self, number: str) -> None:
        """Which one is it?"""
        reads = self.shop.reads
        if number:
            ask(
                self,
                lambda: reads.open_card(token_kind=TYPED_NUMBER, text=number),
                then=messages.CardOpened,
                subject="card",
            )

    def card_presented(self, card: PresentedCard) -> bool:
        """The blank card on the reader."""
        reads = self.shop.reads
        if self.held or not self.replaces:
            return False
        ask(self, lambda: open_presented(reads, card), then=messages.CardOpened, subject="card")
        return True

    def code_scanned(self, text: str) -> bool:
        """The same from a scanner."""
        taken = self.replaces and not self.held and bool(text.strip())
        if taken:
            self.query_one("#card", Input).value = text.strip()[:LENGTH_MAX]
            self.open_blank(text.strip())
        return taken

    @on(messages.CardOpened)
    def take_blank(self, message: messages.CardOpened) -> None:
        """Only a blank one takes over."""
        opened = message.card
        if opened.state is not CardState.BLANK:
            self.tell(sentence(self.say, Refused("card_state", {"state": opened.state})), "error")
            self.query_one("#card", Input).select_all()
            return
        self.blank = opened
        self.query_one("#card", Input).value = opened.number
        if len(self.names) > 1 and self.query_one("#card", Input).has_focus:
            self.point_at(self.names[1])

    @on(messages.Refused)
    def mark_unknown(self, message: messages.Refused) -> None:
        """The next number typed takes the place of the wrong one."""
        if message.subject == "card":
            self.query_one("#card", Input).select_all()

    @on(Input.Changed, "#card")
    def forget_other_card(self, event: Input.Changed) -> None:
        """What takes over is what stands in the field."""
        if self.blank is not None and event.value.strip() != self.blank.number and not self.held:
            self.blank = None

    # Doing it

    def applies(self, action: str) -> bool:
        """A bank card and a waiver need a fee."""
        if action == "post":
            return not self.held and not self.pin_chosen
        if action in {"bank", "waive"}:
            return not self.held and self.move.fee_minor > 0
        return super().applies(action)

    def action_post(self) -> None:
        """F2: the fee exactly, in cash, or nothing."""
        if self.pin_chosen:
            return
        amount = self.move.fee_minor
        self.send(Payment(amount).with_cash(amount) if amount else None)

    def action_bank(self) -> None:
        """F4."""
        if self.made(None, waived=True) is not None:
            ask_bank_card(self, self.move.fee_minor, self.send)

    def action_waive(self) -> None:
        """F6: nothing is paid; a second person signs first."""
        document = self.made(None, waived=True)
        if document is not None and not self.held:
            self.document = document
            self.ask_second_person(self.say(WAIVING, amount=self.say.money(self.move.fee_minor)))

    def send(self, payment: Payment | None) -> None:
        """Post it, once."""
        document = self.made(payment)
        if document is not None and not self.held:
            self.submit(document)

    def made(self, payment: Payment | None, *, waived: bool = False) -> Document | None:
        """The document; None where something is missing, which was said."""
        if self.replaces and self.blank is None:
            self.point_at("card", self.say(NO_BLANK))
            return None
        identity, new_type = self.identity(), self.new_type()
        if self.move.identity and identity is None:
            self.point_at("paper", self.say(NO_PAPER))
            return None
        if "type" in self.names and new_type is None:
            self.point_at("type", self.say(NO_TYPE))
            return None
        reason = " ".join(self.query_one("#reason", Input).value.split()) if "reason" in self.names else ""
        try:
            return self.document_of(payment, identity, new_type, reason, waived)
        except Refused as refused:
            self.point_at("reason" if refused.code == "reason_missing" else self.names[0])
            self.tell(sentence(self.say, refused), "error")
            return None

    def document_of(
        self,
        payment: Payment | None,
        identity: IdentityRow | None,
        new_type: int | None,
        reason: str,
        waived: bool,
    ) -> Document:
        """Raises Refused: see the use cases."""
        stamp = stamp_of(self.shop, self.document_id)
        if isinstance(self.subject, MemberLife):
            return member_move_document(stamp, self.subject, self.move, reason=reason, identity=identity)
        return card_move_document(
            stamp,
            self.subject,
            self.move,
            reason=reason,
            identity=identity,
            new_type=new_type,
            replacement=self.blank,
            payment=payment,
            waived=waived,
        )

    def digit(self, name: str, most: int) -> int | None:
        """The digit in a field, from 1 to `most`."""
        text = self.query_one(f"#{name}", Input).value.strip() if name in self.names else ""
        return int(text) if text in {str(n) for n in range(1, most + 1)} else None

    def identity(self) -> IdentityRow | None:
        """How the person was known; None where no paper was named."""
        paper = self.digit("paper", len(PAPERS))
        if isinstance(self.subject, MemberLife):
            holder = self.subject.id
        else:
            holder = self.subject.holder.id if self.subject.holder else 0
        if paper is None or not holder:
            return None
        number = self.query_one("#number", Input).value
        return self.shop.life.identity(holder, paper=PAPERS[paper - 1], number=number)

    def new_type(self) -> int | None:
        """The id of the card type that was chosen."""
        types = self.card.types if self.card else ()
        digit = self.digit("type", len(types))
        return types[digit - 1].id if digit else None

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it with its slip; then back to the desk."""
        number = self.card.number if self.card else None
        used = self.blank.number if self.blank else number
        holder = self.card.holder if self.card else None
        name = (
            holder.name if holder else (self.subject.name if isinstance(self.subject, MemberLife) else None)
        )
        old = number if self.blank else None
        slip = slip_of(self.shop, document, posted, card_number=used, old_card=old, holder=name)

        def back(_nothing: None) -> None:
            if document.kind == Kind.CARD_PIN_RESET:
                about = self.say(msg("The customer types a new PIN of six digits, twice. Look away."))
                self.app.push_screen(
                    NewPin(self.shop, self.say(msg("PIN of the card")), about, card=True), self.set_pin
                )
            else:
                self.dismiss(used or "")

        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), back)

    def set_pin(self, secret: Secret | None) -> None:
        """The old one was given up just now; without a new one it goes on."""
        card, shop = self.card, self.shop
        if secret is None or card is None:
            self.dismiss(card.number if card else "")
            return
        number = card.number

        def work() -> None:
            opened = shop.reads.open_card(token_kind=TYPED_NUMBER, text=number)
            shop.sign_in.set_card_pin(opened, pin=secret.pin)

        ask(self, work, then=lambda _: messages.PinChanged(), subject="pin")

    @on(messages.PinChanged)
    def say_set(self) -> None:
        """Nothing is left to do here."""
        self.pin_chosen = True
        self.refresh_bindings()
        self.tell(self.say(msg("The card's PIN is set. Esc goes back.")), "good")

    def leave(self) -> None:
        """The desk reads the card again once its PIN was chosen."""
        self.dismiss(self.card.number if self.card and self.pin_chosen else None)


def state_word(say: Wording, state: str, *, member: bool) -> str:
    """A state of a card, or of a membership."""
    return say.word(MEMBER_STATES, state) if member else say.state(state)
