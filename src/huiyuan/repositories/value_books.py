"""Fills the ValueBooks port: clearing between stores, what is filed, and how things stood at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.clearing import (
    Clearing,
    ClearingSlip,
    ClearingStore,
    Position,
    Story,
    StoryLot,
    StoryMove,
)
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sign_in import accepted

STORIES_PAGE = 200


class DatabaseValueBooks:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def clearing(self, *, first: date | None, last: date | None) -> Clearing:
        answer: Row = self._call("select api.clearing_pairs(%s::date, %s::date)", first, last)
        return Clearing(
            stores=tuple(ClearingStore(*row) for row in answer["stores"]),
            positions=tuple(Position(*row) for row in answer["pairs"]),
            read_at=datetime.fromisoformat(answer["now"]),
            first=first,
            last=last,
        )

    def clearing_slips(
        self,
        issuer: int,
        spender: int,
        *,
        first: date | None,
        last: date | None,
        after: UUID | None,
        most: int,
    ) -> Sequence[ClearingSlip]:
        rows: Sequence[Row] = self._call(
            "select api.clearing_slips(%s::int, %s::int, %s::date, %s::date, %s::uuid, %s::int)",
            issuer, spender, first, last, after, most,
        )  # fmt: skip
        return tuple(
            ClearingSlip(
                document=UUID(row["document"]),
                kind=row["kind"],
                receipt=row["receipt"],
                at=datetime.fromisoformat(row["at"]),
                principal_minor=row["principal_minor"],
                bonus_minor=row["bonus_minor"],
            )
            for row in rows
        )

    def clearing_stories(self, *, first: date, last: date) -> Sequence[Story]:
        found: list[Story] = []
        after: int | None = None
        while True:
            answer: Row = self._call(
                "select api.clearing_stories(%s, %s, %s::bigint, %s::int)", first, last, after, STORIES_PAGE
            )
            found += [story_of(row) for row in answer["stories"]]
            if not answer["more"]:
                return found
            after = found[-1].wallet


def story_of(row: Mapping[str, Any]) -> Story:
    """A wallet's story as the server answers it."""
    return Story(
        wallet=row["wallet"],
        lots={
            id: StoryLot(account, store, remaining, _at(expires))
            for id, account, store, remaining, expires in row["lots"]
        },
        moves=tuple(
            StoryMove(
                document=UUID(document),
                kind=kind,
                store=store,
                at=datetime.fromisoformat(at),
                lot=lot,
                account=account,
                issuer=issuer,
                delta=delta,
                expires_at=_at(expires),
                of=UUID(undone) if undone else None,
                carried=carried,
            )
            for document, carried, kind, store, at, lot, account, issuer, delta, expires, undone in row[
                "moves"
            ]
        ),
    )


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
