"""A keymap of one's own is used whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyuan.tui.keymap import read_keymap


@pytest.mark.parametrize(
    ("text", "keymap"),
    [
        (None, {}),
        ('{"sale.pay": "ctrl+p"}', {"sale.pay": "ctrl+p"}),
        ('{"sale.pay": "ctrl+p", "sale.clear": "alt+c"}', {}),
        ('{"sale.pay": 2}', {}),
        ("[]", {}),
        ("{", {}),
    ],
)
def test_a_file_is_read_or_left(text: str | None, keymap: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert read_keymap(path) == keymap
