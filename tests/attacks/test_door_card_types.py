"""Cards that do what their type has no function for, leave the box in the wrong hands, or spend beyond."""

from __future__ import annotations

from typing import Any

import pytest

from tests.card_types import card_type, issue
from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    FEE_DUE,
    GOLD,
    MILK,
    TIER,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    move,
    off,
    points,
    proof,
    stored,
    tax,
)  # fmt: skip


@pytest.fixture
def till(chain: SmallChain) -> Seat:
    return chain.open_seat()


def active(
    till: Seat, kind: int, *, principal: int = 0, member: int | None = None, wallet: int | None = None
) -> Card:
    """A card of a type, issued and activated; topped up where it may be."""
    chain = till.chain
    blank = chain.blank(kind)
    who = {} if member is None else {"holder": member}
    if wallet is not None:
        who["wallet"] = wallet
    body = issue(till, blank, FEE_DUE, **who)
    answer = till.post(body, None if wallet is None else till.approved(body))
    assert "refused" not in answer, answer
    card = Card(blank.id, blank.token, wallet or answer["wallet"])
    till.done("card_activation", cards=[move(card, "issued", "active")])
    if principal:
        till.done("top_up", wallet=card.wallet, tenders=[cash(principal)], total_minor=principal)
    return card


def bread(till: Seat, *cards: Card, paid: int = 350) -> dict[str, Any]:
    """A loaf paid by the first card, the rest in cash."""
    tenders = [stored(cards[0], paid), *([cash(350 - paid)] if paid < 350 else [])]
    return till.document(
        "sale", lines=[BREAD_LINE], tenders=tenders, proofs=[proof(cards[0])], total_minor=350
    )


def test_a_card_without_stored_value_is_neither_topped_up_nor_spent(till: Seat, chain: SmallChain) -> None:
    plain = active(till, card_type(chain, "personal", ("points",)), member=chain.member())
    body = till.document("top_up", wallet=plain.wallet, tenders=[cash(1000)], total_minor=1000)
    refuse(till, body, "card_function", function="stored")
    both = active(till, card_type(chain, "personal"), member=chain.member(), principal=5000)
    # A second card of the same wallet whose type has no stored value: it pays nothing although the first may.
    owner = chain.value("select member from shop.wallet where id = %s", both.wallet)
    second = active(till, card_type(chain, "personal", ("points",)), member=owner, wallet=both.wallet)
    refuse(till, bread(till, second), "card_function", function="stored")
    assert "refused" not in till.post(bread(till, both)), "the control: the card that has the function"


def test_points_and_discounts_need_a_card_that_has_them(till: Seat, chain: SmallChain) -> None:
    kind = card_type(chain, "personal", ("stored",))
    card = active(till, kind, member=chain.member(GOLD))
    milk: dict[str, Any] = {
        "wallet": card.wallet, "lines": [line(1, MILK, 1000, 1000, 1000, 900)], "total_minor": 900,
        "adjustments": [off(1, "tier", 100, TIER, 1)], "taxes": [tax("T13", 1300, 900, 104)],
        "tenders": [cash(900)],
    }  # fmt: skip
    refuse(till, till.document("sale", **milk), "card_function", function="discount")
    paid = {"wallet": card.wallet, "lines": [line(1, BREAD, 4000, 350, 1400)], "total_minor": 1400}
    body = till.document("sale", **paid, tenders=[cash(1400)], grants=[points(14)])
    refuse(till, body, "card_function", function="points")
    chain.run("update shop.card_type set rule = null where id = %s", kind)
    assert "refused" not in till.post(body), "the control: a type without a version may do everything"
    assert "refused" not in till.post(till.document("sale", **milk))


def test_an_anonymous_card_has_no_holder_and_a_personal_one_has(till: Seat, chain: SmallChain) -> None:
    gift, own = card_type(chain, "bearer", ("stored",)), card_type(chain, "personal")
    held = chain.blank(gift)
    refuse(till, issue(till, held, FEE_DUE, holder=chain.member()), "card_type_refused", why="holder")
    assert "refused" not in till.post(issue(till, held, FEE_DUE))
    refuse(till, issue(till, chain.blank(own), FEE_DUE), "card_state")


def test_a_type_that_ended_gives_out_no_cards(till: Seat, chain: SmallChain) -> None:
    kind = card_type(chain, "personal", days_to=0)
    blank = chain.blank(kind)
    refuse(till, issue(till, blank, FEE_DUE, holder=chain.member()), "card_type_refused", why="ended")


def test_a_supplementary_card_opens_the_wallet_of_an_active_main_card(till: Seat, chain: SmallChain) -> None:
    main_type, second_type = card_type(chain, "personal"), card_type(chain, "supplementary")
    child = chain.member()
    blank = chain.blank(second_type)
    refuse(till, issue(till, blank, FEE_DUE, holder=child), "card_type_refused", why="main")
    main = active(till, main_type, member=chain.member(), principal=2000)
    with chain.in_state(main, "frozen"):
        body = issue(till, blank, FEE_DUE, holder=child, wallet=main.wallet)
        refuse(till, body, "card_type_refused", why="main")
    stolen = chain.blank(main_type)
    refuse(till, issue(till, stolen, FEE_DUE, holder=child, wallet=main.wallet), "card_state")
    second = active(till, second_type, member=child, wallet=main.wallet)
    till.post(bread(till, second))
    assert chain.balances(main.wallet)["principal"] == 1650, "it draws on the main wallet"
    assert chain.rows("select card, holder, amount from ledger.card_use where wallet = %s", main.wallet) == [
        (second.id, child, 350)
    ]


