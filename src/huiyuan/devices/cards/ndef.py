"""NDEF: the text record of a tag, as bytes from its first user page. What is malformed is no text."""

from __future__ import annotations

from typing import Final

TEXT_MOST: Final = 64
_NULL, _LOCK, _MEMORY, _MESSAGE, _END = 0x00, 0x01, 0x02, 0x03, 0xFE
_WELL_KNOWN: Final = 0x01
_SHORT: Final = 0x10
_HAS_ID: Final = 0x08
_UTF_16: Final = 0x80


def text_bytes(text: str, *, language: str = "en") -> bytes:
    """A message of one text record, as it stands from the first user page on.

    Raises:
        ValueError: It is longer than a short record holds.
    """
    payload = bytes([len(language)]) + language.encode("ascii") + text.encode("utf-8")
    record = bytes([0xC0 | _SHORT | _WELL_KNOWN, 1, len(payload)]) + b"T" + payload
    if len(record) >= 0xFF:
        raise ValueError(text)
    return bytes([_MESSAGE, len(record)]) + record + bytes([_END])


def message_length(memory: bytes) -> int | None:
    """How many bytes from the start hold the message with its head; None while `memory` does not say."""
    at = 0
    while at < len(memory):
        tag = memory[at]
        if tag == _NULL:
            at += 1
            continue
        if tag == _END or at + 1 >= len(memory):
            return at if tag == _END else None
        length, head = memory[at + 1], 2
        if length == 0xFF:
            if at + 3 >= len(memory):
                return None
            length, head = int.from_bytes(memory[at + 2 : at + 4], "big"), 4
        if tag == _MESSAGE:
            return at + head + length
        at += head + length
    return None


def read_text(memory: bytes) -> str | None:
    """The first text record of the message in `memory`; None if there is none that can be read."""
    message = _message(memory)
    while message:
        flags, type_length = message[0], message[1] if len(message) > 1 else 0
        short = bool(flags & _SHORT)
        head = 3 if short else 6
        if len(message) < head:
            return None
        payload_length = message[2] if short else int.from_bytes(message[2:6], "big")
        id_length = 0
        if flags & _HAS_ID:
            if len(message) <= head:
                return None
            id_length, head = message[head], head + 1
        kind = message[head : head + type_length]
        start = head + type_length + id_length
        payload = message[start : start + payload_length]
        if len(payload) < payload_length:
            return None
        if flags & 0x07 == _WELL_KNOWN and kind == b"T":
            return _decoded(payload)
        message = message[start + payload_length :]
    return None


def _message(memory: bytes) -> bytes:
    at = 0
    while at + 1 < len(memory):
        tag = memory[at]
        if tag == _NULL:
            at += 1
            continue
        if tag == _END:
            return b""
        length, head = memory[at + 1], 2
        if length == 0xFF:
            length, head = int.from_bytes(memory[at + 2 : at + 4], "big"), 4
        if tag == _MESSAGE:
            return memory[at + head : at + head + length]
        at += head + length
    return b""


def _decoded(payload: bytes) -> str | None:
    if not payload:
        return None
    body = payload[1 + (payload[0] & 0x3F) :]
    try:
        text = body.decode("utf-16" if payload[0] & _UTF_16 else "utf-8").strip()
    except UnicodeDecodeError:
        return None
    return text if text and len(text) <= TEXT_MOST and text.isprintable() else None
