"""Who changed what about a member, and the queue of records that somebody should look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.members import Doubtful, MemberChange
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.paged import ASKED, PAGE_ROWS, PagedScreen
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import CHECKS, DOUBTS, GENDERS, MEMBER_KINDS, SOURCES

CHANGES: Final = 8
"""Read at once; a change is a row a field, and only whole ones are shown, on two screens at most."""


class HistoryScreen(PagedScreen[None]):
    """Before and after of every change, newest first."""

    SCOPE = "history"
    TITLE_TEXT = msg("Changes")

    def __init__(self, shop: Shop, member: int, name: str) -> None:
        super().__init__(shop)
        self.member = member
        self.name_shown = name

    def body(self) -> ComposeResult:
        """One row a field."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("By")), 16), Column(say(msg("Field")), 12),
             Column(say(msg("Before")), 14), Column(say(msg("After")))],
            id="changes",
            empty=say(msg("Nothing was changed yet.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read it."""
        self.aside(self.name_shown)
        self.query_one(RowList).focus()
        self.read(0)

    def read(self, at: int) -> None:
        """Page `at`, from the newest."""
        book, member, before = self.shop.members, self.member, self.starts[at]
        ask(
            self,
            lambda: book.history(member, before=before, most=CHANGES + 1),
            then=lambda found: messages.HistoryRead(found, at),
            subject="history",
        )

    @on(messages.HistoryRead)
    def show_changes(self, message: messages.HistoryRead) -> None:
        """The first row of a change says when and by whom."""
        rows: list[tuple[str, ...]] = []
        shown = 0
        for change in message.changes[:CHANGES]:
            fields = self.rows_of(change)
            if shown and len(rows) + len(fields) > 2 * PAGE_ROWS:
                break
            rows += fields
            shown += 1
        more = len(message.changes) > shown
        mark = self.turned(message.at, message.changes[shown - 1].id if more else None)
        self.query_one(RowList).show_rows(rows, mark=mark)

    def rows_of(self, change: MemberChange) -> list[tuple[str, ...]]:
        """Every field of one change; what was not there before stays empty."""
        say = self.say
        by = f"{change.staff} {change.store}"
        fields = [
            (say.field(key), self.shown(key, change.before.get(key)), self.shown(key, value))
            for key, value in change.after.items()
            if change.before or value not in (None, False, [])
        ]
        rows: list[tuple[str, ...]] = [
            (say.moment(change.at) if first else "", by if first else "", *field)
            for first, field in zip([True] + [False] * len(fields), fields, strict=False)
        ]
        if change.checked:
            rows.append(("", "", say(msg("Checked by")), "", say.word(CHECKS, change.checked)))
        return rows

    def shown(self, key: str, value: object) -> str:
        """A value as a person reads it."""
        say = self.say
        if value is None:
            return ""
        if isinstance(value, bool):
            return say(msg("yes")) if value else say(msg("no"))
        if isinstance(value, list):
            return ", ".join(say.word(DOUBTS, str(each)) for each in value)
        words = {"gender": GENDERS, "kind": MEMBER_KINDS, "source": SOURCES}.get(key, {})
        return say.word(words, str(value))


class VerifyScreen(RowPages[None, Doubtful]):
    """Doubtful records; Enter opens one, and saving it without a doubt takes it off the list."""

    SCOPE = "verify"
    TITLE_TEXT = msg("Members to verify")

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Member no.")), 10), Column(say(msg("Name")), 20), Column(say(msg("To verify")))],
            id="doubtful",
            empty=say(msg("Nothing has to be verified.")),
        )

    def begin(self) -> None:
        """It is read whenever it is on top."""

    def on_screen_resume(self) -> None:
        """Read it, also after one was looked at."""
        self.action_refresh()

    def reading(self, after: int | None) -> Callable[[], Sequence[Doubtful]]:
        """From the oldest."""
        book = self.shop.members
        return lambda: book.doubtful(ASKED, after=after)

    def place_of(self, row: Doubtful) -> int:
        """The member."""
        return row.id

    def cells_of(self, row: Doubtful) -> tuple[str, ...]:
        """Who, and what is doubtful."""
        return row.number, row.name, ", ".join(self.say.word(DOUBTS, doubt) for doubt in row.doubts)

    def open_row(self, row: Doubtful) -> None:
        """The member."""
        from huiyuan.screens.member import MemberScreen

        self.app.push_screen(MemberScreen(self.shop, row.id))
