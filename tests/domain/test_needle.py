"""The shape of what is typed: decided without asking, for any text whatever."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from huiyuan.domain.model.needle import LENGTH_MAX, NOTHING, Shape, fold, needle, search_words

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
DIGITS = st.text("0123456789", min_size=1, max_size=24)


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("z", Shape.NAME), ("zs", Shape.NAME), ("张", Shape.NAME), ("张三", Shape.NAME), ("zs88", Shape.NAME),
        ("8823", Shape.LAST_FOUR), ("zs8823", Shape.MIXED), ("8823 zs", Shape.MIXED), ("张8823", Shape.MIXED),
        ("13800138000", Shape.PHONE), ("+86 138-0013-8000", Shape.PHONE), ("zs13800138000", Shape.MIXED),
        ("12", Shape.NUMBER), ("6001000000000017", Shape.NUMBER), (";6001000000000017=2512?", Shape.SWIPE),
        ("%B6001000000000017^LI/NA^2512?", Shape.SWIPE), ("s01-01-000042", Shape.RECEIPT),
        ("", Shape.NOTHING), ("%", Shape.NOTHING), ("'\"\\", Shape.NOTHING), ("\u200b\u202e", Shape.NOTHING),
    ],
)  # fmt: skip
def test_a_text_has_one_shape(typed: str, shape: Shape) -> None:
    assert needle(typed).shape is shape


@given(st.text(max_size=300))
@example("\ud800")
@example("a" * 100_000)
@example("'; DROP TABLE member;--")
@example("O'Neil%_\\")
def test_any_text_is_words_and_digits_and_never_more(typed: str) -> None:
    wanted = needle(typed)
    assert all(word.isalnum() for way in wanted.words for word in way)
    assert all(way for way in wanted.words)
    assert len(wanted.words) <= 2
    assert sum(len(word) for way in wanted.words for word in way) <= 6 * LENGTH_MAX
    assert wanted.last_four == "" or (len(wanted.last_four) == 4 and wanted.last_four.isdigit())
    assert len(wanted.numbers) <= 4
    assert len(wanted.cards) <= 6
    assert (wanted.shape is Shape.NOTHING) == (wanted == NOTHING)
    assert typed not in repr(wanted) or len(typed) < 12 or not typed.isdigit()


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)
    assert search_words(typed) == search_words(fold(typed))


@given(HAN, DIGITS.filter(lambda digits: len(digits) == 4))
def test_four_digits_at_either_end_narrow_a_name(name: str, digits: str) -> None:
    for typed in (name + digits, digits + name, f"{name} {digits}"):
        wanted = needle(typed)
        assert (wanted.shape, wanted.last_four) == (Shape.MIXED, digits)
        assert wanted.words == needle(name).words


@given(LETTERS, st.sampled_from(["\u200b", "\ufeff", "\u00ad", "\x00", "\x1b"]))
def test_what_cannot_be_seen_is_not_there(letters: str, hidden: str) -> None:
    assert needle(letters[:1] + hidden + letters[1:]).words == needle(letters).words


@given(LETTERS)
def test_full_width_and_capitals_are_the_same_letters(letters: str) -> None:
    wide = "".join(chr(ord(char) + 0xFEE0) for char in letters.upper())
    assert needle(wide).words == needle(letters).words


@given(DIGITS)
def test_digits_are_digits_however_they_are_grouped(digits: str) -> None:
    grouped = "-".join(digits[n : n + 4] for n in range(0, len(digits), 4))
    if needle(grouped).shape is not Shape.RECEIPT:
        assert needle(grouped).last_four == needle(digits).last_four
        assert needle(grouped).phone == needle(digits).phone
