"""Verify names every tampering, whoever did it: here a superuser who has switched every trigger off."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from tests.card_types import a_pass, buy, keep_cards, use
from tests.cluster import Connection
from tests.coupons import by_coupon, give_out, sale as sale_of
from tests.lives import live_through
from tests.promotions import publish
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    GOLD,
    MILK,
    PROMOTION,
    STAMP,
    TIER,
    Seat,
    SmallChain,
    bank,
    by_points,
    cash,
    line,
    off,
    points,
    proof,
    stored,
    tax,
)  # fmt: skip
from tests.value_rules import months_ahead, publish as publish_value

POSTED: Final = (
    "document", "line", "adjustment", "posting", "entry", "lot_move", "stock_move", "card_event", "purchase",
    "removed", "coupon_event", "repointed", "identity_check", "member_event", "application_event",
    "fee_year", "card_use", "card_custody",
    "bonus_plan", "bonus_part", "cash_back", "entitlement",
)  # fmt: skip
STANDS: Final = ("account", "lot", "on_hand", "returned", "reversed", "shift")
FORGERIES: Final = dict(
    re.findall(r"^-- (an? .+|credit|goods|somebody .+)\n((?:(?!--).+\n)+)",
               Path(__file__).with_name("forgeries.sql").read_text("utf-8"), re.MULTILINE)
)  # fmt: skip
ANEW: Final = "a whole chain anew"
RULES: Final = ("account_kind", "kind", "kind_pair", "section")
"""What every migrate writes again from the program's own text."""
UNUSED: Final = ("outbox",)
OTHER: Final = {
    "integer": "{0} + 1000", "bigint": "{0} + 1000", "text": "{0} || 'x'", "date": "{0} + 1",
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "{0} + interval '1 hour'", "jsonb": "{0} || '{{\"x\": 1}}'",
    "bytea": "{0} || '\\x00'", "boolean": "not {0}",
}  # fmt: skip


