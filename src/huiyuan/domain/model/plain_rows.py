"""Frozen dataclasses to plain JSON and back, by their own types: what is kept of a basket gains no code.

Always true: what `to_plain` made, `from_plain` reads back as the same value; a field that stands at its
default is left out, one that is unknown is passed over, and nothing of a member goes into it.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember, Member, OpenedCard

PERSONAL: Final = (AttachedMember, Member, OpenedCard)


def to_plain(value: Any) -> Any:
    """Numbers, texts, lists and mappings; None where somebody's data would stand.

    Raises:
        TypeError: a value of a type that cannot be kept.
    """
    if value is None or isinstance(value, PERSONAL):
        return None
    if isinstance(value, StrEnum | UUID):
        return str(value)
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): to_plain(each) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return told(value)
    raise TypeError(f"{type(value).__name__} cannot be kept")


def told(row: Any, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What the dataclass `row` says beyond its defaults, besides the fields named."""
    values = ((each, getattr(row, each.name)) for each in fields(row) if each.name not in without)
    return {each.name: to_plain(value) for each, value in values if value != _default(each)}


def read_told(
    kind: type, kept: Mapping[str, Any], *, without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The arguments of `kind` that `kept` holds; what is of a newer version, or does not fit, is passed over.

    Raises:
        ValueError: a field without a default is missing.
    """
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for each in fields(kind):
        if each.name in without:
            continue
        try:
            values[each.name] = from_plain(hints[each.name], kept[each.name])
        except (KeyError, ValueError, TypeError):
            if _default(each) is MISSING:
                raise ValueError(f"{each.name} is missing") from None
    return values


def unknown_keys(kind: type, kept: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of `kept` that no field of `kind` has: a newer version wrote them."""
    return tuple(sorted(kept.keys() - {each.name for each in fields(kind)}))


def from_plain(hint: Any, value: Any) -> Any:
    """Read `value` as the type `hint`. Raises ValueError or TypeError where it is none."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _one_of(arguments, value)
    if origin is tuple:
        kinds = arguments[:1] * len(value) if arguments[1:] == (Ellipsis,) else arguments
        return tuple(from_plain(kind, each) for kind, each in zip(kinds, value, strict=True))
    if hint is Any or origin is not None:
        return value
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is UUID or issubclass(hint, StrEnum):
        return hint(value)
    if is_dataclass(hint):
        return _row(hint, value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise TypeError(f"{value!r} is no {hint.__name__}")
    return value


def _row(kind: Any, value: Any) -> Any:
    return kind(**read_told(kind, value))


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return from_plain(kind, value)
        except (ValueError, TypeError):
            continue
    raise ValueError("it is none of these")


def _default(each: Field[Any]) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()
