"""What a recharge rule says, in words: its steps, and when its bonus comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        say(told, least=say.money(int(step["from_minor"])), gift=_gift(say, step)).strip()
        for step in body.get("steps", ())
    )


def goods_told(say: Wording, rows: Sequence[Mapping[str, Any]]) -> str:
    """Goods by their names, with how many where that is said."""
    return ", ".join(
        str(row.get("name", "?"))
        + (f" × {say.quantity(int(row['qty_milli']))}" if "qty_milli" in row else "")
        for row in rows
    )


def bought_told(say: Wording, body: Mapping[str, Any]) -> str:
    """What has to be bought, and when."""
    goods, days = goods_told(say, body.get("bought", ())), int(body.get("bought_days", 1))
    if days == 1:
        return say(msg("{goods}, bought that day"), goods=goods)
    return say(msg("{goods}, within {days} days"), goods=goods, days=days)


def _gift(say: Wording, step: Mapping[str, Any]) -> str:
    parts = [percent_words(step["give_bp"])] if step.get("give_bp") else []
    parts += [say.money(int(step["give_minor"]))] if step.get("give_minor") else []
    parts += [say(msg("{count} points"), count=f"{step['points']:,}")] if step.get("points") else []
    return " + ".join(parts) or say(msg("what follows"))


def parts_told(say: Wording, body: Mapping[str, Any]) -> str:
    """In how many parts the bonus comes, and how often one."""
    count, every = instalments(body)
    return say(PARTS[every], count=count)
