"""Pinyin without spaces: taken apart where it can be, left alone where it is none."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.pinyin import syllables


@pytest.mark.parametrize(
    ("typed", "apart"),
    [
        ("kele", "ke le"),
        ("kuangquanshui", "kuang quan shui"),
        ("niunai", "niu nai"),
        ("nangua", "nan gua"),
        ("xianjin", "xian jin"),
        ("tianan", "tian an"),
        ("nvshi", "nv shi"),
        ("lvcha", "lv cha"),
        ("kuangq", "kuang q"),
        ("kuangquansh", "kuang quan sh"),
        ("zhongguo", "zhong guo"),
        ("longjin", "long jin"),
        ("pinggu", "ping gu"),
    ],
)
def test_pinyin_is_taken_apart(typed: str, apart: str) -> None:
    assert " ".join(syllables(typed)) == apart


@pytest.mark.parametrize(
    "typed", ["", "k", "ke", "kuang", "nfsq", "550ml", "cola!", "可乐", "iphone", "v" * 200, "a" * 200]
)
def test_what_is_no_pinyin_or_one_syllable_is_left_alone(typed: str) -> None:
    assert syllables(typed) == ()


def test_the_worst_that_can_be_typed_is_taken_apart_at_once() -> None:
    import time

    begin = time.perf_counter()
    for typed in (
        "an" * 16,
        "ang" * 10 + "x!",
        "xian" * 8,
        "aeo" * 10 + "vv",
        "guang" * 6 + "q",
        "ao" * 15 + "vv",
    ):
        syllables(typed)
    assert time.perf_counter() - begin < 10
