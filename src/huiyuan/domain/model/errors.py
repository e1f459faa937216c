"""What can go wrong, as codes and facts.

Always true: no sentence for people is made here (`screens/refusals/` does that), and `str()` of any of
these holds no personal data, so it may stand in a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID


class ShopError(Exception):
    """The one family of everything a port may raise on purpose."""


class Refused(ShopError):
    """A definite no, with its code and the facts that the sentence needs. Nothing was posted.

    Codes of the door stand in docs/LEDGER.md section 5. Codes of the counter itself: `journal_unwritable`
    (why), `journal_taken` (another process owns this seat's journal), `parked` (a person decides first),
    `read_only` (no seat was free), `print_jobs_unwritable` (why),
    `busy` (the server gave up each try, nothing happened), `server_error`
    (sqlstate), `superseded` (a newer question), `nothing_due`, `too_many_lines` (most), `not_ascii_digits`,
    `too_precise` (digits), `out_of_range` (most), `not_started` (sentence),
    `loop_by_hand`.
    """

    def __init__(self, code: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Any] = MappingProxyType(dict(facts or {}))

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"Refused({self.code!r})"


class Unreachable(ShopError):
    """The line was down before anything was sent, so nothing happened and nothing is pending."""

    def __str__(self) -> str:
        return "unreachable"


class OutcomeUnknown(ShopError):
    """Sent, but no definite answer yet. The journal holds it and the same id will be sent again.

    Ringing it up anew would be a second document; only `Door.settle` and `Door.drain` may end this state.
    """

    def __init__(self, document: UUID) -> None:
        super().__init__(str(document))
        self.document = document

    def __str__(self) -> str:
        return f"outcome unknown: {self.document}"


class OutOfPaper(ShopError):
    """The printer has no paper, and nothing of the slip is on paper; the document stands."""


class PrinterUnavailable(ShopError):
    """Nothing of the slip is on paper; the document stands. `why` is a `PrinterState`."""

    def __init__(self, why: str = "unreachable") -> None:
        super().__init__(why)
        self.why = why


class PaperUnknown(ShopError):
    """Some of the slip may be on paper, or all of it; a person has to look. `why` as `PrintJob.fault`."""

    def __init__(self, why: str = "cut") -> None:
        super().__init__(why)
        self.why = why
