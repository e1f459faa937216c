"""The same card, member, application or fee at two counters: once, under the door's locks, and not without.

Every race is run twice: with the locks, and (the control) with functions in the place of the door's that
take none. The counters really meet: see tests/races/meeting.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest

from tests.attacks.test_door_card_types import active, bread
from tests.card_types import a_pass, box, buy, card_type, issue, range_row, stock_keeper, use
from tests.coupons import DATED, give_out
from tests.lives import INVITED, YEARLY, aged_type, fee, holder, issued, life, membership, replacing, seen
from tests.promotions import publish
from tests.races.barrier import Outcome, overlap, race
from tests.races.meeting import meeting, somebody_came
from tests.races.test_coupon_races import with_code
from tests.races.test_promotion_races import loaf
from tests.repositories.test_post_moving import transfer
from tests.small_chain import FEE_DUE, NO_PIN, SOUTH, Card, Seat, SmallChain, cash, move

Bodies = list[tuple[dict[str, Any], str | None]]


@pytest.fixture
def two(quiet_chain: SmallChain) -> list[Seat]:
    """Two counters with open shifts, a manager at each."""
    quiet_chain.begin_test()
    managers = quiet_chain.managers
    return [quiet_chain.open_seat(staff=managers[1]), quiet_chain.open_seat(staff=managers[1])]


def told(outcomes: list[Outcome]) -> Counter[str]:
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    return Counter(each.refused or "done" for each in outcomes)


def two_replacements(seats: list[Seat], chain: SmallChain) -> Bodies:
    card = chain.card(seats[0])
    return [(replacing(seat, card, chain.blank()), None) for seat in seats]


def one_blank_card_for_two(seats: list[Seat], chain: SmallChain) -> Bodies:
    new = chain.blank()
    return [(replacing(seat, chain.card(seat), new), None) for seat in seats]


def two_merges(seats: list[Seat], chain: SmallChain, *, back: bool = False) -> Bodies:
    """One member into two others; `back`: two of them into each other."""
    cards = [chain.card(seats[0]) for _ in range(3)]
    one, other, third = (holder(chain, card) for card in cards)
    pairs = [(one, other), (other, one) if back else (one, third)]
    approver = chain.seat(staff=chain.managers[0])
    bodies: Bodies = []
    for seat, (goes, stays) in zip(seats, pairs, strict=True):
        rows = [{"member": goes, "kept": stays}]
        body = seat.document("member_merge", merges=rows, reason="one person")
        bodies.append((body, seat.approved(body, seat=approver)))
    return bodies


def last_visit_of_a_day(seats: list[Seat], chain: SmallChain) -> Bodies:
    card = chain.card(seats[0])
    rule = a_pass(chain, unlimited=True, day_max=1, price_minor=1000)
    buy(seats[0], card, rule, 1, 1000)
    return [(use(seat, card, rule), None) for seat in seats]


def last_of_a_days_limit(seats: list[Seat], chain: SmallChain) -> Bodies:
    kind = card_type(chain, "personal", day_max_minor=400)
    card = active(seats[0], kind, member=chain.member(), principal=5000)
    return [(bread(seat, card), None) for seat in seats]


def a_lock_is_lifted(seats: list[Seat], chain: SmallChain) -> Bodies:
    card = chain.card(seats[0])
    number = chain.value(
        "select encode(m.id_no_index, 'hex') from shop.member m where m.id = %s", holder(chain, card)
    )
    token = bytes.fromhex(card.token)
    assert seats[0].ask("set_card_pin", "number", token, b"o" * 32)["pin_set"]
    for _ in range(5):
        chain.run(
            "insert into sec.pin_attempt(id, document, wallet, terminal, guess, at, xid)"
            " select gen_random_uuid(), gen_random_uuid(), %s, %s, '\\x00', clock_timestamp(),"
            " pg_current_xact_id()", card.wallet, seats[0].terminal,
        )  # fmt: skip
    paper = [seen(holder(chain, card), match=number)]
    return [(life(seat, "card_pin_unlock", card, "active", "active", identity=paper), None) for seat in seats]


def a_yearly_fee(seats: list[Seat], chain: SmallChain) -> Bodies:
    aged, rule = aged_type(chain)
    card = issued(seats[0], chain.member(), aged, (fee(rule, "annual", 3000),))
    chain.run("update shop.card set issued_on = issued_on - interval '2 years' where id = %s", card.id)
    year = chain.value("select extract(year from ledger.day_here(2))::int - 1")
    row = fee(rule, "annual", 3000, card=card.id, year=year)
    parts = {"fees": [row], "tenders": [cash(3000)], "total_minor": 3000}
    return [(seat.document("annual_fee", **parts), None) for seat in seats]


def another_type(seats: list[Seat], chain: SmallChain) -> Bodies:
    card = chain.card(seats[0])
    rows = [move(card, "active", "active", type=YEARLY)]
    return [(life(seat, "card_type_change", card, "active", "active", cards=rows), None) for seat in seats]


def applied(seats: list[Seat], chain: SmallChain) -> tuple[int, int]:
    """Somebody, and the number of what was asked for."""
    clerk, owner = chain.seat(), chain.member()
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    clerk.done("card_application", applications=[asked], identity=[seen(owner)])
    return owner, chain.value("select max(id) from shop.card_application where member = %s", owner)


def approved_and_rejected(seats: list[Seat], chain: SmallChain) -> Bodies:
    _, known = applied(seats, chain)
    row = {"application": known, "was": "applied"}
    yes = seats[0].document("card_approval", applications=[{**row, "now": "approved"}])
    no = seats[1].document("card_rejection", applications=[{**row, "now": "rejected"}], reason="unclear")
    return [(yes, None), (no, None)]


def two_cards_on_one_application(seats: list[Seat], chain: SmallChain) -> Bodies:
    owner, known = applied(seats, chain)
    rows = [{"application": known, "was": "applied", "now": "approved"}]
    seats[0].done("card_approval", applications=rows)
    return [(issue(seat, chain.blank(INVITED), FEE_DUE, holder=owner), None) for seat in seats]


def a_range_handed_over(seats: list[Seat], chain: SmallChain) -> Bodies:
    first, last = box(chain, 5)
    stock_keeper(chain)
    seats[0].done("card_receive", ranges=[range_row(first, last, 5)])
    rows = [range_row(first, last, 5, unit=SOUTH)]
    return [(seat.document("card_hand_over", ranges=rows), None) for seat in seats]


def closed_while_paid_in(seats: list[Seat], chain: SmallChain) -> Bodies:
    card = chain.card(seats[0])
    pay = seats[0].document("top_up", wallet=card.wallet, tenders=[cash(500)], total_minor=500)
    return [(pay, None), (life(seats[1], "card_cancellation", card, "active", "closed"), None)]


def one_blank_card_issued(seats: list[Seat], chain: SmallChain) -> Bodies:
    blank = chain.blank()
    return [(issue(seat, blank, FEE_DUE, holder=chain.member()), None) for seat in seats]


def asked_for_twice(seats: list[Seat], chain: SmallChain) -> Bodies:
    owner = chain.member()
    row = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    parts = {"applications": [row], "identity": [seen(owner)]}
    return [(seat.document("card_application", **parts), None) for seat in seats]


def one_code(seats: list[Seat], chain: SmallChain) -> Bodies:
    rule = publish(chain, {"kind": "off", "off_minor": 100}, family="coupon", **DATED)
    (token,) = give_out(chain, seats[0], rule)
    return [(with_code(seat, rule, token), None) for seat in seats]


def a_days_limit_given_away(seats: list[Seat], chain: SmallChain) -> Bodies:
    """One counter sells for 3.50, the other gives 3.50 to another card; the card may draw 4.00 a day."""
    kind = card_type(chain, "personal", day_max_minor=400)
    card = active(seats[0], kind, member=chain.member(), principal=5000)
    other = active(seats[0], card_type(chain, "personal"), member=chain.member())
    return [(bread(seats[0], card), None), (transfer(seats[1], card, other, 350), None)]


def a_day_without_a_pin(seats: list[Seat], chain: SmallChain) -> Bodies:
    """Two transfers of 3.50; without the PIN 4.00 leave the wallet in a day."""
    giver, taker = chain.card(seats[0], principal=5000), chain.card(seats[0])
    chain.run("update shop.chain set pin_floor_minor = 400, pin_floor_day_minor = 400")
    return [(transfer(seat, giver, taker, 350), None) for seat in seats]


def a_promotion(seats: list[Seat], chain: SmallChain, **bound: Any) -> Bodies:
    """By one member with two wallets, one at each counter."""
    cards = [chain.card(seats[0]), chain.card(seats[0])]
    chain.run(
        "update shop.wallet w set member = o.member from shop.wallet o where w.id = %s and o.id = %s",
        cards[1].wallet, cards[0].wallet,
    )  # fmt: skip
    rule = publish(chain, {"kind": "amount", "off_minor": 100, **bound})
    return [(loaf(seat, rule, card), None) for seat, card in zip(seats, cards, strict=True)]


Case = tuple[Callable[[list[Seat], SmallChain], Bodies], set[str]]
ONCE: Final[dict[str, Case]] = {
    "two replacements": (two_replacements, {"card_state"}),
    "one blank card": (one_blank_card_for_two, {"card_state"}),
    "two merges": (two_merges, {"merge_refused"}),
    "two merges into each other": (partial(two_merges, back=True), {"merge_refused"}),
    "last visit of a day": (last_visit_of_a_day, {"pass_refused"}),
    "one blank card issued": (one_blank_card_issued, {"card_state"}),
    "asked for twice": (asked_for_twice, {"application_wrong"}),
    "a day's limit": (last_of_a_days_limit, {"card_limit"}),
    "a day's limit given away": (a_days_limit_given_away, {"card_limit"}),
    "a day without a PIN": (a_day_without_a_pin, {"pin_needed"}),
    "a lock lifted": (a_lock_is_lifted, {"pin_not_locked"}),
    "a yearly fee": (a_yearly_fee, {"fee_wrong"}),
    "another type": (another_type, {"type_change_wrong"}),
    "approved and rejected": (approved_and_rejected, {"application_wrong"}),
    "one application": (two_cards_on_one_application, {"application_missing"}),
    "a range": (a_range_handed_over, {"custody_refused"}),
    "one code": (one_code, {"coupon_refused"}),
    "once a day": (partial(a_promotion, day_qty_milli=1000), {"promotion_refused"}),
    "the first order": (partial(a_promotion, first_order=True), {"promotion_refused"}),
    "closed while paid in": (closed_while_paid_in, {"wallet_not_empty", "card_not_active"}),
}


def sent(seats: list[Seat], bodies: Bodies) -> list[Callable[[], Any]]:
    return [partial(seat.post, body, id) for seat, (body, id) in zip(seats, bodies, strict=True)]


@pytest.mark.parametrize("name", ONCE)
def test_at_two_counters_it_is_done_once(two: list[Seat], quiet_chain: SmallChain, name: str) -> None:
    make, refusals = ONCE[name]
    with quiet_chain.policy(**NO_PIN):
        bodies = make(two, quiet_chain)
        with meeting(quiet_chain, two, locks=True):
            outcomes = race(sent(two, bodies))
        assert overlap(outcomes) == 2
        answers = told(outcomes)
        assert answers["done"] == 1
        assert set(answers) - {"done"} <= refusals, answers

        bodies = make(two, quiet_chain)
        with meeting(quiet_chain, two, locks=False):
            control = race(sent(two, bodies))
        assert told(control) == {"done": 2}, "the control: without the locks both are told that it is theirs"


STOPS: Final = ("card_freeze", "card_lost", "member_freeze", "holder_freeze")


def stopped(chain: SmallChain, desk: Seat, kind: str) -> tuple[Card, dict[str, Any]]:
    """A card with money, and what stops it: a move of it, of its member, of whoever holds it."""
    main = active(desk, card_type(chain, "personal"), member=chain.member(), principal=5000)
    if kind in {"card_freeze", "card_lost"}:
        return main, life(desk, kind, main, "active", "lost" if kind == "card_lost" else "frozen")
    card = main
    if kind == "holder_freeze":
        card = active(desk, card_type(chain, "supplementary"), member=chain.member(), wallet=main.wallet)
    return card, membership(desk, "member_freeze", holder(chain, card), "active", "frozen")


@pytest.mark.parametrize("kind", STOPS)
def test_what_was_stopped_first_is_not_charged_after_it(
    two: list[Seat], quiet_chain: SmallChain, kind: str
) -> None:
    """The stop is under way, not yet written, when the sale comes to the door."""
    desk, till = two

    def charge(body: dict[str, Any]) -> Any:
        somebody_came(quiet_chain)
        return till.post(body)

    for locks in (True, False):
        card, stop = stopped(quiet_chain, desk, kind)
        with quiet_chain.policy(**NO_PIN), meeting(quiet_chain, two, locks=locks):
            stopping, charged = race([partial(desk.post, stop), partial(charge, bread(till, card))])
        assert stopping.refused is None
        if locks:
            assert charged.refused in {"card_not_active", "member_not_active"}
            assert quiet_chain.balances(card.wallet)["principal"] == 5000
        else:
            assert charged.refused is None, "the control: it is charged"
            assert charged.answer["posted_at"] > stopping.answer["posted_at"], "after it was stopped"
