"""Receiving goods, stock on hand, movements."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, export, row, up_and_down

STOCK: Final[tuple[Command, ...]] = (
    # Receiving
    row("receive.enter", "enter", "", msg("Add"), msg("Adds the code with its quantity: 24*CODE.")),
    row("receive.post", "f2", "post", msg("Book"), msg("Books the lines into the stock."), writes=True),
    row("receive.quantity", "f3", "quantity", msg("Quantity"), msg("Sets the quantity of the marked line.")),
    row("receive.weigh", "ctrl+t", "weigh", msg("Weigh"),
       msg("Puts the weight on the scale into the marked line."), letter="n"),
    row("receive.cost", "f6", "cost", msg("Cost"), msg("Sets the cost of one unit of the marked line.")),
    row("receive.remove", "f4", "remove", msg("Remove line"), msg("Takes the marked line off the list.")),
    again("receive", "f7"),
    *up_and_down("receive", of="line"),
    # Labels
    row("labels.enter", "enter", "", msg("Add"), msg("Adds a label, or as many as 3*CODE says.")),
    row("labels.print", "f2", "print", msg("Print"),
       msg("Prints the labels of the list, one after the other.")),
    row("labels.quantity", "f3", "quantity", msg("Labels"), msg("How many labels of the marked goods.")),
    row("labels.remove", "f4", "remove", msg("Remove line"), msg("Takes the marked line off the list.")),
    row("labels.repriced", "f6", "repriced", msg("New prices"),
       msg("Lists all goods whose price changes from a day on; labels then hold the prices of that day."),
       letter="c"),
    *up_and_down("labels", of="line"),
    # Stock
    row("stock.open", "enter", "", msg("Movements"), msg("Opens the movements of the marked goods.")),
    row("stock.only", "f2", "only", msg("Below zero"),
       msg("Only what is below zero, then only what is at zero, then everything.")),
    row("stock.stores", "f3", "stores", msg("All stores"),
       msg("Every store that you may see, and back to your own.")),
    row("stock.category", "f4", "category", msg("Category"), msg("Only goods of one category.")),
    row("stock.more", "f5", "older", msg("More"), msg("Reads the next page."), letter="m"),
    row("stock.before", "f6", "newer", msg("Page before"), msg("The page before this one."), letter="b"),
    row("stock.page_up", "pageup", "page_up", msg("Page up"), msg("Goes up by a screen."), bar=False),
    row("stock.page_down", "pagedown", "page_down", msg("Page down"), msg("Goes down by a screen."),
       bar=False, letter="n"),
    row("stock.receive", "f8", "receive", msg("Receive stock"),
       msg("Books goods that arrived."), needs="stock_receive"),
    export("stock"),
    *up_and_down("stock", of="line"),
    row("moves.open", "enter", "", msg("Document"), msg("Opens the document of the marked movement.")),
    row("moves.more", "f5", "older", msg("Older"), msg("Reads the next page of older movements."),
        letter="m"),
    row("moves.before", "f6", "newer", msg("Page before"), msg("The page before this one."), letter="b"),
    export("moves"),
    row("choice.enter", "enter", "", msg("Choose"), msg("Takes the marked row; so does its digit.")),
)  # fmt: skip
