"""The page of people: memberships that rest, cards on another one's wallet with limits of their own."""

from __future__ import annotations

from datetime import date

from tests.properties.books import CAPS, CardMove, Document, Plastic, Refusal, Wallet
from tests.properties.part import Part

MEMBER_MOVES = {
    "member_freeze": ({"active"}, "frozen"), "member_unfreeze": ({"frozen"}, "active"),
    "member_cancellation": ({"active", "frozen"}, "cancelled"), "member_restore": ({"cancelled"}, "active"),
}  # fmt: skip
FEE, ANNUAL = 1000, 3000


class Peopled(Part):
    """A part of the model. `limits`: of one card, in a sale and in a day; `drawn`: what it drew in a day."""

    limits: dict[int, tuple[int | None, int | None]]
    drawn: dict[tuple[int, date], int]

    def member_move(self, kind: str, person: int) -> None:
        allowed, now = MEMBER_MOVES[kind]
        if person in self.merged_people or self.people[person] not in allowed:
            raise Refusal("member_state")
        self.people[person] = now

    def _awake(self, *people: int) -> None:
        if any(person >= 0 and self.people[person] != "active" for person in people):
            raise Refusal("member_not_active")

    def _rests(self, states: set[str], *people: int) -> None:
        """Whoever signs, a membership in one of these states lets nothing go."""
        if any(person >= 0 and self.people[person] in states for person in people):
            raise Refusal("membership_rests")

    def _awake_at(self, card: int, *, shown: bool) -> None:
        """The member of the wallet; whose the card is that lies there, too."""
        owner = self.wallets[self.opens[card]].owner
        self._awake(owner, *([self.plastic[card].holder] if shown else []))

    def issue(self, till: int, kind: str, person: int, main: int, waived: bool) -> None:
        """A card for somebody, or for somebody new (`person` < 0), on a wallet of its own or on `main`'s."""
        fee = FEE + (ANNUAL if kind == "aged" and not waived else 0)
        wallet = len(self.wallets) if main < 0 else self.opens[main]
        issue = self._begin("card_issue", till, fee, wallet=wallet)
        if person < 0:
            person = len(self.people)
            self.people.append("active")
        if person in self.merged_people:
            raise Refusal("card_state")
        self._awake(person, -1 if main < 0 else self.wallets[wallet].owner)
        if not self._may_have(person, kind):
            raise Refusal("application_missing")
        if kind == "linked" and (main < 0 or not self._is_main(wallet)):
            raise Refusal("card_type_refused")
        if kind == "group" and main >= 0 and not self._of_a_group(wallet):
            raise Refusal("card_type_refused")
        if main < 0:
            self.wallets.append(Wallet(owner=person))
        self.opens.append(wallet)
        self.cards.append("issued")
        self.plastic.append(Plastic(kind, person, self.today))
        issue.moved.append(CardMove(len(self.cards) - 1, "blank", "issued"))
        if kind == "aged":
            issue.years.append((wallet, person, self.today.year))
        self._use_up(issue, person, kind)
        self.cash[till] += fee

    def _is_main(self, wallet: int) -> bool:
        return any(
            opened == wallet
            and self.standing(card) == "active"
            and self.plastic[card].kind not in {"linked", "group"}
            for card, opened in enumerate(self.opens)
        )

    def _of_a_group(self, wallet: int) -> bool:
        return any(
            opened == wallet and self.cards[card] != "blank" and self.plastic[card].kind == "group"
            for card, opened in enumerate(self.opens)
        )

    # -- limits of one card -----------------------------------------------------------------------------

    def limit(self, card: int, sale: int | None, day: int | None) -> None:
        if self.cards[card] == "blank":
            raise Refusal("unknown_card")
        self.limits[card] = (sale, day)

    def _draw(self, document: Document, card: int, amount: int) -> None:
        """By the card that lies there, within its own limits."""
        of_sale, of_day = self.limits.get(card, (None, None))
        if of_sale is not None and amount > of_sale:
            raise Refusal("card_limit")
        if of_day is not None and amount > max(of_day - self.drew(card), 0):
            raise Refusal("card_limit")
        if amount > 0:
            document.drew = (card, self.today, amount)
            self.drawn[card, self.today] = self.drawn.get((card, self.today), 0) + amount

    def drew(self, card: int) -> int:
        """What it drew today, and what those did that it took the place of."""
        before = [old for old, new in self.heirs.items() if new == card]
        return self.drawn.get((card, self.today), 0) + sum(self.drew(old) for old in before)

    def _free(self, back: Document, sale: Document, amount: int) -> None:
        """What goes back to the wallet frees the limit of the day of its sale."""
        if sale.drew and amount > 0:
            card, day, drew = sale.drew
            back.freed = (card, day, min(amount, drew))
            self.drawn[card, day] -= min(amount, drew)

    def _undraw(self, document: Document) -> None:
        """A document is taken back whole: what it drew is free, what it freed is drawn again."""
        for sign, part in ((-1, document.drew), (1, document.freed)):
            if part:
                card, day, amount = part
                self.drawn[card, day] += sign * amount

    def fits(self, wallet: int, more: int) -> bool:
        """What the wallet would hold is within the cap."""
        return self.wallets[wallet].value + more <= min(self._cap(wallet), max(CAPS.values()))
