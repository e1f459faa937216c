"""Top-ups with goods and receipts, undone and returned in any order: stock, receipts and books stay true."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.small_chain import BREAD, BREAD_LINE, Seat, SmallChain, cash
from tests.value_rules import in_force, recharge

_steps = st.lists(
    st.tuples(st.sampled_from(["sell", "receive", "gift", "bought", "undo", "return"]), st.integers(0, 99)),
    min_size=6,
    max_size=16,
)
BOUGHT = {"steps": [{"from_minor": 1000, "give_minor": 100}], "bought": [{"product": BREAD}]}


class Counter:
    """What the door has to hold: the stock of the gift, and of each sale whether it entitles still."""

    def __init__(self) -> None:
        self.stock = 0
        self.sales: dict[str, str] = {}
        self.top_ups: list[tuple[str, int, str]] = []


def step(seat: Seat, chain: SmallChain, model: Counter, rules: dict[str, Any], what: str, which: int) -> None:
    """One step at the door and in the model; both refuse alike."""
    sales, card = list(model.sales), rules["card"]
    if what == "sell":
        sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
        model.sales[sold["id"]] = "open"
    elif what == "receive":
        rows = [{"product": rules["product"], "qty_milli": 1000, "cost_minor": 0}]
        seat.done("stock_receipt", stock=rows, total_minor=0)
        model.stock += 1
    elif what == "gift":
        pieces = 1 + which % 2
        row = {"product": rules["product"], "qty_milli": pieces * 1000, "rule": rules["goods"], "version": 1}
        body = recharge(seat, card, 1000 * pieces, rules["goods"], 0, grants=[], gifts=[row])
        got = seat.post(body)
        assert got.get("refused") == (None if pieces <= model.stock else "gift_refused"), got
        if "refused" not in got:
            model.stock -= pieces
            model.top_ups.append((got["id"], pieces, ""))
    elif what == "bought" and sales:
        sale = sales[which % len(sales)]
        got = seat.post(recharge(seat, card, 1000, rules["bought"], 100, bought=sale))
        assert got.get("refused") == (None if model.sales[sale] == "open" else "gift_refused"), got
        if "refused" not in got:
            model.sales[sale] = "used"
            model.top_ups.append((got["id"], 0, sale))
    elif what == "undo" and model.top_ups:
        id, pieces, sale = model.top_ups.pop(which % len(model.top_ups))
        seat.done("reversal", of=id, reason="mistake", total_minor=1000 * max(pieces, 1))
        model.stock += pieces
        if model.sales.get(sale) == "used":
            model.sales[sale] = "open"
    elif what == "return" and (whole := [each for each in sales if model.sales[each] != "back"]):
        sale = whole[which % len(whole)]
        lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
        back = {"of": sale, "reason": "old", "lines": lines, "total_minor": 350}
        if model.sales[sale] == "used":
            assert seat.post(seat.document("return", **back))["refused"] == "approval_needed"
            seat.done_by_two("return", **back)
        else:
            seat.done("return", **back)
        model.sales[sale] = "back"


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=_steps)
def test_goods_and_receipts_stay_true_in_any_order(chain: SmallChain, steps: list[tuple[str, int]]) -> None:
    seat, model = chain.open_seat(), Counter()
    product = chain.value(
        "insert into shop.product(code, name, kind, tax_code)"
        " values ('G-' || floor(random() * 1e9), '油', 'goods', 'T0') returning id"
    )
    goods = {
        "steps": [{"from_minor": 1000}],
        "repeats": True,
        "goods": [{"product": product, "qty_milli": 1000}],
    }
    with in_force(chain, "recharge", goods) as one, in_force(chain, "recharge", BOUGHT) as other:
        rules = {"product": product, "card": chain.card(seat), "goods": one, "bought": other}
        for what, which in steps:
            step(seat, chain, model, rules, what, which)
            assert chain.on_hand(product) == 1000 * model.stock
        standing = (
            "select count(*) from ledger.entitlement e where e.sale = any (%s::uuid[])"
            " and not exists (select from ledger.reversed r where r.document = e.document)"
        )
        held = sum(1 for _, _, sale in model.top_ups if sale)
        assert chain.value(standing, list(model.sales)) == held
        balances = chain.balances(rules["card"].wallet)
        assert balances["bonus"] == 100 * held
    assert chain.rows("select * from ledger.verify()") == []
