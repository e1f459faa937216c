"""The law about prepaid cards in words: what each rule is about, its limit, and why an amount will not do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.law import LawRule, Verdict
from huiyuan.screens.wording import Wording

RULES: Final[Mapping[str, str]] = {
    "registered_cap": msg("Registered card holds at most"),
    "bearer_cap": msg("Bearer card holds at most"),
    "identity_registered": msg("Registered card: identity seen"),
    "identity_bearer": msg("Bearer cards: identity from"),
    "identity_unnamed": msg("Bearer cards, unnamed: from"),
    "transfer_company": msg("Company: no cash from"),
    "transfer_person": msg("Person: no cash from"),
    "registered_validity": msg("Registered card: months valid"),
    "bearer_validity": msg("Bearer card: months at least"),
    "refund_cash": msg("Refund in cash at most"),
    "retention": msg("Buyers' records kept, months"),
    "liability_retail": msg("Outstanding, shops and food"),
    "liability_services": msg("Outstanding, services"),
}
WHY: Final[Mapping[str, str]] = {
    "registered_cap": msg("A registered card may hold at most {cap}; it would hold {would_be}."),
    "bearer_cap": msg("A bearer card may hold at most {cap}; it would hold {would_be}."),
    "identity_registered": msg(
        "Whoever buys value or a pass for a registered card shows an identity document first: write its"
        " number on the member's page."
    ),
    "identity_bearer": msg(
        "With this, the buyer would have bought bearer cards for {amount}; from {limit} on an identity"
        " document is seen first: write its number on the member's page."
    ),
    "identity_unnamed": msg(
        "With this, nobody in particular would have bought bearer cards for {amount} here; from {limit} on"
        " say who buys."
    ),
    "transfer_company": msg(
        "With this, the company would have bought {amount}; from {limit} on it pays by transfer, not in cash."
    ),
    "transfer_person": msg(
        "With this, the buyer would have bought {amount}; from {limit} on he pays by transfer, not in cash."
    ),
    "refund_cash": msg(
        "{amount} are left on the card; above {limit} it goes to an account of the same name, not out in"
        " cash."
    ),
    "registered_validity": msg("Money on a registered card does not end."),
    "bearer_validity": msg("A bearer card holds good for at least {months} months."),
}
ARTICLE: Final = msg("{article}, {source}")


def rule_name(say: Wording, rule: str) -> str:
    """What a rule is about."""
    return say(RULES[rule]) if rule in RULES else rule


def limit_text(say: Wording, row: LawRule) -> str:
    """A row's limit, as what it is."""
    if row.rate_bp is not None:
        whole, part = divmod(row.rate_bp, 100)
        return f"{whole}.{part:02}%" if part else f"{whole}%"
    if row.amount_minor:
        return say.figure(row.amount_minor)
    return str(row.months) if row.months is not None else "-"


def article_line(say: Wording, row: LawRule) -> str:
    """Where it is written."""
    return say(ARTICLE, article=row.article, source=row.source)


def verdict_text(say: Wording, verdict: Verdict) -> str:
    """Why an amount will not do, and where that is written."""
    money = {"cap", "would_be", "amount", "limit"}
    facts: dict[str, object] = {
        name: say.money(value) if name in money else value for name, value in verdict.facts.items()
    }
    return say(WHY[verdict.rule.rule], **facts) + "\n" + article_line(say, verdict.rule)
