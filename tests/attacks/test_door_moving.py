"""Value between wallets that is not the till's to move: without a card, beyond a cap, to another name."""

from __future__ import annotations

import uuid

from tests.refusals import refuse
from tests.repositories.test_post_moving import by_two, merge, settle, sound, spend, transfer
from tests.small_chain import NO_PIN, Card, Seat, SmallChain, cash, proof


def test_a_transfer_that_was_spent_is_not_undone(seat: Seat, chain: SmallChain) -> None:
    giver, taker = chain.card(seat, principal=5000), chain.card(seat)
    moved = by_two(seat, transfer(seat, giver, taker, 5000, proofs=[]))
    spend(seat, taker, 50)

    body = seat.document("reversal", of=moved["id"], reason="mistake", total_minor=5000)
    refuse(seat, body, "lot_spent", account="principal", wallet=taker.wallet, missing=50)


def test_what_a_transfer_is_refused_for(seat: Seat, chain: SmallChain) -> None:
    giver, taker = chain.card(seat, principal=20000), chain.card(seat, principal=20000)
    for _ in range(23):
        seat.done("top_up", wallet=taker.wallet, tenders=[cash(20000)], total_minor=20000)
    refuse(seat, transfer(seat, giver, giver, 100), "transfer_refused", why="same")
    refuse(seat, transfer(seat, giver, taker, 20001), "insufficient", balance=20000)
    refuse(seat, transfer(seat, giver, taker, 0), "transfer_refused", why="amount")
    refuse(seat, transfer(seat, giver, taker, -5), "transfer_refused", why="amount")
    refuse(seat, transfer(seat, giver, Card(0, "", 10**9), 100), "transfer_refused", why="wallet")
    refuse(
        seat,
        transfer(seat, giver, taker, 100, proofs=[proof(giver)]),
        "card_not_presented",
        wallet=taker.wallet,
    )
    refuse(
        seat,
        transfer(seat, giver, taker, 100, proofs=[proof(taker)]),
        "card_not_presented",
        wallet=giver.wallet,
    )
    refuse(seat, transfer(seat, giver, taker, 15000), "pin_needed", wallet=giver.wallet)
    with chain.policy(**NO_PIN):
        refuse(seat, transfer(seat, giver, taker, 100, total_minor=99), "total_differs", total=100)
        seat.done("top_up", wallet=taker.wallet, tenders=[cash(19000)], total_minor=19000)
        refuse(seat, transfer(seat, giver, taker, 1001), "balance_cap", cap=500000, would_be=500001)
        with chain.in_state(giver, "frozen"):
            refuse(
                seat,
                transfer(seat, giver, taker, 100),
                "card_not_active",
                wallet=giver.wallet,
                state="frozen",
            )
        with chain.in_state(taker, "lost"):
            refuse(seat, transfer(seat, giver, taker, 100), "transfer_refused", why="no_card")
        assert "refused" not in seat.post(transfer(seat, giver, taker, 1000))
    sound(chain)


def test_what_a_merge_is_refused_for(seat: Seat, chain: SmallChain) -> None:
    goes, stays = chain.card(seat, principal=20000), chain.card(seat)
    body = merge(chain, seat, goes, stays)
    same = {**body, "merges": [{"member": body["merges"][0]["member"], "kept": body["merges"][0]["member"]}]}
    refuse(seat, same, "merge_refused", why="same")
    refuse(
        seat,
        {**body, "merges": [{"member": 10**9, "kept": body["merges"][0]["kept"]}]},
        "merge_refused",
        why="unknown",
    )
    refuse(seat, {**body, "merges": body["merges"] * 2}, "malformed", detail="one row")
    seat.done("advance", wallet=goes.wallet, tenders=[cash(100)], total_minor=100, reason="cake")
    refuse(seat, body, "merge_refused", why="account", account="advance", amount=100)
    for _ in range(24):
        seat.done("top_up", wallet=stays.wallet, tenders=[cash(20000)], total_minor=20000)
    full = chain.card(seat, principal=20001)
    refuse(seat, merge(chain, seat, full, stays), "balance_cap", cap=500000, would_be=500001)


def test_a_larger_sum_goes_to_an_account_of_the_same_name(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=10001)
    with chain.policy(**NO_PIN):
        refuse(seat, settle(seat, card, 10001), "refund_route", rule="refund_cash", limit=10000)
        bank = {"method": "bank", "reference": "6222 0001"}
        body = settle(seat, card, 10001, row=bank)
        document = str(uuid.uuid4())
        refuse(seat, body, "settlement_refused", document, why="payee")
        refuse(seat, settle(seat, card, 10001, row={"method": "bank"}), "reference_missing")
        other = seat.call("select api.payee_seen(%s, %s, %s)", document, card.wallet, "李四")
        assert other["refused"] == "payee_differs"
        refuse(seat, body, "settlement_refused", document, why="payee")
        assert seat.call("select api.payee_seen(%s, %s, %s)", document, card.wallet, "张 三")["same"]
        refuse(seat, body, "settlement_refused", why="payee")
        refuse(seat, body, "approval_needed", document, permission="settlement", limit=10000)
        manager = chain.open_seat(staff=chain.managers[0])
        whole = settle(manager, card, 10001, row=bank)
        fresh = str(uuid.uuid4())
        assert manager.call("select api.payee_seen(%s, %s, %s)", fresh, card.wallet, "张三")["same"]
        answer = manager.post(whole, fresh)
    assert "refused" not in answer, answer
    assert answer["postings"][0]["debit"] == "principal"
    assert answer["postings"][0]["credit"] == "tender"
    assert "张" not in str(
        chain.value("select body::text || result::text from ledger.document where id = %s", fresh)
    )
    sound(chain)
