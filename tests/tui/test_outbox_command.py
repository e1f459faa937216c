"""`huiyuan outbox`: what waits is listed, and sent into a folder by whoever a timer signs in as, once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.repositories.demo import DEMO_DATA_KEY
from huiyuan.repositories.sealing import seal
from tests import facts
from tests.cluster import Shop
from tests.counters import open_counter
from tests.tui.test_cli import home
from tests.tui.test_shop_commands import Command, command

__all__ = ["command", "home"]

PHONE = "13812348823"


def test_a_timer_lists_and_sends_what_waits(
    shop: Shop, home: Path, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    del home
    wallet = facts.wallet_id(facts.GOLD_CARD)
    ((member,),) = shop.rows("select member from shop.wallet where id = %s", wallet)
    sealed = seal(DEMO_DATA_KEY, PHONE, member=int(str(member)), field="phone")
    put = (
        "insert into shop.personal(member, phone) values (%s, %s)"
        " on conflict (member) do update set phone = excluded.phone"
    )
    with shop.connect() as admin:
        admin.execute(put, (member, sealed))
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        counter.start()
        counter.open_shift()
        sale = counter.sale(facts.WATER, card=facts.GOLD_CARD)
        counter.door.post(replace(sale, message="instead"))
    who = ("--database", shop.url(facts.TILL_1), "--lang", "en")
    staff = ("--staff", facts.CASHIER.number)
    listed = command("outbox", "list", *who, *staff, pin=facts.CASHIER.pin)
    assert "waiting" in listed
    assert PHONE not in listed
    assert "HUIYUAN_MESSAGE_URL" in command("outbox", "send", *who, *staff, pin=facts.CASHIER.pin, code=2)

    monkeypatch.setenv("HUIYUAN_MESSAGE_URL", f"file://{tmp_path}/out")
    assert "1 sent, 0 wait" in command("outbox", "send", *who, *staff, pin=facts.CASHIER.pin)
    assert "0 sent, 0 wait" in command("outbox", "send", *who, *staff, pin=facts.CASHIER.pin)
    (file,) = (tmp_path / "out").glob("*.json")
    told = json.loads(file.read_text("utf-8"))
    assert (told["to"], told["copy"]) == (PHONE, False)
    assert "2.00" in told["text"]
