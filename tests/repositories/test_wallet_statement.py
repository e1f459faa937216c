"""The statement of a wallet for a span of days, against a replay of the postings, which knows no entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huiyuan.domain.model.cells import cells
from huiyuan.domain.model.slip import SlipFacts
from huiyuan.domain.model.statement_slip import render_statement
from huiyuan.domain.model.wallet_statement import Parts, WalletStatement
from huiyuan.repositories.value_books import DatabaseValueBooks
from tests import facts
from tests.cluster import Shop
from tests.domain.builders import hello
from tests.faults.proxy import Proxy
from tests.refusals import standing
from tests.repositories.test_moment import reader
from tests.small_chain import (
    BONUS,
    NO_PIN,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    points,
    proof,
    stored,
)
from tests.tills import open_till
from tests.value_rules import months_ahead

ASK = "select api.wallet_statement(%s::bigint, %s::date, %s::date, %s::uuid, %s::int)"


def top_up(seat: Seat, card: Card, amount: int, bonus: int) -> None:
    grants = [{"kind": "bonus", "rule": BONUS, "version": 1, "amount": bonus}]
    seat.done("top_up", wallet=card.wallet, tenders=[cash(amount)], grants=grants, total_minor=amount)


def buy(seat: Seat, card: Card, amount: int) -> str:
    sold = seat.done(
        "sale", wallet=card.wallet, lines=[line(1, PENNY, amount * 1000, 1, amount)],
        tenders=[stored(card, amount)], proofs=[proof(card)], grants=[points(amount // 100)],
        total_minor=amount,
    )  # fmt: skip
    return str(sold["id"])


def lived(chain: SmallChain) -> Card:
    """Three months in two stores: top-ups, sales, a return, a transfer, a void, points given."""
    north, south = chain.open_seat(), chain.open_seat(SOUTH)
    with chain.policy(**NO_PIN):
        with months_ahead(chain, -2):
            card, other = chain.card(north, principal=30000, bonus=2000), chain.card(south)
            buy(south, card, 5100)
        with months_ahead(chain, -1):
            sold = buy(north, card, 9900)
            lines = [{"n": 1, "of": 1, "qty_milli": 4_000_000}]
            north.done("return", of=sold, reason="broken", lines=lines, total_minor=4000)
            chain.give_points(south, card, 500)
            row = {"wallet": card.wallet, "taker": other.wallet, "amount_minor": 700}
            south.done("value_transfer", transfers=[row], proofs=[proof(card), proof(other)], total_minor=700)
        top_up(south, card, 20000, 2000)
        again = buy(south, card, 300)
        south.done("reversal", of=again, reason="mistake", total_minor=300)
    return card


def replay(chain: SmallChain, wallet: int) -> dict[UUID, tuple[date, str, Parts]]:
    """What each document's postings, as pairs of accounts, did to the wallet."""
    found: dict[UUID, tuple[date, str, Parts]] = {}
    moved: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    mine = dict(chain.rows("select id, kind from ledger.account where wallet = %s", wallet))
    rows = chain.rows(
        "select d.id, d.business_date, d.kind, p.debit, p.debit_ref, p.credit, p.credit_ref, p.amount"
        " from ledger.posting p join ledger.document d on d.id = p.document"
        " where p.debit_ref = any (%s) or p.credit_ref = any (%s) order by d.posted_at",
        list(mine), list(mine),
    )  # fmt: skip
    for document, day, kind, debit, debit_ref, credit, credit_ref, amount in rows:
        if mine.get(credit_ref) == credit:
            moved[document][credit] += amount if credit != "points_debt" else -amount
        if mine.get(debit_ref) == debit:
            moved[document][debit] -= amount if debit != "points_debt" else -amount
        each = moved[document]
        parts = Parts(each["principal"], each["bonus"], each["points"] - each["points_debt"])
        found[document] = (day, kind, parts)
    return {document: row for document, row in found.items() if row[2] != Parts()}


def total(rows: list[Parts]) -> Parts:
    return sum(rows, Parts())


def books(desk: Seat) -> DatabaseValueBooks:
    def ask(statement: str, parameters: Sequence[object] = ()) -> Any:
        return desk.call(statement, *parameters)

    return DatabaseValueBooks(ask)


def paged(desk: Seat, wallet: int, first: date, last: date, most: int) -> list[WalletStatement]:
    """All pages of a span."""
    pages: list[WalletStatement] = []
    after: UUID | None = None
    while not pages or after is not None:
        pages.append(books(desk).statement(wallet, first=first, last=last, after=after, most=most))
        after = pages[-1].following
    return pages


