"""A screen that puts something on paper, and says how it goes with it."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from textual import on

from huiyuan.domain.model.receipt import Receipt
from huiyuan.screens import messages
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.paper import job_news, put_slip
from huiyuan.screens.shop import Shop

R = TypeVar("R")


class FollowsPaper(ShopScreen[R]):
    """The last paper put into the queue is followed. Named behind the screen's own base."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.job: UUID | None = None

    def put_paper(self, slip: Receipt) -> None:
        """Into the printer's queue."""
        self.job = put_slip(self, self.shop, slip)

    @on(messages.SlipMoved)
    def say_moved(self, message: messages.SlipMoved) -> None:
        """Where it stands."""
        self.refresh_status()
        if message.job.id == self.job:
            text, severity = job_news(self.say, message.job, stands=False)
            self.tell(text, severity)
