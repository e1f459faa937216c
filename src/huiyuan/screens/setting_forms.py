"""Settings of several parts, each part on a row: goods without a receipt, public holidays.

Always true: what is answered is what the server took of the rows; what cannot be read, or what the server
refuses, is said over the form and nothing typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.chain_settings import KNOWN, read_setting
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.refusals import sentence
from huiyuan.screens.sheet import FieldSheet, Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

BLIND_PARTS: Final = ("days", "most", "cash", "member")
LABELS: Final = {
    "days": msg("Days looked back"),
    "most": msg("Most a return"),
    "cash": msg("Most in cash"),
    "member": msg("A member from"),
}
ABOUT_BLIND: Final = msg(
    "Days it looks back, most in all, most in cash, from which total on a member. Another person approves it."
)
ROWS_MOST: Final = 9


def blind_rule_text(shop: Shop, value: tuple[str, ...]) -> str:
    """The four parts by name, for whoever decides about them.

    Args:
        value: as the server keeps it: days, then minor units.
    """
    days, *money = value
    figures = [days, *(shop.say.money(int(each)) for each in money)]
    return ", ".join(
        f"{shop.say(LABELS[part])} {figure}" for part, figure in zip(BLIND_PARTS, figures, strict=False)
    )


Keeping = Callable[[tuple[str, ...]], object]
"""Hands what a form was filled with to the server, in a worker."""


@dataclass
class FormKept(Message):
    """The server took it."""

    value: tuple[str, ...]


class SettingForm(Sheet[tuple[str, ...]]):
    """Stays until the server took it; answers what it took."""

    def __init__(self, shop: Shop, title: str, keeping: Keeping) -> None:
        super().__init__(shop, title)
        self.keeping = keeping

    def hand_over(self, value: tuple[str, ...]) -> None:
        """Everything could be read."""
        if self.writing:
            return
        work = partial(self.keeping, value)

        def keep() -> tuple[str, ...]:
            work()
            return value

        ask(self, keep, then=FormKept, subject=WRITE)

    @on(FormKept)
    def leave(self, message: FormKept) -> None:
        """The table says when it holds."""
        self.dismiss(message.value)


class BlindRuleForm(SettingForm, FieldSheet[tuple[str, ...]]):
    """Goods without a receipt: four rows.

    Args:
        value: as the server keeps it; nothing for none yet.
    """

    def __init__(self, shop: Shop, title: str, value: tuple[str, ...], keeping: Keeping) -> None:
        super().__init__(shop, title, keeping)
        days, *money = value or ("",)
        figures = [shop.say.figure(int(each)).replace(",", "") for each in money]
        self.values = dict(zip(BLIND_PARTS, [days, *figures], strict=False))

    def body(self) -> ComposeResult:
        """A row each."""
        yield Prose(self.say(ABOUT_BLIND))
        for part in BLIND_PARTS:
            yield Field(self.say(LABELS[part]), id=part, value=self.values.get(part, ""), label_width=18)

    def take(self) -> None:
        """The rule, if it can be read."""
        typed = [self.typed(part) or "0" for part in BLIND_PARTS]
        try:
            value = read_setting(KNOWN["blind_return"], " ".join(typed), self.say.minor_digits)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
        else:
            self.hand_over(value)


class HolidaysForm(SettingForm):
    """The public holidays of a year: a row a day; a day that is typed again gets the new name.

    Args:
        value: `MM-DD name` each.
    """

    SCOPE = "holidays"

    def __init__(self, shop: Shop, title: str, value: tuple[str, ...], keeping: Keeping) -> None:
        super().__init__(shop, title, keeping)
        self.days = {each[:5]: each[6:] for each in value}

    def body(self) -> ComposeResult:
        """The days, and the field for one more."""
        table = RowList(
            [Column(self.say(msg("Day")), 7), Column(self.say(msg("Name (thing)")))],
            id="days",
            empty=self.say(msg("No holiday yet.")),
        )
        table.styles.height = ROWS_MOST
        table.can_focus = False
        yield table
        yield Field(self.say(msg("Day and name")), id="day")

    def on_mount(self) -> None:
        """Ready to type."""
        self.show_days(0)
        self.query_one("#day", Input).focus()

    def show_days(self, mark: int) -> None:
        """In the order of the calendar."""
        rows = sorted(self.days.items())
        self.query_one(RowList).show_rows(rows, mark=min(mark, len(rows) - 1) if rows else None)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A day to take off."""
        return bool(self.days) if action == "remove" else super().applies(action)

    @on(Input.Submitted)
    def add(self, event: Input.Submitted) -> None:
        """Enter: one more, or another name for a day."""
        event.stop()
        found = re.fullmatch(r"(\d{1,2})[-/.月](\d{1,2})日?\s+(\S.*)", " ".join(event.value.split()))
        day = f"{int(found[1]):02}-{int(found[2]):02}" if found else ""
        if found is None or not (1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31):
            self.tell(
                sentence(self.say, Refused("setting_unclear", {"example": "10-01 National Day"})), "error"
            )
            return
        self.days[day] = found[3]
        event.input.value = ""
        self.tell("")
        self.show_days(sorted(self.days).index(day))

    def action_up(self) -> None:
        """The row above."""
        self.query_one(RowList).move(-1)

    def action_down(self) -> None:
        """The row below."""
        self.query_one(RowList).move(1)

    def action_remove(self) -> None:
        """F4."""
        index = self.query_one(RowList).marked
        if index is not None and self.days:
            del self.days[sorted(self.days)[index]]
            self.show_days(index)

    def action_keep(self) -> None:
        """F2: the year as it stands here."""
        self.hand_over(tuple(f"{day} {name}" for day, name in sorted(self.days.items())))
