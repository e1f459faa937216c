"""Card types and passes of the small chain: published without two people, opened as the door does."""

from __future__ import annotations

import itertools
import json
from typing import Any, Final

from tests.small_chain import BEARER, NORTH, SOUTH, Card, Seat, SmallChain, cash, move, proof

_SERIAL: Final = itertools.count(1)
ALL: Final = ("discount", "points", "stored", "passes", "period", "credit")
_OPEN: Final = """
select shop.open_card_rule(v, f.family, f.name) from shop.rule_version v join shop.rule f on f.id = v.rule
 where v.rule = %s
"""
_PUBLISH: Final = """
with made as (insert into shop.rule(family, name) values (%s, %s) returning id)
insert into shop.rule_version(rule, version, valid_from, valid_to, term_days, stores, body)
select id, 1, now() - interval '1 day', now() + %s * interval '1 day', %s, %s, %s::jsonb from made
returning rule
"""


def publish_card_rule(
    chain: SmallChain, family: str, body: dict[str, Any], *, term_days: int | None = None,
    stores: list[int] | None = None, days_to: int | None = None,
) -> int:  # fmt: skip
    """Version 1 of a card type or a pass; answers the rule's id."""
    terms = {"body": body, "term_days": term_days}
    unclear = chain.value("select shop.card_rule_unclear(null, %s, %s::jsonb)", family, json.dumps(terms))
    assert unclear is None, unclear
    rule = int(chain.value(_PUBLISH, family, "类", days_to, term_days, stores, json.dumps(body)))
    chain.run(_OPEN, rule)
    return rule


def card_type(
    chain: SmallChain, who: str, functions: tuple[str, ...] = ALL, *, days_to: int | None = None, **body: Any
) -> int:
    """A type of its own; answers the id of its row."""
    code = f"t{next(_SERIAL):05}"
    whole = {"type": code, "who": who, "functions": list(functions), **body}
    publish_card_rule(chain, "card_type", whole, days_to=days_to)
    return int(chain.value("select id from shop.card_type where code = %s", code))


def a_pass(chain: SmallChain, *, term_days: int | None = 30, **body: Any) -> int:
    """A pass for 10 uses at 300.00, or what `body` says."""
    stores = body.pop("stores", None)
    whole = {"price_minor": 30000, **({} if "unlimited" in body else {"count": 10}), **body}
    return publish_card_rule(chain, "pass", whole, term_days=term_days, stores=stores)


def shared_pass(chain: SmallChain, **body: int) -> int:
    """The same pass for every example of a chain: each rule costs every later posting a little."""
    found = chain.rows(
        "select rule from shop.rule_version where body = %s::jsonb and valid_to is null", json.dumps(body)
    )
    return int(found[0][0]) if found else a_pass(chain, **body)


def give(rule: int, amount: int = 10) -> dict[str, Any]:
    """What a sale of a pass, or a top-up, gives of it."""
    return {"kind": "pass", "rule": rule, "version": 1, "amount": amount}


def buy(seat: Seat, card: Card, rule: int, amount: int = 10, paid: int = 30000) -> dict[str, Any]:
    """A pass on a card's wallet, paid in cash."""
    return seat.done(
        "pass_sale", wallet=card.wallet, grants=[give(rule, amount)], tenders=[cash(paid)], total_minor=paid
    )


def use(seat: Seat, card: Card, rule: int, count: int = 1, **more: Any) -> dict[str, Any]:
    """The body of a use by the card presented."""
    rows = [{"rule": rule, "count": count}]
    return {**seat.document("pass_use", wallet=card.wallet, passes=rows, proofs=[proof(card)]), **more}


def left(chain: SmallChain, card: Card, rule: int) -> int:
    """What stands on the account of a pass."""
    return chain.balances(card.wallet).get(f"pass:{rule}", 0)


def issue(seat: Seat, card: Card, fee: dict[str, Any], **who: int) -> dict[str, Any]:
    """The body of an issue; `who` names holder and wallet."""
    moves = [move(card, "blank", "issued", **who)]
    return seat.document("card_issue", cards=moves, fees=[fee], tenders=[cash(1000)], total_minor=1000)


def pass_bodies(seat: Seat, chain: SmallChain, card: Card) -> dict[str, dict[str, Any]]:
    """A good body of each kind of passes; one of them is on the card."""
    rule = shared_pass(chain, count=10, price_minor=100)
    buy(seat, card, rule, paid=100)
    sale = {"wallet": card.wallet, "tenders": [cash(100)], "grants": [give(rule)], "total_minor": 100}
    return {"pass_sale": seat.document("pass_sale", **sale), "pass_use": use(seat, card, rule)}


def box(chain: SmallChain, count: int) -> tuple[str, str]:
    """Blank bearer cards in a row of numbers, as they come from the factory; the first and the last."""
    base = 700_000_000 + 1000 * next(_SERIAL)
    chain.run(
        "insert into shop.card(number, type, state) select (%s + n)::text, %s, 'blank'"
        " from generate_series(1, %s) n", base, BEARER, count,
    )  # fmt: skip
    return str(base + 1), str(base + count)


def range_row(first: str, last: str, count: int, **more: int) -> dict[str, Any]:
    """A row of `ranges`."""
    return {"first": first, "last": last, "count": count, **more}


def stock_keeper(chain: SmallChain, store: int = NORTH) -> Seat:
    """A seat with somebody who sees to blank cards."""
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'cards_stock')"
        " on conflict do nothing"
    )
    return chain.seat(store, staff=chain.managers[0])


def keep_cards(seat: Seat) -> None:
    """A box received, counted, handed on and in part destroyed."""
    keeper = stock_keeper(seat.chain, seat.store)
    first, last = box(seat.chain, 3)
    keeper.done("card_receive", ranges=[range_row(first, last, 3)])
    keeper.done("card_void", ranges=[range_row(last, last, 1)], reason="torn")
    keeper.done("card_hand_over", ranges=[range_row(first, first, 1, unit=SOUTH)])
    keeper.done("card_count", ranges=[range_row(first, last, 1)])
