"""What is owed on account, in words: how much, until when, how much at least, what is overdue."""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.domain.model.credit import CreditDue
from huiyuan.screens.wording import Wording


def due_facts(say: Wording, due: CreditDue) -> list[tuple[str, str]]:
    """Label and value; four facts, so that they fill two rows of pairs."""
    return [
        (say(msg("Owed")), say.money(due.owed_minor)),
        (say(msg("Due by")), due.due_on.isoformat() if due.due_on else say(msg("no day agreed"))),
        (
            say(msg("Least to pay")),
            say(msg("nothing agreed")) if due.least_minor is None else say.money(due.least_minor),
        ),
        (say(msg("Overdue")), say.money(due.overdue_minor)),
    ]
