"""A keyboard scanner that was told to send something before each code, or Tab behind it.

Always true: keys that turn out to be no scan are handed on, all of them, in their order; a code that lost its
prefix is typed text, and then the pace decides; what is scanned after the prefix never reaches a field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from textual import events

from huiyuan.domain.model.scan_timing import ScannerHabits

WITHIN_S: Final = 0.3
CODE_MOST: Final = 512
NAMED: Final = re.compile(r"<([a-z0-9+_]+)>")
Handed = events.Key | str


def prefix_keys(prefix: str) -> tuple[str, ...]:
    """The keys of a prefix: `<f12>` is one key, anything else is a key for each character."""
    named = NAMED.fullmatch(prefix)
    return (named[1],) if named else tuple(prefix)


@dataclass
class Wedge:
    """Keys in; keys and whole codes out.

    `feed` answers what is to be done now, in order: keys, and codes as text. While `holds` is true something
    is kept back; whoever feeds asks `give_up` when nothing more came within `WITHIN_S`.
    """

    habits: ScannerHabits = field(default_factory=ScannerHabits)
    _held: list[events.Key] = field(default_factory=list)
    _burst: int = 0
    _before_at: float = 0.0
    _last: tuple[str, float] = ("", -1000.0)

    @property
    def holds(self) -> bool:
        """Keys are kept back."""
        return bool(self._held)

    def waits_behind(self, last: events.Key) -> bool:
        """`last` is still the newest key that is kept back."""
        return bool(self._held) and self._held[-1] is last

    def feed(self, event: events.Key) -> list[Handed]:
        """What became of this key and of those before it."""
        handed: list[Handed] = []
        if self._held and event.time - self._held[-1].time > WITHIN_S:
            handed += self.give_up()
        prefix = prefix_keys(self.habits.prefix)
        if not prefix:
            return [*handed, self._ended(event)]
        place = len(self._held)
        if place < len(prefix):
            if prefix[place] in {event.key, event.character}:
                self._held.append(event)
                return handed
            return [*handed, *self.give_up(), self._ended(event)]
        if event.key == self.habits.suffix:
            code = "".join(each.character or "" for each in self._held[len(prefix) :])[:CODE_MOST]
            self._held.clear()
            return [*handed, code] if code and not self._doubled(code, event.time) else handed
        if event.is_printable and event.character:
            self._held.append(event)
            return handed
        return [*handed, *self.give_up(), event]

    def give_up(self) -> list[Handed]:
        """It was no scan."""
        held, self._held = self._held, []
        return list(held)

    def _ended(self, event: events.Key) -> events.Key:
        """Tab behind a code is what Enter is behind typed text."""
        close = event.time - self._before_at <= self.habits.gap_ms / 1000
        self._before_at = event.time
        if event.is_printable:
            self._burst = self._burst + 1 if close else 1
            return event
        scanned, self._burst = close and self._burst >= self.habits.shortest, 0
        if scanned and event.key == "tab" and self.habits.suffix == "tab":
            enter = events.Key("enter", "\r")
            enter.time = event.time
            return enter
        return event

    def _doubled(self, code: str, at: float) -> bool:
        before, before_at = self._last
        self._last = (code, at)
        return code == before and (at - before_at) * 1000 < self.habits.repeat_ms
