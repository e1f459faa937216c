"""The law about prepaid cards at the door: the table of `tests/law_cases`, dated rows, ways around them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.law_cases import BUYS, SOURCE, Buy, article_of, rows
from tests.refusals import refuse, standing
from tests.small_chain import BEARER, BONUS, FEE_DUE, HQ, REGISTERED, Card, Seat, SmallChain, bank, cash, move


def card_of(seat: Seat, chain: SmallChain, member: int | None, card_type: int) -> Card:
    """An active, empty card of a member, or of nobody."""
    blank = chain.blank(card_type)
    holder = {} if member is None else {"holder": member}
    issued = seat.done(
        "card_issue", cards=[move(blank, "blank", "issued", **holder)], fees=[FEE_DUE], tenders=[cash(1000)],
        total_minor=1000,
    )  # fmt: skip
    card = Card(blank.id, blank.token, issued["wallet"])
    seat.done("card_activation", cards=[move(card, "issued", "active")])
    return card


def buy(seat: Seat, card: Card, case: Buy, buyer: int | None) -> dict[str, Any]:
    """The body of a purchase."""
    in_cash = case.amount if case.cash is None else case.cash
    tenders = [cash(in_cash)] if in_cash else []
    if in_cash < case.amount:
        tenders.append(bank(case.amount - in_cash))
    grant = {"kind": "bonus", "rule": BONUS, "version": 1, "amount": case.bonus}
    return seat.document(
        "top_up", wallet=card.wallet, tenders=tenders, total_minor=case.amount,
        **({"grants": [grant]} if case.bonus else {}), **({} if buyer is None else {"buyer": buyer}),
    )  # fmt: skip


def bought(chain: SmallChain, seat: Seat, buyer: int | None, amount: int, ago: int) -> None:
    """Bearer cards that this buyer, or nobody at this till, bought some minutes ago."""
    chain.run(
        "insert into ledger.purchase(document, wallet, buyer, registered, store, terminal, amount_minor,"
        " cash_minor, posted_at) values (%s, 0, %s, false, %s, %s, %s, 0, now() - make_interval(mins => %s))",
        uuid.uuid4(), buyer, seat.store, seat.terminal, amount, ago,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def only_real_purchases(chain: SmallChain) -> Any:
    """What a test says was bought before goes with it: no document stands behind it."""
    yield
    chain.run("alter table ledger.purchase disable trigger user")
    chain.run("delete from ledger.purchase where wallet = 0")
    chain.run("alter table ledger.purchase enable always trigger no_change")
    chain.run("alter table ledger.purchase enable always trigger no_truncate")


def judged(chain: SmallChain, seat: Seat, case: Buy) -> dict[str, Any] | None:
    """What the door answers to a row of the table: facts of the refusal, None where it was taken."""
    member = None
    if case.named:
        member = chain.member(kind="company" if case.company else "person", unknown=case.unknown)
    card = card_of(
        seat, chain, member if case.registered else None, REGISTERED if case.registered else BEARER
    )
    if case.held:
        known = chain.member()
        body = seat.document(
            "top_up", wallet=card.wallet, tenders=[bank(case.held)], total_minor=case.held, buyer=known
        )
        assert "refused" not in seat.post(body), case.name
    if case.bought:
        bought(chain, seat, member, case.bought, case.ago)
    body = buy(seat, card, case, None if case.registered else member)
    if not case.code:
        answer = seat.post(body)
        assert "refused" not in answer, (case.name, answer)
        return None
    return refuse(seat, body, case.code, rule=case.rule, article=article_of(case.rule), source=SOURCE)


@pytest.mark.parametrize("rule", sorted({case.rule for case in BUYS}))
def test_the_door_judges_every_purchase_of_the_table_as_the_domain_does(chain: SmallChain, rule: str) -> None:
    for case in BUYS:
        if case.rule == rule:
            seat = chain.open_seat()
            facts = judged(chain, seat, case)
            if facts is not None and case.code != "balance_cap":
                assert facts["amount"] >= facts["limit"], case.name
            chain.begin_test()


def test_the_rows_of_the_table_are_those_that_a_chain_begins_with(seat: Seat) -> None:
    answer = seat.ask("law_rules", None, 200)

    first = [row for row in answer["rows"] if row["jurisdiction"] == "CN"][: len(rows())]
    known = [
        {
            "rule": row.rule, "article": row.article, "source": row.source, "amount_minor": row.amount_minor,
            "rate_bp": row.rate_bp, "months": row.months, "window_minutes": row.window_minutes,
        }
        for row in rows()
    ]  # fmt: skip
    assert [{key: row[key] for key in known[0]} for row in first] == known
    assert all(row["in_force"] for row in first)
    assert {datetime.fromisoformat(row["valid_from"]) for row in first} == {rows()[0].valid_from}


def lawyers(chain: SmallChain) -> tuple[int, int]:
    """Two people who may change rules in the whole chain."""
    chain.run("insert into sec.duty values ('law', '法务') on conflict do nothing")
    chain.run("insert into sec.permission(duty, permission) values ('law', 'rules') on conflict do nothing")
    return chain.person("law", HQ), chain.person("law", HQ)


def proposed(chain: SmallChain, rule: str, place: str, **terms: Any) -> dict[str, Any]:
    """A row that one person proposes and another approves."""
    first, second = (chain.seat(staff=each) for each in lawyers(chain))
    given = {"article": "第二十条", "source": "某市预付卡办法", **terms}
    answer = first.call("select api.law_propose(%s, %s, %s)", rule, place, Jsonb(given))
    assert "proposal" in answer, answer
    own = first.ask("law_approve", answer["proposal"])
    assert own["refused"] == "own_proposal"
    done: dict[str, Any] = second.call("select api.law_approve(%s::bigint)", answer["proposal"])
    assert "row" in done, done
    return done


@pytest.fixture
def city(chain: SmallChain) -> Any:
    """The northern store lies in a part of the country with rows of its own for the time of a test."""
    chain.run("update shop.unit set jurisdiction = 'CN-99' where code = 'N'")
    try:
        yield "CN-99"
    finally:
        chain.run("update shop.unit set jurisdiction = null where code = 'N'")
        chain.run("delete from shop.law_rule where jurisdiction = 'CN-99'")


def test_a_row_dated_tomorrow_alters_nothing_today_and_does_when_its_date_came(
    chain: SmallChain, city: str
) -> None:
    seat = chain.open_seat()
    card = card_of(seat, chain, chain.member(), REGISTERED)
    tomorrow = chain.value("select to_char(now() + interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SSOF')")
    made = proposed(chain, "registered_cap", city, amount_minor=100, valid_from=tomorrow + ":00")
    assert made["row"]["in_force"] is False

    seat.done("top_up", wallet=card.wallet, tenders=[cash(5000)], total_minor=5000)

    chain.run("update shop.law_rule set valid_from = now() - interval '1 s' where jurisdiction = %s", city)
    body = seat.document("top_up", wallet=card.wallet, tenders=[cash(1)], total_minor=1)
    refuse(
        seat, body, "balance_cap", cap=100, would_be=5001, rule="registered_cap", article="第二十条",
        source="某市预付卡办法",
    )  # fmt: skip
    south = chain.open_seat(3)
    south.done("top_up", wallet=card.wallet, tenders=[cash(1)], total_minor=1)
    chain.run("update shop.law_rule set valid_to = now() where jurisdiction = %s", city)
    seat.done("top_up", wallet=card.wallet, tenders=[cash(1)], total_minor=1)


def test_the_row_before_ends_where_the_next_begins(chain: SmallChain, city: str) -> None:
    for hours, amount in ((1, 100), (3, 300), (2, 200)):
        at = f"select to_char(now() + interval '{hours} h', 'YYYY-MM-DD\"T\"HH24:MI:SSOF') || ':00'"
        proposed(chain, "bearer_cap", city, amount_minor=amount, valid_from=chain.value(at))
        chain.begin_test()

    found = chain.rows(
        "select amount_minor, valid_from, valid_to from shop.law_rule where jurisdiction = %s"
        " order by valid_from", city,
    )  # fmt: skip
    assert [row[0] for row in found] == [100, 200, 300]
    assert [row[2] for row in found] == [found[1][1], found[2][1], None]


@pytest.mark.parametrize(
    ("rule", "place", "terms", "code"),
    [
        ("registered_cap", "CN", {"amount_minor": -1}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": "x"}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": 10**13}, "malformed"),
        ("registered_cap", "CN", {}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": 1, "months": 3}, "malformed"),
        ("registered_cap", "cn", {"amount_minor": 1}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": 1, "valid_from": "2020-01-01T00:00:00Z"}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": 1, "valid_from": "infinity"}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": 1, "valid_to": "2020-01-01T00:00:00Z"}, "malformed"),
        ("registered_cap", "CN", {"amount_minor": 1, "memo": 1}, "unknown_key"),
        ("registered_cap", "CN", {"amount_minor": 1, "article": "a\u202eb"}, "unclean_text"),
        ("no_such_rule", "CN", {"amount_minor": 1}, "malformed"),
    ],
)  # fmt: skip
def test_a_row_that_says_nothing_clear_is_not_proposed(
    chain: SmallChain, rule: str, place: str, terms: dict[str, Any], code: str
) -> None:
    manager = chain.seat(staff=lawyers(chain)[0])
    given = {"article": "第一条", "source": "某办法", "valid_from": "2999-01-01T00:00:00Z", **terms}
    before = chain.value("select count(*) from shop.law_proposal")
    answer = manager.call("select api.law_propose(%s, %s, %s)", rule, place, Jsonb(given))

    assert answer["refused"] == code, answer
    assert chain.value("select count(*) from shop.law_proposal") == before


def test_a_cashier_changes_no_law(chain: SmallChain, seat: Seat) -> None:
    given = Jsonb({"article": "a", "source": "b", "amount_minor": 1, "valid_from": "2999-01-01T00:00:00Z"})
    assert seat.call("select api.law_propose('bearer_cap', 'CN', %s)", given)["refused"] == "not_permitted"
    for call in ("law_approve", "law_decline"):
        assert seat.call(f"select api.{call}(1::bigint)")["refused"] == "not_permitted"


def test_a_purchase_cannot_be_split_over_wallets_and_tills(chain: SmallChain) -> None:
    """A company's fifth thousand in cash is refused at whichever till it is tried."""
    company = chain.member(kind="company")
    tills = [chain.open_seat(), chain.open_seat(3)]
    cards = [card_of(tills[0], chain, None, BEARER) for _ in range(5)]
    for n, card in enumerate(cards[:4]):
        tills[n % 2].done(
            "top_up", wallet=card.wallet, tenders=[cash(100_000)], total_minor=100_000, buyer=company
        )

    for seat in tills:
        body = seat.document(
            "top_up", wallet=cards[4].wallet, tenders=[cash(100_000)], total_minor=100_000, buyer=company
        )
        refuse(seat, body, "transfer_needed", rule="transfer_company", amount=500_000, limit=500_000)


