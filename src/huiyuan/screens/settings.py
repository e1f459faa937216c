"""Settings: every setting of this store and the chain as one table; one form changes a row.

Always true: a row says what holds now, for whom, since when and by whom; a change is judged and audited by
the server and holds at a counter from its next greeting; what needs two people waits in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.chain_settings import (
    ChainSettings,
    Form,
    Setting,
    all_rows,
    function_keys,
    quick_keys,
    read_setting,
)
from huiyuan.domain.model.errors import Refused
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.commands.keymap import key_faults, store_keymap
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.setting_forms import BlindRuleForm, HolidaysForm, blind_rule_text
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList

TEXT_MOST: Final = 1200
NAMES: Final[Mapping[str, str]] = {
    "handover_at": msg("Shift handover at"),
    "auto_lock_minutes": msg("Locks after minutes"),
    "variance_free_minor": msg("Gap without a reason"),
    "offline_hours": msg("Offline: hours"),
    "offline_sales": msg("Offline: sales"),
    "offline_cash_minor": msg("Offline: cash"),
    "quick_keys": msg("Quick goods"),
    "function_keys": msg("Function keys"),
    "scale_codes": msg("Labels of scales"),
    "slip_header": msg("Slip, above"),
    "slip_footer": msg("Slip, below"),
    "slip_sellers": msg("Slip names who served"),
    "cash_step_minor": msg("Least coin"),
    "cash_rounding": msg("Cash is rounded"),
    "keep_change_max_minor": msg("Change a card keeps"),
    "returns_across": msg("Returns anywhere"),
    "blind_return": msg("Without a receipt"),
}
OPTIONS: Final[Mapping[str, str]] = {
    "yes": msg("yes"), "no": msg("no"), "nearest": msg("to the nearest"), "down": msg("down"),
}  # fmt: skip
ABOUT: Final[Mapping[str, str]] = {
    "quick_keys": msg("A letter or digit and the code behind it."),
    "function_keys": msg("A command's id, which ^L shows in its title, and F2 to F9. What had that key gets"
                         " the other's."),
    "scale_codes": msg("Digits as printed; I the product's code, W grams or P price, N anything, C the check"
                       " digit."),
    "handover_at": msg("The local hour at which a shift should be closed."),
}  # fmt: skip
EXAMPLE: Final = msg("For example: {example}")
LIFTED: Final = msg("Nothing typed lifts it.")


class SettingChanged(Message):
    """One row is otherwise, or waits for another person."""


@dataclass
class SettingsRead(Message):
    """The list as it is now."""

    found: ChainSettings


class SettingEntry(Entry[tuple[str, ...]]):
    """A whole year of holidays is one value."""

    def on_mount(self) -> None:
        """Room for it."""
        self.query_one("#entry", Input).max_length = TEXT_MOST


class SettingsScreen(ShopScreen[None]):
    """The table."""

    SCOPE = "settings"
    TITLE_TEXT = msg("Settings")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.found: ChainSettings | None = None
        self.rows: tuple[Setting, ...] = ()
        self.done = ""

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Setting")), 21), Column(say(msg("Set to")), align="right"),
             Column(say(msg("Holds for")), 11), Column(say(msg("Since")), 11), Column(say(msg("By")), 8)],
            id="settings",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.read_list()

    def read_list(self) -> None:
        """One round trip."""
        ask(self, self.shop.settings.read, then=SettingsRead, subject="settings")

    @on(SettingsRead)
    def show_settings(self, message: SettingsRead) -> None:
        """What is set and what is not yet."""
        self.found, self.rows = message.found, all_rows(message.found.rows)
        self.query_one(RowList).show_rows([self.shown(each) for each in self.rows])
        if self.done:
            self.tell(self.done, "good")
            self.done = ""
        self.refresh_bindings()

    def shown(self, row: Setting) -> tuple[str, ...]:
        """Name, value, scope, since, by whom."""
        say = self.say
        own = self.found is not None and row.unit == self.found.store
        scope = say(msg("this store")) if own else say(msg("whole chain")) if row.set else say(msg("usual"))
        since = "" if row.at is None else say.date(row.at)
        value = self.value_text(row)
        if value and row.known.form is Form.DAYS:  # a year of them is for their form
            value = say(msg("Days: {count}"), count=len(row.value))
        return self.name_of(row.key), value or "-", scope, since, row.by

    def name_of(self, key: str) -> str:
        """What a row is called."""
        say, (start, _, rest) = self.say, key.partition(".")
        if start == "holidays":
            return say(msg("Holidays {year}"), year=rest)
        if start == "dealer":
            return say(msg("Dealer level {code}"), code=rest)
        if start == "outlet":
            return say(msg("Recharges in {code}"), code=rest)
        return say(msg("Waits: without a receipt")) if start == "waits" else say(NAMES[key])

    def value_text(self, row: Setting) -> str:
        """As a person types it, too."""
        say, form = self.say, row.known.form
        if form is Form.MONEY or row.key == "cash_step_minor":
            return " ".join(say.figure(int(each)) for each in row.value)
        if form is Form.BLIND:
            days, *money = row.value or ("",)
            return " ".join([days, *(say.figure(int(each)).replace(",", "") for each in money)])
        if form is Form.CHOICE:
            return " ".join(say(OPTIONS[each]) if each in OPTIONS else each for each in row.value)
        return (" | " if form is Form.LINES else ", ").join(row.value)

    def applies(self, action: str) -> bool:
        """Nothing before it was read."""
        return self.found is not None if action in {"enter", "dealer"} else super().applies(action)

    # Changing

    @on(RowList.Chosen)
    def change(self, message: RowList.Chosen) -> None:
        """Enter: the form for this kind of value."""
        message.stop()
        row = self.rows[message.index]
        if row.key.startswith("waits."):
            self.decide(row)
        elif row.known.form is Form.CHOICE:
            self.choose(row)
        elif row.key == "blind_return" or row.known.form is Form.DAYS:
            self.fill_in(row)
        else:
            self.type_value(row)

    def choose(self, row: Setting) -> None:
        """One of a few."""
        options, now = row.known.options, row.value[0] if row.value else ""
        texts = [self.value_text(Setting(row.key, (each,))) for each in options]

        def take(index: int | None) -> None:
            if index is not None:
                self.put(row, (options[index],))

        mark = options.index(now) if now in options else 0
        self.app.push_screen(Choice(self.shop, self.name_of(row.key), texts, mark=mark), take)

    def fill_in(self, row: Setting) -> None:
        """Several parts, a row each; both hold for the whole chain."""
        form = HolidaysForm if row.known.form is Form.DAYS else BlindRuleForm
        keeping = partial(self.shop.settings.put, row.key, None)

        def take(value: tuple[str, ...] | None) -> None:
            if value is not None:
                self.done = self.written(row.key)
                self.read_list()

        value = row.value if row.set else ()
        self.app.push_screen(form(self.shop, self.name_of(row.key), value, keeping), take)

    def type_value(self, row: Setting) -> None:
        """One field, with an example."""
        say, known = self.say, row.known
        lifted = "" if known.form in {Form.BLIND, Form.DAYS, Form.TEXT} else say(LIFTED)
        told = [say(ABOUT[row.key])] if row.key in ABOUT else []
        about = "\n".join(filter(None, [" ".join([*told, say(EXAMPLE, example=known.example)]), lifted]))
        value = self.value_text(row) if row.set else ""

        def read(text: str) -> tuple[str, ...]:
            found = read_setting(known, text, say.minor_digits)
            if row.key == "function_keys":
                self.check_keys(found, known.example)
            elif row.key == "quick_keys":
                self.check_goods(found, known.example)
            return found

        def take(value: tuple[str, ...] | None) -> None:
            if value is not None:
                self.put(row, value)

        entry = SettingEntry(
            self.shop, self.name_of(row.key), label=say(msg("Set to")), read=read, about=about, value=value
        )
        self.app.push_screen(entry, take)

    def check_goods(self, rows: tuple[str, ...], example: str) -> None:
        """A key each, and goods behind it. Raises Refused `setting_unclear`, `unknown_goods` (product)."""
        wanted = quick_keys(rows)
        if len(wanted) != len(rows):
            raise Refused("setting_unclear", {"example": example})
        at, goods = self.shop.server_now(), self.shop.catalogue
        for code in wanted.values():
            if goods.state().complete and goods.find(code, at=at) is None:
                raise Refused("unknown_goods", {"product": code})

    def check_keys(self, rows: tuple[str, ...], example: str) -> None:
        """A command that is not there, or a key twice. Raises Refused `setting_unclear`."""
        wanted = function_keys(rows)
        if len(wanted) != len(rows) or any(key_faults(store_keymap(wanted))):
            raise Refused("setting_unclear", {"example": example})

    def put(self, row: Setting, value: tuple[str, ...]) -> None:
        """For whom it holds, where a store may have its own."""
        found = self.found
        assert found is not None
        if not row.known.store:
            self.write(row.key, None, value)
            return
        units = (found.store, found.chain)
        about = self.say(msg("A store's own goes before the chain's."))
        texts = [self.say(msg("this store")), self.say(msg("whole chain"))]

        def take(index: int | None) -> None:
            if index is not None:
                self.write(row.key, units[index], value)

        mark = 1 if row.unit == found.chain else 0
        self.app.push_screen(
            Choice(self.shop, self.say(msg("Holds for")), texts, mark=mark, about=about), take
        )

    def write(self, key: str, unit: int | None, value: tuple[str, ...]) -> None:
        """One row, then the list anew."""
        port = self.shop.settings
        self.do(lambda: port.put(key, unit, value), self.written(key))

    def written(self, key: str) -> str:
        """When it holds."""
        if key == "blind_return":
            return self.say(msg("Proposed. It holds once another person has approved it here."))
        return self.say(msg("Set. A counter has it from its next sign-in on."))

    def decide(self, row: Setting) -> None:
        """Approve or decline what somebody else proposed."""
        say, port = self.say, self.shop.promotions
        proposal = int(row.key.partition(".")[2])
        deeds: tuple[tuple[str, Callable[[int], None], str], ...] = (
            (say(msg("Approve")), port.approve, say(msg("Approved: it holds from now on."))),
            (say(msg("Decline")), port.decline, say(msg("Declined. Nothing was changed."))),
        )
        now = next((each.value for each in self.rows if each.key == "blind_return" and each.set), ())
        told = [
            say(msg("{name} proposes: {terms}"), name=row.by, terms=blind_rule_text(self.shop, row.value))
        ]
        if now:
            told.append(say(msg("So far: {terms}"), terms=blind_rule_text(self.shop, now)))
        about = "\n".join(told)

        def take(index: int | None) -> None:
            if index is not None:
                _, deed, done = deeds[index]
                self.do(lambda: deed(proposal), done)

        self.app.push_screen(
            Choice(self.shop, self.name_of(row.key), [each[0] for each in deeds], about=about), take
        )

    def action_dealer(self) -> None:
        """F2: its code, then its name."""
        say = self.say

        def read(text: str) -> tuple[str, str]:
            code, _, name = " ".join(text.split()).partition(" ")
            if not name:
                raise Refused("setting_unclear", {"example": "whole Wholesale"})
            return code, name

        def take(found: tuple[str, str] | None) -> None:
            if found is not None:
                self.write(f"dealer.{found[0]}", None, (found[1],))

        about = say(msg("Code and name. Prices of the list of that code are for companies of the level."))
        title = say(msg("New dealer level"))
        self.app.push_screen(Entry(self.shop, title, label=say(msg("Set to")), read=read, about=about), take)

    def do(self, work: Callable[[], None], done: str) -> None:
        """Have it done, then read the list anew."""
        self.done = done
        ask(self, work, then=lambda _: SettingChanged(), subject=WRITE)

    @on(SettingChanged)
    def read_again(self) -> None:
        """The list as it is now."""
        self.read_list()

    @on(messages.Refused)
    def not_done(self) -> None:
        """Nothing was changed."""
        self.done = ""

    def action_refresh(self) -> None:
        """F5."""
        self.read_list()
