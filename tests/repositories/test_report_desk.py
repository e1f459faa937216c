"""Reports over the counter's own line: one round trip each, and given up at the server too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stock import MovesAsked, StockAsked
from huiyuan.domain.model.turnover import By, Period, TurnoverAsked
from huiyuan.repositories.report_desk import DatabaseReports
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.proxy import Proxy


def reports_of(counter: Counter) -> DatabaseReports:
    counter.seat.sign_in(staff_number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    reports = DatabaseReports(counter.read_line)
    reports.on_hand(StockAsked(most=1), asked_by="x")  # the line is there and attached
    return reports


def test_every_report_is_one_round_trip(proxy: Proxy, tmp_path: Path) -> None:
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as counter:
        reports = reports_of(counter)
        week = TurnoverAsked(Period.LAST_DAYS, by=(By.STORE, By.TENDER))
        water = facts.product_id(facts.WATER)
        asks: tuple[Callable[[], str], ...] = (
            lambda: reports.turnover(week, asked_by="王建国").scope.asked_by,
            lambda: reports.turnover(TurnoverAsked(Period.MONTH), asked_by="王建国").scope.asked_by,
            lambda: reports.on_hand(StockAsked(words="x"), asked_by="王建国").scope.asked_by,
            lambda: reports.moves(MovesAsked(water, "S01"), asked_by="王建国").scope.asked_by,
        )
        for ask in asks:
            proxy.reset_count()
            assert ask() == "王建国"
            assert proxy.count.round_trips == 1


def test_a_report_that_is_given_up_ends_at_the_server_and_the_line_goes_on(
    shop: Shop, tmp_path: Path
) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter, shop.connect() as admin:
        reports = reports_of(counter)
        ended: list[str] = []

        def look() -> None:
            try:
                reports.turnover(TurnoverAsked(), asked_by="x")
            except Refused as refused:
                ended.append(refused.code)

        waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and usename = %s"
        with admin.transaction():
            admin.execute("lock table ledger.document in access exclusive mode")  # a long report
            asking = threading.Thread(target=look)
            asking.start()
            began = time.monotonic()
            while shop.rows(waiting, facts.TILL_1) != [(1,)]:
                assert time.monotonic() - began < 2, "the report did not reach the server"
                time.sleep(0.02)
            reports.cancel()
            asking.join(2)
            assert not asking.is_alive()
            assert shop.rows(waiting, facts.TILL_1) == [(0,)]
        assert ended == ["superseded"]
        connects = counter.read_line.connects
        assert reports.turnover(TurnoverAsked(), asked_by="x").total.baskets == 0
        assert counter.read_line.connects == connects


def test_a_report_may_take_longer_than_a_scan(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        reports = reports_of(counter)
        hasty = replace(counter.read_line._settings, deadline_s=0)
        monkeypatch.setattr(counter.read_line, "_settings", hasty)
        assert reports.turnover(TurnoverAsked(), asked_by="x").total.baskets == 0
