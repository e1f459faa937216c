"""What a counter keeps of the basket that is being filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.basket import KeptBasket
from huiyuan.domain.model.document import Removed


class Baskets(Protocol):
    """A basket of this seat, on its own disk. Only `selling` may wait for that disk."""

    def keep(self, kept: KeptBasket) -> None:
        """The basket as it stands now; written down behind the screen, a moment later.

        A basket without a document keeps the one that named it before.
        """
        ...

    def clear(self) -> None:
        """There is no basket any more."""
        ...

    def kept(self) -> KeptBasket | None:
        """What an earlier run left here; None if nothing, or if the journal holds the document that sells it.

        Raises Refused `journal_unwritable`.
        """
        ...

    def sold_before(self) -> str:
        """The receipt of a sale that an earlier run posted and could not show any more; said once."""
        ...

    def selling(self, document: UUID) -> None:
        """Have on disk that `document` sells the basket, before the journal holds it; others are let by.

        Raises:
            Refused: `journal_unwritable`.
        """
        ...

    def take(self, kept: KeptBasket, *, by: str) -> None:
        """`by` (staff number) goes on with the basket; the log says so."""
        ...

    def drop(self, kept: KeptBasket, *, by: str) -> None:
        """`by` does not want it; the log says so, and it is gone."""
        ...

    def trouble(self) -> str:
        """Why the last change could not be written, empty while it could."""
        ...


class SeatBaskets(Baskets, Protocol):
    """The basket of the sale, beside it the one of the desk of returns and the top-up that is paid in parts:
    none knows of the others."""

    @property
    def returning(self) -> Baskets:
        """What comes back, and what goes out for it."""
        ...

    @property
    def topping(self) -> Baskets:
        """What was taken on other machines for a top-up."""
        ...


class Removals(Protocol):
    """What was taken off baskets here, until a document has carried it to the server."""

    def note(self, rows: Iterable[Removed]) -> None:
        """Have them on disk. Raises Refused `journal_unwritable`."""
        ...

    def waiting(self) -> tuple[Removed, ...]:
        """The oldest ones, as many as one document carries."""
        ...

    def forget(self, rows: Sequence[Removed]) -> None:
        """The server has them, or will never take them."""
        ...
