"""`huiyuan doctor devices --replay FILE`: the bytes of a shop's report, played into the simulators here."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext, CommandRefused

DIFFERENCES_SHOWN: Final = 3


def replay_report(context: CommandContext, path: Path) -> bool:
    """A row for each device; True if every simulator answered as the device did.

    Raises:
        CommandRefused: the file cannot be read, or holds no bytes of a device.
    """
    from huiyuan.devices.simulators.replay import REPORT_MOST, read_report, replay
    from huiyuan.screens.device_words import KINDS

    tr = context.tr
    try:
        with path.open("rb") as file:
            text = file.read(REPORT_MOST).decode("utf-8", "replace")
    except OSError as error:
        sentence = tr(msg("{file} cannot be read ({problem})."))
        raise CommandRefused(sentence.format(file=path.name, problem=error.strerror)) from None
    found = read_report(text)
    if not found:
        raise CommandRefused(tr(msg("{file} is no report of devices.")).format(file=path.name))
    well = True
    for kind, pieces in found.items():
        played = replay(kind, pieces)
        result = played.result
        if kind == "printer":
            text = tr(msg("{bytes} bytes on paper, drawer opened {times} times"))
            result = text.format(bytes=played.on_paper, times=played.pulses)
        context.say("  " + tr(msg("{fact}: {value}")).format(fact=tr(KINDS[kind]), value=result))
        if played.asked:
            text = tr(msg("    {same} of {asked} answers are the simulator's, too."))
            context.say(text.format(same=played.same, asked=played.asked))
        for then, now in played.differs[:DIFFERENCES_SHOWN]:
            text = tr(msg("    then {then}, here {now}"))
            context.say(text.format(then=then.hex(" "), now=now.hex(" ") or "-"))
        well = well and not played.differs
    return well
