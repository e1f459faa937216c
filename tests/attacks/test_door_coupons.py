"""Coupons that a client makes up, shows twice or in the wrong place: each is refused in its own word."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.coupons import DATED, by_coupon, give_out, new_code, sale, state_of
from tests.promotions import publish, window
from tests.refusals import refuse
from tests.small_chain import BREAD, GOLD, MILK, RICE, SOUTH, Seat, SmallChain, line, off


def loaves(count: int = 4) -> list[dict[str, Any]]:
    """Loaves at 3.50, without tax."""
    return [line(1, BREAD, count * 1000, 350, count * 350)]


def series(chain: SmallChain, body: dict[str, Any], **columns: Any) -> int:
    """Version 1 of a series whose codes hold for 30 days."""
    return publish(chain, body, family="coupon", name="券", **{**DATED, **columns})


def allow(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    answer = seat.post(body)
    assert "refused" not in answer, answer
    return answer


def why(seat: Seat, body: dict[str, Any], word: str) -> None:
    refuse(seat, body, "coupon_refused", why=word)


@pytest.fixture
def till(chain: SmallChain) -> Seat:
    return chain.open_seat()


def test_a_code_pays_once_and_leaves_its_trace(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 200})
    (token,) = give_out(chain, till, rule)
    sold = allow(till, sale(till, loaves(), [by_coupon(1, 200, rule, token)]))
    assert state_of(chain, token) == "used"
    event = (
        "select what from ledger.coupon_event e join shop.coupon c on c.id = e.coupon where e.document = %s"
    )
    assert chain.rows(event, sold["id"]) == [("used",)]
    why(till, sale(till, loaves(), [by_coupon(1, 200, rule, token)]), "used")


def test_codes_nobody_gave_out_and_other_series(till: Seat, chain: SmallChain) -> None:
    rule, other = (series(chain, {"kind": "off", "off_minor": off_minor}) for off_minor in (200, 900))
    (token,) = give_out(chain, till, rule)
    for invented in (new_code()["token"], "ff", token.upper()):
        why(till, sale(till, loaves(), [by_coupon(1, 200, rule, invented)]), "unknown")
    why(till, sale(till, loaves(), [by_coupon(1, 900, other, token)]), "series")
    bare = {**off(1, "coupon", 200, rule, 1)}
    refuse(till, sale(till, loaves(), [bare]), "adjustment_refused", source="coupon")
    dressed = {**off(1, "manual", 20), "coupon": token}
    refuse(till, sale(till, loaves(), [dressed]), "adjustment_refused", source="manual")
    assert state_of(chain, token) == "open"


@pytest.mark.parametrize(
    ("body", "columns", "good", "bad"),
    [
        ({"kind": "off", "off_minor": 200}, {}, 200, 201),
        ({"kind": "percent", "rate_bp": 1000}, {}, 140, 141),
        ({"kind": "percent", "rate_bp": 5000}, {"max_document_minor": 300}, 300, 301),
    ],
)
def test_no_more_than_the_series_gives(
    till: Seat, chain: SmallChain, body: dict[str, Any], columns: dict[str, int], good: int, bad: int
) -> None:
    rule = series(chain, body, **columns)
    (token,) = give_out(chain, till, rule)
    why(till, sale(till, loaves(), [by_coupon(1, bad, rule, token)]), "amount")
    allow(till, sale(till, loaves(), [by_coupon(1, good, rule, token)]))


def test_goods_for_a_code_and_only_those(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "goods", "give_milli": 1000, "products": [BREAD]})
    (token,) = give_out(chain, till, rule)
    why(till, sale(till, loaves(), [by_coupon(1, 700, rule, token, 2000)]), "quantity")
    why(till, sale(till, loaves(), [by_coupon(1, 351, rule, token, 1000)]), "quantity")
    rice = [line(1, RICE, 1000, 2599, 2599)]
    why(till, sale(till, rice, [by_coupon(1, 100, rule, token, 1000)]), "scope")
    allow(till, sale(till, loaves(), [by_coupon(1, 350, rule, token, 1000)]))


def test_the_least_basket_counts_for_every_code(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100, "per_sale": 2}, min_minor=700)
    one, two, three = give_out(chain, till, rule, 3)
    why(till, sale(till, loaves(1), [by_coupon(1, 100, rule, one)]), "least")
    both = [by_coupon(1, 100, rule, one), by_coupon(1, 100, rule, two)]
    why(till, sale(till, loaves(3), both), "least")
    why(till, sale(till, loaves(9), [*both, by_coupon(1, 100, rule, three)]), "many")
    allow(till, sale(till, loaves(4), both))


def test_beside_promotions_and_other_coupons_only_if_the_series_says_so(
    till: Seat, chain: SmallChain
) -> None:
    promotion = publish(chain, {"kind": "percent", "rate_bp": 1000})
    alone = series(chain, {"kind": "off", "off_minor": 100, "with_promotions": False})
    other = series(chain, {"kind": "off", "off_minor": 100, "with_coupons": True})
    (token,), (second,) = give_out(chain, till, alone), give_out(chain, till, other)
    promoted = off(1, "promotion", 140, promotion, 1)
    why(till, sale(till, loaves(), [promoted, by_coupon(1, 100, alone, token)]), "beside")
    both = [by_coupon(1, 100, alone, token), by_coupon(1, 100, other, second)]
    why(till, sale(till, loaves(), both), "alone")
    allow(till, sale(till, loaves(), [promoted, by_coupon(1, 100, other, second)]))


def test_elsewhere_at_another_time_and_for_others(till: Seat, chain: SmallChain) -> None:
    body = {"kind": "off", "off_minor": 100}
    golden = series(chain, body, tiers=[GOLD])
    closed = series(chain, {**body, **window({"weekdays": "other"})})
    north = series(chain, body, stores=[till.store])
    gold, base = chain.card(till, tier=GOLD), chain.card(till)
    for rule, word in ((golden, "tier"), (closed, "window")):
        (token,) = give_out(chain, till, rule)
        why(till, sale(till, loaves(), [by_coupon(1, 100, rule, token)], wallet=base.wallet), word)
    (token,) = give_out(chain, till, golden)
    allow(till, sale(till, loaves(), [by_coupon(1, 100, golden, token)], wallet=gold.wallet))
    (token,) = give_out(chain, till, north)
    south = chain.open_seat(SOUTH)
    bread = [line(1, BREAD, 4000, 300, 1200)]
    why(south, sale(south, bread, [by_coupon(1, 100, north, token)]), "store")


def test_expired_voided_and_another_members(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100})
    mine, theirs = chain.card(till), chain.card(till)
    holder = chain.value("select member from shop.wallet where id = %s", mine.wallet)
    old, gone, own = give_out(chain, till, rule, 3, holder=holder)
    chain.run(
        "update shop.coupon set expires_at = now() - %s where hmac = decode(%s, 'hex')",
        timedelta(seconds=1), old,
    )  # fmt: skip
    desk = chain.seat(staff=chain.managers[0])
    allow(desk, desk.document("coupon_void", coupons=[{"token": gone}], reason="lost"))
    for token, word in ((old, "expired"), (gone, "void")):
        why(till, sale(till, loaves(), [by_coupon(1, 100, rule, token)], wallet=mine.wallet), word)
    for wallet in ({}, {"wallet": theirs.wallet}):
        why(till, sale(till, loaves(), [by_coupon(1, 100, rule, own)], **wallet), "holder")

    other = chain.value("select member from shop.wallet where id = %s", theirs.wallet)
    rows = [{"token": own, "holder": other}]
    allow(desk, desk.document("coupon_transfer", coupons=rows, reason="gift"))
    why(till, sale(till, loaves(), [by_coupon(1, 100, rule, own)], wallet=mine.wallet), "holder")
    allow(till, sale(till, loaves(), [by_coupon(1, 100, rule, own)], wallet=theirs.wallet))


@pytest.mark.parametrize(("bound", "word"), [({"per_member": 1}, "person"), ({"per_day": 1}, "day")])
def test_once_a_person_once_a_day(till: Seat, chain: SmallChain, bound: dict[str, int], word: str) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100, **bound})
    one, two = give_out(chain, till, rule, 2)
    card = chain.card(till)
    why(till, sale(till, loaves(), [by_coupon(1, 100, rule, one)]), "no_member")
    allow(till, sale(till, loaves(), [by_coupon(1, 100, rule, one)], wallet=card.wallet))
    why(till, sale(till, loaves(), [by_coupon(1, 100, rule, two)], wallet=card.wallet), word)


def test_given_back_whole_and_not_by_a_part(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 200})
    (token,) = give_out(chain, till, rule)
    sold = allow(till, sale(till, loaves(), [by_coupon(1, 200, rule, token)]))
    half = {"of": sold["id"], "reason": "stale", "lines": [{"n": 1, "of": 1, "qty_milli": 2000}]}
    allow(till, till.document("return", total_minor=600, **half))
    assert state_of(chain, token) == "used", "half of it is still the customer's"
    rest = allow(till, till.document("return", total_minor=600, **half))
    assert state_of(chain, token) == "open"
    again = allow(till, sale(till, loaves(), [by_coupon(1, 200, rule, token)]))
    undo = {"of": rest["id"], "reason": "mistake", "total_minor": 600}
    refuse(till, till.document("reversal", **undo), "coupon_refused", why="used")
    allow(till, till.document("reversal", of=again["id"], reason="mistake", total_minor=1200))
    assert state_of(chain, token) == "open"
    allow(till, till.document("reversal", **undo))
    assert state_of(chain, token) == "used"


def test_what_a_sale_earns_and_no_more(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100, "earn_minor": 1000, "per_sale": 2})
    plain = series(chain, {"kind": "off", "off_minor": 100})

    def earned(count: int, of: int = rule) -> list[dict[str, Any]]:
        return [{**new_code(), "rule": of, "version": 1} for _ in range(count)]

    why(till, sale(till, loaves(2), [], coupons=earned(1)), "earned")
    why(till, sale(till, loaves(4), [], coupons=earned(2)), "earned")
    why(till, sale(till, loaves(4), [], coupons=earned(1, plain)), "earned")
    given = earned(1)
    sold = allow(till, sale(till, loaves(4), [], coupons=given))
    assert state_of(chain, given[0]["token"]) == "open"
    why(till, sale(till, loaves(4), [], coupons=given), "known")
    allow(till, till.document("reversal", of=sold["id"], reason="mistake", total_minor=1400))
    assert state_of(chain, given[0]["token"]) == "void"


def test_given_out_by_whom_and_of_what(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100})
    over = publish(
        chain, {"kind": "off", "off_minor": 100}, family="coupon", days_from=-3, days_to=-1, **DATED
    )
    rows = [{**new_code(), "rule": rule, "version": 1}]
    refuse(
        till, till.document("coupon_issue", coupons=rows, reason="given", total_minor=100), "not_permitted"
    )
    desk = chain.seat(staff=chain.managers[0])
    ask = {"reason": "given", "total_minor": 100}
    for other in (over, 1):
        face = {"total_minor": 100 if other == over else 0}
        wrong = [{**new_code(), "rule": other, "version": 1}]
        why(desk, desk.document("coupon_issue", coupons=wrong, **{**ask, **face}), "series")
    short = [{**rows[0], "token": "ab"}]
    why(desk, desk.document("coupon_issue", coupons=short, **ask), "code")
    refuse(desk, desk.document("coupon_issue", coupons=rows, reason="given", total_minor=1), "total_differs")
    allow(desk, desk.document("coupon_issue", coupons=rows, **ask))
    token = {"token": rows[0]["token"]}
    why(desk, desk.document("coupon_transfer", coupons=[token], reason="gift"), "holder")
    allow(desk, desk.document("coupon_void", coupons=[token], reason="lost"))
    why(desk, desk.document("coupon_void", coupons=[token], reason="lost"), "void")


def test_a_token_is_not_read_back(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 200})
    (token,) = give_out(chain, till, rule)
    sold = allow(till, sale(till, loaves(), [by_coupon(1, 200, rule, token)]))
    assert token not in str(till.ask("document", sold["id"]))
    opened = till.call("select api.open_coupon(%s)", bytes.fromhex(token))
    assert (opened["state"], opened["used_receipt"]) == ("used", sold["receipt"])
    assert till.call("select api.open_coupon(%s)", b"x" * 32)["refused"] == "unknown_coupon"


def test_a_series_that_says_nothing_clear_is_not_proposed(chain: SmallChain) -> None:
    words = [
        ({"kind": "off", "off_minor": 100}, {}, "no_end"),
        ({"kind": "off"}, DATED, "nothing"),
        ({"kind": "percent", "rate_bp": 0}, DATED, "too_much"),
        ({"kind": "goods", "give_milli": 1000}, DATED, "no_goods"),
        ({"kind": "goods", "give_milli": 0, "products": [MILK]}, DATED, "pieces"),
        ({"kind": "nth"}, DATED, "kind"),
        ({"kind": "off", "off_minor": 100, "use_until": "2020-01-01"}, {}, "never_open"),
    ]
    for body, columns, word in words:
        asked = json.dumps({"body": body, **columns})
        answer = chain.value("select shop.promotion_unclear(null, 'coupon', %s::jsonb)", asked)
        assert answer["facts"]["why"] == word, (body, answer)


def mark_of(token: str) -> str:
    return hashlib.sha256(bytes.fromhex(token)).hexdigest()


def test_what_answers_tell_of_a_code_finds_it_and_pays_nothing(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 200})
    (token,) = give_out(chain, till, rule)
    sold = allow(till, sale(till, loaves(), [by_coupon(1, 200, rule, token)]))
    desk = chain.seat(till.store, staff=chain.managers[0])
    issue = desk.document(
        "coupon_issue", reason="given", total_minor=200, coupons=[{**new_code(), "rule": rule, "version": 1}]
    )
    proposed = desk.ask("propose", str(uuid.uuid4()), 1, Jsonb(issue))
    assert "refused" not in proposed, proposed
    answers = {
        "document": till.call("select api.document(%s::uuid)", sold["id"]),
        "proposals": desk.call("select api.proposals()"),
        "found": desk.call("select api.find_coupons(%s)", issue["coupons"][0]["last"]),
    }
    for name, answer in answers.items():
        for secret in (token, issue["coupons"][0]["token"]):
            assert secret not in json.dumps(answer), name
    (shown,) = answers["document"]["body"]["adjustments"]
    assert shown["coupon"] == mark_of(token)
    allow(desk, issue)
    new = issue["coupons"][0]["token"]
    why(till, sale(till, loaves(), [by_coupon(1, 200, rule, mark_of(new))]), "unknown")
    twice = [{"token": new}, {"token": mark_of(new)}]
    why(desk, desk.document("coupon_void", reason="lost", coupons=twice), "holder")
    desk.done("coupon_void", reason="lost", coupons=[{"token": mark_of(new)}])
    assert state_of(chain, new) == "void"


def test_what_a_sale_earns_is_the_members_or_whose_paper_it_is(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100, "earn_minor": 700, "per_sale": 2})
    card = chain.card(till)
    given: list[dict[str, Any]] = [{**new_code(), "rule": rule, "version": 1} for _ in range(3)]
    why(till, sale(till, loaves(2), [], coupons=given[:2]), "earned")
    why(till, sale(till, loaves(9), [], coupons=given), "earned")
    sold = allow(till, sale(till, loaves(4), [], coupons=given[:2], wallet=card.wallet))
    holder = chain.value("select member from shop.wallet where id = %s", card.wallet)
    mine = till.call("select api.member_coupons(%s::bigint)", holder)["coupons"]
    assert {each["token"] for each in mine} == {row["token"] for row in given[:2]}
    assert till.call("select api.coupons_of(%s::uuid)", sold["id"]) == []
    paper = allow(till, sale(till, loaves(2), [], coupons=given[2:]))
    (known,) = till.call("select api.coupons_of(%s::uuid)", paper["id"])
    assert (known["rule"], known["body"]["off_minor"]) == (rule, 100)
    back = [{"n": 1, "of": 1, "qty_milli": 2000}]
    till.done("return", of=sold["id"], lines=back, reason="back", total_minor=700)
    assert state_of(chain, given[0]["token"]) == "open"
    till.done("return", of=sold["id"], lines=back, reason="back", total_minor=700)
    assert [state_of(chain, row["token"]) for row in given] == ["void", "void", "open"]


def test_a_mark_opens_a_code_again_only_where_it_was_shown(till: Seat, chain: SmallChain) -> None:
    rule = series(chain, {"kind": "off", "off_minor": 100})
    card = chain.card(till)
    holder = chain.value("select member from shop.wallet where id = %s", card.wallet)
    paper, unseen, gone = give_out(chain, till, rule, 3)
    (own,) = give_out(chain, till, rule, holder=holder)
    south = chain.open_seat(SOUTH)
    for token in (paper, gone):
        assert till.call("select api.open_coupon(decode(%s, 'hex'))", token)["token"] == token
    chain.seat(till.store, staff=chain.managers[0]).done(
        "coupon_void", reason="lost", coupons=[{"token": gone}]
    )
    marks = [mark_of(each) for each in (paper, unseen, gone, own)]
    again = "select api.coupons_again(%s::text[])"
    assert {each["token"] for each in till.call(again, marks)} == {paper, own}
    assert {each["token"] for each in south.call(again, marks)} == {own}, "it pays for its holder alone"
    assert till.call(again, [paper, "zz", ""]) == [], "a token is no mark"
    chain.run("update shop.coupon_shown set shown_at = shown_at - interval '25 hours'")
    assert {each["token"] for each in till.call(again, marks)} == {own}
    assert chain.value("select count(*) from sec.audit where what = 'coupons_again'") >= 4
