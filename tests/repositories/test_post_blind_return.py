"""Goods without a receipt: by a rule, by two people, at the lowest price there was; and across stores."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    MILK,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    pairs,
    stored,
    tax,
)  # fmt: skip


@pytest.fixture
def rule(chain: SmallChain) -> Iterator[int]:
    """At most 20.00 in all, 10.00 of it in cash, from 8.00 on to members, prices of the last 5 days."""
    chain.run("insert into sec.permission(duty, permission) values ('manager', 'blind_return')"
              " on conflict do nothing")  # fmt: skip
    made = int(
        chain.value("insert into shop.rule(family, name) values ('blind_return', '无单退货') returning id")
    )
    chain.run(
        "insert into shop.rule_version(rule, version, valid_from, max_document_minor, amount_minor,"
        " min_minor, term_days) values (%s, 1, now() - interval '9 days', 2000, 1000, 800, 5)", made,
    )  # fmt: skip
    yield made
    chain.run("update shop.rule_version set valid_to = now() - interval '8 days' where rule = %s", made)


def goods_back(seat: Seat, lines: list[dict[str, Any]], **parts: Any) -> dict[str, Any]:
    """The body of a return without a receipt, in cash unless `parts` say otherwise."""
    total = sum(each["total_minor"] for each in lines)
    return seat.document(
        "blind_return",
        **{"lines": lines, "tenders": [cash(total)], "total_minor": total, "reason": "no slip", **parts},
    )


def by_two(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    """Posted after a manager's approval."""
    return seat.post(body, seat.approved(body))


BREAD_BACK = line(1, BREAD, 1000, 310, 310)


def test_the_lowest_price_goes_back_in_cash_and_the_goods_are_there(
    seat: Seat, chain: SmallChain, rule: int
) -> None:
    bread, drawer = chain.on_hand(BREAD), chain.drawer_cash(seat)
    body = goods_back(seat, [BREAD_BACK])

    refuse(seat, body, "not_permitted", permission="blind_return")
    answer = by_two(seat, body)

    assert pairs(answer) == [("revenue", "cash", 310)]
    assert answer["approved_by"] == chain.managers[0]
    assert (chain.on_hand(BREAD), chain.drawer_cash(seat)) == (bread + 1000, drawer - 310)
    assert chain.rows("select * from ledger.verify()") == []


def test_a_manager_alone_is_not_enough(chain: SmallChain, rule: int) -> None:
    seat = chain.open_seat(staff=chain.managers[0])
    body = goods_back(seat, [BREAD_BACK])
    refuse(seat, body, "approval_needed", permission="blind_return")
    answer = seat.post(body, seat.approved(body, by=chain.managers[1]))
    assert "refused" not in answer, answer

    undo = seat.document("reversal", of=answer["id"], reason="mistake", total_minor=310)
    refuse(seat, undo, "approval_needed")
    assert "refused" not in seat.post(undo, seat.approved(undo, by=chain.managers[1]))


def test_stored_value_gets_a_fresh_lot(seat: Seat, chain: SmallChain, rule: int) -> None:
    card = chain.card(seat, principal=1000)
    milk = [line(1, MILK, 1000, 1000, 1000)]
    body = goods_back(seat, milk, wallet=card.wallet, tenders=[stored(card, 1000)],
                      taxes=[tax("T13", 1300, 1000, 115)])  # fmt: skip
    answer = by_two(seat, body)
    assert pairs(answer) == [("revenue", "principal", 1000), ("tax", "revenue", 115)]
    assert chain.lots(card.wallet, "principal") == [1000, 1000]
    assert chain.rows("select * from ledger.verify()") == []


def refused_by_two(seat: Seat, body: dict[str, Any], code: str, **facts: Any) -> None:
    """Also with a second person's word."""
    answer = by_two(seat, body)
    assert answer.get("refused") == code, answer
    assert {name: answer["facts"].get(name) for name in facts} == facts, answer


