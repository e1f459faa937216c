"""Codes of categories or stores as they are typed, with the comma of either keyboard."""

from __future__ import annotations


def read_codes(text: str) -> tuple[str, ...]:
    """In the order typed, in capitals; nothing for nothing."""
    parts = text.upper().replace("，", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())
