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
