"""The chain's keys as a counter finds them: its own folder's, or the demo's for the demo chain.

Always true: a key is read when it is first needed, and what is wrong with its file is a refusal with a name.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from huiyuan.repositories.connection import HeldSession
    from huiyuan.repositories.secrets import DataKey

INDEX_KEY_FILE: Final = "index.key"


def data_key_of(path: Path, held: HeldSession) -> Callable[[], DataKey]:
    """What reads the key of phone and ID numbers: this counter's, or the demo's for the demo chain.

    It raises Refused `data_key_missing`, `data_key_damaged` or `key_open_to_others`.
    """
    from huiyuan.domain.model.errors import Refused
    from huiyuan.repositories.demo import DEMO_DATA_KEY
    from huiyuan.repositories.demo_data import CHAIN_UID
    from huiyuan.repositories.secrets import DataKey, KeyFileRefused

    def key() -> DataKey:
        if held.chain == CHAIN_UID and not path.exists():
            return DEMO_DATA_KEY
        try:
            return DataKey.load(path)
        except KeyFileRefused as refused:
            code = {"key_missing": "data_key_missing", "key_damaged": "data_key_damaged"}
            raise Refused(code.get(refused.code, refused.code)) from None

    return key


def token_maker(path: Path, held: HeldSession) -> Callable[[str, str], bytes]:
    """What turns a card's text into its token: the key of this seat, or the demo's for the demo chain.

    The maker raises Refused `key_missing`, `key_damaged` or `key_open_to_others`.
    """
    from huiyuan.domain.model.errors import Refused
    from huiyuan.repositories.demo import DEMO_INDEX_KEY
    from huiyuan.repositories.demo_data import CHAIN_UID
    from huiyuan.repositories.secrets import IndexKey, KeyFileRefused

    def token(kind: str, text: str) -> bytes:
        if held.chain == CHAIN_UID and not path.exists():
            return DEMO_INDEX_KEY.token(kind, text)
        try:
            return IndexKey.load(path).token(kind, text)
        except KeyFileRefused as refused:
            raise Refused(refused.code) from None

    return token
