"""Settings in memory: what is set, and who set it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huiyuan.domain.model.chain_settings import ChainSettings, Setting
from huiyuan.domain.model.errors import Refused
from tests.screens.fake_ledger import HOSTILE, NOON

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop

STORE, CHAIN = 2, 1


class FakeSettings:
    """Rows by key; the chain's unit is 1, this store's 2."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.refusing: Refused | None = None
        self.rows: dict[str, Setting] = {
            "handover_at": Setting("handover_at", ("22:00",), CHAIN, NOON, "陈经理"),
            "cash_step_minor": Setting("cash_step_minor", ("10",), None, NOON, HOSTILE),
            "cash_rounding": Setting("cash_rounding", ("nearest",)),
            "keep_change_max_minor": Setting("keep_change_max_minor", ("10000",)),
            "returns_across": Setting("returns_across", ("no",)),
            "blind_return": Setting("blind_return", ("30", "50000", "10000", "20000"), None, NOON, "李娜"),
            "holidays.2026": Setting("holidays.2026", ("01-01 元旦", "10-01 国庆节")),
            "holidays.2027": Setting("holidays.2027", ()),
            "outlet.S01": Setting("outlet.S01", ("yes",)),
            "dealer.A": Setting("dealer.A", ("金卡",)),
        }

    def read(self) -> ChainSettings:
        self.fake.travel()
        return ChainSettings(STORE, CHAIN, tuple(self.rows.values()))

    def put(self, key: str, unit: int | None, value: Sequence[str]) -> None:
        self.fake.travel()
        if self.refusing is not None:
            raise self.refusing
        if "bad" in value:
            raise Refused("malformed", {"section": "setting", "detail": "value"})
        name = "waits.1" if key == "blind_return" else key
        self.rows[name] = Setting(name, tuple(value), unit, NOON, "陈经理")
