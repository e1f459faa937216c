"""Three hundred names with surnames of several readings: each is found by every one of them.

The readings stand in surnames.txt, written by hand; nothing here asks the code how a name is read.
"""

from __future__ import annotations

from pathlib import Path

from huiyuan.domain.model.needle import needle
from huiyuan.repositories.search_words import member_tokens

LIST = Path(__file__).with_name("surnames.txt")


def names() -> list[tuple[str, str, str, str]]:
    """Surname, given name, one reading of the surname, the reading of the given name."""
    rows = []
    for line in LIST.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        left, right = line.split("|")
        surname, *readings = left.split()
        for given in right.split(","):
            written, spoken = given.split()
            rows += [(surname, written, reading, spoken) for reading in readings]
    return rows


def finds(typed: str, name: str) -> bool:
    tokens = set(member_tokens(name))
    return any(tokens.issuperset(way) for way in needle(typed).words)


def test_three_hundred_names_are_found_by_every_reading_of_their_surname() -> None:
    rows = names()
    assert len({surname + given for surname, given, _, _ in rows}) >= 300

    missing = [
        f"{surname}{given} by {typed}"
        for surname, given, reading, spoken in rows
        for typed in (
            reading,
            reading[:2],
            reading[0],
            reading + spoken[0],
            reading + spoken,
            f"{reading} {spoken}",
        )
        if len(surname + given) <= 5 and not finds(typed, surname + given)
    ]

    assert missing == []


def test_a_surname_of_one_reading_is_not_found_by_another() -> None:
    for name, wrong in (("王芳", "yufang"), ("李娜", "linx"), ("石磊", "zhangl"), ("黄蓉", "wangr")):
        assert not finds(wrong, name)
