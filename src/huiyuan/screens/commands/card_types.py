"""Card types as data, passes."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import AGAIN, Command, row

CARD_TYPES: Final[tuple[Command, ...]] = (
    row("passes.use", "enter", "", msg("Use one"), msg("Finds the card; on a pass: uses it once.")),
    row("passes.several", "f2", "several", msg("Several uses"),
       msg("Uses the marked pass several times at once."),
       needs="sale", writes=True),
    row("passes.sell", "f3", "sell", msg("Sell a pass"), msg("Sells a pass to this card."), needs="top_up",
       letter="l"),
    row("passes.again", "f5", "again", msg("Check again"), AGAIN),
    row("types.custody", "f3", "custody", msg("Blank cards"),
       msg("Which numbers this store has; received, handed over, destroyed, counted; a batch is issued."),
       needs="cards_stock"),
    row("custody.receive", "f2", "receive", msg("Receive"),
       msg("Takes a range of blank cards into this store."),
       needs="cards_stock", writes=True),
    row("custody.hand_over", "f3", "hand_over", msg("Hand over"), msg("Sends a range to another store."),
       needs="cards_stock", writes=True),
    row("custody.void", "f4", "void", msg("Destroy"),
       msg("Takes torn or misprinted cards out, with a reason."),
       needs="cards_stock", writes=True),
    row("custody.refresh", "f5", "refresh", msg("Read again"), msg("Reads the blank cards anew."), bar=False,
       letter="n"),
    row("custody.count", "f6", "count", msg("Count them"),
       msg("Writes down how many there are; the difference is shown."),
       needs="cards_stock", writes=True, letter="q"),
    row("custody.batch", "f7", "batch", msg("Issue a batch"),
       msg("Issues a range of anonymous cards, part by part; goes on with what is left."), needs="card_issue",
       writes=True),
    row("types.rules", "f2", "rules", msg("Rules of types"),
       msg("What cards of a type may do, and the passes there are; two people publish."), needs="rules"),
    row("card_rules.add", "f2", "add", msg("New"),
       msg("Proposes a card type or a pass; another person approves it."), needs="rules", writes=True),
    row("card_rules.approve", "f3", "approve", msg("Approve"),
       msg("The marked proposal holds, if somebody else made it."), needs="rules", writes=True, letter="p"),
    row("card_rules.decline", "f4", "decline", msg("Decline"), msg("The marked proposal will not hold."),
       needs="rules", writes=True),
    row("card_rules.refresh", "f5", "refresh", msg("Read again"), msg("Reads the card types or passes anew."),
       bar=False),
    row("card_rules.change", "f7", "change", msg("Edit"),
       msg("Proposes another version; cards that are out follow it."), needs="rules", writes=True),
    row("card_rules.other", "f8", "other", msg("Types, passes"),
       msg("Shows the passes in place of the card types, and back.")),
)  # fmt: skip
