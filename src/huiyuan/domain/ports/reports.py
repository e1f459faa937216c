"""Figures of many documents. What a person may not see is not in them, and their scope says so."""

from __future__ import annotations

from typing import Protocol

from huiyuan.domain.model.report import ReportPaper
from huiyuan.domain.model.turnover import Turnover, TurnoverAsked


class Reports(Protocol):
    """One question at a time, one round trip each; a newer one makes an older one superseded."""

    def turnover(self, asked: TurnoverAsked, *, asked_by: str) -> Turnover:
        """Turnover of a span of business days.

        Raises Refused: `not_signed_in`, `store_out_of_reach` (store), `superseded` (cancelled).
        """
        ...

    def cancel(self) -> None:
        """Give up the question under way, at the server too; from any thread."""
        ...


class ReportFiles(Protocol):
    """The folder of this counter for what people take away."""

    def save(self, paper: ReportPaper, form: str) -> str:
        """Write a report as `csv` or `xlsx` and answer its path.

        Raises Refused: `export_failed` (path, why).
        """
        ...
