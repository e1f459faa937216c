"""The till from another branch: a real ssh, a real sshd, and a slow line between them.

What is tried is what the line can do to a sale; how long a key takes is the benchmarks' business.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import Shop
from tests.ssh import Branch, branch, missing
from tests.terminal import Terminal
from tests.tui.test_terminal import ENTER, F2, ROLE, SALES, basket, open_shift, sign_in

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ROUND_TRIP_S = 0.2
LINES = "select count(*) from pg_stat_activity where application_name like 'huiyuan%%' and datname = %s"


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Branch]:
    with branch(tmp_path / "ssh") as opened:
        opened.line.delay_s = ROUND_TRIP_S / 2
        yield opened


@pytest.fixture
def settings(shop: Shop, tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    return {"HUIYUAN_DATABASE_URL": shop.url(ROLE), "HUIYUAN_HOME": str(home), "HUIYUAN_LANG": "zh_CN"}


def end(terminal: Terminal) -> int:
    """Leave as a person does."""
    terminal.send("\x11")
    terminal.wait_for("要结束本机的程序吗")
    terminal.send(ENTER)
    return terminal.ended()


def test_a_sale_is_rung_up_over_a_slow_line(shop: Shop, far: Branch, settings: dict[str, str]) -> None:
    terminal = far.terminal(settings)
    try:
        sign_in(terminal)
        open_shift(terminal)
        basket(terminal)
        terminal.send(F2)
        terminal.wait_for("尚未收款")
        terminal.send(ENTER * 5)  # impatience: nothing seems to happen for a while
        terminal.wait_for("已收款")
        assert shop.rows(SALES) == [(1, 300)]
    finally:
        terminal.close()


def test_a_connection_cut_while_a_sale_is_posted_loses_and_doubles_nothing(
    shop: Shop, far: Branch, settings: dict[str, str]
) -> None:
    terminal = far.terminal(settings)
    try:
        sign_in(terminal)
        open_shift(terminal)
        basket(terminal)
        terminal.send(F2)
        terminal.wait_for("尚未收款")
        terminal.send(ENTER)
        terminal.read(ROUND_TRIP_S / 2 + 0.02)  # Enter has just arrived over there
        far.line.cut()
        assert terminal.ended() != 0
    finally:
        terminal.close()
    for _ in range(200):  # the counter over there finishes its statement, writes it down and goes
        if shop.rows(LINES, shop.dbname) == [(0,)]:
            break
        time.sleep(0.05)
    assert shop.rows(LINES, shop.dbname) == [(0,)]

    again = far.terminal(settings)
    try:
        again.wait_for("密码与工号相同")
        again.send("1001" + ENTER)
        again.send("1001" + ENTER)
        again.wait_for("在线", "陈小雨")  # whatever stood in the journal is settled before anybody signs in
        again.read(1)
        ((count, total),) = shop.rows(SALES)
        assert (count, total) in {(0, 0), (1, 300)}
        assert "没有答复" not in again.text
        if count:
            again.wait_for("主菜单")
            basket(again)
        else:  # nothing of it was booked, so the basket is back
            again.wait_for("已恢复：工号 1001", "合计  ¥3.00")
        again.send(F2)
        again.wait_for("应收" if count else "现金")
        again.send(ENTER * 2)
        again.wait_for("已收款")
        assert shop.rows(SALES) == [(int(str(count)) + 1, int(str(total)) + 300)]
    finally:
        again.close()


def test_leaving_over_ssh_ends_everything_over_there(
    shop: Shop, far: Branch, settings: dict[str, str]
) -> None:
    terminal = far.terminal(settings, "-C")
    try:
        terminal.wait_for("密码与工号相同")
        assert end(terminal) == 0
    finally:
        terminal.close()
    for _ in range(100):
        if shop.rows(LINES, shop.dbname) == [(0,)]:
            break
        time.sleep(0.05)
    assert shop.rows(LINES, shop.dbname) == [(0,)]
