"""The page of the life of cards: stopped, given back, replaced, ended, renewed, changed, closed."""

from __future__ import annotations

from tests.properties.books import CAPS, DEAD, TERMS, CardMove, Document, Plastic, Refusal, add_months
from tests.properties.part import Part

STOPS = {"card_freeze": ({"active"}, "frozen"), "card_lost": ({"issued", "active", "frozen"}, "lost")}
GIVES_BACK = {"card_unfreeze": "frozen", "card_found": "lost"}
CLOSES = {"issued", "active", "frozen", "lost", "expired"}
HELD_APART = {"linked", "group"}
"""Types whose cards are held in another way than a person's own."""


class Living(Part):
    """A part of the model."""

    def standing(self, card: int) -> str:
        """The state of a card today: past its last day it is expired, whatever is written down."""
        state, ends = self.cards[card], self.plastic[card].ends
        past = ends is not None and ends < self.today and state in {"issued", "active"}
        return "expired" if past else state

    def _open(self, wallet: int) -> bool:
        return any(
            opened == wallet and self.standing(card) == "active" for card, opened in enumerate(self.opens)
        )

    def _shown(self, card: int) -> None:
        """The card lies on the counter; one that was taken back into the box opens nothing."""
        if self.cards[card] == "blank":
            raise Refusal("card_not_presented")
        if self.standing(card) != "active":
            raise Refusal("card_not_active")

    def _opening(self, *wallets: int) -> list[int]:
        return [n for n, opened in enumerate(self.opens) if opened in wallets and self.cards[n] != "blank"]

    def _cap(self, *wallets: int) -> int:
        """The least cap of the cards that open them; those that are dead count where none lives."""
        cards = self._opening(*wallets)
        alive = [card for card in cards if self.cards[card] not in DEAD] or cards
        return min(CAPS[self.plastic[card].kind] for card in alive) if alive else 10**12

    def _becomes(self, document: Document, card: int, now: str, plastic: Plastic | None = None) -> None:
        before, after = self.plastic[card], plastic or self.plastic[card]
        terms = None if before.terms == after.terms else (before.terms, after.terms)
        document.moved.append(CardMove(card, self.cards[card], now, terms))
        self.cards[card], self.plastic[card] = now, after

    def _with(self, card: int, kind: str, ends: object) -> Plastic:
        old = self.plastic[card]
        return Plastic(kind, old.holder, old.issued, ends)  # type: ignore[arg-type]

    def _stop(self, card: int, now: str) -> None:
        self.was.setdefault(card, []).append(self.cards[card])
        self.cards[card] = now

    def _before(self, card: int) -> str:
        """What it was; one that came from elsewhere was active."""
        return (self.was.get(card) or ["active"])[-1]

    def live(self, kind: str, card: int) -> None:
        """Frozen or lost, and back to what it was before."""
        state = self.cards[card]
        if kind in STOPS:
            allowed, now = STOPS[kind]
            if state not in allowed:
                raise Refusal("card_state")
            self._stop(card, now)
        elif state != GIVES_BACK[kind]:
            raise Refusal("card_state")
        else:
            self.cards[card] = self.was[card].pop()

    def activate(self, till: int, card: int) -> None:
        """In use from today on, as long as its type lasts."""
        begun = self._begin("card_activation", till, 0, shift=False, wallet=self.opens[card])
        if self.cards[card] != "issued" or self.standing(card) != "issued":
            raise Refusal("card_state")
        kind = self.plastic[card].kind
        ends = add_months(self.today, TERMS[kind]) if kind in TERMS else None
        self._becomes(begun, card, "active", self._with(card, kind, ends))

    def replace(self, till: int, card: int) -> None:
        """A new card opens the same wallet, with the type and the last day of the old one, which is dead."""
        swap = self._begin("card_replacement", till, 0, wallet=self.opens[card])
        state, old = self.cards[card], self.plastic[card]
        if state not in {"issued", "active", "lost"}:
            raise Refusal("card_state")
        if state == "lost" and self.was[card][-1] == "frozen":
            raise Refusal("replacement_wrong")
        self._awake(old.holder, self.wallets[self.opens[card]].owner)
        self.cards.append("blank")
        self.plastic.append(Plastic(old.kind, -1, old.issued))
        self.opens.append(self.opens[card])
        new = len(self.cards) - 1
        self._becomes(swap, card, "replaced")
        heir = Plastic(old.kind, old.holder, old.issued, old.ends)
        self._becomes(swap, new, self.was[card][-1] if state == "lost" else state, heir)
        self.heirs[card] = new
        if card in self.limits:
            self.limits[new] = self.limits[card]

    def expire(self, card: int) -> None:
        """Somebody writes down what is so already."""
        if self.cards[card] not in {"issued", "active"}:
            raise Refusal("card_state")
        if self.standing(card) != "expired":
            raise Refusal("card_not_due")
        self._stop(card, "expired")

    def renew(self, till: int, card: int) -> None:
        """So many months more, from its last day or from today; what expired is what it was before."""
        renewed = self._begin("card_renewal", till, 0, wallet=self.opens[card])
        state, own = self.cards[card], self.plastic[card]
        if state not in {"active", "expired"}:
            raise Refusal("card_state")
        if own.kind not in TERMS:
            raise Refusal("card_not_due")
        self._awake(own.holder)
        ends = add_months(max(own.ends or self.today, self.today), TERMS[own.kind])
        now = self._before(card) if state == "expired" else state
        self._becomes(renewed, card, now, self._with(card, own.kind, ends))
        if state == "expired" and self.was.get(card):
            self.was[card].pop()

    def change_type(self, till: int, card: int, kind: str) -> None:
        """Another type that is held in the same way and holds what there is."""
        changed = self._begin("card_type_change", till, 0, wallet=self.opens[card])
        state, own = self.standing(card), self.plastic[card]
        if state not in {"issued", "active"}:
            raise Refusal("card_state")
        apart = own.kind in HELD_APART or kind in HELD_APART
        if kind == own.kind or (apart and kind != own.kind) or not self._may_have(own.holder, kind):
            raise Refusal("type_change_wrong")
        if self.wallets[self.opens[card]].value > CAPS[kind]:
            raise Refusal("type_change_wrong")
        self._awake(own.holder)
        ends = own.ends if kind in TERMS else None
        if kind in TERMS and ends is None and state == "active":
            ends = add_months(self.today, TERMS[kind])
        self._becomes(changed, card, state, self._with(card, kind, ends))
        self._use_up(changed, own.holder, kind)

    def cancel(self, card: int) -> None:
        """The last card of a wallet only when it is empty."""
        if self.cards[card] not in CLOSES:
            raise Refusal("card_state")
        wallet = self.opens[card]
        others = [n for n in self._opening(wallet) if n != card and self.cards[n] not in DEAD]
        if not others and self.wallets[wallet].holds:
            raise Refusal("wallet_not_empty")
        self._stop(card, "closed")

    def restore(self, card: int) -> None:
        """What was closed is what it was before."""
        if self.cards[card] != "closed":
            raise Refusal("card_state")
        self._awake(self.plastic[card].holder)
        self.cards[card] = self.was[card].pop()

    # -- taken back -----------------------------------------------------------------------------------

    def _move_back(self, document: Document) -> None:
        """Every card to what it was, unless something moved it since then."""
        for move in document.moved:
            card = move.card
            others = [n for n in self._opening(self.opens[card]) if n != card]
            if move.was == "blank" and self.wallets[self.opens[card]].holds and not others:
                raise Refusal("card_state")
            moved_on = move.terms is not None and self.plastic[card].terms != move.terms[1]
            if self.cards[card] != move.now or moved_on:
                raise Refusal("card_state")
            self.cards[card] = move.was
            own = self.plastic[card]
            kind, ends = move.terms[0] if move.terms else own.terms
            self.plastic[card] = Plastic(kind, -1 if move.was == "blank" else own.holder, own.issued, ends)
            if move.was == "expired":
                self.was.setdefault(card, []).append(move.now)
            if move.now == "replaced":
                del self.heirs[card]
            if move.was == "blank":
                self.limits.pop(card, None)

    def _undo_card_activation(self, activation: Document, _: Document) -> None:
        self._move_back(activation)

    _undo_card_replacement = _undo_card_renewal = _undo_card_type_change = _undo_card_activation

    def _undo_card_issue(self, issue: Document, _: Document) -> None:
        self._move_back(issue)
        self._pay_out(issue.till, issue.total)
