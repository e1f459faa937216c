"""What the parts of the tills share: their seats, and how a document is sent."""

from __future__ import annotations

from typing import Any

from tests.small_chain import Card, Seat, SmallChain


class Counter:
    """Two tills, a manager's desk, and what stands on the cards that they know."""

    chain: SmallChain
    seats: list[Seat]
    approver: Seat
    cards: list[Card]
    wallets: list[int]
    people: list[int]
    documents: list[dict[str, Any]]

    def _send(
        self, till: int, kind: str, *, keep: bool = True, by_two: bool = False, **parts: Any
    ) -> str | None:
        """Post a document; a second person signs where one has to, or where `by_two` says so."""
        seat = self.seats[till]
        body = seat.document(kind, **parts)
        answer = seat.post(body, seat.approved(body, seat=self.approver) if by_two else None)
        if answer.get("refused") == "approval_needed":
            answer = seat.post(body, seat.approved(body, seat=self.approver))
        if "refused" in answer:
            return str(answer["refused"])
        if keep:
            qty = sum(row["qty_milli"] for row in parts.get("lines", ()))
            self.documents.append({**answer, "till": till, "qty_milli": qty, "named": parts.get("wallet")})
        return None

    def _asked(self, answer: dict[str, Any]) -> str | None:
        return str(answer["refused"]) if "refused" in answer else None
