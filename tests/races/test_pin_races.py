"""One PIN that several want to make another at the same moment, at one till and at many, with controls."""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pytest

from tests.lives import holder, life, seen
from tests.races.barrier import Outcome, overlap, race
from tests.races.meeting import leave, met
from tests.small_chain import Card, Seat, SmallChain

OLD: Final = b"o" * 32
KEYS: Final = [bytes([65 + n]) * 32 for n in range(4)]
LOCK: Final = "for no key update;"
WRITE: Final = "return sec.write_card_pin("


def told(outcomes: list[Outcome]) -> Counter[str]:
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    return Counter(each.refused or "done" for each in outcomes)


@contextlib.contextmanager
def dawdling(chain: SmallChain, name: str, seats: list[Seat], *, lock: bool) -> Iterator[None]:
    """The seats meet between looking and writing; without `lock` none is taken before they look."""
    query = "select pg_get_functiondef(p.oid) from pg_proc p where p.oid = to_regproc(%s)"
    whole = chain.value(query, name)
    assert (whole.count(LOCK), whole.count(WRITE)) == (1, 1)
    slow = whole.replace(LOCK, LOCK if lock else ";").replace(WRITE, f"{met(len(seats))} {WRITE}")
    chain.admin.execute(slow.encode())
    try:
        yield
    finally:
        chain.admin.execute(whole.encode())
        leave(seats)


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


@pytest.fixture
def elbows(chain: SmallChain, desk: Seat) -> Iterator[list[Seat]]:
    """Four connections of this one till: only there a PIN that was given up is chosen anew."""
    seats = []
    with contextlib.ExitStack() as open_ones:
        for _ in KEYS:
            line = open_ones.enter_context(chain.shop.connect(desk.role))
            seats.append(Seat(chain, line, desk.role, desk.terminal, desk.store, desk.drawer))
            seats[-1].sign_in(chain.managers[1])
        yield seats


def set_pin(seat: Seat, card: Card, key: bytes) -> Callable[[], Any]:
    return partial(seat.ask, "set_card_pin", "number", bytes.fromhex(card.token), key)


def given_up(desk: Seat, card: Card) -> None:
    """The PIN of the card is reset for the holder, whose paper matches the file."""
    chain = desk.chain
    number = chain.value(
        "select encode(m.id_no_index, 'hex') from shop.card c join shop.member m on m.id = c.holder"
        " where c.id = %s", card.id,
    )  # fmt: skip
    paper = [seen(holder(chain, card), match=number)]
    answer = desk.post(life(desk, "card_pin_reset", card, "active", "active", identity=paper))
    assert "refused" not in answer, answer


def with_pin(desk: Seat) -> Card:
    card = desk.chain.card(desk, principal=100)
    assert set_pin(desk, card, OLD)()["pin_set"] is True
    return card


def opens(chain: SmallChain, card: Card, key: bytes) -> bool:
    """Whether it is the PIN of this card's wallet."""
    query = "select pin_verifier = sec.verifier(%s) from shop.wallet where id = %s"
    return bool(chain.value(query, key, card.wallet))


def test_two_new_pins_after_one_reset_are_one(chain: SmallChain, desk: Seat, elbows: list[Seat]) -> None:
    card = with_pin(desk)
    given_up(desk, card)
    with dawdling(chain, "api.set_card_pin", elbows, lock=True):
        outcomes = race([set_pin(seat, card, key) for seat, key in zip(elbows, KEYS, strict=True)])
    assert overlap(outcomes) == 4
    assert told(outcomes) == {"done": 1, "pin_set": 3}
    right = [key for key, each in zip(KEYS, outcomes, strict=True) if each.refused is None]
    assert opens(chain, card, right[0])
    assert not opens(chain, card, OLD)
    audit = "select count(*) from sec.audit where what = 'card_pin_reset' and facts->>'wallet' = %s"
    assert chain.value(audit, str(card.wallet)) == 1

    given_up(desk, card)
    with dawdling(chain, "api.set_card_pin", elbows, lock=False):
        outcomes = race([set_pin(seat, card, key) for seat, key in zip(elbows, KEYS, strict=True)])
    assert told(outcomes) == {"done": 4}, "the control: without the lock each is told that theirs holds"


