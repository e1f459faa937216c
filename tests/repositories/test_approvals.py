"""Four eyes: another person, within his limits, for exactly the content that he saw, for ten minutes."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from huiyuan.domain.model.approval import Proposal, Proposed
from huiyuan.domain.model.document import Correction, Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import SignedIn
from huiyuan.repositories import sign_in
from huiyuan.repositories.demo_data import DemoStaff
from tests import facts
from tests.cluster import Connection, Shop
from tests.repositories.test_sign_in import signed_in
from tests.small_chain import BREAD_LINE, Seat, SmallChain, cash


def adjustment(session: SignedIn, *, amount: int = 5_000) -> Document:
    return Document(
        id=uuid.uuid4(),
        kind=Kind.ADJUSTMENT,
        session=session.session,
        number=session.next_number,
        occurred_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        total_minor=abs(amount),
        wallet=facts.wallet_id(facts.GOLD_CARD),
        reason="goodwill",
        corrections=(Correction(account="principal", amount=amount),),
    )


def shown(connection: Connection, document: Document) -> Proposal:
    return next(each for each in sign_in.proposals(connection) if each.document.id == document.id)


def code_of(connection: Connection, asked: Proposed) -> str:
    with pytest.raises(Refused) as caught:
        sign_in.approve(connection, asked)
    return caught.value.code


def post(connection: Connection, document: Document) -> dict[str, object]:
    values = (document.id, Jsonb(document.to_body()))
    row: Any = connection.execute("select api.post(%s, 1, %s)", values).fetchone()
    return dict(row[0])


def test_what_another_person_approved_is_posted_and_only_then(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_1) as theirs:
        document = adjustment(signed_in(mine, facts.SUPERVISOR))
        signed_in(theirs, facts.MANAGER)  # at the same counter, on a second connection
        assert post(mine, document)["refused"] == "approval_needed"

        asked = sign_in.propose(mine, document)
        waiting = shown(theirs, document)
        assert (waiting.asked, waiting.state, waiting.own) == (asked, "open", False)
        assert waiting.document == document
        assert waiting.by_number == facts.SUPERVISOR.number
        sign_in.approve(theirs, waiting.asked)

        assert shown(mine, document).state == "approved"
        posted = post(mine, document)
        assert "refused" not in posted
        assert posted["id"] == str(document.id)


def test_the_proposer_cannot_approve_himself_whatever_he_may(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as elsewhere:
        document = adjustment(signed_in(mine, facts.MANAGER))
        asked = sign_in.propose(mine, document)
        signed_in(elsewhere, facts.MANAGER)

        assert code_of(mine, asked) == "own_proposal"
        assert code_of(elsewhere, asked) == "own_proposal"
        assert post(mine, document)["refused"] == "approval_needed"

        signed_in(elsewhere, facts.SECOND_MANAGER)
        sign_in.approve(elsewhere, asked)
        assert "refused" not in post(mine, document)


@pytest.mark.parametrize(
    ("who", "amount", "code"),
    [
        (facts.CASHIER, 5_000, "not_permitted"),  # has no permission to approve
        (facts.STOCK_KEEPER, 5_000, "not_permitted"),
        (facts.SUPERVISOR, 60_000, "approval_needed"),  # above his own limit of the kind
    ],
)
def test_an_approver_needs_the_permission_and_the_limit(
    shop: Shop, who: DemoStaff, amount: int, code: str
) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as theirs:
        document = adjustment(signed_in(mine, facts.MANAGER), amount=amount)
        asked = sign_in.propose(mine, document)
        signed_in(theirs, who)

        assert code_of(theirs, asked) == code
        assert post(mine, document)["refused"] == "approval_needed"

        signed_in(theirs, facts.SECOND_MANAGER)
        sign_in.approve(theirs, asked)


def test_an_approver_of_another_store_sees_and_approves_nothing(shop: Shop) -> None:
    with shop.connect() as admin, shop.connect(facts.TILL_3) as mine, shop.connect(facts.TILL_1) as theirs:
        admin.execute(
            "update sec.staff set units = array[%s] where number = %s",
            (facts.STORE_1, facts.SECOND_MANAGER.number),
        )
        asked = sign_in.propose(mine, adjustment(signed_in(mine, facts.MANAGER)))
        signed_in(theirs, facts.SECOND_MANAGER)

        assert sign_in.proposals(theirs) == ()
        assert code_of(theirs, asked) == "wrong_store"


def test_an_approval_covers_one_content_and_the_one_that_was_shown(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as theirs:
        document = adjustment(signed_in(mine, facts.SUPERVISOR))
        first = sign_in.propose(mine, document)
        signed_in(theirs, facts.MANAGER)
        seen = shown(theirs, document)
        other = dataclasses.replace(
            document, total_minor=9_000, corrections=(Correction("principal", 9_000),)
        )
        second = sign_in.propose(mine, other)
        sign_in.approve(theirs, seen.asked)

        assert (seen.asked, first == second) == (first, False)
        assert post(mine, other)["refused"] == "approval_needed"
        assert "refused" not in post(mine, document)


def test_an_approval_is_over_after_ten_minutes_on_both_ends(shop: Shop) -> None:
    ten_minutes = "update sec.proposal set at = at - interval '10 min', ok_at = ok_at - interval '10 min'"
    with shop.connect() as admin, shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as theirs:
        session = signed_in(mine, facts.SUPERVISOR)
        signed_in(theirs, facts.MANAGER)
        late = adjustment(session)
        asked = sign_in.propose(mine, late)
        admin.execute(ten_minutes)
        assert code_of(theirs, asked) == "proposal_closed"
        assert shown(mine, late).state == "expired"

        sign_in.propose(mine, late)  # the same content again: open again
        sign_in.approve(theirs, asked)
        admin.execute(ten_minutes)
        assert post(mine, late)["refused"] == "approval_needed"


def test_a_declined_proposal_stays_declined(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as theirs:
        document = adjustment(signed_in(mine, facts.SUPERVISOR))
        asked = sign_in.propose(mine, document)
        signed_in(theirs, facts.MANAGER)
        sign_in.decline(theirs, asked)

        assert code_of(theirs, asked) == "proposal_closed"
        sign_in.propose(mine, document)
        assert shown(mine, document).state == "declined"
        assert post(mine, document)["refused"] == "approval_needed"
    what = shop.rows("select what from sec.audit where what in ('propose', 'approve', 'decline') order by id")
    assert what == [("propose",), ("decline",)]


def test_a_proposal_names_the_session_of_who_proposes(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as theirs:
        foreign = adjustment(signed_in(theirs, facts.SUPERVISOR))
        signed_in(mine, facts.SUPERVISOR)
        with pytest.raises(Refused, match="wrong_session"):
            sign_in.propose(mine, foreign)


def test_a_terminal_keeps_few_proposals_open(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine:
        session = signed_in(mine, facts.SUPERVISOR)
        for _ in range(20):
            sign_in.propose(mine, adjustment(session))
        with pytest.raises(Refused, match="too_many_open"):
            sign_in.propose(mine, adjustment(session))
    assert shop.rows("select count(*) from sec.proposal") == [(20,)]


def test_a_proposal_tells_what_it_concerns_by_name_whatever_was_proposed(
    seat: Seat, chain: SmallChain
) -> None:
    card = chain.card(seat)
    sold = seat.done("sale", wallet=card.wallet, lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    back = seat.document(
        "return", of=sold["id"], reason="broken", total_minor=350,
        lines=[{"n": 1, "of": 1, "qty_milli": 1000}],
    )  # fmt: skip
    odd = seat.document("sale", lines=[{"product": "x'", "qty_milli": []}, 7, None], total_minor=0)
    outside = seat.document("sale", lines={"a": 1}, of="no id", wallet="1e9", total_minor=0)
    bodies = {str(uuid.uuid4()): body for body in (back, odd, outside)}
    for document, body in bodies.items():
        assert "refused" not in seat.ask("propose", document, 1, Jsonb(body))
    office = chain.seat(staff=chain.managers[0])
    about = {
        row["document"]: row["about"]
        for row in office.call("select api.proposals()")
        if row["document"] in bodies
    }
    of_return, of_odd, of_outside = (about[document] for document in bodies)
    assert of_return["goods"] == [["面包", 1000, 350, False]]
    assert (of_return["receipt"], of_return["member"]) == (sold["receipt"], "张三")
    assert (of_odd["goods"], of_outside["goods"], of_outside["receipt"]) == ([], [], None)
    assert office.ask("hello")["approvals"] >= 3
    assert seat.ask("hello")["approvals"] == 0  # a cashier signs nothing


def test_another_signature_may_follow_one_that_did_not_reach_until_the_document_stands(shop: Shop) -> None:
    with (
        shop.connect(facts.TILL_1) as mine,
        shop.connect(facts.TILL_1) as first,
        shop.connect(facts.TILL_2) as second,
    ):
        document = adjustment(signed_in(mine, facts.SUPERVISOR))
        signed_in(first, facts.MANAGER)
        signed_in(second, facts.SECOND_MANAGER)
        asked = sign_in.propose(mine, document)
        sign_in.approve(first, asked)
        sign_in.approve(second, asked)
        assert "refused" not in post(mine, document)
        assert code_of(first, asked) == "proposal_closed"
        signers = shop.rows(
            "select staff from sec.audit where what = 'approve' and document = %s", document.id
        )
        assert len(set(signers)) == 2


def test_what_was_signed_by_somebody_who_did_not_reach_waits_elsewhere_when_it_is_proposed_again(
    shop: Shop,
) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as theirs:
        document = adjustment(signed_in(mine, facts.SUPERVISOR))
        signed_in(theirs, facts.MANAGER)
        asked = sign_in.propose(mine, document)
        sign_in.approve(theirs, asked)
        sign_in.propose(mine, document)
        assert shown(mine, document).state == "approved", "the door has refused nothing since"
        shop.rows(
            "insert into sec.audit(what, document, facts) values ('refused', %s, %s) returning id",
            document.id, Jsonb({"code": "approval_needed"}),
        )  # fmt: skip

        assert sign_in.propose(mine, document) == asked
        assert shown(theirs, document).state == "open"
        assert post(mine, document)["refused"] == "approval_needed"
        sign_in.approve(theirs, asked)
        assert "refused" not in post(mine, document)
        sign_in.propose(mine, document)
        assert shown(mine, document).state == "approved", "what stands is signed for good"