def monthly(chain: SmallChain, seat: Seat) -> None:
    """A bonus that comes in parts, one of them released, and the cash back of a month."""
    other = chain.open_seat()
    card = chain.card(other)
    body = {"steps": [{"from_minor": 10000, "give_minor": 900}], "months": 3, "bought": [{"product": BREAD}]}
    rule = publish_value(chain, "recharge", body)
    grant = {"kind": "bonus", "rule": rule, "version": 1, "amount": 300}
    bread = other.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    made = other.done(
        "top_up", wallet=card.wallet, tenders=[cash(10000)], grants=[grant], total_minor=10000,
        bought=bread["id"],
    )  # fmt: skip
    other.done("sale", wallet=card.wallet, lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    back = publish_value(chain, "cash_back", {}, max_bp=1000)
    with months_ahead(chain, 2):
        parts = [{"plan": made["id"], "part": 1, "amount_minor": 300}]
        seat.done("bonus_release", releases=parts, total_minor=300)
    month = chain.value(
        "select to_char(business_date, 'YYYY-MM') from ledger.document where id = %s", made["id"]
    )
    with months_ahead(chain, 2):
        row = {"wallet": card.wallet, "rule": back, "version": 1, "month": month, "amount_minor": 35}
        seat.done("cash_back", cash_backs=[row], total_minor=35)


def lively(chain: SmallChain) -> Seat:
    """A seat behind which every kind of row stands."""
    seat = chain.open_seat()
    card = chain.card(seat, tier=GOLD, principal=20000, bonus=2000)
    for _ in range(2):
        member = seat.done(
            "sale", wallet=card.wallet, lines=[line(1, MILK, 3000, 1000, 3000, 2700)],
            adjustments=[off(1, "tier", 300, TIER, 1)], taxes=[tax("T13", 1300, 2700, 311)],
            tenders=[stored(card, 2000), cash(700)], proofs=[proof(card)], grants=[points(27)],
            total_minor=2700,
        )  # fmt: skip
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    gone = {
        "id": str(uuid.uuid4()), "session": seat.session, "at": "2026-11-21T10:00:00Z", "product": BREAD,
        "qty_milli": 1000, "value_minor": 350, "why": "line",
    }  # fmt: skip
    seat.done("sale", lines=[BREAD_LINE], tenders=[bank(350)], total_minor=350, removed=[gone])
    lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
    seat.done("return", of=member["id"], reason="broken", lines=lines, total_minor=900)
    seat.done("return", of=sale["id"], reason="broken", lines=lines, total_minor=350)
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    seat.done("reversal", of=sale["id"], reason="mistake", total_minor=350)
    by_list = {"line": 1, "source": "list", "list": "gold", "amount_minor": 40}
    paid = seat.done(
        "sale", wallet=card.wallet, proofs=[proof(card)], total_minor=500,
        adjustments=[by_list, {**off(2, "manual", 10), "name": "torn"}],
        lines=[line(1, BREAD, 1000, 350, 350, 310), {**line(2, STAMP, 1000, 200, 200, 190), "open": True}],
        tenders=[by_points(card, 100), bank(400)],
    )  # fmt: skip
    seat.done("return", of=paid["id"], reason="broken", lines=lines, total_minor=310)
    seat.done(
        "sale", lines=[line(1, BREAD, 3000, 350, 1050, 840)], tenders=[cash(840)], total_minor=840,
        adjustments=[{**off(1, "promotion", 210, PROMOTION, 2), "qty_milli": 3000}],
    )  # fmt: skip
    rule = publish(chain, {"kind": "off", "off_minor": 50}, family="coupon", term_days=30)
    (token,) = give_out(chain, seat, rule, holder=chain.member())
    desk = chain.seat(seat.store, staff=chain.managers[0])
    holder = chain.value("select member from shop.wallet where id = %s", card.wallet)
    desk.done("coupon_transfer", coupons=[{"token": token, "holder": holder}], reason="a gift")
    by_code = [by_coupon(1, 50, rule, token)]
    used = sale_of(seat, [line(1, BREAD, 1000, 350, 350)], by_code, wallet=card.wallet)
    assert "refused" not in seat.post(used)
    two = [chain.card(chain.open_seat(), principal=20000, bonus=2000) for _ in range(2)]
    people = [chain.value("select member from shop.wallet where id = %s", one.wallet) for one in two]
    merges = [{"member": people[0], "kept": people[1]}]
    monthly(chain, seat)
    seat.done_by_two("member_merge", merges=merges, reason="one person", total_minor=0)
    live_through(seat, desk)
    keep_cards(seat)
    rule = a_pass(chain, price_minor=100)
    buy(seat, card, rule, paid=100)
    assert "refused" not in seat.post(use(seat, card, rule))
    stock = [{"product": BREAD, "qty_milli": 9000, "cost_minor": 100}]
    seat.done("stock_receipt", stock=stock, total_minor=900)
    seat.done_by_two(
        "adjustment", wallet=card.wallet, reason="broken till", total_minor=5,
        corrections=[{"account": "points", "amount": 5}],
    )  # fmt: skip
    seat.done_by_two("shift_close", counted_minor=72400, total_minor=72400, reason="counted twice")
    return seat


@pytest.mark.parametrize(
    "forged",
    [
        "update ledger.posting set amount = amount - 1 where demand = 'redeem' and credit = 'points_spent'",
        "update ledger.posting set amount = amount + 50 where debit = 'points_redeemed'",
        "delete from ledger.posting where demand = 'redeem' and credit = 'points_spent'",
        "update ledger.posting set rule = 2 where demand = 'redeem'",
        "update ledger.posting set amount = amount + 100 where demand = 'redeem' and debit = 'points_spent'",
    ],
)
def test_points_that_paid_what_they_are_not_worth_are_named(
    old: Seat, quiet_chain: SmallChain, forged: str
) -> None:
    """By a check of its own, whatever the digests say."""
    ask = b"select * from ledger.verify_redeemed()"
    with tampering(quiet_chain) as admin:
        assert admin.execute(ask).fetchall() == []
        assert admin.execute(forged.encode()).rowcount >= 1
        assert admin.execute(ask).fetchall() != []


@contextlib.contextmanager
def tampering(chain: SmallChain) -> Iterator[Connection]:
    """A transaction of the superuser with every trigger off, undone afterwards."""
    with chain.shop.connect() as admin:
        admin.execute("begin")
        admin.execute("set local session_replication_role = replica")
        for table in POSTED:
            admin.execute(f"alter table ledger.{table} disable trigger all".encode())
        admin.execute("alter table ledger.lot drop constraint lot_bounds")
        yield admin
        admin.execute("rollback")


def faults(admin: Connection) -> list[tuple[Any, ...]]:
    """What verify says now."""
    return admin.execute("select what, id, fault from ledger.verify()").fetchall()


def forge(admin: Connection, forgery: str, **names: object) -> int:
    """Carry out one forgery of the list; the number of rows that it changed."""
    text = FORGERIES[forgery]
    for name, value in names.items():
        text = text.replace(f":{name}", str(value))
    return admin.execute(text.encode()).rowcount


@pytest.fixture(scope="module")
def old(quiet_chain: SmallChain) -> Seat:
    """A day's work, done once for all the tests here: whoever tampers with it rolls back."""
    return lively(quiet_chain)


def test_an_untouched_ledger_has_no_fault(old: Seat, quiet_chain: SmallChain) -> None:
    """The control."""
    assert quiet_chain.rows("select * from ledger.verify()") == []


def test_whatever_the_tests_before_this_one_did_to_the_door_left_the_ledger_whole(chain: SmallChain) -> None:
    lively(chain)
    assert chain.rows("select * from ledger.verify()") == []


def test_every_table_of_the_ledger_is_tampered_with_here(quiet_chain: SmallChain) -> None:
    tables = "select tablename from pg_tables where schemaname = 'ledger'"
    assert {name for (name,) in quiet_chain.rows(tables)} == {*POSTED, *STANDS, *RULES, *UNUSED}


@pytest.mark.parametrize("table", [*POSTED, *STANDS])
def test_any_column_of_any_row_written_otherwise_is_named(
    old: Seat, quiet_chain: SmallChain, table: str
) -> None:
    columns = (
        "select column_name, data_type from information_schema.columns"
        " where table_schema = 'ledger' and table_name = %s and is_identity = 'NO'"
    )
    missed = []
    with tampering(quiet_chain) as admin:
        for column, kind in quiet_chain.rows(columns, table):
            admin.execute("savepoint clean")
            tampered = admin.execute(
                f"update ledger.{table} set {column} = {OTHER[kind].format(column)} where ctid ="
                f" (select max(ctid) from ledger.{table} where {column} is not null)".encode()
            )
            assert tampered.rowcount == 1, column
            if not faults(admin):
                missed.append(column)
            admin.execute("rollback to clean")
    assert missed == []


@pytest.mark.parametrize("table", [*POSTED, *STANDS])
@pytest.mark.parametrize("newest", ["min", "max"])
def test_a_deleted_row_is_named(old: Seat, quiet_chain: SmallChain, table: str, newest: str) -> None:
    if table in {"account", "on_hand"} and newest == "min":
        return  # the first row of these may be one that nothing moved yet
    with tampering(quiet_chain) as admin:
        gone = admin.execute(
            f"delete from ledger.{table} where ctid = (select {newest}(ctid) from ledger.{table})".encode()
        )
        assert gone.rowcount == 1
        assert faults(admin) != []


def test_a_document_deleted_with_all_its_rows_is_named(old: Seat, quiet_chain: SmallChain) -> None:
    ids = quiet_chain.rows(
        "select id from ledger.document where terminal = %s order by chain_seq", old.terminal
    )
    for (id,) in (ids[3], ids[-1]):
        with tampering(quiet_chain) as admin:
            for table in POSTED[1:]:
                admin.execute(f"delete from ledger.{table} where document = %s".encode(), (id,))
            admin.execute("delete from ledger.document where id = %s", (id,))
            assert faults(admin) != []


@pytest.mark.parametrize(
    "forgery", sorted(FORGERIES.keys() - {ANEW}), ids=lambda name: name.replace(" ", "-")
)
def test_a_forgery_is_named(old: Seat, quiet_chain: SmallChain, forgery: str) -> None:
    account, wallet = quiet_chain.rows(
        "select max(a.id), max(a.wallet) from ledger.account a where a.kind = 'points' and a.balance > 0"
    )[0]
    names = {
        "points": account, "wallet": wallet, "terminal": old.terminal, "shift": old.shift,
        "lot": quiet_chain.value("select max(id) from ledger.lot where account = %s", account),
        "document": quiet_chain.value(
            "select max(document::text) from ledger.posting p join ledger.document d on d.id = p.document"
            " where p.debit = 'cash' and d.terminal = %s", old.terminal),
    }  # fmt: skip
    with tampering(quiet_chain) as admin:
        assert faults(admin) == []
        assert forge(admin, forgery, **names) > 0
        assert faults(admin) != []


@pytest.mark.parametrize("table", POSTED)
def test_what_was_posted_is_append_only_for_everybody(old: Seat, quiet_chain: SmallChain, table: str) -> None:
    statements = (f"update ledger.{table} set document = document", f"delete from ledger.{table}",
                  f"truncate ledger.{table} cascade")  # fmt: skip
    for statement in (s.replace("set document = document", "set id = id") if table == "document" else s
                      for s in statements):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            old.connection.execute(statement.encode())
        with quiet_chain.shop.connect() as admin:
            admin.execute("set role huiyuan_owner")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                admin.execute(statement.encode())
        for how in ("origin", "replica"):
            with quiet_chain.shop.connect() as admin:
                admin.execute(f"set session_replication_role = {how}".encode())
                with pytest.raises(psycopg.Error, match="append-only"):
                    admin.execute(statement.encode())


def test_a_whole_chain_written_anew_is_caught_by_the_z_report_of_another_till(
    quiet_chain: SmallChain,
) -> None:
    """Every hash fits again, so only the digest that another drawer printed since tells."""
    forger, other = quiet_chain.open_seat(), quiet_chain.open_seat()
    sold = forger.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    forger.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    with tampering(quiet_chain) as admin:
        forge(admin, ANEW, document=sold["id"], terminal=forger.terminal)
        assert faults(admin) == [], "the control: without an anchor since, nothing tells"

    closed = other.done("shift_close", counted_minor=50000, total_minor=50000)

    with tampering(quiet_chain) as admin:
        forge(admin, ANEW, document=sold["id"], terminal=forger.terminal)
        assert faults(admin) == [("shift", closed["id"], "digest of heads differs from the chains")]
