"""What the card desk is told: moves that the door takes, fees, story, what is due, who applied."""

from __future__ import annotations

from typing import Any

import pytest

from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.card_desk import DatabaseCardDesk
from tests.card_types import card_type
from tests.lives import (
    INVITED,
    KNOWN,
    REASON,
    YEARLY,
    accepted,
    by_two,
    fee,
    fee_rule,
    holder,
    issued,
    life,
    membership,
    replacing,
    seen,
)  # fmt: skip
from tests.refusals import refuse
from tests.repositories.test_card_book import book_of
from tests.small_chain import (
    NO_PIN,
    PENNY,
    REGISTERED,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    move,
    proof,
    stored,
)


def desk_of(seat: Seat, token: str = "") -> DatabaseCardDesk:
    """The desk at a seat; every text is the token that is given."""

    def ask(statement: str, parameters: Any) -> Any:
        row = seat.connection.execute(statement.encode(), parameters or None).fetchone()
        assert row is not None
        return row[0]

    return DatabaseCardDesk(ask, token_of=lambda _kind, text: bytes.fromhex(token or text))


@pytest.fixture
def manager(chain: SmallChain) -> Seat:
    return chain.open_seat(staff=chain.managers[1])


def read(seat: Seat, card: Card) -> Any:
    return desk_of(seat).card(token_kind="number", text=card.token)


def test_every_move_that_is_offered_is_one_the_door_takes(manager: Seat, chain: SmallChain) -> None:
    card = chain.card(manager)
    for state in ("active", "frozen", "lost", "closed"):
        for offered in read(manager, card).moves:
            assert (offered.reason, offered.identity) == (offered.kind in REASON, offered.kind in KNOWN)
        kinds = {(each.kind, each.now) for each in read(manager, card).moves}
        assert kinds == {
            "active": {
                (Kind.CARD_LOST, "lost"), (Kind.CARD_FREEZE, "frozen"), (Kind.CARD_REPLACEMENT, "replaced"),
                (Kind.CARD_TYPE_CHANGE, "active"), (Kind.CARD_CANCELLATION, "closed"),
            },
            "frozen": {
                (Kind.CARD_LOST, "lost"), (Kind.CARD_UNFREEZE, "active"), (Kind.CARD_CANCELLATION, "closed"),
            },
            "lost": {
                (Kind.CARD_FOUND, "frozen"), (Kind.CARD_CANCELLATION, "closed"),
            },
            "closed": {(Kind.CARD_RESTORE, "lost")},
        }[state]  # fmt: skip
        following = {"active": "card_freeze", "frozen": "card_lost", "lost": "card_cancellation"}
        if state in following:
            now = {"active": "frozen", "frozen": "lost", "lost": "closed"}[state]
            accepted(manager, life(manager, following[state], card, state, now))
    story = read(manager, card).story
    assert [each.kind for each in story] == [
        "card_cancellation", "card_lost", "card_freeze", "card_activation", "card_issue"
    ]  # fmt: skip
    assert (story[0].was, story[0].now, story[0].reason) == ("lost", "closed", "customer asked")


def test_a_card_past_its_day_is_expired_to_whoever_reads_it(manager: Seat, chain: SmallChain) -> None:
    card = issued(manager, chain.member(), YEARLY)
    found = read(manager, card)
    assert found.valid_to is not None
    assert found.months == 12
    assert Kind.CARD_RENEWAL in {each.kind for each in found.moves}
    ends = chain.value("select valid_to from shop.card where id = %s", card.id)
    chain.run("update shop.card set valid_to = current_date - 3 where id = %s", card.id)
    found = read(manager, card)
    assert (found.state, found.before) == (CardState.EXPIRED, CardState.ACTIVE)
    assert {each.kind for each in found.moves} == {Kind.CARD_RENEWAL, Kind.CARD_CANCELLATION}
    opened = manager.ask("open_card", "number", bytes.fromhex(card.token))
    assert opened["card"]["state"] == "expired"
    past = [each for each in desk_of(manager).past(500) if each.id == card.id]
    assert [each.was for each in past] == [CardState.ACTIVE]
    accepted(manager, life(manager, "card_expiry", card, "active", "expired"))
    assert card.id not in {each.id for each in desk_of(manager).past(500)}
    chain.run("update shop.card set valid_to = %s where id = %s", ends, card.id)
    assert chain.rows("select * from ledger.verify()") == []


def test_the_story_tells_both_types_and_the_last_day(manager: Seat, chain: SmallChain) -> None:
    card = chain.card(manager)
    rows = [move(card, "active", "active", type=YEARLY)]
    accepted(manager, life(manager, "card_type_change", card, "active", "active", cards=rows))
    found = read(manager, card)
    names = dict(chain.rows("select id, name from shop.card_type"))
    terms = found.story[0].terms
    assert terms is not None
    assert (terms.was_type, terms.type) == (names[REGISTERED], names[YEARLY])
    assert terms.valid_to == found.valid_to is not None


