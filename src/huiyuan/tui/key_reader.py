"""From the bytes of a terminal to keys, whatever terminal it is and however its line cuts them up.

Always true: what is no key types nothing: an unknown or broken sequence, a terminal's answer, Alt with a
letter and bytes that are no UTF-8 never become characters in a field; a function key cut in two by the line
is that key, and where it came too late for that, it is at most an Esc; pasted text is one piece of text and
holds no key. No clock: the time comes in as an argument.
"""

from __future__ import annotations

import os
import re
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterator, Mapping
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from huiyuan.tui.key_forms import FORMS

ESC: Final = "\x1b"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
ESCAPE_LOCAL_S: Final = 0.05
ESCAPE_LINE_S: Final = 0.35
"""How long an Esc waits for the rest of a function key. Over a network the two may come apart."""
SEQUENCE_S: Final = 1.0
"""How long the begin of a sequence waits for its end; nobody types one by hand."""
PASTE_S: Final = 10.0
PASTE_MOST: Final = 65536
SEQUENCE_MOST: Final = 64

_CSI: Final = re.compile(r"\x1b\[(?:\[[!-~]|M[ -~]{3}|[0-?]*[ -/]*[@-Z\\-~])")
_CSI_BEGUN: Final = re.compile(r"\x1b\[(?:\[|[0-?]*[ -/]*)")
_SS3: Final = re.compile(r"\x1bO[0-9;]*[A-Za-z\[]")
_SS3_BEGUN: Final = re.compile(r"\x1bO[0-9;]*")
_ANSWER: Final = re.compile(r"\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)")
_PEN: Final = re.compile(r"\x1b\[(\d+);(\d+)R")
_MODIFIED: Final = re.compile(r"\x1b\[(?:1;\d+[A-HPQS]|(?:[1-8]|1[1-5]|1[7-9]|2[0134]);\d+~|[\d;:]+u)")
_TAIL: Final = re.compile(r"\[[\[\d;?<]*[A-Za-z~]|O[A-DFHP-X]")
_TAIL_BEGUN: Final = re.compile(r"\[.*|O[A-Za-z\[]", re.DOTALL)
"""What may come in the read after an Esc of its own and still be one key with it."""


class BytesRefused(Message):
    """What came is no UTF-8: a terminal that speaks GBK, or noise on the line. Nothing of it was used."""


def escape_wait_s(environment: Mapping[str, str] = os.environ) -> float:
    """Seconds that an Esc waits: what ESCDELAY (milliseconds) says, else long over ssh and short here."""
    told = environment.get("ESCDELAY", "")
    if told.isdecimal() and 0 < int(told) <= 5000:
        return int(told) / 1000
    over_a_line = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    return ESCAPE_LINE_S if over_a_line else ESCAPE_LOCAL_S


class KeyReader:
    """Feed it what was read, and tick it when `due_at` has come; both hand out what it means."""

    def __init__(self, escape_s: float) -> None:
        self._escape_s = escape_s
        self._decoder = getincrementaldecoder("utf-8")()
        self._names = XTermParser()
        self._held = ""
        self._pasted: str | None = None
        self._last = 0.0
        self._tail_until = 0.0

    @property
    def due_at(self) -> float | None:
        """When something has waited long enough; None if nothing waits."""
        if self._pasted is not None:
            return self._last + PASTE_S
        if self._held:
            return self._last + (self._escape_s if self._held == ESC else SEQUENCE_S)
        return self._last + SEQUENCE_S if self._decoder.getstate()[0] else None

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """What `data`, one read of the terminal, means. A read that holds an invalid byte means nothing."""
        yield from self.tick(now)
        self._last = now
        try:
            text = self._decoder.decode(data)
        except UnicodeDecodeError:
            self._decoder.reset()
            self._held = ""
            if PASTE_END.encode() in data:
                self._pasted = None
            yield BytesRefused()
            return
        if not self._held and now < self._tail_until:  # the rest of what an Esc was believed to be
            if _TAIL.fullmatch(text):
                return
            if text.startswith(PASTE_BEGIN[1:]):
                text = ESC + text
        if self._held == ESC and not _TAIL_BEGUN.fullmatch(text):
            self._held = ""  # an Esc, and then something else
            yield events.Key("escape", ESC)
        text, self._held = self._held + text, ""
        yield from self._read(text)

    def tick(self, now: float) -> Iterator[Message]:
        """What has waited long enough."""
        due = self.due_at
        if due is None or now < due:
            return
        if self._pasted is not None:
            pasted, self._pasted = self._pasted, None
            yield events.Paste(pasted)
        elif self._held == ESC:
            self._tail_until = now + SEQUENCE_S
            yield events.Key("escape", ESC)
        elif not self._held:
            self._decoder.reset()
            yield BytesRefused()
        self._held = ""

    def _read(self, text: str) -> Iterator[Message]:
        place = 0
        while place < len(text):
            if self._pasted is not None:
                place = yield from self._paste(text, place)
            elif text[place] != ESC:
                yield from self._character(text[place])
                place += 1
            else:
                length, meant = self._sequence(text[place:])
                if not length:
                    self._held = text[place:]
                    return
                yield from meant
                place += length

    def _paste(self, text: str, place: int) -> Generator[Message, None, int]:
        """Up to the mark of its end, which may come in two reads. Returns where the keys go on."""
        before = len(self._pasted or "")
        pasted = (self._pasted or "") + text[place:]
        end = pasted.find(PASTE_END, max(0, before - len(PASTE_END)))
        if end < 0:
            tail = len(PASTE_END) - 1
            self._pasted = (
                pasted if len(pasted) <= PASTE_MOST else pasted[: PASTE_MOST - tail] + pasted[-tail:]
            )
            return len(text)
        self._pasted = None
        yield events.Paste(pasted[:end].replace("\x00", ""))
        return place + end - before + len(PASTE_END)

    def _character(self, character: str) -> Iterator[Message]:
        if not "\x80" <= character <= "\x9f":  # controls that only terminals of before UTF-8 sent
            yield from self._names._sequence_to_key_events(character)

    def _sequence(self, text: str) -> tuple[int, list[Message]]:
        """How many characters of `text` one sequence takes, and what it means; 0 if it is not here whole."""
        following = text[1:2]
        escape: list[Message] = [events.Key("escape", ESC)]
        if not following:
            return 0, []
        if following == "[":
            return self._cut(text, _CSI, _CSI_BEGUN)
        if following == "O":
            return self._cut(text, _SS3, _SS3_BEGUN)
        if answer := _ANSWER.match(text):
            return answer.end(), []
        if following == ESC or len(text) > 2:
            return 1, escape
        return 2, []  # Alt and a key, which came together and alone

    def _cut(self, text: str, whole: re.Pattern[str], begun: re.Pattern[str]) -> tuple[int, list[Message]]:
        if found := whole.match(text):
            return found.end(), list(self._meaning(found[0]))
        broken = begun.match(text)
        length = broken.end() if broken else len(text)
        return (0, []) if length == len(text) and length < SEQUENCE_MOST else (length, [])

    def _meaning(self, sequence: str) -> Iterator[Message]:
        if sequence == PASTE_BEGIN:
            self._pasted = ""
        elif sequence in FORMS:
            key, character = FORMS[sequence]
            yield events.Key(key, character)
        elif pen := _PEN.fullmatch(sequence):
            yield events.CursorPosition(int(pen[2]) - 1, int(pen[1]) - 1)
        elif _MODIFIED.fullmatch(sequence):
            yield from (key for key in self._names._sequence_to_key_events(sequence) if "alt+" not in key.key)
