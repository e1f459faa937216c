"""The CardDesk port over one line: one statement and one round trip a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.card_life import (
    CardApplication,
    CardLife,
    Holder,
    LifeEvent,
    LifeMove,
    MemberLife,
    NamedType,
    OpenFee,
    PastCard,
)
from huiyuan.domain.model.document import Fee, IdentityRow, Kind
from huiyuan.domain.model.posted import MovedTerms
from huiyuan.repositories.reads import Ask
from huiyuan.repositories.sign_in import accepted

Row = Mapping[str, Any]


class DatabaseCardDesk:
    """See the port for what each question may refuse.

    Args:
        token_of: makes blind indexes (kind, text), as `IndexKey.token` does.
    """

    def __init__(self, ask: Ask, *, token_of: Callable[[str, str], bytes]) -> None:
        self._ask = ask
        self._token_of = token_of

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def card(self, *, token_kind: str, text: str) -> CardLife:
        plain = unicodedata.normalize("NFKC", text).strip()
        row: Row = self._call("select api.card_life(%s, %s)", token_kind, self._token_of(token_kind, plain))
        return card_life(row)

    def member(self, member: int) -> MemberLife:
        row: Row = self._call("select api.member_life(%s::bigint)", member)
        return MemberLife(
            id=row["id"],
            number=row["number"],
            name=row["name"],
            state=row["state"],
            moves=_moves(row),
            types=tuple(NamedType(**each) for each in row["types"]),
            story=tuple(_event(each) for each in row["story"]),
        )

    def identity(self, holder: int, *, paper: str, number: str) -> IdentityRow:
        plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number[:80])).upper()
        match = self._token_of("id_no", plain).hex() if plain else None
        return IdentityRow(holder=holder, paper=paper, match=match)

    def fees_open(self, most: int, *, after: OpenFee | None) -> Sequence[OpenFee]:
        found: Sequence[Row] = self._call(
            "select api.fees_open(%s::int, %s::date, %s::bigint, %s::int)",
            most, after.due_on if after else None, after.fee.card if after else None,
            after.fee.rule if after else None,
        )  # fmt: skip
        return tuple(
            OpenFee(
                fee=Fee(
                    code=row["code"], rule=row["rule"], version=row["version"],
                    amount_minor=row["amount_minor"], card=row["card"], year=row["year"],
                ),
                number=row["number"], holder=row["holder"], member=row["member"], type=row["type"],
                due_on=date.fromisoformat(row["due_on"]),
            )
            for row in found
        )  # fmt: skip

    def past(self, most: int) -> Sequence[PastCard]:
        found: Sequence[Row] = self._call("select api.cards_past(%s::int)", most)
        return tuple(PastCard(row["card"], CardState(row["was"])) for row in found)

    def applications(self, member: int | None) -> Sequence[CardApplication]:
        found: Sequence[Row] = self._call("select api.card_applications(%s::bigint)", member)
        return tuple(
            CardApplication(
                id=row["id"], state=row["state"], type=row["type"], member=row["member"],
                number=row["number"], name=row["name"], papers=row["papers"],
                at=datetime.fromisoformat(row["at"]), by=row["by"], own=row["own"],
                reason=row["reason"] or "",
            )
            for row in found
        )  # fmt: skip


def card_life(row: Row) -> CardLife:
    """An answer of api.card_life."""
    holder = row["holder"]
    return CardLife(
        id=row["id"],
        number=row["number"],
        state=CardState(row["state"]),
        before=CardState(row["before"]) if row["before"] else None,
        type=NamedType(row["type"]["id"], row["type"]["name"]),
        registered=row["type"]["registered"],
        main=row["main"],
        wallet=row["wallet"],
        holder=Holder(**holder) if holder else None,
        valid_to=_day(row["valid_to"]),
        issued_on=_day(row["issued_on"]),
        months=row["months"],
        replaced_by=row["replaced_by"] or "",
        moves=_moves(row),
        types=tuple(NamedType(**each) for each in row["types"]),
        story=tuple(_event(each) for each in row["story"]),
    )


def _moves(row: Row) -> tuple[LifeMove, ...]:
    """A kind that this version of the program does not know yet is left out."""
    known = {str(kind) for kind in Kind}
    return tuple(
        LifeMove(
            kind=Kind(each["kind"]),
            now=each["now"],
            permission=each["permission"],
            reason=each["reason"],
            identity=each["identity"],
            shift=each["shift"],
            fees=tuple(Fee(**fee) for fee in each["fees"]),
        )
        for each in row["moves"]
        if each["kind"] in known
    )


def _event(row: Row) -> LifeEvent:
    return LifeEvent(
        at=datetime.fromisoformat(row["at"]),
        store=row["store"],
        staff=row["staff"] or "",
        kind=row["kind"],
        was=row["was"],
        now=row["now"],
        receipt=row["receipt"] or "",
        reason=row["reason"] or "",
        terms=MovedTerms.from_row(row) if row.keys() & {"type", "valid_to"} else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
