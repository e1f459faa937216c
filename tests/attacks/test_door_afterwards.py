"""After a merge, an expiry, an instalment, a used coupon: nothing is stranded and nothing appears."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.test_door_card_types import active
from tests.attacks.test_door_offline import offline, stands
from tests.card_types import a_pass, buy, card_type, use
from tests.coupons import by_coupon
from tests.lives import life
from tests.promotions import publish as publish_promotion
from tests.refusals import refuse
from tests.repositories.test_post_moving import by_two, merge, settle, sound, transfer
from tests.repositories.test_post_recharging import MONTHLY, STEPS, codes, release
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    NO_PIN,
    NORTH,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    points,
    proof,
    stored,
)
from tests.value_rules import days_ahead, in_force, months_ahead, recharge


def owner(chain: SmallChain, card: Card) -> int:
    return int(chain.value("select member from shop.wallet where id = %s", card.wallet))


def loaf(seat: Seat, card: Card, kind: str, **more: Any) -> dict[str, Any]:
    """A loaf on a card's wallet, paid by one of its accounts."""
    tender = {"kind": kind, "wallet": card.wallet, "amount_minor": 350}
    return seat.done(
        "sale", lines=[BREAD_LINE], wallet=card.wallet, tenders=[tender], proofs=[proof(card)],
        total_minor=350, **more,
    )  # fmt: skip


def back(seat: Seat, sale: dict[str, Any], qty: int = 1000, total: int = 350) -> dict[str, Any]:
    lines = [{"n": 1, "of": 1, "qty_milli": qty}]
    return seat.done("return", of=sale["id"], reason="stale", lines=lines, total_minor=total)


@pytest.mark.parametrize("kind", ["advance", "credit"])
def test_what_was_paid_ahead_or_on_account_comes_back_to_the_heir(chain: SmallChain, kind: str) -> None:
    seat = chain.open_seat()
    goes, stays = chain.card(seat), chain.card(seat)
    if kind == "advance":
        seat.done("advance", wallet=goes.wallet, tenders=[cash(350)], total_minor=350, reason="cake")
    else:
        grant = "insert into sec.permission(duty, permission) values ('manager', 'credit')"
        chain.run(grant + " on conflict do nothing")
        desk = chain.seat(staff=chain.managers[0])
        desk.call("select api.credit_limit_put(%s, 500::bigint)", goes.wallet)
    sale = loaf(seat, goes, kind)
    if kind == "credit":
        seat.done("credit_payment", wallet=goes.wallet, tenders=[cash(350)], total_minor=350)
        desk.call("select api.credit_limit_put(%s, 0::bigint)", goes.wallet)
    by_two(seat, merge(chain, seat, goes, stays))

    half = back(seat, sale, 500, 175)
    back(seat, sale, 500, 175)

    assert (chain.balances(goes.wallet)[kind], chain.balances(stays.wallet)[kind]) == (0, 350)
    loaf(seat, stays, kind)
    undo = seat.document("reversal", of=half["id"], reason="mistake", total_minor=175)
    refuse(seat, undo, "insufficient", account=kind, wallet=stays.wallet)
    sound(chain)


def test_what_expired_neither_fills_a_card_nor_keeps_it_open(seat: Seat, chain: SmallChain) -> None:
    desk = chain.open_seat(staff=chain.managers[1])
    card, other = chain.card(seat, principal=20000, bonus=2000), chain.card(seat, principal=1000)
    chain.give_points(seat, card, 40)
    for _ in range(4):
        seat.done("top_up", wallet=card.wallet, tenders=[bank(100000)], total_minor=100000)
    seat.done("top_up", wallet=card.wallet, tenders=[bank(78000)], total_minor=78000)
    body = seat.document("top_up", wallet=card.wallet, tenders=[cash(2000)], total_minor=2000)
    refuse(seat, body, "balance_cap", cap=500000, would_be=502000)
    with chain.policy(**NO_PIN), chain.expired(card, "bonus"), chain.expired(card, "points"):
        assert "refused" not in seat.post(body), "the control: 5,000.00 and not a fen more"
        refuse(seat, transfer(seat, other, card, 1), "balance_cap", cap=500000, would_be=500001)
        closing = life(desk, "card_cancellation", card, "active", "closed")
        refuse(desk, closing, "wallet_not_empty", account="principal", balance=500000)
        for _ in range(5):
            by_two(seat, transfer(seat, card, chain.card(seat), 100000, proofs=[]))
        refuse(seat, settle(seat, card, 0), "settlement_refused", why="nothing")
        assert "refused" not in desk.post(closing)
    sound(chain)


