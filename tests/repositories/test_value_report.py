"""Recharges and consumption tie out to the entries of the accounts, whichever way they are split."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.domain.model.value_report import ValueAsked, ValueBy, ValueFigures, ValueReport, ValueSlip
from huiyuan.repositories.report_desk import ask
from huiyuan.repositories.value_report import read_slips, read_value, slips_question, value_question
from tests.repositories.test_wallet_statement import lived
from tests.small_chain import NO_PIN, NORTH, PENNY, SOUTH, Card, Seat, SmallChain, line, proof, stored
from tests.value_rules import in_force, recharge

SPLITS = ((), *((each,) for each in ValueBy), (ValueBy.STORE, ValueBy.STAFF), (ValueBy.STORE, ValueBy.RULE))


def boss(chain: SmallChain) -> Seat:
    """Somebody who reads the reports of the whole chain."""
    chain.run("insert into sec.duty values ('counts', '财务') on conflict do nothing")
    chain.run(
        "insert into sec.permission(duty, permission) values ('counts', 'report') on conflict do nothing"
    )
    return chain.seat(staff=chain.person("counts", 1))


def report(desk: Seat, asked: ValueAsked) -> ValueReport:
    return read_value(ask(desk.connection, value_question(asked)), asked, asked_by=None)


def slips(desk: Seat, asked: ValueAsked, most: int) -> list[ValueSlip]:
    """All pages."""
    found: list[ValueSlip] = []
    after: UUID | None = None
    while True:
        page = read_slips(ask(desk.connection, slips_question(asked, after=after, most=most)))
        found += page
        if len(page) < most:
            return found
        after = page[-1].document


def summed(rows: list[ValueFigures]) -> ValueFigures:
    return ValueFigures(*(sum(getattr(row, each.name) for row in rows) for each in fields(ValueFigures)))


def entries(chain: SmallChain, span: TurnoverAsked, stores: tuple[int, ...] = (NORTH, SOUTH)) -> int:
    """What the accounts say: by how much principal and bonus rose in these days, by the documents' store."""
    return int(
        chain.value(
            "select coalesce(sum(e.delta), 0) from ledger.entry e join ledger.account a on a.id = e.account"
            " join ledger.document d on d.id = e.document"
            " where a.kind in ('principal', 'bonus') and d.business_date between %s and %s"
            " and d.store = any (%s)",
            span.first, span.last, list(stores),
        )
    )  # fmt: skip


def test_every_split_adds_up_to_the_entries_of_its_days(quiet_chain: SmallChain) -> None:
    chain = quiet_chain
    lived(chain)
    desk = boss(chain)
    today = desk.call("select api.business_day()")
    days = sorted({day for (day,) in chain.rows("select distinct business_date from ledger.document")})
    for first, last in ((days[0], today), (days[0], days[0]), (days[1], days[1]), (today, today)):
        span = TurnoverAsked(Period.DAYS, first=first, last=last)
        whole = report(desk, ValueAsked(span, ()))
        assert whole.total.net_minor == entries(chain, span)
        for by in SPLITS[1:]:
            found = report(desk, ValueAsked(span, by))
            assert found.total == whole.total
            rows = summed([figures for _, figures in found.rows])
            assert replace(rows, documents=0) == replace(whole.total, documents=0), by
            for keys, figures in found.rows:
                only = tuple(zip(by, keys, strict=True))
                behind = slips(desk, ValueAsked(span, by, only), 2)
                assert len({each.document for each in behind}) == len(behind) == figures.documents
                assert summed([each.figures for each in behind]) == figures, "each row opens into its slips"
        for code, figures in report(desk, ValueAsked(span, (ValueBy.STORE,))).rows:
            store = chain.value("select id from shop.unit where code = %s", code[0])
            assert figures.net_minor == entries(chain, span, (store,))


def test_each_kind_of_move_stands_in_its_column(quiet_chain: SmallChain) -> None:
    """Against what was typed at the till, of one person alone."""
    chain = quiet_chain
    seat = chain.open_seat(staff=chain.person("cashier", 1))
    desk = boss(chain)
    number = chain.value("select number from sec.staff where id = %s", seat.staff)
    other = chain.card(chain.open_seat(), principal=5000)
    with (
        chain.policy(**NO_PIN),
        in_force(chain, "recharge", {"steps": [{"from_minor": 1, "give_bp": 1000}]}) as rule,
    ):
        card = chain.card(seat)
        again = recharge(seat, card, 20000, rule, 2000)
        seat.post(again)
        assert chain.balances(card.wallet)["bonus"] == 2000
        undone = seat.post(recharge(seat, card, 1000, rule, 100))
        seat.done("reversal", of=undone["id"], reason="mistake", total_minor=1000)
        _spend(seat, card, 4000, back=1500)
        row = {"wallet": other.wallet, "taker": card.wallet, "amount_minor": 250}
        seat.done("value_transfer", transfers=[row], proofs=[proof(other), proof(card)], total_minor=250)
    asked = ValueAsked(TurnoverAsked(Period.TODAY), (ValueBy.STAFF, ValueBy.RULE))
    rows = {row: figures for row, figures in report(desk, asked).rows if row[0] and row[0].endswith(number)}
    name = next(row[0] for row in rows)
    used = rows[name, None]
    assert rows[name, "rule"] == ValueFigures(3, 20000, 2000)
    assert (used.consumed_minor, used.recharged_minor, used.granted_minor) == (2500, 0, 0)
    assert used.documents == 3, "the sale, the return and the transfer"
    assert used.other_minor == 0, "what goes from wallet to wallet comes to nothing"


def _spend(seat: Seat, card: Card, amount: int, *, back: int) -> None:
    sold = seat.done(
        "sale", wallet=card.wallet, lines=[line(1, PENNY, amount * 1000, 1, amount)],
        tenders=[stored(card, amount)], proofs=[proof(card)], total_minor=amount,
    )  # fmt: skip
    lines = [{"n": 1, "of": 1, "qty_milli": back * 1000}]
    seat.done("return", of=sold["id"], reason="broken", lines=lines, total_minor=back)


def test_a_page_goes_on_behind_its_last_row(quiet_chain: SmallChain) -> None:
    chain = quiet_chain
    lived(chain)
    desk = boss(chain)
    span = TurnoverAsked(Period.DAYS, first=chain.value("select min(business_date) from ledger.document"))
    whole = report(desk, ValueAsked(span, (ValueBy.STORE, ValueBy.DAY)))
    rows: list[Any] = []
    after: tuple[str | None, ...] | None = None
    while True:
        page = report(desk, ValueAsked(replace(span, after=after, most=2), (ValueBy.STORE, ValueBy.DAY)))
        rows += page.rows
        if page.following is None:
            break
        after = page.following
    assert Counter(rows) == Counter(whole.rows)
    assert len(rows) > 3


def test_only_the_own_store_without_the_permission(quiet_chain: SmallChain) -> None:
    chain = quiet_chain
    lived(chain)
    here = chain.seat(SOUTH)
    found = report(here, ValueAsked(TurnoverAsked(Period.TODAY), (ValueBy.STORE,)))
    assert len(found.rows) <= 1
    assert found.scope.stores == (chain.value("select code from shop.unit where id = %s", SOUTH),)
