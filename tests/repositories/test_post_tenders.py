"""Ways of paying at the door: cash that rounds, change that is kept, cards of others, credit, money ahead."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import PENNY, Card, Seat, SmallChain, bank, cash, line, proof, stored


def pennies(seat: Seat, total: int, *tenders: dict[str, Any], kind: str = "sale", **parts: Any) -> Any:
    """Pennies worth `total`, paid so."""
    lines = [line(1, PENNY, total * 1000, 1, total)]
    return seat.document(kind, lines=lines, tenders=list(tenders), total_minor=total, **parts)


def postings(answer: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    return [(p["demand"], p["debit"], p["credit"], p["amount"]) for p in answer["postings"]]


def accept(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    answer = seat.post(body)
    assert "refused" not in answer, answer
    return answer


def oracle(amount: int, step: int, mode: str) -> int:
    """By decimals, as a person reckons: so many coins of `step`."""
    how = ROUND_HALF_UP if mode == "nearest" else ROUND_DOWN
    return int((Decimal(amount) / step).quantize(Decimal(1), rounding=how)) * step - amount


@pytest.fixture
def dime(chain: SmallChain) -> Iterator[None]:
    """The least coin is 0.10."""
    with chain.policy(cash_step_minor=10):
        yield


@pytest.mark.parametrize("mode", ["nearest", "down"])
@pytest.mark.parametrize("step", [1, 5, 10, 20, 50, 100])
def test_rounding_is_what_a_person_reckons(chain: SmallChain, step: int, mode: str) -> None:
    with chain.policy(cash_step_minor=step, cash_rounding=mode):
        made = chain.rows("select n, ledger.cash_rounding(n) from generate_series(1, 420) n")
    assert made == [(n, oracle(n, step, mode)) for n in range(1, 421)]


def test_only_the_cash_part_rounds_and_the_drawer_holds_what_was_handed_over(
    seat: Seat, chain: SmallChain, dime: None
) -> None:
    before = chain.drawer_cash(seat)
    up = accept(seat, pennies(seat, 998, cash(998, given_minor=2000, rounded_minor=2)))
    assert postings(up) == [("tender", "cash", "revenue", 998), ("rounding", "cash", "rounding", 2)]
    assert (up["change_minor"], chain.drawer_cash(seat) - before) == (1000, 1000)
    down = accept(seat, pennies(seat, 992, bank(300), cash(692, given_minor=690, rounded_minor=-2)))
    assert postings(down)[1:] == [("tender", "cash", "revenue", 692), ("rounding", "rounding", "cash", 2)]
    assert (down["change_minor"], chain.drawer_cash(seat) - before) == (0, 1690)
    nothing = accept(seat, pennies(seat, 4, cash(4, given_minor=0, rounded_minor=-4)))
    assert (nothing["total_minor"], chain.drawer_cash(seat) - before) == (4, 1690)


def test_the_report_of_a_shift_says_what_rounding_came_to_and_what_change_was_kept(
    seat: Seat, chain: SmallChain, dime: None
) -> None:
    accept(seat, pennies(seat, 998, cash(998, given_minor=1000, rounded_minor=2)))
    accept(seat, pennies(seat, 994, cash(994, given_minor=990, rounded_minor=-4)))
    card = chain.card(seat)
    accept(seat, pennies(seat, 900, cash(900, given_minor=1000, kept_minor=100), wallet=card.wallet))
    seat.sign_in(chain.managers[0])
    rows = seat.ask("shift_report", seat.shift)["parts"]["coins"]
    assert [(row["code"], row["count"], row["amount"]) for row in rows] == [
        ("kept", 1, 100),
        ("rounding", 2, -2),
    ]


def test_a_return_hands_out_whole_coins_and_a_void_exactly_what_came(
    seat: Seat, chain: SmallChain, dime: None
) -> None:
    before = chain.drawer_cash(seat)
    sold = accept(seat, pennies(seat, 998, cash(998, given_minor=1000, rounded_minor=2)))
    rows = [{"n": 1, "of": 1, "qty_milli": 333_000}]
    seat.done("return", of=sold["id"], reason="some", lines=rows, total_minor=333)
    assert chain.drawer_cash(seat) - before == 1000 - 330
    rest = [{"n": 1, "of": 1, "qty_milli": 665_000}]
    seat.done("return", of=sold["id"], reason="rest", lines=rest, total_minor=665)
    assert chain.drawer_cash(seat) - before == 1000 - 330 - 670
    sold = accept(seat, pennies(seat, 992, cash(992, given_minor=990, rounded_minor=-2)))
    seat.done("reversal", of=sold["id"], reason="wrong", total_minor=992)
    assert chain.drawer_cash(seat) - before == 0


@pytest.mark.parametrize(
    ("tender", "due"),
    [
        (cash(998, given_minor=1000), 2), (cash(998, given_minor=1000, rounded_minor=0), 2),
        (cash(998, given_minor=990, rounded_minor=-8), 2),
        (cash(998, given_minor=2000, rounded_minor=1002), 2),
        (cash(1000, given_minor=1000, rounded_minor=-10), 0),
        (cash(1000, given_minor=990, rounded_minor=-10), 0),
    ],
    ids=str,
)  # fmt: skip
def test_rounding_is_the_chains_not_the_tills(
    seat: Seat, dime: None, tender: dict[str, Any], due: int
) -> None:
    refuse(seat, pennies(seat, tender["amount_minor"], tender), "cash_refused", rounded=due)


def test_nothing_but_the_cash_of_a_sale_rounds(seat: Seat, chain: SmallChain, dime: None) -> None:
    card = chain.card(seat, principal=20000)
    refuse(seat, pennies(seat, 998, {**bank(998), "rounded_minor": 2}), "cash_refused", tender="bank_card")
    drawn = {**stored(card, 998), "rounded_minor": -8}
    refuse(seat, pennies(seat, 998, drawn, wallet=card.wallet, proofs=[proof(card)]), "cash_refused")
    paid = cash(998, rounded_minor=2)
    refuse(seat, seat.document("top_up", wallet=card.wallet, tenders=[paid], total_minor=998), "cash_refused")
    short = cash(998, given_minor=999, rounded_minor=2)
    refuse(seat, pennies(seat, 998, short), "given_too_little", amount=1000, given=999)
    text: dict[str, Any] = {**cash(998), "rounded_minor": "2"}
    refuse(seat, pennies(seat, 998, text), "malformed", detail="rounded_minor")


# Change that the card keeps


def kept(total: int, given: int, keep: int) -> dict[str, Any]:
    return cash(total, given_minor=given, kept_minor=keep)


def test_change_goes_onto_the_card_and_comes_back_with_a_void(seat: Seat, chain: SmallChain) -> None:
    card, before = chain.card(seat, principal=20000), chain.drawer_cash(seat)
    sold = accept(seat, pennies(seat, 960, kept(960, 1000, 35), wallet=card.wallet))
    assert ("keep", "cash", "principal", 35) in postings(sold)
    assert (sold["change_minor"], chain.balances(card.wallet)["principal"]) == (5, 20035)
    assert chain.drawer_cash(seat) - before == 995 + 0
    rows = [{"n": 1, "of": 1, "qty_milli": 960_000}]
    seat.done("return", of=sold["id"], reason="all", lines=rows, total_minor=960)
    assert chain.balances(card.wallet)["principal"] == 20035, "what is kept is the member's"
    sold = accept(seat, pennies(seat, 960, kept(960, 1000, 40), wallet=card.wallet))
    seat.done("reversal", of=sold["id"], reason="wrong", total_minor=960)
    assert chain.balances(card.wallet)["principal"] == 20035


def test_rounding_and_kept_change_go_together(seat: Seat, chain: SmallChain, dime: None) -> None:
    card, before = chain.card(seat), chain.drawer_cash(seat)
    tender = cash(998, given_minor=1050, rounded_minor=2, kept_minor=50)
    sold = accept(seat, pennies(seat, 998, tender, wallet=card.wallet))
    assert (sold["change_minor"], chain.drawer_cash(seat) - before) == (0, 1050)
    assert chain.balances(card.wallet)["principal"] == 50


def test_stored_value_is_not_minted_by_change(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000)
    w: dict[str, Any] = {"wallet": card.wallet}
    for tender in (kept(960, 1000, 41), kept(960, 960, 1), cash(960, kept_minor=40), kept(960, 1000, 0),
                   kept(960, 1000, -40)):  # fmt: skip
        refuse(seat, pennies(seat, 960, tender, **w), "cash_refused", tender="cash")
    refuse(seat, pennies(seat, 960, kept(960, 20000, 10001), **w), "cash_refused", most=10000)
    refuse(seat, pennies(seat, 960, {**bank(960), "kept_minor": 40}, **w), "cash_refused", tender="bank_card")
    refuse(seat, pennies(seat, 960, kept(960, 1000, 40)), "card_not_active")
    body = seat.document("top_up", **w, tenders=[kept(960, 1000, 40)], total_minor=960)
    refuse(seat, body, "cash_refused")
    full = chain.card(seat, principal=499_990)
    body = pennies(seat, 960, kept(960, 1000, 40), wallet=full.wallet)
    refuse(seat, body, "balance_cap", cap=500_000, would_be=500_030)
    with chain.in_state(card, "lost"):
        refuse(seat, pennies(seat, 960, kept(960, 1000, 40), **w), "card_not_active")
    assert chain.balances(card.wallet)["principal"] == 20000


def test_kept_change_that_was_spent_is_not_taken_back_by_a_void(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    sold = accept(seat, pennies(seat, 960, kept(960, 1000, 40), wallet=card.wallet))
    accept(seat, pennies(seat, 30, stored(card, 30), wallet=card.wallet, proofs=[proof(card)]))
    body = seat.document("reversal", of=sold["id"], reason="wrong", total_minor=960)
    refuse(seat, body, "lot_spent", account="principal", missing=30)


# Cards and vouchers of others


@pytest.mark.parametrize("kind", ["prepaid", "voucher"])
def test_what_others_owe_us_stands_on_its_own_account(seat: Seat, chain: SmallChain, kind: str) -> None:
    paid = {"kind": kind, "amount_minor": 500, "reference": "V-1"}
    sold = accept(seat, pennies(seat, 960, paid, cash(460)))
    assert postings(sold)[0] == ("tender", kind, "revenue", 500)
    rows = [{"n": 1, "of": 1, "qty_milli": 960_000}]
    back = seat.done("return", of=sold["id"], reason="all", lines=rows, total_minor=960)
    assert ("refund", "revenue", kind, 500) in postings(back)
    refuse(seat, pennies(seat, 960, {"kind": kind, "amount_minor": 960}), "reference_missing", tender=kind)


def test_a_card_of_others_tops_up_and_a_voucher_does_not(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    for kind, code in (("prepaid", None), ("voucher", "tender_not_allowed")):
        paid = {"kind": kind, "amount_minor": 500, "reference": "V-1"}
        answer = seat.post(seat.document("top_up", wallet=card.wallet, tenders=[paid], total_minor=500))
        assert answer.get("refused") == code


# On account


def allow(chain: SmallChain, card: Card, limit: int) -> None:
    manager = chain.seat(staff=chain.managers[0])
    answer = manager.ask("credit_limit_put", card.wallet, limit)
    assert answer == {"wallet": card.wallet, "limit_minor": limit, "balance": answer["balance"]}


def on_account(card: Card, amount: int) -> dict[str, Any]:
    return {"kind": "credit", "wallet": card.wallet, "amount_minor": amount}


def owing(seat: Seat, card: Card, amount: int) -> Any:
    return pennies(seat, amount, on_account(card, amount), wallet=card.wallet, proofs=[proof(card)])


def test_a_member_owes_up_to_the_limit_and_pays_it_down(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    refuse(seat, owing(seat, card, 1), "pair_not_allowed")
    allow(chain, card, 1000)
    sold = accept(seat, owing(seat, card, 960))
    assert postings(sold)[0] == ("tender", "credit", "revenue", 960)
    assert chain.balances(card.wallet)["credit"] == -960
    refuse(seat, owing(seat, card, 41), "insufficient", account="credit", balance=-960, wanted=41)
    paid = seat.done("credit_payment", wallet=card.wallet, tenders=[cash(900)], total_minor=900)
    assert postings(paid) == [("tender", "cash", "credit", 900)]
    refuse(
        seat, seat.document("credit_payment", wallet=card.wallet, tenders=[cash(61)], total_minor=61),
        "credit_overpaid", most=60,
    )  # fmt: skip
    rows = [{"n": 1, "of": 1, "qty_milli": 960_000}]
    seat.done("return", of=sold["id"], reason="all", lines=rows, total_minor=960)
    assert chain.balances(card.wallet)["credit"] == 900, (
        "what was paid on goods that came back is owed to him"
    )
    assert chain.rows("select * from ledger.verify_accounts()") == []


def test_credit_is_given_by_who_may_and_the_card_is_shown(seat: Seat, chain: SmallChain) -> None:
    card, other = chain.card(seat), chain.card(seat)
    refused = seat.ask("credit_limit_put", card.wallet, 1000)
    assert (refused["refused"], refused["facts"]) == ("not_permitted", {"permission": "credit"})
    manager = chain.seat(staff=chain.managers[0])
    for limit in (-1, None):
        assert manager.ask("credit_limit_put", card.wallet, limit)["refused"] == "malformed"
    assert manager.ask("credit_limit_put", 0, 5)["refused"] == "unknown_wallet"
    allow(chain, card, 1000)
    body = pennies(seat, 500, on_account(card, 500), wallet=card.wallet)
    refuse(seat, body, "card_not_presented", wallet=card.wallet)
    body = pennies(seat, 500, on_account(card, 500), wallet=card.wallet, proofs=[proof(other)])
    refuse(seat, body, "card_not_presented", wallet=card.wallet)
    accept(seat, owing(seat, card, 500))
    assert manager.ask("credit_limit_put", card.wallet, 499)["refused"] == "limit_below_debt"
    body = seat.document("top_up", wallet=card.wallet, tenders=[on_account(card, 5)], total_minor=5)
    refuse(seat, body, "tender_not_allowed", tender="credit")


def test_a_limit_that_nobody_gave_is_found(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    allow(chain, card, 1000)
    assert chain.rows("select * from ledger.verify_accounts()") == []
    forge = "update ledger.account set limit_minor = %s where wallet = %s and kind = 'credit'"
    chain.run(forge, 9000, card.wallet)
    assert [row[2] for row in chain.rows("select * from ledger.verify_accounts()")] == [
        "has a limit that no document gave"
    ]
    chain.run(forge, 1000, card.wallet)


# Money paid ahead


def ahead(card: Card, amount: int) -> dict[str, Any]:
    return {"kind": "advance", "wallet": card.wallet, "amount_minor": amount}


def test_money_paid_ahead_pays_once(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    paid = {"wallet": card.wallet, "tenders": [cash(300)], "total_minor": 300}
    refuse(seat, seat.document("advance", **paid), "reason_missing")
    made = seat.done("advance", reason="a tailored coat", **paid)
    assert postings(made) == [("tender", "cash", "advance", 300)]
    over = pennies(seat, 960, ahead(card, 301), cash(659), wallet=card.wallet, proofs=[proof(card)])
    refuse(seat, over, "insufficient", account="advance", balance=300)
    bare = pennies(seat, 960, ahead(card, 300), cash(660), wallet=card.wallet)
    refuse(seat, bare, "card_not_presented")
    sold = accept(
        seat, pennies(seat, 960, ahead(card, 300), cash(660), wallet=card.wallet, proofs=[proof(card)])
    )
    assert postings(sold)[0] == ("tender", "advance", "revenue", 300)
    assert chain.balances(card.wallet)["advance"] == 0
    body = seat.document("reversal", of=made["id"], reason="wrong", total_minor=300)
    refuse(seat, body, "insufficient", account="advance", balance=0, wanted=300)
    rows = [{"n": 1, "of": 1, "qty_milli": 960_000}]
    seat.done("return", of=sold["id"], reason="all", lines=rows, total_minor=960)
    assert chain.balances(card.wallet)["advance"] == 300


def test_money_paid_ahead_is_handed_back_by_two(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    seat.done("advance", reason="coat", wallet=card.wallet, tenders=[cash(300)], total_minor=300)
    before = chain.drawer_cash(seat)
    back: dict[str, Any] = {
        "wallet": card.wallet, "tenders": [ahead(card, 300)], "proofs": [proof(card)], "reason": "no coat",
        "total_minor": 300,
    }  # fmt: skip
    refuse(seat, seat.document("advance_back", **back), "approval_needed", permission="advance_back")
    made = seat.done_by_two("advance_back", **back)
    assert postings(made) == [("tender", "advance", "cash", 300)]
    assert before - chain.drawer_cash(seat) == 300
    paid = {**back, "tenders": [stored(card, 300)]}
    assert seat.post(seat.document("advance_back", **paid))["refused"] in {"insufficient", "approval_needed"}


# Ways of paying as rows


def test_a_chain_names_its_own_ways_of_paying(seat: Seat, chain: SmallChain) -> None:
    manager = chain.seat(staff=chain.managers[0])
    answer = manager.ask("tender_put", "mall_card", "prepaid", "商场卡", True, True)
    assert answer == {"tender": "mall_card"}
    paid = {"kind": "mall_card", "amount_minor": 960, "reference": "M-1"}
    assert postings(accept(seat, pennies(seat, 960, paid)))[0][1] == "prepaid"
    assert manager.ask("tender_put", "mall_card", "prepaid", "商场卡", True, False) == {"tender": "mall_card"}
    refuse(seat, pennies(seat, 960, paid), "tender_not_allowed", tender="mall_card")
    for bad in (("Mall", "prepaid"), ("mall2", "cash"), ("mall2", "revenue"), ("mall_card", "voucher"),
                ("mall2", None)):  # fmt: skip
        assert manager.ask("tender_put", *bad, None, True, True)["refused"] == "malformed", bad
    assert manager.ask("tender_put", "x2", "voucher", "a\u202eb", True, True)["refused"] == "unclean_text"
    assert seat.ask("tender_put", "x2", "voucher", None, True, True)["refused"] == "not_permitted"
    kinds = {row["kind"]: row for row in seat.ask("tenders")["tenders"]}
    assert kinds["mall_card"]["name"] == "商场卡"


def test_the_rule_of_cash_is_the_owners(seat: Seat, chain: SmallChain) -> None:
    manager = chain.seat(staff=chain.managers[0])
    assert seat.ask("cash_rule_put", 10, "down", 5000)["refused"] == "not_permitted"
    for bad in ((3, "down", 0), (10, "up", 0), (10, "down", -1), (None, "down", 0)):
        assert manager.ask("cash_rule_put", *bad)["refused"] == "malformed"
    with chain.policy(cash_step_minor=1, cash_rounding="nearest", keep_change_max_minor=10000):
        assert manager.ask("cash_rule_put", 10, "down", 5000)["cash_step_minor"] == 10
        found = seat.ask("hello")["chain"]
        assert (found["cash_step_minor"], found["cash_rounding"]) == (10, "down")
