"""The MemberFinder port over the read line: one statement a question, phones and cards as HMACs only.

Always true: what was typed leaves this counter as words of a name, a member number or an HMAC, never as a
phone or card number in clear, and nothing that was typed is written into a statement's text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from huiyuan.domain.model.card import CardState, Tier
from huiyuan.domain.model.found import NOBODY, Found, FoundCard, FoundMember
from huiyuan.domain.model.needle import Needle, Shape
from huiyuan.repositories.reads import Ask
from huiyuan.repositories.sign_in import accepted

_FIND = "select api.find_member(%s::text[], %s::text[], %s, %s, %s::text[], %s::text[], %s::bytea[])"


class DatabaseFinder:
    """Finds members; see the port for what it may refuse.

    Args:
        ask: How one statement is asked: `Line.ask_newest`, so that an answer nobody waits for is not made.
        token_of: Turns a phone number or a card's text into its HMAC, as `IndexKey.token` does.
        unmask: Opens the sealed mask (hex) of a member's phone; empty if this counter cannot.
    """

    def __init__(
        self,
        ask: Ask,
        *,
        token_of: Callable[[str, str], bytes],
        unmask: Callable[[int, str], str] = lambda _member, _sealed: "",
    ) -> None:
        self._ask = ask
        self._token_of = token_of
        self._unmask = unmask

    def find(self, needle: Needle) -> Found:
        if needle.shape in {Shape.NOTHING, Shape.RECEIPT, Shape.PAYMENT}:
            return NOBODY
        ways = [list(way) for way in needle.words]
        answer: Mapping[str, Any] = accepted(
            self._ask(
                _FIND,
                (
                    ways[0] if ways else None,
                    ways[1] if len(ways) > 1 else None,
                    self._token_of("phone", needle.phone) if needle.phone else None,
                    self._token_of("phone4", needle.last_four) if needle.last_four else None,
                    list(needle.numbers),
                    [kind for kind, _ in needle.cards],
                    [self._token_of(kind, text) for kind, text in needle.cards],
                ),
            )
        )
        return Found(
            members=tuple(self._member(row) for row in answer["members"]),
            more=answer["more"],
            card=_card(answer["card"]),
        )

    def fold_last_seen(self, shift: UUID) -> int:
        answer: Mapping[str, Any] = accepted(self._ask("select api.fold_last_seen(%s)", (shift,)))
        return int(answer["members"])

    def _member(self, row: Mapping[str, Any]) -> FoundMember:
        tier, seen, sealed = row["tier"], row["last_seen_on"], row["phone"]
        return FoundMember(
            id=row["id"],
            number=row["number"],
            name=row["name"],
            kind=row["kind"],
            tier=Tier(tier["id"], tier["code"], tier["name"]),
            phone=self._unmask(row["id"], sealed) if sealed else "",
            last_seen_on=date.fromisoformat(seen) if seen else None,
            cards=row["cards"],
            home_store=row["home_store"] or "",
            archived=row["archived"],
        )


def _card(row: Mapping[str, Any] | None) -> FoundCard | None:
    return None if row is None else FoundCard(row["id"], row["number"], CardState(row["state"]))
