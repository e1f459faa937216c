"""A basket put aside or taken over a line that breaks: there once, on one till, and sold once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.desk import DatabaseDesk
from tests import facts
from tests.cluster import Shop
from tests.counters import open_counter
from tests.faults.proxy import FaultKind, Proxy

HELD = "select count(*) from shop.held_sale"


def hold(desk: DatabaseDesk, held: uuid.UUID) -> str:
    return desk.hold(held, basket={"lines": []}, total_minor=200, line_count=1, member=None, note="red coat")


@pytest.mark.parametrize("fault", ["cut_before_answer", "cut_before_request"])
def test_whose_answer_was_lost_is_put_aside_once_and_taken_once(
    shop: Shop, proxy: Proxy, tmp_path: Path, fault: FaultKind
) -> None:
    held = uuid.uuid4()
    with open_counter(proxy.url(facts.TILL_1), tmp_path, deadline_s=3) as one:
        one.start()
        desk = DatabaseDesk(one.read_line.ask)
        desk.held_sales()
        proxy.arm(fault, match=held.bytes)
        assert hold(desk, held) == "held"
        assert [each.note for each in desk.held_sales()] == ["red coat"]
        proxy.arm(fault, match=held.bytes)
        assert desk.recall(held).id == held
        assert [each.taken_by is not None for each in desk.held_sales()] == [True]
    assert shop.rows(HELD) == [(1,)]


def test_a_till_that_died_leaves_its_basket_to_another_and_hears_what_became_of_it(
    shop: Shop, tmp_path: Path
) -> None:
    held = uuid.uuid4()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with open_counter(shop.url(facts.TILL_1), tmp_path / "one") as one:
        one.start()
        hold(DatabaseDesk(one.read_line.ask), held)
    with open_counter(shop.url(facts.TILL_2), tmp_path / "two") as two:
        two.start()
        two.open_shift()
        desk = DatabaseDesk(two.read_line.ask)
        assert desk.recall(held).id == held
        two.door.post(replace(two.sale(facts.WATER), held=held))
    with open_counter(shop.url(facts.TILL_1), tmp_path / "one") as one:
        one.start()
        desk = DatabaseDesk(one.read_line.ask)
        assert hold(desk, held) == "settled"
        with pytest.raises(Refused) as refused:
            desk.recall(held)
    assert refused.value.code == "held_gone"
    assert shop.rows("select * from ledger.verify()") == []
