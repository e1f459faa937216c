"""A page of what a fake keeps, as the real ones read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def page(rows: Sequence[T], name: Callable[[T], object], after: object | None, most: int | None) -> list[T]:
    """At most `most` rows behind the one whose name is `after`; all of them if it is None or gone."""
    names = [name(each) for each in rows]
    start = names.index(after) + 1 if after in names else 0
    return list(rows)[start:][:most]
