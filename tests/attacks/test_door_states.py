"""Every pair of states of cards, memberships, applications and cases: it moves, or it is refused."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.lives import (
    ALLOWED,
    INVITED,
    STATES,
    accepted,
    holder,
    life,
    membership,
    replacing,
    seen,
)
from tests.refusals import refuse, standing
from tests.small_chain import FEE_DUE, Card, Seat, SmallChain, cash, move

MEMBER_STATES: Final = ("active", "frozen", "cancelled")
MEMBER_MOVES: Final = {
    "member_freeze": {("active", "frozen")},
    "member_unfreeze": {("frozen", "active")},
    "member_cancellation": {("active", "cancelled"), ("frozen", "cancelled")},
    "member_restore": {("cancelled", "active")},
}
APPLICATION_STATES: Final = ("new", "applied", "approved", "rejected", "withdrawn", "issued")
APPLICATION_MOVES: Final = {
    "card_application": {("new", "applied")},
    "card_approval": {("applied", "approved")},
    "card_rejection": {("applied", "rejected")},
    "card_withdrawal": {("applied", "withdrawn"), ("approved", "withdrawn")},
}
NOBODYS: Final = {"blank", "void"}
SEALED: Final = b"x" * 40


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat with an open shift at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


def put(chain: SmallChain, card: Card, state: str) -> None:
    """A card in a state, whatever its story."""
    wallet = None if state in NOBODYS else card.wallet
    chain.run("update shop.card set state = %s, wallet = %s where id = %s", state, wallet, card.id)


@pytest.mark.parametrize(
    ("column", "written"),
    [("card_moves", ALLOWED), ("member_moves", MEMBER_MOVES), ("application_moves", APPLICATION_MOVES)],
)
def test_no_kind_moves_what_stands_in_no_table(
    chain: SmallChain, column: str, written: dict[str, set[tuple[str, str]]]
) -> None:
    known = chain.rows(f"select kind, {column} from ledger.kind where cardinality({column}) > 0")
    assert {kind: {tuple(pair.split(">")) for pair in moves} for kind, moves in known} == written


@pytest.mark.parametrize(
    ("table", "written"),
    [("card", STATES), ("member", MEMBER_STATES), ("card_application", APPLICATION_STATES[1:])],
)
def test_the_states_tried_are_those_that_the_database_knows(
    chain: SmallChain, table: str, written: tuple[str, ...]
) -> None:
    checks = chain.rows(
        "select pg_get_constraintdef(c.oid) from pg_constraint c where c.conrelid = ('shop.' || %s)::regclass"
        " and c.contype = 'c' and pg_get_constraintdef(c.oid) like 'CHECK ((state = ANY%%'", table,
    )  # fmt: skip
    assert [sorted(re.findall(r"'(\w+)'::text", check)) for (check,) in checks] == [sorted(written)]


def card_body(desk: Seat, kind: str, card: Card, was: str, now: str) -> dict[str, Any]:
    """A body that is right in everything but the pair."""
    owner = holder(desk.chain, card)
    if kind == "card_issue":
        rows = [move(card, was, now, holder=owner)]
        if now == "replaced":  # a card that goes away owes nothing
            return desk.document(kind, cards=rows)
        return desk.document(kind, cards=rows, fees=[FEE_DUE], tenders=[cash(1000)], total_minor=1000)
    if kind == "card_replacement":
        return replacing(desk, card, card, was, cards=[move(card, was, now)])
    return life(desk, kind, card, was, now)


@pytest.mark.parametrize("kind", sorted(ALLOWED))
def test_a_card_moves_along_no_other_pair(desk: Seat, chain: SmallChain, kind: str) -> None:
    """In the state that the document names, so that nothing but the pair is wrong."""
    card = chain.card(desk)
    refused: list[object] = []
    others = [pair for pair in itertools.product(STATES, STATES) if pair not in ALLOWED[kind]]
    for was, pairs in itertools.groupby(others, key=lambda pair: pair[0]):
        put(chain, card, was)
        before = standing(chain)
        for _, now in pairs:
            answer = desk.post(card_body(desk, kind, card, was, now))
            refused.append(answer.get("refused"))
            assert answer["refused"] == "card_state", (was, now, answer)
            assert (answer["facts"]["was"], answer["facts"]["state"]) == (was, was)
        assert standing(chain) == before
    put(chain, card, "active")
    assert len(refused) == len(STATES) ** 2 - len(ALLOWED[kind])


def test_the_table_decides_and_nothing_beside_it(desk: Seat, chain: SmallChain) -> None:
    """The control: with one pair more in the kind's row the same sentence is taken."""
    card = chain.card(desk)
    body = life(desk, "card_freeze", card, "active", "expired")
    refuse(desk, body, "card_state")
    more = "update ledger.kind set card_moves = card_moves || '{active>expired}' where kind = 'card_freeze'"
    chain.run(more)
    try:
        accepted(desk, body)
    finally:
        chain.run("update ledger.kind set card_moves = '{active>frozen}' where kind = 'card_freeze'")
    assert chain.card_state(card) == "expired"


