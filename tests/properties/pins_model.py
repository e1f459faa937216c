"""The page of PINs, one a wallet: set by who holds a card, changed by who knows it, given up, unlocked."""

from __future__ import annotations

from dataclasses import dataclass

from tests.properties.books import Plastic, Refusal, Wallet

TRIES = 5


@dataclass
class Pin:
    """What is known of the PIN of one wallet. `given_up`: whoever sits at the desk chooses another one."""

    value: int | None = None
    wrong: int = 0
    given_up: bool = False

    @property
    def locked(self) -> bool:
        return self.wrong >= TRIES


class Pinned:
    """A part of the model; named before its base."""

    cards: list[str]
    opens: list[int]
    pins: dict[int, Pin]
    plastic: list[Plastic]
    wallets: list[Wallet]

    def pin_of(self, card: int) -> Pin:
        return self.pins.setdefault(self.opens[card], Pin())

    def set_pin(self, card: int, value: int, *, at_desk: bool) -> None:
        """The first one anywhere, with a card of whoever the wallet belongs to; another one, and one with
        another holder's card, only where it was given up."""
        pin = self.pin_of(card)
        if self.cards[card] not in {"issued", "active"}:
            raise Refusal("card_not_active")
        if (pin.value is not None or not self._own(card)) and not (pin.given_up and at_desk):
            raise Refusal("pin_not_own" if pin.value is None else "pin_set")
        self.pins[self.opens[card]] = Pin(value)

    def change_pin(self, card: int, old: int, value: int) -> str | None:
        """A guess counts whatever becomes of the rest: it was committed before."""
        pin = self.pin_of(card)
        if pin.value is None:
            return "pin_not_set"
        if pin.locked:
            return "pin_locked"
        right = old == pin.value
        pin.wrong = 0 if right else pin.wrong + 1
        if self.cards[card] not in {"issued", "active"}:
            return "card_not_active"
        if not right:
            return "pin_wrong"
        self.pins[self.opens[card]] = Pin(value)
        return None

    def _own(self, card: int) -> bool:
        """Whether the wallet belongs to whoever the card does."""
        return self.wallets[self.opens[card]].owner == self.plastic[card].holder

    def reset_pin(self, card: int, *, two: bool) -> None:
        """Given up for the owner, whose paper is on file, or by `two`; it stays until another one is set."""
        if self.cards[card] not in {"issued", "active"}:
            raise Refusal("card_state")
        if self.pin_of(card).value is None and self._own(card):
            raise Refusal("pin_not_set")
        if not self._own(card) and not two:
            raise Refusal("approval_needed")
        self.pin_of(card).given_up = True

    def unlock_pin(self, card: int, *, two: bool) -> None:
        """Only a lock is lifted."""
        if self.cards[card] not in {"issued", "active"}:
            raise Refusal("card_state")
        if self.pin_of(card).value is None:
            raise Refusal("pin_not_set")
        if not self.pin_of(card).locked:
            raise Refusal("pin_not_locked")
        if not self._own(card) and not two:
            raise Refusal("approval_needed")
        self.pin_of(card).wrong = 0
