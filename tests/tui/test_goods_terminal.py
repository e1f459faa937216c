"""Scanning in the running program over a line that counts: no round trip for what is known on its disk."""

from __future__ import annotations

import time
from pathlib import Path

from huiyuan.repositories.counter.catalogue_file import CATALOGUE_FILE
from huiyuan.repositories.demo_data import TERMINALS
from tests.faults.proxy import Proxy
from tests.terminal import Terminal, counter_in_terminal
from tests.tui.test_terminal import ENTER, ESCAPE, F2, open_shift, sign_in

ROLE = TERMINALS[0].role


def trips_of(terminal: Terminal, proxy: Proxy, keys: str, *shown: str) -> int:
    """What goes over the line from these keys until `shown` stands there and a moment after."""
    time.sleep(0.3)
    proxy.reset_count()
    terminal.send(keys)
    terminal.wait_for(*shown)
    terminal.read(0.3)
    return proxy.count.round_trips


def test_a_scan_in_the_running_program_is_no_round_trip(proxy: Proxy, tmp_path: Path) -> None:
    with counter_in_terminal(proxy.url(ROLE), tmp_path) as terminal:
        sign_in(terminal)
        open_shift(terminal)
        terminal.send(F2)
        terminal.wait_for("请扫商品或会员卡")
        assert trips_of(terminal, proxy, "COLA-330" + ENTER, "可乐 330ml", "合计  ¥3.00") == 0
        assert trips_of(terminal, proxy, "2*MILK-1L" + ENTER, "鲜牛奶", "合计  ¥28.00") == 0
        assert trips_of(terminal, proxy, "kqs", "矿泉水 550ml") == 0
        assert trips_of(terminal, proxy, ENTER, "合计  ¥30.00") == 0
        assert trips_of(terminal, proxy, "NOSUCH" + ENTER, "没有找到 NOSUCH") > 0, "the line counts nothing"
        assert list(tmp_path.glob(f"counter/*/{CATALOGUE_FILE}"))
        terminal.send(ESCAPE)
        terminal.wait_for("要离开并丢弃购物篮吗")
        terminal.send(ENTER)
        terminal.wait_for("主菜单")
        assert trips_of(terminal, proxy, "", "主菜单") == 0, "a counter at rest asks"
