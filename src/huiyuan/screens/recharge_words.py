"""What a recharge rule says, in words: its steps, and when its bonus comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.promotion_form import percent_words
from huiyuan.domain.model.recharge import instalments
from huiyuan.screens.wording import Wording

LATER: Final = {
    "months": msg("{count} × {amount}, one a month"),
    "weeks": msg("{count} × {amount}, one a week"),
    "days": msg("{count} × {amount}, one a day"),
}
PARTS: Final = {
    "months": msg("{count}, one a month"),
    "weeks": msg("{count}, one a week"),
    "days": msg("{count}, one a day"),
}


def steps_told(say: Wording, body: Mapping[str, Any]) -> str:
    """From how much on which gift."""
    told = msg("for every {least} {gift}") if body.get("repeats") else msg("from {least} on {gift}")
    return ", ".join(
        say(told, least=say.money(int(step["from_minor"])), gift=_gift(say, step))
        for step in body.get("steps", ())
    )


def _gift(say: Wording, step: Mapping[str, Any]) -> str:
    parts = [percent_words(step["give_bp"])] if step.get("give_bp") else []
    parts += [say.money(int(step["give_minor"]))] if step.get("give_minor") else []
    parts += [say(msg("{count} points"), count=step["points"])] if step.get("points") else []
    return " + ".join(parts) or say.money(0)


def parts_told(say: Wording, body: Mapping[str, Any]) -> str:
    """In how many parts the bonus comes, and how often one."""
    count, every = instalments(body)
    return say(PARTS[every], count=count)