def test_a_company_is_not_bought_for_in_halves(chain: SmallChain, seat: Seat) -> None:
    """Two people fill its card in cash, neither up to the sum; the counter hears of it before."""
    company, one, other = chain.member(kind="company"), chain.member(), chain.member()
    card = card_of(seat, chain, company, REGISTERED)
    first = seat.done("top_up", wallet=card.wallet, tenders=[cash(300_000)], total_minor=300_000, buyer=one)
    asked = seat.call("select api.law_standing(%s::bigint, %s::bigint)", card.wallet, other)
    sums = {row["rule"]: row["bought_minor"] for row in asked["rules"]}
    assert (asked["company"], sums["transfer_company"]) == (True, 300_000)
    half = {"wallet": card.wallet, "total_minor": 200_000, "buyer": other}
    body = seat.document("top_up", tenders=[cash(200_000)], **half)
    refuse(seat, body, "transfer_needed", rule="transfer_company", amount=500_000, limit=500_000)
    own = chain.member()
    theirs = card_of(seat, chain, own, REGISTERED)
    seat.done("top_up", wallet=theirs.wallet, tenders=[cash(200_000)], total_minor=200_000, buyer=other)
    seat.done_by_two("reversal", of=first["id"], reason="mistake", total_minor=300_000)
    assert "refused" not in seat.post(seat.document("top_up", tenders=[cash(200_000)], **half)), "the control"