def test_every_span_opens_moves_and_closes_as_the_postings_say(chain: SmallChain) -> None:
    card = lived(chain)
    desk, told = reader(chain), replay(chain, card.wallet)
    days = sorted({day for day, _, _ in told.values()})
    today = desk.call("select api.business_day()::text")
    assert len(days) == 3
    edges = [days[0] - timedelta(days=40), days[0], days[1], days[1] + timedelta(days=1), days[2]]
    for first in edges:
        for last in (each for each in (*edges, days[2]) if each >= first):
            pages = paged(desk, card.wallet, first, last, 2)
            page, rows = pages[0], [row for each in pages for row in each.rows]
            within = {id: row for id, row in told.items() if first <= row[0] <= last}
            before = [parts for day, _, parts in told.values() if day < first]
            assert [row.document for row in rows] == list(within), "each once, in the order of posting"
            assert [(row.kind, row.moved) for row in rows] == [
                (kind, parts) for _, kind, parts in within.values()
            ]
            assert page.opening == total(before)
            assert page.closing == page.opening + total([row.moved for row in rows])
            assert page.count == len(rows)
            for each in page.kinds:
                same = [parts for _, kind, parts in within.values() if kind == each.kind]
                assert (each.count, each.moved) == (len(same), total(same))
            stands = page.opening
            for row in rows:
                stands += row.moved
                assert (row.stored_minor, row.points) == (stands.stored_minor, stands.points)
            assert all(
                (each.opening, each.closing, each.kinds) == (page.opening, page.closing, page.kinds)
                for each in pages
            ), "balances and sums are of the whole span on every page"
    held = chain.balances(card.wallet)
    whole = paged(desk, card.wallet, edges[0], date.fromisoformat(today), 100)[0]
    assert whole.closing == Parts(held["principal"], held["bonus"], held["points"] - held["points_debt"])


def test_what_ended_is_told_beside_the_closing(chain: SmallChain, seat: Seat) -> None:
    card = chain.card(seat, principal=30000, bonus=2000)
    desk = reader(chain)
    alive = books(desk).statement(card.wallet, first=None, last=None, after=None, most=5)
    with chain.expired(card, "bonus"):
        ended = books(desk).statement(card.wallet, first=None, last=None, after=None, most=5)
    assert (alive.ended, alive.closing) == (Parts(), Parts(30000, 2000, 0))
    assert (ended.ended, ended.closing) == (Parts(0, 2000, 0), alive.closing)


def test_a_statement_is_asked_by_who_may_and_that_is_on_record(chain: SmallChain, seat: Seat) -> None:
    card = chain.card(seat, principal=100)
    desk = reader(chain)
    before = standing(chain)
    assert seat.call(ASK, card.wallet, None, None, None, 5)["refused"] == "not_permitted"
    assert desk.call(ASK, 10**9, None, None, None, 5)["refused"] == "unknown_wallet"
    for first, last in (("2026-02-01", "2026-01-01"), ("-infinity", None), ("9999-01-01", None)):
        assert desk.call(ASK, card.wallet, first, last, None, 5)["refused"] == "malformed", (first, last)
    count = "select count(*) from sec.audit where what = 'statement' and (facts->>'wallet')::bigint = %s"
    assert chain.value(count, card.wallet) == 0
    page = books(desk).statement(card.wallet, first=None, last=None, after=None, most=5)
    books(desk).statement(card.wallet, first=None, last=None, after=page.rows[-1].document, most=5)
    assert chain.value(count, card.wallet) == 1, "once a statement, not once a page"
    assert standing(chain) == before


def test_a_statement_is_one_round_trip(shop: Shop, proxy: Proxy) -> None:
    till = open_till(shop, 1)
    token = bytes.fromhex(till.session["token"])
    with psycopg.connect(proxy.url(facts.TILL_1), autocommit=True) as line_:
        assert line_.execute("select api.resume(%s)", (token,)).fetchone()

        def ask(statement: str, parameters: Any = ()) -> Any:
            row = line_.execute(statement.encode(), parameters).fetchone()
            return row[0] if row else None

        proxy.reset_count()
        found = DatabaseValueBooks(ask).statement(
            facts.wallet_id(facts.GOLD_CARD), first=None, last=None, after=None, most=12
        )
        assert proxy.count.round_trips == 1
    assert found.closing.principal == 100_000
    till.connection.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_paper_holds_every_row_and_fits(chain: SmallChain, language: str) -> None:
    card = lived(chain)
    found = paged(reader(chain), card.wallet, date(2000, 1, 1), date(2999, 1, 1), 100)[0]
    for columns in (32, 42, 48):
        facts_ = SlipFacts(hello=hello(), staff_name="王芳", language=language, columns=columns,
                           posted_at_local="2026-11-22 12:00", member_name="李娜")  # fmt: skip
        slip = render_statement(found, facts_, tuple("2026-11-22 12:00" for _ in found.rows))
        assert max(cells(each) for each in slip.lines) <= columns
        text = "\n".join(slip.lines)
        assert all(row.receipt in text for row in found.rows)
        assert f"{found.closing.stored_minor / 100:.2f}" in text.replace(",", "")
        short = render_statement(replace(found, rows=found.rows[:1]), facts_, ("",))
        assert all(row.receipt not in "\n".join(short.lines) for row in found.rows), "or none, and it says so"
        assert str(found.count) in "\n".join(short.lines)
