"""The whole demo chain: plausible, complete, the same from the same seed, finished after a kill, honest."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from huiyuan.domain.model.phone import normal_phone
from huiyuan.repositories import demo, demo_chain, demo_holders
from huiyuan.repositories.card_book import CONTACT, REPORTER
from huiyuan.repositories.demo import DEMO_DATA_KEY, DEMO_INDEX_KEY
from huiyuan.repositories.demo_data import ean13
from huiyuan.repositories.demo_goods import categories, goods
from huiyuan.repositories.demo_names import HOSTILE, people
from huiyuan.repositories.demo_past import PastDays, past_sales
from huiyuan.repositories.sealing import KEY_VERSION, unseal
from tests.cluster import Shop
from tests.tills import open_till

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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_holders._Day, "reports_lost", _killed)
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

    blank_cards_of_every_type_lie_in_each_store(shop)
    the_newer_cards_have_holders_limits_and_records(shop)
    a_pass_is_half_used_and_a_bonus_comes_in_parts(shop)
    a_card_is_reported_lost_and_its_case_is_open(shop)
    the_desks_have_something_to_show(shop)


def blank_cards_of_every_type_lie_in_each_store(shop: Shop) -> None:
    """The numbers that the README names, ten of each type in the first store and ten in the second."""
    lying = shop.rows(
        "select y.code, c.store, min(c.number), max(c.number), count(*)::int from shop.card c"
        " join shop.card_type y on y.id = c.type where c.state = 'blank' and c.store in (3, 4)"
        " and not c.in_transit group by 1, 2 order by 3"
    )
    assert lying == [
        (code, store, f"88000{hundred}{first:02}", f"88000{hundred}{first + 9}", 10)
        for hundred, code in enumerate(("supplementary", "group", "year", "gift"), start=1)
        for store, first in ((3, 1), (4, 11))
    ]
    assert shop.rows("select count(*)::int from ledger.card_custody where what = 'card_receive'") == [(12,)]
    free = "select count(*)::int from shop.card where number between '88000014' and '88000021'"
    assert shop.rows(f"{free} and state = 'blank' and store is null") == [(8,)], "of README's step 8"


def the_newer_cards_have_holders_limits_and_records(shop: Shop) -> None:
    """Who holds a card of whose wallet, until when, and what was drawn with it."""
    held = shop.rows(
        "select c.number, c.state, h.name, w.member = c.holder, c.valid_to is not null,"
        " (select coalesce(sum(u.amount), 0)::int from ledger.card_use u"
        "   where u.card = c.id and u.what = 'value')"
        " from shop.card c left join shop.member h on h.id = c.holder join shop.wallet w on w.id = c.wallet"
        " where c.number between '88000100' and '88000499' order by 1"
    )
    assert held == [
        ("88000121", "active", "仇小妹", False, False, 2660),
        ("88000221", "active", "明德茶业有限公司", True, False, 0),
        ("88000222", "active", "解晓东", False, False, 5320),
        ("88000223", "lost", "王芳", False, False, 3610),
        ("88000321", "active", "李娜", True, True, 0),
        ("88000421", "active", None, None, True, 0),
    ]
    limits = "select c.number, l.sale_max_minor, l.day_max_minor from shop.card_limit l"
    assert shop.rows(f"{limits} join shop.card c on c.id = l.card") == [("88000121", 5_000, 10_000)]
    years = "select due_minor::int, paid_minor::int from ledger.fee_year"
    assert shop.rows(years) == [(2_000, 2_000)], "the fee of the first year came with the issue"


def a_pass_is_half_used_and_a_bonus_comes_in_parts(shop: Shop) -> None:
    """Five coffees of ten are left on one card, another has a month of them; five parts are to come."""
    passes = shop.rows(
        "select c.number, f.name, l.amount::int, l.remaining::int from ledger.lot l"
        " join ledger.account a on a.id = l.account join shop.rule f on 'pass:' || f.id = a.kind"
        " join shop.card c on c.wallet = a.wallet order by 1"
    )
    assert passes == [("88000004", "十次咖啡卡", 10, 5), ("88000321", "咖啡月卡", 1, 1)]
    uses = "select u.amount::int from ledger.card_use u where u.what = 'pass' order by u.document"
    assert [amount for (amount,) in shop.rows(uses)] == [1, 2, 2, 1]
    assert shop.rows("select part_minor::int, parts from ledger.bonus_plan") == [(1_000, 5)]


def a_card_is_reported_lost_and_its_case_is_open(shop: Shop) -> None:
    """Whoever called was called back, the card was reported lost, and nobody wrote down how it ended."""
    cases = shop.rows(
        "select c.number, x.kind, x.checked, d.kind, x.outcome, x.card, x.reporter, x.contact"
        " from shop.card_case x join shop.card c on c.id = x.card join ledger.document d on d.id = x.act"
    )
    assert [row[:5] for row in cases] == [("88000223", "lost", "call_back", "card_lost", None)]
    card, *sealed = cases[0][5:]
    told = [
        unseal({KEY_VERSION: DEMO_DATA_KEY}, text, member=card, field=field)  # type: ignore[arg-type]
        for text, field in zip(sealed, (REPORTER, CONTACT), strict=True)
    ]
    assert told == ["王芳", "16000009999"]


def the_desks_have_something_to_show(shop: Shop) -> None:
    """Cash back for the month that is over, what one store owes another, a drawer without a gap."""
    till = open_till(shop, 1, number="9001", pin="9001")
    due = till.call("bonus_due", 200)
    assert due["parts"] == []
    assert 5 < len(due["cash_backs"]) < 100
    pairs = till.call("clearing_pairs", None, None)["pairs"]
    assert pairs == [[3, 6, 2_660, 0, 0]], "topped up in the first store, spent in the third"
    assert shop.rows("select number, closed_at is not null from ledger.shift") == [(1, True)]
    assert shop.rows("select from ledger.posting where 'over_short' in (debit, credit)") == []


def _killed(*_: object) -> None:
    raise KeyboardInterrupt