def test_cards_of_a_group_open_one_wallet_and_no_other(till: Seat, chain: SmallChain) -> None:
    kind = card_type(chain, "group")
    first = active(till, kind, member=chain.member(), principal=2000)
    other = active(till, card_type(chain, "personal"), member=chain.member())
    body = issue(till, chain.blank(kind), FEE_DUE, holder=chain.member(), wallet=other.wallet)
    refuse(till, body, "card_type_refused", why="group")
    driver = chain.member()
    second = active(till, kind, member=driver, wallet=first.wallet)
    for card in (first, second, second):
        assert "refused" not in till.post(bread(till, card))
    desk = chain.seat(staff=chain.person("manager", 1))
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'members') on conflict do nothing"
    )
    report = desk.call("select api.wallet_cards(%s, current_date - 1, current_date + 1)", first.wallet)
    assert [(each["card"], each["uses"], each["spent_minor"]) for each in report["cards"]] == [
        (first.id, 1, 350), (second.id, 2, 700),
    ]  # fmt: skip


def limit(chain: SmallChain, card: Card, **limits: Any) -> None:
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'card_limit') on conflict do nothing"
    )
    desk = chain.seat(staff=chain.managers[0])
    answer = desk.call(
        "select api.card_limit_put(%s::bigint, %s::bigint, %s::bigint, %s::int[])", card.id,
        limits.get("sale"), limits.get("day"), limits.get("categories"),
    )  # fmt: skip
    assert "refused" not in answer, answer


def test_a_card_spends_no_more_than_its_limits(till: Seat, chain: SmallChain) -> None:
    card = active(
        till, card_type(chain, "personal", sale_max_minor=300), member=chain.member(), principal=5000
    )
    refuse(till, bread(till, card), "card_limit", why="sale", most=300)
    limit(chain, card, sale=200, day=500)
    refuse(till, bread(till, card, paid=250), "card_limit", why="sale", most=200)
    first = till.post(bread(till, card, paid=200))
    assert "refused" not in till.post(bread(till, card, paid=200))
    refuse(till, bread(till, card, paid=101), "card_limit", why="day", most=100)
    till.done("reversal", of=first["id"], reason="mistake", total_minor=350)
    assert "refused" not in till.post(bread(till, card, paid=101)), "what came back may be spent again"
    refuse(till, bread(till, card, paid=200), "card_limit", why="day", most=199)


def test_a_return_frees_the_limit_of_its_day(till: Seat, chain: SmallChain) -> None:
    card = active(
        till, card_type(chain, "personal", day_max_minor=400), member=chain.member(), principal=5000
    )
    sold = till.post(bread(till, card))
    refuse(till, bread(till, card, paid=100), "card_limit", why="day", most=50)
    back = {"of": sold["id"], "reason": "stale", "lines": [{"n": 1, "of": 1, "qty_milli": 500}]}
    till.done("return", **back, total_minor=175)
    refuse(till, bread(till, card, paid=226), "card_limit", why="day", most=225)
    assert "refused" not in till.post(bread(till, card, paid=225))
    assert chain.rows("select * from ledger.verify()") == []


def test_a_card_pays_only_for_its_goods(till: Seat, chain: SmallChain) -> None:
    category = chain.value(
        "insert into shop.category(code, name) values ('c' || (select count(*) from shop.category), '饮料')"
        " returning id"
    )
    card = active(
        till, card_type(chain, "personal", categories=[category]), member=chain.member(), principal=5000
    )
    refuse(till, bread(till, card), "card_limit", why="goods", most=0)
    chain.run("update shop.product set category = %s where id = %s", category, BREAD)
    try:
        assert "refused" not in till.post(bread(till, card))
        limit(chain, card, categories=[chain.value(
            "insert into shop.category(code, name) values ('e' || (select count(*) from shop.category), '空')"
            " returning id"
        )])  # fmt: skip
        refuse(till, bread(till, card), "card_limit", why="goods", most=0)
    finally:
        chain.run("update shop.product set category = null where id = %s", BREAD)


def test_limits_are_set_by_who_may(till: Seat, chain: SmallChain) -> None:
    card = active(till, card_type(chain, "personal"), member=chain.member())
    put = "select api.card_limit_put(%s::bigint, 1::bigint, null, null)"
    assert till.call(put, card.id)["refused"] == "not_permitted"
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'card_limit') on conflict do nothing"
    )
    desk = chain.seat(staff=chain.managers[0])
    assert desk.call(put, chain.blank().id)["refused"] == "unknown_card"
    assert desk.call("select api.card_limit_put(%s::bigint, 0::bigint, null, null)", card.id)["refused"] == (
        "malformed"
    )
