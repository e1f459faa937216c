"""Reports show nobody another region's rows, whatever is asked; a reader reads and does no more.

Each refusal has its control: whoever may see the rows sees them with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stock import MovesAsked, StockAsked
from huiyuan.domain.model.turnover import By, TurnoverAsked
from huiyuan.repositories import readers
from huiyuan.repositories.enrol import new_password, scram_verifier
from huiyuan.repositories.report_desk import moves, on_hand, turnover
from tests import facts
from tests.cluster import Connection, Shop
from tests.posting import line, open_shift, posted, sell
from tests.tills import Till, open_till

Tills = Callable[[int], Till]
ROLE = "r_office"
VIEWS = (
    *(
        "api.turnover",
        "api.turnover_paid",
        "api.turnover_goods",
        "api.stock_movement",
        "api.till_events",
        "ledger.document",
        "ledger.line",
    ),
    *("ledger.posting", "ledger.stock_move", "ledger.on_hand"),
)


@pytest.fixture
def two_regions(shop: Shop, till: Tills) -> Shop:
    """S02 lies in another region; both stores sold, took back and received something."""
    with shop.connect() as admin:
        admin.execute(
            "insert into shop.unit(parent, kind, code, name)"
            " select parent, 'region', 'WEST', '西' from shop.unit where code = 'EAST'"
        )
        admin.execute(
            "update shop.unit set parent = (select id from shop.unit where code = 'WEST') where code = 'S02'"
        )
        admin.execute(
            "update sec.staff set units = array(select id from shop.unit where code = 'EAST'),"
            " duty = 'manager' where number = %s",
            (facts.SUPERVISOR.number,),
        )
        admin.execute("update sec.staff set units = '{1}' where number = %s", (facts.CASHIER.number,))
    for seat, price in ((1, 200), (3, 200)):
        one = till(seat)
        shift = open_shift(one)
        sold = sell(one, shift, [line(1, facts.WATER, qty_milli=3_000, price_minor=price)])
        back = [{"n": 1, "of": 1, "qty_milli": 1_000}]
        posted(one, "return", shift=shift, of=sold["id"], reason="破损", lines=back, total_minor=price)
        posted(one, "no_sale", shift=shift, reason="换零钱", total_minor=0)
    return shop


@pytest.fixture
def east(two_regions: Shop) -> Iterator[Connection]:
    """The manager of the region East, at a till of his own store."""
    opened = open_till(two_regions, 2, number=facts.SUPERVISOR.number, pin=facts.SUPERVISOR.pin)
    yield opened.connection
    opened.connection.close()


@pytest.fixture
def owner(two_regions: Shop) -> Iterator[Connection]:
    """The manager of the whole chain, at the same till."""
    opened = open_till(two_regions, 2, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    yield opened.connection
    opened.connection.close()


def stores_seen(connection: Connection, view: str) -> set[str]:
    query = f"select distinct u.code from {view} v join shop.unit u on u.id = v.store"
    return {str(code) for (code,) in connection.execute(query.encode()).fetchall()}


def test_no_view_and_no_table_shows_a_row_of_another_region(east: Connection, owner: Connection) -> None:
    assert {view: stores_seen(east, view) for view in VIEWS} == {key: {"S01"} for key in VIEWS}
    assert {view: stores_seen(owner, view) for view in VIEWS} == {key: {"S01", "S02"} for key in VIEWS}


def test_the_reports_themselves_show_none_and_refuse_its_store_by_name(
    east: Connection, owner: Connection
) -> None:
    asked = TurnoverAsked(by=(By.STORE,))
    assert [row.keys for row in turnover(east, asked).rows] == [("S01",)]
    assert [row.keys for row in turnover(owner, asked).rows] == [("S01",), ("S02",)]
    assert turnover(east, asked).total.net_minor * 2 == turnover(owner, asked).total.net_minor
    assert turnover(east, asked).scope.stores_of_chain == 2
    assert {row.store for row in on_hand(east, StockAsked()).rows} == {"S01"}
    assert {row.store for row in on_hand(owner, StockAsked()).rows} == {"S01", "S02"}
    water = facts.product_id(facts.WATER)
    for ask in (
        lambda: turnover(east, TurnoverAsked(stores=("S02",))),
        lambda: on_hand(east, StockAsked(("S02",))),
        lambda: moves(east, MovesAsked(water, "S02")),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.code == "store_out_of_reach"
    assert moves(owner, MovesAsked(water, "S02")).rows


@pytest.mark.parametrize(
    "view", ["api.turnover", "api.turnover_paid", "api.turnover_goods", "api.stock_movement"]
)
def test_an_error_that_a_hidden_row_would_raise_tells_nothing(
    east: Connection, owner: Connection, view: str
) -> None:
    """A condition that fails on rows of S02 is not computed on them where they may not be seen."""
    probe = (
        f"select count(*) from {view} v where 1 / (case when v.store ="
        " (select id from shop.unit where code = 'S02') then 0 else 1 end) = 1"
    ).encode()
    assert east.execute(probe).fetchone() is not None
    with pytest.raises(psycopg.errors.DivisionByZero):
        owner.execute(probe)


@pytest.fixture
def reader(two_regions: Shop, owner: Connection) -> Iterator[Connection]:
    """A login that may read the region West, enrolled by the manager of the chain."""
    made = readers.enrol_reader(owner, role=ROLE, units=["west"], verifier=scram_verifier(new_password()))
    assert made == readers.ReaderRow(ROLE, ("WEST",), True)
    with two_regions.connect(ROLE) as connection:
        yield connection
    with two_regions.connect() as admin:
        admin.execute(f"drop role if exists {ROLE}".encode())


def test_a_reader_reads_its_units_without_a_person_and_can_call_nothing(
    reader: Connection, two_regions: Shop
) -> None:
    report = turnover(reader, TurnoverAsked(by=(By.STORE,)))
    assert [row.keys for row in report.rows] == [("S02",)]
    assert report.scope.asked_by == ROLE
    assert {view: stores_seen(reader, view) for view in VIEWS} == {key: {"S02"} for key in VIEWS}
    calls = two_regions.rows(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('api', 'sec', 'ledger', 'shop', 'guard')"
        " and has_function_privilege(%s, p.oid, 'execute') order by 1",
        ROLE,
    )
    assert calls == [("api.business_day()",), ("api.my_stores()",), ("ledger.verify()",)]
    for table in ("shop.member", "sec.staff", "ledger.account", "shop.card"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(f"select * from {table}".encode())
    audited = "select facts->>'role', facts->'units' from sec.audit where what = 'reader_enrol'"
    assert two_regions.rows(audited) == [(ROLE, ["WEST"])]


def test_a_blocked_reader_is_out_at_once_and_in_again_when_enrolled_anew(
    reader: Connection, owner: Connection, two_regions: Shop
) -> None:
    assert readers.block_reader(owner, role=ROLE) >= 1
    with pytest.raises(psycopg.OperationalError):
        reader.execute("select 1 from api.turnover")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        two_regions.connect(ROLE).close()
    assert readers.listed_readers(owner) == (readers.ReaderRow(ROLE, ("WEST",), False),)
    readers.enrol_reader(owner, role=ROLE, units=["EAST"], verifier=scram_verifier(new_password()))
    with two_regions.connect(ROLE) as again:
        assert stores_seen(again, "api.turnover") == {"S01"}


def test_nobody_enrols_or_blocks_beyond_his_units(
    east: Connection, owner: Connection, reader: Connection, two_regions: Shop
) -> None:
    verifier = scram_verifier(new_password())

    def code(role: str, units: list[str], given: str | None = verifier) -> str:
        with pytest.raises(Refused) as caught:
            readers.enrol_reader(east, role=role, units=units, verifier=given)
        return caught.value.code

    assert code("r_mine", ["WEST"]) == "unknown_unit"
    assert code("r_mine", ["EAST", "HQ"]) == "unknown_unit"
    assert code("r_mine", ["NONE"]) == "unknown_unit"
    assert code("r_mine", []) == "malformed"
    assert code(ROLE, ["EAST"]) == "role_taken"  # another region's reader
    for role in ("t_s01_c01", "huiyuan_report", "r_", "R_X", "r_x; drop", "postgres"):
        assert code(role, ["EAST"]) == "malformed", role
    assert code("r_mine", ["EAST"], "md5abc") == "malformed"
    with pytest.raises(Refused) as caught:
        readers.block_reader(east, role=ROLE)
    assert caught.value.code == "unknown_role"
    assert readers.listed_readers(east) == ()
    assert reader.execute("select 1").fetchone() == (1,)

    cashier = open_till(two_regions, 1)
    with pytest.raises(Refused) as caught:
        readers.enrol_reader(cashier.connection, role="r_mine", units=["EAST"], verifier=verifier)
    assert caught.value.code == "not_permitted"
    cashier.connection.close()
    readers.enrol_reader(east, role="r_mine", units=["EAST"], verifier=verifier)  # control: his own he may
    with two_regions.connect() as admin:
        admin.execute("drop role r_mine")
