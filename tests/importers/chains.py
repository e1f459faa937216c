"""Chains and folders for import tests: a chain that counts in dollars, the small folder, larger ones."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.importers.history import history_entry
from huiyuan.repositories.importers.outcome import Outcome
from huiyuan.repositories.importers.retail import import_retail
from huiyuan.repositories.importers.retail_rows import TRANSACTIONS
from tests.cluster import Shop

ZONE: Final = "America/New_York"
SMALL: Final = Path(__file__).parent / "retail"

# Store, business day, net sales in cents, baskets, lines: added up by hand from the rows of the small folder.
# 04:59:59Z is still the evening before in New York, and on 12 March 2017 the clocks there went forward.
SMALL_BY_HAND: Final = [
    ("11", "2017-03-01", 109 + 500 + 100 + 2241, 3, 4),
    ("11", "2017-03-02", 109 + 250 + 0 + 109, 4, 5),
    ("11", "2017-03-11", 109, 1, 1),
    ("11", "2017-03-12", 109 + 250, 2, 2),
    ("11", "2017-03-13", 999, 1, 1),
    ("12", "2017-03-01", 200 + 109 + 100 + 99 + 109 + 398, 4, 6),
    ("12", "2017-03-02", 763 + 3086 + 0, 3, 3),
    ("12", "2017-05-31", 500 + 109, 2, 2),
]


def dollars(shop: Shop) -> Shop:
    """The database of the demo chain, told that it is a real one that counts in dollars."""
    with shop.connect() as connection:
        connection.execute("update shop.chain set demo = false, currency = 'USD', time_zone = %s", (ZONE,))
    return shop


def load(shop: Shop, folder: Path, *, currency: str = "USD", zone: str = ZONE) -> Outcome:
    """Import `folder` as the command does."""
    outcome = Outcome()
    with history_entry(shop.admin_url) as entry:
        import_retail(
            entry,
            folder,
            time_zone=zone,
            currency=currency,
            index_key=lambda: DEMO_INDEX_KEY,
            outcome=outcome,
            progress=lambda *_: None,
        )
    return outcome


def by_store_and_day(shop: Shop) -> list[tuple[object, ...]]:
    """What stands: store, business day, net sales, baskets, lines."""
    return shop.rows(
        "select u.code, d.business_date::text, sum(d.total_minor)::int, count(*)::int,"
        " sum((select count(*) from ledger.line l where l.document = d.id))::int"
        " from ledger.document d join shop.unit u on u.id = d.store where d.kind = 'history_sale'"
        " group by 1, 2 order by 1, 2"
    )


def standing(shop: Shop) -> list[tuple[object, ...]]:
    """Everything that an import makes, in figures that tell any difference."""
    return shop.rows(
        "select (select md5(string_agg(d.id || d.fingerprint::text, ',' order by d.id))"
        "          from ledger.document d),"
        " (select md5(string_agg(p::text, ',' order by p.document, p.n)) from ledger.posting p),"
        " (select md5(string_agg(l::text, ',' order by l.document, l.n)) from ledger.line l),"
        " (select count(*) from shop.member), (select count(*) from shop.card_token),"
        " (select count(*) from shop.product), (select count(*) from shop.unit),"
        " (select count(*) from ledger.account), (select sum(t.chain_seq) from sec.terminal t)"
    )


def many_baskets(folder: Path, baskets: int) -> Path:
    """A folder with so many one-line baskets of one store and one household."""
    folder.mkdir()
    (folder / "households.csv").write_text("household_id\n1\n")
    (folder / "products.csv").write_text(
        "product_id,department,brand,product_category,product_type,package_size\n1,A,B,C,BREAD,1 OZ\n"
    )
    rows = (
        f"2017-03-{n % 28 + 1:02}T12:00:00Z,1,7,{1000 + n},1,1,{n % 9}.{n % 100:02},0,0,0\n"
        for n in range(baskets)
    )
    (folder / "transactions.csv").write_text(",".join(TRANSACTIONS) + "\n" + "".join(rows))
    return folder
