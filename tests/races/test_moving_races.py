"""Value between the same wallets at many tills: both ways at once, two merges, a merge beside a sale."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from tests.races.barrier import Outcome, overlap, race
from tests.small_chain import NO_PIN, PENNY, Card, Seat, SmallChain, line, proof, stored
from tests.value_rules import in_force, months_ahead, recharge


def transfer(seat: Seat, giver: Card, taker: Card, amount: int) -> dict[str, Any]:
    row = {"wallet": giver.wallet, "taker": taker.wallet, "amount_minor": amount}
    proofs = [proof(giver), proof(taker)]
    return seat.document("value_transfer", transfers=[row], proofs=proofs, total_minor=amount)


def told(outcomes: list[Outcome]) -> Counter[str | None]:
    """How often each answer came; nobody had to send anything again."""
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    return Counter(each.refused for each in outcomes)


def whole(chain: SmallChain) -> None:
    assert chain.rows("select * from ledger.verify()") == []


def test_value_goes_both_ways_at_once(chain: SmallChain) -> None:
    seats = [chain.seat() for _ in range(12)]
    first = chain.open_seat()
    one, other = chain.card(first, principal=5000), chain.card(first, principal=5000)
    ways = [(one, other), (other, one)] * 6
    bodies = [transfer(seat, *way, 300) for seat, way in zip(seats, ways, strict=True)]

    outcomes = race([partial(seat.post, body) for seat, body in zip(seats, bodies, strict=True)])

    assert overlap(outcomes) > 1
    assert told(outcomes) == {None: 12}
    assert [sum(chain.lots(card.wallet, "principal")) for card in (one, other)] == [5000, 5000]
    whole(chain)


def test_a_wallet_gives_no_more_than_it_holds(chain: SmallChain) -> None:
    """The control: half of it leaves room for all."""
    seats, first = [chain.seat() for _ in range(8)], chain.open_seat()
    for amount, expected in ((300, {None: 2, "insufficient": 6}), (80, {None: 8})):
        giver, taker = chain.card(first, principal=700), chain.card(first)
        bodies = [transfer(seat, giver, taker, amount) for seat in seats]
        outcomes = race([partial(seat.post, body) for seat, body in zip(seats, bodies, strict=True)])
        assert overlap(outcomes) > 1
        assert told(outcomes) == expected
        held = [sum(chain.lots(card.wallet, "principal")) for card in (giver, taker)]
        assert held == [700 - amount * expected[None], amount * expected[None]]
    whole(chain)


def merges(chain: SmallChain, seats: list[Seat], pairs: list[tuple[Card, Card]]) -> list[Outcome]:
    """Each seat merges its pair, approved before."""
    asked = "select member from shop.wallet where id = %s"
    approver = chain.seat(staff=chain.managers[0])
    work = []
    for seat, pair in zip(seats, pairs, strict=True):
        old, new = (chain.value(asked, card.wallet) for card in pair)
        body = seat.document("member_merge", merges=[{"member": old, "kept": new}], reason="one person")
        work.append(partial(seat.post, body, seat.approved(body, seat=approver)))
    return race(work)


def test_two_merges_of_the_same_members_are_one(chain: SmallChain) -> None:
    """In either direction, or into two others; the control: members of their own are all merged."""
    seats, first = [chain.seat() for _ in range(4)], chain.open_seat()
    for _ in range(3):
        a, b, c = (chain.card(first, principal=100) for _ in range(3))
        outcomes = merges(chain, seats, [(a, b), (b, a), (a, c), (a, b)])
        assert overlap(outcomes) > 1
        answers = told(outcomes)
        assert answers[None] + answers["merge_refused"] == 4
        assert answers[None] in {1, 2}, "at most one that takes a away, and one of b"
        cards = (a, b, c)
        assert sum(chain.balances(card.wallet)["principal"] for card in cards) == 300
    own = [(chain.card(first, principal=100), chain.card(first)) for _ in seats]
    assert told(merges(chain, seats, own)) == {None: 4}
    whole(chain)


def test_a_sale_beside_a_merge_pays_once_or_not_at_all(chain: SmallChain) -> None:
    tills, desk = [chain.open_seat() for _ in range(4)], chain.seat()
    seen: Counter[str | None] = Counter()
    for _ in range(4):
        goes, stays = chain.card(tills[0], principal=1000), chain.card(tills[0], principal=100)
        asked = "select member from shop.wallet where id = %s"
        old, new = (chain.value(asked, card.wallet) for card in (goes, stays))
        body = desk.document("member_merge", merges=[{"member": old, "kept": new}], reason="one person")
        approved = desk.approved(body)
        sales = [
            till.document(
                "sale", lines=[line(1, PENNY, 100_000, 1, 100)], tenders=[stored(goes, 100)],
                proofs=[proof(goes)], total_minor=100,
            )
            for till in tills
        ]  # fmt: skip
        with chain.policy(**NO_PIN):
            outcomes = race([
                partial(desk.post, body, approved),
                *(partial(till.post, sale) for till, sale in zip(tills, sales, strict=True)),
            ])  # fmt: skip
        answers = told(outcomes)
        assert outcomes[0].refused is None
        seen += answers
        assert set(answers) <= {None, "card_not_presented", "wallet_merged", "insufficient"}
        assert chain.balances(goes.wallet)["principal"] == 0
        assert chain.balances(stays.wallet)["principal"] == 1100 - 100 * (answers[None] - 1)
    whole(chain)


def test_a_part_of_a_bonus_is_released_once_at_eight_tills(chain: SmallChain) -> None:
    """The control: eight parts of eight promises."""
    seats, first = [chain.seat() for _ in range(8)], chain.open_seat()
    terms = {"steps": [{"from_minor": 1000, "give_minor": 100}], "months": 2}
    with in_force(chain, "recharge", terms) as rule:
        cards = [chain.card(first) for _ in range(9)]
        plans = [first.post(recharge(first, card, 1000, rule, 50))["id"] for card in cards]
    with months_ahead(chain, 1):
        for wanted, expected in (([plans[0]] * 8, {None: 1, "release_refused": 7}), (plans[1:], {None: 8})):
            bodies = [
                seat.document(
                    "bonus_release", releases=[{"plan": plan, "part": 1, "amount_minor": 50}], total_minor=50
                )
                for seat, plan in zip(seats, wanted, strict=True)
            ]
            outcomes = race([partial(seat.post, body) for seat, body in zip(seats, bodies, strict=True)])
            assert overlap(outcomes) > 1
            assert told(outcomes) == expected
    assert [chain.balances(card.wallet)["bonus"] for card in cards] == [100] * 9
