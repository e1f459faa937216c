"""The form of a new row of the law: limit, first day, article, source, where it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, Final

from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.law import LawRule
from huiyuan.domain.model.money import parse_minor
from huiyuan.screens.law_words import limit_text, rule_name
from huiyuan.screens.proposal_form import ProposalForm
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import read_day
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose

FIELDS: Final[Mapping[str, str]] = {
    "limit": msg("Limit"),
    "from": msg("Holds from"),
    "article": msg("Article"),
    "source": msg("Source"),
    "place": msg("Place"),
}


class LawForm(ProposalForm):
    """Proposes where the row holds and its terms; what is left empty is as in the row before.

    Args:
        row: the row that the new one follows.
    """

    SCOPE = "field"

    def __init__(self, shop: Shop, row: LawRule) -> None:
        super().__init__(shop, rule_name(shop.say, row.rule))
        self.row = row

    def body(self) -> ComposeResult:
        """What may be typed, and the fields."""
        say, row = self.say, self.row
        yield Prose(
            say(msg("A sum, months, or a rate such as 40%; the first day as 2027-01-01. Empty: as before."))
        )
        before = {
            "limit": limit_text(say, row), "article": row.article, "source": row.source,
            "place": row.jurisdiction,
        }  # fmt: skip
        for name, label in FIELDS.items():
            yield Field(say(label), id=name, placeholder=before.get(name, ""))

    def on_mount(self) -> None:
        """The first field."""
        self.query_one("#limit", Input).focus()

    def take(self) -> None:
        """The terms, if they can be read."""
        typed = {name: self.typed(name) for name in FIELDS}
        readers: tuple[tuple[str, Callable[[str], dict[str, Any]]], ...] = (
            ("limit", self.read_limit),
            ("from", self.read_from),
        )
        terms: dict[str, Any] = {
            "article": typed["article"] or self.row.article,
            "source": typed["source"] or self.row.source,
        }
        for name, read in readers:
            try:
                terms |= read(typed[name])
            except (Refused, ValueError):
                self.not_proposed(name, FIELDS[name])
                return
        self.hand_over(typed["place"].upper() or self.row.jurisdiction, terms)

    def read_limit(self, text: str) -> dict[str, Any]:
        """The one figure that the rule is about, and its time as it was.

        Raises:
            Refused, ValueError: it cannot be read.
        """
        row = self.row
        terms: dict[str, Any] = {}
        if row.window_minutes is not None:
            terms["window_minutes"] = row.window_minutes
        if row.rate_bp is not None:
            rate = parse_minor(text.rstrip("%％").strip(), 2) if text else row.rate_bp
            return {**terms, "rate_bp": rate}
        if row.months is not None:
            return {**terms, "months": int(text) if text else row.months}
        if text.strip() in {"0", "-"}:
            return {**terms, "amount_minor": 0}
        return {
            **terms,
            "amount_minor": parse_minor(text, self.say.minor_digits) if text else row.amount_minor,
        }

    def read_from(self, text: str) -> dict[str, Any]:
        """The first moment of a day here; nothing typed: from now on.

        Raises:
            ValueError: it is no day.
        """
        if not text:
            return {"valid_from": self.shop.server_now().isoformat()}
        day = read_day(text, self.shop.wall_clock().year)
        if day is None:
            raise ValueError("no day")
        return {"valid_from": datetime.combine(day, time(), self.say.zone).isoformat()}
