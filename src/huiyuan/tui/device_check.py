"""`huiyuan doctor devices`: each seat's printer, drawer, display and reader, tried from the command line.

It needs no database; a counter that is running may hold a serial line or a card reader meanwhile.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.domain.model.device import Condition
from huiyuan.domain.model.devices import DRAWN_ENCODING, TRIED_ENCODINGS, card_outcome, shown_bytes
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.printing import JobState
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.device_desk import SeatDevices

if TYPE_CHECKING:
    from huiyuan.tui.readers import SeatReaders

BYTES_SHOWN: Final = 24
ROWS_SHOWN: Final = 12
READER_WITHIN_S: Final = 3
MAYBE_NONE: Final = frozenset({"no_service", "no_library", "starting"})
"""How a counter without any reader looks."""
LOOPED_NEVER: Final = frozenset({"drawer", "scanner", "none", "off"})
"""The drawer hangs on the printer's line, and a scanner is tried by a person."""
WELL: Final = frozenset({"ready", "paper_low", "none", "open", "closed", "unknown", "off", "unasked"})


def add_device_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """What `doctor devices` tries beside asking."""
    parser.add_argument(
        "--page",
        action="store_true",
        help=tr(msg("devices: print a line in each encoding, keep the one chosen")),
    )
    parser.add_argument(
        "--display", action="store_true", help=tr(msg("devices: show 888.88 to the customer"))
    )
    parser.add_argument(
        "--drawer", action="store_true", help=tr(msg("devices: open the cash drawer; it is written down"))
    )
    parser.add_argument("--card", action="store_true", help=tr(msg("devices: read the card on the reader")))
    parser.add_argument(
        "--loop", action="store_true", help=tr(msg("devices: ask each again and again, count the answers"))
    )
    parser.add_argument("--note", metavar="TEXT", help=tr(msg("devices: note what was done to them")))
    parser.add_argument(
        "--replay", metavar="FILE", type=Path, help=tr(msg("devices: play a report into the simulators here"))
    )
    parser.add_argument("--report", action="store_true", help=tr(msg("devices: write a file for the vendor")))


def check_devices(context: CommandContext, arguments: argparse.Namespace) -> bool:
    """Ask the devices of every seat here; True if all of them are well.

    Raises:
        CommandRefused: there is no seat, a setting cannot be used, or the disk takes nothing.
    """
    context.start_logs()
    if arguments.replay is not None:
        from huiyuan.tui.device_replay import replay_report

        return replay_report(context, arguments.replay)
    folders = [each for each in sorted(context.paths.counter.iterdir()) if each.is_dir()]
    if not folders:
        raise CommandRefused(context.tr(msg("There is no seat of this name here. Start the counter once.")))
    try:
        found = [_check_seat(context, arguments, folder) for folder in folders]
    except Refused as refused:
        sentence = context.tr(msg("The folder of this seat cannot be written ({problem})."))
        raise CommandRefused(sentence.format(problem=refused.facts.get("why"))) from None
    return all(found)


def _check_seat(context: CommandContext, arguments: argparse.Namespace, folder: Path) -> bool:
    from huiyuan.tui.readers import chosen_scanner, open_readers

    readers = open_readers(context.settings.reader, chosen_scanner(context, folder))
    desk = _open_desk(context, folder, readers)
    readers.start()
    try:
        context.say(context.tr(msg("Seat {seat}:")).format(seat=folder.name))
        _wait_for_reader(readers, card=arguments.card)
        well = _look(context, desk)
        well = (not arguments.card or _read_card(context, readers, desk)) and well
        return _try(context, arguments, desk) and well
    finally:
        readers.close()


def _wait_for_reader(readers: SeatReaders, *, card: bool) -> None:
    """Until the reader has said how it stands, and until its card lies there, if one is to be read."""
    until = time.monotonic() + READER_WITHIN_S
    while time.monotonic() < until:
        state = readers.cards.state()
        if state.condition is not Condition.STARTING and (state.occupied or not card):
            return
        time.sleep(0.02)


def _look(context: CommandContext, desk: SeatDevices) -> bool:
    """A row for each device; True if all are well. A reader that nobody named may be none."""
    from huiyuan.screens.device_words import KINDS, advice_text, facts_text, state_words, word
    from huiyuan.screens.wording import Wording

    tr, say, well = context.tr, Wording(context.tr, context.lang), True
    maybe = MAYBE_NONE if context.settings.reader.card_reader == "auto" else frozenset[str]()
    for each in desk.check():
        facts = facts_text(say, each)
        what = " ".join(filter(None, (tr(KINDS[each.kind]), word(say, each.name))))
        row = "  " + say(msg("{fact}: {value}"), fact=what, value=state_words(say, each.state))
        context.say(f"{row} ({facts})" if facts else row)
        advice = advice_text(say, each)
        if advice and not (each.kind == "reader" and each.state in maybe):
            context.say(f"    {advice}")
        well = well and each.state in (WELL | maybe if each.kind == "reader" else WELL)
    return well


