"""`huiyuan import retail`: a folder of households, products and transactions becomes a chain's past.

Always true: numbers of the source stay as store code, member number, card number, product code and receipt
number, so the same folder again finds itself; net sales of a basket are its document's total, to the cent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from huiyuan.repositories.importers.history import (
    BATCH_MASTER,
    BATCH_SALES,
    HistoryEntry,
    batches,
    document_id,
)
from huiyuan.repositories.importers.outcome import ImportRefused, Outcome, Progress
from huiyuan.repositories.importers.retail_rows import (
    Basket,
    BasketLine,
    ListedProduct,
    read_baskets,
    read_households,
    read_products,
)
from huiyuan.repositories.search_words import member_tokens, product_tokens
from huiyuan.repositories.secrets import IndexKey

SOURCE: Final = "retail"
TAX_CODE: Final = "free"
"""The source knows no taxes."""
CARD_TYPE: Final = "registered"
UNRECORDED: Final = "unrecorded"
"""How a past basket was paid, where the source does not tell."""
COUPON: Final = "coupon"
PIECES_MAX: Final = 100
"""More than this on one line is no count of pieces: fuel comes in thousandths of a gallon."""
_MILLI: Final = 1_000
_NOT_LISTED: Final = "not_listed"


def import_retail(
    entry: HistoryEntry,
    folder: Path,
    *,
    time_zone: str,
    currency: str,
    index_key: Callable[[], IndexKey],
    outcome: Outcome,
    progress: Progress,
    encoding: str = "utf-8",
) -> None:
    """Load `folder` (households, products, transactions; .csv or .csv.gz).

    Args:
        time_zone: of the stores; it decides the business day of every basket.
        currency: of the amounts; it must be the chain's.
        index_key: asked once the chain is known; makes the tokens by which the households' cards are found.
        outcome: filled as it goes, so that it tells what stands after an interruption too.

    Raises:
        ImportRefused: see its codes.
        KeyFileRefused: from `index_key`.
    """
    chain = entry.begin(SOURCE, currency)
    if chain["minor_digits"] != 2:
        raise ImportRefused("currency_differs", chain=chain["currency"], asked=currency)
    key = index_key()
    households = read_households(folder, outcome, encoding)
    listed = read_products(folder, outcome, encoding)
    baskets = read_baskets(folder, outcome, encoding)

    stores = _import_stores(entry, baskets, time_zone, outcome, progress)
    products = _import_products(entry, listed, baskets, outcome, progress)
    wallets = _import_members(entry, households, baskets, key, outcome, progress)
    documents = []
    for basket in baskets:
        missing = next((line.product for line in basket.lines if line.product not in products), None)
        if missing is not None or basket.household not in wallets:
            outcome.bad("transactions.csv", basket.line, "basket_held_back", str(basket.number))
            outcome.refused += 1
            continue
        documents.append((basket, past_document(basket, stores, products, wallets)))
    _import_sales(entry, documents, outcome, progress)


def _import_stores(
    entry: HistoryEntry, baskets: list[Basket], time_zone: str, outcome: Outcome, progress: Progress
) -> Mapping[str, int]:
    codes = sorted({basket.store for basket in baskets})
    made = entry.stores([{"code": code, "name": f"Store {code}", "time_zone": time_zone} for code in codes])
    outcome.stores += made.made
    progress("stores", len(codes), len(codes))
    return made.ids


def _import_products(
    entry: HistoryEntry,
    listed: dict[str, ListedProduct],
    baskets: list[Basket],
    outcome: Outcome,
    progress: Progress,
) -> dict[str, int]:
    """The list, and what was sold without standing in it."""
    everything = dict(listed)
    for basket in baskets:
        for line in basket.lines:
            if line.product not in everything:
                everything[line.product] = ListedProduct(line.product, f"Product {line.product}")
                outcome.bad("transactions.csv", basket.line, _NOT_LISTED, line.product)
    ids: dict[str, int] = {}
    for some in batches(_category_rows(everything.values()), BATCH_MASTER):
        entry.categories(some)
    prices = _last_prices(baskets)
    rows = [_product_row(product, prices.get(product.code)) for product in everything.values()]
    for batch in batches(rows, BATCH_MASTER):
        made = entry.products(batch)
        outcome.products += made.made
        ids |= made.ids
        for code, reason in made.refused.items():
            outcome.bad("products.csv", 0, reason, code)
        progress("products", len(ids), len(rows))
    return ids


def _product_row(product: ListedProduct, price: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": product.code,
        "name": product.name,
        "tax_code": TAX_CODE,
        "brand": product.brand or None,
        "category": _category_code(product.path) if product.path else None,
        "tokens": product_tokens(product.name, product.code),
    }
    return row if price is None else row | {"price_minor": price}


def _category_code(path: tuple[str, ...]) -> str:
    """Names repeat below different parents, codes do not."""
    return f"{path[-1][:22].strip()}-{hashlib.sha256('/'.join(path).encode()).hexdigest()[:8]}"


def _category_rows(products: Iterable[ListedProduct]) -> list[dict[str, Any]]:
    paths = {product.path[:depth] for product in products for depth in range(1, len(product.path) + 1)}
    return [
        {
            "code": _category_code(path),
            "parent": _category_code(path[:-1]) if path[:-1] else None,
            "name": path[-1],
        }
        for path in sorted(paths, key=lambda path: (len(path), path))
    ]


def _last_prices(baskets: list[Basket]) -> dict[str, int]:
    """What a piece cost on the shelf when it was sold last: the price to go on with."""
    return {
        line.product: _price(line.net + line.off + line.match, line)
        for basket in baskets
        for line in basket.lines
        if 0 < line.quantity <= PIECES_MAX
    }


def _import_members(
    entry: HistoryEntry,
    households: list[str],
    baskets: list[Basket],
    index_key: IndexKey,
    outcome: Outcome,
    progress: Progress,
) -> dict[str, int]:
    """Every household is a member with a card of its number; its store is where it left most money."""
    home = _home_stores(baskets)
    known = set(households)
    for basket in baskets:
        if basket.household not in known:
            known.add(basket.household)
            households = [*households, basket.household]
            outcome.bad("transactions.csv", basket.line, _NOT_LISTED, basket.household)
    wallets: dict[str, int] = {}
    rows = [_member_row(number, home.get(number), index_key) for number in households]
    for batch in batches(rows, BATCH_MASTER):
        made = entry.members(batch)
        outcome.members += made.made
        wallets |= made.wallets
        for number, reason in made.refused.items():
            outcome.bad("households.csv", 0, reason, number)
        progress("members", len(wallets), len(rows))
    return wallets


def _member_row(number: str, store: str | None, index_key: IndexKey) -> dict[str, Any]:
    tokens = [{"kind": kind, "token": index_key.token(kind, number).hex()} for kind in ("number", "barcode")]
    card = {"number": number, "type": CARD_TYPE, "state": "active", "tokens": tokens}
    name = f"Household {number}"
    return {"number": number, "name": name, "home_store": store, "words": member_tokens(name), "card": card}


def _home_stores(baskets: list[Basket]) -> dict[str, str]:
    spent: dict[str, dict[str, int]] = {}
    for basket in baskets:
        stores = spent.setdefault(basket.household, {})
        stores[basket.store] = stores.get(basket.store, 0) + sum(line.net for line in basket.lines)
    return {
        household: min(stores, key=lambda code: (-stores[code], int(code)))
        for household, stores in spent.items()
    }


def _import_sales(
    entry: HistoryEntry, documents: list[tuple[Basket, dict[str, Any]]], outcome: Outcome, progress: Progress
) -> None:
    done = 0
    for batch in batches(documents, BATCH_SALES):
        accepted = entry.sales([document for _, document in batch])
        for basket, document in batch:
            code = accepted.refused.get(document["id"])
            if code is not None:
                outcome.bad("transactions.csv", basket.line, code, str(basket.number))
        outcome.posted += accepted.posted
        outcome.lines += accepted.lines
        outcome.known += accepted.known
        outcome.refused += len(accepted.refused)
        done += len(batch)
        progress("sales", done, len(documents))


def past_document(
    basket: Basket, stores: Mapping[str, int], products: Mapping[str, int], wallets: Mapping[str, int]
) -> dict[str, Any]:
    """A basket as a document of history: its id, and the body with the database's own ids."""
    lines, adjustments = [], []
    for n, line in enumerate(basket.lines, start=1):
        value = line.net + line.off + line.match
        lines.append(
            {
                "n": n,
                "product": products[line.product],
                "qty_milli": line.quantity * _MILLI,
                "price_minor": _price(value, line),
                "value_minor": value,
                "total_minor": line.net,
            }
        )
        for source, amount in (("promotion", line.off), (COUPON, line.match)):
            if amount:
                adjustments.append({"line": n, "source": source, "amount_minor": amount})
    total = sum(line.net for line in basket.lines)
    body: dict[str, Any] = {
        "kind": "history_sale",
        "store": stores[basket.store],
        "number": basket.number,
        "occurred_at": basket.at.isoformat().replace("+00:00", "Z"),
        "total_minor": total,
        "wallet": wallets[basket.household],
        "lines": lines,
    }
    if adjustments:
        body["adjustments"] = adjustments
    if tenders := _tenders(total, sum(line.coupon for line in basket.lines)):
        body["tenders"] = tenders
    return {"id": str(document_id(SOURCE, basket.store, basket.number, basket.at)), "body": body}


def _price(value: int, line: BasketLine) -> int:
    """The unit price that comes nearest; the value is the source's own and decides."""
    return value if line.quantity == 0 else (2 * value + line.quantity) // (2 * line.quantity)


def _tenders(total: int, coupons: int) -> list[dict[str, Any]]:
    """A coupon worth more than the basket pays all of it; what it is worth stands beside, as given."""
    by_coupon = min(total, coupons)
    rows: list[dict[str, Any]] = []
    if total - by_coupon:
        rows.append({"kind": UNRECORDED, "amount_minor": total - by_coupon})
    if by_coupon:
        rows.append({"kind": COUPON, "amount_minor": by_coupon, "given_minor": coupons})
    return rows
