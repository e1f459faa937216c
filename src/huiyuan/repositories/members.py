"""The MemberBook port: members over one line, one round trip a question.

Always true: what is personal is sealed before it leaves this process, with a blind index beside it, and the
server never sees its text; a mask that this counter cannot open is None, not an error; a value in full comes
from `reveal` only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from huiyuan.domain.model.birthday import Birthday
from huiyuan.domain.model.credit import CreditDue, Debtor
from huiyuan.domain.model.id_number import masked_id_number
from huiyuan.domain.model.members import (
    KEPT,
    CardPage,
    CardType,
    Doubtful,
    MemberChange,
    MemberDraft,
    MemberForm,
    MemberPage,
    MemberSaved,
    Purchase,
    Statement,
)
from huiyuan.domain.model.needle import last_four
from huiyuan.domain.model.person import masked_name
from huiyuan.domain.model.phone import masked_phone
from huiyuan.domain.ports import Ids
from huiyuan.repositories import member_rows as rows
from huiyuan.repositories.connection import Line
from huiyuan.repositories.credit_rows import debtor_of, due_of
from huiyuan.repositories.sealing import ID_NO_MASK, PHONE_MASK, Sealer, mask_of
from huiyuan.repositories.sign_in import accepted, two_steps

Row = Mapping[str, Any]


class DatabaseMembers:
    """Fills the MemberBook port.

    Args:
        line: a line that is signed in as whoever asks.
        sealer: seals and opens with the key of this counter.
        token_of: makes blind indexes (kind, text), as `IndexKey.token` does.
        words_of: the search tokens of a name.
    """

    def __init__(
        self,
        line: Line,
        *,
        sealer: Sealer,
        token_of: Callable[[str, str], bytes],
        words_of: Callable[[str], Sequence[str]],
        ids: Ids,
    ) -> None:
        self._line = line
        self._sealer = sealer
        self._token_of = token_of
        self._words_of = words_of
        self._ids = ids

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._line.ask(statement, parameters))

    def page(self, member: int) -> MemberPage:
        """The overview. Raises: see the port."""
        return rows.page(self._call("select api.member_page(%s)", member), self._sealer)

    def form(self, member: int | None) -> MemberForm:
        """The choices of an edit. Raises: see the port."""
        return rows.form(self._call("select api.member_form(%s)", member))

    def save(self, draft: MemberDraft) -> MemberSaved:
        """Keep a new member or an edit. Raises: see the port."""
        given = self._given(draft)
        saved: Row = self._call(
            "select api.member_save(%s, %s::int, %s)", draft.member, draft.version, Jsonb(given)
        )
        return MemberSaved(saved["member"], saved["number"], saved["version"])

    def _given(self, draft: MemberDraft) -> dict[str, Any]:
        given: dict[str, Any] = {
            "name": draft.name,
            "kind": draft.kind,
            "tier": draft.tier,
            "home_store": draft.home_store,
            "gender": draft.gender,
            "birthday": _birthday(draft.birthday),
            "archived": draft.archived,
            "doubts": list(draft.doubts),
            "same_phone": draft.same_phone,
            "tokens": list(self._words_of(draft.name)),
            "request": str(self._ids.new()),
        }
        if draft.checked is not None:
            given["checked"] = draft.checked
        if draft.marketing is not KEPT:
            given["marketing"] = draft.marketing
        if draft.source is not KEPT:
            given["source"] = draft.source
        if draft.phone is not KEPT:
            given["phone"] = None if draft.phone is None else self._phone(draft.member, draft.phone)
        if draft.id_no is not KEPT:
            given["id_no"] = None if draft.id_no is None else self._id_no(draft.member, draft.id_no)
        if draft.address is not KEPT:
            sealed = draft.address and self._sealer.seal(draft.address, member=draft.member, field="address")
            given["address"] = {"sealed": sealed} if sealed else None
        if draft.company:
            given["company"] = {
                name: text and self._acting(draft.member, name, text) for name, text in draft.company.items()
            }
        return given

    def _phone(self, member: int, phone: str) -> dict[str, str]:
        return {
            "sealed": self._sealer.seal(phone, member=member, field="phone"),
            "mask": self._sealer.seal(masked_phone(phone), member=member, field=PHONE_MASK),
            "index": self._token_of("phone", phone).hex(),
            "index4": self._token_of("phone4", last_four(phone)).hex(),
        }

    def _id_no(self, member: int, id_no: str) -> dict[str, str]:
        return {
            "sealed": self._sealer.seal(id_no, member=member, field="id_no"),
            "mask": self._sealer.seal(masked_id_number(id_no), member=member, field=ID_NO_MASK),
            "index": self._token_of("id_no", id_no).hex(),
        }

    def _acting(self, member: int, field: str, text: str) -> dict[str, str]:
        mask = masked_phone(text) if field.endswith("phone") else masked_name(text)
        return {
            "sealed": self._sealer.seal(text, member=member, field=field),
            "mask": self._sealer.seal(mask, member=member, field=mask_of(field)),
        }

    def history(self, member: int, *, before: int | None, most: int) -> Sequence[MemberChange]:
        """A page of changes, newest first. Raises: see the port."""
        found: Sequence[Row] = self._call(
            "select api.member_history(%s, %s::bigint, %s::int)", member, before, most
        )
        return tuple(rows.change(row, member, self._sealer) for row in found)

    def statement(self, account: int, *, before: int | None, most: int) -> Statement:
        """A page of an account. Raises: see the port."""
        return rows.statement(
            self._call("select api.statement(%s, %s::bigint, %s::int)", account, before, most)
        )

    def purchases(self, member: int, *, after: UUID | None, most: int) -> Sequence[Purchase]:
        """Sales and returns in all stores. Raises: see the port."""
        found: Sequence[Row] = self._call(
            "select api.member_purchases(%s, %s::uuid, %s::int)", member, after, most
        )
        return tuple(rows.purchase(row) for row in found)

    def reveal(self, member: int, field: str, *, reason: str) -> str:
        """A sealed value in full, in one round trip. Raises: see the port."""
        asked = self._ids.new()

        def work(connection: psycopg.Connection[Any]) -> Any:
            begin = "select api.reveal_begin(%s, %s, %s, %s)"
            return two_steps(
                connection, begin, (asked, member, field, reason), "select api.reveal(%s)", (asked,)
            )

        answer: Row = self._line.talk(work)
        return self._sealer.unseal(answer["sealed"], member=member, field=field)

    def put_note(self, member: int, text: str, *, pops_up: bool) -> None:
        """A note on the member. Raises: see the port."""
        self._call("select api.member_note_put(%s, null, %s, %s)", member, text, pops_up)

    def remove_note(self, note: int) -> None:
        """Take a note off the page. Raises: see the port."""
        self._call("select api.member_note_put(null, %s, null, null)", note)

    def put_credit_limit(self, wallet: int, limit_minor: int) -> None:
        """Audited; raises as the port says."""
        self._call("select api.credit_limit_put(%s::bigint, %s::bigint)", wallet, limit_minor)

    def credit_due(self, wallet: int) -> CreditDue | None:
        """How a debt stands. Raises: see the port."""
        return due_of(self._call("select api.credit_due(%s::bigint)", wallet)["debt"])

    def debtors(
        self, most: int, *, after: Sequence[int] | None = None, overdue: bool = False
    ) -> Sequence[Debtor]:
        """Wallets that owe. Raises: see the port."""
        place = None if after is None else list(after)
        found: Sequence[Row] = self._call(
            "select api.credits_due(%s::int, %s::bigint[], %s)", most, place, overdue
        )
        return tuple(debtor_of(row) for row in found)

    def doubtful(self, most: int, *, after: int | None = None) -> Sequence[Doubtful]:
        """Records that somebody should look at. Raises: see the port."""
        found: Sequence[Row] = self._call("select api.members_to_verify(%s::int, %s::bigint)", most, after)
        return tuple(Doubtful(row["id"], row["number"], row["name"], tuple(row["doubts"])) for row in found)

    def card(self, *, token_kind: str, text: str) -> CardPage:
        """A presented card with all there is about it. Raises: see the port."""
        plain = unicodedata.normalize("NFKC", text).strip()
        token = self._token_of(token_kind, plain)
        answer = self._call("select api.card_page(%s, %s)", token_kind, token)
        return rows.card_page(answer, token_kind=token_kind, token=token)

    def card_types(self) -> Sequence[CardType]:
        """The kinds of cards there are. Raises: see the port."""
        return tuple(rows.card_type(row) for row in self._call("select api.card_types()"))


def _birthday(birthday: Birthday | None) -> dict[str, Any] | None:
    if birthday is None:
        return None
    return {
        "calendar": birthday.calendar,
        "year": birthday.year,
        "month": birthday.month,
        "day": birthday.day,
        "leap": birthday.leap,
    }
