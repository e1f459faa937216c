"""Refusals in words: rows by subject, and `sentences`, which chooses among them.

Always true: the rows are loaded with the first refusal, so that no start waits for sentences nobody reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huiyuan.domain.model.errors import Refused
    from huiyuan.screens.wording import Wording


def sentence(say: Wording, refused: Refused) -> str:
    """The refusal as a person at the counter reads it: what happened, what stands, what to press."""
    from huiyuan.screens.refusals import sentences

    return sentences.sentence(say, refused)
