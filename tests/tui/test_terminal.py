"""The counter in a real terminal: keys hammered, lines dropped, noise on the line, a clean end.

Everything here runs `huiyuan run` as a process of its own behind a pseudo-terminal.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Shop
from tests.faults.proxy import Proxy
from tests.terminal import Terminal, counter_in_terminal

ROLE = TERMINALS[0].role
ENTER, F2, F4, ESCAPE = "\r", "\x1bOQ", "\x1bOS", "\x1b"
SALES = "select count(*), coalesce(sum(total_minor), 0) from ledger.document where kind = 'sale'"


@pytest.fixture
def terminal(shop: Shop, tmp_path: Path) -> Iterator[Terminal]:
    with counter_in_terminal(shop.url(ROLE), tmp_path) as opened:
        yield opened


def sign_in(terminal: Terminal) -> None:
    terminal.wait_for("工号", "密码与工号相同")
    terminal.send("1001" + ENTER)
    terminal.send("1001" + ENTER)
    terminal.wait_for("主菜单")


def open_shift(terminal: Terminal) -> None:
    terminal.send(F4)
    terminal.wait_for("尚未开班")
    terminal.send("200" + ENTER)
    terminal.wait_for("开班：已入账")
    time.sleep(0.7)
    terminal.send(ENTER)
    terminal.wait_for("主菜单", "录入商品并收款")


def basket(terminal: Terminal) -> None:
    terminal.send(F2)
    terminal.wait_for("请扫商品或会员卡")
    terminal.send("COLA-330" + ENTER)
    terminal.wait_for("可乐 330ml", "合计  ¥3.00")


def hammer(terminal: Terminal, key: str, *, times: int) -> None:
    """Thirty presses a second, whatever the screen shows."""
    for _ in range(times):
        terminal.send(key)
        terminal.read(0.033)


def test_enter_hammered_through_a_whole_sale_is_exactly_one_sale(shop: Shop, terminal: Terminal) -> None:
    sign_in(terminal)
    open_shift(terminal)
    basket(terminal)
    terminal.send(F2)
    terminal.wait_for("尚未收款")
    hammer(terminal, ENTER, times=90)
    terminal.wait_for("上一笔 ¥3.00")
    assert shop.rows(SALES) == [(1, 300)]
    assert any("已收款" in seen for seen in terminal.seen)


def test_a_line_that_drops_while_a_sale_is_posted_finishes_it_and_leaves_nothing(
    shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    with counter_in_terminal(proxy.url(ROLE), tmp_path) as terminal:
        sign_in(terminal)
        open_shift(terminal)
        basket(terminal)
        terminal.send(F2)
        terminal.wait_for("尚未收款")
        proxy.delay_ms = 400
        terminal.send(ENTER)
        terminal.read(0.2)
        terminal.hang_up()
        code = terminal.process.wait(15)
    assert code != 0
    assert shop.rows(SALES) == [(1, 300)]
    lines = "select count(*) from pg_stat_activity where application_name like 'huiyuan%%' and datname = %s"
    for _ in range(100):  # the slow line carries the farewell late, too
        if shop.rows(lines, shop.dbname) == [(0,)]:
            break
        time.sleep(0.05)
    assert shop.rows(lines, shop.dbname) == [(0,)]

    # The next start shows nothing to settle: the answer was written down before the process went.
    proxy.delay_ms = 0
    with counter_in_terminal(proxy.url(ROLE), tmp_path) as again:
        again.wait_for("密码与工号相同")
        assert "没有答复" not in again.text
        again.send("1001" + ENTER + "1001" + ENTER)
        again.wait_for("主菜单", "上一笔销售已入账，小票号 S01-01-")
    assert shop.rows(SALES) == [(1, 300)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_ends(terminal: Terminal, number: signal.Signals) -> None:
    sign_in(terminal)
    os.kill(terminal.process.pid, number)
    assert terminal.ended() == 129
    assert b"\x1b[?1049l" in terminal.received


def test_bytes_that_are_no_utf8_kill_nobody(terminal: Terminal) -> None:
    terminal.wait_for("密码与工号相同")
    for noise in (b"\xc4\xe3\xba\xc3\r", b"\x80", b"\xff", random.Random(7).randbytes(10_000)):
        terminal.send(noise)
        terminal.wait_for("不是 UTF-8")
        terminal.read(0.2)
    terminal.send("1001")
    terminal.wait_for("1001")
    assert terminal.process.poll() is None


def test_pasted_text_is_no_command_and_steers_nothing(terminal: Terminal) -> None:
    terminal.wait_for("密码与工号相同")
    terminal.send("\x1b[200~10\x1b]0;x\x0701\r\n1001\r\n\x1b[201~")
    terminal.read(0.5)
    assert "主菜单" not in terminal.text
    assert terminal.process.poll() is None


def test_quitting_asks_and_leaves_a_clean_terminal(terminal: Terminal) -> None:
    terminal.wait_for("密码与工号相同")
    terminal.send("\x11")
    terminal.wait_for("要结束本机的程序吗")
    terminal.send(ENTER)
    assert terminal.ended() == 0
    assert b"\x1b[?1049l" in terminal.received


def test_a_server_that_goes_away_is_said_and_comes_back_by_itself(
    shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    proxy.refuse_connections = True
    with counter_in_terminal(proxy.url(ROLE), tmp_path) as terminal:
        terminal.wait_for("断线")
        proxy.refuse_connections = False
        terminal.wait_for("密码与工号相同", "在线")


def test_a_backend_that_was_killed_does_not_sign_anybody_out(shop: Shop, terminal: Terminal) -> None:
    sign_in(terminal)
    open_shift(terminal)
    ours = "datname = %s and application_name like 'huiyuan%%'"
    end = f"select pg_terminate_backend(pid) from pg_stat_activity where {ours}"
    with psycopg.connect(shop.server.admin_url("postgres"), autocommit=True) as admin:
        admin.execute(end.encode(), (shop.dbname,))
    basket(terminal)
    terminal.send(F2)
    terminal.wait_for("尚未收款")
    terminal.send(ENTER)
    terminal.wait_for("已收款")
    assert shop.rows(SALES) == [(1, 300)]
