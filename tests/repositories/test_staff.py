"""Staff: nobody hands out more than he holds, nobody edits himself, everything leaves a trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in, staff
from huiyuan.repositories.demo_data import CHAIN_UID, DemoStaff
from tests import facts
from tests.cluster import Connection, Shop
from tests.repositories.test_sign_in import signed_in

NEW_PIN = "805193"


def as_staff(shop: Shop, connection: Connection, duty: str) -> DemoStaff:
    """Sign in somebody whose only duty is `duty`, which may have been made for this test."""
    with shop.connect() as admin:
        admin.execute("update sec.staff set duty = %s where number = %s", (duty, facts.SECOND_MANAGER.number))
    signed_in(connection, facts.SECOND_MANAGER)
    return facts.SECOND_MANAGER


def rows(shop: Shop, number: str) -> list[tuple[object, ...]]:
    return shop.rows("select name, duty, units, verifier, active from sec.staff where number = %s", number)


def audited(shop: Shop) -> list[str]:
    return [
        str(what) for (what,) in shop.rows("select what from sec.audit where what like 'staff%%' order by id")
    ]


def make_duty(shop: Shop, code: str, permissions: dict[str, int | None]) -> None:
    with shop.connect() as admin:
        admin.execute("insert into sec.duty(code, name) values (%s, %s)", (code, code))
        for permission, limit in permissions.items():
            values = (code, permission, limit)
            admin.execute(
                "insert into sec.permission(duty, permission, limit_minor) values (%s, %s, %s)", values
            )


def hire(connection: Connection, *, duty: str = "cashier", **other: Any) -> None:
    given: dict[str, Any] = {"number": "1077", "name": "孙小红", "units": ("S01",), "pin": NEW_PIN} | other
    staff.add(connection, chain=CHAIN_UID, duty=duty, **given)


def test_a_new_person_can_sign_in_and_is_listed(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as manager, shop.connect(facts.TILL_2) as counter:
        signed_in(manager, facts.MANAGER)
        hire(manager)

        found = sign_in.sign_in(
            counter,
            chain=CHAIN_UID,
            attempt=uuid.uuid4(),
            staff_number="1077",
            pin=NEW_PIN,
        )
        assert (found.staff.name, found.staff.duty) == ("孙小红", "cashier")
        listed = {each.number: each for each in staff.listed(manager).staff}
        assert (listed["1077"].units, listed["1077"].active) == (("S01",), True)
        numbers = list(listed)
        page = staff.listed(manager, after=numbers[0], most=2).staff
        assert [each.number for each in page] == numbers[1:3]
    assert audited(shop) == ["staff_add"]


def each_refused(code: str | None, *attempts: Callable[[], object]) -> None:
    """Every attempt is refused with `code`; with None none is."""
    for attempt in attempts:
        if code is None:
            attempt()
        else:
            with pytest.raises(Refused, match=code):
                attempt()


NOBODY: tuple[tuple[dict[str, Any], str], ...] = (
    ({"number": "1"}, "malformed"),
    ({"number": "12ab"}, "malformed"),
    ({"number": facts.CASHIER.number}, "number_taken"),
    ({"name": " "}, "unclean_text"),
    ({"name": "a\u202eb"}, "unclean_text"),
    ({"duty": "king"}, "unknown_duty"),
    ({"units": ("S99",)}, "unknown_unit"),
    ({"units": ()}, "unknown_unit"),
    ({"pin": "1111"}, "pin_too_simple"),
)


def test_a_person_that_cannot_be_is_not_added(shop: Shop) -> None:
    before = shop.rows("select count(*) from sec.staff")
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.MANAGER)
        for other, code in NOBODY:
            with pytest.raises(Refused) as caught:
                hire(connection, **other)
            assert (other, caught.value.code) == (other, code)
    assert shop.rows("select count(*) from sec.staff") == before


@pytest.mark.parametrize("who", [facts.CASHIER, facts.SUPERVISOR, facts.STOCK_KEEPER])
def test_without_the_permission_nothing_about_staff_works(shop: Shop, who: DemoStaff) -> None:
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, who)
        target = facts.CASHIER_S01.number
        before = rows(shop, target)
        each_refused(
            "not_permitted",
            lambda: hire(connection),
            lambda: staff.give_pin(connection, chain=CHAIN_UID, number=target, pin=NEW_PIN),
            lambda: staff.give_duty(connection, number=target, duty="cashier"),
            lambda: staff.leave(connection, number=target),
            lambda: staff.listed(connection),
        )
    assert rows(shop, target) == before


@pytest.mark.parametrize(
    ("held", "wanted", "code"),
    [
        ({"staff": None, "sale": None}, {"sale": None}, None),
        ({"staff": None, "sale": None}, {"sale": 100, "staff": None}, None),
        ({"staff": None, "sale": None}, {"sale": None, "approve": None}, "above_own_duty"),
        ({"staff": None, "sale": 100}, {"sale": 101}, "above_own_duty"),
        ({"staff": None, "sale": 100}, {"sale": None}, "above_own_duty"),
    ],
)
def test_nobody_gives_a_duty_that_reaches_further_than_his_own(
    shop: Shop, held: dict[str, int | None], wanted: dict[str, int | None], code: str | None
) -> None:
    make_duty(shop, "held", held)
    make_duty(shop, "wanted", wanted)
    make_duty(shop, "nothing", {})
    with shop.connect() as admin:
        admin.execute("update sec.staff set duty = 'nothing' where number = %s", (facts.CASHIER.number,))
    with shop.connect(facts.TILL_1) as connection:
        as_staff(shop, connection, "held")
        each_refused(
            code,
            lambda: staff.give_duty(connection, number=facts.CASHIER.number, duty="wanted"),
            lambda: hire(connection, duty="wanted"),
        )
    assert (rows(shop, facts.CASHIER.number)[0][1] == "wanted") is (code is None)


def test_whoever_holds_more_cannot_be_edited_from_below(shop: Shop) -> None:
    make_duty(shop, "held", {"staff": None, "sale": None})
    with shop.connect(facts.TILL_1) as connection:
        as_staff(shop, connection, "held")
        before = rows(shop, facts.MANAGER.number)
        each_refused(
            "above_own_duty",
            lambda: staff.give_pin(connection, chain=CHAIN_UID, number=facts.MANAGER.number, pin=NEW_PIN),
            lambda: staff.give_duty(connection, number=facts.MANAGER.number, duty="held"),
            lambda: staff.leave(connection, number=facts.MANAGER.number),
        )
    assert rows(shop, facts.MANAGER.number) == before


def test_nobody_edits_himself(shop: Shop) -> None:
    number = facts.MANAGER.number
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.MANAGER)
        each_refused(
            "own_account",
            lambda: staff.give_pin(connection, chain=CHAIN_UID, number=number, pin=NEW_PIN),
            lambda: staff.give_duty(connection, number=number, duty="cashier"),
            lambda: staff.leave(connection, number=number),
        )


def test_units_stay_within_the_own_ones(shop: Shop) -> None:
    with shop.connect() as admin, shop.connect(facts.TILL_1) as connection:
        admin.execute(
            "update sec.staff set units = array[%s] where number = %s", (facts.STORE_1, facts.MANAGER.number)
        )
        signed_in(connection, facts.MANAGER)
        each_refused(
            "unknown_unit",
            lambda: hire(connection, units=("S02",)),
            lambda: hire(connection, units=("S01", "HQ")),
            lambda: staff.give_duty(
                connection, number=facts.CASHIER_S01.number, duty="cashier", units=("EAST",)
            ),
            lambda: staff.leave(connection, number=facts.CASHIER.number),  # works in the region
        )
        staff.give_duty(connection, number=facts.CASHIER_S01.number, duty="supervisor", units=("S01",))
    assert rows(shop, facts.CASHIER_S01.number)[0][1:3] == ("supervisor", [facts.STORE_1])


def test_a_new_pin_and_leaving_end_the_sessions(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as manager, shop.connect(facts.TILL_2) as counter:
        signed_in(manager, facts.MANAGER)
        signed_in(counter, facts.CASHIER)
        staff.give_pin(manager, chain=CHAIN_UID, number=facts.CASHIER.number, pin=NEW_PIN)
        with pytest.raises(Refused, match="not_signed_in"):
            sign_in.proposals(counter)
        signed_in(counter, facts.CASHIER, pin=NEW_PIN)
        staff.leave(manager, number=facts.CASHIER.number)
        with pytest.raises(Refused, match="not_signed_in"):
            sign_in.proposals(counter)
        with pytest.raises(Refused, match="wrong_pin"):
            signed_in(counter, facts.CASHIER, pin=NEW_PIN)
        with pytest.raises(Refused, match="unknown_staff"):
            staff.leave(manager, number=facts.CASHIER.number)
    assert audited(shop) == ["staff_pin", "staff_leave"]


def test_a_duty_that_changes_holds_from_the_next_call_on(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as manager, shop.connect(facts.TILL_2) as counter:
        signed_in(manager, facts.MANAGER)
        signed_in(counter, facts.SUPERVISOR)
        with pytest.raises(Refused, match="not_permitted"):
            staff.listed(counter)
        staff.give_duty(manager, number=facts.SUPERVISOR.number, duty="manager")
        assert staff.listed(counter).duties
