"""Turnover: one Core select under row-level security, asked in autocommit, answered in one round trip.

Always true: the server decides which stores' rows come, and every report names them; a store outside them is
a refusal and no empty table. The select is compiled here and sent over whatever connection is at hand, so
that a counter needs no second one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    Select,
    Table,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import ReportScope
from huiyuan.domain.model.turnover import LAST_DAYS, By, Period, Turnover, TurnoverAsked, TurnoverRow
from huiyuan.repositories.schema.report import TURNOVER, TURNOVER_GOODS, TURNOVER_PAID
from huiyuan.repositories.schema.shop import CATEGORY, CHAIN, UNIT

Answer = Mapping[str, Any]
_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]
_FORMATS: Final = {
    By.DAY: "YYYY-MM-DD",
    By.WEEK: 'IYYY"-W"IW',
    By.MONTH: "YYYY-MM",
    By.QUARTER: 'YYYY"-Q"Q',
    By.YEAR: "YYYY",
}


def compiled(statement: Select[Any]) -> tuple[str, Mapping[str, Any]]:
    """`statement` as the driver takes it: text with named places, and their values."""
    found = statement.compile(dialect=_DIALECT)
    return str(found), found.params


def turnover_question(asked: TurnoverAsked) -> Select[Any]:
    """The one statement; its only value is an object that `read_turnover` takes."""
    span = span_of(asked)
    stores = store_codes()
    facts = _facts(asked, span, stores)
    keys = [facts.c[each.value] for each in asked.by]
    figures = [facts.c[name] for name in ("baskets", "lines", "sold", "returned")]
    rows, longest = None, None
    if keys:
        rows = page_of(select(*keys, *figures).where(facts.c.split), keys, asked)
        furthest = func.max(func.abs(facts.c.sold - facts.c.returned))
        longest = select(furthest).where(facts.c.split).scalar_subquery()
    total = select(func.jsonb_build_array(*figures)).where(~facts.c.split).scalar_subquery()
    return select(
        func.jsonb_build_object(
            *("today", span.c.today, "first", span.c.first, "last", span.c.last),
            *("rows", rows, "total", total, "longest", longest),
            *("before", _before(asked, span, stores)),
            *scope_facts(stores),
        )
    ).select_from(span)


def read_turnover(answer: Answer, asked: TurnoverAsked, *, asked_by: str | None) -> Turnover:
    """The report out of what the statement answered.

    Args:
        asked_by: Who is signed in; None where the login itself asks.

    Raises:
        Refused: not_signed_in; store_out_of_reach (store): it does not exist or its rows may not be read.
    """
    first, last = date.fromisoformat(answer["first"]), date.fromisoformat(answer["last"])
    rows, more = page_read(answer, asked)
    total = _row(answer["total"], 0)
    return Turnover(
        scope=read_scope(answer, asked.stores, asked_by=asked_by, first=first, last=last),
        by=asked.by,
        rows=tuple(_row(row, len(asked.by)) for row in rows) if asked.by else (total,),
        total=total,
        before_minor=int(answer["before"]),
        today=date.fromisoformat(answer["today"]),
        read_at=datetime.fromisoformat(answer["now"]),
        longest_minor=int(answer["longest"] or 0),
        more=more,
    )


# A page of a report: the rows behind a key, in the order of the keys; what is not stated comes last


def page_of(rows: Select[Any], keys: Sequence[ColumnElement[Any]], asked: TurnoverAsked) -> ScalarSelect[Any]:
    """The rows of `asked`'s page as a list of lists, and one more, which says that others follow."""
    order = [part for key in keys for part in (key.is_(None), func.coalesce(cast(key, Text), ""))]
    if asked.after is not None:
        behind = [part for key in asked.after for part in (literal(key is None), literal(key or "", Text))]
        rows = rows.where(tuple_(*order) > tuple_(*behind))
    if asked.most is not None:
        rows = rows.limit(asked.most + 1)
    numbered = rows.add_columns(func.row_number().over(order_by=order).label("place"))
    page = numbered.order_by(*order).subquery("page")
    cells = func.jsonb_build_array(*(column for column in page.c if column.name != "place"))
    return select(func.jsonb_agg(aggregate_order_by(cells, page.c.place))).scalar_subquery()


def page_read(answer: Answer, asked: TurnoverAsked) -> tuple[list[list[Any]], bool]:
    """The rows of the page, and whether others follow."""
    rows = answer["rows"] or []
    return rows[: asked.most], asked.most is not None and len(rows) > asked.most


# What every report's statement says of its scope


def store_codes() -> CTE:
    """Every store of the chain, and whether its rows may be read."""
    mine = func.any(text("(select api.my_stores())::int[]"))
    stores = select(UNIT.c.id, UNIT.c.code, (UNIT.c.id == mine).label("mine"))
    return stores.where(UNIT.c.kind == "store").cte("stores")


def wanted_codes(stores: CTE, wanted: tuple[str, ...]) -> ColumnElement[bool]:
    """That a store is one of those asked for; none named means all."""
    if not wanted:
        return true()
    return stores.c.code == func.any(cast(literal(list(wanted), ARRAY(Text)), ARRAY(Text)))


def scope_facts(stores: CTE) -> tuple[object, ...]:
    """Names and values for the object that a report's statement answers."""
    chain = func.jsonb_build_object(
        *("name", CHAIN.c.name, "currency", CHAIN.c.currency),
        *("minor_digits", CHAIN.c.minor_digits, "time_zone", CHAIN.c.time_zone, "demo", CHAIN.c.demo),
    )
    mine = select(func.jsonb_agg(aggregate_order_by(stores.c.code, stores.c.code))).where(stores.c.mine)
    count = select(func.count()).select_from(stores)
    return (
        *("now", func.clock_timestamp(), "login", func.session_user()),
        *("chain", select(chain).scalar_subquery(), "stores", mine.scalar_subquery()),
        *("stores_of_chain", count.scalar_subquery()),
    )


