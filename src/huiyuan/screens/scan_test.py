"""Scanner test: one label is scanned a few times; what the scanner does is said, and settings are proposed.

Always true: a code that is scanned here goes nowhere and is not shown; nothing is kept without a word.
"""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.scan_timing import KeySeen, ScansJudged, judge_scans
from huiyuan.screens import device_news
from huiyuan.screens.ask import ask
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import ShopInput
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.wording import Wording

KEYS_MOST: Final = 2000
QUIET_S: Final = 0.6
TROUBLES: Final = {
    "none": msg("The scanner is well."),
    "no_scan": msg("No scan came. Is it a keyboard scanner, and is its cable in?"),
    "no_suffix": msg(
        "No Enter comes behind the code: program the scanner to send Enter (its manual: suffix CR)."
    ),
    "too_slow": msg("It types as slowly as a person: program a prefix (F12), then the pace does not matter."),
    "doubled": msg("It sends each code twice: the second one is left out from now on if you keep this."),
    "lost_prefix": msg(
        "The prefix is missing sometimes: a bad cable or radio link, or keys lost on the line."
    ),
    "differ": msg("The codes differ: was it one label? If so, an input method or a bad line spoils them."),
}
NEEDS_HANDS: Final = frozenset({"no_scan", "no_suffix"})


class ScanTest(Sheet[bool]):
    """Scans, then Enter keeps what is proposed."""

    SCOPE: ClassVar[str] = "scan_test"
    KEYS_AS_THEY_ARE: ClassVar[bool] = True

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop, shop.say(msg("Scanner test")))
        self.seen: list[KeySeen] = []
        self.judged: ScansJudged | None = None

    def body(self) -> ComposeResult:
        """What to do, what came of it."""
        yield Prose(
            self.say(msg("Scan one label three times, a second apart. Then F2 keeps what is proposed."))
        )
        yield Prose("", id="judged")

    async def on_key(self, event: events.Key) -> None:
        """Each key with its moment; F2 and Esc are the screen's own."""
        if event.key in {"escape", "f2", "f1"}:
            return
        event.stop()
        event.prevent_default()
        if len(self.seen) < KEYS_MOST:
            char = event.character or "" if event.is_printable else ""
            self.seen.append(KeySeen(event.key, char, int(event.time * 1000)))
        self.set_timer(QUIET_S, self.judge)

    def judge(self) -> None:
        """Once no key comes any more; a timer of an earlier key finds later ones and judges them, too."""
        self.judged = judge_scans(self.seen)
        self.query_one("#judged", Prose).show(judged_text(self.say, self.judged))
        self.refresh_bindings()

    def code_scanned(self, text: str) -> bool:
        """One with a line of its own has no keys to be looked at."""
        told = msg("A code of {count} characters came over the scanner's own line: nothing is to be set.")
        self.query_one("#judged", Prose).show(self.say(told, count=len(text)))
        return True

    def applies(self, action: str) -> bool:
        """Nothing is kept of what was no scan."""
        if action == "keep":
            return self.judged is not None and self.judged.trouble not in NEEDS_HANDS
        return super().applies(action)

    def action_keep(self) -> None:
        """F2: from now on, after the next start, too."""
        if self.judged is None:
            return
        desk, habits = self.shop.devices, self.judged.proposed
        ShopInput.scanner = habits

        def work() -> None:
            desk.keep_scanner(habits)

        ask(self, work, then=lambda _: device_news.ScannerKept(), subject="scanner")

    @on(device_news.ScannerKept)
    def leave(self) -> None:
        """Back to the devices."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Esc."""
        self.dismiss(None)


def judged_text(say: Wording, judged: ScansJudged) -> str:
    """Cause first, then figures and what is proposed."""
    words = say(TROUBLES[judged.trouble])
    if judged.trouble == "no_scan":
        return words
    found = say(
        msg("{scans} scans of {length} characters, at most {slowest} ms between two keys."),
        scans=judged.scans, length=judged.length, slowest=judged.slowest_ms,
    )  # fmt: skip
    habits = judged.proposed
    proposed = say(
        msg("Proposed: pace {gap} ms, prefix {prefix}, suffix {suffix}, from {shortest} characters on."),
        gap=habits.gap_ms, prefix=habits.prefix or say(msg("none")), suffix=habits.suffix,
        shortest=habits.shortest,
    )  # fmt: skip
    return f"{words}\n{found}\n{proposed}"
