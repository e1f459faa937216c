"""The pages of members who became one."""

from __future__ import annotations

from dataclasses import replace

from huiyuan.domain.model.members import MemberPage
from tests.screens.fake_shop import FakeShop
from tests.screens.test_members import open_member
from tests.screens.walk import walking


async def test_a_member_who_was_merged_names_the_one_who_stayed() -> None:
    async with walking() as walk:
        pages = walk.fake.members.pages
        for key, page in pages.items():
            pages[key] = replace(page, archived=True, merged_into="M0009")
        await open_member(walk)
        assert walk.shows("已并入会员 M0009")


async def test_an_empty_wallet_that_was_merged_is_not_listed_and_the_letters_stay_in_sight() -> None:
    fake = FakeShop()
    whole = fake.members.page

    def page(member: int) -> MemberPage:
        found = whole(member)
        merged = [replace(each, id=each.id + 900, wallet=99, balance=0) for each in found.accounts]
        return replace(found, accounts=(*found.accounts, *merged))

    fake.members.page = page  # type: ignore[method-assign]
    async with walking(fake, "en") as walk:
        fake.open_shift()
        await open_member(walk)
        await walk.press("escape")
        assert walk.text.count("Principal") == 1
        assert walk.shows("F2", "F7", "^G", "Esc", "^Y", "Letters"), "more keys than two rows hold"


async def test_the_balances_of_several_wallets_each_name_a_card_that_opens_them() -> None:
    fake = FakeShop()
    whole = fake.members.page

    def page(member: int) -> MemberPage:
        found = whole(member)
        other = replace(found.cards[0], number="88000223", wallet=99)
        more = [replace(each, id=each.id + 900, wallet=99, balance=77_00) for each in found.accounts]
        return replace(found, accounts=(*found.accounts, *more), cards=(*found.cards, other))

    async with walking(fake, "en") as walk:
        await open_member(walk)
        await walk.press("escape")
        (row,) = [row for row in walk.text.splitlines() if "Principal" in row]
        assert "8800" not in row, "the control: one wallet needs no name"
        fake.members.page = page  # type: ignore[method-assign]
        await walk.press("escape", "f7", "escape")
        (row,) = [row for row in walk.text.splitlines() if "Principal" in row and "88000223" in row]
        assert "77.00" in row
