"""Documents that meet between their guards and their writing: a race is one, however slow the machine.

Whoever has passed its guards leaves a mark (a lock of its session that nobody waits for) and goes on when
each of the others has passed, too, or waits for a lock. With the door's locks they wait behind the first;
without them (the control) all have passed their guards before anybody writes.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from typing import Final

from tests.small_chain import Seat, SmallChain

KEY: Final = 9177
_MARKED: Final = f"select count(*) from pg_locks where locktype = 'advisory' and objid = {KEY} and granted"
_WAITING: Final = "select count(distinct pid) from pg_locks where not granted"
LOCKED_BY: Final = (
    "ledger.lock_accounts", "ledger.lock_life", "ledger.lock_merge", "ledger.lock_ranges",
    "ledger.lock_coupons", "ledger.person_why",
)  # fmt: skip
"""Functions that take the locks of cards, people, applications, accounts, ranges, codes, a member's rules."""
_ADVISORY: Final = re.compile(r"perform pg_advisory_xact_lock\(.*\);")


def met(count: int) -> str:
    """Statements that mark who came, wait until it is `count`, and fail where it never is."""
    return (
        f"perform pg_advisory_lock_shared({KEY});"
        f" for i in 1..4000 loop exit when ({_MARKED}) + ({_WAITING}) >= {count};"
        " if i = 4000 then raise exception 'the others did not come'; end if; perform pg_sleep(0.005);"
        " end loop;"
    )


def _without_locks(text: str) -> str:
    weaker = text.replace(" for no key update of c", "").replace(" for no key update", "")
    weaker = _ADVISORY.sub("", weaker.replace(" for share", ""))
    assert weaker != text
    return weaker


@contextlib.contextmanager
def meeting(chain: SmallChain, seats: Sequence[Seat], *, locks: bool) -> Iterator[None]:
    """The documents of these seats meet; without `locks` nothing holds one back from another."""
    names = ["ledger.run_guards", *(() if locks else LOCKED_BY)]
    query = "select pg_get_functiondef(%s::regproc)"
    whole = {name: str(chain.value(query, name)) for name in names}
    guards = whole["ledger.run_guards"]
    assert guards.count("end loop;") == 1
    meet = guards.replace("end loop;", f"end loop; {met(len(seats))}")
    changed = {name: _without_locks(text) for name, text in whole.items() if name in LOCKED_BY}
    try:
        for text in (meet, *changed.values()):
            chain.admin.execute(text.encode())
        yield
    finally:
        for text in whole.values():
            chain.admin.execute(text.encode())
        leave(seats)


def leave(seats: Sequence[Seat]) -> None:
    """Nobody is marked any more."""
    for seat in seats:
        seat.connection.execute("select pg_advisory_unlock_all()")


def somebody_came(chain: SmallChain) -> None:
    """Wait until one of them has passed its guards."""
    with chain.shop.connect() as line:
        for _ in range(4000):
            found = line.execute(_MARKED.encode()).fetchone()
            if found and found[0]:
                return
            time.sleep(0.005)
    raise AssertionError("nobody came")
