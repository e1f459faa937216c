"""The small folder, each trap of real data once: totals by hand, codes kept, once only, bad rows by line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.importers.outcome import BadRow, ImportRefused, Outcome
from tests import facts
from tests.cluster import Shop
from tests.importers.chains import SMALL, SMALL_BY_HAND, by_store_and_day, dollars, load, standing
from tests.posting import open_shift, post
from tests.tills import Till


def test_the_small_folder_is_a_past_that_verify_finds_nothing_in(shop: Shop) -> None:
    outcome = load(dollars(shop), SMALL)

    assert (outcome.stores, outcome.products, outcome.members) == (2, 8, 5)
    assert (outcome.posted, outcome.lines, outcome.known, outcome.refused) == (20, 24, 0, 0)
    assert [(row.code, row.shown) for row in outcome.bad_rows] == [
        ("not_listed", "777"),
        ("not_listed", "9"),
    ]
    assert by_store_and_day(shop) == SMALL_BY_HAND
    assert shop.rows("select * from ledger.verify()") == []

    # The source's own numbers stay: store, member, card, product, receipt.
    assert shop.rows("select result->>'receipt' from ledger.document where number = 32065010101") == [
        ("11-000-32065010101",)
    ]
    assert shop.rows(
        "select m.number, m.name, m.source, u.code, c.state"
        " from shop.card_token t join shop.card c on c.id = t.card"
        " join shop.member m on m.id = c.holder join shop.unit u on u.id = m.home_store where t.hmac = %s",
        DEMO_INDEX_KEY.token("number", "1"),
    ) == [("1", "Household 1", "import", "12", "active")]
    listed = "select code, name from shop.product where code in ('502', '503', '504', '777')"
    assert dict(shop.rows(listed)) == {  # type: ignore[arg-type]
        "502": '[bold]CHEESE[/bold] "EXTRA, SHARP" 8 OZ',
        "503": "Product 503",
        "504": "=BOTTLE DEPOSIT",
        "777": "Product 777",
    }

    # A quantity of nothing and 89,638 stay what they are; a coupon worth more than the basket pays all of it.
    lines = shop.rows(
        "select d.number - 32065010100, l.qty_milli, l.value_minor, l.total_minor from ledger.line l"
        " join ledger.document d on d.id = l.document where l.qty_milli = 0 or l.qty_milli > 50000000"
        " order by 1"
    )
    assert lines == [(3, 89_638_000, 2241, 2241), (4, 0, 0, 0), (5, 0, 250, 250)]
    paid = shop.rows(
        "select d.number - 32065010100, p.method, p.amount from ledger.posting p"
        " join ledger.document d on d.id = p.document where d.number in (32065010112, 32065010113)"
        " order by 1, 2"
    )
    assert paid == [(12, "coupon", 275), (12, "unrecorded", 34), (13, "coupon", 100)]

    # Seen when they bought last, not when the past was read.
    seen = shop.rows(
        "select count(*), count(*) filter (where s.last_seen_on = d.last) from shop.member_search s"
        " join (select w.member, max(k.business_date) as last from ledger.document k"
        "         join shop.wallet w on w.id = k.wallet group by w.member) d on d.member = s.member"
        " join shop.member m on m.id = s.member where m.source = 'import'"
    )
    assert seen[0][0] == seen[0][1] != 0

    # Twice is once.
    before = standing(shop)
    again = load(shop, SMALL)
    assert (again.changed, again.posted, again.known) == (False, 0, 20)
    assert standing(shop) == before


def test_a_basket_with_a_bad_row_is_held_back_whole_and_the_rest_goes_in(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "retail"
    shutil.copytree(SMALL, folder)
    file = folder / "transactions.csv"
    good = file.read_bytes()
    for place, (was, now) in {
        3: (b",1,1.09,", b",1.5,1.09,"),  # a quantity in tenths: held back with line 2, its basket
        7: (b",0.99,", b",0.999,"),  # line 9 is of the same basket
        12: (b",0.00,0.00,10", b",0.00,\xff\xff,10"),  # bytes that are no text; line 13 is of its basket
        16: (b",10", b",10,x"),  # a cell too many
        20: (b"04:59:59Z", b"04:59:59"),  # nobody knows in which zone
    }.items():
        lines = file.read_bytes().split(b"\n")
        assert was in lines[place - 1]
        lines[place - 1] = lines[place - 1].replace(was, now, 1)
        file.write_bytes(b"\n".join(lines))
    dollars(shop)

    found = load(shop, folder)

    assert (found.posted, found.lines, found.refused) == (15, 16, 5)
    rows = [(row.line, row.code) for row in found.bad_rows if row.code != "not_listed"]
    assert rows == [
        (3, "quantity"),
        (7, "sales_value"),
        (12, "not_readable"),
        (16, "row_width"),
        (20, "ts_utc"),
        (3, "basket_held_back"),
        (7, "basket_held_back"),
        (12, "basket_held_back"),
        (16, "basket_held_back"),
        (20, "basket_held_back"),
    ]
    assert shop.rows("select * from ledger.verify()") == []

    # Mended and run again it is complete; another amount for what stands is refused and named.
    file.write_bytes(good.replace(b"32065010101,501,1,1.09", b"32065010101,501,1,1.10"))
    mended = load(shop, folder)
    assert (mended.posted, mended.known, mended.refused) == (5, 14, 1)
    assert BadRow("transactions.csv", 4, "id_reused", "32065010101") in mended.bad_rows
    assert by_store_and_day(shop) == SMALL_BY_HAND


@pytest.mark.parametrize(
    ("currency", "zone", "code"),
    [
        ("CNY", "America/New_York", "currency_differs"),
        ("USD", "Mars/Olympus", "unknown_zone"),
        ("USD", "Asia/Shanghai", "zone_differs"),
    ],
)
def test_another_currency_or_zone_changes_nothing(shop: Shop, currency: str, zone: str, code: str) -> None:
    dollars(shop)
    with shop.connect() as connection:
        connection.execute(
            "insert into shop.unit(parent, kind, code, name, time_zone)"
            " values (1, 'store', '12', 'Twelve', 'America/New_York')"
        )
    before = standing(shop)

    with pytest.raises(ImportRefused) as refused:
        load(shop, SMALL, currency=currency, zone=zone)

    assert refused.value.code == code
    assert standing(shop) == before


def test_the_demo_chain_and_an_empty_database_take_no_real_past(shop: Shop) -> None:
    with pytest.raises(ImportRefused, match="demo_chain"):
        load(shop, SMALL, currency="CNY")
    with shop.connect() as connection:
        connection.execute("delete from shop.chain")
    with pytest.raises(ImportRefused, match="no_chain"):
        load(shop, SMALL)


def test_an_outcome_without_anything_new_says_so() -> None:
    assert not Outcome(known=7, refused=1).changed
    assert Outcome(posted=1).changed


def test_verify_names_a_past_sale_that_was_touched_and_no_till_takes_it_back(
    shop: Shop, till: Callable[[int], Till]
) -> None:
    seat = till(1)
    shift = open_shift(seat)
    load(dollars(shop), SMALL)
    sale, store = shop.rows("select id, store from ledger.document where number = 32065010112")[0]
    answer = post(seat, "return", shift=shift, of=str(sale), reason="bought long ago", total_minor=0,
                  lines=[{"n": 1, "of": 1, "qty_milli": 1000}])  # fmt: skip
    assert (answer["refused"], store != facts.STORE_1) == ("wrong_origin", True)
    assert (
        post(seat, "reversal", of=str(sale), reason="why not", total_minor=309)["refused"] == "wrong_origin"
    )

    with shop.connect() as owner:
        for change, where in (
            ("update ledger.line set total_minor = total_minor + 1 where n = 1", "line"),
            ("update ledger.posting set amount = amount + 1 where n = 1", "posting"),
            ("update ledger.document set business_date = business_date + 1 where true", "document"),
            ("delete from ledger.adjustment where line = 1", "adjustment"),
        ):
            name = "id" if where == "document" else "document"
            owner.execute(f"alter table ledger.{where} disable trigger no_change".encode())
            with owner.transaction(force_rollback=True):
                owner.execute(f"{change} and {name} = %s".encode(), [sale])
                found = owner.execute("select distinct what, id from ledger.verify()").fetchall()
                assert found == [("document", str(sale))], change
    assert shop.rows("select * from ledger.verify()") == []
