"""From the server's answers about members to the frozen rows of the domain; masks are opened on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.birthday import Birthday
from huiyuan.domain.model.card import CardState, Tier
from huiyuan.domain.model.members import (
    COMPANY_FIELDS,
    CardPage,
    CardType,
    Lot,
    MemberAccount,
    MemberCard,
    MemberChange,
    MemberForm,
    MemberNote,
    MemberPage,
    Movement,
    Place,
    Purchase,
    Statement,
)
from huiyuan.repositories.credit_rows import due_of
from huiyuan.repositories.reads import opened_card
from huiyuan.repositories.sealing import ID_NO_MASK, PHONE_MASK, Sealer, mask_of

Row = Mapping[str, Any]


def page(row: Row, sealer: Sealer) -> MemberPage:
    """An answer of api.member_page."""
    member: int = row["id"]
    return MemberPage(
        id=member,
        number=row["number"],
        version=row["version"],
        kind=row["kind"],
        name=row["name"],
        tier=Tier(**row["tier"]),
        home_store=None if row["home_store"] is None else Place(**row["home_store"]),
        joined_at=datetime.fromisoformat(row["joined_at"]),
        archived=row["archived"],
        merged_into=row["merged_into"] or "",
        state=row["state"],
        source=row["source"],
        created_by=row["created_by"] or "",
        created_store=row["created_store"] or "",
        doubts=tuple(row["doubts"]),
        gender=row["gender"],
        birthday=None if row["birthday"] is None else Birthday(**row["birthday"]),
        phone=sealer.mask(row["phone"], member=member, field=PHONE_MASK),
        id_no=sealer.mask(row["id_no"], member=member, field=ID_NO_MASK),
        address=row["address"],
        marketing=row["marketing"],
        slips=bool(row.get("slips")),
        company={
            field: sealer.mask(mask, member=member, field=mask_of(field))
            for field, mask in row["company"].items()
            if mask is not None
        },
        cards=tuple(
            MemberCard(c["id"], c["number"], CardState(c["state"]), c["type"], c["wallet"])
            for c in row["cards"]
        ),
        accounts=tuple(MemberAccount(**account) for account in row["accounts"]),
        purchases=tuple(purchase(each) for each in row["purchases"]),
        year_count=row["year"]["count"],
        year_minor=row["year"]["minor"],
        notes=tuple(
            MemberNote(n["id"], n["text"], n["pops_up"], n["by"], datetime.fromisoformat(n["at"]))
            for n in row["notes"]
        ),
    )


def form(row: Row) -> MemberForm:
    """An answer of api.member_form."""
    return MemberForm(
        member=row["member"],
        number=row["number"],
        tiers=tuple(Tier(**tier) for tier in row["tiers"]),
        stores=tuple(Place(**store) for store in row["stores"]),
    )


def purchase(row: Row) -> Purchase:
    """A row of api.member_purchases."""
    return Purchase(
        document=UUID(row["document"]),
        kind=row["kind"],
        receipt=row["receipt"] or "",
        at=datetime.fromisoformat(row["at"]),
        store=row["store"],
        total_minor=row["total_minor"],
        lines=row["lines"],
        goods=tuple(row["goods"] or ()),
    )


def change(row: Row, member: int, sealer: Sealer) -> MemberChange:
    """A row of api.member_history; what this counter cannot open shows as stars."""
    masks = {field: mask_of(field) for field in ("phone", "id_no", *COMPANY_FIELDS)}

    def opened(side: Row) -> dict[str, object]:
        return {
            key: value
            if key not in masks or value is None
            else (sealer.mask(value, member=member, field=masks[key]) or "****")
            for key, value in side.items()
        }

    return MemberChange(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        staff=row["staff"],
        store=row["store"],
        terminal=row["terminal"],
        checked=row["checked"],
        before=opened(row["before"]),
        after=opened(row["after"]),
    )


def movement(row: Row) -> Movement:
    """One entry of an account."""
    return Movement(
        seq=row["seq"],
        at=datetime.fromisoformat(row["at"]),
        store=row["store"],
        kind=row["kind"],
        receipt=row["receipt"] or "",
        delta=row["delta"],
        balance=row["balance"],
    )


def statement(row: Row) -> Statement:
    """An answer of api.statement."""
    return Statement(
        MemberAccount(**row["account"]), tuple(movement(each) for each in row["movements"]), row["before"]
    )


def card_type(row: Row) -> CardType:
    """A kind of card."""
    return CardType(**row)


def card_page(row: Row, *, token_kind: str, token: bytes) -> CardPage:
    """An answer of api.card_page for a card presented as `token`."""
    term = row["term"]
    return CardPage(
        card=opened_card(row["card"], token_kind=token_kind, token=token),
        type=card_type(row["type"]),
        accounts=tuple(MemberAccount(**account) for account in row["accounts"]),
        lots=tuple(
            Lot(
                account=lot["account"],
                amount=lot["amount"],
                remaining=lot["remaining"],
                expires_at=None if lot["expires_at"] is None else datetime.fromisoformat(lot["expires_at"]),
                at=date.fromisoformat(lot["at"]),
                store=lot["store"],
            )
            for lot in row["lots"]
        ),
        due=due_of(row["due"]),
        movements=tuple((each["account"], movement(each)) for each in row["movements"]),
        valid_to=None if term["valid_to"] is None else date.fromisoformat(term["valid_to"]),
        months=term["months"],
    )
