"""Keys: what a PIN and a token become, and files that only their owner reads."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from huiyuan.repositories.demo_data import CHAIN_UID
from huiyuan.repositories.secrets import (
    DATA_KEY_FILE,
    INDEX_KEY_FILE,
    DataKey,
    IndexKey,
    KeyFileRefused,
    card_key,
    copy_keys,
    make_keys,
    staff_key,
)
from tests import tills


def test_a_pin_becomes_the_key_that_the_ledgers_page_describes() -> None:
    assert staff_key("805193", chain=CHAIN_UID, number="1001") == tills.staff_key(
        str(CHAIN_UID), "1001", "805193"
    )


def test_the_same_pin_is_another_key_for_another_person_card_or_chain() -> None:
    other = CHAIN_UID.__class__(int=CHAIN_UID.int + 1)
    keys = {
        staff_key("805193", chain=CHAIN_UID, number="1001"),
        staff_key("805193", chain=CHAIN_UID, number="1002"),
        staff_key("805193", chain=other, number="1001"),
        card_key("805193", chain=CHAIN_UID, wallet=1001),
    }
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}


def test_a_token_depends_on_its_kind_and_its_key() -> None:
    key = IndexKey(b"\x07" * 32)
    expected = hmac.new(b"\x07" * 32, b"number:88000001", hashlib.sha256).digest()
    assert key.token("number", "88000001") == expected
    assert key.token("barcode", "88000001") != expected
    assert IndexKey(b"\x08" * 32).token("number", "88000001") != expected


def test_no_key_shows_itself() -> None:
    for key in (IndexKey(b"\x07" * 32), DataKey(b"\x07" * 32)):
        assert "07" not in f"{key!r} {key!s} {[key]}"
        with pytest.raises(TypeError):
            hash(key)


def test_keys_are_made_once_and_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = make_keys(folder)
    assert make_keys(folder) == made
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700

    copy_keys(folder, tmp_path / "safe")
    assert IndexKey.load(tmp_path / "safe" / INDEX_KEY_FILE) == made
    with pytest.raises(KeyFileRefused, match="key_exists"):
        copy_keys(folder, tmp_path / "safe")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda path: path.chmod(0o604), "key_open_to_others"),
        (lambda path: path.chmod(0o640), "key_open_to_others"),
        (lambda path: path.write_text("zz"), "key_damaged"),
        (lambda path: path.write_text("00" * 31), "key_damaged"),
        (lambda path: path.unlink(), "key_missing"),
        (
            lambda path: path.rename(path.with_name("k")).with_name(DATA_KEY_FILE).symlink_to("k"),
            "key_missing",
        ),
    ],
    ids=["others read", "group reads", "no hex", "too short", "gone", "a link"],
)
def test_a_key_file_that_is_not_as_it_was_made_is_refused(tmp_path: Path, harm: object, code: str) -> None:
    make_keys(tmp_path / "keys")
    path = tmp_path / "keys" / DATA_KEY_FILE
    DataKey.load(path)
    assert callable(harm)
    harm(path)
    with pytest.raises(KeyFileRefused) as caught:
        DataKey.load(path)
    assert (caught.value.code, caught.value.facts) == (code, {"path": str(path)})
