"""Figures of many documents. What a person may not see is not in them, and their scope says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.report import Cell, ReportPaper
from huiyuan.domain.model.stock import MovesAsked, StockAsked, StockMoves, StockOnHand
from huiyuan.domain.model.till_events import TillEvents
from huiyuan.domain.model.turnover import Turnover, TurnoverAsked
from huiyuan.domain.model.value_report import ValueAsked, ValueReport, ValueSlip

Rows = Sequence[tuple[Cell, ...]]


class Reports(Protocol):
    """One question at a time, one round trip each; a newer one makes an older one superseded."""

    def turnover(self, asked: TurnoverAsked, *, asked_by: str) -> Turnover:
        """Turnover of a span of business days.

        Raises Refused: `not_signed_in`, `store_out_of_reach` (store), `superseded` (cancelled).
        """
        ...

    def on_hand(self, asked: StockAsked, *, asked_by: str) -> StockOnHand:
        """A page of what stands in the stores.

        Raises Refused: `not_signed_in`, `store_out_of_reach` (store), `superseded`.
        """
        ...

    def moves(self, asked: MovesAsked, *, asked_by: str) -> StockMoves:
        """A page of a product's movements in one store, newest first.

        Raises Refused: `not_signed_in`, `store_out_of_reach` (store), `unknown_product`, `superseded`.
        """
        ...

    def till_events(self, asked: TurnoverAsked, *, asked_by: str) -> TillEvents:
        """Voids, goods taken off baskets, drawers opened, prices and discounts by hand, by store and person.

        Raises Refused: as `turnover`.
        """
        ...

    def value(self, asked: ValueAsked, *, asked_by: str) -> ValueReport:
        """Recharges and consumption of stored value.

        Raises Refused: as `turnover`.
        """
        ...

    def value_slips(self, asked: ValueAsked, *, after: UUID | None, most: int) -> Sequence[ValueSlip]:
        """The documents behind a row of it, newest first, older than `after`.

        Raises Refused: `superseded`.
        """
        ...

    def cancel(self) -> None:
        """Give up the question under way, at the server too; from any thread."""
        ...


class ReportFiles(Protocol):
    """The folder of this counter for what people take away."""

    def save(self, paper: ReportPaper, form: str, more: Iterable[Rows] = ()) -> str:
        """Write a report as `csv` or `xlsx` and answer its path; `more` are the rows of further pages.

        What `more` raises leaves no file behind.

        Raises Refused: `export_failed` (path, why).
        """
        ...