def test_a_purchase_that_was_undone_does_not_count(chain: SmallChain, seat: Seat) -> None:
    company = chain.member(kind="company")
    card = card_of(seat, chain, company, REGISTERED)
    first = seat.done("top_up", wallet=card.wallet, tenders=[cash(40000)], total_minor=40000)
    seat.done("reversal", of=first["id"], reason="mistake", total_minor=40000)

    seat.done("top_up", wallet=card.wallet, tenders=[cash(499_999)], total_minor=499_999)


def test_a_buyer_is_a_member_and_named_only_where_something_is_bought(chain: SmallChain, seat: Seat) -> None:
    card = card_of(seat, chain, None, BEARER)
    body = seat.document("top_up", wallet=card.wallet, tenders=[cash(100)], total_minor=100, buyer=10**9)
    refuse(seat, body, "unknown_member", member=10**9)
    for kind in ("sale", "no_sale", "card_issue", "return"):
        refuse(seat, seat.document(kind, buyer=1), "unknown_key", section="header", key="buyer")
    wrongs: tuple[object, ...] = ("1", 1.5, [], {}, True)
    for wrong in wrongs:
        refuse(seat, {**body, "buyer": wrong, "number": seat.number}, "malformed")


def test_standing_tells_the_counter_what_the_door_will_say(chain: SmallChain, seat: Seat) -> None:
    member = chain.member(unknown=True)
    card = card_of(seat, chain, member, REGISTERED)
    bought(chain, seat, member, 900_000, 5)
    before = standing(chain)

    answer = seat.call("select api.law_standing(%s::bigint, null)", card.wallet)

    assert (answer["registered"], answer["named"], answer["identified"]) == (True, True, False)
    sums = {row["rule"]: row["bought_minor"] for row in answer["rules"]}
    assert (sums["identity_bearer"], sums["transfer_person"], sums["registered_cap"]) == (
        900_000,
        900_000,
        None,
    )
    assert standing(chain) == before
    assert (
        seat.call("select api.law_standing(%s::bigint, 999999999)", card.wallet)["refused"]
        == "unknown_member"
    )


