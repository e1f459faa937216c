"""The words of a name: every form that somebody types from its front is one of them."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.needle import needle
from huiyuan.repositories.search_words import TOKENS_MAX, member_tokens, product_tokens


def found(typed: str, name: str) -> bool:
    tokens = set(member_tokens(name))
    return any(tokens.issuperset(way) for way in needle(typed).words)


@pytest.mark.parametrize(
    "typed",
    ["z", "zs", "zha", "zhangs", "zhangsan", "zhang san", "Zhang San", "ＺＳ", "张", "三", "张三"],
)
def test_a_name_is_found_in_every_form(typed: str) -> None:
    assert found(typed, "张三")


@pytest.mark.parametrize("typed", ["s", "san", "zhangss", "李", "三张", "sz", "zhang si"])
def test_what_is_not_its_front_does_not_find_it(typed: str) -> None:
    assert not found(typed, "张三")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("wjg", "王建国"),
        ("wangjg", "王建国"),
        ("wangjiangu", "王建国"),
        ("wjianguo", "王建国"),
        ("建国", "王建国"),
        ("jianguo", "王建国"),
        ("jg", "王建国"),
        ("lvbu", "吕布"),
        ("lubu", "吕布"),
        ("oneil", "Shaun O’Neil"),
        ("jose", "José García"),
        ("garcia jose", "José García"),
        ("lily", "李 Lily"),
        ("李lily", "李 Lily"),
        ("hlcs", "北京华联超市有限公司"),
        ("华联超市", "北京华联超市有限公司"),
    ],
)
def test_longer_and_foreign_names(typed: str, name: str) -> None:
    assert found(typed, name)


@pytest.mark.parametrize("name", ["", "😀", "…", "[/x]", "a" * 64, "汉" * 64, "=1+1", "null"])
def test_any_text_has_a_bounded_number_of_tokens(name: str) -> None:
    tokens = member_tokens(name)
    assert len(tokens) == len(set(tokens)) <= TOKENS_MAX
    assert all(tokens)


def test_goods_are_found_from_the_front_of_any_word_and_by_code() -> None:
    tokens = product_tokens("重庆火锅底料 200g", "HG-01")

    assert {"hg-01", "hg", "cq", "cqhg", "hgdl", "chongqing", "火锅", "底料", "200g", "200"} <= set(tokens)
    assert "zq" not in tokens  # 重 of 重庆 is read chong
