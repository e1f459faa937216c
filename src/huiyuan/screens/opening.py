"""From a found member to the page: the one place that knows which screen shows a member."""

from __future__ import annotations

from huiyuan.domain.model.found import FoundMember
from huiyuan.screens.asking import AskingScreen


def open_member(screen: AskingScreen[None], member: FoundMember) -> None:
    """Open the page of `member` over `screen`."""
    from huiyuan.screens.member import MemberScreen

    screen.app.push_screen(MemberScreen(screen.shop, member.id))