def test_the_sum_of_a_buyer_goes_on_with_a_merge(seat: Seat, chain: SmallChain) -> None:
    goes, stays = chain.card(seat), chain.card(seat)
    firm = "update shop.member set kind = 'company' where id = any (%s)"
    chain.run(firm, [owner(chain, goes), owner(chain, stays)])
    seat.done("top_up", wallet=goes.wallet, tenders=[bank(100000)], total_minor=100000)
    seat.done("top_up", wallet=goes.wallet, tenders=[bank(100000)], total_minor=100000)
    undo = by_two(seat, merge(chain, seat, goes, stays))
    for _ in range(2):
        seat.done("top_up", wallet=stays.wallet, tenders=[bank(100000)], total_minor=100000)
    body = seat.document("top_up", wallet=stays.wallet, tenders=[cash(100000)], total_minor=100000)
    refuse(seat, body, "transfer_needed", rule="transfer_company", amount=500000)
    assert undo["kind"] == "member_merge"
    assert "refused" not in seat.post({**body, "tenders": [cash(99999)], "total_minor": 99999})


def test_an_identity_stays_on_record_for_what_a_merged_one_bought(seat: Seat, chain: SmallChain) -> None:
    goes, stays = chain.card(seat, principal=1000), chain.card(seat)
    taken_off = "select shop.kept_by_law(m, '{\"id_no\": null}') from shop.member m where m.id = %s"
    assert chain.value(taken_off, owner(chain, stays)) is None, "the control: nothing was bought"
    by_two(seat, merge(chain, seat, goes, stays))
    assert chain.value(taken_off, owner(chain, stays))["rule"] == "retention"


def test_kept_change_comes_onto_cards_at_an_outlet_only(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    body = seat.document(
        "sale", wallet=card.wallet, lines=[BREAD_LINE], total_minor=350,
        tenders=[cash(350, given_minor=500, kept_minor=150)],
    )  # fmt: skip
    with chain.policy(keep_change_max_minor=500):
        chain.run("update shop.unit set recharges = false where id = %s", NORTH)
        try:
            refuse(seat, body, "outlet_refused")
        finally:
            chain.run("update shop.unit set recharges = true where id = %s", NORTH)
        assert "refused" not in seat.post(body)


def test_whoever_may_not_top_up_keeps_no_change(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.run("insert into sec.duty(code, name) values ('goods', '理货')")
    chain.run("insert into sec.permission(duty, permission) select 'goods', unnest('{sale,shift}'::text[])")
    only_goods = chain.open_seat(staff=chain.person("goods", NORTH))
    whole = {"wallet": card.wallet, "lines": [BREAD_LINE], "total_minor": 350}
    kept = only_goods.document("sale", **whole, tenders=[cash(350, given_minor=500, kept_minor=150)])
    with chain.policy(keep_change_max_minor=500):
        refuse(only_goods, kept, "not_permitted", permission="top_up")
        assert "refused" not in only_goods.post(kept, only_goods.approved(kept)), "a second person who may"
    only_goods.done("sale", **whole, tenders=[cash(350, given_minor=500)])


def test_value_comes_from_another_only_to_somebody_whose_paper_was_seen(
    seat: Seat, chain: SmallChain
) -> None:
    giver, taker = chain.card(seat, principal=5000), chain.card(seat)
    was = chain.value("select id_no_index from shop.member where id = %s", owner(chain, taker))
    chain.run("update shop.member set id_no_index = null where id = %s", owner(chain, taker))
    body = transfer(seat, giver, taker, 500)
    refuse(seat, body, "identity_needed", rule="identity_registered", wallet=taker.wallet)
    refuse(seat, body, "identity_needed", seat.approved(body), rule="identity_registered")
    chain.run("update shop.member set id_no_index = %s where id = %s", was, owner(chain, taker))
    assert "refused" not in seat.post(body)


def test_a_top_up_whose_promise_was_kept_in_part_is_not_undone(seat: Seat, chain: SmallChain) -> None:
    """A shift may stand open over midnight: a part that was booked since is in a document of its own."""
    card = chain.card(seat)
    with in_force(
        chain, "recharge", {"steps": [{"from_minor": 10000, "give_minor": 900}], "days": 3}
    ) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 300))
    with days_ahead(chain, 1):
        assert "refused" not in seat.post(release(seat, made["id"], 1, 300))
    undo = seat.document("reversal", of=made["id"], reason="mistake", total_minor=10000)
    refuse(seat, undo, "lot_spent", account="bonus", wallet=card.wallet, missing=300, why="released")


