"""What a member wants as a rule: slips as messages, from now on, or on paper again."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.members import MemberPage
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.frame import ShopScreen


@dataclass
class WishKept(Message):
    """The server has it."""

    given: bool


class SlipWish(ShopScreen[None]):
    """What the member page gains; the screen's base."""

    page: MemberPage | None

    def action_refresh(self) -> None:
        """Read the page anew; the page's own."""
        raise AssertionError(self.page)

    def action_slips(self) -> None:
        """By its name: the other way round."""
        page, outbox = self.page, self.shop.outbox
        if page is None:
            return
        id, given = page.id, not page.slips

        def work() -> bool:
            outbox.wish(id, given=given)
            return given

        ask(self, work, then=WishKept, subject=WRITE)

    @on(WishKept)
    def show_wish(self, message: WishKept) -> None:
        """And read the page anew."""
        wants = msg("Slips go to this member as messages from now on.")
        self.tell(self.say(wants if message.given else msg("Slips are on paper again.")), "good")
        self.action_refresh()
