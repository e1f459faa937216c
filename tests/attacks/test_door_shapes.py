"""Bodies of the wrong shape: misspelt keys, other types, nulls, signs and sizes. None moves anything."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from psycopg.types.json import Jsonb

from tests.card_types import pass_bodies
from tests.every_kind import OTHER_KINDS, changed, other_body, renamed, spots
from tests.lives import LIFE_BODIES, life_bodies
from tests.refusals import refuse, standing
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
    bank,
    cash,
    line,
    move,
    off,
    points,
    proof,
    stored,
    tax,
)  # fmt: skip
from tests.value_rules import generous_top_up

Body = dict[str, Any]
Kinds = tuple[str, ...]
Good = Callable[[Kinds], Iterator[tuple[str, Body]]]


def bodies(seat: Seat, chain: SmallChain, card: Card) -> dict[str, Body]:
    """One good body of every live kind that a till may post now, with every section that the kind knows."""
    fresh = chain.blank()
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    issued = chain.blank()
    seat.done(
        "card_issue", cards=[move(issued, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    gone = {
        "id": str(uuid.uuid4()), "session": seat.session, "at": "2026-11-21T10:00:00Z", "product": BREAD,
        "qty_milli": 1000, "value_minor": 350, "why": "line",
    }  # fmt: skip
    leaves = chain.card(seat, principal=5000)
    chain.give_points(seat, leaves, 40)
    row = {"wallet": leaves.wallet, "method": "cash", "amount_minor": 5000, "points": 40}
    return {
        "sale": seat.document(
            "sale", wallet=card.wallet, priced_at="2026-11-21T09:00:00Z", message="beside", age_checked=18,
            lines=[line(1, MILK, 3000, 1000, 3000, 2700)], adjustments=[off(1, "tier", 300, TIER, 1)],
            taxes=[tax("T13", 1300, 2700, 311)], proofs=[proof(card)], grants=[points(27)],
            tenders=[stored(card, 2000), cash(500, given_minor=600), bank(200)], total_minor=2700,
            sellers=[{"line": 1, "staff": chain.managers[0], "share_bp": 10_000}],
        ),
        "return": seat.document(
            "return", of=sale["id"], reason="broken", lines=[{"n": 1, "of": 1, "qty_milli": 500}],
            total_minor=175,
        ),
        "reversal": seat.document("reversal", of=sale["id"], reason="mistake", total_minor=350),
        "top_up": generous_top_up(seat, card, sale["id"]),
        "card_issue": seat.document(
            "card_issue", cards=[move(fresh, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
            tenders=[cash(1000)], total_minor=1000,
        ),
        "card_activation": seat.document("card_activation", cards=[move(issued, "issued", "active")]),
        "stock_receipt": seat.document(
            "stock_receipt", stock=[{"product": BREAD, "qty_milli": 1000, "cost_minor": 5}], total_minor=5
        ),
        "shift_close": seat.document(
            "shift_close", counted_minor=78350, total_minor=78350, reason="counted twice", removed=[gone],
            counts=[
                {"tender": "cash", "denomination_minor": value, "pieces": pieces}
                for value, pieces in ((10000, 7), (1000, 8), (100, 3), (50, 1))
            ],
        ),
        "cash_drop": seat.document("cash_drop", amount_minor=20000, total_minor=20000, reason="full"),
        "expense": seat.document("expense", amount_minor=500, total_minor=500, reason="water"),
        "no_sale": seat.document("no_sale", reason="change"),
        **pass_bodies(seat, chain, card),
        "value_transfer": seat.document(
            "value_transfer", proofs=[proof(card), proof(leaves)], total_minor=700,
            transfers=[{"wallet": card.wallet, "taker": leaves.wallet, "amount_minor": 700}],
        ),
        "settlement": seat.document(
            "settlement", settlements=[row], proofs=[proof(leaves)], reason="moves away", total_minor=5000
        ),
    }  # fmt: skip


KINDS: Final = (
    "sale", "return", "reversal", "top_up", "card_issue", "card_activation", "stock_receipt", "shift_close",
    "cash_drop", "expense", "no_sale", "value_transfer", "settlement", "pass_sale", "pass_use",
    *LIFE_BODIES,
)  # fmt: skip


EVERY: Final = (*KINDS, *(pytest.param(kind, marks=pytest.mark.soak) for kind in OTHER_KINDS))
"""In the suite the others are asked more shortly, by `test_another_kind_takes_its_body_and_no_other`."""
TOGETHER: Final = (
    pytest.param(KINDS, id="kinds"),
    *(pytest.param((kind,), marks=pytest.mark.soak, id=kind) for kind in OTHER_KINDS),
)
"""The same for what posts none of the bodies: they are made once."""


def body_of(seat: Seat, chain: SmallChain, card: Card, kind: str, until: contextlib.ExitStack) -> Body:
    """A good body of a kind."""
    if kind in OTHER_KINDS:
        return other_body(seat, card, kind, until)
    return life_bodies(seat, kind) if kind in LIFE_BODIES else bodies(seat, chain, card)[kind]


@pytest.fixture
def until() -> Iterator[contextlib.ExitStack]:
    """What a body needs for the length of a test."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def card(seat: Seat, chain: SmallChain) -> Card:
    return chain.card(seat, tier=GOLD, principal=20000)