def test_a_top_up_whose_coupon_was_used_is_not_undone(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    series = publish_promotion(chain, {"kind": "off", "off_minor": 50}, family="coupon", term_days=30)
    with in_force(chain, "recharge", STEPS | {"coupons": [{"rule": series, "pieces": 1}]}) as rule:
        (code,) = codes(series, 1, owner(chain, card))
        made = seat.post({**recharge(seat, card, 10000, rule, 500), "coupons": [code]})
    assert "refused" not in made, made
    used = seat.done(
        "sale", wallet=card.wallet, lines=[line(1, BREAD, 1000, 350, 350, 300)], total_minor=300,
        adjustments=[by_coupon(1, 50, series, code["token"])], tenders=[cash(300)],
    )  # fmt: skip
    undo = seat.document("reversal", of=made["id"], reason="mistake", total_minor=10000)
    refuse(seat, undo, "coupon_refused", why="used")
    seat.done("reversal", of=used["id"], reason="mistake", total_minor=300)
    assert "refused" not in seat.post(undo), "the control: the code is there again, and goes with it"
    sound(chain)


def test_a_promise_to_a_membership_that_rests_waits(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", MONTHLY) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 334))
    rests = "update shop.member set state = %s where id = %s"
    office = chain.seat(staff=chain.managers[0])

    def due() -> bool:
        return made["id"] in [row["plan"] for row in office.ask("bonus_due", 500)["parts"]]

    with months_ahead(chain, 1):
        for state in ("frozen", "cancelled"):
            chain.run(rests, state, owner(chain, card))
            refuse(seat, release(seat, made["id"], 1), "member_not_active", state=state)
            assert not due()
        chain.run(rests, "active", owner(chain, card))
        assert due()
        assert "refused" not in seat.post(release(seat, made["id"], 1))


def test_whoever_brings_a_companys_card_fills_it_by_the_companys_rule(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    firm = "update shop.member set kind = 'company' where id = %s"
    chain.run(firm, owner(chain, card))
    for _ in range(4):
        seat.done("top_up", wallet=card.wallet, tenders=[bank(100000)], total_minor=100000)
    body = seat.document(
        "top_up", wallet=card.wallet, tenders=[cash(100000)], total_minor=100000, buyer=chain.member()
    )
    refuse(seat, body, "transfer_needed", rule="transfer_company", amount=500000)
    assert "refused" not in seat.post({**body, "tenders": [bank(100000)]})


@pytest.mark.parametrize("kind", ["value_transfer", "pass_use"])
def test_what_a_customer_did_yesterday_is_undone_by_two(seat: Seat, chain: SmallChain, kind: str) -> None:
    card, other = chain.card(seat, principal=5000), chain.card(seat)
    if kind == "value_transfer":
        body = transfer(seat, card, other, 400)
    else:
        rule = a_pass(chain)
        buy(seat, card, rule)
        body = use(seat, card, rule)
    done, today = seat.post(body), seat.post({**body, "number": seat.number + 1})
    seat.number += 1
    assert "refused" not in done | today, (done, today)
    total = body["total_minor"]
    seat.done("reversal", of=today["id"], reason="mistake", total_minor=total)
    undo = seat.document("reversal", of=done["id"], reason="mistake", total_minor=total)
    with days_ahead(chain, 1):
        refuse(seat, undo, "approval_needed", permission="reverse")
        by_two(seat, undo)


def test_what_an_exchange_drew_is_freed_once(seat: Seat, chain: SmallChain) -> None:
    """Both halves bring back more than the exchange had drawn: what it took back had been drawn before."""
    kind = card_type(chain, "personal", day_max_minor=1100)
    card = active(seat, kind, member=chain.member(), principal=9000)
    sold = seat.done(
        "sale", lines=[line(1, BREAD, 2000, 350, 700)], wallet=card.wallet, tenders=[stored(card, 700)],
        proofs=[proof(card)], total_minor=700,
    )  # fmt: skip
    swapped = seat.done(
        "exchange", of=sold["id"], wallet=card.wallet, reason="more", total_minor=1050, proofs=[proof(card)],
        backs=[{"n": 1, "of": 1, "qty_milli": 2000, "total_minor": 700}], tenders=[stored(card, 350)],
        lines=[line(1, BREAD, 3000, 350, 1050)],
    )  # fmt: skip
    assert chain.value("select ledger.card_used(%s, %s)", card.id, swapped["business_date"]) == 1050
    for qty in (1000, 1000, 1000):
        back(seat, swapped, qty)
    used = chain.value("select ledger.card_used(%s, %s)", card.id, swapped["business_date"])
    assert used == 700, "what the exchange drew, and not a fen more"
    sound(chain)


def test_a_sale_of_before_the_merge_earns_for_the_heir(seat: Seat, chain: SmallChain) -> None:
    """Rung up without the line for a wallet that is no more by the time it is told."""
    goes, stays = chain.card(seat), chain.card(seat)
    body = offline(seat, wallet=goes.wallet, grants=[points(3)])
    by_two(seat, merge(chain, seat, goes, stays))
    stands(seat, body)
    assert (chain.balances(goes.wallet)["points"], chain.balances(stays.wallet)["points"]) == (0, 3)


def test_a_promise_ends_with_whoever_it_was_merged_into(seat: Seat, chain: SmallChain) -> None:
    goes, stays, third = chain.card(seat), chain.card(seat, principal=100), chain.card(seat)
    with in_force(chain, "recharge", MONTHLY) as rule:
        first, second = (seat.post(recharge(seat, one, 10000, rule, 334)) for one in (goes, third))
    accepted = seat.post(settle(seat, stays, 100))
    assert "refused" not in accepted, "of before the merge: it ends nothing"
    by_two(seat, merge(chain, seat, goes, stays))
    with months_ahead(chain, 1):
        assert "refused" not in seat.post(release(seat, first["id"], 1))
        body = settle(seat, stays, 10000, row={"forfeit_minor": 667})
        assert "refused" not in seat.post(body)
    with months_ahead(chain, 2):
        refuse(seat, release(seat, first["id"], 2), "release_refused", why="ended")
        assert "refused" not in seat.post(release(seat, second["id"], 1)), "the control: nobody's heir"
