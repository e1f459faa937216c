"""The Reads port over one connection: one statement and one round trip a question.

Always true: a refusal of the server is raised as `Refused` with its code and facts; a line that does not
answer is `Unreachable`; nothing here writes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember, Balances, CardState, CardToken, Member, OpenedCard, Tier
from huiyuan.domain.model.cart import Served
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import POSSIBLE, Coupon, CouponRecord, Series, code_from
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.domain.model.posted import Invoiced, LineLeft, PaidLeft, Posted, PostedDocument, RecentDocument
from huiyuan.domain.model.promotion import EVERYTHING
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.domain.model.shift import ClosedShift, ShiftReport
from huiyuan.repositories.card_rows import held_passes, resting, terms_of_card
from huiyuan.repositories.counter.kept_answers import KeptAnswers
from huiyuan.repositories.coupon_rows import coupon_of, record_of, series_of
from huiyuan.repositories.promotion_rows import promotion_of, scope_of
from huiyuan.repositories.shift_rows import closed_shift, shift_report
from huiyuan.repositories.sign_in import accepted

Row = Mapping[str, Any]
Ask = Callable[[str, Sequence[object]], Any]
"""Executes one statement in autocommit and returns its only value, as `Line.ask` does. Raises Unreachable."""


class DatabaseReads:
    """Questions of a counter whose connection is signed in; see the port for what each may refuse.

    Args:
        ask: How one statement is asked.
        token_of: Turns what a reader delivers (kind, text) into a token, as `IndexKey.token` does.
        kept: The rules of before, for while the line is away.
    """

    def __init__(
        self, ask: Ask, *, token_of: Callable[[str, str], bytes], kept: KeptAnswers | None = None
    ) -> None:
        self._ask = ask
        self._token_of = token_of
        self._kept = kept or KeptAnswers(None)
        self._rules_of: object = None
        self._rules: tuple[RuleVersion, ...] = ()

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def open_card(self, *, token_kind: str, text: str) -> OpenedCard:
        plain = unicodedata.normalize("NFKC", text).strip()  # a typed number may come in full-width digits
        token = self._token_of(token_kind, plain)
        answer: Row = self._call("select api.open_card(%s, %s)", token_kind, token)
        return opened_card(answer, token_kind=token_kind, token=token)

    def open_coupon(self, code: str) -> Coupon:
        return coupon_of(self._call("select api.open_coupon(%s)", self._token_of("coupon", code)))

    def coupons_again(self, marks: Sequence[str]) -> Sequence[Coupon]:
        return tuple(
            coupon_of(row) for row in self._call("select api.coupons_again(%s::text[])", list(marks))
        )

    def member_coupons(self, member: int) -> Sequence[Coupon]:
        answer: Row = self._call("select api.member_coupons(%s::bigint)", member)
        return tuple(coupon_of(row) for row in answer["coupons"])

    def coupon_series(self) -> Sequence[Series]:
        return tuple(series_of(row) for row in self._call("select api.coupon_series()"))

    def coupon_record(self, code: str) -> CouponRecord:
        return record_of(self._call("select api.open_coupon(%s)", self._token_of("coupon", code)))

    def find_coupons(self, last: str) -> Sequence[CouponRecord]:
        return tuple(record_of(row) for row in self._call("select api.find_coupons(%s)", last))

    def coupons_of(self, document: UUID) -> Sequence[Series]:
        return tuple(series_of(row) for row in self._call("select api.coupons_of(%s)", document))

    def coupon_code(self, document: UUID, n: int) -> str:
        # Of the document and the key of the chain: a paper that was lost on its way is the same code again.
        chance = int.from_bytes(self._token_of("coupon-code", f"{document}:{n}"), "big")
        return code_from(chance % POSSIBLE)

    def coupon_token(self, code: str) -> str:
        return self._token_of("coupon", code).hex()

    def note_card(self, readings: Sequence[tuple[str, str]]) -> tuple[CardToken, ...]:
        plain = [(kind, unicodedata.normalize("NFKC", text).strip()) for kind, text in readings]
        return tuple(CardToken(kind, self._token_of(kind, text).hex()) for kind, text in plain)

    def find_product(self, code: str) -> Product:
        answer: Row = self._call("select api.find_product(%s)", code)
        if answer["price_minor"] is None and not answer["open_price"]:
            raise Refused("no_price", {"product": answer["code"]})
        return Product(
            id=answer["id"],
            code=answer["code"],
            name=answer["name"],
            kind=answer["kind"],
            base_unit=answer["base_unit"],
            tax_code=answer["tax"]["code"],
            tax_rate_bp=answer["tax"]["rate_bp"],
            price_minor=answer["price_minor"] or 0,
            qty_milli=answer["qty_milli"],
            sold_by=answer["sold_by"],
            open_price=answer["open_price"],
            category=answer["category"],
            lists=tuple(sorted(answer["lists"].items())),
            brand=answer["brand"] or "",
            min_age=answer.get("min_age") or 0,
            warning=answer.get("warning") or "",
        )

    def sellers(self) -> Sequence[Served]:
        return tuple(Served(*row) for row in self._call("select api.sellers()"))

    def attach_member(self, member: int) -> AttachedMember:
        answer: Row = self._call("select api.attach_member(%s)", member)
        found = attached(answer)
        assert found is not None
        return found

    def rules(self) -> Sequence[RuleVersion]:
        try:
            rows = self._call("select api.rules()")
            self._kept.keep("rules", rows)
        except Unreachable:
            rows = self._kept.read("rules")
            if rows is None:
                raise  # else the basket goes on by the rules of before, and the door judges them
        if self._rules_of is not rows:
            self._rules_of, self._rules = rows, tuple(_rule(row) for row in rows)
        return self._rules

    def document(self, document: UUID) -> PostedDocument:
        return _document(self._call("select api.document(%s)", document))

    def find_document(self, receipt: str) -> PostedDocument:
        return _document(self._call("select api.find_document(%s)", receipt))

    def recent(self, most: int, *, after: UUID | None = None) -> Sequence[RecentDocument]:
        rows: Sequence[Row] = self._call("select api.recent(%s::int, %s::uuid)", most, after)
        return tuple(
            RecentDocument(
                id=UUID(row["id"]),
                kind=row["kind"],
                receipt=row["receipt"],
                posted_at=datetime.fromisoformat(row["posted_at"]),
                total_minor=row["total_minor"],
                staff_name=row["staff_name"] or "",
                reversed=row["reversed"],
            )
            for row in rows
        )

    def shift_report(self, shift: UUID) -> ShiftReport:
        return shift_report(self._call("select api.shift_report(%s)", shift))

    def shift_print(self, shift: UUID) -> ShiftReport:
        return shift_report(self._call("select api.shift_print(%s)", shift))

    def shifts(
        self, *, number: int | None, on_day: date | None, most: int, after: UUID | None = None
    ) -> Sequence[ClosedShift]:
        rows: Sequence[Row] = self._call(
            "select api.shifts(%s::int, %s::date, %s::int, %s::uuid)", number, on_day, most, after
        )
        return tuple(closed_shift(row) for row in rows)


def opened_card(answer: Row, *, token_kind: str, token: bytes) -> OpenedCard:
    """An answer of api.open_card for a card presented as `token`."""
    card = answer["card"]
    return OpenedCard(
        id=card["id"],
        number=card["number"],
        state=CardState(card["state"]),
        type=card["type"],
        version=card["version"],
        wallet=answer["wallet"],
        member=_member(answer["member"]),
        balances=Balances(**(answer["balances"] or {})),
        pin_set=answer["pin_set"],
        token=CardToken(kind=token_kind, hmac=token.hex()),
        terms=terms_of_card(answer["terms"]),
        passes=held_passes(answer["passes"]),
        holder=answer.get("holder") or "",
        rest=resting(answer.get("rest")),
    )


def _member(row: Row | None) -> Member | None:
    if row is None:
        return None
    tier = row["tier"]
    return Member(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        tier=Tier(tier["id"], tier["code"], tier["name"]),
        dealer=row["dealer"] or "",
        first_order=row["first_order"],
        used=tuple((int(rule), used) for rule, used in (row["used"] or {}).items()),
        birth_month=bool(row.get("birth_month")),
        joined_days=row.get("joined_days"),
        pops_up=tuple(row.get("pops_up") or ()),
        wants_message=bool(row.get("slips")),
        has_phone=row.get("phone") is not False,
    )


def attached(row: Row | None) -> AttachedMember | None:
    """A member with the wallet that earns, as several calls answer one."""
    found = _member(row["member"]) if row else None
    if row is None or found is None:
        return None
    return AttachedMember(found, row["wallet"], Balances(**row["balances"]), resting(row.get("rest")))


def _rule(row: Row) -> RuleVersion:
    return RuleVersion(
        rule=row["rule"],
        version=row["version"],
        family=RuleFamily(row["family"]),
        name=row["name"],
        tiers=None if row["tiers"] is None else tuple(row["tiers"]),
        max_bp=row["max_bp"],
        max_line_minor=row["max_line_minor"],
        max_document_minor=row["max_document_minor"],
        points_rate=row["points_rate"],
        min_minor=row["min_minor"],
        amount_minor=row["amount_minor"],
        term_days=row["term_days"],
        body=row["body"],
        promotion=promotion_of(row["body"]) if row["family"] == RuleFamily.PROMOTION else None,
        scope=scope_of(row["body"]) if row["family"] == RuleFamily.TIER else EVERYTHING,
    )


def _document(row: Row) -> PostedDocument:
    return PostedDocument(
        document=Document.from_body(UUID(row["id"]), row["body"]),
        posted=Posted.from_result(row["result"]),
        staff_name=row["staff_name"] or "",
        lines=tuple(LineLeft(**line) for line in row["lines"]),
        paid=tuple(
            PaidLeft(
                paid["n"], paid["paid_with"], paid["amount_minor"], paid["left_minor"], paid["method"] or ""
            )
            for paid in row["paid"]
        ),
        reversed_by=None if row["reversed_by"] is None else UUID(row["reversed_by"]),
        wallet=row["wallet"],
        attached=attached(row["attached"]),
        invoiced=_invoiced(row.get("invoiced")),
        goods={int(product): name for product, name in (row.get("goods") or {}).items()},
        cards={int(wallet): number for wallet, number in (row.get("cards") or {}).items()},
    )


def _invoiced(row: Row | None) -> Invoiced | None:
    return None if row is None else Invoiced(tuple(row["numbers"]), row["spare_minor"])