def read_scope(
    answer: Answer,
    wanted: tuple[str, ...],
    *,
    asked_by: str | None,
    first: date | None = None,
    last: date | None = None,
) -> ReportScope:
    """What a report covers.

    Raises:
        Refused: not_signed_in: no store at all may be read; store_out_of_reach (store).
    """
    mine = tuple(answer["stores"] or ())
    if not mine:
        raise Refused("not_signed_in")
    for code in wanted:
        if code not in mine:
            raise Refused("store_out_of_reach", {"store": code})
    chain = answer["chain"]
    return ReportScope(
        chain=chain["name"],
        currency=chain["currency"],
        minor_digits=chain["minor_digits"],
        time_zone=chain["time_zone"],
        demo=chain["demo"],
        stores=tuple(code for code in mine if not wanted or code in wanted),
        stores_of_chain=answer["stores_of_chain"],
        asked_by=asked_by or answer["login"],
        first=first,
        last=last,
    )


# The statement's parts


def span_of(asked: TurnoverAsked) -> CTE:
    """Today at the counter, and the first and last business day of what was asked."""
    here = select(func.api.business_day(type_=Date).label("today")).cte("here")
    today = here.c.today
    first, last = {
        Period.TODAY: (today, today),
        Period.YESTERDAY: (today - 1, today - 1),
        Period.WEEK: (cast(func.date_trunc("week", today), Date), today),
        Period.MONTH: (cast(func.date_trunc("month", today), Date), today),
        Period.LAST_DAYS: (today - (LAST_DAYS - 1), today),
        Period.DAYS: (_day(asked.first, today), _day(asked.last, today)),
    }[asked.period]
    return select(today.label("today"), first.label("first"), last.label("last")).cte("span")


def _day(given: date | None, today: ColumnElement[date]) -> ColumnElement[date]:
    return today if given is None else cast(literal(given, Date), Date)


def _facts(asked: TurnoverAsked, span: CTE, stores: CTE) -> CTE:
    """Sums by what the rows are split by, and of all together (`split` false), in one pass."""
    source, parted, by_tender = TURNOVER, True, By.TENDER in asked.by
    if by_tender:
        source = TURNOVER_PAID
    elif By.CATEGORY in asked.by:
        source = TURNOVER_GOODS
    else:
        parted = False
    moved = (
        select(
            *(_key(each, source, stores).label(each.value) for each in asked.by),
            *(source.c.net_minor, source.c.back, source.c.baskets, source.c.line_count),
            (source.c.lead if parted else true()).label("lead"),
        )
        .select_from(source)
        .join(stores, stores.c.id == source.c.store)
        .where(_within(source, _of(span, "first"), _of(span, "last")), wanted_codes(stores, asked.stores))
        .cte("moved")
    )
    keys = [moved.c[each.value] for each in asked.by]
    split = func.grouping(*keys) == 0 if keys else false()
    net, back = moved.c.net_minor, moved.c.back
    facts = select(
        *keys,
        split.label("split"),
        _counted(moved.c.baskets, moved.c.lead, split).label("baskets"),
        _counted(moved.c.line_count, moved.c.lead if by_tender else true(), split).label("lines"),
        func.coalesce(func.sum(net).filter(~back), 0).label("sold"),
        func.coalesce(-func.sum(net).filter(back), 0).label("returned"),
    )
    return (facts.group_by(func.grouping_sets(tuple_(*keys), tuple_())) if keys else facts).cte("facts")


def _counted(count: ColumnElement[int], lead: ColumnElement[bool], split: ColumnElement[bool]) -> Any:
    """What a document counts: in each row it stands in, but once in the total. Goods part its lines."""
    once = func.coalesce(func.sum(count).filter(lead), 0)
    return case((split, func.sum(count)), else_=once)


def _key(by: By, source: Table, stores: CTE) -> ColumnElement[Any]:
    if by is By.STORE:
        return stores.c.code
    if by is By.TENDER:
        return source.c.tender
    if by is By.CATEGORY:
        named = select(CATEGORY.c.name).where(CATEGORY.c.id == source.c.category)
        return named.scalar_subquery()
    if by is By.MEMBER:
        return case((source.c.member, "member"), else_="other")
    return func.to_char(source.c.business_date, _FORMATS[by])


def _before(asked: TurnoverAsked, span: CTE, stores: CTE) -> ScalarSelect[Any]:
    """The net of as many days before the first."""
    first, last = _of(span, "first"), _of(span, "last")
    days = cast(last - first, Integer) + 1
    return (
        select(func.coalesce(func.sum(TURNOVER.c.net_minor), 0))
        .select_from(TURNOVER)
        .join(stores, stores.c.id == TURNOVER.c.store)
        .where(_within(TURNOVER, first - days, first - 1), wanted_codes(stores, asked.stores))
        .scalar_subquery()
    )


def _within(source: Table, first: ColumnElement[date], last: ColumnElement[date]) -> ColumnElement[bool]:
    return source.c.business_date.between(first, last)


def _of(span: CTE, name: str) -> ScalarSelect[Any]:
    return select(span.c[name]).scalar_subquery()


def _row(row: list[Any], keys: int) -> TurnoverRow:
    baskets, lines, sold, returned = (int(figure) for figure in row[keys:])
    return TurnoverRow(tuple(row[:keys]), baskets, lines, sold, returned)
