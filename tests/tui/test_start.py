"""The first frame: what is loaded before it, what is typed before it, and what becomes of a start."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from huiyuan.config import glance
from huiyuan.config.i18n import translate
from huiyuan.config.settings import SettingRefused, read_settings
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.repositories.demo_data import TERMINALS
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.starting import Starting
from huiyuan.tui.wiring import Counter
from tests.cluster import Shop
from tests.terminal import Terminal

ROLE = TERMINALS[0].role
LATER = (
    "psycopg", "sqlalchemy", "alembic", "pydantic", "argon2", "cryptography", "email", "sqlite3",
    "huiyuan.repositories", "huiyuan.devices", "huiyuan.domain.usecases", "huiyuan.domain.ports",
    "huiyuan.config.settings", "huiyuan.screens.home", "huiyuan.screens.sale", "huiyuan.screens.payment",
    "huiyuan.screens.reports", "huiyuan.screens.dialogs", "huiyuan.screens.unsettled",
)  # fmt: skip
MODULES_MOST = 470
"""441 with Textual 8.2.8, of which 379 are a minimal app's: what is added is waited for at each start."""

# The program, telling what is loaded when the first frame stands, and again when the server has answered.
TELLING = """
import sys
from huiyuan.screens.sign_in import SignInScreen
def tell(name):
    with open(sys.argv.pop(), "a") if name == "last" else open(sys.argv[-1], "a") as file:
        file.write(name + " " + " ".join(sys.modules) + chr(10))
start, greet = SignInScreen.start, SignInScreen.show_open_items
def first(self):
    tell("first")
    start(self)
def last(self):
    greet(self)
    tell("last")
    self.app.exit()
SignInScreen.start, SignInScreen.show_open_items = first, last
from huiyuan.tui.cli import main
sys.exit(main(["run"]))
"""


def loaded(names: set[str]) -> set[str]:
    """Those of LATER that are in `names`."""
    return {name for name in LATER if any(each == name or each.startswith(name + ".") for each in names)}


def test_before_the_first_frame_nothing_is_loaded_that_only_later_screens_need(
    shop: Shop, tmp_path: Path
) -> None:
    """Control: by the time the server has answered, what would have been caught is loaded."""
    environment = {
        "HUIYUAN_DATABASE_URL": shop.url(ROLE),
        "HUIYUAN_HOME": str(tmp_path),
        "HUIYUAN_LANG": "en",
    }
    terminal = Terminal([str(tmp_path / "told")], environment, program=TELLING)
    try:
        assert terminal.ended() == 0
    finally:
        terminal.close()
    told = [line.split() for line in (tmp_path / "told").read_text().splitlines()]
    assert [line[0] for line in told] == ["first", "last"]
    assert loaded(set(told[0])) == set()
    assert len(told[0]) - 1 <= MODULES_MOST
    assert {"psycopg", "huiyuan.repositories", "sqlite3"} <= loaded(set(told[1]))


# The program, held up where keys are kept already and the screens are not loaded yet.
HELD_UP = """
import sys, time
from huiyuan.tui import early_keys
kept = early_keys.keys_kept
import contextlib
@contextlib.contextmanager
def held_up():
    with kept():
        sys.stderr.write("WAITING")
        sys.stderr.flush()
        time.sleep(1)
        yield
early_keys.keys_kept = held_up
from huiyuan.tui.cli import main
sys.exit(main(["run"]))
"""


def test_keys_pressed_before_the_first_frame_sign_in_and_are_not_echoed(shop: Shop, tmp_path: Path) -> None:
    environment = {
        "HUIYUAN_DATABASE_URL": shop.url(ROLE),
        "HUIYUAN_HOME": str(tmp_path),
        "HUIYUAN_LANG": "en",
    }
    terminal = Terminal([], environment, program=HELD_UP)
    try:
        terminal.wait_for("WAITING")
        terminal.send("1001\r1001\r")
        terminal.wait_for("Signed in", "Find a member")
        assert b"1001" not in terminal.received.split(b"\x1b[?1049h")[0]
    finally:
        terminal.process.kill()
        terminal.close()


