"""The words of every report, for screens, files and the command line alike.

Always true: a report says in one sentence what it counts, and in one line what it covers and who asked; a
column has one heading a language; an amount is written with the chain's decimal point.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.report import Cell, Measure, ReportColumn, ReportPaper, ReportTable
from huiyuan.screens.wording import Wording

TITLES: Final = {
    "turnover": msg("Turnover"),
    "stock": msg("Stock on hand"),
    "stock_moves": msg("Movements of goods"),
    "till_events": msg("Voids, removed lines, drawer"),
    "law": msg("Prepaid card rules"),
    "filing": msg("Prepaid cards by quarter"),
    "clearing": msg("Clearing of stores"),
    "wallet_statement": msg("Statement for a period"),
    "stored_value": msg("Recharges and consumption"),
}

DEFINITIONS: Final = {
    "stored_value": msg(
        "Stored value by business day, where and by whom it was rung up: paid in, given, used (less what came"
        " back), paid out; other is forfeited, corrected, carried. Voids count against, on their own day."
    ),
    "wallet_statement": msg(
        "Every document of these business days that moved the wallet, with what stood afterwards; the total"
        " is the closing balance. Points are less what is owed of them."
    ),
    "filing": msg(
        "Stored value sold, granted, consumed (less returns) and refunded by quarter and kind of card; what"
        " was owed at its end, principal and bonus, out of the entries of all accounts."
    ),
    "clearing": msg(
        "What the store that sold a lot of stored value owes the store where it was spent, and for a pass"
        " where it was used; what came back is deducted. Each figure opens into its slips."
    ),
    "law": msg(
        "What the law says about prepaid cards here: limits with article, source and dates. A new row is"
        " proposed by one person, approved by another, and holds from its first day on."
    ),
    "till_events": msg(
        "By store and person, over business days: documents voided, goods taken off a basket unpaid, drawers"
        " opened without a sale, prices typed over the list's, discounts by hand; how many and how much."
    ),
    "turnover": msg(
        "Net sales, tax included, by business day: sales less returns and voids, each on its own day."
        " What stored value and points pay counts; top-ups and fees do not."
        " Baskets are sales not voided; one paid in two ways stands in both rows."
    ),
    "stock": msg(
        "What stands in a store: received and opened less sold, plus what came back. Goods that never moved"
        " there are not listed; below zero means sold before it was booked in."
    ),
    "stock_moves": msg(
        "Every movement of the product in the store, newest first, with its document, what one cost if it is"
        " known, and what stood afterwards."
    ),
}

HEADINGS: Final = {
    "store_id": msg("Store"),
    "business_date": msg("Day"),
    "week": msg("Week"),
    "month": msg("Month"),
    "quarter": msg("Quarter"),
    "year": msg("Year"),
    "tender": msg("Paid with"),
    "member": msg("Customer"),
    "net_sales_cents": msg("Net sales"),
    "baskets": msg("Baskets"),
    "line_count": msg("Lines"),
    "sold_cents": msg("Sold"),
    "product_code": msg("Code"),
    "product_name": msg("Goods"),
    "category": msg("Category"),
    "unit": msg("Unit"),
    "on_hand_milli": msg("On hand"),
    "posted_at": msg("Booked at"),
    "kind": msg("Kind"),
    "receipt": msg("Receipt"),
    "place_from": msg("From place"),
    "place_to": msg("To place"),
    "qty_milli": msg("Qty"),
    "cost_cents": msg("Cost"),
    "who": msg("By whom"),
    "what": msg("What"),
    "count": msg("Count"),
    "amount_cents": msg("Amount"),
    "returned_cents": msg("Returned"),
    "card_kind": msg("Card"),
    "granted_cents": msg("Granted"),
    "consumed_cents": msg("Consumed"),
    "refunded_cents": msg("Refunded"),
    "forfeited_cents": msg("Forfeited"),
    "corrected_cents": msg("Corrected"),
    "moved_cents": msg("Moved"),
    "principal_cents": msg("Principal"),
    "bonus_cents": msg("Bonus"),
    "passes_cents": msg("Passes"),
    "owes": msg("Owes"),
    "is_owed": msg("Is owed"),
    "points": msg("Points"),
    "balance_cents": msg("Balance"),
    "rule": msg("Rule"),
    "documents": msg("Documents"),
    "recharged_cents": msg("Recharged"),
    "consumed_principal_cents": msg("Consumed principal"),
    "consumed_bonus_cents": msg("Consumed bonus"),
    "other_cents": msg("Other"),
    "net_value_cents": msg("Change on cards"),
}

EVENTS: Final = {
    "void": msg("Void"),
    "removed": msg("Taken off the basket"),
    "no_sale": msg("Drawer opened"),
    "price": msg("Price typed"),
    "discount": msg("Discount by hand"),
}
PLACES: Final = {
    "store": msg("store (place)"),
    "customer": msg("customer (place)"),
    "supplier": msg("supplier (place)"),
    "opening": msg("opening (place)"),
}
UNITS: Final = {
    "piece": msg("piece"),
    "kg": msg("kg"),
    "g": msg("g"),
    "l": msg("litre"),
    "box": msg("box"),
    "bottle": msg("bottle"),
    "bag": msg("bag"),
    "cup": msg("cup"),
    "pack": msg("pack"),
}
CUSTOMERS: Final = {"member": msg("member"), "other": msg("not a member")}
NOT_STATED: Final = msg("not stated")
TOTAL: Final = msg("total")
DEMO_MARK: Final = msg("DEMO")

SCOPE_OF_DAYS: Final = msg(
    "{chain}: stores {stores} ({seen} of {all}), {first} to {last}, {currency}, returns deducted,"
    " asked by {who} at {moment}"
)
SCOPE_NOW: Final = msg(
    "{chain}: stores {stores} ({seen} of {all}), as it stands now, asked by {who} at {moment}"
)
STORES_NAMED_MAX: Final = 12


def definition(say: Wording, table: ReportTable) -> str:
    """What the report counts."""
    return say(DEFINITIONS[table.report])


def scope_line(say: Wording, table: ReportTable) -> str:
    """What the report covers: a report with a store missing looks right, so it says so."""
    scope = table.scope
    named = list(scope.stores[:STORES_NAMED_MAX])
    if len(scope.stores) > STORES_NAMED_MAX:
        named.append("..")
    facts: dict[str, object] = {
        "chain": scope.chain,
        "stores": ", ".join(named),
        "seen": len(scope.stores),
        "all": scope.stores_of_chain,
        "currency": scope.currency,
        "who": scope.asked_by,
        "moment": say.moment(table.read_at),
    }
    if scope.first is None or scope.last is None:
        line = say(SCOPE_NOW, **facts)
    else:
        line = say(SCOPE_OF_DAYS, first=scope.first.isoformat(), last=scope.last.isoformat(), **facts)
    return f"{say(DEMO_MARK)} {line}" if scope.demo else line


def paper_of(say: Wording, table: ReportTable) -> ReportPaper:
    """The report with its words."""
    return ReportPaper(table, say(TITLES[table.report]), definition(say, table), scope_line(say, table))


def heading(say: Wording, column: ReportColumn) -> str:
    return say(HEADINGS[column.name])


def cell_text(say: Wording, column: ReportColumn, cell: Cell) -> str:
    """A cell for the eye: amounts with their point, codes in words."""
    if cell is None:
        return say(NOT_STATED) if column.measure is Measure.TEXT else ""
    if column.measure is Measure.MONEY:
        return say.figure(int(cell))
    if column.measure is Measure.QUANTITY:
        return say.quantity(int(cell))
    if column.name == "tender":
        return say.tender(str(cell))
    if column.name == "kind":
        return say.kind(str(cell))
    if column.name in {"place_from", "place_to"}:
        return place_text(say, str(cell))
    if column.name == "what":
        return say(EVENTS.get(str(cell), str(cell)))
    if column.name == "unit":
        return unit_text(say, str(cell))
    if column.name == "posted_at":
        return say.moment(datetime.fromisoformat(str(cell)))
    if column.name == "member":
        return say(CUSTOMERS.get(str(cell), str(cell)))
    return f"{cell:,}" if isinstance(cell, int) else cell


def place_text(say: Wording, place: str) -> str:
    """Where goods came from or went."""
    return say(PLACES[place]) if place in PLACES else place


def unit_text(say: Wording, unit: str) -> str:
    """The base unit of a product; one of the shop's own stays as it was written."""
    return say(UNITS[unit]) if unit in UNITS else unit


def total_texts(say: Wording, table: ReportTable) -> tuple[str, ...]:
    """The row of totals; empty where the report adds nothing up."""
    if table.total is None:
        return ()
    texts = [
        "" if column.measure is Measure.TEXT else cell_text(say, column, cell)
        for column, cell in zip(table.columns, table.total, strict=True)
    ]
    if table.columns[0].measure is Measure.TEXT:
        texts[0] = say(TOTAL)
    return tuple(texts)
