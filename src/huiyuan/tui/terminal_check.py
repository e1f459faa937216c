"""`huiyuan doctor terminal`: what this terminal can do, in sentences, with what to set where it cannot."""

from __future__ import annotations

import os
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.terminal_look import FUNCTION_KEYS, TerminalAsker, TerminalLook, key_of, own_terminal

KEY_WITHIN_S: Final = 30
COLUMNS_MIN, ROWS_MIN = 60, 18
SLOW_BYTES_PER_S: Final = 4000
_ENDS: Final = (b"\r", b"\n", b"q", b"\x03", b"\x1b", b"")


def check_terminal(context: CommandContext) -> bool:
    """Say what was found, then try the keys; True if a counter works well here.

    Raises:
        CommandRefused: There is no terminal.
    """
    asker = own_terminal()
    if asker is None:
        raise CommandRefused(context.tr(msg("This is no terminal: run it where the counter will run.")))
    with asker.raw():
        look = asker.look()
    fine = _say_look(context, look)
    _say_colours(context)
    return _try_keys(context, asker) and fine


def _say_look(context: CommandContext, look: TerminalLook) -> bool:
    tr, fine = context.tr, True
    context.say(tr(msg("Size: {columns}x{rows}.")).format(columns=look.columns, rows=look.rows))
    if look.columns < COLUMNS_MIN or look.rows < ROWS_MIN:
        fine = False
        context.say(tr(msg("  Too small: the counter needs 60x18, and is made for 80x24.")))
    if look.round_trip_ms is None:
        context.say(tr(msg("It does not answer questions; nothing more can be found out by asking.")))
        return False
    context.say(tr(msg("Line: an answer takes {ms} ms.")).format(ms=look.round_trip_ms))
    if look.bytes_per_s is not None:
        context.say(tr(msg("  It carries some {bytes} bytes a second.")).format(bytes=look.bytes_per_s))
        if look.bytes_per_s < SLOW_BYTES_PER_S:
            context.say(tr(msg("  That is slow. Use `ssh -C`.")))
    else:
        context.say(tr(msg("  It carries more than one load can tell.")))
    if look.chinese_cells == 2:
        context.say(tr(msg("Characters: UTF-8, a Chinese character takes two columns.")))
    else:
        fine = False
        context.say(tr(msg("Characters: this terminal does not read UTF-8, or draws Chinese too narrow.")))
        context.say(tr(msg("  PuTTY: Window, Translation, Remote character set: UTF-8.")))
        context.say(tr(msg("  Others: set the encoding of the terminal to UTF-8, and LANG to zh_CN.UTF-8.")))
    if look.line_cells == 2:
        context.say(
            tr(msg("Lines and dots take two columns here; the counter draws them with - | + instead."))
        )
        context.say(tr(msg("  PuTTY: Window, Translation, Treat CJK ambiguous characters as wide: off.")))
    elif look.line_cells == 1:
        context.say(tr(msg("Lines and dots take one column, as they should.")))
    return fine


def _say_colours(context: CommandContext) -> None:
    term = os.environ.get("TERM", "")
    if os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        colours = "16777216"
    elif "256" in term:
        colours = "256"
    else:
        colours = "16"
    sentence = context.tr(msg("Colours: {count} (TERM is {term})."))
    context.say(sentence.format(count=colours, term=term or "-"))


def _try_keys(context: CommandContext, asker: TerminalAsker) -> bool:
    """The user presses F2 to F9 one by one and reads what arrived; Enter skips the rest."""
    tr, wrong = context.tr, 0
    with asker.raw():  # for all of them: between two keys nothing is lost
        context.say(tr(msg("Now press F2, F3 … F9 one after the other. Enter ends it.")))
        for name in FUNCTION_KEYS:
            sent = asker.key(KEY_WITHIN_S)
            if sent in _ENDS:
                context.say(tr(msg("  {key} and what follows was not tried.")).format(key=name))
                break
            arrived = key_of(sent)
            if arrived == name:
                context.say(tr(msg("  {key} arrives.")).format(key=name))
            else:
                wrong += 1
                shown = arrived or sent.hex(" ")
                context.say(tr(msg("  {key} arrives as {shown}.")).format(key=name, shown=shown))
    if wrong:
        context.say(tr(msg("  PuTTY: Terminal, Keyboard, The Function keys and keypad: Xterm R6.")))
        context.say(tr(msg("  A key that the desktop keeps for itself has to be freed in its settings.")))
    return wrong == 0
