"""Settings of one seat that its folder remembers, a file for each subject; the environment outranks them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from huiyuan.config.settings import SettingRefused

S = TypeVar("S", bound=BaseSettings)


def read_seat(file: Path, environment: S) -> S:
    """What the environment sets, else the file, else the defaults.

    Raises:
        SettingRefused: The file cannot be read or holds what it cannot hold.
    """
    kept = kept_in(file, type(environment))
    return checked(type(environment), {k: kept[k] for k in kept if k not in environment.model_fields_set})


def write_seat(file: Path, told: Mapping[str, object], model: type[BaseSettings]) -> None:
    """Keep `told`, whole or not at all.

    Raises:
        SettingRefused: A value that cannot be; nothing was written.
        OSError: The folder cannot be written.
    """
    checked(model, told)
    descriptor, beside = tempfile.mkstemp(prefix=".seat-", dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(dict(told), out, indent=1)
    Path(beside).replace(file)


def kept_in(file: Path, model: type[BaseSettings]) -> dict[str, object]:
    """What the file holds; nothing where there is none. Raises SettingRefused."""
    try:
        kept = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingRefused(file.name, type(error).__name__) from None
    if not isinstance(kept, dict) or not set(kept) <= set(model.model_fields):
        raise SettingRefused(file.name, "unknown settings")
    return kept


def checked(model: type[S], told: Mapping[str, object]) -> S:
    """`told` as settings. Raises SettingRefused."""
    try:
        return model(**dict[str, Any](told))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise SettingRefused(str(first["loc"][0]), first["msg"]) from None
