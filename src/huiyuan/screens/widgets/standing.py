"""Standing: how this counter stands, for a home screen. Where, who, which day, the line, paper, open items.

Always true: nothing here asks the server or the printer; what is shown is what the last answers said; what
needs somebody is marked and names its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from huiyuan.config.i18n import msg
from huiyuan.screens.commands import command_of, key_name
from huiyuan.screens.paper import HEALTHY, printer_words
from huiyuan.screens.reader_words import UNTROUBLED, UNUSED, condition_word
from huiyuan.screens.shop import Shop
from huiyuan.screens.unsettled import open_items
from huiyuan.screens.widgets.plain import cells, fit

BACKUP_OLD: Final = timedelta(days=2)
LABEL_CELLS: Final = 15
TWO_COLUMNS_FROM: Final = 72


@dataclass(frozen=True, slots=True)
class Fact:
    """One row; `warned` needs somebody."""

    label: str
    value: str
    warned: bool = False


def place_facts(shop: Shop) -> list[Fact]:
    """Store, staff, business date, shift, line. Needs the greeting of the server."""
    say, hello = shop.say, shop.greeting
    day = hello.chain.business_date(shop.server_now().astimezone(say.zone))
    shift = say(msg("none open"))
    if shop.shift is not None:
        opened = say.moment(shop.shift.opened_at)[len("2026-") :]
        shift = say(msg("{number}, since {moment}"), number=shop.shift.number, moment=opened)
    return [
        Fact(say(msg("Store")), f"{hello.chain.name}, {hello.store.name}"),
        Fact(say(msg("Signed in")), shop.signed.staff.name if shop.signed else say(msg("not signed in"))),
        Fact(say(msg("Business date")), day.isoformat()),
        Fact(say(msg("Shift")), shift, shop.shift is None or shop.handover_due()),
        Fact(say(msg("Line")), say(shop.line.LABELS[shop.line.state]), shop.line.state != "up"),
    ]


def handover_text(shop: Shop) -> str:
    """That the open shift should have been closed by now; empty while it should not."""
    if not shop.handover_due():
        return ""
    say, shift = shop.say, shop.open_shift
    return say(
        msg("Shift {number}, open since {moment}, is to be handed over: count the drawer, close it (F4)."),
        number=shift.number,
        moment=say.moment(shift.opened_at),
    )


def duty_facts(shop: Shop) -> list[Fact]:
    """Printer, slips that wait, open items, age of the backup."""
    say, state = shop.say, shop.printer.state()
    waiting, asking = shop.print_jobs.waiting_counts()
    slips = say(msg("none"))
    if waiting:
        slips = say(msg("{count}, see {key}"), count=waiting, key=_key("home.unsettled"))
    items = open_items(shop)
    shown = say(msg("none"))
    if items:
        shown = say(msg("{count}, see {key}"), count=items, key=_key("home.unsettled"))
    return [
        Fact(say(msg("Printer")), printer_words(say, state), state not in HEALTHY),
        Fact(say(msg("Slips waiting")), slips, bool(asking)),
        Fact(say(msg("Open items")), shown, bool(items)),
        _backup(shop),
        *reader_facts(shop),
    ]


def reader_facts(shop: Shop) -> list[Fact]:
    """The card reader and the scanner, where there is one."""
    say = shop.say
    cards = shop.cards.state()
    never = cards.condition in UNUSED and not cards.driver  # a service was spoken to: there was a reader
    found = [] if never else [(say(msg("Card reader")), cards)]
    found += [(say(msg("Scanner")), each.state()) for each in shop.scanners]
    return [
        Fact(name, condition_word(say, state), state.condition not in UNTROUBLED) for name, state in found
    ]


def _backup(shop: Shop) -> Fact:
    say, at, now = shop.say, shop.greeting.backup_at, shop.server_now()
    label = say(msg("Last backup"))
    if at is None:
        return Fact(label, say(msg("never: ask the manager")), warned=True)
    age = say.age(at, now)
    if now - at > BACKUP_OLD:
        return Fact(label, say(msg("{age}: a new one is due"), age=age), warned=True)
    return Fact(label, age)


def _key(command: str) -> str:
    """How the key of a command is written."""
    found = command_of(command)
    return key_name(found.key) if found else ""


class Standing(Widget):
    """The facts of a counter: in two columns where there is room, else in one."""

    DEFAULT_CSS = """
    Standing { height: auto; width: 100%; padding: 0 1; }
    Standing > .standing--warned { color: $text-warning; text-style: bold; }
    """
    COMPONENT_CLASSES = {"standing--warned"}  # noqa: RUF012  (as in Textual)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.left: list[Fact] = []
        self.right: list[Fact] = []

    def show_shop(self, shop: Shop) -> None:
        """As it stands now; nothing before the server has answered."""
        before = self.left, self.right
        if shop.hello is not None:
            self.left, self.right = place_facts(shop), duty_facts(shop)
        if (self.left, self.right) != before:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as the longer column, or as both."""
        if width >= TWO_COLUMNS_FROM:
            return max(len(self.left), len(self.right))
        return len(self.left) + len(self.right)

    def render(self) -> Text:
        """Label and value, cut to their column."""
        width = self.content_size.width
        if width < TWO_COLUMNS_FROM:
            rows = [[fact] for fact in (*self.left, *self.right)]
        else:
            longer = max(len(self.left), len(self.right))
            pairs = [(self.left[i : i + 1], self.right[i : i + 1]) for i in range(longer)]
            rows = [[*left, *right] for left, right in pairs]
        warned = self.get_component_rich_style("standing--warned", partial=True)
        text = Text(no_wrap=True, end="")
        for index, row in enumerate(rows):
            room = width if len(row) == 1 and width < TWO_COLUMNS_FROM else width // 2
            if index:
                text.append("\n")
            for fact in row:
                label = fit(fact.label, min(LABEL_CELLS, room))
                value = fit(fact.value, room - cells(label))
                text.append(label)
                text.append(value, warned if fact.warned else "")
        return text