def store_of_fees(chain: SmallChain) -> int:
    """A store of its own, whose fees nobody else meets."""
    return int(chain.value(
        "insert into shop.unit(parent, kind, code, name) values (1, 'store', 'F' || nextval("
        "pg_get_serial_sequence('shop.unit', 'id')), '费用店') returning id"
    ))  # fmt: skip


def only_here(chain: SmallChain, rule: int, store: int) -> None:
    chain.run("update shop.rule_version set stores = array[%s::int] where rule = %s", store, rule)


def test_a_fee_of_every_year_comes_with_the_issue_and_in_its_month(chain: SmallChain) -> None:
    store = store_of_fees(chain)
    seat = chain.open_seat(store, staff=chain.managers[1])
    annual = fee_rule(chain, "annual_fee", "annual", 3000, types=[1])
    only_here(chain, annual, store)
    owner, blank = chain.member(), chain.blank()
    rows = [move(blank, "blank", "issued", holder=owner)]
    bare = seat.document("card_issue", cards=rows)
    refuse(seat, bare, "fee_wrong", fee="annual", due=3000)
    done = seat.done(
        "card_issue", cards=rows, fees=[fee(annual, "annual", 3000)], tenders=[cash(3000)], total_minor=3000
    )
    card = Card(blank.id, blank.token, done["wallet"])
    seat.done("card_activation", cards=[move(card, "issued", "active")])
    desk = desk_of(seat)

    def due() -> list[tuple[int, int]]:
        return [
            (e.fee.year or 0, e.fee.amount_minor)
            for e in desk.fees_open(200, after=None)
            if e.fee.card == card.id
        ]

    assert due() == []
    chain.run(
        "update shop.card set issued_on = (current_date - interval '2 years')::date where id = %s", card.id
    )
    chain.run("update shop.rule_version set valid_from = now() - interval '9 years' where rule = %s", annual)
    this = chain.value("select extract(year from current_date)::int")
    assert due() == [(this - 1, 3000)], "this year's came with the issue"

    def charge(**other: Any) -> dict[str, Any]:
        row = {**fee(annual, "annual", 3000, card=card.id, year=this - 1), **other}
        paid = row["amount_minor"]
        tenders = [cash(paid)] if paid else []
        return seat.document("annual_fee", fees=[row], tenders=tenders, total_minor=paid)

    for strange in ({"year": this}, {"year": this + 1}, {"year": this - 2}, {"card": 999999}, {"rule": 999}):
        refuse(seat, charge(**strange), "fee_wrong", due=0)
    for amount in (2999, 3001):
        refuse(seat, charge(amount_minor=amount), "fee_wrong", due=3000)
    free = charge(amount_minor=0)
    refuse(seat, free, "fee_wrong", due=3000)
    by_two(seat, free)
    waived = "select facts->'fees' from sec.audit where what = 'fee_waived' order by id desc limit 1"
    assert chain.value(waived) == [{"due": 3000, "fee": "annual", "paid": 0}]
    assert due() == []
    refuse(seat, charge(), "fee_wrong", due=0)


def test_a_year_that_was_paid_stays_paid_on_the_card_that_takes_over(chain: SmallChain) -> None:
    store = store_of_fees(chain)
    seat = chain.open_seat(store, staff=chain.managers[1])
    annual = fee_rule(chain, "annual_fee", "annual", 3000, types=[1])
    only_here(chain, annual, store)
    card = issued_here(seat, chain, annual)
    new = chain.blank()
    chain.run(
        "update shop.card set issued_on = (current_date - interval '1 years')::date where id = %s", card.id
    )
    chain.run("update shop.rule_version set valid_from = now() - interval '9 years' where rule = %s", annual)
    desk = desk_of(seat)
    accepted(seat, replacing(seat, card, new))
    assert [each for each in desk.fees_open(200, after=None) if each.fee.card in {card.id, new.id}] == []
    chain.run(
        "update shop.card set issued_on = (current_date - interval '2 years')::date where id = %s", new.id
    )
    open_now = [each for each in desk.fees_open(200, after=None) if each.fee.card in {card.id, new.id}]
    assert [each.fee.card for each in open_now] == [new.id]
    paid = seat.done(
        "annual_fee", fees=[fee(annual, "annual", 3000, card=new.id, year=open_now[0].fee.year or 0)],
        tenders=[cash(3000)], total_minor=3000,
    )  # fmt: skip
    assert [each for each in desk.fees_open(200, after=None) if each.fee.card == new.id] == []
    seat.done("reversal", of=paid["id"], reason="mistake", total_minor=3000)
    assert len([each for each in desk.fees_open(200, after=None) if each.fee.card == new.id]) == 1
    accepted(seat, membership(seat, "member_cancellation", holder(chain, new), "active", "cancelled"))
    assert [each for each in desk.fees_open(200, after=None) if each.fee.card == new.id] == []


