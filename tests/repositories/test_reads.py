"""What a counter asks: the answers as the domain's rows, over a real till of the demo chain."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from huiyuan.domain.model.card import Balances, CardState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.shift import KindTotal, TenderTotal
from huiyuan.domain.ports import Reads
from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.reads import Ask, DatabaseReads
from tests import facts
from tests.cluster import Connection, Shop
from tests.posting import line, open_shift, posted, sell, stored
from tests.repositories.test_sign_in import signed_in
from tests.tills import Till, open_till

Tills = Callable[[int], Till]


def ask_over(connection: Connection) -> Ask:
    def ask(statement: str, parameters: Sequence[object]) -> Any:
        row = connection.execute(statement.encode(), parameters).fetchone()
        assert row is not None
        return row[0]

    return ask


def reads_of(till: Till) -> Reads:
    return DatabaseReads(ask_over(till.connection), token_of=DEMO_INDEX_KEY.token)


def refusal(question: Callable[[], object]) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as caught:
        question()
    return caught.value.code, dict(caught.value.facts)


def test_nothing_is_answered_without_a_session_and_no_card_either(shop: Shop) -> None:
    reads = DatabaseReads(ask_over(shop.connect(facts.TILL_1)), token_of=DEMO_INDEX_KEY.token)
    some = uuid.uuid4()
    questions: tuple[Callable[[], object], ...] = (
        lambda: reads.open_card(token_kind="number", text=facts.GOLD_CARD.number),
        lambda: reads.find_product(facts.MILK),
        lambda: reads.attach_member(1),
        reads.rules,
        lambda: reads.document(some),
        lambda: reads.find_document("S01-01-000001"),
        lambda: reads.recent(10),
        lambda: reads.shift_report(some),
    )
    for question in questions:
        assert refusal(question) == ("not_signed_in", {})


def test_a_member_without_a_card_in_hand_has_tier_and_balances_and_no_token(shop: Shop, till: Tills) -> None:
    reads = reads_of(till(1))
    found = reads.attach_member(facts.GOLD_CARD.member)
    assert (found.member.tier.code, found.wallet) == ("gold", facts.wallet_id(facts.GOLD_CARD))
    assert found.balances.points == facts.GOLD_CARD.points

    assert refusal(lambda: reads.attach_member(999_999)) == ("unknown_member", {"member": 999_999})
    with shop.connect() as admin:
        admin.execute("insert into shop.member(number, name, tier) values ('900001', '新人', 1)")
        admin.execute("update shop.member set archived_at = now() where id = 2")
        admin.execute("insert into shop.wallet(member) values (1)")
    new = int(str(shop.rows("select id from shop.member where number = '900001'")[0][0]))
    assert refusal(lambda: reads.attach_member(new)) == ("no_wallet", {"name": "新人"})
    assert refusal(lambda: reads.attach_member(2))[0] == "unknown_member"
    assert reads.attach_member(1).wallet == found.wallet, "the wallet of an active card before a newer one"


def test_a_card_opens_with_member_tier_and_balances(till: Tills) -> None:
    card = reads_of(till(1)).open_card(token_kind="number", text=f" {facts.GOLD_CARD.number} ")

    assert (card.number, card.state, card.type) == (facts.GOLD_CARD.number, CardState.ACTIVE, "registered")
    assert card.wallet == facts.wallet_id(facts.GOLD_CARD)
    assert card.member is not None
    assert (card.member.name, card.member.tier.code) == ("张伟", "gold")
    assert card.balances == Balances(principal=100_000, bonus=10_000, points=1_280, points_debt=0)
    assert card.pin_set
    assert card.token.hmac == facts.token(facts.GOLD_CARD).hex()


def test_full_width_digits_open_the_same_card_and_another_kind_of_reading_does_not(till: Tills) -> None:
    reads = reads_of(till(1))
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in facts.GOLD_CARD.number)

    assert reads.open_card(token_kind="number", text=wide).number == facts.GOLD_CARD.number
    assert refusal(lambda: reads.open_card(token_kind="uid", text=facts.GOLD_CARD.number)) == (
        "unknown_card",
        {"token_kind": "uid"},
    )


def test_a_blank_card_and_a_bearers_card_open_too(till: Tills) -> None:
    reads = reads_of(till(1))

    blank = reads.open_card(token_kind="number", text=facts.BLANK_CARD.number)
    assert (blank.state, blank.wallet, blank.member, blank.balances) == (
        CardState.BLANK,
        None,
        None,
        Balances(),
    )

    bearer = reads.open_card(token_kind="barcode", text=facts.BEARER_CARD.number)
    assert (bearer.member, bearer.type, bearer.balances.principal) == (None, "bearer", 20_000)


def test_a_token_that_ran_out_opens_nothing_and_an_expired_lot_is_no_balance(shop: Shop, till: Tills) -> None:
    reads = reads_of(till(1))
    with shop.connect() as connection:
        connection.execute(
            "update shop.card_token set valid_to = now() where kind = 'barcode' and card = %s",
            (facts.card_id(facts.GOLD_CARD),),
        )
        connection.execute(
            "update ledger.lot l set expires_at = now() - interval '1 s' from ledger.account a"
            " where a.id = l.account and a.wallet = %s and a.kind = 'bonus'",
            (facts.wallet_id(facts.GOLD_CARD),),
        )

    assert refusal(lambda: reads.open_card(token_kind="barcode", text=facts.GOLD_CARD.number)) == (
        "unknown_card",
        {"token_kind": "barcode"},
    )
    held = reads.open_card(token_kind="number", text=facts.GOLD_CARD.number).balances
    assert held == Balances(principal=100_000, bonus=0, points=1_280)


def test_a_probing_counter_leaves_a_trace(shop: Shop, till: Tills) -> None:
    refusal(lambda: reads_of(till(1)).open_card(token_kind="number", text="88009999"))

    traces = shop.rows("select facts->>'refused' from sec.audit where what = 'refused' order by id desc")
    assert traces[0] == ("unknown_card",)


def test_a_product_is_found_by_code_bar_code_and_pack_at_the_price_of_this_store(till: Tills) -> None:
    here, there = reads_of(till(1)), reads_of(till(3))

    milk = here.find_product(facts.barcode(facts.MILK))
    assert (milk.code, milk.price_minor, milk.tax_code, milk.tax_rate_bp) == (facts.MILK, 1_250, "vat9", 900)
    assert there.find_product(facts.MILK).price_minor == 1_180
    pack = here.find_product(facts.ean13("690100000113"))
    assert (pack.code, pack.qty_milli) == (facts.WATER, 12_000)
    assert here.find_product(facts.HOSTILE).name == "马克杯 [/x] 限量"
    assert refusal(lambda: here.find_product("nothing")) == ("unknown_product", {"product": "nothing"})


def test_a_product_without_a_price_or_out_of_use_is_not_sold(shop: Shop, till: Tills) -> None:
    reads = reads_of(till(1))
    with shop.connect() as connection:
        connection.execute("update shop.product set active = false where code = %s", (facts.WATER,))
        connection.execute(
            "update shop.price set valid_to = now() where product = %s", (facts.product_id(facts.COFFEE),)
        )

    assert refusal(lambda: reads.find_product(facts.WATER))[0] == "unknown_product"
    assert refusal(lambda: reads.find_product(facts.COFFEE)) == ("no_price", {"product": facts.COFFEE})


def test_rules_in_force_are_those_of_this_store_and_moment(shop: Shop, till: Tills) -> None:
    reads = reads_of(till(1))
    rules = {rule.rule: rule for rule in reads.rules()}
    assert sorted(rules) == [1, 2, 3, 4, 5, 6, 7]
    gold = rules[facts.TIER_GOLD_RULE]
    assert (gold.family, gold.max_bp, gold.tiers) == (RuleFamily.TIER, 1_000, (3,))
    assert rules[facts.CARD_FEE_RULE].body == {"kind": "card_issue", "code": "card"}

    with shop.connect() as connection:
        connection.execute("update shop.rule_version set stores = %s where rule = 2", ([facts.STORE_2],))
        connection.execute("update shop.rule_version set valid_to = now() where rule = 3")

    assert sorted(rule.rule for rule in reads.rules()) == [1, 4, 5, 6, 7]


def test_a_document_is_read_back_with_what_is_left_to_return(shop: Shop, till: Tills) -> None:
    one = till(1)
    reads, shift = reads_of(one), open_shift(one)
    sale = sell(one, shift, [line(1, facts.WATER, qty_milli=3_000), line(2, facts.MILK)])
    supervisor = open_till(shop, 1, number=facts.SUPERVISOR.number, pin=facts.SUPERVISOR.pin)
    posted(
        supervisor,
        "return",
        shift=shift,
        of=sale["id"],
        reason="破损",
        lines=[{"n": 1, "of": 1, "qty_milli": 1_000}],
        total_minor=200,
    )

    for found in (reads.document(uuid.UUID(sale["id"])), reads.find_document(sale["receipt"].lower())):
        assert found.posted.receipt == sale["receipt"]
        assert found.document.total_minor == 1_850
        assert found.staff_name == facts.CASHIER.name
        assert [(each.code, each.left_milli, each.left_minor) for each in found.lines] == [
            (facts.WATER, 2_000, 400),
            (facts.MILK, 1_000, 1_250),
        ]
        assert [(each.paid_with, each.amount_minor, each.left_minor) for each in found.paid] == [
            ("cash", 1_850, 1_650)
        ]
        assert found.reversed_by is None
    supervisor.connection.close()


def test_a_reversed_document_has_nothing_left_and_names_its_reversal(till: Tills) -> None:
    one = till(1)
    reads, shift = reads_of(one), open_shift(one)
    sale = sell(one, shift, [line(1, facts.WATER)])
    back = posted(one, "reversal", shift=shift, of=sale["id"], reason="输错", total_minor=200)

    found = reads.document(uuid.UUID(sale["id"]))

    assert found.reversed_by == uuid.UUID(back["id"])
    assert [(each.left_milli, each.left_minor) for each in found.lines] == [(0, 0)]
    assert [(row.kind, row.reversed) for row in reads.recent(10)] == [
        ("reversal", False),
        ("sale", True),
        ("shift_open", False),
    ]
    newest, *older = reads.recent(10)
    assert [newest, *reads.recent(1, after=newest.id), *reads.recent(9, after=older[0].id)] == [
        newest,
        *older,
    ]


def test_the_token_of_the_card_that_paid_is_never_read_back(till: Tills) -> None:
    one = till(1)
    shift = open_shift(one)
    token = facts.token(facts.PLAIN_CARD).hex()
    sale = sell(one, shift, [line(1, facts.WATER)], **stored(facts.PLAIN_CARD, 200))

    answer = one.call("document", sale["id"])

    assert "proofs" not in answer["body"]
    assert token not in str(answer)
    proofs = [{**proved, "source": "scanned"} for proved in stored(facts.PLAIN_CARD, 200)["proofs"]]
    read = sell(one, shift, [line(1, facts.WATER)], **{**stored(facts.PLAIN_CARD, 200), "proofs": proofs})
    shown = one.call("document", read["id"])
    (how,) = shown["body"]["proofs"]
    assert (how["source"], how["token"], how["token_kind"]) == ("scanned", "", ""), (
        "a copy says how it was read"
    )
    assert token not in str(shown)
    assert answer["result"]["balances"][0]["principal"] == 19_800


def test_documents_of_another_store_and_of_history_are_not_found(shop: Shop, till: Tills) -> None:
    one, three = till(1), till(3)
    sale = sell(one, open_shift(one), [line(1, facts.WATER)])
    opening = shop.rows("select id from ledger.document where kind = 'opening_balance' limit 1")[0][0]
    reads = reads_of(three)

    assert refusal(lambda: reads.document(uuid.UUID(sale["id"]))) == ("wrong_origin", {"of": sale["id"]})
    assert refusal(lambda: reads.find_document(sale["receipt"])) == (
        "wrong_origin",
        {"of": sale["receipt"]},
    )
    assert refusal(lambda: reads_of(one).document(uuid.UUID(str(opening))))[0] == "wrong_origin"
    assert "refused" not in three.sign_in(facts.MANAGER.number, facts.MANAGER.pin)
    shown = reads.document(uuid.UUID(sale["id"]))
    assert shown.posted.receipt == sale["receipt"], "who sees the whole chain may look at the slip"
    assert refusal(lambda: reads.find_document(sale["receipt"]))[0] == "wrong_origin"
    for odd in ("", "S01", "S01-01-99999999999999", "'; drop table x;--", "S01-01-" + "9" * 12):
        assert refusal(partial(reads.find_document, odd))[0] == "wrong_origin"


def seeing(shop: Shop, till: Tills) -> Till:
    """A till whose cashier may know what should lie in the drawer."""
    may = "insert into sec.permission(duty, permission) values ('cashier', 'shift_expected') returning duty"
    assert shop.rows(may)
    return till(1)


def test_the_x_report_adds_up_the_shift_of_this_drawer(shop: Shop, till: Tills) -> None:
    one = seeing(shop, till)
    reads, shift = reads_of(one), open_shift(one, float_minor=10_000)
    first = sell(one, shift, [line(1, facts.WATER, qty_milli=5_000)])
    by_card = [{"kind": "bank_card", "amount_minor": 1_250, "reference": "T1"}]
    sell(one, shift, [line(1, facts.MILK)], tenders=by_card)
    sell(one, shift, [line(1, facts.WATER)], **stored(facts.PLAIN_CARD, 200))
    wallet = facts.wallet_id(facts.PLAIN_CARD)
    cash = [{"kind": "cash", "amount_minor": 5_000, "given_minor": 5_000}]
    posted(one, "top_up", shift=shift, wallet=wallet, tenders=cash, total_minor=5_000)
    returned = [{"n": 1, "of": 1, "qty_milli": 2_000}]
    posted(one, "return", shift=shift, of=first["id"], reason="破损", lines=returned, total_minor=400)

    report = reads.shift_report(uuid.UUID(shift))

    assert (report.number, report.float_minor, report.opened_by) == (1, 10_000, facts.CASHIER.name)
    assert report.expected_minor == 10_000 + 1_000 + 5_000 - 400
    assert report.documents == 5
    assert report.kinds == (
        KindTotal("return", 1, 400),
        KindTotal("sale", 3, 2_450),
        KindTotal("top_up", 1, 5_000),
    )
    assert report.tenders == (
        TenderTotal("bank_card", 1, 1_250),
        TenderTotal("cash", 3, 5_600),
        TenderTotal("stored", 1, 200),
    )
    assert refusal(lambda: reads_of(till(2)).shift_report(uuid.UUID(shift))) == ("shift_missing", {})


def test_a_reversed_top_up_leaves_no_money_in_the_report(shop: Shop, till: Tills) -> None:
    one = seeing(shop, till)
    reads, shift = reads_of(one), open_shift(one)
    cash = [{"kind": "cash", "amount_minor": 5_000, "given_minor": 5_000}]
    wallet = facts.wallet_id(facts.PLAIN_CARD)
    top_up = posted(one, "top_up", shift=shift, wallet=wallet, tenders=cash, total_minor=5_000)
    posted(one, "reversal", shift=shift, of=top_up["id"], reason="输错", total_minor=5_000)

    report = reads.shift_report(uuid.UUID(shift))

    assert report.tenders == (TenderTotal("cash", 2, 0),)
    assert report.expected_minor == report.float_minor


def test_hello_and_home_tell_where_this_counter_stands(till: Tills) -> None:
    one = till(1)
    hello = one.call("hello")
    assert (hello["store"]["code"], hello["terminal"]["code"], hello["chain"]["demo"]) == ("S01", "01", True)
    assert hello["slip"].pop("sellers") is False
    assert hello["slip"] == {
        "header": ["演示连锁 DEMO", "人民路店 021-5555 0101"],
        "footer": ["谢谢惠顾,欢迎再来", "退换货请凭小票,七日内有效"],
    }
    assert [row["number"] for row in hello["demo_staff"]] == [each.number for each in facts.STAFF]
    told = {"backup_at": None, "backup_age_s": None, "proposals": 0, "reviews": 0, "shift": None}
    assert one.call("home") == told

    shift = open_shift(one)

    assert one.call("home")["shift"]["id"] == shift
    assert one.call("hello")["shift"]["id"] == shift


def test_a_real_chain_shows_nobodys_number_before_sign_in(shop: Shop, till: Tills) -> None:
    with shop.connect() as connection:
        connection.execute("update shop.chain set demo = false")

    assert till(1).call("hello")["demo_staff"] == []


def test_only_notes_that_pop_up_come_with_the_card(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.MANAGER)
        reads = DatabaseReads(ask_over(connection), token_of=DEMO_INDEX_KEY.token)
        member = reads.open_card(token_kind="number", text=facts.GOLD_CARD.number).member
        assert member is not None
        before = member.pops_up
        put = "select api.member_note_put(%s::bigint, null, %s, %s)"
        for text, pops_up in (("quiet", False), ("read me", True)):
            connection.execute(put, (member.id, text, pops_up))
        shown = reads.open_card(token_kind="number", text=facts.GOLD_CARD.number).member
        named = reads.attach_member(member.id).member
    assert shown is not None
    assert shown.pops_up == named.pops_up == (*before, "read me")
