"""Settings at the server: one list, one way to change a row, judged and audited by the calls behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest

from huiyuan.domain.model.chain_settings import ChainSettings, Setting
from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in
from huiyuan.repositories.chain_settings import DatabaseSettings
from huiyuan.repositories.demo_data import CHAIN_UID, DemoStaff
from tests import facts
from tests.cluster import Connection, Shop


def ask_over(connection: Connection) -> Callable[[str, Sequence[object]], Any]:
    def ask(statement: str, values: Sequence[object]) -> Any:
        row = connection.execute(statement.encode(), values).fetchone()
        return None if row is None else row[0]

    return ask


def settings_of(connection: Connection, person: DemoStaff) -> DatabaseSettings:
    sign_in.sign_in(connection, chain=CHAIN_UID, attempt=uuid4(), staff_number=person.number, pin=person.pin)
    return DatabaseSettings(ask_over(connection))


def row(found: ChainSettings, key: str) -> Setting:
    return next(each for each in found.rows if each.key == key)


def test_every_kind_of_row_is_set_read_back_and_says_by_whom(shop: Shop) -> None:
    wanted = {
        "handover_at": ("21:30",), "quick_keys": ("m=MILK-1L", "y=YOG-01"),
        "function_keys": ("sale.hold=f9",), "scale_codes": ("20IIIIIWWWWWC",),
        "cash_step_minor": ("10",), "cash_rounding": ("down",),
        "keep_change_max_minor": ("5000",), "returns_across": ("yes",), "dealer.whole": ("批发",),
        "outlet.S02": ("no",),
        "holidays.2031": ("01-01 元旦", "10-01 国庆节"),
    }  # fmt: skip
    with shop.connect(facts.TILL_1) as connection:
        settings = settings_of(connection, facts.MANAGER)
        store = settings.read().store
        for key, value in wanted.items():
            settings.put(key, store, value)
        found = settings.read()
        hello = sign_in.hello(connection)

    assert {key: row(found, key).value for key in wanted} == wanted
    assert {row(found, key).by for key in wanted} == {facts.MANAGER.name}
    assert all(row(found, key).at for key in wanted)
    assert (hello.handover_at, hello.quick_keys, hello.function_keys) == (
        "21:30", wanted["quick_keys"], wanted["function_keys"]
    )  # fmt: skip


def test_the_store_s_own_goes_before_the_chain_s(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        settings = settings_of(connection, facts.MANAGER)
        first = settings.read()
        settings.put("auto_lock_minutes", first.chain, ("30",))
        above = row(settings.read(), "auto_lock_minutes")
        settings.put("auto_lock_minutes", first.store, ("5",))
        own = row(settings.read(), "auto_lock_minutes")

    assert (above.unit, above.value) == (first.chain, ("30",))
    assert (own.unit, own.value) == (first.store, ("5",))


def test_without_a_receipt_needs_two_people(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        settings = settings_of(connection, facts.MANAGER)
        settings.put("blind_return", None, ("14", "30000", "5000", "0"))
        waits = next(each for each in settings.read().rows if each.key.startswith("waits."))
        number = int(waits.key.partition(".")[2])
        ask = ask_over(connection)
        assert ask("select api.rule_approve(%s::bigint)", (number,))["refused"] == "own_proposal"
        assert "blind_return" not in {each.key for each in settings.read().rows}
        settings_of(connection, facts.SECOND_MANAGER)
        ask("select api.rule_approve(%s::bigint)", (number,))
        found = settings.read()

    assert waits.value == ("14", "30000", "5000", "0")
    assert row(found, "blind_return").value == ("14", "30000", "5000", "0")
    assert [each for each in found.rows if each.key.startswith("waits.")] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("handover_at", ["25:00"]), ("quick_keys", ["mm=X"]), ("function_keys", ["sale.hold=f10"]),
        ("function_keys", ["drop table=f9"]), ("cash_step_minor", ["3"]), ("cash_step_minor", ["x"]),
        ("returns_across", ["maybe"]), ("holidays.2031", ["13-40 x"]), ("holidays.20311", ["01-01 x"]),
        ("blind_return", ["1", "2"]), ("blind_return", ["0", "1", "1", "1"]), ("no_such", ["1"]),
        ("quick_keys", ["a=1"] * 13), ("slip_header", ["\u202eevil"]), ("cash_rounding", []),
    ],
)  # fmt: skip
def test_what_means_nothing_changes_nothing(shop: Shop, key: str, value: list[str]) -> None:
    with shop.connect(facts.TILL_1) as connection:
        settings = settings_of(connection, facts.MANAGER)
        before = settings.read()
        with pytest.raises(Refused) as refused:
            settings.put(key, before.store, value)
        assert settings.read() == before
    assert refused.value.code in {"malformed", "unknown_key", "unclean_text"}


def test_whoever_may_not_neither_reads_nor_sets(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        settings = settings_of(connection, facts.CASHIER)
        for ask in (settings.read, lambda: settings.put("handover_at", 1, ("22:00",))):
            with pytest.raises(Refused) as refused:
                ask()
            assert refused.value.code == "not_permitted"