@pytest.mark.parametrize("kind", sorted(MEMBER_MOVES))
def test_every_pair_of_a_membership_moves_or_is_refused(desk: Seat, chain: SmallChain, kind: str) -> None:
    owner = chain.member()
    for state, was, now in itertools.product(MEMBER_STATES, MEMBER_STATES, MEMBER_STATES):
        chain.run("update shop.member set state = %s where id = %s", state, owner)
        body = membership(desk, kind, owner, was, now)
        if state == was and (was, now) in MEMBER_MOVES[kind]:
            accepted(desk, body)
            assert chain.value("select state from shop.member where id = %s", owner) == now
        else:
            refuse(desk, body, "member_state", member=owner, was=was, now=now, state=state)


@pytest.mark.parametrize("kind", sorted(APPLICATION_MOVES))
def test_every_pair_of_an_application_moves_or_is_refused(desk: Seat, chain: SmallChain, kind: str) -> None:
    clerk = chain.open_seat()
    owner = chain.member()
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    accepted(clerk, clerk.document("card_application", applications=[asked], identity=[seen(owner)]))
    known = chain.value("select max(id) from shop.card_application where member = %s", owner)

    def body(was: str, now: str) -> dict[str, Any]:
        row = {"application": known, "was": was, "now": now}
        more: dict[str, Any] = {"reason": "decided"} if kind in {"card_rejection", "card_withdrawal"} else {}
        if kind == "card_application":
            more = {"identity": [seen(owner)]}
        return desk.document(kind, applications=[row], **more)

    for state in APPLICATION_STATES[1:]:
        chain.run("update shop.card_application set state = %s where id = %s", state, known)
        for was, now in itertools.product(APPLICATION_STATES, APPLICATION_STATES[1:]):
            if state == was and (was, now) in APPLICATION_MOVES[kind]:
                accepted(desk, body(was, now))
                found = chain.value("select state from shop.card_application where id = %s", known)
                assert found == now
                chain.run("update shop.card_application set state = %s where id = %s", state, known)
            else:
                answer = desk.post(body(was, now))
                assert answer["refused"] == "application_wrong", (state, was, now, answer)


# An abnormal card: reported, verified, acted on, closed


Step = Callable[[Seat, uuid.UUID], dict[str, Any]]
STEPS: Final[dict[str, Step]] = {
    "check": lambda seat, case: seat.ask("card_case_step", case, "call_back", False, None),
    "act": lambda seat, case: seat.ask("card_case_step", case, None, True, None),
    "close": lambda seat, case: seat.ask("card_case_step", case, None, False, "the holder has it"),
}
TAKEN: Final[dict[str, dict[str, str | None]]] = {
    "reported": {"check": None, "act": None, "close": "check"},
    "checked": {"check": None, "act": None, "close": None},
    "acted": {"check": None, "act": None, "close": "check"},
    "checked and acted": {"check": None, "act": None, "close": None},
    "closed": {"check": "closed", "act": "closed", "close": "closed"},
}
"""What a case in a state answers to each step: None, it is taken; else why not."""


def opened(seat: Seat, card: Card, kind: str = "stolen") -> uuid.UUID:
    """A case that was reported just now."""
    case = uuid.uuid4()
    answer = seat.ask("card_case_open", case, card.id, kind, "a call of the holder", SEALED, SEALED)
    assert answer.get("case") == str(case), answer
    return case


def case_in(state: str, desk: Seat, card: Card) -> uuid.UUID:
    """A case that was brought there by its steps; the card was frozen since it was reported."""
    case = opened(desk, card)
    accepted(desk, life(desk, "card_freeze", card, "active", "frozen"))
    for step in {"closed": ("check", "act", "close")}.get(state, ("check", "act")):
        if state == "closed" or f"{step}ed" in state:
            assert "refused" not in STEPS[step](desk, case)
    return case


@pytest.mark.parametrize("state", sorted(TAKEN))
def test_every_state_of_a_case_takes_a_step_or_refuses_it(desk: Seat, chain: SmallChain, state: str) -> None:
    card = chain.card(desk)
    for step, why in TAKEN[state].items():
        case = case_in(state, desk, card)
        before = chain.rows("select c::text from shop.card_case c where id = %s", case)
        answer = STEPS[step](desk, case)
        after = chain.rows("select c::text from shop.card_case c where id = %s", case)
        if why is None:
            assert answer.get("case") == str(case), (step, answer)
            assert step == "act" or after != before
            assert (answer["closed_at"] is not None) == (step == "close")
        else:
            assert answer == {"refused": "case_refused", "facts": {"why": why}}
            assert after == before, "nothing is written"
        accepted(desk, life(desk, "card_unfreeze", card, "frozen", "active"))


def test_a_case_names_no_move_that_was_before_it(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk)
    case = opened(desk, card)
    assert STEPS["act"](desk, case) == {"refused": "case_refused", "facts": {"why": "act"}}
    assert STEPS["check"](desk, uuid.uuid4())["facts"] == {"why": "unknown"}
    assert desk.ask("card_case_step", case, "a feeling", False, None)["refused"] == "malformed"
    blank = chain.blank()
    answer = desk.ask("card_case_open", uuid.uuid4(), blank.id, "stolen", "lost on the way", SEALED, SEALED)
    assert answer["refused"] == "unknown_card"
    other = chain.card(desk)
    again = desk.ask("card_case_open", case, other.id, "stolen", "another one", SEALED, SEALED)
    assert again == {"refused": "case_refused", "facts": {"why": "known"}}
    trainee = chain.open_seat(staff=chain.person("trainee", 2))
    assert STEPS["check"](trainee, case)["refused"] == "not_permitted"