def test_what_two_people_together_may_not(seat: Seat, chain: SmallChain, rule: int) -> None:
    mine, yours = chain.card(seat), chain.card(seat)
    above = goods_back(seat, [line(1, BREAD, 1000, 311, 311)])
    refused_by_two(seat, above, "blind_return_refused", why="price", line=1, most=310)
    many = [line(1, BREAD, 2900, 310, 899)]
    refused_by_two(seat, goods_back(seat, many), "member_needed", limit=800)
    dear = [line(1, BREAD, 4000, 310, 1240)]
    refused_by_two(seat, goods_back(seat, dear, wallet=mine.wallet), "blind_return_refused", why="cash",
                   most=1000)  # fmt: skip
    too_dear = [line(1, BREAD, 7000, 310, 2170)]
    body = goods_back(seat, too_dear, wallet=mine.wallet, tenders=[stored(mine, 2170)])
    refused_by_two(seat, body, "blind_return_refused", why="total", most=2000)
    body = goods_back(seat, [BREAD_BACK], wallet=mine.wallet, tenders=[stored(yours, 310)])
    refused_by_two(seat, body, "wallet_differs")
    refused_by_two(seat, goods_back(seat, [BREAD_BACK], tenders=[bank(310)]), "tender_not_allowed")
    points = {"kind": "points", "wallet": mine.wallet, "amount_minor": 310, "points": 62}
    refused_by_two(seat, goods_back(seat, [BREAD_BACK], wallet=mine.wallet, tenders=[points]),
                   "tender_not_allowed")  # fmt: skip
    refused_by_two(seat, goods_back(seat, [BREAD_BACK], tenders=[cash(300)]), "unbalanced")
    refused_by_two(
        seat, goods_back(seat, [line(1, BREAD, 1000, 300, 310)], tenders=[cash(310)]), "arithmetic"
    )
    # what is open at the till has no list price, so nothing is known of what it cost
    assert by_two(seat, goods_back(seat, [line(1, 7, 1000, 100, 100)]))["refused"] == "blind_return_refused"


def test_without_a_rule_there_is_none(seat: Seat, chain: SmallChain) -> None:
    chain.run("insert into sec.permission(duty, permission) values ('manager', 'blind_return')"
              " on conflict do nothing")  # fmt: skip
    refused_by_two(seat, goods_back(seat, [BREAD_BACK]), "blind_return_refused", why="no_rule")


def test_no_line_of_a_sale_and_no_typed_price(seat: Seat, rule: int) -> None:
    body = goods_back(seat, [{**BREAD_BACK, "open": True}])
    refuse(seat, body, "unknown_key", section="lines", key="open")
    refuse(seat, goods_back(seat, [{**BREAD_BACK, "of": 1}]), "unknown_key", section="lines", key="of")
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    refuse(seat, goods_back(seat, [BREAD_BACK], of=sale["id"]), "wrong_origin")


@contextlib.contextmanager
def across(chain: SmallChain, yes: bool = True) -> Iterator[None]:
    """The chain's policy for a while."""
    with chain.policy(returns_across=yes):
        yield


def give_back(seat: Seat, sale: dict[str, Any]) -> dict[str, Any]:
    """The whole loaf."""
    return seat.document(
        "return",
        of=sale["id"],
        reason="broken",
        lines=[{"n": 1, "of": 1, "qty_milli": 1000}],
        total_minor=350,
    )


