"""Before the counter starts: is this a terminal that shows it? If not, it is said where one can read it.

Always true: nothing was started or written before the answer; what is refused is refused in one sentence, in
the character set of the terminal.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext, CommandRefused

NAMELESS: Final = frozenset({"", "dumb", "unknown"})
PLAIN_LOCALES: Final = frozenset({"C", "POSIX"})
PYTHONS_OWN: Final = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
"""What Python itself puts into LC_CTYPE where it does not have the locale of LANG."""
CHINESE: Final = "会"


def need_terminal(context: CommandContext) -> None:
    """See to it that keys come from a terminal, and that what is written arrives on it as UTF-8.

    Raises:
        CommandRefused: There is none, or none that shows the counter.
    """
    tr = context.tr
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise CommandRefused(tr(msg("The counter needs a terminal; this is none. Use a subcommand.")))
    term = os.environ.get("TERM", "")
    if term in NAMELESS:
        sentence = tr(
            msg("The terminal does not say what it is (TERM is {term}). Set TERM=xterm and start again.")
        )
        raise CommandRefused(sentence.format(term=term or "-"))
    charset = charset_of(os.environ)
    if charset != "utf-8" and not _draws_utf8():
        _speak(charset)
        sentence = tr(
            msg("The character set here is {charset}; the counter needs UTF-8. Set the terminal to UTF-8"
                " (PuTTY: Window, Translation) and LANG=zh_CN.UTF-8, and start again.")
        )  # fmt: skip
        raise CommandRefused(sentence.format(charset=charset))
    _speak("utf-8")


def charset_of(environment: Mapping[str, str]) -> str:
    """The character set that the locale names; utf-8 where it names none, or none that anybody knows."""
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if names[1] in PYTHONS_OWN and names[2]:
        names[1] = ""
    locale = next(filter(None, names), "C")
    named = locale.partition(".")[2].partition("@")[0]
    if locale in PLAIN_LOCALES or not named:
        return "utf-8"
    try:
        return codecs.lookup(named).name
    except LookupError:
        return "utf-8"


def _draws_utf8() -> bool:
    """Whether the terminal reads UTF-8, whatever the locale says: it draws a Chinese character two wide."""
    from huiyuan.tui.terminal_look import own_terminal  # asked seldom, and not light

    asker = own_terminal()
    if asker is None:
        return False
    with asker.raw():
        return asker.cells_of(CHINESE) == 2


def _speak(charset: str) -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=charset, errors="replace")
