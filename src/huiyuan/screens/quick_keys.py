"""Goods behind one key: what this store sells most without a barcode.

Always true: the keys are the store's setting and nothing else; a code that is not sold here is shown without
a name, and taking it says so as a scan would.
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from huiyuan.config.i18n import msg
from huiyuan.domain.model.chain_settings import quick_keys
from huiyuan.screens.letters import LetterRows
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.chrome import Title


class QuickSheet(Sheet[str]):
    """Answers the code whose key was pressed, or None if the person left."""

    SCOPE = "quick"
    EVERY_KEY_MOVES: ClassVar[bool] = True

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop, shop.say(msg("Press a letter, or Esc")))
        self.codes = quick_keys(shop.greeting.quick_keys)

    def compose(self) -> ComposeResult:
        """Key and name."""
        at = self.shop.server_now()
        found = {key: self.shop.catalogue.find(code, at=at) for key, code in self.codes.items()}
        rows = [(key, each.name if each else self.codes[key]) for key, each in found.items()]
        with Vertical(id="sheet"):
            yield Title(self.title_text)
            yield LetterRows(rows)

    def on_key(self, event: events.Key) -> None:
        """Capitals and full-width letters of an input method are the same keys."""
        key = unicodedata.normalize("NFKC", event.character or "").lower()
        if key in self.codes and not self.unseen:
            event.stop()
            self.dismiss(self.codes[key])
