"""The form of a rule: its fields from top to bottom, read when the last one is done; a list for what has a
name (goods, tiers, stores).

Always true: what cannot be read keeps the form open with the field that is meant, and so does what the door
refuses; another version opens with the fields of the one that stands.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_form import Around
from huiyuan.domain.model.rule_words import BIRTHDAY, CATEGORY, FIRST, JOINED, RuleChoices, brand_word
from huiyuan.screens.dialogs.picks import Picks
from huiyuan.screens.proposal_form import ProposalForm
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Prose

FIELDS: Final[Mapping[str, str]] = {
    "name": msg("Name of the rule"),
    "goods": msg("Goods (codes)"),
    "value": msg("Gives"),
    "needs": msg("Goods bought"),
    "least": msg("Least total"),
    "ends": msg("Good for"),
    "dates": msg("From, to"),
    "hours": msg("Days, hours"),
    "lunar": msg("Lunar days"),
    "holidays": msg("Not on holidays"),
    "members": msg("Members"),
    "stores": msg("Stores"),
    "most": msg("Most sale/day"),
    "counts": msg("Sale/member/day"),
    "together": msg("Together"),
    "beside": msg("Beside"),
    "earn": msg("Earned by"),
}
GOODS_HINT: Final = msg(
    "Codes with spaces between, -CODE: not that one. F4 lists categories and brands. Nothing: all goods."
)
HINTS: Final[Mapping[str, str]] = {
    "name": msg("As it stands on the screen and in the explanation."),
    "goods": GOODS_HINT,
    "needs": msg("2*CODE: for every two of it."),
    "least": msg("Of the whole basket, before promotions."),
    "dates": msg("2026-09-01 2026-09-30; nothing: from now on, without end."),
    "hours": msg("1-5 18:00-20:00: Monday to Friday, these hours."),
    "lunar": msg("8-15 1-1: month and day of the lunar calendar."),
    "holidays": msg("y: not on public holidays."),
    "stores": msg("Codes of stores; F4 lists them. Nothing: the whole chain."),
    "most": msg("2/4: two a sale, four a member and day."),
    "together": msg("1 the best of them, 2 alone, 3 on top; then a priority."),
}
PICKED: Final = frozenset({"goods", "needs", "members", "stores"})
LONGEST: Final = 2000
JOINED_WITHIN: Final = (30, 90)


class RuleForm(ProposalForm):
    """Proposes name and terms. `draft` has what the fields begin with; with `fixed` the name stays."""

    SCOPE = "rule_form"
    SEGMENTS = True
    """Besides tiers: the first order, the month of birth, new members."""
    HINTS: ClassVar[Mapping[str, str]]
    """What may be typed, by field; under Gives by the kind."""
    VALUE_HINTS: ClassVar[Mapping[str, str]]

    def __init__(
        self,
        shop: Shop,
        title: str,
        draft: Any,
        choices: RuleChoices,
        *,
        fixed: bool,
        product_of: Callable[[str], int],
    ) -> None:
        super().__init__(shop, title, draft.name if fixed else "")
        self.draft = draft
        self.choices = choices
        self.fixed = fixed
        self.around = around_of(shop, choices, product_of)
        known = [each.name for each in fields(draft) if each.name != "kind"]
        self.names = [each for each in FIELDS if each in known and self.has(each)]

    def has(self, field: str) -> bool:
        """Whether this kind has the field."""
        return field != "name" or not self.fixed

    @abstractmethod
    def terms(self, draft: Any) -> dict[str, Any]:
        """The terms of what was typed. Raises Refused as `terms_of`."""

    def body(self) -> ComposeResult:
        """A hint that follows the field, and the fields."""
        yield Prose(self.hint(self.names[0]), id="hint")
        for each in self.names:
            field = Field(self.say(FIELDS[each]), id=each, label_width=18)
            field.input.max_length = LONGEST
            field.input.value = getattr(self.draft, each)
            yield field

    def hint(self, field: str) -> str:
        """What may be typed there."""
        return self.say(self.VALUE_HINTS[self.draft.kind] if field == "value" else self.HINTS[field])

    @property
    def at(self) -> str:
        """The field that has the focus."""
        focused = self.focused
        return focused.id if focused is not None and focused.id in self.names else self.names[0]

    def applies(self, action: str) -> bool:
        """Only what has a name is picked."""
        return self.at in PICKED if action == "pick" else super().applies(action)

    def on_descendant_focus(self) -> None:
        """The hint and the keys follow the field."""
        self.query_one("#hint", Prose).show(self.hint(self.at))
        self.refresh_bindings()

    # Picking

    def options(self, field: str) -> list[tuple[str, str]]:
        """Word and name of everything that can be named there."""
        say, found = self.say, self.choices
        if field == "stores":
            return [(code, name) for _, code, name in found.stores]
        if field == "members":
            rows = [(str(n), tier.name) for n, tier in enumerate(found.tiers, start=1)]
            if self.SEGMENTS:
                rows += [(FIRST, say(msg("Never bought before"))), (BIRTHDAY, say(msg("Born in this month")))]
                joined = msg("Joined within {days} days")
                rows += [(f"{JOINED}{days}", say(joined, days=days)) for days in JOINED_WITHIN]
            return rows
        rows = [(CATEGORY + code, name) for _, code, name in found.categories]
        return rows + [(brand_word(each), each) for each in found.brands]

    def action_pick(self) -> None:
        """F4: Enter in the list adds a word or takes it away."""
        field = self.query_one(f"#{self.at}", Input)

        def picked(word: str | None) -> None:
            if word is not None:
                words = field.value.split()
                words = [each for each in words if each != word] if word in words else [*words, word]
                field.value = " ".join(words)
                field.cursor_position = len(field.value)

        options = self.options(self.at)
        if not options:
            self.tell(self.say(msg("There is nothing to choose from. Type it.")), "warn")
            return
        title = self.say(FIELDS[self.at])
        self.app.push_screen(Picks(self.shop, title, options, chosen=field.value.split()), picked)

    # Reading

    def action_done(self) -> None:
        """F2."""
        self.take()

    def take(self) -> None:
        """Hand over what can be read."""
        values = {each: self.query_one(f"#{each}", Input).value for each in self.names}
        name = self.draft.name if self.fixed else values["name"].strip()
        if not name:
            self.point_at("name")
            return
        try:
            terms = self.terms(type(self.draft)(self.draft.kind, **values))
        except Refused as refused:
            if refused.code != "unknown_product":
                self.point_at(str(refused.facts["field"]))
                return
            self.point_at("goods")
            text = self.say(msg("Nothing is sold here under {product}. Nothing was proposed."),
                            product=visible(str(refused.facts["product"])))  # fmt: skip
            self.tell(text, "error")
            return
        self.hand_over(name, terms)

    def point_at(self, field: str) -> None:
        """The field that is meant."""
        self.not_proposed(field, FIELDS[field])


def around_of(shop: Shop, choices: RuleChoices, product_of: Callable[[str], int]) -> Around:
    """What a form of this shop is read with."""
    return Around(
        digits=shop.say.minor_digits,
        zone=shop.say.zone,
        today=shop.wall_clock().date(),
        choices=choices,
        product_of=product_of,
        lunar_days=lambda month, day, first, last: shop.promotions.lunar_days(
            month, day, first=first, last=last
        ),
    )
