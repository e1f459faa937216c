"""Fills the ValueBooks port: clearing between stores, what is filed, and how things stood at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from huiyuan.domain.model.filing import Filing, FilingRow
from huiyuan.domain.model.moment import AccountThen, CardThen, LotThen, Moment, RuleThen
from huiyuan.domain.model.report import ReportScope
from huiyuan.domain.model.wallet_statement import Parts, StatementKind, StatementRow, WalletStatement
from huiyuan.repositories.credit_rows import due_of
from huiyuan.repositories.law import law_row
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
                passes_minor=row["passes_minor"],
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

    def filing(self, year: int, *, asked_by: str) -> Filing:
        return _filing(self._call("select api.value_filing(%s::int)", year), asked_by)

    def put_revenue(self, year: int, amount_minor: int, *, services: bool) -> None:
        self._call("select api.revenue_put(%s::int, %s::bigint, %s)", year, amount_minor, services)

    def as_of(self, wallet: int, at: datetime) -> Moment:
        return _moment(self._call("select api.as_of(%s::bigint, %s)", wallet, at))

    def statement(
        self, wallet: int, *, first: date | None, last: date | None, after: UUID | None, most: int
    ) -> WalletStatement:
        answer: Row = self._call(
            "select api.wallet_statement(%s::bigint, %s::date, %s::date, %s::uuid, %s::int)",
            wallet, first, last, after, most,
        )  # fmt: skip
        return _statement(answer, most)


def _statement(answer: Row, most: int) -> WalletStatement:
    member = answer["member"] or {}
    return WalletStatement(
        wallet=answer["wallet"],
        first=date.fromisoformat(answer["first"]),
        last=date.fromisoformat(answer["last"]),
        today=date.fromisoformat(answer["today"]),
        read_at=datetime.fromisoformat(answer["now"]),
        member_number=member.get("number") or "",
        member_name=member.get("name") or "",
        cards=tuple(answer["cards"]),
        opening=Parts(*answer["opening"]),
        closing=Parts(*answer["closing"]),
        due=due_of(answer["due"]),
        ended=Parts(0, answer["ended"]["bonus"], answer["ended"]["points"]),
        kinds=tuple(StatementKind(kind, count, Parts(*moved)) for kind, count, *moved in answer["kinds"]),
        rows=tuple(
            StatementRow(
                UUID(document), datetime.fromisoformat(at), store, kind, receipt or "",
                Parts(principal, bonus, points), stored, held,
            )
            for document, at, store, kind, receipt, principal, bonus, points, stored, held in answer["rows"][
                :most
            ]
        ),
        more=len(answer["rows"]) > most,
    )  # fmt: skip


def _filing(answer: Row, asked_by: str) -> Filing:
    chain, revenue, owed = answer["chain"], answer["revenue"], answer["owed"]
    stores = tuple(answer["stores"] or ())
    return Filing(
        scope=ReportScope(
            chain=chain["name"],
            currency=chain["currency"],
            minor_digits=chain["minor_digits"],
            time_zone=chain["time_zone"],
            demo=chain["demo"],
            stores=stores,
            stores_of_chain=len(stores),
            asked_by=asked_by,
            first=date(answer["year"], 1, 1),
            last=min(date(answer["year"], 12, 31), date.fromisoformat(answer["today"])),
        ),
        year=answer["year"],
        rows=tuple(row for quarter in answer["quarters"] for row in _quarter(quarter)),
        principal_minor=int(owed.get("principal", 0)),
        bonus_minor=int(owed.get("bonus", 0)),
        balance_minor=sum(int(amount) for amount in (answer["balances"] or {}).values()),
        passes_minor=answer["passes_minor"],
        revenue_year=revenue["year"],
        revenue_minor=int(revenue["amount_minor"]),
        services=revenue["services"],
        from_books=revenue["from_books"],
        rules=tuple(law_row(row) for row in answer["rules"]),
        read_at=datetime.fromisoformat(answer["now"]),
    )


def _quarter(quarter: Row) -> Iterator[FilingRow]:
    for registered in (True, False):
        flows: dict[str, int] = {}
        for is_registered, _, what, amount in quarter["flows"]:
            if is_registered is registered:
                flows[what] = flows.get(what, 0) + int(amount)
        owed = {
            part: int(amount)
            for is_registered, part, amount in quarter["owed"]
            if is_registered is registered
        }
        yield FilingRow(
            quarter=quarter["quarter"],
            last=date.fromisoformat(quarter["last"]),
            registered=registered,
            flows=flows,
            principal_minor=owed.get("principal", 0),
            bonus_minor=owed.get("bonus", 0),
        )


def _moment(answer: Row) -> Moment:
    member = answer["member"] or {}
    return Moment(
        at=datetime.fromisoformat(answer["at"]),
        wallet=answer["wallet"],
        member_number=member.get("number") or "",
        member_name=member.get("name") or "",
        tier=member.get("tier") or "",
        member_state=member.get("state") or "",
        cards=tuple(
            CardThen(
                id=row["id"],
                number=row["number"],
                state=row["state"],
                type=row["type"],
                since=_at(row["since"]),
                receipt=row["receipt"] or "",
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in answer["cards"]
        ),
        accounts=tuple(
            AccountThen(row["id"], row["kind"], row["wallet"], row["balance"], row["seq"])
            for row in answer["accounts"]
        ),
        lots=tuple(
            LotThen(
                id=row["id"],
                account=row["account"],
                amount=row["amount"],
                remaining=row["remaining"],
                store=row["store"],
                receipt=row["receipt"] or "",
                at=datetime.fromisoformat(row["at"]),
                expires_at=_at(row["expires_at"]),
            )
            for row in answer["lots"]
        ),
        rules=tuple(
            RuleThen(
                family=row["family"],
                name=row["name"],
                version=row["version"],
                valid_from=datetime.fromisoformat(row["valid_from"]),
                valid_to=_at(row["valid_to"]),
                article=row.get("article") or "",
            )
            for row in answer["rules"]
        ),
    )


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
