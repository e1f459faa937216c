"""The till from another branch: a real ssh, a real sshd, and a slow line between them.

What is tried is what the line can do to a sale; how long a key takes is the benchmarks' business.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ssh
from tests.cluster import Shop
from tests.faults.proxy import Proxy
from tests.ssh import Branch, branch, missing
from tests.terminal import MAIN, Terminal, counter_in_terminal
from tests.tui.test_terminal import ENTER, F2, ROLE, SALES, basket, open_shift, sign_in

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ROUND_TRIP_S = 0.2
SLACK = 1.5
"""For machines with other things to do: what is measured is the server's eight seconds that nobody waits."""
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


def to_the_payment(terminal: Terminal) -> None:
    """Signed in, with a float, a basket, and nothing taken yet."""
    sign_in(terminal)
    open_shift(terminal)
    basket(terminal)
    terminal.send(F2)
    terminal.wait_for("尚未收款")


def end(terminal: Terminal) -> int:
    """Leave as a person does."""
    terminal.send("\x11")
    terminal.wait_for("要结束本机的程序吗")
    terminal.send(ENTER)
    return terminal.ended()


def test_a_sale_is_rung_up_over_a_slow_line(shop: Shop, far: Branch, settings: dict[str, str]) -> None:
    terminal = far.terminal(settings)
    try:
        to_the_payment(terminal)
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
        to_the_payment(terminal)
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
        again.wait_for("还差" if count else "现金")
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


def processes_in(home: str) -> list[str]:
    """Programs of ours that still run with their files in `home`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"HUIYUAN_HOME={home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:80])
    return found


def gone_within(home: str, seconds: float) -> float:
    """Seconds until nothing of `home` runs any more; fails after `seconds`."""
    begun = time.monotonic()
    while left := processes_in(home):
        assert time.monotonic() - begun < seconds, left
        time.sleep(0.02)
    return time.monotonic() - begun


def cut_while_the_server_is_slow(proxy: Proxy, far: Branch, settings: dict[str, str]) -> None:
    """Over ssh up to the posting; the server's answer takes eight seconds, and the line is cut."""
    far.line.delay_s = 0.01
    terminal = far.terminal(settings)
    try:
        to_the_payment(terminal)
        proxy.delay_ms = 4000
        terminal.send(ENTER)
        terminal.read(0.3)
        terminal.send(ENTER)
        terminal.wait_for("等待服务器")
        far.line.cut()
    finally:
        terminal.close()


def test_a_slow_server_keeps_no_process_and_the_next_sign_in_tells_the_receipt(
    shop: Shop, proxy: Proxy, far: Branch, settings: dict[str, str]
) -> None:
    settings["HUIYUAN_DATABASE_URL"] = proxy.url(ROLE)
    cut_while_the_server_is_slow(proxy, far, settings)
    assert gone_within(settings["HUIYUAN_HOME"], 5) < 2.0 * SLACK

    proxy.delay_ms = 0
    again = far.terminal(settings)
    try:
        again.wait_for("密码与工号相同")
        again.wait_for("已核对入账：S01-01-", within_s=15)
        again.send("1001" + ENTER + "1001" + ENTER)
        again.wait_for("主菜单")  # and no basket: it is sold
        assert shop.rows(SALES) == [(1, 300)]
    finally:
        again.close()


def test_control_who_waits_for_the_server_is_still_there(
    shop: Shop, proxy: Proxy, far: Branch, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = "import huiyuan.tui.leaving as each; each.ANSWER_WITHIN_S = 60; "
    monkeypatch.setattr(ssh, "MAIN", patient + MAIN)
    settings["HUIYUAN_DATABASE_URL"] = proxy.url(ROLE)
    cut_while_the_server_is_slow(proxy, far, settings)
    with pytest.raises(AssertionError):
        gone_within(settings["HUIYUAN_HOME"], 3)
    proxy.cut_all()
    gone_within(settings["HUIYUAN_HOME"], 10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_basket_survives_the_end_of_its_process(
    shop: Shop, settings: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    home = tmp_path / "home"
    with counter_in_terminal(shop.url(ROLE), home) as terminal:
        sign_in(terminal)
        open_shift(terminal)
        basket(terminal)
        os.kill(terminal.process.pid, number)
        terminal.ended(5)
    assert gone_within(settings["HUIYUAN_HOME"], 2) < 2
    with counter_in_terminal(shop.url(ROLE), home) as again:
        again.wait_for("密码与工号相同")
        again.send("1001" + ENTER + "1001" + ENTER)
        again.wait_for("已恢复：工号 1001", "可乐 330ml", "合计  ¥3.00")
        assert shop.rows(SALES) == [(0, 0)]
