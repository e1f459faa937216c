"""Stock as Core selects under row-level security: on hand by store, and a product's movements by pages.

Always true: one statement and one round trip a page; pages are keyed by their last row, so that a sale in
between shifts nothing; what was typed goes as a value and is compared with whole tokens, never as a pattern.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.needle import search_words, visible_part
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
from huiyuan.repositories.reports import read_scope, scope_facts, store_codes, wanted_codes
from huiyuan.repositories.schema.ledger import ON_HAND
from huiyuan.repositories.schema.report import STOCK_MOVEMENT
from huiyuan.repositories.schema.shop import BARCODE, CATEGORY, PRODUCT

Answer = Mapping[str, Any]
_ONLY: Final[Mapping[StockOnly, ColumnElement[bool]]] = {
    StockOnly.ALL: true(),
    StockOnly.BELOW_ZERO: ON_HAND.c.qty_milli < 0,
    StockOnly.ZERO: ON_HAND.c.qty_milli == 0,
}


def on_hand_question(asked: StockAsked) -> Select[Any]:
    """The one statement; its only value is an object that `read_on_hand` takes."""
    stores = store_codes()
    found = (
        select(
            *(stores.c.code.label("store"), PRODUCT.c.id, PRODUCT.c.code, PRODUCT.c.name),
            *(CATEGORY.c.name.label("category"), PRODUCT.c.base_unit, ON_HAND.c.qty_milli),
        )
        .select_from(ON_HAND)
        .join(stores, stores.c.id == ON_HAND.c.store)
        .join(PRODUCT, PRODUCT.c.id == ON_HAND.c.product)
        .outerjoin(CATEGORY, CATEGORY.c.id == PRODUCT.c.category)
        .where(wanted_codes(stores, asked.stores), _named(asked.words), _below(asked.category))
        .where(_ONLY[asked.only])
        .cte("found")
    )
    page = select(found).order_by(found.c.code, found.c.store).limit(asked.most + 1)
    if asked.after is not None:
        page = page.where(tuple_(found.c.code, found.c.store) > tuple_(*map(literal, asked.after)))
    rows = page.subquery("page")
    listed = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*rows.c), rows.c.code, rows.c.store))
    marks = select(
        func.jsonb_build_array(
            func.count(),
            func.count().filter(found.c.qty_milli < 0),
            func.count().filter(found.c.qty_milli == 0),
        )
    ).select_from(found)
    named = func.jsonb_build_array(CATEGORY.c.code, CATEGORY.c.name)
    categories = select(func.jsonb_agg(aggregate_order_by(named, CATEGORY.c.name))).where(CATEGORY.c.active)
    return select(
        func.jsonb_build_object(
            *("rows", select(listed).scalar_subquery(), "marks", marks.scalar_subquery()),
            *("categories", categories.scalar_subquery()),
            *scope_facts(stores),
        )
    )


def read_on_hand(answer: Answer, asked: StockAsked, *, asked_by: str | None) -> StockOnHand:
    """The page out of what the statement answered. Raises Refused: not_signed_in, store_out_of_reach."""
    rows = [StockRow(*row) for row in answer["rows"] or ()]
    count, below_zero, at_zero = answer["marks"]
    return StockOnHand(
        scope=read_scope(answer, asked.stores, asked_by=asked_by),
        rows=tuple(rows[: asked.most]),
        count=count,
        below_zero=below_zero,
        at_zero=at_zero,
        more=len(rows) > asked.most,
        categories=tuple((code, name) for code, name in answer["categories"] or ()),
        read_at=datetime.fromisoformat(answer["now"]),
    )


def _named(typed: str) -> ColumnElement[bool]:
    """That a product is meant by what was typed: its code, one of its barcodes, or every word of it."""
    text = visible_part(typed)
    if not text:
        return true()
    ways: list[ColumnElement[bool]] = [
        PRODUCT.c.code == text,
        PRODUCT.c.code == text.upper(),
        PRODUCT.c.id.in_(select(BARCODE.c.product).where(BARCODE.c.code == text)),
    ]
    if words := search_words(text):
        ways.append(PRODUCT.c.tokens.bool_op("@>")(cast(literal(list(words), ARRAY(Text)), ARRAY(Text))))
    meant: ColumnElement[bool] = PRODUCT.c.id.in_(select(PRODUCT.c.id).where(or_(*ways)))
    return meant


def _below(category: str) -> ColumnElement[bool]:
    """That a product lies in a category or below it."""
    if not category:
        return true()
    tree = select(CATEGORY.c.id).where(CATEGORY.c.code == category).cte("tree", recursive=True)
    child = CATEGORY.alias("child")
    tree = tree.union(select(child.c.id).where(child.c.parent == tree.c.id))
    lies: ColumnElement[bool] = PRODUCT.c.category.in_(select(tree.c.id))
    return lies


def moves_question(asked: MovesAsked) -> Select[Any]:
    """The one statement; its only value is an object that `read_moves` takes."""
    stores = store_codes()
    move = STOCK_MOVEMENT.c
    here = select(stores.c.id).where(stores.c.code == asked.store).scalar_subquery()
    key = (move.business_date, move.posted_at, move.document, move.n)
    page = (
        select(
            *(*key, move.kind, move.receipt, move.place_from, move.place_to),
            *(move.qty_milli, move.cost_minor, move.who),
        )
        .where(move.product == asked.product, move.store == here)
        .order_by(*(column.desc() for column in key))
        .limit(asked.most + 1)
    )
    if asked.before is not None:
        given = asked.before
        values = (given.business_date, given.posted_at, given.document, given.n)
        last = [literal(value, column.type) for value, column in zip(values, key, strict=True)]
        page = page.where(tuple_(*key) < tuple_(*last))
    rows = page.subquery("page")
    newest = [rows.c[column.name].desc() for column in key]
    listed = func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*rows.c), *newest))
    standing = select(ON_HAND.c.qty_milli).where(ON_HAND.c.product == asked.product, ON_HAND.c.store == here)
    product = select(func.jsonb_build_array(PRODUCT.c.code, PRODUCT.c.name, PRODUCT.c.base_unit)).where(
        PRODUCT.c.id == asked.product
    )
    return select(
        func.jsonb_build_object(
            *("rows", select(listed).scalar_subquery(), "product", product.scalar_subquery()),
            *("standing", standing.scalar_subquery()),
            *scope_facts(stores),
        )
    )


def read_moves(answer: Answer, asked: MovesAsked, *, asked_by: str | None) -> StockMoves:
    """The page out of what the statement answered.

    Raises:
        Refused: not_signed_in; store_out_of_reach (store); unknown_product (product).
    """
    scope = read_scope(answer, (asked.store,), asked_by=asked_by)
    if answer["product"] is None:
        raise Refused("unknown_product", {"product": asked.product})
    code, name, unit = answer["product"]
    stands = int(answer["standing"] or 0) if asked.after_milli is None else asked.after_milli
    moves: list[StockMove] = []
    for row in (answer["rows"] or ())[: asked.most]:
        moves.append(_move(row, stands))
        stands -= moves[-1].qty_milli
    return StockMoves(
        scope=scope,
        product=asked.product,
        code=code,
        name=name,
        unit=unit,
        rows=tuple(moves),
        more=len(answer["rows"] or ()) > asked.most,
        read_at=datetime.fromisoformat(answer["now"]),
    )


def _move(row: list[Any], after_milli: int) -> StockMove:
    business_date, posted_at, document, n, kind, receipt, place_from, place_to, qty_milli, cost_minor, who = (
        row
    )
    return StockMove(
        key=MoveKey(date.fromisoformat(business_date), datetime.fromisoformat(posted_at), UUID(document), n),
        kind=kind,
        receipt=receipt or "",
        place_from=place_from,
        place_to=place_to,
        qty_milli=qty_milli,
        cost_minor=cost_minor,
        after_milli=after_milli,
        who=who,
    )
