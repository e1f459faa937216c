"""Slips as messages: what waits to be sent to members, what went out, what failed and why.

Always true: nothing of a telephone number is shown; one that may have gone out comes again as a copy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.message import MessageState, OutboxRow
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.outbox_sending import MessagesSent, send_now
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

MOST: Final = 200
STATES: Final = {
    MessageState.QUEUED: msg("waiting"),
    MessageState.SENDING: msg("being sent"),
    MessageState.SENT: msg("sent"),
    MessageState.FAILED: msg("not sent"),
    MessageState.UNKNOWN: msg("perhaps sent"),
    MessageState.DROPPED: msg("given up"),
}
FAULTS: Final = {
    "away": msg("The gateway could not be reached. It is tried again by itself, each time later."),
    "unsure": msg("The gateway gave no answer to believe. It is asked again before anything is sent twice."),
    "interrupted": msg("The counter that sent it stopped. The gateway is asked what became of it."),
    "no_phone": msg("This member has no telephone number. Write it down on the member's page, then F3."),
    "void": msg("The document was taken back before the slip went out."),
    "late": msg("It waited two days, so nobody needs it any more. F3 sends it all the same."),
    "unreadable": msg("That counter has no key to the telephone numbers. One that has it sends this slip."),
}
REFUSED: Final = msg("The gateway refused it ({reason}). F3 tries once more.")
NOT_HERE: Final = msg(
    "This counter sends no messages; one that does, or the chain's timer, sends what waits."
)


@dataclass
class OutboxRead(Message):
    """What waits, then what ended."""

    rows: Sequence[OutboxRow]


@dataclass
class OutboxDecided(Message):
    """One was put back, or given up."""

    row: OutboxRow


class OutboxScreen(WindowScreen[None]):
    """One list, and the sentence of the marked row."""

    SCOPE = "outbox"
    TITLE_TEXT = msg("Slips by message")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.found: Sequence[OutboxRow] = ()
        self.items: Sequence[OutboxRow] = ()
        self.told: tuple[str, str] | None = None

    def body(self) -> ComposeResult:
        """When, for what, to whom, how it stands."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("Receipt")), 14), Column(say(msg("Member"))),
             Column(say(msg("Total")), 12, "right"), Column(say(msg("State")), 12),
             Column(say(msg("Tries")), 6, "right", from_width=90)],
            id="items",
            empty=say(msg("No slip was sent, and none waits.")),
        )  # fmt: skip
        yield Prose("", id="why")

    def on_mount(self) -> None:
        """Read them."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        outbox = self.shop.outbox
        ask(self, lambda: outbox.rows(MOST), then=OutboxRead, subject="items")

    @on(OutboxRead)
    def take_rows(self, message: OutboxRead) -> None:
        """As they stand now."""
        self.found = message.rows
        self.show_page(self.at)
        if self.told is not None:
            self.tell(*self.told)
            self.told = None

    def show_page(self, at: int) -> None:
        """A window of the list."""
        say = self.say
        self.items, mark = self.window(at, list(self.found))
        self.query_one(RowList).show_rows(
            [
                (say.moment(each.queued_at), each.receipt, each.name, say.figure(each.total_minor),
                 say(STATES[each.state]), str(each.tries))
                for each in self.items
            ],
            mark=mark,
        )  # fmt: skip
        self.show_why()
        self.refresh_bindings()

    def marked(self) -> OutboxRow | None:
        """The row under the mark."""
        index = self.query_one(RowList).marked if self.items else None
        return None if index is None or index >= len(self.items) else self.items[index]

    @on(RowList.Marked)
    def show_why(self) -> None:
        """Why it stands where it does."""
        found, text = self.marked(), ""
        if found is not None and found.fault:
            text = self.say(FAULTS.get(found.fault, REFUSED), reason=found.fault)
        elif not self.shop.messages.configured:
            text = self.say(NOT_HERE)
        self.query_one("#why", Prose).show(text)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Only where it would change something."""
        found = self.marked()
        if action == "send":
            return self.shop.messages.configured
        if action == "again":
            return found is not None and found.state not in {MessageState.QUEUED, MessageState.SENDING}
        if action == "drop":
            ends = {MessageState.QUEUED, MessageState.FAILED, MessageState.UNKNOWN}
            return found is not None and found.state in ends
        return super().applies(action)

    def action_send(self) -> None:
        """F2: the marked one if it waits, then the others."""
        found, shop = self.marked(), self.shop
        waits = found is not None and found.state in {MessageState.QUEUED, MessageState.UNKNOWN}
        only = found.document if found is not None and waits else None
        ask(self, lambda: send_now(shop, most=10, document=only), then=MessagesSent, subject=WRITE)

    @on(MessagesSent)
    def show_sent(self, message: MessagesSent) -> None:
        """How many came to what."""
        count, say = message.count, self.say
        text = say(msg("{sent} sent, {waiting} wait, {failed} not sent, {unknown} perhaps sent."),
                   sent=count.sent, waiting=count.waiting, failed=count.failed,
                   unknown=count.unknown)  # fmt: skip
        self.told = text, "warn" if count.waiting or count.failed or count.unknown else "good"
        self.action_refresh()

    def action_again(self) -> None:
        """F3."""
        self.decide(again=True)

    def action_drop(self) -> None:
        """F4."""
        self.decide(again=False)

    def decide(self, *, again: bool) -> None:
        """Once more, or not at all."""
        found, outbox = self.marked(), self.shop.outbox
        if found is not None:
            work = found.document
            ask(self, lambda: outbox.decide(work, again=again), then=OutboxDecided, subject=WRITE)

    @on(OutboxDecided)
    def show_decided(self, message: OutboxDecided) -> None:
        """The list as it is now."""
        text = self.say(msg("{receipt}: {state}."), receipt=message.row.receipt,
                        state=self.say(STATES[message.row.state]))  # fmt: skip
        self.told = text, "good"
        self.action_refresh()
