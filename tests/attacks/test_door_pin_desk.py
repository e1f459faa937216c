"""The PIN of a card changed, given up and unlocked: who the holder is was seen, or a second person signed."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pytest

from tests.attacks.test_door_pin import RIGHT, WRONG, guess, spend
from tests.card_types import card_type
from tests.lives import holder, issued, life, seen
from tests.refusals import refuse, standing
from tests.small_chain import BEARER, FEE_DUE, Card, Seat, SmallChain, cash, move

NEW = b"n" * 32


@pytest.fixture
def card(seat: Seat, chain: SmallChain) -> Card:
    """A card with 400.00 on it and a PIN."""
    made = chain.card(seat, principal=40000)
    assert set_pin(seat, made, RIGHT)["pin_set"] is True
    return made


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


def set_pin(seat: Seat, card: Card, key: bytes) -> dict[str, Any]:
    return seat.ask("set_card_pin", "number", bytes.fromhex(card.token), key)


def change(seat: Seat, card: Card, old: bytes, new: bytes = NEW, attempt: object = None) -> dict[str, Any]:
    """The old PIN as a guess for the attempt itself, then the new one."""
    made = attempt or uuid.uuid4()
    if attempt is None:
        begun = seat.ask("pin_begin", made, made, card.wallet, old)
        if "refused" in begun:
            return begun
    return seat.ask("change_card_pin", made, "number", bytes.fromhex(card.token), new)


def matched(chain: SmallChain, card: Card) -> dict[str, Any]:
    """The holder's paper, with the number that is on file."""
    number = chain.value(
        "select encode(m.id_no_index, 'hex') from shop.card c join shop.member m on m.id = c.holder"
        " where c.id = %s", card.id,
    )  # fmt: skip
    return seen(holder(chain, card), match=number)


def pays_with(seat: Seat, card: Card, key: bytes) -> bool:
    """Whether 200.00 can be spent with this PIN."""
    document = uuid.uuid4()
    answer = seat.post(spend(seat, card, 20000, guess(seat, document, card, key)), document)
    assert answer.get("refused") in {None, "pin_wrong"}, answer
    return "refused" not in answer


def lock(seat: Seat, card: Card) -> None:
    for _ in range(5):
        guess(seat, uuid.uuid4(), card, WRONG)


def test_a_pin_that_is_set_is_not_set_again(seat: Seat, desk: Seat, card: Card) -> None:
    for place in (seat, desk):
        assert set_pin(place, card, NEW) == {"refused": "pin_set", "facts": {"wallet": card.wallet}}
    assert pays_with(seat, card, RIGHT)


def test_the_first_pin_is_of_the_wallets_holder_or_of_two_people(
    seat: Seat, desk: Seat, chain: SmallChain
) -> None:
    """Whoever has a supplementary card does not shut the main card's holder out with a PIN of their own."""
    owner, child = chain.member(), chain.member()
    main = issued(desk, owner)
    second = issued(desk, child, card_type(chain, "supplementary"), wallet=main.wallet)
    name = chain.value("select name from shop.member where id = %s", owner)
    for place in (seat, desk):
        told = set_pin(place, second, NEW)
        assert told == {"refused": "pin_not_own", "facts": {"wallet": main.wallet, "name": name}}
    own = life(desk, "card_pin_reset", main, "active", "active")
    refuse(desk, own, "pin_not_set", wallet=main.wallet)
    chain.run("update shop.member set id_no_index = decode(repeat('ab', 32), 'hex') where id = %s", child)
    body = life(
        desk, "card_pin_reset", second, "active", "active", identity=[seen(child, match="ab" * 32)]
    )  # fmt: skip
    refuse(desk, body, "approval_needed", permission="card_pin_reset")
    assert set_pin(desk, second, NEW)["refused"] == "pin_not_own"
    assert "refused" not in desk.post(body, desk.approved(body))
    assert set_pin(seat, second, NEW)["refused"] == "pin_not_own", "let at the other till"
    assert set_pin(desk, second, NEW)["pin_set"] is True
    assert set_pin(desk, second, WRONG)["refused"] == "pin_set"

    other = issued(desk, chain.member())
    assert set_pin(seat, other, RIGHT)["pin_set"] is True, "a card of the wallet's own holder"


def test_the_old_pin_changes_it_and_wrong_ones_lock(seat: Seat, chain: SmallChain, card: Card) -> None:
    before = chain.value("select pin_verifier from shop.wallet where id = %s", card.wallet)
    for left in (4, 3, 2, 1, 0):
        answer = change(seat, card, WRONG)
        assert answer == {"refused": "pin_wrong", "facts": {"wallet": card.wallet, "tries_left": left}}
    assert change(seat, card, RIGHT)["refused"] == "pin_locked"
    assert chain.value("select pin_verifier from shop.wallet where id = %s", card.wallet) == before

    chain.run("update sec.pin_attempt set at = at - interval '15 minutes' where wallet = %s", card.wallet)
    assert change(seat, card, RIGHT)["pin_set"] is True
    assert not pays_with(seat, card, RIGHT)
    assert pays_with(seat, card, NEW)


