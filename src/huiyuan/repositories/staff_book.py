"""The people of a store as the staff screen edits them, over the line that asks.

Always true: one round trip a call; a person is added to the store of this seat and to nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.staff import Colleague
from huiyuan.repositories import staff
from huiyuan.repositories.connection import HeldSession, Line


class DatabaseStaffBook:
    """Fills the StaffBook port.

    Args:
        line: a line that is signed in as whoever edits.
        held: knows the chain, whose id salts every PIN.
        store_code: the code of this seat's store, asked when somebody is added.
    """

    def __init__(self, line: Line, held: HeldSession, *, store_code: Callable[[], str]) -> None:
        self._line = line
        self._held = held
        self._store_code = store_code

    def everybody(
        self, *, after: str | None, most: int
    ) -> tuple[Sequence[Colleague], Sequence[tuple[str, str]]]:
        """People by number, and code and name of every duty. Raises: see the port."""
        found = self._line.talk(lambda connection: staff.listed(connection, after=after, most=most))
        people = [Colleague(row.number, row.name, row.duty, row.active) for row in found.staff]
        return people, [(duty.code, duty.name) for duty in found.duties]

    def add(self, *, number: str, name: str, duty: str, pin: str) -> None:
        """Let somebody work in this store. Raises: see the port."""
        chain, units = self._chain(), [self._store_code()]
        self._line.talk(
            lambda connection: staff.add(
                connection, chain=chain, number=number, name=name, duty=duty, units=units, pin=pin
            )
        )

    def reset_pin(self, *, number: str, pin: str) -> None:
        """A new PIN for somebody else. Raises: see the port."""
        chain = self._chain()
        self._line.talk(lambda connection: staff.give_pin(connection, chain=chain, number=number, pin=pin))

    def leave(self, *, number: str) -> None:
        """Somebody does not work here any more. Raises: see the port."""
        self._line.talk(lambda connection: staff.leave(connection, number=number))

    def _chain(self) -> UUID:
        if self._held.chain is None:
            raise Refused("not_signed_in")
        return self._held.chain