@pytest.fixture
def good(seat: Seat, chain: SmallChain, card: Card, until: contextlib.ExitStack) -> Good:
    """A good body of each of some kinds, one after the other: for what posts none of them."""

    def each(kinds: Kinds) -> Iterator[tuple[str, Body]]:
        ours = bodies(seat, chain, card) if kinds == KINDS else {}
        yield from ((kind, ours[kind]) for kind in kinds if kind in ours)
        yield from ((kind, body_of(seat, chain, card, kind, until)) for kind in kinds if kind not in ours)

    return each


@pytest.mark.parametrize("kind", EVERY)
def test_the_bodies_of_this_file_are_accepted(
    seat: Seat, chain: SmallChain, card: Card, kind: str, until: contextlib.ExitStack
) -> None:
    """The control: one change away from each body below stands one that is posted."""
    body = body_of(seat, chain, card, kind, until)

    assert "refused" not in seat.post(body)


def test_every_kind_has_a_body_here(chain: SmallChain) -> None:
    """Whoever adds a kind adds a body."""
    live = {kind for (kind,) in chain.rows("select kind from ledger.kind where family = 'live'")}

    assert live == {*KINDS, *OTHER_KINDS}


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_another_kind_takes_its_body_and_no_other(
    seat: Seat, chain: SmallChain, card: Card, kind: str, until: contextlib.ExitStack
) -> None:
    body = body_of(seat, chain, card, kind, until)
    before = standing(chain)
    for place, (section, key) in enumerate(spots(body)):
        answer = seat.post(renamed(body, section, key))
        assert answer.get("refused") == (
            "unknown_kind" if (section, key) == (None, "kind") else "unknown_key"
        )
        if key not in _FREE_TEXT:
            value = (_WRONG + _HUGE)[place % len(_WRONG + _HUGE)]
            assert "refused" in seat.post(changed(body, section, key, value)), (section, key, value)
    assert standing(chain) == before

    assert "refused" not in seat.post(body), "the control"


@pytest.mark.parametrize("kinds", TOGETHER)
def test_a_misspelt_key_is_refused_everywhere(good: Good, seat: Seat, kinds: Kinds) -> None:
    for kind, body in good(kinds):
        before = standing(seat.chain)
        for section, key in spots(body):
            answer = seat.post(renamed(body, section, key))
            code = "unknown_kind" if key == "kind" and section is None else "unknown_key"
            assert answer.get("refused") == code, (kind, section, key, answer)
            if code == "unknown_key":
                assert answer["facts"] == {"section": section or "header", "key": key + "s"}
        assert standing(seat.chain) == before, kind


@pytest.mark.parametrize("kinds", TOGETHER)
def test_a_section_is_a_list_of_objects(good: Good, seat: Seat, kinds: Kinds) -> None:
    for kind, body in good(kinds):
        before = standing(seat.chain)
        for section in [key for key, value in body.items() if isinstance(value, list)]:
            wrong: list[Any] = [None, 1, "x", {}, True, [1], ["x"], [None], [[]], body[section][0]]
            for value in wrong:
                answer = seat.post({**body, section: value})
                assert answer.get("refused") in {"malformed", "unknown_key"}, (kind, section, value, answer)
            for extra in ({**body[section][0], "memo": 1}, {}):
                answer = seat.post({**body, section: [*body[section], extra]})
                assert answer.get("refused") in {"malformed", "unknown_key"}, (kind, section, extra, answer)
        assert standing(seat.chain) == before, kind


