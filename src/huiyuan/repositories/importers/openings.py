"""`huiyuan openings`: members, cards and what they hold, as one document of history a member.

Always true: a try does everything and keeps nothing; what is booked is what somebody signed for, file and
totals; a member opens once, so the same list again changes nothing and another amount is refused by its line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.needle import last_four
from huiyuan.domain.model.phone import masked_phone
from huiyuan.repositories.importers.history import BATCH_SALES, HistoryEntry, batches, document_id
from huiyuan.repositories.importers.opening_rows import OpeningRow, read_openings
from huiyuan.repositories.importers.outcome import ImportRefused, Outcome, Progress
from huiyuan.repositories.sealing import PHONE_MASK, Sealer
from huiyuan.repositories.search_words import member_tokens
from huiyuan.repositories.secrets import IndexKey

SOURCE: Final = "openings"
CARD_TYPE: Final = "registered"
SIGNATURE: Final = 8
"""Characters of the code that stands for a file and its totals: enough that no slip of the hand passes."""


@dataclass(slots=True)
class Totals:
    """Sums of a list. Money in minor units; `passes` are uses by the name of the pass."""

    members: int = 0
    cards: int = 0
    principal_minor: int = 0
    bonus_minor: int = 0
    points: int = 0
    passes: dict[str, int] = field(default_factory=dict)

    def add(self, row: OpeningRow) -> None:
        """Count one row in."""
        self.members += 1
        self.cards += row.card is not None
        self.principal_minor += row.principal_minor
        self.bonus_minor += row.bonus_minor
        self.points += row.points
        for name, uses in row.passes.items():
            self.passes[name] = self.passes.get(name, 0) + uses


@dataclass(frozen=True, slots=True)
class Opening:
    """What a list came to.

    Attributes:
        totals: of the rows that can go in, or went in.
        minor_digits: decimals of the chain's currency.
        code: stands for exactly this file, moment and these totals; it is asked for before anything is kept.
    """

    totals: Totals
    code: str
    minor_digits: int


@dataclass(frozen=True, slots=True)
class Keys:
    """What makes a telephone sealed and a card findable; asked once the chain is known."""

    index: Callable[[], IndexKey]
    sealer: Sealer


def import_openings(
    entry: HistoryEntry,
    path: Path,
    *,
    currency: str,
    at: datetime,
    store: str,
    keys: Keys,
    outcome: Outcome,
    progress: Progress,
    encoding: str = "utf-8",
    signed: tuple[str, str] | None = None,
) -> Opening:
    """Try the list at `path`, or book it where it was signed for.

    Args:
        at: the moment whose balances these are; it stands in every document, so it is part of what is known.
        store: code of the store that answers for members whose row names none.
        signed: the code of a try and the number of the person who stands for its totals; None only tries.

    Raises:
        ImportRefused: no_chain, currency_differs, sign_differs, unknown_staff (number),
            unknown_store (store), and those of the file.
        KeyFileRefused: from `keys`.
    """
    chain = entry.begin(SOURCE, currency)
    rows = read_openings(path, outcome, encoding=encoding, minor_digits=chain["minor_digits"])
    digits = chain["minor_digits"]
    digest = hashlib.sha256(path.read_bytes() + at.isoformat().encode() + store.encode()).hexdigest()
    if signed is None:
        with entry.tried():
            return _book(_Run(entry, path.name, at, store, keys, outcome, progress), rows, digest, digits)
    with entry.tried():
        quiet = Outcome()
        tried = _book(_Run(entry, path.name, at, store, keys, quiet, lambda *_: None), rows, digest, digits)
    code, staff = signed
    if code.lower() != tried.code:
        raise ImportRefused("sign_differs")
    entry.signed(staff, digest, asdict(tried.totals))
    return _book(_Run(entry, path.name, at, store, keys, outcome, progress), rows, digest, digits)


@dataclass(frozen=True, slots=True)
class _Run:
    entry: HistoryEntry
    file: str
    at: datetime
    store: str
    keys: Keys
    outcome: Outcome
    progress: Progress


def _book(run: _Run, rows: Sequence[OpeningRow], digest: str, minor_digits: int) -> Opening:
    key = run.keys.index()
    stores = sorted({run.store, *(row.store or run.store for row in rows)})
    ids = {row.member: _id_of(row, run.at) for row in rows}
    plan = run.entry.openings(stores, list(ids.values()))
    if run.store not in plan["stores"]:
        raise ImportRefused("unknown_store", store=run.store)
    good = [row for row in rows if _known(row, run, plan)]
    wallets = _import_members(run, good, key)
    totals = Totals()
    documents: list[tuple[OpeningRow, dict[str, Any]]] = []
    for row in good:
        if row.member not in wallets:
            continue
        if not row.holds:
            totals.add(row)
            continue
        documents.append((row, _document(row, run, plan, ids[row.member], wallets[row.member])))
    done = 0
    for batch in batches(documents, BATCH_SALES):
        for (row, _), answer in zip(batch, run.entry.history([d for _, d in batch]), strict=True):
            if "refused" in answer:
                run.outcome.bad(run.file, row.line, str(answer["refused"]), row.member)
                run.outcome.refused += 1
                continue
            totals.add(row)
            if str(ids[row.member]) in plan["known"]:
                run.outcome.known += 1
            else:
                run.outcome.posted += 1
        done += len(batch)
        run.progress("openings", done, len(documents))
    text = json.dumps(asdict(totals), sort_keys=True, ensure_ascii=False)
    return Opening(totals, hashlib.sha256(f"{digest}{text}".encode()).hexdigest()[:SIGNATURE], minor_digits)


def _id_of(row: OpeningRow, at: datetime) -> UUID:
    number = int.from_bytes(hashlib.sha256(row.member.encode()).digest()[:6], "big")
    return document_id(SOURCE, row.member, number, at)


def _known(row: OpeningRow, run: _Run, plan: Mapping[str, Any]) -> bool:
    """Whether everything that the row names is there."""
    if (row.store or run.store) not in plan["stores"]:
        run.outcome.bad(run.file, row.line, "unknown_store", row.store or run.store)
        return False
    missing = next((name for name in row.passes if name not in _passes(plan)), None)
    if missing is not None:
        run.outcome.bad(run.file, row.line, "unknown_pass", missing)
        return False
    return True


def _passes(plan: Mapping[str, Any]) -> dict[str, Mapping[str, int]]:
    """Headings are compared in small letters."""
    return {name.lower(): version for name, version in plan["passes"].items()}


def _import_members(run: _Run, rows: Sequence[OpeningRow], key: IndexKey) -> dict[str, int]:
    wallets: dict[str, int] = {}
    by_number = {row.member: row for row in rows}
    done = 0
    for batch in batches([_member_row(row, run, key) for row in rows], BATCH_SALES):
        made = run.entry.members(batch)
        run.outcome.members += made.made
        for number, reason in made.refused.items():
            run.outcome.bad(run.file, by_number[number].line, reason, number)
        there = {number: member for number, member in made.ids.items() if number not in made.refused}
        wallets |= {number: made.wallets[number] for number in there if number in made.wallets}
        for number in there:
            if number not in made.wallets:
                run.outcome.bad(run.file, by_number[number].line, "no_card", number)
        phones = [
            _phone_row(member, phone, run.keys.sealer, key)
            for number, member in there.items()
            if (phone := by_number[number].phone)
        ]
        run.entry.phones(phones)
        done += len(batch)
        run.progress("members", done, len(rows))
    return wallets


def _member_row(row: OpeningRow, run: _Run, key: IndexKey) -> dict[str, Any]:
    card = None
    if row.card is not None:
        tokens = [{"kind": kind, "token": key.token(kind, row.card).hex()} for kind in ("number", "barcode")]
        kind = row.card_type or CARD_TYPE
        card = {"number": row.card, "type": kind, "state": row.card_state, "tokens": tokens}
    joined = None if row.joined is None else f"{row.joined.isoformat()}T00:00:00Z"
    return {
        "number": row.member,
        "name": row.name,
        "tier": row.tier,
        "home_store": row.store or run.store,
        "joined_at": joined,
        "words": member_tokens(row.name),
        "card": card,
    }


def _phone_row(member: int, phone: str, sealer: Sealer, key: IndexKey) -> dict[str, Any]:
    return {
        "member": member,
        "phone": sealer.seal(phone, member=member, field="phone"),
        "mask": sealer.seal(masked_phone(phone), member=member, field=PHONE_MASK),
        "index": key.token("phone", phone).hex(),
        "index4": key.token("phone4", last_four(phone)).hex(),
    }


def _document(
    row: OpeningRow, run: _Run, plan: Mapping[str, Any], document: UUID, wallet: int
) -> dict[str, Any]:
    """The opening of one wallet. One that stands keeps its number; a new one takes the next of its store."""
    store = row.store or run.store
    number = plan["known"].get(str(document))
    if number is None:
        number = plan["next"][store]
        plan["next"][store] += 1
    held = {"principal": row.principal_minor, "bonus": row.bonus_minor, "points": row.points}
    versions = _passes(plan)
    body = {
        "kind": "opening_balance",
        "store": plan["stores"][store],
        "number": number,
        "occurred_at": run.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "total_minor": sum(held.values()),
        "wallet": wallet,
    }
    if rows := [{"account": account, "amount": amount} for account, amount in held.items() if amount]:
        body["corrections"] = rows
    if row.passes:
        body["grants"] = [
            {"kind": "pass", "amount": uses, **versions[name]} for name, uses in sorted(row.passes.items())
        ]
    return {"id": str(document), "body": body}
