"""What each guard of cards and stored value costs a posting: inside the guard, and with it or without.

Inside: the server's clock around each guard, in postings of their own. With or without: the same posting
by turns with all guards of its kind and without the one, medians; what a cheap guard costs drowns there.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from tests.attacks.test_door_card_types import active
from tests.card_types import a_pass, card_type, give, issue, use
from tests.cluster import Cluster
from tests.repositories.test_post_moving import transfer
from tests.small_chain import (
    BREAD_LINE,
    FEE_DUE,
    MILK,
    NO_PIN,
    Seat,
    SmallChain,
    cash,
    open_chain,
    points,
    proof,
    stored,
)  # fmt: skip
from tests.value_rules import in_force, receive, recharge

POSTS: Final = 15
ROUNDS: Final = 3
CARDS: Final = 24
"""That pay by turns: what a guard sums up of a card's day stays as short as a customer's is."""
GUARDS: Final = (
    "application_missing", "balance_cap", "card_function", "card_limit", "card_not_active",
    "card_not_presented", "card_state", "card_type_refused", "custody_refused", "fee_wrong", "gift_bound",
    "gift_refused", "identity_missing", "identity_needed", "member_not_active", "outlet_refused",
    "pass_refused", "pin_needed", "pin_wrong", "recharge_refused", "refund_over_cap", "source_wrong",
    "transfer_needed", "transfer_refused", "validity_refused",
)  # fmt: skip
_TIMED: Final = """
create unlogged table if not exists ledger.guard_time(kind text, guard text, took interval);
do $$
declare
  v text := pg_get_functiondef('ledger.run_guards(ledger.draft)'::regprocedure);
begin
  v := replace(v, 'v_name text; v_facts jsonb;', 'v_name text; v_facts jsonb; v_began timestamptz;');
  v := replace(v, 'v_facts := case v_name', 'v_began := clock_timestamp(); v_facts := case v_name');
  v := replace(v, 'if v_facts is not null then perform',
    'insert into ledger.guard_time values ((d.kind).kind, v_name, clock_timestamp() - v_began);'
    ' if v_facts is not null then perform');
  execute v;
end $$;
grant insert on ledger.guard_time to public;
"""


def bodies(seat: Seat, opened: ExitStack) -> dict[str, Callable[[], dict[str, Any]]]:
    """A good document of each kind, a new one at every call; what it needs is posted before."""
    chain = seat.chain
    kind = card_type(chain, "personal", day_max_minor=10**9)
    cards = [active(seat, kind, member=chain.member(), principal=100_000) for _ in range(CARDS)]
    paying = itertools.cycle(cards)
    filled = active(seat, kind, member=chain.member())
    other = active(seat, kind, member=chain.member(), principal=1_000)
    uses = a_pass(chain, count=1_000, price_minor=1_000)
    for card in cards:
        seat.done(
            "pass_sale", wallet=card.wallet, grants=[give(uses, 1_000)], tenders=[cash(1_000)],
            total_minor=1_000,
        )  # fmt: skip
    terms = {
        "steps": [{"from_minor": 100, "give_minor": 1}],
        "goods": [{"product": MILK, "qty_milli": 1000}],
        "card_types": [chain.value("select code from shop.card_type where id = %s", kind)],
    }
    rule = opened.enter_context(in_force(chain, "recharge", terms, max_document_minor=1000))
    receive(seat, 10**9)
    gift = {"product": MILK, "qty_milli": 1000, "rule": rule, "version": 1}

    def sale() -> dict[str, Any]:
        card = next(paying)
        tenders, proofs = [stored(card, 1), cash(349)], [proof(card)]
        return seat.document(
            "sale", lines=[BREAD_LINE], wallet=card.wallet, tenders=tenders, proofs=proofs,
            grants=[points(3)], total_minor=350,
        )  # fmt: skip

    def back() -> dict[str, Any]:
        sold = seat.post(sale())
        lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
        return seat.document("return", of=sold["id"], reason="stale", lines=lines, total_minor=350)

    return {
        "sale": sale,
        "return": back,
        "top_up": lambda: recharge(seat, filled, 100, rule, 1, gifts=[gift]),
        "value_transfer": lambda: transfer(seat, next(paying), other, 1),
        "pass_use": lambda: use(seat, next(paying), uses),
        "card_issue": lambda: issue(seat, chain.blank(kind), FEE_DUE, holder=chain.member()),
    }


def posted(seat: Seat, make: Callable[[], dict[str, Any]]) -> float:
    """Seconds that one posting takes, seen from the client."""
    body = make()
    began = time.perf_counter()
    answer = seat.post(body)
    took = time.perf_counter() - began
    assert "refused" not in answer, answer
    return took


def by_turns(seat: Seat, make: Callable[[], dict[str, Any]], kind: str, guard: str) -> float:
    """How much longer a posting takes with the guard than without it, in seconds: a median over rounds."""
    chain, apart = seat.chain, []
    (whole,) = chain.rows("select guards from ledger.kind where kind = %s", kind)[0]
    less = [each for each in whole if each != guard]
    for _ in range(ROUNDS):
        found = []
        for guards in (whole, less):
            chain.run("update ledger.kind set guards = %s where kind = %s", guards, kind)
            found.append(statistics.median(posted(seat, make) for _ in range(POSTS)))
        apart.append(found[0] - found[1])
    chain.run("update ledger.kind set guards = %s where kind = %s", whole, kind)
    return statistics.median(apart)


def report(chain: SmallChain, seat: Seat, make: Callable[[], dict[str, Any]], kind: str) -> None:
    """Prints the kind's yardstick and a row for each guard of it."""
    for _ in range(POSTS):
        posted(seat, make)
    yardstick = statistics.median(posted(seat, make) for _ in range(POSTS * ROUNDS))
    whole = chain.value("select guards from ledger.kind where kind = %s", kind)
    mine = [guard for guard in whole if guard in GUARDS]
    apart = {guard: by_turns(seat, make, kind, guard) for guard in mine}
    was = chain.value("select pg_get_functiondef('ledger.run_guards(ledger.draft)'::regprocedure)")
    chain.run(_TIMED)
    for _ in range(POSTS * 2):
        posted(seat, make)
    chain.run(str(was))
    inside = dict(chain.rows(
        "select guard, extract(epoch from percentile_cont(0.5) within group (order by took))::float8"
        " from ledger.guard_time where kind = %s group by guard", kind,
    ))  # fmt: skip
    print(f"\n{kind}: a posting takes {yardstick * 1e3:.2f} ms, all its {len(whole)} guards"
          f" {sum(inside.values()) * 1e6:.0f} us")  # fmt: skip
    for guard in sorted(mine, key=lambda each: -inside[each]):
        share = 100 * inside[guard] / yardstick
        print(
            f"  {guard:20} {inside[guard] * 1e6:6.0f} us inside  {share:5.1f} % of it"
            f"   with - without {apart[guard] * 1e6:+6.0f} us"
        )


def main(cluster: Cluster) -> None:
    with cluster.small() as shop, ExitStack() as opened:
        chain = open_chain(shop)
        opened.enter_context(chain.policy(**NO_PIN))
        seat = chain.open_seat()
        for kind, make in bodies(seat, opened).items():
            report(chain, seat, make, kind)
