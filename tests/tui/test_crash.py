"""A crash: a report without anybody's data, a restored terminal, a sentence, an exit code that is not 0."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huiyuan.repositories.demo_data import TERMINALS
from huiyuan.tui.crash import report_lines, write_report
from tests.cluster import Shop
from tests.terminal import Terminal

ROLE = TERMINALS[0].role
SECRET = "13579024680"

# The program with one bug more: asking to quit raises, with a secret in a local and in the message.
WITH_A_BUG = f"""
import sys
from huiyuan.screens.sign_in import SignInScreen
def quit_app(self):
    pin = "{SECRET}"
    raise RuntimeError(pin)
SignInScreen.action_quit_app = quit_app
from huiyuan.tui.cli import main
sys.exit(main(sys.argv[1:]))
"""


NAME = "欧阳静安"

# More bugs, each with a member's name and a PIN in locals, arguments and the message.
BUGS = {
    "in a thread that answers a screen": """
from huiyuan.repositories.staff_session import StaffSession
def hello(self):
    fail("{name}", pin="{secret}")
StaffSession.hello = hello
""",
    "in a thread of its own": """
import threading
from huiyuan.screens.sign_in import SignInScreen
def show_greeting(self, message):
    threading.Thread(target=fail, args=("{name}", "{secret}")).start()
SignInScreen.demo_text = lambda self, people: show_greeting(self, people) or ""
""",
    "in a timer": """
from huiyuan.screens.sign_in import SignInScreen
SignInScreen.demo_text = lambda self, people: self.set_timer(0.05, lambda: fail("{name}", "{secret}")) and ""
""",
    "while it starts": """
from huiyuan.tui import wiring
def open_counter(*everything):
    fail("{name}", pin="{secret}")
wiring.open_counter = open_counter
""",
    "before the first frame": """
from huiyuan.screens.sign_in import SignInScreen
def body(self):
    fail("{name}", pin="{secret}")
SignInScreen.body = body
""",
    "while a screen is drawn": """
from huiyuan.screens.widgets.chrome import KeyBar
def render(self):
    fail("{name}", pin="{secret}")
KeyBar.render = render
""",
}
FAILING = """
import sys
def fail(name, pin):
    member = {{"name": name, "pin": pin}}
    try:
        raise ValueError(f"{{member}}")
    except ValueError as error:
        raise RuntimeError(name + " " + pin) from error
{bug}
from huiyuan.tui.cli import main
sys.exit(main(sys.argv[1:]))
"""


def broken() -> BaseException:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            pin = SECRET
            raise KeyError(pin) from error
    except KeyError as error:
        return error


def test_a_report_names_places_and_kinds_and_no_values() -> None:
    text = "\n".join(report_lines(broken()))
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text
    assert "test_crash.py" in text
    assert SECRET not in text


def test_a_report_is_private_and_a_folder_that_cannot_be_written_is_no_second_crash(tmp_path: Path) -> None:
    path = Path(write_report(broken(), tmp_path / "log", at=datetime(2026, 11, 21, tzinfo=UTC)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "file").write_text("in the way")
    assert write_report(broken(), tmp_path / "file", at=datetime(2026, 11, 21, tzinfo=UTC)) == "-"


def test_the_app_crashes_with_a_sentence_and_without_locals(shop: Shop, tmp_path: Path) -> None:
    environment = {
        "HUIYUAN_DATABASE_URL": shop.url(ROLE),
        "HUIYUAN_HOME": str(tmp_path),
        "HUIYUAN_LANG": "en",
    }
    terminal = Terminal(["run"], environment, program=WITH_A_BUG)
    try:
        terminal.wait_for("The PIN of each is the staff number")
        terminal.send("\x11")
        assert terminal.ended() == 70
        terminal.read(0.3)
        assert b"\x1b[?1049l" in terminal.received
        assert "The counter stopped because of a mistake" in terminal.received.decode("utf-8", "replace")
        assert SECRET.encode() not in terminal.received
        reports = list((tmp_path / "log").glob("crash-*.txt"))
        assert len(reports) == 1
        assert SECRET not in reports[0].read_text("utf-8")
        assert SECRET not in (tmp_path / "log" / "huiyuan.log").read_text("utf-8")
    finally:
        terminal.close()


@pytest.mark.parametrize("place", BUGS)
def test_wherever_a_mistake_strikes_nobodys_data_is_left_behind(
    place: str, shop: Shop, tmp_path: Path
) -> None:
    bug = BUGS[place].replace("{name}", NAME).replace("{secret}", SECRET)
    environment = {
        "HUIYUAN_DATABASE_URL": shop.url(ROLE),
        "HUIYUAN_HOME": str(tmp_path),
        "HUIYUAN_LANG": "en",
    }
    terminal = Terminal(["run"], environment, program=FAILING.format(bug=bug))
    try:
        assert terminal.ended() == 70
        terminal.read(0.3)
        shown = terminal.received.decode("utf-8", "replace")
        assert "The counter stopped because of a mistake" in shown
        assert shown.rindex("\x1b[?1049l") < shown.rindex("The counter stopped")
        reports = list((tmp_path / "log").glob("crash-*.txt"))
        assert len(reports) == 1
        assert reports[0].name in "".join(shown.split("\r\n"))
        report = reports[0].read_text("utf-8")
        assert "RuntimeError" in report
        assert "fail" in report
        left = [path.read_text("utf-8", "replace") for path in (tmp_path / "log").iterdir()]
        for text in (shown, *left):
            assert SECRET not in text
            assert NAME not in text
    finally:
        terminal.close()
