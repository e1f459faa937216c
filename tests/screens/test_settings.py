"""Settings as one table: what holds, since when, by whom; changed by one form, for store or chain."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.chain_settings import KNOWN, Form, read_setting
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.commands.keymap import key_faults, store_keymap
from huiyuan.screens.settings import NAMES, SettingsScreen
from tests.screens.fake_settings import CHAIN, STORE
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def open_settings(walk: Walk) -> SettingsScreen:
    await walk.sign_in("2001")
    await walk.press("ctrl+y", "0")
    screen = walk.app.screen
    assert isinstance(screen, SettingsScreen)
    return screen


async def mark(walk: Walk, key: str) -> None:
    """Down to the row of `key`."""
    screen = walk.app.screen
    assert isinstance(screen, SettingsScreen)
    await walk.press(*["down"] * [each.key for each in screen.rows].index(key))


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh_CN", ["交班时间", "22:00", "全公司", "陈经理", "默认", "30 500.00 100.00 200.00"]),
        ("en", ["Shift handover at", "22:00", "whole chain", "usual", "Without a receipt"]),
    ],
)
async def test_one_table_says_what_holds_since_when_and_by_whom(lang: str, parts: list[str]) -> None:
    async with walking(lang=lang) as walk:
        await open_settings(walk)
        assert walk.shows(*parts)
        assert walk.fits()


async def test_a_cashier_does_not_see_them() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("ctrl+y", "0")
        assert walk.name != "SettingsScreen"


async def test_a_setting_of_this_store_is_typed_and_chosen() -> None:
    async with walking() as walk:
        await open_settings(walk)
        await mark(walk, "variance_free_minor")
        await walk.press("enter")
        assert walk.shows("例如：5.00")
        await walk.type("five")
        assert walk.shows("请这样输入：5.00")
        await walk.press(*["backspace"] * 4)
        await walk.type("5")
        await walk.press("1")
        row = walk.fake.settings.rows["variance_free_minor"]
        assert (row.value, row.unit) == (("500",), STORE)
        assert walk.shows("已设置", "本店", "5.00")


async def test_what_only_the_chain_has_asks_for_no_scope() -> None:
    async with walking() as walk:
        await open_settings(walk)
        await mark(walk, "returns_across")
        await walk.press("enter", "1")
        assert walk.fake.settings.rows["returns_across"].value == ("yes",)
        assert walk.shows("是")


async def test_the_rule_without_a_receipt_waits_for_another_person() -> None:
    async with walking() as walk:
        await open_settings(walk)
        await mark(walk, "blind_return")
        await walk.press("enter")
        assert walk.name == "BlindRuleForm"
        assert walk.fits()
        for part in ("14", "300", "50", "0"):
            await walk.press(*["backspace"] * 10)
            await walk.type(part)
        assert walk.fake.settings.rows["waits.1"].value == ("14", "30000", "5000", "0")
        assert walk.shows("须另一人", "待批：无票退货")
        await walk.press(*["up"] * 30)
        await mark(walk, "waits.1")
        await walk.press("enter")
        assert walk.shows("回看天数 14", "¥300.00", "¥50.00")
        assert walk.fits()


async def test_holidays_of_a_year_and_a_dealer_level() -> None:
    async with walking() as walk:
        await open_settings(walk)
        await mark(walk, "holidays.2027")
        await walk.press("enter")
        assert walk.name == "HolidaysForm"
        for typed in ("2-6 春节", "01-01 New Year", "01-01 元旦", "13-01 x", "05-01 劳动节"):
            if typed == "05-01 劳动节":
                assert walk.shows("请这样输入")
                await walk.press(*["backspace"] * 10)
            await walk.type(typed)
        assert walk.fits()
        await walk.press("f4", "f2")
        assert walk.fake.settings.rows["holidays.2027"].value == ("01-01 元旦", "02-06 春节")
        await walk.press("f2")
        await walk.type("B 二级")
        assert walk.fake.settings.rows["dealer.B"].value == ("二级",)


@pytest.mark.parametrize(
    ("key", "form", "typed", "last", "kept"),
    [
        ("blind_return", "BlindRuleForm", ("14", "300", "50", "0"), "enter", "300"),
        ("holidays.2027", "HolidaysForm", ("02-30 春节",), "f2", "02-30"),
    ],
)
async def test_what_the_server_refuses_stays_on_the_form_as_it_was_typed(
    key: str, form: str, typed: tuple[str, ...], last: str, kept: str
) -> None:
    async with walking() as walk:
        settings = walk.fake.settings
        settings.refusing = Refused("setting_unclear", {"example": "10-01"})
        await open_settings(walk)
        await mark(walk, key)
        await walk.press("enter")
        for part in typed:
            await walk.press(*["backspace"] * 10)
            await walk.type(part)
        if form == "HolidaysForm":
            await walk.press(last)
        assert walk.name == form
        assert walk.shows("请这样输入", kept)
        settings.refusing = None
        await walk.press(last)
        assert walk.name == "SettingsScreen"
        assert settings.rows["waits.1" if key == "blind_return" else key].value


async def test_keys_that_nobody_has_are_refused_before_anything_is_sent() -> None:
    async with walking() as walk:
        await open_settings(walk)
        await mark(walk, "function_keys")
        await walk.press("enter")
        await walk.type("sale.nothing=f9")
        assert walk.shows("请这样输入")
        assert "function_keys" not in walk.fake.settings.rows


async def test_goods_behind_a_key_and_commands_on_the_stores_own_keys() -> None:
    fake = FakeShop()
    fake.function_keys = ("sale.quick=f9",)
    async with walking(fake) as walk:
        await walk.open_sale()
        assert walk.shows("F9 ", "快捷商品")
        await walk.press("f9")
        assert walk.shows("纯牛奶", "9999")
        await walk.press("m")
        assert walk.shows("12.90")
        await walk.press("ctrl+y", "c")  # clear lost its key and is still there
        assert walk.shows("清空")


@pytest.mark.parametrize("wanted", [{"sale.hold": "f9"}, {"sale.hold": "f9", "sale.quick": "f5"}, {}])
def test_a_store_s_keys_leave_no_command_without_a_way(wanted: dict[str, str]) -> None:
    keys = store_keymap(wanted)
    assert list(key_faults(keys)) == []
    assert {name: keys[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    "wanted", [{"sale.hold": "f10"}, {"sale.hold": "f9", "sale.quick": "f9"}, {"no.thing": "f9"}]
)
def test_keys_that_cannot_be(wanted: dict[str, str]) -> None:
    assert list(key_faults(store_keymap(wanted)))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("handover_at", "25:00"), ("auto_lock_minutes", "ten"), ("blind_return", "30 5"),
        ("offline_hours", "-1"), ("variance_free_minor", "1e3"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_an_example(key: str, text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_setting(KNOWN[key], text, 2)
    assert refused.value.facts["example"] == KNOWN[key].example


def test_every_setting_has_a_name_and_its_own_example_is_readable() -> None:
    assert set(NAMES) == set(KNOWN)
    for known in KNOWN.values():
        if known.form is not Form.CHOICE:
            assert read_setting(known, known.example, 2)
    assert CHAIN != STORE


async def test_quick_goods_are_parted_by_spaces_too_and_stand_for_goods_that_are_sold() -> None:
    async with walking(lang="en") as walk:
        await open_settings(walk)
        await mark(walk, "quick_keys")
        await walk.press("enter")
        await walk.type("t=TEA c=NOTHING-1")
        assert walk.shows("Nothing is sold here under NOTHING-1.")
        await walk.press(*["backspace"] * len("NOTHING-1"))
        await walk.type("COLA")
        await walk.press("1")
        assert walk.shows("t=TEA, c=COLA")
    assert read_setting(KNOWN["quick_keys"], "t=TEA c=COLA，w=RICE", 2) == ("t=TEA", "c=COLA", "w=RICE")
