"""Where the counter cannot be shown it says so in the terminal's own characters, and ends; nothing spins."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from huiyuan.repositories.demo_data import TERMINALS
from huiyuan.tui.terminal_gate import charset_of
from tests.cluster import Shop
from tests.terminal import MAIN, Terminal, counter_in_terminal

ROLE = TERMINALS[0].role
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
PEN_AT_THREE = b"\x1b[1;3R"
QUIET_S = 1.0
CPU_MOST_S = 0.3


def started(home: Path, **environment: str) -> Terminal:
    """`huiyuan run` under `environment`, with no server to find."""
    plain = {"LC_ALL": "", "LC_CTYPE": "", "LC_MESSAGES": ""}
    asked = {"HUIYUAN_DATABASE_URL": NOWHERE, "HUIYUAN_HOME": str(home), **plain, **environment}
    return Terminal(["run"], asked)


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_without_a_name_is_told_what_to_set(term: str, tmp_path: Path) -> None:
    terminal = started(tmp_path, TERM=term, LANG="zh_CN.UTF-8")
    try:
        terminal.wait_for("TERM=xterm")
        assert terminal.ended() == 2
    finally:
        terminal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_gbk_terminal_is_told_in_gbk(tmp_path: Path) -> None:
    terminal = started(tmp_path, LANG="zh_CN.GBK", PYTHONUTF8="0")
    try:
        assert terminal.ended() == 2
    finally:
        terminal.close()
    assert "收银台需要 UTF-8".encode("gbk") in terminal.received
    assert b"\x1b[?1049h" not in terminal.received


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "zh_CN.GBK", "PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_a_terminal_that_reads_utf8_is_served_whatever_the_locale_says(
    locale: dict[str, str], tmp_path: Path
) -> None:
    terminal = started(tmp_path, HUIYUAN_LANG="zh_CN", **locale)
    try:
        if locale.get("LANG") == "zh_CN.GBK":
            while b"\x1b[6n" not in terminal.received:
                terminal.read(0.05)
            terminal.send(PEN_AT_THREE)
        terminal.wait_for("工号", "断线")
        os.kill(terminal.process.pid, signal.SIGTERM)
        assert terminal.ended() == 129
    finally:
        terminal.close()
    assert "断线".encode() in terminal.received


@pytest.mark.parametrize(
    ("environment", "charset"),
    [
        ({}, "utf-8"),
        ({"LANG": "zh_CN.UTF-8"}, "utf-8"),
        ({"LANG": "zh_CN.utf8", "LC_ALL": ""}, "utf-8"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.GB18030"}, "gb18030"),
        ({"LANG": "zh_CN.UTF-8", "LC_CTYPE": "zh_CN.gb2312"}, "gb2312"),
        ({"LANG": "zh_CN.GBK"}, "gbk"),
        ({"LANG": "zh_CN.GBK", "LC_CTYPE": "C.UTF-8"}, "gbk"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "C"}, "utf-8"),
        ({"LANG": "C.UTF-8"}, "utf-8"),
        ({"LANG": "zh_CN"}, "utf-8"),
        ({"LANG": "zh_CN.nosuch"}, "utf-8"),
    ],
)
def test_the_locale_names_its_characters(environment: dict[str, str], charset: str) -> None:
    assert charset_of(environment) == charset


@pytest.mark.parametrize("gone", ["stdin", "stdout", "stderr"])
def test_what_is_no_terminal_is_said_and_ends(gone: str, tmp_path: Path) -> None:
    """From /dev/null, into a pipe, without a stream at all."""
    master, slave = os.openpty()
    other = subprocess.DEVNULL if gone == "stdin" else subprocess.PIPE
    streams: dict[str, Any] = {"stdin": slave, "stdout": slave, "stderr": slave, gone: other}
    environment = os.environ | {"HUIYUAN_HOME": str(tmp_path), "HUIYUAN_LANG": "en", "TERM": "xterm"}
    with subprocess.Popen([sys.executable, "-c", MAIN, "run"], env=environment, **streams) as process:
        os.close(slave)
        piped = process.communicate(timeout=30)[1] if gone == "stderr" else b""
        assert process.wait(30) == 2
    assert b"needs a terminal" in (piped or os.read(master, 4096))
    os.close(master)
    assert list(tmp_path.iterdir()) == []


def cpu_s(process: int) -> float:
    """Seconds of processor time that it has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_counter_that_waits_and_one_whose_line_went_away_do_not_spin(shop: Shop, tmp_path: Path) -> None:
    """SIGHUP is ignored here, as under nohup: only the end of the input tells."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with counter_in_terminal(shop.url(ROLE), tmp_path) as terminal:
            terminal.wait_for("密码与工号相同")
            terminal.read(QUIET_S)
            begin = cpu_s(terminal.process.pid)
            time.sleep(QUIET_S)
            assert cpu_s(terminal.process.pid) - begin < CPU_MOST_S
            begin = cpu_s(terminal.process.pid)
            terminal.hang_up()
            assert terminal.process.wait(15) == 129
    finally:
        signal.signal(signal.SIGHUP, before)