def test_another_store_takes_goods_back_only_where_the_chain_lets_it(seat: Seat, chain: SmallChain) -> None:
    card: Card = chain.card(seat)
    sale = seat.done("sale", wallet=card.wallet, lines=[BREAD_LINE], tenders=[cash(200), bank(150, "B7")],
                     total_minor=350)  # fmt: skip
    south = chain.open_seat(SOUTH)
    refuse(south, give_back(south, sale), "wrong_origin")
    assert south.ask("find_document", sale["receipt"])["refused"] == "wrong_origin"

    with across(chain):
        assert south.ask("find_document", sale["receipt"])["id"] == sale["id"]
        here, there = chain.on_hand(BREAD, SOUTH), chain.on_hand(BREAD)
        answer = south.post(give_back(south, sale))
        assert "refused" not in answer, answer
        assert pairs(answer) == [("revenue", "cash", 200), ("revenue", "tender", 150)]
        assert (chain.on_hand(BREAD, SOUTH), chain.on_hand(BREAD)) == (here + 1000, there)
        assert chain.drawer_cash(south) == 50000 - 200
        refs = chain.rows("select distinct debit_ref from ledger.posting where document = %s"
                          " and debit = 'revenue'",
                          answer["id"])  # fmt: skip
        assert refs == [(SOUTH,)]
        refuse(seat, give_back(seat, sale), "returned_beyond_sold")
        # what another store posted is not voided here, and what is no sale is not read here
        voided = south.document("reversal", of=sale["id"], reason="mistake", total_minor=350)
        refuse(south, voided, "wrong_origin")
        receipt = seat.done("stock_receipt", stock=[{"product": BREAD, "qty_milli": 1000}])
        assert south.ask("document", receipt["id"])["refused"] == "wrong_origin"
    assert chain.rows("select * from ledger.verify()") == []


def test_who_may_change_the_policy(seat: Seat, chain: SmallChain) -> None:
    assert seat.ask("returns_across_put", True)["refused"] == "not_permitted"
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'settings') on conflict do nothing"
    )
    of_one_store = chain.seat(staff=chain.person("manager", SOUTH - 1))
    assert of_one_store.ask("returns_across_put", True)["refused"] == "wrong_store"
    with across(chain, yes=False):
        boss = chain.seat(staff=chain.managers[0])
        assert boss.ask("returns_across_put", True) == {"across": True}
        assert boss.ask("return_policy")["across"] is True
        assert chain.value("select facts->'after'->>'returns_across' from sec.audit where what = 'setting'"
                           " order by id desc limit 1") == "true"  # fmt: skip


def find(seat: Seat, **filters: Any) -> list[dict[str, Any]]:
    """The receipts that api.find_sales lists."""
    values = [filters.get(name) for name in ("day_from", "day_to", "amount_minor", "method", "after")]
    found = seat.call(
        "select api.find_sales(coalesce(%s, current_date - 1), coalesce(%s, current_date + 1), %s::bigint,"
        " %s, %s::uuid, %s::int)", *values, filters.get("most", 50),
    )  # fmt: skip
    return list(found)


def test_sales_are_found_by_amount_and_tender_page_by_page(seat: Seat, chain: SmallChain) -> None:
    sold = [
        seat.done("sale", lines=[line(1, BREAD, 1000 * n, 350, 350 * n)],
                  tenders=[bank(350 * n, "R")] if n % 2 else [cash(350 * n)], total_minor=350 * n)["id"]
        for n in (21, 22, 23, 22)
    ]  # fmt: skip
    assert {row["document"] for row in find(seat, amount_minor=350 * 22)} >= {sold[1], sold[3]}
    assert sold[1] not in {row["document"] for row in find(seat, amount_minor=350 * 22, method="bank_card")}
    whole = [row["document"] for row in find(seat)]
    pages: list[str] = []
    while page := find(seat, most=2, after=pages[-1] if pages else None):
        pages += [row["document"] for row in page]
        if len(pages) >= 8:
            break
    assert pages == whole[: len(pages)]
    south = chain.open_seat(SOUTH)
    assert not {row["document"] for row in find(south)} & set(sold)
    with across(chain):
        assert {row["document"] for row in find(south, amount_minor=350 * 23)} >= {sold[2]}
    trainee = chain.seat(staff=chain.person("trainee", 2))
    assert trainee.ask("return_policy")["across"] is False
    refused = trainee.call("select api.find_sales(current_date, current_date, null, null, null, 5)")
    assert refused["refused"] == "not_permitted"