_WRONG: Final[list[object]] = [
    "12", "", "x", "1e3", " 7", 1.5, -1.5, True, False, [], {}, [1], {"a": 1}, "NaN", "infinity", "now",
]  # fmt: skip
_HUGE: Final[list[object]] = [
    10**15 + 1, -(10**15) - 1, 2**31, 2**63, -(2**63), 10**40, -(10**40), 10**15 + 0.5, 1e300,
]  # fmt: skip
_FREE_TEXT: Final = {"reason", "reference", "papers"}
"""Any clean text will do there; what is not clean has tests of its own."""


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("kinds", TOGETHER)
def test_a_value_of_another_type_is_refused(good: Good, seat: Seat, kinds: Kinds, every: int) -> None:
    """In the suite each place is asked with every fourth value, each with others than its neighbour."""
    for kind, body in good(kinds):
        before = standing(seat.chain)
        for place, (section, key) in enumerate(spots(body)):
            for value in (_WRONG + _HUGE)[place % every :: every]:
                if key in _FREE_TEXT and isinstance(value, str):
                    continue
                answer = seat.post(changed(body, section, key, value))
                assert "refused" in answer, (kind, section, key, value, answer)
        assert standing(seat.chain) == before, kind


_MAY_BE_NULL: Final = {
    (None, "buyer"), (None, "priced_at"), (None, "wallet"), (None, "reason"), (None, "shift"),
    (None, "message"), (None, "age_checked"), (None, "group_order"),
    ("tenders", "given_minor"), ("tenders", "reference"), ("tenders", "wallet"),
    ("stock", "cost_minor"), ("cards", "holder"),
    ("adjustments", "rule"), ("adjustments", "version"),
}  # fmt: skip


@pytest.mark.parametrize("kinds", TOGETHER)
def test_a_null_is_no_value(good: Good, seat: Seat, kinds: Kinds) -> None:
    for kind, body in good(kinds):
        before = standing(seat.chain)
        for section, key in spots(body):
            if (section, key) in _MAY_BE_NULL and not kind.startswith("card"):
                continue
            if (section, key) == ("identity", "match"):  # then the paper was seen
                continue
            if key == "reason" and kind in {"card_approval", "card_count"}:  # it may be said there
                continue
            if key == "holder" and kind == "coupon_issue":  # then it is for whoever brings it
                continue
            answer = seat.post(changed(body, section, key, None))
            assert "refused" in answer, (kind, section, key, answer)
        assert standing(seat.chain) == before, kind


@pytest.mark.parametrize("kinds", TOGETHER)
def test_a_document_without_its_sections_is_empty(good: Good, seat: Seat, kinds: Kinds) -> None:
    for kind, body in good(kinds):
        bare = {key: value for key, value in body.items() if not isinstance(value, list)}
        if bare == body or kind in {"shift_open", "shift_close"}:  # a count is one with or without its pieces
            continue
        refuse(seat, {**bare, "number": seat.number + 1}, "empty_document")
        emptied = {key: [] if isinstance(value, list) else value for key, value in body.items()}
        refuse(seat, emptied, "empty_document")


_numbers = st.one_of(
    st.integers(-(10**20), 10**20), st.integers(-5, 5), st.integers(-10, 10).map(lambda n: n * 2**31),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)  # fmt: skip


_ANOTHER_MAY_DO: Final = {
    "holder", "card", "qty_milli", "wallet", "type", "member", "application", "count", "buyer", "age_checked",
    "kept", "unit",
}  # fmt: skip
"""Another member, card, wallet or store is another document; a thousandth more or less rounds to the same
fen; an age is the till's word, and these goods ask for none."""


