"""Passes of the fake ledger: uses go down; a sale takes the money and leaves what there was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from huiyuan.domain.model.document import Document


class FakePasses:
    """A part of the fake ledger."""

    def _pass_use(self: Any, document: Document, _result: object, _at: object) -> None:
        card, use = self.card_of(document.wallet), document.passes[0]
        left = {each.rule: each.left - use.count * (each.rule == use.rule) for each in card.passes}
        rows = (replace(each, left=left[each.rule]) for each in card.passes)
        card.passes = tuple(each for each in rows if each.unlimited or each.left)

    def _pass_sale(self: Any, document: Document, result: object, _at: object) -> None:
        self._take_tenders(document, result)

    def _card_receive(self: Any, document: Document, _result: object, _at: object) -> None:
        assert document.ranges

    _card_hand_over = _card_void = _card_count = _card_receive
