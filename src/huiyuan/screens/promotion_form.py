"""The form of a promotion: a kind, its fields from top to bottom, read when the last one is done.

Always true: what cannot be read keeps the form open with the field that is meant; nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Desk
from huiyuan.domain.model.promotion_form import Around, PromotionDraft, terms_of
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Prose

KIND_WORDS: Final[Mapping[str, str]] = {
    "percent": msg("Percent off"),
    "amount": msg("Amount off each"),
    "fixed": msg("Fixed price"),
    "nth": msg("Nth item cheaper"),
    "buy_get": msg("Buy and get"),
    "bundle": msg("Bundle price"),
    "steps": msg("Steps of the total"),
    "gift": msg("Gift"),
}
VALUE_HINTS: Final[Mapping[str, str]] = {
    "percent": msg("20% = one fifth off"),
    "amount": msg("1.50 = that much off each"),
    "fixed": msg("9.90 = each costs that"),
    "nth": msg("2 50% = every second one half price"),
    "buy_get": msg("2+1 = two paid, one free"),
    "bundle": msg("19.90 = all of it together; goods 2*CODE CODE"),
    "steps": msg("100-10 200-25, or 100-10%; + in front: for every 100"),
    "gift": msg("1 = one free for the goods bought, or from the least total"),
}
FIELDS: Final[Mapping[str, str]] = {
    "name": msg("Name"),
    "goods": msg("Goods (codes)"),
    "value": msg("Gives"),
    "needs": msg("Goods bought"),
    "least": msg("Least total"),
    "dates": msg("From, to"),
    "hours": msg("Days, hours"),
    "lunar": msg("Lunar days"),
    "holidays": msg("Not on holidays"),
    "members": msg("Tiers"),
    "most": msg("Most sale/day"),
    "together": msg("Together"),
}
HINTS: Final[Mapping[str, str]] = {
    "name": msg("As it stands on the screen and in the explanation."),
    "goods": msg("Codes with spaces between; nothing: all goods."),
    "needs": msg("2*CODE: for every two of it."),
    "least": msg("Of the whole basket, before promotions."),
    "dates": msg("2026-09-01 2026-09-30; nothing: from now on, without end."),
    "hours": msg("1-5 18:00-20:00: Monday to Friday, these hours."),
    "lunar": msg("8-15 1-1: month and day of the lunar calendar."),
    "holidays": msg("y: not on public holidays."),
    "members": msg("Numbers of tiers: {tiers}; first: the first order."),
    "most": msg("2/4: two a sale, four a member and day."),
    "together": msg("1 the best of them, 2 alone, 3 on top; then a priority."),
}


class PromotionForm(Sheet[tuple[str, dict[str, Any]]]):
    """Answers the name and the terms. `name` given: another version of that promotion."""

    SCOPE = "field"

    def __init__(
        self,
        shop: Shop,
        kind: str,
        desk: Desk,
        *,
        name: str = "",
        product_of: Callable[[str], int],
    ) -> None:
        super().__init__(shop, shop.say(KIND_WORDS[kind]), name)
        self.kind = kind
        self.desk = desk
        self.name_given = name
        self.product_of = product_of
        self.names = [
            each for each in FIELDS if (each != "needs" or kind == "gift") and (each != "name" or not name)
        ]

    def body(self) -> ComposeResult:
        """A hint that follows the field, and the fields."""
        yield Prose(self.hint(self.names[0]), id="hint")
        for each in self.names:
            yield Field(self.say(FIELDS[each]), id=each)

    def hint(self, field: str) -> str:
        """What may be typed there."""
        if field == "value":
            return self.say(VALUE_HINTS[self.kind])
        tiers = "  ".join(f"{n} {tier.name}" for n, tier in enumerate(self.desk.tiers, start=1))
        return self.say(HINTS[field], tiers=tiers)

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """From field to field; from the last one: read them all."""
        event.stop()
        place = self.names.index(event.input.id or "")
        if place + 1 < len(self.names):
            following = self.names[place + 1]
            self.query_one("#hint", Prose).show(self.hint(following))
            self.query_one(f"#{following}", Input).focus()
            return
        self.read_all()

    def read_all(self) -> None:
        """Hand over what can be read."""
        values = {each: self.query_one(f"#{each}", Input).value for each in self.names}
        name = self.name_given or values["name"].strip()
        if not name:
            self.point_at("name")
            return
        around = Around(
            digits=self.say.minor_digits,
            zone=self.say.zone,
            today=self.shop.wall_clock().date(),
            tiers=[tier.id for tier in self.desk.tiers],
            product_of=self.product_of,
            lunar_days=lambda month, day, first, last: self.shop.promotions.lunar_days(
                month, day, first=first, last=last
            ),
        )
        try:
            terms = terms_of(PromotionDraft(self.kind, **values), around)
        except Refused as refused:
            if refused.code != "unknown_product":
                self.point_at(str(refused.facts["field"]))
                return
            self.point_at("goods")
            text = self.say(msg("Nothing is sold here under {product}. Nothing was proposed."),
                            product=visible(str(refused.facts["product"])))  # fmt: skip
            self.tell(text, "error")
            return
        self.dismiss((name, terms))

    def point_at(self, field: str) -> None:
        """The field that is meant, with what may be typed there."""
        self.query_one("#hint", Prose).show(self.hint(field))
        self.query_one(f"#{field}", Input).focus()
        text = self.say(msg("{field} cannot be read. Nothing was proposed."), field=self.say(FIELDS[field]))
        self.tell(text, "error")
