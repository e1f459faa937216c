"""The first day: a chain in an empty database, all of it or nothing, and it sells at once."""

from __future__ import annotations

import contextlib
import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in, staff
from huiyuan.repositories.migrate import migrate
from huiyuan.repositories.setup import FirstDay, SetupRefused, set_up
from tests.cluster import Cluster, Shop

PIN = "805193"
DAY = FirstDay(
    chain="好邻居",
    currency="CNY",
    time_zone="Asia/Shanghai",
    store_code="A01",
    store="一号店",
    manager_number="9001",
    manager="王建国",
    terminal_role="t_a01_1",
    terminal_code="1",
)


def count(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows(
        "select (select count(*) from shop.chain), (select count(*) from shop.unit),"
        " (select count(*) from sec.staff), (select count(*) from sec.permission),"
        " (select count(*) from shop.tier)"
    )


def test_the_manager_signs_in_at_the_first_terminal_and_may_everything(cluster: Cluster) -> None:
    with cluster.empty() as shop, a_login(shop):
        migrate(shop.admin_url)
        made = set_up(shop.admin_url, role_of(shop), manager_pin=PIN)
        with shop.connect(role_of(shop).terminal_role) as connection:
            told = sign_in.hello(connection)
            session = sign_in.sign_in(
                connection, chain=made.uid, attempt=uuid.uuid4(), staff_number="9001", pin=PIN
            )
            listed = staff.listed(connection)

        assert (told.chain.name, told.chain.uid, told.chain.demo) == (DAY.chain, made.uid, False)
        assert (told.store.code, told.terminal.drawer is None) == ("A01", False)
        kinds = shop.rows("select distinct permission from ledger.kind where family = 'live'")
        assert {str(kind) for (kind,) in kinds} <= set(session.permissions)
        assert {duty.code for duty in listed.duties} == {"cashier", "supervisor", "manager", "stock"}
        assert shop.rows("select what from sec.audit order by id limit 1") == [("set_up",)]


def role_of(shop: Shop) -> FirstDay:
    """The day with a login of its own, for all tests share one cluster."""
    return dataclasses.replace(DAY, terminal_role=f"t_{shop.dbname[2:]}")


@contextlib.contextmanager
def a_login(shop: Shop) -> Iterator[None]:
    """The login that a set-up makes goes with the test."""
    yield
    with shop.connect() as admin:
        admin.execute(f"drop role if exists {role_of(shop).terminal_role}".encode())


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"currency": "yuan"}, "not_usable"),
        ({"chain": " "}, "not_usable"),
        ({"store_code": "a-1"}, "not_usable"),
        ({"store_code": "HQ"}, "not_usable"),
        ({"manager_number": "x"}, "not_usable"),
        ({"time_zone": "Asia/Atlantis"}, "unknown_zone"),
        ({"terminal_role": "postgres"}, "malformed"),
        ({"terminal_code": "0"}, "malformed"),
    ],
)
def test_a_first_day_that_cannot_be_leaves_nothing(
    cluster: Cluster, other: dict[str, Any], code: str
) -> None:
    with cluster.empty() as shop:
        migrate(shop.admin_url)
        before = count(shop)
        with pytest.raises((SetupRefused, Refused)) as caught:
            set_up(shop.admin_url, dataclasses.replace(role_of(shop), **other), manager_pin=PIN)
        assert getattr(caught.value, "code", None) == code
        assert count(shop) == before


def test_a_chain_is_set_up_once(shop: Shop, cluster: Cluster) -> None:
    with pytest.raises(SetupRefused, match="already_set_up"):
        set_up(shop.admin_url, role_of(shop), manager_pin=PIN)
    with cluster.empty() as empty, pytest.raises(SetupRefused, match="not_migrated"):
        set_up(empty.admin_url, role_of(empty), manager_pin=PIN)


def test_a_simple_pin_and_a_login_that_exists_are_refused(cluster: Cluster) -> None:
    with cluster.empty() as shop, a_login(shop):
        migrate(shop.admin_url)
        with pytest.raises(Refused, match="pin_too_simple"):
            set_up(shop.admin_url, role_of(shop), manager_pin="1111")
        with shop.connect() as admin:
            admin.execute(f"create role {role_of(shop).terminal_role}".encode())
        with pytest.raises(Refused, match="role_taken"):
            set_up(shop.admin_url, role_of(shop), manager_pin=PIN)
        assert count(shop) == [(0, 0, 0, 0, 0)]
