"""The demo chain: complete, small, made once, and never made where a real chain lives."""

from __future__ import annotations

import time

import psycopg
import pytest

from huiyuan.repositories import demo
from huiyuan.repositories.demo_data import CARDS, PACKS, PRODUCTS, ean13
from huiyuan.repositories.migrate import migrate
from tests import facts
from tests.cluster import Cluster, Shop


def test_a_second_call_does_nothing(shop: Shop) -> None:
    before = shop.rows("select count(*), max(posted_at) from ledger.document")

    assert demo.seed(shop.admin_url) is False

    assert shop.rows("select count(*), max(posted_at) from ledger.document") == before


def test_it_is_made_within_five_seconds_and_completed_after_a_kill(cluster: Cluster) -> None:
    with cluster.empty() as shop:
        migrate(shop.admin_url)
        started = time.monotonic()
        with cluster.alone():
            assert demo.seed(shop.admin_url) is True
        assert time.monotonic() - started < 5
        whole = shop.rows("select id, kind, store from ledger.document order by id")

    with cluster.empty() as shop, pytest.MonkeyPatch.context() as patch:
        migrate(shop.admin_url)
        patch.setattr(demo, "_post_openings", _killed)
        with cluster.alone(), pytest.raises(KeyboardInterrupt):
            demo.seed(shop.admin_url)
        patch.undo()
        with cluster.alone():
            assert demo.seed(shop.admin_url) is True
        assert shop.rows("select id, kind, store from ledger.document order by id") == whole


def _killed(connection: demo.Connection) -> bool:
    raise KeyboardInterrupt


def test_a_real_chain_is_refused_and_stays_as_it_is(shop: Shop) -> None:
    with shop.connect() as connection:
        connection.execute("update shop.chain set demo = false")

    for make in (demo.seed, demo.reset):
        with pytest.raises(demo.DemoRefused, match="not_demo"):
            make(shop.admin_url)

    assert shop.rows("select name from shop.chain") == [("演示连锁",)]


def test_a_reset_brings_back_the_first_state(shop: Shop) -> None:
    with shop.connect() as connection:
        connection.execute("update shop.member set name = '改过的名字' where id = 1")

    demo.reset(shop.admin_url)

    assert shop.rows("select name from shop.member where id = 1") == [("张伟",)]


def test_verify_finds_nothing_and_the_balances_are_those_of_the_list(shared_shop: Shop) -> None:
    assert shared_shop.rows("select * from ledger.verify()") == []
    held = {
        str(number): (principal, bonus, points)
        for number, principal, bonus, points in shared_shop.rows(
            "select c.number, p.balance, b.balance, t.balance from shop.card c"
            " join ledger.account p on p.wallet = c.wallet and p.kind = 'principal'"
            " join ledger.account b on b.wallet = c.wallet and b.kind = 'bonus'"
            " join ledger.account t on t.wallet = c.wallet and t.kind = 'points'"
        )
    }
    assert held == {
        card.number: (card.principal_minor, card.bonus_minor, card.points)
        for card in CARDS
        if card.state != "blank"
    }


def test_no_wallet_holds_more_than_its_card_type_may(shared_shop: Shop) -> None:
    over = shared_shop.rows(
        "select c.number from shop.card c join shop.card_type y on y.id = c.type"
        " join ledger.account a on a.wallet = c.wallet and a.kind in ('principal', 'bonus')"
        " group by c.number, y.balance_max_minor having sum(a.balance) > y.balance_max_minor"
    )
    assert over == []


def test_every_bar_code_has_its_check_digit() -> None:
    codes = [ean13(product.barcode) for product in PRODUCTS if product.barcode]
    codes += [ean13(twelve) for twelve, _, _ in PACKS]
    assert len(set(codes)) == len(codes)
    for code in codes:
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code))
        assert (len(code), weighted % 10) == (13, 0)
    assert ean13("400638133393") == "4006381333931"  # a code from a real product, not from our own sum


def test_the_seats_are_logins_that_may_connect_four_times_and_nothing_more(shared_shop: Shop) -> None:
    roles = shared_shop.rows(
        "select r.rolname, r.rolcanlogin, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls"
        " from pg_roles r where r.rolname = any (%s) order by 1",
        [facts.TILL_1, facts.TILL_2, facts.TILL_3],
    )
    assert roles == [
        (role, True, False, False, False, False) for role in (facts.TILL_1, facts.TILL_2, facts.TILL_3)
    ]


def test_a_database_without_tables_is_an_error_of_its_own(cluster: Cluster) -> None:
    with cluster.empty() as shop, pytest.raises(psycopg.errors.UndefinedTable):
        demo.seed(shop.admin_url)
