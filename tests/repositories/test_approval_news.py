"""An approval from another counter, live: who asks hears that somebody looks or answers, and no more."""

from __future__ import annotations

import threading
from functools import partial
from uuid import uuid4

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in
from huiyuan.repositories.approval_news import DatabaseApprovals
from huiyuan.repositories.connection import HeldSession, Line, LineSettings
from huiyuan.repositories.demo_data import CHAIN_UID, DemoStaff
from huiyuan.repositories.secrets import staff_key
from tests import facts
from tests.cluster import Shop
from tests.repositories.test_approvals import adjustment

WAIT_S = 20


class Seat:
    """A counter's reading line with somebody signed in, and what it hears."""

    def __init__(self, shop: Shop, terminal: str, person: DemoStaff) -> None:
        settings = LineSettings(shop.url(terminal))
        self.line = Line(settings, HeldSession(), name="read")
        self.approvals = DatabaseApprovals(self.line, settings)
        self.heard = threading.Semaphore(0)
        key = staff_key(person.pin, chain=CHAIN_UID, number=person.number)
        self.signed = self.line.talk(
            lambda connection: sign_in.sign_in_by(connection, key, uuid4(), person.number)
        )

    def hears(self) -> bool:
        """Within reason."""
        return self.heard.acquire(timeout=WAIT_S)


def test_the_asker_hears_who_looks_and_the_answer(shop: Shop) -> None:
    asker = Seat(shop, facts.TILL_1, facts.SUPERVISOR)
    manager = Seat(shop, facts.TILL_2, facts.MANAGER)
    document = adjustment(asker.signed)
    ends = [each.approvals.watch(each.heard.release) for each in (asker, manager)]
    try:
        assert asker.hears()  # the line listens
        assert manager.hears()
        asked = asker.line.talk(lambda connection: sign_in.propose(connection, document))
        assert manager.hears()
        assert asker.approvals.news(asked).looking == ()

        manager.approvals.look(asked)
        assert asker.hears()
        while not asker.approvals.news(asked).looking:
            assert asker.hears()
        news = asker.approvals.news(asked)
        assert [each.split(" (")[0] for each in news.looking] == [facts.MANAGER.name]

        manager.line.talk(lambda connection: sign_in.approve(connection, asked))
        while asker.approvals.news(asked).state == "open":
            assert asker.hears()
        news = asker.approvals.news(asked)
        assert (news.state, news.by) == ("approved", facts.MANAGER.name)
    finally:
        for end in ends:
            end()
        for each in (asker, manager):
            each.line.close()


def test_what_was_withdrawn_nobody_signs_and_what_was_signed_nobody_withdraws(shop: Shop) -> None:
    asker = Seat(shop, facts.TILL_1, facts.SUPERVISOR)
    manager = Seat(shop, facts.TILL_2, facts.MANAGER)
    first, second = adjustment(asker.signed), adjustment(asker.signed)
    asked = [asker.line.talk(partial(sign_in.propose, document=each)) for each in (first, second)]
    manager.approvals.withdraw(first.id)  # not his
    asker.approvals.withdraw(first.id)
    with pytest.raises(Refused) as refused:
        manager.line.talk(lambda connection: sign_in.approve(connection, asked[0]))
    assert refused.value.code == "proposal_closed"

    manager.line.talk(lambda connection: sign_in.approve(connection, asked[1]))
    asker.approvals.withdraw(second.id)
    assert asker.approvals.news(asked[1]).state == "approved"
    for each in (asker, manager):
        each.line.close()


def test_nobody_else_looks_or_reads_news(shop: Shop) -> None:
    asker = Seat(shop, facts.TILL_1, facts.SUPERVISOR)
    cashier = Seat(shop, facts.TILL_2, facts.CASHIER)
    document = adjustment(asker.signed)
    asked = asker.line.talk(lambda connection: sign_in.propose(connection, document))
    with pytest.raises(Refused) as looked:
        cashier.approvals.look(asked)
    with pytest.raises(Refused) as read:
        cashier.approvals.news(asked)
    assert (looked.value.code, read.value.code) == ("not_permitted", "unknown_proposal")
    assert asker.approvals.news(asked).looking == ()
    for each in (asker, cashier):
        each.line.close()
