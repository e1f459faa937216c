"""Stock of two stores in memory: more goods than a page holds, some below zero, one with a hostile name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import ReportScope
from huiyuan.domain.model.stock import (
    MoveKey,
    MovesAsked,
    StockAsked,
    StockMove,
    StockMoves,
    StockOnHand,
    StockOnly,
    StockRow,
)
from tests.screens.fake_ledger import HOSTILE, NOON

STORES = ("S01", "S02")
DRINKS = ("DRINK", "饮料")
MOVES = 70


def goods() -> list[StockRow]:
    """250 products in two stores; every tenth is below zero, every eleventh at zero."""
    rows: list[StockRow] = []
    for n in range(250):
        name = HOSTILE if n == 1 else "可口可乐 330ml" if n == 2 else "苹果"
        category = DRINKS[1] if n == 2 else None
        qty_milli = -1_500 if n % 10 == 0 else 0 if n % 11 == 0 else n * 1_000
        rows += [StockRow(s, n + 1, f"P{n:05}", name, category, "piece", qty_milli) for s in STORES]
    return rows


def page_of(asked: StockAsked, scope: ReportScope) -> StockOnHand:
    """As the server answers."""
    kept = [
        row
        for row in goods()
        if row.store in scope.stores
        and (not asked.words or asked.words in row.name or asked.words.upper() == row.code)
        and (not asked.category or row.category is not None)
        and (asked.only is StockOnly.ALL or (row.qty_milli < 0) is (asked.only is StockOnly.BELOW_ZERO))
        and (asked.only is not StockOnly.ZERO or row.qty_milli == 0)
    ]
    later = [row for row in kept if asked.after is None or (row.code, row.store) > asked.after]
    return StockOnHand(
        scope=replace(scope, first=None, last=None),
        rows=tuple(later[: asked.most]),
        count=len(kept),
        below_zero=sum(row.qty_milli < 0 for row in kept),
        at_zero=sum(row.qty_milli == 0 for row in kept),
        more=len(later) > asked.most,
        categories=(DRINKS,),
        read_at=NOON,
    )


def moves_of(asked: MovesAsked, scope: ReportScope) -> StockMoves:
    """One delivery and sales of one each, newest first."""
    product = next((row for row in goods() if row.product == asked.product), None)
    if product is None:
        raise Refused("unknown_product", {"product": asked.product})
    before = MOVES + 1 if asked.before is None else asked.before.document.int
    stands = 30_000 if asked.after_milli is None else asked.after_milli
    rows = []
    for n in range(before - 1, max(0, before - 1 - asked.most), -1):
        came = n == 1
        qty_milli = 100_000 if came else -1_000
        places = ("supplier", "store") if came else ("store", "customer")
        kind, cost = ("stock_receipt", 350) if came else ("sale", None)
        at = NOON - timedelta(minutes=MOVES - n)
        rows.append(
            StockMove(
                MoveKey(at.date(), at, UUID(int=n), 1),
                kind,
                f"S01-1-{n:06}",
                *places,
                qty_milli,
                cost,
                stands,
                "王芳",
            )
        )
        stands -= qty_milli
    return StockMoves(
        scope,
        asked.product,
        product.code,
        product.name,
        product.unit,
        tuple(rows),
        before - asked.most > 1,
        NOON,
    )
