"""Explain and what if: where a price comes from, why a promotion did not apply, what would be otherwise.

Always true: every figure is one that pricing worked out; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.pricing.order import Priced, Step
from huiyuan.domain.model.pricing.reasons import WhyNot, why_not
from huiyuan.domain.model.pricing.what_if import WhatIf
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

ROWS_MOST: Final = 14

REASONS: Final[Mapping[str, str]] = {
    "tier": msg("for other members"),
    "no_member": msg("for members only"),
    "first_order": msg("for the first order only"),
    "birthday": msg("for members born in this month"),
    "joined": msg("for new members"),
    "used_up": msg("today's share is used up"),
    "day": msg("not today"),
    "weekday": msg("not on this weekday"),
    "holiday": msg("not on public holidays"),
    "unknown": msg("this year's holidays are not known"),
    "hour": msg("not at this hour"),
    "no_clock": msg("not at this hour"),
    "scope": msg("not for these goods"),
    "typed": msg("the price was typed"),
    "least": msg("{amount} more are missing"),
    "step": msg("{amount} more are missing"),
    "pieces": msg("{count} more are missing"),
    "needs": msg("{count} more are missing"),
    "closed": msg("does not go with {name}"),
    "better": msg("{name} takes more"),
    "dearer": msg("the basket is cheaper without it"),
    "nothing": msg("would take nothing more"),
}


def reason_text(say: Wording, why: WhyNot) -> str:
    """Why a promotion did not lower a line."""
    return say(
        REASONS[why.reason],
        amount=say.money(why.missing_minor),
        count=say.quantity(why.missing_milli),
        name=why.by,
    )


def step_text(say: Wording, step: Step) -> str:
    """What a step was, with how much of the line it covers where that is not all."""
    words = {
        "retail": say(msg("List price")),
        "typed": say(msg("Typed price")),
        "list": say(msg("Price list {name}"), name=step.name),
        "manual": say(msg("By hand {name}"), name=step.name).strip(),
    }
    text = words.get(step.source, step.name)
    return text if step.qty_milli is None else f"{text}  ×{say.quantity(step.qty_milli)}"


class LookedAt(Sheet[None]):
    """A list that is only looked at."""

    SCOPE = "explain"

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Enter in the list."""
        self.dismiss(None)

    def action_done(self) -> None:
        """Enter."""
        self.dismiss(None)


class ExplainSheet(LookedAt):
    """The steps of one line, then the promotions that did not lower it."""

    def __init__(self, shop: Shop, priced: Priced, n: int) -> None:
        line = priced.lines[n - 1]
        super().__init__(shop, shop.say(msg("Where the price comes from")), line.item.product.name)
        self.rows = self.steps(priced, n) + self.others(priced, n)

    def steps(self, priced: Priced, n: int) -> list[tuple[str, str, str]]:
        """List price first; what each step took and what was left."""
        say = self.say
        return [
            (step_text(say, step), say.figure(-step.amount_minor) if step.amount_minor else "",
             say.figure(step.after_minor))
            for step in priced.explain(n)
        ]  # fmt: skip

    def others(self, priced: Priced, n: int) -> list[tuple[str, str, str]]:
        """Those for these goods first: a word a promotion."""
        say = self.say
        found = sorted(why_not(priced, n), key=lambda why: why.reason == "scope")
        return [(f"- {why.name}: {reason_text(say, why)}", "", "") for why in found]

    def body(self) -> ComposeResult:
        """As many rows as fit, the rest by the arrows."""
        say = self.say
        rows = RowList([Column(say(msg("Step"))), Column(say(msg("Off")), 11, "right"),
                        Column(say(msg("After")), 11, "right")], id="steps")  # fmt: skip
        rows.styles.height = min(len(self.rows), ROWS_MOST) + 1
        rows.show_rows(self.rows)
        yield rows


class WhatIfSheet(LookedAt):
    """What the basket would come to, a row each."""

    def __init__(self, shop: Shop, priced: Priced, answers: Sequence[WhatIf]) -> None:
        super().__init__(shop, shop.say(msg("What if")), shop.say.money(priced.total_minor))
        self.answers = answers

    def row(self, answer: WhatIf) -> tuple[str, str, str]:
        """What, the total, and how much less or more that is."""
        say = self.say
        if answer.what == "top_up":
            text = say(msg("Top up {amount}: {bonus} on top"), amount=say.money(answer.paid_minor),
                       bonus=say.money(answer.bonus_minor))  # fmt: skip
            return text, "", ""
        words = {
            "tier": say(msg("As {name}"), name=answer.name),
            "no_member": say(msg("Without a member")),
            "without": say(msg("Without {name}"), name=answer.name),
        }
        changed = say.figure(-answer.saved_minor) if answer.saved_minor else ""
        return words[answer.what], say.figure(answer.total_minor), changed

    def body(self) -> ComposeResult:
        """The rows."""
        say = self.say
        if not self.answers:
            yield Prose(say(msg("Nothing would change it.")))
            return
        rows = RowList([Column(say(msg("What if"))), Column(say(msg("Total")), 11, "right"),
                        Column(say(msg("Difference")), 11, "right")], id="answers")  # fmt: skip
        rows.styles.height = min(len(self.answers), ROWS_MOST) + 1
        rows.show_rows([self.row(answer) for answer in self.answers])
        yield rows