def issued_here(seat: Seat, chain: SmallChain, annual: int) -> Card:
    """An active card with its first annual fee paid, and no other fee."""
    blank = chain.blank()
    done = seat.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())],
        fees=[fee(annual, "annual", 3000)], tenders=[cash(3000)], total_minor=3000,
    )  # fmt: skip
    seat.done("card_activation", cards=[move(blank, "issued", "active")])
    return Card(blank.id, blank.token, done["wallet"])


def test_a_joining_fee_is_asked_once_and_a_supplementary_card_by_its_own_rule(chain: SmallChain) -> None:
    store = store_of_fees(chain)
    seat = chain.open_seat(store, staff=chain.managers[1])
    joining = fee_rule(chain, "card_issue", "joining", 5000, once=True)
    extra = fee_rule(chain, "annual_fee", "supplementary", 1000, who="supplementary")
    for rule in (joining, extra):
        only_here(chain, rule, store)
    owner = chain.member()
    first = [move(chain.blank(), "blank", "issued", holder=owner)]
    refuse(seat, seat.document("card_issue", cards=first), "fee_wrong", fee="joining", due=5000)
    seat.done(
        "card_issue",
        cards=first,
        fees=[fee(joining, "joining", 5000)],
        tenders=[cash(5000)],
        total_minor=5000,
    )
    second = [move(chain.blank(), "blank", "issued", holder=owner)]
    again = seat.document(
        "card_issue",
        cards=second,
        fees=[fee(joining, "joining", 5000)],
        tenders=[cash(5000)],
        total_minor=5000,
    )
    refuse(seat, again, "fee_wrong", fee="joining", due=0)
    seat.done("card_issue", cards=second)


def test_what_an_issue_costs_is_said_as_the_door_asks_it(chain: SmallChain) -> None:
    """A main card, a second one, a supplementary one with its own yearly fee and its own limit."""
    store = store_of_fees(chain)
    seat = chain.open_seat(store, staff=chain.managers[1])
    book, main, extra = book_of(seat), card_type(chain, "personal"), card_type(chain, "supplementary")
    rules = [
        fee_rule(chain, "card_issue", "joining", 5000, once=True, who="main"),
        fee_rule(chain, "annual_fee", "annual", 3000, who="main"),
        fee_rule(chain, "annual_fee", "supplementary", 1000, who="supplementary"),
    ]
    for rule in rules:
        only_here(chain, rule, store)
    owner, child = chain.member(), chain.member()

    def issue(kind: int, holder: int, wallet: int | None) -> tuple[Card, int, list[str]]:
        blank = chain.blank(kind)
        terms = book.issue_terms(blank.id, holder=holder, wallet=wallet)
        due = sum(each.amount_minor for each in terms.fees)
        asked = [fee(each.rule, each.code, each.amount_minor) for each in terms.fees]
        on_wallet = {} if wallet is None else {"wallet": wallet}
        done = (seat.done if wallet is None else seat.done_by_two)(
            "card_issue", cards=[move(blank, "blank", "issued", holder=holder, **on_wallet)], fees=asked,
            tenders=[cash(due)], total_minor=due,
        )  # fmt: skip
        card = Card(blank.id, blank.token, done["wallet"] or wallet or 0)
        seat.done("card_activation", cards=[move(card, "issued", "active")])
        return card, due, [each.code for each in terms.fees]

    first, due, codes = issue(main, owner, None)
    assert (due, codes) == (8000, ["joining", "annual"])
    assert issue(main, owner, None)[1:] == (3000, ["annual"]), "who has a card joined before"
    card, due, codes = issue(extra, child, first.wallet)
    assert (card.wallet, due, codes) == (first.wallet, 1000, ["supplementary"])
    chain.run(
        "insert into sec.permission(duty, permission)"
        " values ('manager', 'card_limit'), ('manager', 'members') on conflict do nothing"
    )
    book.put_limit(card.id, sale_max_minor=900, day_max_minor=None, categories=())
    found = book.wallet_cards(first.wallet, None, None)
    assert [(each.card, each.who, each.sale_max_minor, each.own_limit) for each in found.cards] == [
        (first.id, "personal", None, False), (card.id, "supplementary", 900, True),
    ]  # fmt: skip
    with chain.policy(**NO_PIN):
        seat.done("top_up", wallet=first.wallet, tenders=[cash(10000)], total_minor=10000)
        sale = {"lines": [line(1, PENNY, 800_000, 1, 800)], "total_minor": 800, "wallet": first.wallet}
        for each in (first, card):
            seat.done("sale", **sale, tenders=[stored(each, 800)], proofs=[proof(each)])
        over = {"lines": [line(1, PENNY, 901_000, 1, 901)], "total_minor": 901, "wallet": first.wallet}
        body = seat.document("sale", **over, tenders=[stored(card, 901)], proofs=[proof(card)])
        refuse(seat, body, "card_limit", why="sale", most=900)
    assert [each.spent_minor for each in book.wallet_cards(first.wallet, None, None).cards] == [800, 800]
    uses = book.card_uses(first.wallet, card.id, after=None, most=5)
    assert [(each.kind, each.amount) for each in uses] == [("sale", 800)]
    last = uses[0]
    assert book.card_uses(first.wallet, card.id, after=(last.document, last.n), most=5) == ()
    within = book.card_uses(first.wallet, card.id, after=(last.document, last.n - 1), most=5)
    assert within == uses, "a page may end between two rows of one document"
    with pytest.raises(Refused, match="unknown_card"):
        book.issue_terms(10**9, holder=owner, wallet=None)


