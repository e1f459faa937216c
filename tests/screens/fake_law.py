"""The law of the fake shop: the country's rows, one proposal of somebody else, and nobody's purchases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.law import LawProposal, LawRule, Standing, law_place
from huiyuan.domain.model.proposals import Desk, Place
from tests.law_cases import rows
from tests.screens.fake_ledger import NOON, FakeLedger


class FakeLaw:
    """Fills the port; whoever asks is the person `me`.

    Attributes:
        unseen: wallets whose member showed no identity document; `companies`: those of companies.
        bought_minor: what every buyer bought before.
    """

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger
        self.unseen: set[int] = set()
        self.companies: set[int] = set()
        self.bought_minor = 0
        self.buyers: list[int | None] = []
        # Outside text, which is in whatever language it was written in.
        self.rules = [replace(row, article=f"§ {row.id}", source="9/2012") for row in rows()]
        other = replace(self.rules[0], id=7, amount_minor=300_000, jurisdiction="CN-31", article="§ 20")
        self.proposals = [LawProposal(7, other, "王芳", own=False)]
        self.decided: list[tuple[str, int]] = []
        self.outlet = True

    def desk(self, *, after: Place | None, most: int) -> Desk[LawRule | LawProposal]:
        every: list[LawRule | LawProposal] = [*self.rules, *self.proposals]
        rows = sorted(every, key=lambda each: law_place(each, NOON))
        behind = [each for each in rows if after is None or law_place(each, NOON) > after]
        return Desk(NOON, tuple(behind[:most]), "CN-31")

    def standing(self, wallet: int, *, buyer: int | None = None) -> Standing:
        self.buyers.append(buyer)
        card = self.ledger.card_of(wallet)
        named = card.member is not None or buyer is not None
        return Standing(
            at=NOON,
            rules=tuple(
                replace(row, bought_minor=self.bought_minor if row.window_minutes else 0)
                for row in self.rules
            ),
            registered=card.member is not None,
            held_minor=card.balances.stored_minor,
            named=named,
            identified=named and wallet not in self.unseen,
            company=wallet in self.companies,
            buyer=card.member.name if card.member else "",
            outlet=self.outlet,
        )

    def propose(self, *, rule: str, jurisdiction: str, terms: Mapping[str, Any]) -> int:
        if terms.get("amount_minor") == 77:
            raise Refused("malformed", {"section": "law", "detail": "amount_minor"})
        day = datetime.fromisoformat(terms["valid_from"])
        given = {name: value for name, value in terms.items() if name != "valid_from"}
        row = LawRule(id=8, rule=rule, jurisdiction=jurisdiction, valid_from=day, **given)
        self.proposals.insert(0, LawProposal(8, row, "陈经理", own=True))
        return 8

    def approve(self, proposal: int) -> None:
        found = next(each for each in self.proposals if each.id == proposal)
        if found.own:
            raise Refused("own_proposal", {"proposal": proposal})
        self.decided.append(("approve", proposal))
        self.proposals.remove(found)
        self.rules.append(replace(found.row, id=99))

    def decline(self, proposal: int) -> None:
        self.decided.append(("decline", proposal))
        self.proposals = [each for each in self.proposals if each.id != proposal]