@pytest.mark.parametrize("words", [["report", "--help"], ["report"], ["doctor"], ["verify"]])
def test_commands_of_the_command_line_load_no_screen_toolkit(words: list[str], tmp_path: Path) -> None:
    """They end in a sentence, because there is no database, after everything they need was loaded."""
    code = (
        "import sys\nfrom huiyuan.tui.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write('LOADED ' + ' '.join(sys.modules))"
    )
    environment = {**os.environ, "HUIYUAN_HOME": str(tmp_path / "home"), "HUIYUAN_LANG": "en"}
    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    modules = outcome.stderr.partition("LOADED ")[2].split()
    assert "huiyuan.tui.cli" in modules
    assert not {"textual", "rich"} & set(modules)


def test_help_of_one_command_loads_that_one_alone() -> None:
    code = (
        "import sys\nfrom huiyuan.tui.cli import build_parser\n"
        "build_parser(str, only='run')\nprint(*sys.modules)"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(outcome.stdout.split())
    assert "huiyuan.tui.subcommands.run" in modules
    assert "huiyuan.tui.subcommands.report" not in modules
    assert len(modules) < 150


@pytest.mark.parametrize("theme", ["", "dark", "light", "contrast", "plain", "pink", "Dark"])
@pytest.mark.parametrize("name", ["HUIYUAN_THEME", "huiyuan_theme", "Huiyuan_Theme"])
def test_a_glance_sees_what_the_settings_would(
    theme: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUIYUAN_THEME", raising=False)
    monkeypatch.setenv(name, theme)
    monkeypatch.setenv("HUIYUAN_HOME", "/nowhere/near")
    monkeypatch.setenv("huiyuan_driver", "stock")
    try:
        settings = read_settings()
    except SettingRefused:
        assert theme in {"pink", "Dark"}
        assert glance.theme_asked_for() is None
    else:
        assert glance.theme_asked_for() == settings.look.theme
        assert glance.home_asked_for() == settings.home.home
        assert glance.driver_asked_for() == settings.look.driver


class Opened:
    """What a start opens, and a counter in place of a real one."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.tries = 0
        self.given_back = 0
        self.gate = threading.Event()
        self.gate.set()

    def give_back(self) -> None:
        self.given_back += 1

    def seats(self, opened: contextlib.ExitStack, _tell: object) -> list[Any]:
        self.tries += 1
        opened.callback(self.give_back)
        assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return []

    def counter(self, *_: object) -> Counter:
        return cast(Counter, SimpleNamespace(shop=self, start=bool, stop=bool, close=bool))


@pytest.fixture
def opened() -> Opened:
    return Opened()


@pytest.fixture
def start(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starting:
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.setattr(CommandContext, "start_logs", lambda _: None)
    context = CommandContext(lang="en", tr=translate("en"), database=None)
    return Starting(context, opened.seats, opened.counter, contextlib.ExitStack())


def test_a_counter_is_put_together_once_however_many_ask(opened: Opened, start: Starting) -> None:
    opened.gate.clear()
    shops: list[object] = []
    asking = [threading.Thread(target=lambda: shops.append(start.shop())) for _ in range(3)]
    for each in asking:
        each.start()
    opened.gate.set()
    for each in asking:
        each.join(10)
    assert len(shops) == 3
    assert opened.tries == 1
    assert opened.given_back == 0


def test_a_start_that_failed_gives_back_what_it_had_and_can_be_tried_again(
    opened: Opened, start: Starting
) -> None:
    opened.error = CommandRefused("No room.")
    with pytest.raises(Refused) as refused:
        start.shop()
    assert refused.value.facts == {"sentence": "No room."}
    assert start.failure == "No room."
    assert opened.given_back == 1
    opened.error = None
    start.shop()
    assert start.failure == ""
    assert (opened.tries, opened.given_back) == (2, 1)


def test_a_mistake_in_the_program_is_no_refusal(opened: Opened, start: Starting) -> None:
    opened.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        start.shop()
    assert opened.given_back == 1


def test_a_start_that_is_left_gives_back_what_it_had_and_ends(opened: Opened, start: Starting) -> None:
    opened.gate.clear()
    opened.error = OSError("the server is gone")
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            start.shop()
        except Unreachable as error:
            ended.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while opened.tries == 0:
        pass
    start.stop()
    while opened.given_back == 0:
        pass
    opened.gate.set()
    asking.join(10)
    assert len(ended) == 1
    with pytest.raises(Unreachable):
        start.shop()
    assert opened.tries == 1
