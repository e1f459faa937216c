"""Shop: what a screen is given. The ports it may ask, and the facts of this seat, person and shift.

Always true: a `Shop` never changes; signing in, opening and closing a shift make another one
(`dataclasses.replace`). The one thing in it that lives is `line`, the state of the connection as the last
answers showed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from huiyuan.config.i18n import msg
from huiyuan.screens.wording import Wording

if TYPE_CHECKING:
    from datetime import datetime

    from huiyuan.domain.model.birthday import LunarCalendar
    from huiyuan.domain.model.identity import Hello, OpenShift, SignedIn
    from huiyuan.domain.ports import (
        Approvals,
        CardBook,
        CardDesk,
        CardReader,
        Catalogue,
        ChargeBook,
        Clock,
        CustomerDisplay,
        DeviceDesk,
        Door,
        GroupOrders,
        Ids,
        Invoices,
        Law,
        MemberBook,
        MemberFinder,
        MessageGateway,
        Outbox,
        PaymentGateway,
        PrintJobs,
        Promotions,
        Reads,
        ReceiptPrinter,
        Removals,
        ReportFiles,
        Reports,
        SalesDesk,
        Scale,
        Scanner,
        SeatBaskets,
        Settings,
        SignIn,
        StaffBook,
        ValueBook,
        ValueBooks,
    )

TYPED_NUMBER: Final = "number"
"""The kind of reading when a card's number was typed or scanned as text."""


class Line:
    """How the line stands: `up`, `slow` (overdue), `down`, `offline` (sales wait for it), `checking` (an
    outcome is unknown); before there is one, `starting` or `not_started`."""

    LABELS = {  # noqa: RUF012  (a constant table)
        "up": msg("online"),
        "slow": msg("slow line"),
        "down": msg("NO LINE"),
        "offline": msg("OFFLINE"),
        "checking": msg("CHECKING"),
        "starting": msg("starting"),
        "not_started": msg("NOT STARTED"),
    }

    def __init__(self, state: str = "up") -> None:
        self.state = state

    @property
    def label(self) -> str:
        """The state in a word, to be translated."""
        return self.LABELS[self.state]

    def mark(self, state: str) -> bool:
        """Remember `state`; True if that is news."""
        changed = state != self.state
        self.state = state
        return changed


@dataclass(frozen=True, slots=True)
class Shop:
    """Ports and facts. `signed` is None before sign-in, `shift` None while no shift is open; `starting` is
    None once the counter is put together, and what completes it, in a worker thread, before that."""

    say: Wording
    door: Door
    reads: Reads
    desk: SalesDesk
    promotions: Promotions
    law: Law
    invoices: Invoices
    value: ValueBook
    settings: Settings
    approvals: Approvals
    card_book: CardBook
    books: ValueBooks
    groups: GroupOrders
    catalogue: Catalogue
    members: MemberBook
    life: CardDesk
    lunar: LunarCalendar
    finder: MemberFinder
    sign_in: SignIn
    staff: StaffBook
    printer: ReceiptPrinter
    display: CustomerDisplay
    devices: DeviceDesk
    scale: Scale
    cards: CardReader
    reports: Reports
    files: ReportFiles
    print_jobs: PrintJobs
    charges: ChargeBook
    gateway: PaymentGateway
    baskets: SeatBaskets
    removals: Removals
    outbox: Outbox
    messages: MessageGateway
    clock: Clock
    ids: Ids
    hello: Hello | None = None
    signed: SignedIn | None = None
    shift: OpenShift | None = None
    scanners: tuple[Scanner, ...] = ()
    slip_columns: int = 32
    slip_language: str = ""
    slip_encoding: str = "gb18030"
    slip_folder: str = ""
    read_only: bool = False
    line: Line = field(default_factory=Line)
    clock_ahead: timedelta = timedelta(0)
    starting: Callable[[], Shop] | None = None

    @classmethod
    def before_start(cls, say: Wording, starting: Callable[[], Shop]) -> Shop:
        """What the sign-in screen stands on until `starting` has put the counter together: nothing else may
        be done with it, so every port is missing."""
        required = (each for each in fields(cls) if each.default is each.default_factory is MISSING)
        missing = cast(dict[str, Any], {each.name: None for each in required if each.name != "say"})
        return cls(say=say, starting=starting, line=Line("starting"), **missing)

    def may(self, permission: str) -> bool:
        """True if the person who is signed in holds `permission`; an empty one is held by all."""
        return not permission or (self.signed is not None and self.signed.may(permission))

    def server_now(self) -> datetime:
        """The server's clock as far as this counter can tell: its own, less what it is ahead."""
        return self.clock.now() - self.clock_ahead

    def handover_due(self) -> bool:
        """The open shift should have been closed by now."""
        if self.shift is None or self.hello is None:
            return False
        from huiyuan.domain.model.shift import handover_due

        return handover_due(
            self.shift.opened_at.astimezone(self.say.zone),
            self.wall_clock(),
            handover_at=self.hello.handover_at,
            cutover_minutes=self.hello.chain.cutover_minutes,
        )

    def wall_clock(self) -> datetime:
        """What the clock on the wall of the shop says, for promotions by day and hour."""
        return self.server_now().astimezone(self.say.zone)

    @property
    def person(self) -> SignedIn:
        """Who is signed in. Raises ValueError before sign-in."""
        if self.signed is None:
            raise ValueError("nobody is signed in")
        return self.signed

    @property
    def open_shift(self) -> OpenShift:
        """The open shift. Raises ValueError while none is open."""
        if self.shift is None:
            raise ValueError("no shift is open")
        return self.shift

    @property
    def greeting(self) -> Hello:
        """What the server said at the start. Raises ValueError before it answered."""
        if self.hello is None:
            raise ValueError("the server has not answered yet")
        return self.hello
