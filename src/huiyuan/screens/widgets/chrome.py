"""What frames every screen: the status line above, the notice and the keys below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.widget import Widget

from huiyuan.config.i18n import msg
from huiyuan.screens.commands import key_of, key_shown
from huiyuan.screens.outage import outage_text
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.plain import cells, fit, visible, wrap

if TYPE_CHECKING:
    from huiyuan.screens.asking import AskingScreen

DEMO: Final = msg("DEMO")
READ_ONLY: Final = msg("READ ONLY")
NOBODY: Final = msg("not signed in")
NO_SHIFT: Final = msg("no shift")


class StatusBar(Widget):
    """One row: store and seat, person, business date, shift, line; DEMO at the right where it is one."""

    DEFAULT_CSS = """
    StatusBar { height: 1; background: $primary; color: $text-bar; text-style: $bar-style; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop

    def render(self) -> Text:
        """Left what names this counter, right the state of the line and the demo mark."""
        shop, say, width = self.shop, self.shop.say, self.size.width
        parts: list[str] = []
        if shop.hello is not None:
            parts.append(f"{shop.hello.store.name} {shop.hello.store.code}-{shop.hello.terminal.code}")
        parts.append(shop.signed.staff.name if shop.signed else say(NOBODY))
        if shop.hello is not None:
            parts.append(say.date(shop.server_now()))
            shift = shop.shift
            parts.append(say(msg("shift {number}"), number=shift.number) if shift else say(NO_SHIFT))
        right = Text(no_wrap=True, end="")
        if shop.read_only:
            right.append(f" {say(READ_ONLY)} ", "reverse bold")
        line_style = "" if shop.line.state in {"up", "starting"} else "reverse bold"
        if shop.hello is not None or shop.line.state != "up":  # before an answer nobody knows
            outage = shop.door.outage() if shop.line.state == "offline" else None
            label = outage_text(shop, outage) if outage else say(shop.line.label)
            right.append(f" {label} ", line_style)
        if shop.hello is not None and shop.hello.chain.demo:
            right.append(f" {say(DEMO)} ", "reverse")
        left_width = max(0, width - right.cell_len)
        bar = Text(fit(" " + "  ".join(visible(part) for part in parts), left_width), no_wrap=True, end="")
        bar.append_text(right)
        return bar


class Title(Widget):
    """One row: what this screen is, and at the right what it is about."""

    DEFAULT_CSS = """
    Title { height: 1; background: $panel; color: $foreground; text-style: bold; }
    """

    def __init__(self, text: str, aside: str = "") -> None:
        super().__init__()
        self.text = text
        self.aside = aside

    def set_aside(self, text: str) -> None:
        """Change the right half. `text` may hold names from outside."""
        if text != self.aside:
            self.aside = text
            self.refresh()

    def render(self) -> Text:
        """Title left, aside right, nothing over the edge."""
        width = self.size.width
        left = f" {visible(self.text)}"
        room = max(0, width - cells(left) - 3)
        aside = fit(self.aside, min(room, cells(self.aside)))
        return Text(fit(left, max(0, width - cells(aside) - 1)) + aside + " ", no_wrap=True, end="")


class Notice(Widget):
    """Two rows for what happened, what stands, what to press. Long sentences lose their end, not the keys."""

    ROWS = 2
    DEFAULT_CSS = """
    Notice { height: 2; padding: 0 1; }
    Notice.error { color: $text-error; text-style: bold; }
    Notice.warn { color: $text-warning; text-style: bold; }
    Notice.good { color: $text-success; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.severity = "info"

    def show(self, text: str, severity: str) -> None:
        """Replace what is said. `severity` is info, good, warn or error."""
        if (text, severity) == (self.text, self.severity):
            return
        self.text, self.severity = text, severity
        for name in ("error", "warn", "good"):
            self.set_class(name == severity, name)
        self.refresh()

    def render(self) -> Text:
        """The sentence, wrapped to this width."""
        lines = wrap(self.text, self.content_size.width)
        if len(lines) > self.ROWS:
            lines = [*lines[: self.ROWS - 1], fit(" ".join(lines[self.ROWS - 1 :]), self.content_size.width)]
        return Text("\n".join(lines), no_wrap=True, end="")


class KeyBar(Widget):
    """Two rows with the keys that do something now, from the command table."""

    DEFAULT_CSS = """
    KeyBar { height: 2; background: $panel; color: $foreground; }
    """

    def render(self) -> Text:
        """Key reversed, label beside it. What does not fit two rows stands behind ^Y and in the help page, so
        those that every screen has give way last."""
        screen: AskingScreen[object] = self.screen  # type: ignore[assignment]
        keymap = self.app._keymap
        shown = [
            (f" {key_shown(each, keymap)} ", f" {visible(screen.say(each.label))}  ", each.id)
            for each in screen.commands()
            if each.bar and key_of(each, keymap)
        ]
        while shown and (split := self.split_at(shown)) is None:
            own = [n for n, (_, _, name) in enumerate(shown) if not name.startswith("any.")]
            del shown[own[-1] if own else -1]
        rows = Text(no_wrap=True, end="")
        for n, (key, label, _) in enumerate(shown):
            if n == split:
                rows.append("\n")
            rows.append(key, "reverse")
            rows.append(label)
        return rows

    def split_at(self, shown: list[tuple[str, str, str]]) -> int | None:
        """Where the second row begins; behind the last where one row takes all, None where two do not."""
        used, split = 0, len(shown)
        for n, (key, label, _) in enumerate(shown):
            length = cells(key) + cells(label)
            if used + length > self.size.width + 2:
                if split < len(shown) or not n:
                    return None
                used, split = 0, n
            used += length
        return split


class TooSmall(Widget):
    """Instead of a screen that does not fit."""

    DEFAULT_CSS = """
    TooSmall { display: none; width: 100%; height: 100%; }
    """

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence

    def render(self) -> Text:
        """One sentence, as much of it as there is room for."""
        rows = wrap(self.sentence, max(1, self.size.width))[: max(1, self.size.height)]
        return Text("\n".join(rows), no_wrap=True, end="")
