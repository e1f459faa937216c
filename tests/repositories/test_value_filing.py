"""A quarter's figures add up to what is owed, and what is owed to the sum of all balances, to the fen."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.card_types import a_pass, buy, use
from tests.properties.test_clearing import Walk, lawyer
from tests.refusals import standing
from tests.small_chain import NO_PIN, Seat, SmallChain


def filed(books: Seat, year: int) -> dict[str, Any]:
    answer: dict[str, Any] = books.call("select api.value_filing(%s::int)", year)
    assert "refused" not in answer, answer
    return answer


def sold_in(answer: dict[str, Any]) -> int:
    """What was sold in all quarters."""
    return sum(
        amount for quarter in answer["quarters"] for _, _, what, amount in quarter["flows"] if what == "sold"
    )


def topped_up(chain: SmallChain) -> int:
    """All top-ups that stand."""
    total: int = chain.value(
        "select coalesce(sum(total_minor), 0)::bigint from ledger.document d where kind = 'top_up'"
        " and not exists (select from ledger.reversed r where r.document = d.id)"
    )
    return total


def test_flows_of_a_quarter_make_what_is_owed_and_that_is_all_balances(chain: SmallChain) -> None:
    books = lawyer(chain)
    year = chain.value("select extract(year from api.business_day())::int")
    # Other tests sold value in this chain, too, and not by top-ups alone: change was put on cards.
    sold_before, topped_before = sold_in(filed(books, year)), topped_up(chain)
    with chain.policy(**NO_PIN):
        walk = Walk(chain, 3)
        for _ in range(80):
            walk.step()
    answer = filed(books, year)

    balances = chain.rows(
        "select kind, sum(balance)::bigint from ledger.account where kind in ('principal', 'bonus')"
        " group by 1"
    )
    assert answer["owed"] == dict(balances)
    assert answer["balances"] == answer["owed"]
    moved: dict[str, int] = defaultdict(int)
    for quarter in answer["quarters"]:
        for _, part, _, amount in quarter["flows"]:
            moved[part] += amount
        owed: dict[str, int] = defaultdict(int)
        for _, part, amount in quarter["owed"]:
            owed[part] += amount
        assert {part: amount for part, amount in moved.items() if amount} == {
            part: amount for part, amount in owed.items() if amount
        }
    whats = {what for quarter in answer["quarters"] for _, _, what, _ in quarter["flows"]}
    assert {"sold", "granted", "consumed"} <= whats
    sold, topped = sold_in(answer) - sold_before, topped_up(chain) - topped_before
    assert topped > 0
    assert sold == topped, "what was undone is not sold"


def test_what_was_paid_for_passes_is_owed_until_it_is_used(chain: SmallChain) -> None:
    books = lawyer(chain)
    till = chain.open_seat()
    card = chain.card(till)
    before = filed(books, 2026)["passes_minor"]
    rule = a_pass(chain)
    sold = buy(till, card, rule)
    assert filed(books, 2026)["passes_minor"] == before + 30000
    used = till.post(use(till, card, rule, 3))
    assert filed(books, 2026)["passes_minor"] == before + 21000
    till.done("reversal", of=used["id"], reason="not served")
    till.done("reversal", of=sold["id"], reason="not wanted", total_minor=30000)
    assert filed(books, 2026)["passes_minor"] == before


def test_a_revenue_is_entered_and_bounds_the_ratio(chain: SmallChain) -> None:
    books = lawyer(chain)
    chain.run(
        "insert into sec.permission(duty, permission) values ('books', 'settings') on conflict do nothing"
    )
    answer = filed(books, 2026)
    assert answer["revenue"]["from_books"] is True
    assert books.call("select api.revenue_put(2025, 100000, true)") == {"year": 2025}
    revenue = filed(books, 2026)["revenue"]
    assert revenue == {"year": 2025, "amount_minor": 100000, "services": True, "from_books": False}
    assert {row["rule"] for row in answer["rules"]} == {"liability_retail", "liability_services"}
    chain.run("delete from shop.revenue_figure")


def test_who_has_not_the_whole_chain_files_nothing(chain: SmallChain, seat: Seat) -> None:
    books = lawyer(chain)
    near = chain.seat(staff=chain.person("books", 2))
    before = standing(chain)
    assert seat.call("select api.value_filing(2026)")["refused"] == "not_permitted"
    assert seat.call("select api.revenue_put(2025, 1, false)")["refused"] == "not_permitted"
    assert seat.call("select api.clearing_pairs(null, null)")["refused"] == "not_permitted"
    assert near.call("select api.value_filing(2026)")["refused"] == "wrong_store"
    assert (
        near.call("select api.clearing_stories('2026-01-01', '2026-12-31', null, 5)")["refused"]
        == "wrong_store"
    )
    assert books.call("select api.value_filing(1)")["refused"] == "malformed"
    assert standing(chain) == before