@pytest.mark.parametrize(("months", "refused"), [(1, True), (35, True), (36, False), (None, False)])
def test_a_bearer_card_holds_good_for_three_years(
    chain: SmallChain, seat: Seat, months: int | None, refused: bool
) -> None:
    chain.run(
        "insert into shop.card_type(code, name, registered, balance_max_minor)"
        " values ('gift', '礼品卡', false, 100000) on conflict do nothing"
    )
    chain.run("update shop.card_type set valid_months = %s where code = 'gift'", months)
    blank = chain.blank(chain.value("select id from shop.card_type where code = 'gift'"))
    issued = seat.done(
        "card_issue", cards=[move(blank, "blank", "issued")], fees=[FEE_DUE], tenders=[cash(1000)],
        total_minor=1000,
    )  # fmt: skip
    card = Card(blank.id, blank.token, issued["wallet"])
    body = seat.document("card_activation", cards=[move(card, "issued", "active")])
    if refused:
        refuse(seat, body, "validity_refused", rule="bearer_validity", months=36, given=months)
    else:
        assert "refused" not in seat.post(body)


def test_a_buyer_who_was_never_seen_is_named_in_the_refusal(chain: SmallChain, seat: Seat) -> None:
    member = chain.member(unknown=True)
    card = card_of(seat, chain, member, REGISTERED)
    body = seat.document("top_up", wallet=card.wallet, tenders=[cash(100)], total_minor=100)
    refuse(
        seat, body, "identity_needed", rule="identity_registered", article="第十五条", source=SOURCE, limit=0,
        amount=100, wallet=card.wallet, buyer=member,
    )  # fmt: skip


@pytest.mark.parametrize(("months", "refused"), [(0, True), (59, True), (61, False), (None, False)])
def test_what_was_seen_of_a_buyer_stays_on_record(
    chain: SmallChain, seat: Seat, months: int | None, refused: bool
) -> None:
    chain.run("insert into sec.duty values ('desk', '会员中心') on conflict do nothing")
    may = "insert into sec.permission(duty, permission) values ('desk', 'members') on conflict do nothing"
    chain.run(may)
    desk = chain.seat(staff=chain.person("desk", HQ))
    member = chain.member()
    if months is not None:
        bought(chain, seat, member, 100, months * 30 * 1440 + months * 630)
    version = chain.value("select version from shop.member where id = %s", member)
    before = standing(chain)
    given = Jsonb({"name": "张三", "id_no": None, "checked": "id_document"})

    answer = desk.call("select api.member_save(%s, %s, %s)", member, version, given)

    assert ("refused" in answer) is refused, answer
    seen = "select id_no_index is not null from shop.member where id = %s"
    assert chain.value(seen, member) is refused
    if refused:
        assert (answer["refused"], answer["facts"]["rule"]) == ("kept_by_law", "retention")
        assert (answer["facts"]["article"], answer["facts"]["source"]) == (article_of("retention"), SOURCE)
        assert standing(chain) == before
    else:
        assert "refused" not in answer, answer
