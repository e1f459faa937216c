"""A magnetic stripe's tracks, swiped as keys and over a serial line: no file of the counter holds them."""

from __future__ import annotations

import os
import pty
import time
import tty
from pathlib import Path

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Shop
from tests.terminal import Terminal
from tests.tui.test_terminal import ENTER, F2, basket, open_shift, sign_in

ROLE = TERMINALS[0].role
F7 = "\x1b[18~"
SECRETS = ("2512101998877", "OUYANG/JING", "6225880000000017=")
TRACK_1 = "%B6225880000000017^OUYANG/JING^2512101998877?"
TRACK_2 = ";6225880000000017=2512101998877?"


def files_of(home: Path) -> dict[str, bytes]:
    return {str(each.relative_to(home)): each.read_bytes() for each in home.rglob("*") if each.is_file()}


def test_card_tracks_are_in_no_log_ring_report_or_journal(shop: Shop, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    home = tmp_path / "home"
    terminal = Terminal(
        ["run"],
        {"HUIYUAN_DATABASE_URL": shop.url(ROLE), "HUIYUAN_HOME": str(home), "HUIYUAN_LANG": "zh_CN",
         "HUIYUAN_CARD_READER": "none", "HUIYUAN_SCANNER": f"serial:{os.ttyname(theirs)}"},
    )  # fmt: skip
    try:
        terminal.wait_for("工号", "密码与工号相同")
        terminal.send(TRACK_1 + ENTER + TRACK_2 + ENTER)  # into whatever has the focus, the PIN too
        terminal.wait_for("工号")
        time.sleep(0.5)
        terminal.send("\x7f" * 12 + "\x1b[Z" + "\x7f" * 64)
        time.sleep(0.5)
        sign_in(terminal)
        os.write(ours, f"{TRACK_1}{TRACK_2}\r".encode())
        terminal.send(TRACK_2 + ENTER)
        terminal.read(0.5)
        terminal.send("\x1b")
        terminal.wait_for("主菜单")
        open_shift(terminal)
        basket(terminal)
        os.write(ours, f"{TRACK_2}\r".encode())
        terminal.send(TRACK_1 + ENTER + TRACK_2 + ENTER)
        terminal.read(1)
        terminal.send(F2)
        terminal.read(0.5)
        os.write(ours, f"{TRACK_2}\r".encode())
        terminal.send("\x1b")
        terminal.wait_for("清空")
        terminal.read(0.5)
        terminal.send("\x1b")
        terminal.wait_for("丢弃购物篮")
        terminal.send(ENTER)
        terminal.wait_for("主菜单")
        terminal.send("\x19e")
        terminal.wait_for("测扫码枪")
        terminal.send(F7)
        terminal.wait_for("devices-", ".txt")
    finally:
        terminal.close()
        os.close(ours)
        os.close(theirs)
    kept = files_of(home)
    assert any(name.endswith(".log") for name in kept), sorted(kept)
    found = [
        f"{name}: {secret}" for name, data in kept.items() for secret in SECRETS if secret.encode() in data
    ]
    assert found == []
