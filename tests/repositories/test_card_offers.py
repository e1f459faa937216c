"""What the card desk offers and what the door takes, whatever a card went through before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from huiyuan.domain.model.card_life import LifeMove
from huiyuan.repositories.card_desk import DatabaseCardDesk
from tests.lives import accepted, life, replacing
from tests.small_chain import Card, Seat, SmallChain

WAYS = (
    *((), ("card_freeze",), ("card_lost",), ("card_freeze", "card_lost"), ("card_cancellation",)),
    *(("card_freeze", "card_cancellation"), ("card_lost", "card_cancellation")),
    ("card_freeze", "card_lost", "card_cancellation"),
)
LEADS_TO = {"card_freeze": "frozen", "card_lost": "lost", "card_cancellation": "closed"}
MOVES = (
    *("card_lost", "card_found", "card_freeze", "card_unfreeze", "card_replacement", "card_cancellation"),
    "card_restore",
)


@pytest.fixture
def manager(chain: SmallChain) -> Seat:
    return chain.open_seat(staff=chain.managers[1])


def offers(seat: Seat, card: Card) -> Sequence[LifeMove]:
    """What the desk of this seat offers for a card."""

    def ask(statement: str, parameters: Any) -> Any:
        return seat.call(statement, *parameters)

    desk = DatabaseCardDesk(ask, token_of=lambda _kind, text: bytes.fromhex(text))
    return desk.card(token_kind="number", text=card.token).moves


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_what_the_desk_offers_is_what_the_door_takes_whatever_came_before(
    manager: Seat, chain: SmallChain, way: tuple[str, ...]
) -> None:
    def brought() -> tuple[Card, str]:
        """A card that went this way."""
        card, state = chain.card(manager), "active"
        for kind in way:
            accepted(manager, life(manager, kind, card, state, LEADS_TO[kind]))
            state = LEADS_TO[kind]
        return card, state

    card, state = brought()
    offered = {(each.kind, each.now) for each in offers(manager, card)}
    known = "select kind, split_part(p, '>', 2) from ledger.kind, unnest(card_moves) p"
    rows = chain.rows(f"{known} where split_part(p, '>', 1) = %s and kind = any (%s)", state, list(MOVES))
    assert {each for each in offered if each[0] in MOVES} <= set(rows)
    for kind, now in rows:
        if kind == "card_replacement":
            answer = manager.post(replacing(manager, card, chain.blank(), was=state))
        else:
            answer = manager.post(life(manager, kind, card, state, now))
        taken = answer.get("refused") in {None, "approval_needed"}
        assert taken == ((kind, now) in offered), (way, kind, now, answer)
        card = brought()[0] if "refused" not in answer else card
