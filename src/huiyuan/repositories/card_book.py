"""Fills the CardBook port over the line that asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.card_case import CardCase
from huiyuan.domain.model.custody import Batch, CardRange, Custody, CustodyMove
from huiyuan.domain.model.document import Fee
from huiyuan.domain.model.holders import CardHolder, CardUse, IssueTerms, WalletCards
from huiyuan.repositories.card_rows import resting
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.sign_in import accepted

STOCK_IN_MOST: Final = 1000
KINDS: Final = ("number", "barcode")
"""By what a new card is known: its number, typed or scanned."""
REPORTER: Final = "case_name"
CONTACT: Final = "case_contact"


class DatabaseCardBook:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask, *, sealer: Sealer, token_of: Callable[[str, str], bytes]) -> None:
        self._ask = ask
        self._sealer = sealer
        self._token_of = token_of

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def custody(self) -> Custody:
        answer: Row = self._call("select api.card_custody()")
        return Custody(
            types=tuple(
                (row["name"], row["blank"], row["coming"], row["issued"], row["void"])
                for row in answer["types"]
            ),
            ranges=tuple(
                CardRange(
                    row["type"], row["first"], row["last"], row["count"], row["in_transit"], row["uncounted"]
                )
                for row in answer["ranges"]
            ),
            moves=tuple(
                CustodyMove(
                    row["what"],
                    row["first"],
                    row["last"],
                    row["count"],
                    row["expected"],
                    row["to"] or "",
                    datetime.fromisoformat(row["at"]),
                    row["who"] or "",
                )
                for row in answer["moves"]
            ),
            units=tuple((row[0], row[1]) for row in answer["units"]),
        )

    def stock_in(self, card_type: str, numbers: Sequence[str]) -> int:
        made = 0
        for start in range(0, len(numbers), STOCK_IN_MOST):
            cards = [
                {
                    "number": number,
                    "tokens": [{"kind": kind, "token": self._token_of(kind, number).hex()} for kind in KINDS],
                }
                for number in numbers[start : start + STOCK_IN_MOST]
            ]
            answer: Row = self._call("select api.card_stock_in(%s, %s::jsonb)", card_type, json.dumps(cards))
            made += answer["cards"]
        return made

    def batch(self, first: str, last: str, most: int) -> Batch:
        answer: Row = self._call("select api.card_range(%s, %s, %s::int)", first, last, most)
        cards = tuple((row[0], row[1]) for row in answer["cards"])
        return Batch(cards, answer["left"], answer["registered"])

    def cases(self, *, after: UUID | None, most: int) -> Sequence[CardCase]:
        return tuple(
            _case(row) for row in self._call("select api.card_cases(%s::uuid, %s::int)", after, most)
        )

    def open_case(
        self, case: UUID, card: int, *, kind: str, what: str, reporter: str, contact: str
    ) -> CardCase:
        sealed = [
            bytes.fromhex(self._sealer.seal(text, member=card, field=field))
            for text, field in ((reporter, REPORTER), (contact, CONTACT))
        ]
        statement = "select api.card_case_open(%s::uuid, %s::bigint, %s, %s, %s::bytea, %s::bytea)"
        return _case(self._call(statement, case, card, kind, what, *sealed))

    def step_case(
        self, case: UUID, *, checked: str | None = None, act: bool = False, outcome: str | None = None
    ) -> CardCase:
        statement = "select api.card_case_step(%s::uuid, %s::text, %s::boolean, %s::text)"
        return _case(self._call(statement, case, checked, act, outcome))

    def case_contact(self, case: UUID) -> tuple[str, str]:
        row: Row = self._call("select api.card_case_contact(%s::uuid)", case)
        reporter = self._sealer.unseal(row["reporter"], member=row["card"], field=REPORTER)
        return reporter, self._sealer.unseal(row["contact"], member=row["card"], field=CONTACT)

    def wallet_cards(self, wallet: int, first: date | None, last: date | None) -> WalletCards:
        answer: Row = self._call(
            "select api.wallet_cards(%s::bigint,"
            " coalesce(%s::date, date_trunc('month', api.business_day())::date),"
            " coalesce(%s::date, api.business_day()))",
            wallet, first, last,
        )  # fmt: skip
        return WalletCards(
            cards=tuple(_holder(row) for row in answer["cards"]),
            goods=tuple((row[0], row[1], row[2]) for row in answer["goods"]),
            today=date.fromisoformat(answer["today"]),
        )

    def card_uses(
        self, wallet: int, card: int | None, *, after: tuple[UUID, int] | None, most: int
    ) -> Sequence[CardUse]:
        statement = "select api.card_uses(%s::bigint, %s::bigint, %s::uuid, %s::int, %s::int)"
        document, n = after or (None, None)
        return tuple(
            CardUse(
                document=UUID(row["document"]),
                n=row["n"],
                receipt=row["receipt"] or "",
                kind=row["kind"],
                at=datetime.fromisoformat(row["at"]),
                store=row["store"],
                number=row["number"],
                holder=row["holder"] or "",
                what=row["what"],
                passes=row["pass"] or "",
                amount=row["amount"],
            )
            for row in self._call(statement, wallet, card, document, n, most)
        )

    def put_limit(
        self, card: int, *, sale_max_minor: int | None, day_max_minor: int | None, categories: Sequence[int]
    ) -> None:
        statement = "select api.card_limit_put(%s::bigint, %s::bigint, %s::bigint, %s::int[])"
        self._call(statement, card, sale_max_minor, day_max_minor, list(categories) or None)

    def issue_terms(self, card: int, *, holder: int | None, wallet: int | None) -> IssueTerms:
        statement = "select api.issue_fees(%s::bigint, %s::bigint, %s::bigint)"
        answer: Row = self._call(statement, card, holder, wallet)
        fees = tuple(Fee(**fee) for fee in answer["fees"])
        return IssueTerms(answer["who"] or "", fees, resting(answer["rest"]))


def _holder(row: Row) -> CardHolder:
    held = row["holder"] or {}
    return CardHolder(
        card=row["card"],
        number=row["number"],
        state=row["state"],
        type=row["type"],
        who=row["who"] or "",
        holder=held.get("name") or "",
        holder_number=held.get("number") or "",
        sale_max_minor=row["sale_max_minor"],
        day_max_minor=row["day_max_minor"],
        own_limit=row["own_limit"],
        categories=tuple(row["categories"] or ()),
        uses=row["uses"],
        spent_minor=int(row["spent_minor"]),
        passes=int(row["passes"]),
    )


def _case(row: Row) -> CardCase:
    act = row["act"]
    return CardCase(
        id=UUID(row["case"]),
        number=row["number"],
        card_state=row["state"],
        kind=row["kind"],
        what=row["what"],
        store=row["store"],
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        checked=row["checked"] or "",
        act=f"{act['kind']} {act['receipt']}" if act else "",
        outcome=row["outcome"] or "",
    )
