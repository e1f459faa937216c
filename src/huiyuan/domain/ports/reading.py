"""Questions to the server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember, CardToken, OpenedCard
from huiyuan.domain.model.cart import Served
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import Coupon, CouponRecord, Series
from huiyuan.domain.model.posted import PostedDocument, RecentDocument
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.shift import ClosedShift, ShiftReport


class Reads(Protocol):
    """Questions, answered in turn: a scan is never overtaken by the next one."""

    def open_card(self, *, token_kind: str, text: str) -> OpenedCard:
        """A card was presented: kind is number, barcode, magstripe, uid or ndef.

        Raises Refused: `unknown_card`, `not_permitted`, `not_signed_in`.
        """
        ...

    def sellers(self) -> Sequence[Served]:
        """Who may be named as the one who served, by number; whole shares. Raises Refused `not_signed_in`."""
        ...

    def attach_member(self, member: int) -> AttachedMember:
        """A member who shows no card: tier, and the wallet that earns.

        Raises Refused: `unknown_member`, `no_wallet` (name: no card was ever issued), `not_permitted`.
        """
        ...

    def open_coupon(self, code: str) -> Coupon:
        """A code was shown, as it is printed. Raises Refused `unknown_coupon`, `not_permitted`."""
        ...

    def coupons_again(self, marks: Sequence[str]) -> Sequence[Coupon]:
        """Codes that were shown in this store within the last day, or are a member's own, by their marks.

        Open ones only; each reading stays on record. Raises Refused `not_permitted`.
        """
        ...

    def member_coupons(self, member: int) -> Sequence[Coupon]:
        """A member's own, open ones first. Raises Refused `not_permitted`."""
        ...

    def coupon_series(self) -> Sequence[Series]:
        """Series that can be given out here now. Raises Refused `not_permitted`."""
        ...

    def coupon_record(self, code: str) -> CouponRecord:
        """A code as `open_coupon`, with what became of it. Raises as that."""
        ...

    def find_coupons(self, last: str) -> Sequence[CouponRecord]:
        """By the last four characters, newest first, without tokens. Raises Refused `not_permitted`."""
        ...

    def coupons_of(self, document: UUID) -> Sequence[Series]:
        """The series of whose codes a document gave some out to whoever brings them."""
        ...

    def coupon_code(self, document: UUID, n: int) -> str:
        """The n-th code that a document gives out, as it is printed; asks nobody and is always the same."""
        ...

    def coupon_token(self, code: str) -> str:
        """What stands for a code in a document (hex HMAC); asks nobody."""
        ...

    def note_card(self, readings: Sequence[tuple[str, str]]) -> tuple[CardToken, ...]:
        """What stands for the readings (kind, text) of a card in a document; asks nobody."""
        ...

    def find_product(self, code: str) -> Product:
        """By code or barcode. Raises Refused: `unknown_product`, `not_signed_in`."""
        ...

    def rules(self) -> Sequence[RuleVersion]:
        """Every rule version in force for this store. Raises Refused: `not_signed_in`."""
        ...

    def document(self, document: UUID) -> PostedDocument:
        """Raises Refused: `wrong_origin` (of a store whose slips one does not see), `not_signed_in`."""
        ...

    def find_document(self, receipt: str) -> PostedDocument:
        """By the printed number. Raises Refused: `wrong_origin`, `not_signed_in`."""
        ...

    def recent(self, most: int, *, after: UUID | None = None) -> Sequence[RecentDocument]:
        """Documents of this drawer's open shift, newest first, those older than `after`.

        Raises Refused: `not_signed_in`.
        """
        ...

    def shift_report(self, shift: UUID) -> ShiftReport:
        """X or Z, only read. Raises Refused: `shift_missing`, `not_permitted`, `not_signed_in`."""
        ...

    def shift_print(self, shift: UUID) -> ShiftReport:
        """The same for paper: it takes the next number of this shift's prints. Raises as `shift_report`."""
        ...

    def shifts(
        self, *, number: int | None, on_day: date | None, most: int, after: UUID | None = None
    ) -> Sequence[ClosedShift]:
        """Closed shifts of this store, newest first, older than `after`, of a number or a business day.

        Raises Refused: `not_permitted`, `not_signed_in`.
        """
        ...
