"""The whole demo chain: plausible, complete, the same from the same seed, finished after a kill, honest."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from huiyuan.domain.model.phone import normal_phone
from huiyuan.repositories import demo, demo_chain
from huiyuan.repositories.demo import DEMO_DATA_KEY, DEMO_INDEX_KEY
from huiyuan.repositories.demo_data import ean13
from huiyuan.repositories.demo_goods import categories, goods
from huiyuan.repositories.demo_names import HOSTILE, people
from huiyuan.repositories.demo_past import PastDays, past_sales
from huiyuan.repositories.sealing import KEY_VERSION, unseal
from tests.cluster import Shop

DAYS = PastDays(
    last=date(2026, 11, 20),
    prices={3: [(n, 100 + n, n % 7 == 0) for n in range(1, 50)]},
    members={3: [(1, "gold"), (2, "basic")]},
    stores={3: 5},
)


def test_the_same_seed_makes_the_same_goods_people_and_sales() -> None:
    made = [repr(list(goods(400))), repr(people(3000, seed=7)), json.dumps(past_sales(DAYS, seed=7))]
    again = [repr(list(goods(400))), repr(people(3000, seed=7)), json.dumps(past_sales(DAYS, seed=7))]
    assert made == again
    assert json.dumps(past_sales(DAYS, seed=8)) != made[2]
    # Nor does another machine make others: what a person reads about the demo holds everywhere.
    assert hashlib.sha256("".join(made).encode()).hexdigest()[:16] == "6501283de0780ed6"


def test_goods_have_in_store_bar_codes_and_people_telephones_that_nobody_has() -> None:
    shelves = {each.code for each in categories()}
    found = list(goods(400))
    assert len({each.code for each in found}) == len({each.barcode for each in found}) == len(found)
    for each in found:
        assert (each.barcode[:2], ean13(each.barcode[:12])) == ("24", each.barcode)
        assert each.category in shelves
        assert each.price_minor > 0
    drawn = people(3000, seed=demo_chain.SEED)
    assert [each.name for each in drawn[: len(HOSTILE)]] == list(HOSTILE)
    for person in drawn:
        assert not person.phone or normal_phone(person.phone) == person.phone
    assert {person.name[0] for person in drawn} >= set("单解仇曾查区朴盖")
    assert any(person.name.startswith("欧阳") for person in drawn)


def test_the_whole_chain_is_there_honest_and_completed_after_a_kill(shop: Shop) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_chain, "_add_balances", _killed)
        with pytest.raises(KeyboardInterrupt):
            demo.seed(shop.admin_url, whole=True)
    assert demo.seed(shop.admin_url, whole=True) is True
    assert demo.seed(shop.admin_url, whole=True) is False

    def one(query: str) -> object:
        return shop.rows(query)[0][0]

    assert one("select count(*) from shop.unit where kind = 'store'") == 3
    assert one("select count(*) from shop.unit where kind = 'region'") == 2
    assert one("select count(*) from shop.product") == demo_chain.PRODUCTS_WANTED
    assert one("select count(*) from shop.member") == demo_chain.MEMBERS_WANTED
    without = shop.rows("select code from shop.product where category is null order by code")
    assert without == [("COFFEE-S",), ("DELIVER",), ("GIFT-01",), ("WRAP",)]
    weighed = one("select count(*) from shop.product where open_price or sold_by = 'weight'")
    assert isinstance(weighed, int)
    assert weighed > 10
    states = {state for (state,) in shop.rows("select distinct state from shop.card")}
    assert states == {"blank", "issued", "active", "frozen", "lost", "closed"}
    assert one("select count(*) from shop.card where replaced_by is not null") > 10  # type: ignore[operator]
    days = shop.rows(
        "select store, count(distinct business_date), max(business_date) < current_date + 1,"
        " min(total_minor) >= 0"
        " from ledger.document where kind = 'history_sale' group by 1 order by 1"
    )
    assert days == [(3, 60, True, True), (4, 60, True, True), (6, 60, True, True)]
    assert one("select count(*) from ledger.on_hand where store = 6") > 300  # type: ignore[operator]
    assert shop.rows("select * from ledger.verify()") == []

    # Hostile names went in as they are. A member is found by words and by a telephone that stands nowhere.
    names = {name for (name,) in shop.rows("select name from shop.member")}
    assert set(HOSTILE) <= names
    phone = f"1600000{len(HOSTILE):04}"
    token = DEMO_INDEX_KEY.token("phone", phone)
    found = shop.rows(
        "select p.member, p.phone from shop.member_search s join shop.personal p using (member)"
        " where s.phone_index = %s",
        token,
    )
    assert len(found) == 1
    member, sealed = found[0]
    assert isinstance(member, int)
    assert isinstance(sealed, bytes)
    assert unseal({KEY_VERSION: DEMO_DATA_KEY}, sealed, member=member, field="phone") == phone
    assert one("select count(*) from shop.member_search where tokens @> '{zs}'") > 0  # type: ignore[operator]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