def _read_card(context: CommandContext, readers: SeatReaders, desk: SeatDevices) -> bool:
    """What is on the card that lies there; how it came out is kept."""
    from huiyuan.screens.reader_words import card_words
    from huiyuan.screens.refusals import sentence
    from huiyuan.screens.wording import Wording

    say = Wording(context.tr, context.lang)
    try:
        card = readers.cards.read()
    except Refused as refused:
        desk.card_tested(refused.code)
        context.say("  " + sentence(say, refused))
        return False
    desk.card_tested(card_outcome(card.readings))
    context.say("  " + card_words(say, card))
    return True


def _try(context: CommandContext, arguments: argparse.Namespace, desk: SeatDevices) -> bool:
    """What the command line wants to have tried."""
    tr, well = context.tr, True
    if arguments.drawer:
        opened = desk.open_drawer()
        context.say(tr(msg("  The drawer's pulse went out.")) if opened else tr(msg("  No pulse went out.")))
        well = well and opened
    if arguments.display:
        well = (
            _said(context, desk.show_test(), msg("  The customer display shows 888.88 now, if it is well."))
            and well
        )
    if arguments.page:
        well = _page(context, desk) and well
    if arguments.loop:
        well = _loop(context, desk) and well
    if arguments.note:
        desk.note(arguments.note, by="")
        context.say(tr(msg("  Noted.")))
    _say_bytes(context, desk)
    if arguments.report:
        context.say(
            tr(msg("  A report without personal data lies at {path}.")).format(path=desk.write_report())
        )
    return well


def _say_bytes(context: CommandContext, desk: SeatDevices) -> None:
    """What crossed each line just now, masked."""
    from huiyuan.screens.device_words import KINDS

    for kind, word in KINDS.items():
        said = desk.said(kind)[-ROWS_SHOWN:] if kind != "drawer" else ()  # it hangs on the printer's line
        if said:
            context.say(f"  {context.tr(word)}:")
        for piece in said:
            context.say(f"  {'>' if piece.out else '<'} {shown_bytes(piece.data[:BYTES_SHOWN])}")


def _loop(context: CommandContext, desk: SeatDevices) -> bool:
    """A row for each device that can be asked; True if none missed an answer."""
    from huiyuan.screens.device_words import KINDS, state_words
    from huiyuan.screens.refusals import sentence
    from huiyuan.screens.wording import Wording

    tr, say, well = context.tr, Wording(context.tr, context.lang), True
    text = tr(
        msg("  {device}: answered {answered} of {asked}, the slowest after {slowest} ms; now: {state}.")
    )
    for each in desk.attached():
        if each.kind in LOOPED_NEVER or each.state in LOOPED_NEVER:
            continue
        device = tr(KINDS[each.kind])
        try:
            outcome = desk.loop(each.kind)
        except Refused as refused:
            context.say(f"  {device}: {sentence(say, refused)}")
            continue
        context.say(
            text.format(
                device=device, asked=outcome.asked, answered=outcome.answered, slowest=outcome.slowest_ms,
                state=state_words(say, outcome.state),
            )
        )  # fmt: skip
        well = well and outcome.answered == outcome.asked
    return well


def _said(context: CommandContext, taken: bool, sentence: str) -> bool:
    no = msg("  No customer display took the figures. Is its cable in?")
    context.say(context.tr(sentence if taken else no))
    return taken


def _open_desk(context: CommandContext, folder: Path, readers: SeatReaders) -> SeatDevices:
    from huiyuan.tui.paper import (
        CACHE_FOLDER,
        SLIPS_FOLDER,
        SUPPORT_FOLDER,
        chosen_printer,
        display_of,
        printer_of,
        scale_of,
    )  # fmt: skip

    home, chosen = context.paths.home, chosen_printer(context, folder)
    printer = printer_of(chosen, slips=home / SLIPS_FOLDER / folder.name, cache=home / CACHE_FOLDER)
    desk = SeatDevices(
        chosen, printer, display_of(chosen), scale=scale_of(chosen),
        folder=folder, reports=home / SUPPORT_FOLDER,
        now=lambda: datetime.now(UTC), readers=readers,
    )  # fmt: skip
    printer.watch(desk.printer_stands)
    return desk


def _page(context: CommandContext, desk: SeatDevices) -> bool:
    """Print the page, ask which line reads correctly, keep it."""
    tr, outcome = context.tr, desk.encoding_page()
    if outcome not in {JobState.PRINTED, JobState.SENT}:
        context.say(tr(msg("The test page did not come out, or not whole.")))
        return False
    context.say(tr(msg("Which line reads correctly first? 1 2 3 4 5, or Enter for none of them:")))
    answer = sys.stdin.readline().strip()
    if answer not in {"1", "2", "3", "4", "5"}:
        return False
    encoding = TRIED_ENCODINGS[int(answer) - 1]
    draws = encoding == DRAWN_ENCODING
    if not draws:
        context.say(tr(msg("Does line 5 read correctly, too? 5, or Enter for no:")))
        draws = sys.stdin.readline().strip() == "5"
    desk.keep_encoding(encoding, draws=draws)
    context.say(tr(msg("Slips are printed in {encoding} from now on.")).format(encoding=encoding))
    return True