def test_a_guess_for_a_sale_or_of_another_wallet_changes_no_pin(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    mine = chain.card(seat, principal=100)
    set_pin(seat, mine, RIGHT)
    of_a_sale = guess(seat, uuid.uuid4(), card)
    of_mine = uuid.uuid4()
    seat.ask("pin_begin", of_mine, of_mine, mine.wallet, RIGHT)
    for attempt in (of_a_sale, of_mine, uuid.uuid4()):
        assert change(seat, card, RIGHT, attempt=attempt)["refused"] == "pin_needed"
    elsewhere = uuid.uuid4()
    other = chain.open_seat()
    other.ask("pin_begin", elsewhere, elsewhere, card.wallet, RIGHT)
    assert change(seat, card, RIGHT, attempt=elsewhere)["refused"] == "pin_needed"
    assert change(other, card, RIGHT, attempt=elsewhere)["pin_set"] is True
    assert change(other, card, NEW, attempt=elsewhere)["refused"] == "pin_needed", "a guess serves once"


def test_changing_inside_a_transaction_proves_nothing(seat: Seat, card: Card) -> None:
    attempt = uuid.uuid4()
    seat.ask("pin_begin", attempt, attempt, card.wallet, WRONG)
    seat.connection.execute("begin")
    seat.connection.execute("select pg_current_xact_id()")
    assert change(seat, card, WRONG, attempt=attempt)["refused"] == "in_transaction"
    seat.connection.execute("rollback")
    assert pays_with(seat, card, RIGHT)


def test_a_forgotten_pin_is_given_up_by_the_number_on_file(desk: Seat, chain: SmallChain, card: Card) -> None:
    body = life(desk, "card_pin_reset", card, "active", "active", identity=[matched(chain, card)])
    told = desk.post(body)
    assert "refused" not in told, told
    assert set_pin(desk, card, NEW)["pin_set"] is True
    assert set_pin(desk, card, WRONG)["refused"] == "pin_set", "one document, one new PIN"
    assert pays_with(desk, card, NEW)
    row = chain.rows("select matched from ledger.identity_check where document = %s", told["id"])
    audit = chain.rows(
        "select what from sec.audit where what like 'card_pin%%' and facts->>'wallet' = %s order by id",
        str(card.wallet),
    )
    assert row == [(True,)]
    assert [what for (what,) in audit if what != "card_pin_try"] == ["card_pin", "card_pin_reset"]


def test_a_paper_that_was_only_seen_needs_a_second_person(
    seat: Seat, desk: Seat, chain: SmallChain, card: Card
) -> None:
    body = life(desk, "card_pin_reset", card, "active", "active")
    refuse(desk, body, "approval_needed", permission="card_pin_reset")
    refuse(desk, {**body, "identity": []}, "identity_missing")
    strange = hashlib.sha256(b"somebody else").hexdigest()
    wrong = [seen(holder(chain, card), match=strange)]
    refuse(desk, {**body, "identity": wrong}, "identity_differs")
    other = chain.member()
    refuse(desk, {**body, "identity": [seen(other)]}, "identity_differs")
    refuse(
        seat, life(seat, "card_pin_reset", card, "active", "active", identity=[matched(chain, card)]),
        "not_permitted", permission="card_pin_reset",
    )  # fmt: skip
    assert set_pin(desk, card, NEW)["refused"] == "pin_set"

    assert "refused" not in desk.post(body, desk.approved(body))
    assert set_pin(seat, card, NEW)["refused"] == "pin_set", "given up at the other till"
    assert set_pin(desk, card, NEW)["pin_set"] is True


def test_what_was_given_up_a_while_ago_stands_again(desk: Seat, chain: SmallChain, card: Card) -> None:
    body = life(desk, "card_pin_reset", card, "active", "active", identity=[matched(chain, card)])
    told = desk.post(body)
    back = "alter table ledger.document {0} trigger no_change"
    chain.run(back.format("disable"))
    chain.run(
        "update ledger.document set posted_at = posted_at - interval '15 minutes' where id = %s", told["id"]
    )
    assert set_pin(desk, card, NEW)["refused"] == "pin_set"
    chain.run(
        "update ledger.document set posted_at = posted_at + interval '15 minutes' where id = %s", told["id"]
    )
    chain.run(back.format("enable always"))
    assert set_pin(desk, card, NEW)["pin_set"] is True


def test_a_lock_is_lifted_the_same_way_and_the_pin_stays(desk: Seat, chain: SmallChain, card: Card) -> None:
    paper = [matched(chain, card)]
    body = life(desk, "card_pin_unlock", card, "active", "active", identity=paper)
    refuse(desk, body, "pin_not_locked", wallet=card.wallet)
    lock(desk, card)
    document = uuid.uuid4()
    locked = desk.ask("pin_begin", uuid.uuid4(), document, card.wallet, RIGHT)
    assert locked["refused"] == "pin_locked"
    refuse(desk, {**body, "identity": [seen(holder(chain, card))]}, "approval_needed")

    assert "refused" not in desk.post(body)
    assert set_pin(desk, card, NEW)["refused"] == "pin_set", "unlocking gives up nothing"
    assert pays_with(desk, card, RIGHT)
    refuse(desk, body | {"number": desk.number + 1}, "pin_not_locked")


def test_a_card_of_nobody_is_unlocked_by_two(desk: Seat, chain: SmallChain) -> None:
    blank = chain.blank(BEARER)
    made = desk.done(
        "card_issue", cards=[move(blank, "blank", "issued")], fees=[FEE_DUE], tenders=[cash(1000)],
        total_minor=1000,
    )  # fmt: skip
    card = Card(blank.id, blank.token, made["wallet"])
    desk.done("card_activation", cards=[move(card, "issued", "active")])
    rows = {"cards": [move(card, "active", "active")], "reason": "forgotten"}
    refuse(desk, desk.document("card_pin_reset", **rows), "pin_not_set", wallet=card.wallet)
    set_pin(desk, card, RIGHT)
    body = desk.document("card_pin_reset", **rows)
    refuse(desk, body, "approval_needed")
    assert "refused" not in desk.post(body, desk.approved(body))
    assert set_pin(desk, card, NEW)["pin_set"] is True


def test_no_move_of_a_pin_touches_money_or_state(desk: Seat, chain: SmallChain, card: Card) -> None:
    before = standing(chain)
    balances, state = chain.balances(card.wallet), chain.card_state(card)
    body = life(desk, "card_pin_reset", card, "active", "active", identity=[matched(chain, card)])
    assert "refused" not in desk.post(body)
    moved = {name for name, told in standing(chain).items() if before[name] != told}
    assert moved == {
        "ledger.card_event", "ledger.document", "ledger.identity_check", "sec.terminal", "shop.card"
    }  # fmt: skip
    assert (chain.balances(card.wallet), chain.card_state(card)) == (balances, state)


def put_token(chain: SmallChain, card: Card, kind: str, text: str) -> dict[str, str]:
    """A token of a card as the chain's key would make it, and a proof that names it."""
    token = hashlib.sha256(f"{kind}:{text}:{card.id}".encode()).digest()
    chain.run("insert into shop.card_token(kind, hmac, card) values (%s, %s, %s)", kind, token, card.id)
    return {"wallet": card.wallet, "token_kind": kind, "token": token.hex()}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        ("number", {"typed", "scanned", "stripe", "tag"}), ("barcode", {"scanned"}),
        ("magstripe", {"stripe"}), ("uid", {"chip"}), ("ndef", {"chip"}),
    ],
)  # fmt: skip
def test_a_barcode_does_not_pose_as_a_chip(
    seat: Seat, chain: SmallChain, card: Card, kind: str, good: set[str]
) -> None:
    shown = put_token(chain, card, kind, "04A1B2C3D4E5F6")
    for source in ("typed", "scanned", "stripe", "tag", "chip", "CHIP", "", "reader"):
        body = spend(seat, card, 100)
        body["proofs"] = [{**shown, "source": source}]
        if source in good:
            assert "refused" not in seat.post(body), source
        else:
            refuse(seat, body, "source_wrong", wallet=card.wallet, token_kind=kind)
    body = spend(seat, card, 100)
    body["proofs"] = [shown]
    assert "refused" not in seat.post(body), "a body of before says nothing of it"


def test_what_a_reader_delivers_is_not_found_by_typing_it(seat: Seat, chain: SmallChain, card: Card) -> None:
    """The same text under another kind is another token: a typed UID opens nothing."""
    shown = put_token(chain, card, "uid", "04A1B2C3D4E5F7")
    body = spend(seat, card, 100)
    body["proofs"] = [{**shown, "token_kind": "number", "source": "typed"}]
    refuse(seat, body, "card_not_presented", wallet=card.wallet)
    assert seat.ask("open_card", "number", bytes.fromhex(shown["token"]))["refused"] == "unknown_card"


def test_a_chip_above_the_floor_asks_its_pin_like_any_card(seat: Seat, chain: SmallChain, card: Card) -> None:
    shown = put_token(chain, card, "uid", "04A1B2C3D4E5F8")
    body = spend(seat, card, 20000)
    body["proofs"] = [{**shown, "source": "chip"}]
    refuse(seat, body, "pin_needed", wallet=card.wallet)
