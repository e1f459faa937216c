"""What the keys of a counter are on the line: xterm, PuTTY in each of its ways, the Linux console, rxvt.

Always true: every form means one key; the forms of PuTTY's SCO way are free because nothing that we switch on
(no focus reports, no kitty protocol, no mouse) uses them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

ESC: Final = "\x1b"
_FUNCTION: Final = {
    f"f{number}": code
    for number, code in zip(range(1, 13), (11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24), strict=True)
}
_EDITING: Final = {
    "home": (1, 7),
    "insert": (2,),
    "delete": (3,),
    "end": (4, 8),
    "pageup": (5,),
    "pagedown": (6,),
}
_ARROWS: Final = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
_KEYPAD: Final = dict(zip("jkmnopqrstuvwxy", "*+-./0123456789", strict=True))
_NAMES: Final = {"*": "asterisk", "+": "plus", "-": "minus", ".": "full_stop", "/": "slash"}


def _forms() -> Iterator[tuple[str, str, str | None]]:
    """Sequence, key, character."""
    for number, (key, code) in enumerate(_FUNCTION.items()):
        yield f"{ESC}[{code}~", key, None
        yield f"{ESC}O{'PQRSTUVWXYZ['[number]}", key, None  # xterm to F4, PuTTY's VT100+ further
        yield f"{ESC}[{'MNOPQRSTUVWX'[number]}", key, None  # PuTTY's SCO
    for number, letter in enumerate("ABCDE", start=1):
        yield f"{ESC}[[{letter}", f"f{number}", None  # the Linux console
    for key, codes in _EDITING.items():
        for code in codes:
            yield f"{ESC}[{code}~", key, None
    for key, letter in _ARROWS.items():
        yield f"{ESC}[{letter}", key, None
        yield f"{ESC}O{letter}", key, None
    for key, letter in (("pageup", "I"), ("pagedown", "G"), ("insert", "L")):
        yield f"{ESC}[{letter}", key, None  # PuTTY's SCO
    yield f"{ESC}[Z", "shift+tab", None
    yield f"{ESC}OM", "enter", "\r"
    for letter, character in _KEYPAD.items():
        yield f"{ESC}O{letter}", _NAMES.get(character, character), character
    for direction, letter in (("up", "a"), ("down", "b"), ("right", "c"), ("left", "d")):
        yield f"{ESC}[{letter}", f"shift+{direction}", None  # rxvt
        yield f"{ESC}O{letter}", f"ctrl+{direction}", None


FORMS: Final = {sequence: (key, character) for sequence, key, character in _forms()}
