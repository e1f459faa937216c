"""Editing goods, prices, rules, members, cards in stock and settings, over a real till."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import facts
from tests.cluster import Shop
from tests.posting import line, open_shift, post, sale_body
from tests.tills import Till, open_till

EVERY_CALL: dict[str, tuple[str, tuple[Any, ...]]] = {
    "product_put": ("catalog", (None, None, "NEW-1", "新品", "goods", "piece", "vat13", True)),
    "barcode_put": ("catalog", ("6909999999996", 1, 1_000)),
    "category_put": ("catalog", (None, None, None, "DRINK", "饮料", True)),
    "product_describe": ("catalog", (1, 1, None, "蒙牛", None, None, "piece", False, ["xnn"])),
    "price_publish": ("prices", (1, None, None, 999)),
    "list_price_publish": ("prices", ("member", 1, None, None, 999)),
    "rule_propose": ("rules", (None, "tier", "规则", json.dumps({"max_bp": 100}))),
    "rule_approve": ("rules", (1,)),
    "rule_decline": ("rules", (1,)),
    "rule_proposals": ("rules", ()),
    "member_save": ("members", (None, None, json.dumps({"name": "新会员"}))),
    "card_stock_in": ("cards_stock", ("registered", json.dumps([{"number": "99", "tokens": []}]))),
    "tier_put": ("settings", (None, "vip", "贵宾", 9)),
    "setting_put": ("settings", (3, "slip_header", json.dumps(["x"]))),
    "unit_add": ("settings", (2, "store", "S09", "新店", None)),
}


@pytest.fixture
def manager(shop: Shop) -> Iterator[Till]:
    with_permissions = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    yield with_permissions
    with_permissions.connection.close()


@pytest.fixture
def second(shop: Shop) -> Iterator[Till]:
    other = open_till(shop, 2, number=facts.SECOND_MANAGER.number, pin=facts.SECOND_MANAGER.pin)
    yield other
    other.connection.close()


def audit(shop: Shop, what: str) -> list[dict[str, Any]]:
    found = shop.rows("select facts from sec.audit where what = %s order by id", what)
    return [dict(row[0]) for row in found]  # type: ignore[call-overload]


def refused(answer: Any) -> tuple[str, dict[str, Any]]:
    assert "refused" in answer, answer
    return answer["refused"], answer["facts"]


def units_of(shop: Shop, staff: facts.DemoStaff, units: list[int]) -> None:
    with shop.connect() as connection:
        connection.execute("update sec.staff set units = %s where number = %s", (units, staff.number))


def test_every_edit_needs_its_own_permission_and_a_session(shop: Shop, till: Callable[[int], Till]) -> None:
    signed_in, stranger = till(1), Till(shop, facts.TILL_2, shop.connect(facts.TILL_2), {})
    with shop.connect() as connection:
        connection.execute("delete from sec.permission where duty = 'cashier' and permission = 'members'")
    before = shop.rows("select count(*) from sec.audit where what <> 'refused'")

    for call, (permission, arguments) in EVERY_CALL.items():
        assert refused(signed_in.call(call, *arguments)) == ("not_permitted", {"permission": permission})
        assert refused(stranger.call(call, *arguments)) == ("not_signed_in", {})

    assert shop.rows("select count(*) from sec.audit where what <> 'refused'") == before
    stranger.connection.close()


def test_control_a_manager_may_do_all_of_it(manager: Till) -> None:
    for call, (_, arguments) in EVERY_CALL.items():
        answer = manager.call(call, *arguments)
        if call == "rule_approve":
            assert refused(answer)[0] == "own_proposal"
        else:
            assert "refused" not in answer, (call, answer)


def test_a_product_is_made_and_edited_once_a_version(shop: Shop, manager: Till) -> None:
    made = manager.call("product_put", None, None, "ＮＥＷ-1", "新品", "goods", "piece", "vat13", True)
    edit = (made["product"], 1, "NEW-1", "新品 [b]", "goods", "box", "vat9", False)
    assert manager.call("product_put", *edit) == {"product": made["product"], "version": 2}
    assert refused(manager.call("product_put", *edit)) == ("stale", {"version": 2})

    last = audit(shop, "product")[-1]
    assert (last["before"]["name"], last["after"]["name"]) == ("新品", "新品 [b]")
    assert last["after"]["code"] == "NEW-1"
    assert audit(shop, "product")[0]["before"] is None


def test_codes_are_unique_and_the_rest_must_exist(manager: Till) -> None:
    taken = (None, None, facts.MILK, "别的", "goods", "piece", "vat13", True)
    assert refused(manager.call("product_put", *taken)) == (
        "already_used",
        {"field": "code", "value": facts.MILK},
    )
    for place, (value, detail) in {4: ("toy", "kind"), 6: ("vat99", "tax_code")}.items():
        arguments = [None, None, "NEW-1", "新品", "goods", "piece", "vat13", True]
        arguments[place] = value
        answer = manager.call("product_put", *arguments)
        assert refused(answer) == ("malformed", {"section": "product", "detail": detail})
    assert refused(manager.call("product_put", 999, 1, "X", "x", "goods", "piece", "vat9", True)) == (
        "unknown_product",
        {"product": 999},
    )


UNCLEAN: tuple[str | None, ...] = (
    *("A\x1b]0;x\x07", "A\x1b[2JB", "A\rB", "A\nB", "a\u202eb", "Li\u200bu", "e\u0301", " Li", ""),
    *("x" * 121, None, "\x9b2J", "\u3164", "a\u00adb"),
)
ODD = ("Li [VIP]", "[/x]", "O'Neil", "'; drop table shop.member;--", "=1+1", "会员𠮷😀")


def test_unclean_text_is_refused_by_name(shop: Shop, manager: Till) -> None:
    counts = "select (select count(*) from shop.product), (select count(*) from shop.member)"
    before = shop.rows(counts)
    for text in UNCLEAN:
        product = manager.call("product_put", None, None, "NEW-1", text, "goods", "piece", "vat13", True)
        member = manager.call("member_save", None, None, json.dumps({"name": text}))
        tier = manager.call("tier_put", None, "vip", text, 9)
        slip = manager.call("setting_put", facts.STORE_1, "slip_footer", json.dumps([text]))

        for answer in (product, member, tier):
            assert refused(answer) == ("unclean_text", {"field": "name"})
        assert refused(slip)[0] == ("malformed" if text is None else "unclean_text")
    assert shop.rows(counts) == before


def test_honest_text_however_odd_is_kept_as_it_is(shop: Shop, manager: Till) -> None:
    for text in ODD:
        made = manager.call("member_save", None, None, json.dumps({"name": text}))
        assert shop.rows("select name from shop.member where id = %s", made["member"]) == [(text,)]


def test_a_bar_code_moves_to_another_product_and_goes_away(shop: Shop, manager: Till) -> None:
    code = facts.barcode(facts.MILK)
    manager.call("barcode_put", code, facts.product_id(facts.WATER), 6_000)
    found = manager.call("find_product", code)
    assert (found["code"], found["qty_milli"]) == (facts.WATER, 6_000)

    manager.call("barcode_put", code, None, None)
    assert refused(manager.call("find_product", code))[0] == "unknown_product"
    assert [entry["before"]["product"] for entry in audit(shop, "barcode")] == [
        facts.product_id(facts.MILK),
        facts.product_id(facts.WATER),
    ]
    assert refused(manager.call("barcode_put", "1", 999, 1_000))[0] == "unknown_product"
    assert refused(manager.call("barcode_put", "1", 1, 0))[0] == "malformed"


PRICES = (
    "select amount_minor, valid_to is null, lead(valid_from) over w = valid_to from shop.price"
    " where product = 2 and store is null window w as (order by valid_from) order by valid_from"
)


def test_a_price_closes_the_one_before_and_ends_where_a_later_one_begins(shop: Shop, manager: Till) -> None:
    clock = "select (now() + interval '2 days')::timestamptz"
    manager.call("price_publish", 2, None, shop.rows(clock)[0][0], 600)
    manager.call("price_publish", 2, None, None, 500)

    assert shop.rows(PRICES) == [(350, False, True), (500, False, True), (600, True, None)]
    assert manager.call("find_product", "MILK-250")["price_minor"] == 500
    assert audit(shop, "price")[-1]["after"]["published_by"] == audit_staff(shop)


def audit_staff(shop: Shop) -> object:
    return shop.rows("select id from sec.staff where number = %s", facts.MANAGER.number)[0][0]


def test_a_price_of_the_past_or_of_the_same_moment_is_refused(shop: Shop, manager: Till) -> None:
    past = shop.rows("select now() - interval '1 hour'")[0][0]
    assert refused(manager.call("price_publish", 2, None, past, 1)) == (
        "malformed",
        {"section": "price", "detail": "valid_from"},
    )
    later = shop.rows("select now() + interval '1 hour'")[0][0]
    manager.call("price_publish", 2, None, later, 1)
    assert refused(manager.call("price_publish", 2, None, later, 2))[0] == "already_used"
    for amount in (-1, None, 10**13):
        assert refused(manager.call("price_publish", 2, None, None, amount))[0] == "malformed"


def test_a_price_of_a_list_holds_beside_the_others_until_it_is_taken_off(shop: Shop, manager: Till) -> None:
    """The nuts have a member price and a gold one from the first day."""
    nuts = facts.product_id("NUT-200")

    def lists() -> object:
        return manager.call("find_product", "NUT-200")["lists"]

    assert lists() == {"member": 2690, "gold": 2490}
    manager.call("list_price_publish", "member", nuts, None, None, 2600)
    manager.call("list_price_publish", "silver", nuts, facts.STORE_1, None, 2550)
    manager.call("list_price_publish", "gold", nuts, None, None, None)
    assert lists() == {"member": 2600, "silver": 2550}
    assert manager.call("find_product", "NUT-200")["price_minor"] == 2990
    assert audit(shop, "price")[-1]["after"] is None
    for name in (None, "retail", "nobody", "Gold"):
        answer = manager.call("list_price_publish", name, nuts, None, None, 1)
        assert refused(answer) == ("malformed", {"section": "price", "detail": "list"})


def test_a_store_manager_prices_his_store_only(shop: Shop, manager: Till) -> None:
    units_of(shop, facts.MANAGER, [facts.STORE_1])

    for store in (facts.STORE_2, None):
        assert refused(manager.call("price_publish", 1, store, None, 1)) == ("wrong_store", {"store": store})
    assert "price" in manager.call("price_publish", 1, facts.STORE_1, None, 1_111)
    assert manager.call("find_product", facts.MILK)["price_minor"] == 1_111


def test_two_publishers_at_once_leave_one_price_at_every_moment(shop: Shop) -> None:
    tills = [open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin) for _ in range(4)]
    barrier, answers = threading.Barrier(4), []

    def publish(till: Till, amount: int) -> None:
        barrier.wait()
        answers.append(till.call("price_publish", 2, None, None, amount))

    threads = [threading.Thread(target=publish, args=(till, 100 + n)) for n, till in enumerate(tills)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert ["price" in answer for answer in answers] == [True] * 4
    rows = shop.rows(PRICES)
    assert len(rows) == 5
    assert all(row[2] for row in rows[:-1])
    for till in tills:
        till.connection.close()


def test_the_till_sells_at_the_new_price_and_for_the_grace_at_the_old(shop: Shop, manager: Till) -> None:
    shift = open_shift(manager)
    manager.call("price_publish", facts.product_id(facts.WATER), None, None, 210)

    for price in (200, 210):
        body = sale_body(shift, [line(1, facts.WATER, price_minor=price)])
        assert "refused" not in post(manager, "sale", **body)
    body = sale_body(shift, [line(1, facts.WATER, price_minor=190)])
    assert refused(post(manager, "sale", **body))[0] == "price_changed"


def test_a_rule_holds_only_when_another_person_approved_it(shop: Shop, manager: Till, second: Till) -> None:
    terms = {"max_bp": 2_000, "tiers": [3]}
    proposal = manager.call("rule_propose", facts.TIER_GOLD_RULE, None, None, json.dumps(terms))["proposal"]
    in_force = {rule["rule"]: rule for rule in manager.call("rules")}
    assert in_force[facts.TIER_GOLD_RULE]["max_bp"] == 1_000
    assert refused(manager.call("rule_approve", proposal)) == ("own_proposal", {"proposal": proposal})
    assert [each["proposal"] for each in second.call("rule_proposals")] == [proposal]

    answer = second.call("rule_approve", proposal)

    assert (answer["rule"], answer["version"]) == (facts.TIER_GOLD_RULE, 2)
    in_force = {rule["rule"]: rule for rule in manager.call("rules")}
    assert (in_force[facts.TIER_GOLD_RULE]["max_bp"], in_force[facts.TIER_GOLD_RULE]["version"]) == (2_000, 2)
    closed = shop.rows(
        "select a.valid_to = b.valid_from, b.published_by <> b.approved_by from shop.rule_version a"
        " join shop.rule_version b on b.rule = a.rule and b.version = 2 where a.rule = 2 and a.version = 1"
    )
    assert closed == [(True, True)]
    assert refused(second.call("rule_approve", proposal))[0] == "unknown_proposal"
    assert second.call("rule_proposals") == []


def test_an_unapproved_or_declined_rule_gives_nobody_a_discount(manager: Till, second: Till) -> None:
    terms = json.dumps({"max_bp": 9_000})
    proposal = manager.call("rule_propose", None, "promotion", "白送", terms)["proposal"]
    shift = open_shift(manager)
    water = line(1, facts.WATER) | {"total_minor": 20}
    gift = {"line": 1, "source": "promotion", "rule": 6, "version": 1, "amount_minor": 180}
    body = sale_body(shift, [water], adjustments=[gift])

    assert refused(post(manager, "sale", **body))[0] == "adjustment_refused"
    second.call("rule_decline", proposal)
    assert refused(second.call("rule_approve", proposal))[0] == "unknown_proposal"
    assert refused(post(manager, "sale", **body))[0] == "adjustment_refused"

    again = manager.call("rule_propose", None, "promotion", "白送", terms)["proposal"]
    rule = second.call("rule_approve", again)["rule"]
    body["adjustments"] = [gift | {"rule": rule}]
    assert "refused" not in post(manager, "sale", **body)


BAD_TERMS: tuple[tuple[object, str], ...] = (
    ({"max_bp": 10_001}, "max_bp"),
    ({"max_bp": "many"}, "terms"),
    ({"points_rate": -1}, "points_rate"),
    ({"term_days": 0}, "term_days"),
    ({"stores": []}, "stores"),
    ({"stores": [1]}, "stores"),
    ({"tiers": [99]}, "tiers"),
    ({"body": []}, "body"),
    ({"valid_to": "2020-01-01T00:00:00Z"}, "valid_to"),
    ([], "terms"),
)


def test_terms_out_of_range_are_refused(manager: Till) -> None:
    for terms, detail in BAD_TERMS:
        answer = manager.call("rule_propose", None, "tier", "规则", json.dumps(terms))
        assert refused(answer) == ("malformed", {"section": "rule", "detail": detail})


def test_misspelt_terms_and_foreign_stores_are_refused(shop: Shop, manager: Till, second: Till) -> None:
    answer = manager.call("rule_propose", None, "tier", "规则", json.dumps({"max_pb": 1}))
    assert refused(answer) == ("unknown_key", {"section": "rule", "key": "max_pb"})
    proposal = manager.call("rule_propose", None, "tier", "规则", json.dumps({"max_bp": 1}))["proposal"]
    units_of(shop, facts.SECOND_MANAGER, [facts.STORE_1])
    assert refused(second.call("rule_approve", proposal)) == ("wrong_store", {"store": None})


def test_blank_cards_come_in_all_or_none_and_open_by_their_token(shop: Shop, manager: Till) -> None:
    token = "ab" * 32
    cards = [{"number": "90000001", "tokens": [{"kind": "uid", "token": token}]}]
    assert manager.call("card_stock_in", "bearer", json.dumps(cards)) == {"cards": 1}
    opened = manager.call("open_card", "uid", bytes.fromhex(token))
    assert (opened["card"]["number"], opened["card"]["state"]) == ("90000001", "blank")

    half = [{"number": "90000002", "tokens": []}, *cards]
    assert refused(manager.call("card_stock_in", "bearer", json.dumps(half)))[0] == "already_used"
    stolen = [
        {"number": "90000003", "tokens": [{"kind": "number", "token": facts.token(facts.GOLD_CARD).hex()}]}
    ]
    assert refused(manager.call("card_stock_in", "bearer", json.dumps(stolen)))[0] == "already_used"
    odd_kind = [{"number": "9", "tokens": [{"kind": "x", "token": token}]}]
    wrong: tuple[object, ...] = ([], {}, odd_kind, [{"number": "9"}])
    for bad in wrong:
        assert refused(manager.call("card_stock_in", "bearer", json.dumps(bad)))[0] in {
            "malformed",
            "unclean_text",
        }
    assert refused(manager.call("card_stock_in", "gold", json.dumps(cards)))[0] == "malformed"
    assert shop.rows("select count(*) from shop.card where number like '9%%'") == [(1,)]
    assert audit(shop, "card_stock")[-1]["after"]["numbers"] == ["90000001"]


def test_settings_are_the_known_ones_within_the_persons_units(shop: Shop, manager: Till) -> None:
    lines = ["新抬头", "第二行"]
    manager.call("setting_put", facts.STORE_1, "slip_header", json.dumps(lines))
    assert manager.call("hello")["slip"]["header"] == lines
    assert refused(manager.call("setting_put", facts.STORE_1, "price_grace_s", "[]"))[0] == "unknown_key"
    assert (
        refused(manager.call("setting_put", facts.STORE_1, "slip_header", json.dumps(["x"] * 7)))[0]
        == "malformed"
    )
    units_of(shop, facts.MANAGER, [facts.STORE_1])
    assert refused(manager.call("setting_put", facts.STORE_2, "slip_header", "[]"))[0] == "wrong_store"
    assert refused(manager.call("tier_put", None, "vip", "贵宾", 9))[0] == "wrong_store"
    assert audit(shop, "setting")[0]["before"]["slip_header"] == ["演示连锁 DEMO", "人民路店 021-5555 0101"]


def test_a_new_store_has_a_drawer_and_a_code_of_its_own(shop: Shop, manager: Till) -> None:
    made = manager.call("unit_add", 2, "store", "s09", "新店", "Asia/Urumqi")
    assert shop.rows("select code, time_zone from shop.unit where id = %s", made["unit"]) == [
        ("S09", "Asia/Urumqi")
    ]
    assert shop.rows("select store from shop.drawer where id = %s", made["drawer"]) == [(made["unit"],)]
    assert refused(manager.call("unit_add", 2, "store", "S09", "又一店", None))[0] == "already_used"
    for parent, kind, code, zone in (
        (facts.STORE_1, "store", "S10", None),
        (2, "headquarters", "S10", None),
        (2, "store", "S-10", None),
        (2, "store", "S10", "Asia/Nowhere"),
        (None, "region", "R", None),
    ):
        assert refused(manager.call("unit_add", parent, kind, code, "店", zone))[0] == "malformed"


def test_tiers_are_renamed_and_their_codes_stay_unique(shop: Shop, manager: Till) -> None:
    assert manager.call("tier_put", 3, "gold", "黄金卡", 3) == {"tier": 3}
    assert refused(manager.call("tier_put", None, "gold", "再来", 9))[0] == "already_used"
    assert audit(shop, "tier")[0]["before"]["name"] == "金卡"