def test_two_first_pins_of_a_card_are_one(chain: SmallChain, desk: Seat, elbows: list[Seat]) -> None:
    others = [chain.open_seat(staff=chain.managers[0]) for _ in KEYS]
    for lock in (True, False):
        card = chain.card(desk)
        with dawdling(chain, "api.set_card_pin", others, lock=lock):
            outcomes = race([set_pin(seat, card, key) for seat, key in zip(others, KEYS, strict=True)])
        assert overlap(outcomes) == 4
        if lock:
            assert told(outcomes) == {"done": 1, "pin_set": 3}
        else:
            assert told(outcomes) == {"done": 4}, "the control: without the lock each has set the first one"


def changing(seat: Seat, card: Card, key: bytes) -> Callable[[], Any]:
    """The old PIN was typed and its guess committed; what is left is the new one."""
    attempt = uuid.uuid4()
    assert "refused" not in seat.ask("pin_begin", attempt, attempt, card.wallet, OLD)
    return partial(seat.ask, "change_card_pin", attempt, "number", bytes.fromhex(card.token), key)


def test_an_old_pin_is_changed_once_at_four_tills(chain: SmallChain, desk: Seat) -> None:
    """Each of them typed the old one rightly; it is right for the first of them alone."""
    tills = [chain.open_seat(staff=chain.managers[0]) for _ in KEYS]
    for lock in (True, False):
        card = with_pin(desk)
        bodies = [changing(till, card, key) for till, key in zip(tills, KEYS, strict=True)]
        with dawdling(chain, "api.change_card_pin", tills, lock=lock):
            outcomes = race(bodies)
        assert overlap(outcomes) == 4
        answers = told(outcomes)
        if lock:
            assert answers == {"done": 1, "pin_needed": 3}
            right = [key for key, each in zip(KEYS, outcomes, strict=True) if each.refused is None]
            assert opens(chain, card, right[0])
        else:
            assert answers == {"done": 4}, "the control: without the lock each is told that theirs holds"


def test_a_new_pin_beside_a_changed_one(chain: SmallChain, desk: Seat, elbows: list[Seat]) -> None:
    """The holder has it reset here and changes it there: one of both holds, and whoever chose it is told."""
    seats = [elbows[0], chain.open_seat(staff=chain.managers[0])]
    for lock in (True, True, False):
        card = with_pin(desk)
        given_up(desk, card)
        both = [set_pin(seats[0], card, KEYS[0]), changing(seats[1], card, KEYS[1])]
        with (
            dawdling(chain, "api.set_card_pin", seats, lock=lock),
            dawdling(chain, "api.change_card_pin", seats, lock=lock),
        ):
            outcomes = race(both)
        assert overlap(outcomes) == 2
        answers = [each.refused for each in outcomes]
        if lock:
            assert answers in ([None, "pin_needed"], ["pin_set", None]), answers
            assert opens(chain, card, KEYS[0] if answers[0] is None else KEYS[1])
        else:
            assert answers == [None, None], "the control: without the lock both are told that theirs holds"
    assert chain.rows("select * from ledger.verify()") == []


def test_a_lock_is_lifted_once(chain: SmallChain, desk: Seat) -> None:
    """Two desks unlock the same PIN: guesses that were wrong since then count."""
    other, card = chain.open_seat(staff=chain.managers[0]), with_pin(desk)
    paper = [seen(holder(chain, card))]
    for _ in range(5):
        desk.ask("pin_begin", uuid.uuid4(), uuid.uuid4(), card.wallet, KEYS[0])
    assert desk.ask("pin_begin", uuid.uuid4(), uuid.uuid4(), card.wallet, OLD)["refused"] == "pin_locked"
    bodies = [
        life(seat, "card_pin_unlock", card, "active", "active", identity=paper) for seat in (desk, other)
    ]
    approver = chain.seat(staff=chain.person("manager", 1))
    signed = [
        partial(seat.post, body, seat.approved(body, seat=approver))
        for seat, body in zip((desk, other), bodies, strict=True)
    ]
    outcomes = race(signed)
    assert told(outcomes) == {"done": 1, "pin_not_locked": 1}
    assert "refused" not in desk.ask("pin_begin", uuid.uuid4(), uuid.uuid4(), card.wallet, OLD)
