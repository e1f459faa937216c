"""The strings, by the number of their row."""

from __future__ import annotations

from typing import Final

MARKUP: Final = {
    1: ("Li [VIP]", "[1] Li"),
    2: ("[bold]Li[/bold]",),
    3: ("[@click=app.quit]x[/]",),
    4: ("a[/]b", "[/bold]x", "[", "[red", "[x="),
    5: ("$primary [$error]y[/]",),
    19: ("'; DROP TABLE member;--", "%", "_", "\\", "O'Neil"),
    25: ("{0.__class__}", "%n", "{{7*7}}"),
    36: ("null", "None", "true", "NaN"),
}
"""Text that is honest by its characters: it is kept, and shown letter by letter."""

STEERING: Final = {
    6: ("A\x1b]0;PWN\x07B", "A\x1b]52;c;eA==\x1b\\B"),
    7: ("A\x1b[2JB", "A\x1b[6nB", "A\x9b2J", "A\x90q\x9cB", "A\x1bcB"),
    8: ("a\rb", "a\nb", "a\tb", "a\x08b", "a\x7fb", "a\u2028b", "a\u2029b"),
    10: ("Li\x1bp\x00\x19\xfa", "Li\x1dV\x00", "Li\x10\x14\x01", "Li\x1b@"),
    12: ("abc\u202e321", "a\u2066b\u2069c", "a\u200eb\u200f"),
    13: ("Li\u200bu", "Li\ufeff", "Li\u2060u", "Li\u00adu", "Li\u3164"),
}
"""Text that is refused at every edge; an old row that holds it is shown with marks for what steers."""

WIDE: Final = {
    11: ("会员𠮷😀",),
    14: ("e\u0301", "Ａ１", "ﬁ", "a\u3000b"),
    16: ("a" + "\u0301" * 50, "x" * 65),
}
"""Text whose width or form is hard."""


def every(*tables: dict[int, tuple[str, ...]]) -> list[tuple[int, str]]:
    """Row and string, in order."""
    return [(row, text) for table in tables for row, texts in sorted(table.items()) for text in texts]
