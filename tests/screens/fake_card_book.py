"""The card desk of the fake shop: types and passes in memory."""

from __future__ import annotations

from huiyuan.domain.model.promotion_desk import Campaign, Desk, Terms
from tests.screens.fake_ledger import HOSTILE, NOON


class FakeCardBook:
    """Fills the port; whoever asks is the person `me`."""

    def __init__(self) -> None:
        gift = {"type": "gift", "who": "bearer", "functions": ["stored"], "sale_max_minor": 5000}
        uses = {"count": 10, "price_minor": 30000}
        self.campaigns = {
            "card_type": [
                Campaign(HOSTILE, Terms({"body": gift}), "王芳", proposal=7),
                Campaign("礼品卡", Terms({"body": gift}), "王芳", 1, 1, NOON, None, "陈经理"),
            ],
            "pass": [Campaign("洗车十次", Terms({"body": uses}), "王芳", 2, 1, NOON, None, "陈经理")],
        }

    def rules(self, family: str) -> Desk:
        return Desk(NOON, tuple(self.campaigns[family]), (), (0, ""))
