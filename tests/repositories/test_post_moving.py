"""Value between wallets: transfers, merged members, cards that are paid back; lots keep term and issuer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    NO_PIN,
    NORTH,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    proof,
    stored,
)  # fmt: skip
from tests.value_rules import in_force

LOTS = (
    "select a.kind, l.remaining, l.store, r.document = l.document,"
    " l.expires_at = r.expires_at or a.kind = 'principal'"
    " from ledger.lot l join ledger.account a on a.id = l.account left join ledger.lot r on r.id = l.root"
    " where a.wallet = %s and l.remaining > 0 order by l.id"
)


def transfer(seat: Seat, giver: Card, taker: Card, amount: int, **parts: Any) -> dict[str, Any]:
    """A transfer with both cards on the counter."""
    whole = {
        "transfers": [{"wallet": giver.wallet, "taker": taker.wallet, "amount_minor": amount}],
        "proofs": [proof(giver), proof(taker)], "total_minor": amount,
    }  # fmt: skip
    return seat.document("value_transfer", **{**whole, **parts})


def merge(chain: SmallChain, seat: Seat, goes: Card, stays: Card) -> dict[str, Any]:
    """A merge of the holders of two cards."""
    members = [
        chain.value("select member from shop.wallet where id = %s", card.wallet) for card in (goes, stays)
    ]
    row = {"member": members[0], "kept": members[1]}
    return seat.document("member_merge", merges=[row], reason="same person")


def settle(seat: Seat, card: Card, amount: int, **parts: Any) -> dict[str, Any]:
    """A card paid back in cash."""
    row = {"wallet": card.wallet, "method": "cash", "amount_minor": amount, **parts.pop("row", {})}
    whole = {"settlements": [row], "proofs": [proof(card)], "reason": "moves away", "total_minor": amount}
    return seat.document("settlement", **{**whole, **parts})


def spend(seat: Seat, card: Card, amount: int) -> dict[str, Any]:
    """Pennies paid by the stored value of a card."""
    return seat.done(
        "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
        proofs=[proof(card)], wallet=card.wallet, total_minor=amount,
    )  # fmt: skip


def sound(chain: SmallChain) -> None:
    assert chain.rows("select * from ledger.verify()") == []


def by_two(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    answer = seat.post(body, seat.approved(body))
    assert "refused" not in answer, answer
    return answer


def test_value_goes_to_another_card_with_its_lots(seat: Seat, chain: SmallChain) -> None:
    south = chain.open_seat(SOUTH)
    giver, taker = chain.card(south, principal=20000, bonus=2000), chain.card(seat)

    with chain.policy(**NO_PIN):
        answer = seat.post(transfer(seat, giver, taker, 21000))

    assert "refused" not in answer, answer
    assert chain.balances(giver.wallet)["principal"] == 0
    assert chain.balances(giver.wallet)["bonus"] == 1000
    assert chain.rows(LOTS, taker.wallet) == [
        ("principal", 20000, SOUTH, False, True), ("bonus", 1000, SOUTH, False, True),
    ]  # fmt: skip
    masked = "select '****' || right(number, 4) from shop.card where id = %s"
    shown = {str(card.wallet): chain.value(masked, card.id) for card in (giver, taker)}
    assert seat.ask("document", answer["id"])["cards"] == shown
    # It belongs to no shift and can be taken back at this terminal: it stands in its list, and in no other's.
    recent = "select api.recent(%s, %s::uuid)"
    newest, *older = seat.call(recent, 9, None)
    assert (newest["kind"], newest["reversed"]) == ("value_transfer", False)
    assert seat.call(recent, 9, newest["id"]) == older
    assert "value_transfer" not in {each["kind"] for each in south.call(recent, 9, None)}
    assert seat.ask("document", seat.done("no_sale", reason="change")["id"])["cards"] is None
    spent = spend(seat, taker, 50)
    seat.done("reversal", of=spent["id"], reason="mistake", total_minor=50)
    back = seat.done("reversal", of=answer["id"], reason="mistake", total_minor=21000)
    assert back["kind"] == "reversal"
    assert chain.lots(giver.wallet, "principal") == [20000]
    assert chain.lots(giver.wallet, "bonus") == [2000]
    assert chain.lots(taker.wallet, "principal") == []
    sound(chain)


def test_merged_members_are_one(seat: Seat, chain: SmallChain) -> None:
    goes, stays = chain.card(seat, principal=20000, bonus=2000), chain.card(seat, principal=700)
    chain.give_points(seat, goes, 40)
    member = chain.value("select member from shop.wallet where id = %s", goes.wallet)
    into = chain.value("select member from shop.wallet where id = %s", stays.wallet)
    with chain.policy(**NO_PIN):
        sold = spend(seat, goes, 300)

    body = merge(chain, seat, goes, stays)
    refuse(seat, body, "approval_needed", permission="member_merge")
    answer = by_two(seat, body)

    assert chain.balances(stays.wallet)["principal"] == 20400
    assert chain.balances(stays.wallet)["bonus"] == 2000
    assert chain.balances(stays.wallet)["points"] == 40
    assert not any(chain.balances(goes.wallet).values())
    assert chain.value("select wallet from shop.card where id = %s", goes.id) == stays.wallet
    gone = "select merged_into, archived_at is not null from shop.member where id = %s"
    assert chain.rows(gone, member) == [(into, True)]
    stayed = chain.value("select number from shop.member where id = %s", into)
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'members') on conflict do nothing"
    )
    manager = chain.seat(staff=chain.managers[0])
    assert manager.ask("member_page", member)["merged_into"] == stayed
    gone_number = chain.value("select number from shop.member where id = %s", member)
    for who in (member, into):
        (told,) = manager.ask("member_life", who)["story"]
        assert (told["kind"], told["was"], told["now"]) == ("member_merge", gone_number, stayed)
        assert told["reason"] == "same person"
    refuse(
        seat,
        seat.document("top_up", wallet=goes.wallet, tenders=[cash(100)], total_minor=100),
        "wallet_merged",
        into=stays.wallet,
    )
    seat.done(
        "return",
        of=sold["id"],
        reason="broken",
        lines=[{"n": 1, "of": 1, "qty_milli": 100_000}],
        total_minor=100,
    )
    assert chain.balances(stays.wallet)["principal"] == 20500
    assert not any(chain.balances(goes.wallet).values())
    sound(chain)
    undo = seat.document("reversal", of=answer["id"], reason="two people after all", total_minor=0)
    refuse(seat, undo, "approval_needed")
    by_two(seat, undo)
    assert chain.balances(goes.wallet)["principal"] == 19700
    assert chain.balances(stays.wallet)["principal"] == 800
    assert chain.rows(gone, member) == [(None, False)]
    assert chain.value("select wallet from shop.card where id = %s", goes.id) == goes.wallet
    sound(chain)


def test_a_chain_of_merges_ends_at_the_last(seat: Seat, chain: SmallChain) -> None:
    first, second, third = (chain.card(seat, principal=amount) for amount in (100, 200, 300))
    one = by_two(seat, merge(chain, seat, first, second))
    two = by_two(seat, merge(chain, seat, second, third))
    assert chain.lots(third.wallet, "principal") == [300, 200, 100]
    assert chain.value("select merged_into from shop.wallet where id = %s", first.wallet) == third.wallet
    early = seat.document("reversal", of=one["id"], reason="mistake", total_minor=0)
    refuse(seat, early, "lot_spent", seat.approved(early))
    for document in (two, one):
        by_two(seat, seat.document("reversal", of=document["id"], reason="mistake", total_minor=0))
    assert [chain.lots(card.wallet, "principal") for card in (first, second, third)] == [[100], [200], [300]]
    sound(chain)


def test_a_sale_is_undone_into_the_wallet_that_its_own_was_merged_into(seat: Seat, chain: SmallChain) -> None:
    goes, stays = chain.card(seat, principal=5000), chain.card(seat)
    sold = spend(seat, goes, 50)
    by_two(seat, merge(chain, seat, goes, stays))

    seat.done("reversal", of=sold["id"], reason="mistake", total_minor=50)

    assert chain.balances(stays.wallet)["principal"] == 5000
    assert not any(chain.balances(goes.wallet).values())
    sound(chain)


def test_a_card_is_paid_back(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    chain.give_points(seat, card, 40)
    with chain.policy(**NO_PIN):
        spend(seat, card, 12000)
    row = {"forfeit_minor": 2000, "points": 40}
    refuse(
        seat,
        settle(seat, card, 8001, row=row),
        "settlement_refused",
        why="amount",
        amount=8000,
        forfeit=2000,
        points=40,
    )
    refuse(seat, settle(seat, card, 8000), "settlement_refused", why="amount")
    refuse(seat, settle(seat, card, 8000, row=row, proofs=[]), "card_not_presented", wallet=card.wallet)
    before = chain.drawer_cash(seat)

    answer = seat.post(settle(seat, card, 8000, row=row))

    assert "refused" not in answer, answer
    assert chain.drawer_cash(seat) == before - 8000
    assert not any(chain.balances(card.wallet).values())
    refuse(seat, settle(seat, card, 0), "settlement_refused", why="nothing")
    seat.done("reversal", of=answer["id"], reason="mistake", total_minor=8000)
    assert chain.lots(card.wallet, "principal") == [8000]
    assert chain.balances(card.wallet)["points"] == 40
    sound(chain)


@pytest.mark.parametrize("policy", ["principal_first", "bonus_first", "pro_rata"])
def test_the_published_policy_decides_what_is_spent_first(seat: Seat, chain: SmallChain, policy: str) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    with in_force(chain, "spending", {"policy": policy}, stores=[NORTH]), chain.policy(**NO_PIN):
        spend(seat, card, 1100)
    spent = {"principal_first": (18900, 2000), "bonus_first": (20000, 900), "pro_rata": (19000, 1900)}[policy]
    assert (chain.balances(card.wallet)["principal"], chain.balances(card.wallet)["bonus"]) == spent