def test_replacing_and_renewing_cost_what_the_rule_says_once(chain: SmallChain) -> None:
    store = store_of_fees(chain)
    seat = chain.open_seat(store, staff=chain.managers[1])
    rules = {
        "card_replacement": fee_rule(chain, "card_replacement", "replacement", 1000),
        "card_renewal": fee_rule(chain, "card_renewal", "renewal", 2000, types=[YEARLY]),
    }
    for rule in rules.values():
        only_here(chain, rule, store)
    blank, owner = chain.blank(YEARLY), chain.member()
    done = seat.done("card_issue", cards=[move(blank, "blank", "issued", holder=owner)])
    card = Card(blank.id, blank.token, done["wallet"])
    seat.done("card_activation", cards=[move(card, "issued", "active")])
    offered = {each.kind: each.fee_minor for each in read(seat, card).moves}
    assert (offered[Kind.CARD_REPLACEMENT], offered[Kind.CARD_RENEWAL]) == (1000, 2000)
    new = chain.blank(YEARLY)
    refuse(seat, replacing(seat, card, new), "fee_wrong", fee="replacement", due=1000)
    due = [fee(rules["card_replacement"], "replacement", 1000)]
    body = replacing(seat, card, new, fees=due, tenders=[cash(1000)], total_minor=1000)
    accepted(seat, body)
    taken = Card(new.id, new.token, card.wallet)
    renew = life(
        seat, "card_renewal", taken, "active", "active", tenders=[cash(2000)], total_minor=2000,
        fees=[fee(rules["card_renewal"], "renewal", 2000)],
    )  # fmt: skip
    accepted(seat, renew)
    by_two(seat, life(seat, "card_renewal", taken, "active", "active"))
    assert chain.value("select (valid_to - current_date) > 1000 from shop.card where id = %s", new.id)


def test_a_membership_and_its_applications_are_read(manager: Seat, chain: SmallChain) -> None:
    owner = chain.member()
    reading = (
        "insert into sec.permission(duty, permission) values ('manager', 'members') on conflict do nothing"
    )
    chain.run(reading)
    desk = desk_of(manager)
    found = desk.member(owner)
    assert {each.kind for each in found.moves} == {Kind.MEMBER_FREEZE, Kind.MEMBER_CANCELLATION}
    assert INVITED in {each.id for each in found.types}
    accepted(manager, membership(manager, "member_freeze", owner, "active", "frozen"))
    found = desk.member(owner)
    assert found.state == "frozen"
    assert [(each.kind, each.now) for each in found.story] == [("member_freeze", "frozen")]
    assert {each.kind for each in found.moves} == {Kind.MEMBER_UNFREEZE, Kind.MEMBER_CANCELLATION}
    accepted(manager, membership(manager, "member_unfreeze", owner, "frozen", "active"))
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    manager.done("card_application", applications=[asked], identity=[seen(owner)])
    (one,) = desk.applications(owner)
    assert (one.state, one.own, one.papers, one.type) == ("applied", True, "ID card", "邀请卡")
    other = desk_of(chain.seat(staff=chain.managers[0]))
    assert [each.own for each in other.applications(None) if each.id == one.id] == [False]
    assert one.id not in {each.id for each in desk_of(chain.seat(SOUTH)).applications(None)}


def test_the_number_of_a_paper_leaves_as_an_hmac() -> None:
    desk = DatabaseCardDesk(lambda _s, _p: None, token_of=lambda kind, text: f"{kind}:{text}".encode())
    row = desk.identity(7, paper="id_card", number=" 110105 19491231 002x ")
    assert row.match == b"id_no:11010519491231002X".hex()
    assert desk.identity(7, paper="passport", number=" ").match is None
