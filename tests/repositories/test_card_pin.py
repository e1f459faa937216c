"""The PIN of a wallet: committed before it is judged, bound to document and wallet, locked after five."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in
from huiyuan.repositories.demo_data import CHAIN_UID, DemoStaff
from tests import facts
from tests.cluster import Connection, Shop
from tests.posting import line, open_shift, post, sale_body, stored
from tests.repositories.test_sign_in import signed_in
from tests.tills import Till

WALLET = facts.wallet_id(facts.GOLD_CARD)
Tills = Callable[[int], Till]


def guess(till: Till, document: UUID, *, pin: str = facts.CARD_PIN, wallet: int = WALLET) -> UUID:
    """Commit a guess for `document` and answer its attempt."""
    attempt = uuid.uuid4()
    sign_in.pin_begin(
        till.connection, chain=CHAIN_UID, attempt=attempt, document=document, wallet=wallet, pin=pin
    )
    return attempt


def paid(till: Till, shift: str, document: UUID, attempt: UUID | None, **more: Any) -> dict[str, Any]:
    """Twelve litres of milk, paid from the gold card: above the floor of one sale."""
    lines = [line(1, facts.MILK, qty_milli=12_000)]
    body = sale_body(shift, lines, **stored(facts.GOLD_CARD, lines[0]["total_minor"]))
    if attempt is not None:
        body["proofs"][0]["pin_attempt"] = str(attempt)
    return post(till, "sale", document=document, **(body | more))


def test_a_right_pin_pays_and_a_missing_one_does_not(till: Tills) -> None:
    counter = till(1)
    shift = open_shift(counter)
    document = uuid.uuid4()
    assert paid(counter, shift, document, None)["refused"] == "pin_needed"
    assert "refused" not in paid(counter, shift, document, guess(counter, document))


def test_a_wrong_pin_is_refused_counts_down_and_locks_the_wallet(till: Tills, shop: Shop) -> None:
    counter, other = till(1), till(2)
    shift = open_shift(counter)
    document = uuid.uuid4()
    for left in (4, 3, 2, 1, 0):
        answer = paid(counter, shift, document, guess(counter, document, pin="654321"))
        assert answer == {"refused": "pin_wrong", "facts": {"wallet": WALLET, "tries_left": left}}
    for any_till in (counter, other):
        with pytest.raises(Refused) as caught:
            guess(any_till, document)
        assert (caught.value.code, caught.value.facts["minutes"]) == ("pin_locked", 15)

    with shop.connect() as admin:
        admin.execute("update sec.pin_attempt set at = at - interval '15 minutes'")
    assert "refused" not in paid(counter, shift, document, guess(counter, document))


def test_a_posting_refused_for_something_else_costs_no_guess(till: Tills) -> None:
    counter = till(1)
    shift = open_shift(counter)
    for _ in range(7):
        document = uuid.uuid4()
        attempt = guess(counter, document)
        answer = paid(counter, shift, document, attempt, total_minor=1)
        assert answer["refused"] not in {"pin_wrong", "pin_locked"}
    document = uuid.uuid4()
    assert "refused" not in paid(counter, shift, document, guess(counter, document))


def test_an_attempt_serves_its_document_its_wallet_and_its_terminal_only(till: Tills) -> None:
    counter, other = till(1), till(2)
    shift, shift_of_other = open_shift(counter), open_shift(other)
    document = uuid.uuid4()
    attempt = guess(counter, document)

    assert paid(counter, shift, uuid.uuid4(), attempt)["refused"] == "pin_needed"
    assert paid(other, shift_of_other, document, attempt)["refused"] == "pin_needed"
    assert paid(counter, shift, document, uuid.uuid4())["refused"] == "pin_needed"
    of_another = guess(counter, document, wallet=facts.wallet_id(facts.SILVER_CARD))
    assert paid(counter, shift, document, of_another)["refused"] == "pin_needed"
    assert "refused" not in paid(counter, shift, document, attempt)


def test_the_same_document_finds_its_attempt_again_for_a_day_even_when_the_wallet_is_locked(
    till: Tills, shop: Shop
) -> None:
    counter = till(1)
    shift = open_shift(counter)
    late, too_late = uuid.uuid4(), uuid.uuid4()
    attempt, old_attempt = guess(counter, late), guess(counter, too_late)
    for _ in range(5):
        guess(counter, uuid.uuid4(), pin="654321")
    with shop.connect() as admin:
        admin.execute(
            "update sec.pin_attempt set at = at - interval '24 hours' where id = %s", (old_attempt,)
        )

    assert paid(counter, shift, too_late, old_attempt)["refused"] == "pin_locked"
    body: dict[str, Any] = {"number": counter.call("hello")["next_number"]}
    body["occurred_at"] = "2026-03-01T09:00:00+00:00"
    posted = paid(counter, shift, late, attempt, **body)
    assert "refused" not in posted
    assert paid(counter, shift, late, attempt, **body) == posted | {"replayed": True}


def test_a_guess_and_its_posting_in_one_transaction_prove_nothing(till: Tills) -> None:
    counter = till(1)
    shift = open_shift(counter)
    document = uuid.uuid4()
    with counter.connection.transaction():
        attempt = guess(counter, document)
        assert paid(counter, shift, document, attempt)["refused"] == "in_transaction"
        with pytest.raises(Refused, match="in_transaction"):
            guess(counter, document)
    assert "refused" not in paid(counter, shift, document, attempt)  # committed by now


def set_pin(connection: Connection, card: facts.DemoCard, *, pin: str = "805193") -> None:
    sign_in.set_card_pin(
        connection,
        chain=CHAIN_UID,
        wallet=facts.wallet_id(card),
        token_kind="number",
        token=facts.token(card),
        pin=pin,
    )


@pytest.mark.parametrize(
    ("who", "card", "code"),
    [
        (facts.CASHIER, facts.PLAIN_CARD, None),  # the first PIN
        (facts.CASHIER, facts.GOLD_CARD, "pin_set"),  # a new one needs the old one, or a document
        (facts.SUPERVISOR, facts.GOLD_CARD, "pin_set"),
        (facts.STOCK_KEEPER, facts.PLAIN_CARD, "not_permitted"),
        (facts.SUPERVISOR, facts.FROZEN_CARD, "card_not_active"),
        (facts.SUPERVISOR, facts.LOST_CARD, "card_not_active"),
    ],
)
def test_who_may_set_a_card_pin(shop: Shop, who: DemoStaff, card: facts.DemoCard, code: str | None) -> None:
    wallet = facts.wallet_id(card)
    query = "select pin_verifier from shop.wallet where id = %s"
    before = shop.rows(query, wallet)
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, who)
        if code is None:
            set_pin(connection, card)
        else:
            with pytest.raises(Refused, match=code):
                set_pin(connection, card)
    assert (shop.rows(query, wallet) == before) is (code is not None)
    audited = shop.rows("select count(*) from sec.audit where what in ('card_pin', 'card_pin_reset')")
    assert audited == [(0 if code else 1,)]


def change_pin(connection: Connection, card: facts.DemoCard, *, old: str, new: str = "805193") -> None:
    sign_in.change_card_pin(
        connection, chain=CHAIN_UID, attempt=uuid.uuid4(), wallet=facts.wallet_id(card), token_kind="number",
        token=facts.token(card), old_pin=old, new_pin=new,
    )  # fmt: skip


def test_who_knows_the_old_card_pin_chooses_another_one(till: Tills, shop: Shop) -> None:
    counter = till(1)
    shift = open_shift(counter)
    with shop.connect(facts.TILL_2) as connection:
        signed_in(connection, facts.CASHIER)
        with pytest.raises(Refused, match="pin_too_simple"):
            change_pin(connection, facts.GOLD_CARD, old=facts.CARD_PIN, new="111111")
        with pytest.raises(Refused) as caught:
            change_pin(connection, facts.GOLD_CARD, old="654321")
        assert (caught.value.code, caught.value.facts["tries_left"]) == ("pin_wrong", 4)
        change_pin(connection, facts.GOLD_CARD, old=facts.CARD_PIN)

    document = uuid.uuid4()
    assert paid(counter, shift, document, guess(counter, document))["refused"] == "pin_wrong"
    assert "refused" not in paid(counter, shift, document, guess(counter, document, pin="805193"))


@pytest.mark.parametrize(("wallet", "code"), [(9_999, "unknown_wallet"), (3, "pin_not_set")])
def test_a_wallet_without_a_pin_takes_no_guess(till: Tills, wallet: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        guess(till(1), uuid.uuid4(), wallet=wallet)
