"""Who served: per line or for everything, several with shares, kept with the basket and in the document."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.basket import Basket, restore
from huiyuan.domain.model.cart import BP, Cart, Served
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.sellers import read_served, served_text
from tests.domain.builders import product
from tests.screens.walk import walking

WANG, LI, ZHAO = Served(1, "1001", "王芳"), Served(2, "1002", "李娜"), Served(3, "1003", "赵")
PEOPLE = (WANG, LI, ZHAO)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("1001", {1: BP}), ("", {}), ("1001 1002", {1: 5000, 2: 5000}),
        ("1001:60，1002:40", {1: 6000, 2: 4000}),
        ("1001 1002 1003", {1: 3334, 2: 3333, 3: 3333}), ("1001:30%", {1: 3000}),
    ],
)  # fmt: skip
def test_shares_are_typed_or_equal_and_never_more_than_the_whole(text: str, shares: dict[int, int]) -> None:
    found = read_served(text, PEOPLE)
    assert {each.staff: each.share_bp for each in found} == shares


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9999", "seller_unknown"), ("1001:60 1002:50", "seller_shares"), ("1001:0", "seller_shares"),
        ("1001 1002:50", "seller_unclear"), ("1001 1001", "seller_unclear"), ("x", "seller_unclear"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_served(text, PEOPLE)
    assert refused.value.code == code


def test_it_comes_back_with_the_basket() -> None:
    bread = product(1, 350)
    cart = Cart().serve_all(WANG).add(bread).serve(0, *read_served("1001:60 1002:40", PEOPLE))
    again = restore(Basket.from_json(Basket.of(cart).to_json()), {1: bread}).cart
    assert again.lines[0].served == cart.lines[0].served
    assert again.served == (WANG,)
    assert served_text(again.lines[0].served) == "1001:60 1002:40"


@pytest.mark.parametrize(("lang", "label"), [("zh_CN", "售货员"), ("en", "Salesperson")])
async def test_a_line_and_then_everything_that_comes(lang: str, label: str) -> None:
    async with walking(lang=lang) as walk:
        await walk.open_sale("COLA")
        await walk.press("ctrl+y", "s")
        assert walk.shows(label, "1001 王芳")
        assert walk.fits()
        await walk.type("1001:60 1002:40")
        assert walk.shows("@1001 1002")
        await walk.type("MILK")
        await walk.press("ctrl+y", "s")
        await walk.type("*2001")
        await walk.type("RICE")
        await walk.press("f2", "enter")
        (sale,) = walk.fake.ledger.of_kind(Kind.SALE)
        assert [(each.line, each.staff, each.share_bp) for each in sale.sellers] == [
            (1, 2001, BP), (2, 2001, BP), (3, 2001, BP)
        ]  # fmt: skip


async def test_before_the_first_line_it_is_for_all_that_come() -> None:
    async with walking() as walk:
        await walk.open_sale()
        await walk.press("ctrl+y", "s")
        await walk.type("1002")
        await walk.type("COLA")
        assert walk.shows("@1002")
