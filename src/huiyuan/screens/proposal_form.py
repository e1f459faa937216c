"""The form of something that a second person decides: it stays until the proposal was taken.

Always true: what the door refuses is said over the fields as they were typed, with the mark in the field that
is meant where the refusal names one; nothing is proposed twice while an answer is under way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual import on
from textual.message import Message
from textual.widgets import Input

from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.sheet import FieldSheet
from huiyuan.screens.shop import Shop

Proposing = Callable[[str, dict[str, Any]], int]
"""Lays a name (or place) and terms before a second person, in a worker."""


@dataclass
class Laid(Message):
    """It waits for a second person."""

    name: str


class ProposalForm(FieldSheet[str]):
    """Answers the name of what was proposed; `proposing` is the desk's."""

    def __init__(self, shop: Shop, title: str, aside: str = "") -> None:
        super().__init__(shop, title, aside)
        self.proposing: Proposing | None = None

    def hand_over(self, name: str, terms: dict[str, Any]) -> None:
        """Everything could be read."""
        if self.proposing is None or self.writing:
            return
        work = partial(self.proposing, name, terms)

        def lay() -> str:
            work()
            return name

        ask(self, lay, then=Laid, subject=WRITE)

    @on(Laid)
    def leave(self, message: Laid) -> None:
        """The desk says that it waits."""
        self.dismiss(message.name)

    @on(messages.Refused)
    def point_at_refused(self, message: messages.Refused) -> None:
        """The sentence stands already; the field that it is about, if it is one of these."""
        meant = str(message.error.facts.get("field", ""))
        if meant and meant in {field.id for field in self.query(Input)}:
            self.query_one(f"#{meant}", Input).focus()
