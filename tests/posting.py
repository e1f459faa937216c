"""Documents as plain bodies, posted over a test's till, without the product's client."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests import facts
from tests.tills import Till


def post(till: Till, kind: str, *, document: UUID | None = None, **body: Any) -> dict[str, Any]:
    """Post a document of `kind` and return the door's answer, a refusal included."""
    header = {
        "kind": kind,
        "session": till.session["session"],
        "number": till.call("hello")["next_number"],
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    given = {name: value for name, value in body.items() if value is not None}
    answer: dict[str, Any] = till.call("post", document or uuid.uuid4(), 1, json.dumps(header | given))
    return answer


def posted(till: Till, kind: str, **body: Any) -> dict[str, Any]:
    """Post a document that must be accepted."""
    answer = post(till, kind, **body)
    assert "refused" not in answer, answer
    return answer


def open_shift(till: Till, *, float_minor: int = 20_000) -> str:
    """Open the shift of this till's drawer and return its id."""
    answer = posted(till, "shift_open", counted_minor=float_minor, total_minor=float_minor)
    return str(answer["shift"])


def line(n: int, code: str, *, qty_milli: int = 1_000, price_minor: int | None = None) -> dict[str, int]:
    """A sale's line at the list price of store 1, without any discount."""
    price = facts.product(code).price_minor if price_minor is None else price_minor
    value = (qty_milli * price + 500) // 1_000
    product = facts.product_id(code)
    return {
        "n": n,
        "product": product,
        "qty_milli": qty_milli,
        "price_minor": price,
        "value_minor": value,
        "total_minor": value,
    }


def taxes(lines: Sequence[dict[str, int]]) -> list[dict[str, Any]]:
    """The tax that lies in `lines`, one row a code."""
    rates = {"vat6": 600, "vat9": 900, "vat13": 1_300}
    base: dict[str, int] = {}
    for each in lines:
        code = facts.PRODUCTS[each["product"] - 1].tax
        base[code] = base.get(code, 0) + each["total_minor"]
    return [
        {
            "code": code,
            "rate_bp": rates[code],
            "base_minor": whole,
            "amount_minor": (whole * rates[code] * 2 + 10_000 + rates[code]) // (2 * (10_000 + rates[code])),
        }
        for code, whole in base.items()
        if code in rates
    ]


def sale_body(shift: str, lines: Sequence[dict[str, int]], **more: Any) -> dict[str, Any]:
    """The body of a sale, paid in cash unless `tenders` says otherwise."""
    total = sum(each["total_minor"] for each in lines)
    body: dict[str, Any] = {"shift": shift, "lines": list(lines), "taxes": taxes(lines), "total_minor": total}
    body["tenders"] = [{"kind": "cash", "amount_minor": total, "given_minor": total}]
    return body | more


def sell(till: Till, shift: str, lines: Sequence[dict[str, int]], **more: Any) -> dict[str, Any]:
    """Sell `lines`, paid in cash unless `tenders` says otherwise."""
    return posted(till, "sale", **sale_body(shift, lines, **more))


def stored(card: facts.DemoCard, amount_minor: int) -> dict[str, Any]:
    """A tender of stored value and the proof that the card was presented."""
    wallet = facts.wallet_id(card)
    return {
        "tenders": [{"kind": "stored", "amount_minor": amount_minor, "wallet": wallet}],
        "proofs": [{"wallet": wallet, "token_kind": "number", "token": facts.token(card).hex()}],
    }
