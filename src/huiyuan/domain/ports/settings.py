"""The settings of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from huiyuan.domain.model.chain_settings import ChainSettings


class Settings(Protocol):
    """Every method may raise Refused `not_permitted`, `not_signed_in`."""

    def read(self) -> ChainSettings:
        """Everything, one round trip."""
        ...

    def put(self, key: str, unit: int | None, value: Sequence[str]) -> None:
        """Set one; `blind_return` is proposed, and holds once another person approved it.

        Raises Refused: `malformed`, `unclean_text`, `wrong_store`, `unknown_key`.
        """
        ...
