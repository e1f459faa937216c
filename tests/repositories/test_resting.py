"""A membership that rests is told with its card, and the last day that a renewal gives."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huiyuan.domain.model.card import Rest
from huiyuan.domain.model.card_life import renewed_until
from huiyuan.repositories.card_rows import resting
from huiyuan.repositories.member_rows import card_page
from huiyuan.repositories.reads import attached, opened_card
from tests.card_types import card_type
from tests.lives import YEARLY, accepted, issued, life, membership
from tests.repositories.test_card_desk import read
from tests.small_chain import FEE_DUE, Card, Seat, SmallChain, cash, move


@pytest.fixture
def manager(chain: SmallChain) -> Seat:
    return chain.open_seat(staff=chain.managers[1])


def rest_of(seat: Seat, card: Card) -> Rest | None:
    """As the card says it."""
    token = bytes.fromhex(card.token)
    answer = seat.call("select api.open_card('number', %s)", token)
    return opened_card(answer, token_kind="number", token=token).rest


def test_a_resting_membership_is_told_in_the_answer_that_opens_its_card(
    manager: Seat, chain: SmallChain
) -> None:
    owner = chain.member()
    card = issued(manager, owner)
    assert rest_of(manager, card) is None
    posted = accepted(manager, membership(manager, "member_freeze", owner, "active", "frozen"))
    store = chain.value("select name from shop.unit where id = %s", manager.store)
    named = attached(manager.call("select api.attach_member(%s)", owner))
    assert named is not None
    for rest in (rest_of(manager, card), named.rest):
        assert rest is not None
        assert (rest.state, rest.store) == ("frozen", store)
        assert rest.since == chain.value("select posted_at from ledger.document where id = %s", posted["id"])
    accepted(manager, membership(manager, "member_unfreeze", owner, "frozen", "active"))
    assert rest_of(manager, card) is None


def test_a_supplementary_card_rests_with_its_own_holder(manager: Seat, chain: SmallChain) -> None:
    first, other = issued(manager, chain.member()), chain.member()
    card = issued(manager, other, card_type(chain, "supplementary"), wallet=first.wallet)
    accepted(manager, membership(manager, "member_freeze", other, "active", "frozen"))
    rest = rest_of(manager, card)
    assert rest is not None
    assert rest.name == chain.value("select name from shop.member where id = %s", other)
    assert rest_of(manager, first) is None


def test_what_an_issue_costs_says_too_that_the_membership_rests(manager: Seat, chain: SmallChain) -> None:
    owner, blank = chain.member(), chain.blank()
    main = issued(manager, owner)

    def rest(holder: int, wallet: int | None = None) -> dict[str, str] | None:
        answer = manager.call("select api.issue_fees(%s, %s, %s)", blank.id, holder, wallet)
        return answer["rest"]  # type: ignore[no-any-return]

    assert rest(owner) is None
    accepted(manager, membership(manager, "member_freeze", owner, "active", "frozen"))
    for told in (rest(owner), rest(chain.member(), main.wallet)):
        assert told is not None
        assert told["state"] == "frozen"
    assert rest(chain.member()) is None


def test_who_did_it_may_be_unknown() -> None:
    told = {"name": "李娜", "state": "cancelled", "since": None, "store": None}
    assert resting(told) == Rest("李娜", "cancelled")
    assert resting(None) is None


@pytest.mark.parametrize("left_days", [200, 1, 0, -1])
def test_the_door_counts_a_renewal_from_the_old_last_day_or_from_today(
    manager: Seat, chain: SmallChain, left_days: int
) -> None:
    card = issued(manager, chain.member(), YEARLY)
    today: date = chain.value("select ledger.day_here(%s)", manager.store)
    old = today + timedelta(days=left_days)
    chain.run("update shop.card set valid_to = %s where id = %s", old, card.id)
    was = "active" if left_days >= 0 else "expired"
    accepted(manager, life(manager, "card_renewal", card, was, "active"))
    found = read(manager, card)
    assert found.months is not None
    assert found.valid_to == renewed_until(old, today, found.months)
    assert chain.rows("select * from ledger.verify()") == []


def test_the_page_of_a_card_has_its_term_before_and_after_activation(
    manager: Seat, chain: SmallChain
) -> None:
    blank = chain.blank(YEARLY)
    token = bytes.fromhex(blank.token)

    def term() -> tuple[date | None, int | None]:
        answer = manager.call("select api.card_page('number', %s)", token)
        page = card_page(answer, token_kind="number", token=token)
        return page.valid_to, page.months

    months = chain.value("select valid_months from shop.card_type where id = %s", YEARLY)
    manager.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    assert term() == (None, months)
    manager.done("card_activation", cards=[move(blank, "issued", "active")])
    assert term() == (chain.value("select valid_to from shop.card where id = %s", blank.id), months)
    assert term()[0] is not None


def test_a_card_that_was_only_issued_offers_its_activation(manager: Seat, chain: SmallChain) -> None:
    blank = chain.blank()
    done = manager.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    card = Card(blank.id, blank.token, done["wallet"])
    first = read(manager, card).moves[0]
    assert (first.kind, first.now, first.permission) == ("card_activation", "active", "card_activate")
    manager.done("card_activation", cards=[move(card, "issued", "active")])
    assert "card_activation" not in {each.kind for each in read(manager, card).moves}
