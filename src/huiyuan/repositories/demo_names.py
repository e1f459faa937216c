"""Members of the whole demo chain: names as they come, hostile ones among them, telephones that nobody has.

Always true: the same seed makes the same people; a telephone begins with 1600000, a range that no operator
was ever given, so no demo can ring anybody.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from huiyuan.repositories.surnames import COMPOUND, SINGLE

PHONE_RANGE: Final = "1600000"

_COMMON: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
_GIVEN_WOMAN: Final = "芳娜敏静丽艳娟霞秀玲桂英红梅婷雪慧琳倩颖佳欣怡雨萱梓涵诗语可馨若曦"
_GIVEN_MAN: Final = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆志远子轩浩然宇航一鸣博文"
_GIVEN_BOTH: Final = "文晓海春小安宁乐天思远清云朝阳重行长乐"

HOSTILE: Final = (
    "Li [VIP]",
    "[1] Li",
    "[bold]Li[/bold]",
    "[@click=app.quit]x[/]",
    "a[/]b",
    "[/bold]x",
    "[",
    "[red",
    "[x=",
    "$primary [$error]y[/]",
    "'; DROP TABLE member;--",
    "%",
    "_",
    "\\",
    "O'Neil",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://x")',
    "＝1",
    "{0.__class__}",
    "%n %s",
    "{{7*7}}",
    "null",
    "None",
    "true",
    "NaN",
    "会员𠮷😀",
    "раypal",
    "José Ångström",
    'say "hi", they; said',
    "阿卜杜热西提·买买提",
)
"""Names that people have typed somewhere and that `clean` lets in: each must be shown as it stands."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member to be. A birthday is a solar month and day with its year; `phone` is empty for some."""

    name: str
    woman: bool
    year: int
    month: int
    day: int
    phone: str


def people(most: int, *, seed: int) -> list[Person]:
    """The first `most` people of a seed; the hostile names come first, each once."""
    draw = random.Random(seed)  # noqa: S311  (people who never were need no secret)
    surnames = [*(_COMMON * 3), *SINGLE, *COMPOUND]
    found: list[Person] = []
    for n in range(most):
        woman = draw.random() < 0.56
        name = HOSTILE[n] if n < len(HOSTILE) else _name(draw, draw.choice(surnames), woman)
        month = draw.randint(1, 12)
        found.append(
            Person(
                name=name,
                woman=woman,
                year=draw.randint(1948, 2006),
                month=month,
                day=draw.randint(1, 28 if month == 2 else 30),
                phone=f"{PHONE_RANGE}{n:04}" if draw.randint(1, 20) > 1 else "",
            )
        )
    return found


def _name(draw: random.Random, surname: str, woman: bool) -> str:
    letters = (_GIVEN_WOMAN if woman else _GIVEN_MAN) + _GIVEN_BOTH
    given = draw.choice(letters)
    if draw.randint(1, 4) > 1:
        given += draw.choice(letters)
    return surname + given