def hostile_amounts(
    seat: Seat, card: Card, data: st.DataObject, until: contextlib.ExitStack, kinds: tuple[str, ...]
) -> None:
    """One numeric value of one good body otherwise: refused, or the very same value."""
    kind, chain = data.draw(st.sampled_from(kinds)), seat.chain
    body = body_of(seat, chain, card, kind, until)
    places = [(s, k) for s, k in spots(body) if isinstance((body if s is None else body[s][0])[k], int)]
    section, key = data.draw(st.sampled_from(places))
    if (section, key) in {(None, "number"), ("lines", "n"), ("tenders", "given_minor")}:
        return
    value = data.draw(_numbers)
    known = (body if section is None else body[section][0])[key]
    before = standing(chain)

    answer = seat.post(changed(body, section, key, value))

    if "refused" in answer:
        assert standing(chain) == before
    else:
        less = section == "grants" and 0 < value < known
        odd = (section, key) == ("taxes", "amount_minor") and abs(value - known) <= 1
        told = section == "removed" and key != "session"  # what left a basket moves nothing: the till's word
        # Another person who works here served, or for less of it: whom a till names is its word.
        served = section == "sellers" and (key == "staff" or 0 < value <= known)
        harmless = less or odd or told or served or section == "stock" or key in _ANOTHER_MAY_DO
        assert value == known or harmless, (kind, section, key, value)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_number_of_any_size_slips_through(chain: SmallChain, data: st.DataObject) -> None:
    chain.begin_test()
    seat = chain.open_seat()
    with contextlib.ExitStack() as until:
        hostile_amounts(seat, chain.card(seat, tier=GOLD, principal=20000), data, until, KINDS)


@pytest.mark.soak
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_number_of_any_size_slips_through_for_long(chain: SmallChain, data: st.DataObject) -> None:
    chain.begin_test()
    seat = chain.open_seat()
    with contextlib.ExitStack() as until:
        card = chain.card(seat, tier=GOLD, principal=20000)
        hostile_amounts(seat, card, data, until, (*KINDS, *OTHER_KINDS))


@pytest.mark.parametrize("body", [None, 1, "x", [], [{}], True])
def test_a_body_is_an_object(seat: Seat, body: object) -> None:
    answer = seat.ask("post", str(uuid.uuid4()), 1, Jsonb(body))

    assert answer["refused"] == "malformed"


def test_id_shape_and_size_are_checked(seat: Seat, chain: SmallChain) -> None:
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    before = standing(chain)

    assert seat.ask("post", None, 1, Jsonb(body))["refused"] == "malformed"
    for shape in (0, 2, -1, None):
        answer = seat.ask("post", str(uuid.uuid4()), shape, Jsonb(body))
        assert answer == {"refused": "unknown_shape", "facts": {"shape": shape, "known": 1}}
    assert seat.post({**body, "reason": "x" * 2_000_000})["refused"] == "malformed"
    many = [{**BREAD_LINE, "n": n} for n in range(1, 1002)]
    assert seat.post({**body, "lines": many})["refused"] == "malformed"
    assert seat.post({**body, "kind": "gift"})["refused"] == "unknown_kind"
    assert standing(chain) == before
    traces = "select coalesce(max(length(facts::text)), 0) from sec.audit"
    assert seat.post({**body, "k" * 100_000: 1})["refused"] == "unknown_key"
    assert chain.value(traces) < 1000, "a probing till does not fill the audit"


@pytest.mark.parametrize("number", [0, -1, 10**9, None])
def test_a_receipt_number_is_a_small_positive_one(seat: Seat, number: int | None) -> None:
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)

    refuse(seat, {**body, "number": number}, "malformed")


def test_a_receipt_number_is_used_once(seat: Seat) -> None:
    sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    body = seat.document(
        "sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350, number=sold["number"]
    )

    refuse(seat, body, "number_used", number=sold["number"], next=sold["number"] + 1)


@pytest.mark.parametrize(
    "time",
    ["infinity", "-infinity", "now", "tomorrow", "2026-11-21", "2026-11-21T10:00:00", "21.11.2026 10:00Z"],
)
def test_a_time_says_its_zone(seat: Seat, time: str) -> None:
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)

    refuse(seat, {**body, "occurred_at": time}, "malformed", detail="occurred_at")
    refuse(seat, {**body, "priced_at": time}, "malformed", detail="priced_at")


def test_keys_of_other_kinds_are_unknown(seat: Seat) -> None:
    sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    refuse(seat, seat.document("sale", **sale, counted_minor=1), "unknown_key", key="counted_minor")
    refuse(seat, seat.document("sale", **sale, store=2), "unknown_key", key="store")
    body = seat.document("shift_close", counted_minor=50000, total_minor=50000, wallet=1)
    refuse(seat, body, "unknown_key", section="header", key="wallet")
    body = seat.document("sale", **{**sale, "lines": [{**BREAD_LINE, "of": 1}]})
    refuse(seat, body, "unknown_key", section="lines", key="of")
