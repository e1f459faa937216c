"""Text from outside: nothing steers the terminal, nothing is markup, every width is in cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, strategies as st
from rich.cells import cell_len
from textual.widgets import Input

from huiyuan.screens.widgets.plain import cells, fit, plain, visible, wrap
from tests.screens.fake_ledger import HOSTILE
from tests.screens.test_fit import prepared
from tests.screens.walk import walking

ATTACKS = (
    "Li [VIP]",
    "[bold]Li[/bold]",
    "[@click=app.quit]x[/]",
    "a[/]b",
    "[x=",
    "A\x1b]0;PWN\x07B",
    "A\x1b]52;c;eA==\x1b\\",
    "A\x1b[2JB\x1b[6n",
    "A\x9b2J\x90x\x1bc",
    "a\rb\nc\td\x08e\x7ff\u2028g\u2029h",
    "abc\u202e321\u2066x\u2069\u200e",
    "Li\u200bu\ufeff\u2060\u00ad\u3164",
    "a" + "\u0301" * 50,
    "\ud800 lone",
    "会员𠮷😀",
)


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_steers_reaches_the_terminal(text: str) -> None:
    shown = visible(text)
    hidden = [char for char in shown if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert hidden == []
    assert cells(text) == cell_len(shown)
    assert plain(text).plain == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("张三 Li", "张三 Li"),
        ("[red]x[/]", "[red]x[/]"),
        ("\x1b[2J", "^[[2J"),
        ("\u202e", "<202E>"),
        ("\x9b", "<9B>"),
        ("a\u00a0b", "a b"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_marks_do_not_climb_over_their_neighbours() -> None:
    assert visible("a" + "\u0301" * 50) == "a\u0301\u0301"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("可口可乐", 8, "可口可乐"),
        ("可口可乐", 7, "可口.. "),
        ("可口可乐", 6, "可口.."),
        ("可口可乐", 5, "可.. "),
        ("可乐", 1, " "),
        ("abc", 0, ""),
        ("abcdef", 2, "ab"),
    ],
)
def test_a_wide_character_is_never_halved_and_the_cut_is_marked(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


def test_figures_stand_right() -> None:
    assert fit("9.90", 8, "right") == "    9.90"


@given(st.text(max_size=60), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_a_cell_is_exactly_as_wide_as_it_was_asked_to_be(text: str, width: int, align: str) -> None:
    assert cell_len(fit(text, width, align)) == width  # type: ignore[arg-type]


@given(st.text(alphabet="abc 会员卡，。\x1b(", max_size=80), st.integers(2, 30))
@example("a会  ", 3)
def test_a_sentence_wraps_within_its_width_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == visible(text).replace(" ", "")


def test_chinese_punctuation_does_not_begin_a_line() -> None:
    assert wrap("没有入账，请按回车键。", 10) == ["没有入账，", "请按回车", "键。"]
    assert wrap("没有入账，请核对：卡号。", 8) == ["没有入", "账，请核", "对：卡", "号。"]
    assert wrap("会员（金卡）和《卡》", 8) == ["会员（金", "卡）和", "《卡》"]
    assert wrap("请在会员（金卡）页", 10) == ["请在会员", "（金卡）页"]


async def test_what_a_screen_puts_into_a_field_steers_no_terminal() -> None:
    """A member of the fake shop has escapes in the name; issuing a card begins with it in a field."""
    async with walking(prepared(), shift=False, tape=True) as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000004")
        await walk.press("f7", "f6")
        assert walk.name == "CardIssueScreen"
        assert walk.app.screen.query_one("#holder", Input).value == visible(HOSTILE)
        walk.drawn_alike()
