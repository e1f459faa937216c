"""Kill points: every port is wrapped, its calls are counted, and the n-th one kills the process.

The product knows nothing of this. A wrapper is made from the Protocol, so a method that a port gains tomorrow
has its kill points by itself; `outside_calls` sees, without the wrappers, which port methods really ran.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, Literal, Protocol

from huiyuan.domain import ports
from huiyuan.repositories.connection import Line

Moment = Literal["before", "after"]


def methods_of(protocol: type) -> frozenset[str]:
    """The public methods that a Protocol or a class declares."""
    return frozenset(
        name for name, value in vars(protocol).items() if not name.startswith("_") and callable(value)
    )


def all_ports() -> dict[str, type]:
    """Every Protocol of domain/ports by its name, and the wire: the line where bytes leave."""
    found = {
        name: value
        for name, value in vars(ports).items()
        if isinstance(value, type) and getattr(value, "_is_protocol", False) and value is not Protocol
    }
    return {**found, "Wire": Line}


# Port methods that none of the three verbs calls, each with its reason. A method that is neither reached nor
# here has no kill point, and the test says so.
NOT_OF_THESE_VERBS: Final = {
    "Door.watch": "wiring",
    "Door.settle": "a cut, tests/faults/test_cuts.py",
    "Door.unsettled": "a cut, tests/faults/test_cuts.py",
    "Door.propose": "approvals",
    "Door.withdraw": "approvals",
    "Door.guess_pin": "a guess moves nothing; the posting that judges it is a sale",
    "Door.drain": "the start that follows each kill",
    "Door.parked": "the start that follows each kill",
    "Door.open_counts": "the home screen",
    "Journal.open_counts": "the home screen",
    "PrintJobs.waiting_counts": "the home screen",
    "Door.decide": "a person's note",
    "Door.outage": "a line that is away, tests/faults/test_offline_day.py",
    "Door.keep_offline": "a line that is away, tests/faults/test_offline_day.py",
    "Reads.note_card": "asks nobody",
    "Journal.rung_offline": "a line that is away, tests/faults/test_offline_day.py",
    "PrintJobs.again": "a person's word",
    "PrintJobs.confirm": "a person's word",
    "PrintJobs.discard": "a person's word",
    "PrintJobs.waiting": "the start that follows each kill",
    "PrintJobs.watch": "wiring",
    "PrintJobs.owed": "the start that follows each kill",
    "ReceiptPrinter.check": "the start of the app",
    "ReceiptPrinter.state": "the home screen",
    "ReceiptPrinter.watch": "wiring",
    "Baskets.kept": "the start that follows each kill",
    "Baskets.sold_before": "the start that follows each kill",
    "Baskets.take": "a line in the log",
    "Baskets.drop": "a line in the log, and as clear",
    "Baskets.trouble": "asks only",
    "Journal.refuse": "a refusal",
    "Journal.park": "the start that follows each kill",
    "Journal.propose": "approvals",
    "Journal.decide": "a person's note",
    "Journal.unsent": "the start that follows each kill",
    "Journal.parked": "the start that follows each kill",
    "Reads.rules": "sign-in",
    "Wire.talk": "questions and sign-in",
    "Wire.hear": "news of approvals, on a line of its own",
    "Wire.ask_newest": "questions",
    "Wire.ask_by_login": "the goods are fetched by a thread of their own",
    "Wire.attached_to": "sign-in",
    "Wire.cancel": "questions",
    "Wire.close": "the end of the process",
    "Wire.let_go": "the end of the process",
    "Reads.document": "voids and returns",
    "Reads.find_document": "voids and returns",
    "Reads.recent": "voids and returns",
    "Reads.shifts": "shifts of before",
    "Reads.shift_print": "counts a print; the slip is a report's",
    **{
        f"Reads.{name}": "a question"
        for name in (
            *("open_coupon", "coupon_token", "coupon_series", "member_coupons", "sellers"),
            *("coupon_code", "coupon_record", "coupons_again", "coupons_of", "find_coupons"),
            "note_card",
        )
    },
    "Reads.attach_member": "a question, as the card is; the sale here presents the card",
    **{f"SignIn.{name}": "sign-in" for name in methods_of(all_ports()["SignIn"])},
    **{f"StaffBook.{name}": "the back office" for name in methods_of(all_ports()["StaffBook"])},
}


@dataclass(slots=True)
class Points:
    """Counts port calls while armed; kills this process at call `at`, before it or after it."""

    at: int = 0
    moment: Moment = "before"
    armed: bool = False
    trace: list[str] = field(default_factory=list)

    def wrap(self, name: str, port: Any) -> Any:
        """`port` with a kill point before and after each method of the Protocol `name`."""
        return _Wrapped(self, name, port, methods_of(all_ports()[name]))

    def pass_by(self, call: str, work: Callable[[], Any]) -> Any:
        """One port call."""
        if not self.armed:
            return work()
        self.trace.append(call)
        mine = len(self.trace) == self.at
        if mine and self.moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = work()
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


class _Wrapped:
    """Stands in for a port; what is no method of the Protocol goes straight through."""

    def __init__(self, points: Points, name: str, port: Any, methods: frozenset[str]) -> None:
        self._points = points
        self._name = name
        self._port = port
        self._methods = methods

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._port, method)
        if method not in self._methods:
            return real
        points, call = self._points, f"{self._name}.{method}"
        return lambda *args, **named: points.pass_by(call, lambda: real(*args, **named))


@contextmanager
def outside_calls(filled_by: dict[type, str], points: Points, seen: list[str]) -> Iterator[None]:
    """Note into `seen` each call of a port method that comes from outside the class that fills the port.

    Args:
        filled_by: the class that fills a port -> the port's name.
        points: calls count while these are armed.
    """
    codes = {
        getattr(getattr(cls, method), "__code__", None): (f"{name}.{method}", cls)
        for cls, name in filled_by.items()
        for method in methods_of(all_ports()[name])
    }

    def watch(frame: FrameType, event: str, argument: object) -> None:
        del argument
        if event != "call" or not points.armed or frame.f_code not in codes:
            return
        call, cls = codes[frame.f_code]
        caller = frame.f_back
        if caller is not None and isinstance(caller.f_locals.get("self"), cls):
            return
        seen.append(call)

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def in_a_child(work: Callable[[], None]) -> bool:
    """Run `work` in a forked process; True if kill -9 ended it."""
    child = os.fork()
    if child == 0:  # pragma: no cover  (the child has a life of its own)
        code = 1
        with contextlib.suppress(BaseException):
            work()
            code = 0
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return False
