"""Invoices against a server: what of each receipt can be invoiced, and the register's steps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import company_check_character
from huiyuan.domain.model.invoice import STEPS, Invoice, InvoiceBuyer, InvoiceState, read_buyer
from huiyuan.repositories.invoices import DatabaseInvoices
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.secrets import DataKey
from tests.card_types import a_pass, buy
from tests.small_chain import (
    BREAD_LINE,
    NO_PIN,
    PENNY,
    SOUTH,
    Seat,
    SmallChain,
    bank,
    by_points,
    cash,
    line,
    proof,
    stored,
)  # fmt: skip

_FIRST_17 = "91310000MA1FL0A0X"
COMPANY = read_buyer("上海惠园贸易有限公司", _FIRST_17 + company_check_character(_FIRST_17))
PERSON = read_buyer(" 张 三 ", "")


def register(seat: Seat) -> DatabaseInvoices:
    def ask(statement: str, parameters: Any) -> Any:
        return seat.call(statement, *parameters)

    return DatabaseInvoices(ask, sealer=Sealer(lambda: DataKey(b"k" * 32)))


def sale(seat: Seat, total: int, *tenders: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Pennies worth `total`, paid so."""
    lines = [line(1, PENNY, total * 1000, 1, total)]
    return seat.done("sale", lines=lines, tenders=list(tenders), total_minor=total, **parts)


def take_back(seat: Seat, sold: dict[str, Any], fen: int) -> dict[str, Any]:
    rows = [{"n": 1, "of": 1, "qty_milli": fen * 1000}]
    return seat.done("return", of=sold["id"], reason="broken", lines=rows, total_minor=fen)


def left(seat: Seat, document: dict[str, Any]) -> int:
    return register(seat).standing(document=uuid.UUID(document["id"])).left_minor


def want(seat: Seat, document: dict[str, Any], amount: int, buyer: InvoiceBuyer = PERSON) -> Invoice:
    return register(seat).want(uuid.uuid4(), uuid.UUID(document["id"]), buyer=buyer, amount_minor=amount)


def number() -> str:
    return str(uuid.uuid4().int)[:20]


def issue(seat: Seat, document: dict[str, Any], amount: int) -> Invoice:
    return register(seat).step(want(seat, document, amount).id, InvoiceState.ISSUED, number=number())


def why(work: Callable[[], object]) -> tuple[Any, Any]:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.facts.get("why", refused.value.code), refused.value.facts.get("most")


# What can be invoiced: a receipt a row


def test_what_money_paid_can_be_invoiced_and_what_was_invoiced_before_or_never_paid_cannot(
    seat: Seat, chain: SmallChain
) -> None:
    card = chain.card(seat, principal=20_000, bonus=2_000)
    chain.give_points(seat, card, 500)
    own = {"wallet": card.wallet, "proofs": [proof(card)]}
    with chain.policy(**NO_PIN):
        table = {
            "cash": (sale(seat, 700, cash(700)), 700),
            "cash and bank card": (sale(seat, 700, bank(300), cash(400)), 700),
            "stored value": (sale(seat, 700, stored(card, 700), **own), 0),
            "stored value and cash": (sale(seat, 700, stored(card, 200), cash(500), **own), 500),
            "points and cash": (sale(seat, 700, by_points(card, 100), cash(600), **own), 600),
            "change kept": (sale(seat, 700, cash(700, given_minor=1000, kept_minor=300), **own), 700),
            "top-up with bonus": (
                seat.done(
                    "top_up", wallet=card.wallet, tenders=[cash(20_000)], total_minor=20_000,
                    grants=[{"kind": "bonus", "rule": 3, "version": 1, "amount": 2_000}],
                ),
                20_000,
            ),
            "pass": (buy(seat, card, a_pass(chain)), 30_000),
        }  # fmt: skip
    for name, (document, most) in table.items():
        found = register(seat).standing(document=uuid.UUID(document["id"]))
        assert (name, found.money_minor, found.left_minor) == (name, most, most)
        assert found.what == ("prepaid" if name in {"top-up with bonus", "pass"} else "goods"), name
    assert register(seat).standing(receipt=table["cash"][0]["receipt"]).left_minor == 700


def test_what_came_back_was_exchanged_or_voided_is_not_invoiced(seat: Seat, chain: SmallChain) -> None:
    sold = sale(seat, 1000, bank(600), cash(400))
    back = take_back(seat, sold, 300)
    assert left(seat, sold) == 700
    seat.done("reversal", of=back["id"], reason="mistake", total_minor=300)
    assert left(seat, sold) == 1000, "the return was undone"

    rows = [{"n": 1, "of": 1, "qty_milli": 400_000, "total_minor": 400}]
    swapped = seat.done(
        "exchange", of=sold["id"], reason="too small", backs=rows, tenders=[cash(100)],
        lines=[line(1, PENNY, 500_000, 1, 500)], total_minor=500,
    )  # fmt: skip
    assert (left(seat, sold), left(seat, swapped)) == (600, 500), "each has its own goods, once"
    take_back(seat, swapped, 200)
    assert (left(seat, sold), left(seat, swapped)) == (600, 300)

    voided = sale(seat, 700, cash(700))
    seat.done("reversal", of=voided["id"], reason="mistake", total_minor=700)
    assert left(seat, voided) == 0


def test_coins_that_were_rounded_away_nobody_paid(seat: Seat, chain: SmallChain) -> None:
    with chain.policy(cash_step_minor=10):
        sold = sale(seat, 992, cash(992, given_minor=990, rounded_minor=-2))
        assert left(seat, sold) == 990
        take_back(seat, sold, 333)
        assert left(seat, sold) == 990 - 330


def test_a_card_that_is_paid_back_takes_its_top_up_along(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    paid = seat.done("top_up", wallet=card.wallet, tenders=[cash(5_000)], total_minor=5_000)
    invoice = issue(seat, paid, 5_000)
    with chain.policy(**NO_PIN):
        row = {"wallet": card.wallet, "method": "cash", "amount_minor": 5_000}
        settled = seat.done(
            "settlement", settlements=[row], proofs=[proof(card)], reason="moves away", total_minor=5_000
        )
        assert left(seat, paid) == 0
        assert due(seat, invoice)
        seat.done("reversal", of=settled["id"], reason="stays", total_minor=5_000)
        assert not due(seat, invoice)


def due(seat: Seat, invoice: Invoice) -> bool:
    rows = register(seat).page(store=None, state="due", after=None, most=200).rows
    return invoice.id in {each.id for each in rows}


# The register


def test_an_invoice_is_wanted_issued_and_red_lettered_and_the_receipt_is_free_again(
    seat: Seat, chain: SmallChain
) -> None:
    sold, book = sale(seat, 1000, cash(1000)), register(seat)
    invoice = want(seat, sold, 600, COMPANY)
    assert (invoice.state, invoice.buyer, invoice.receipt) == ("wanted", "company", sold["receipt"])
    kept = chain.rows("select title, tax_no from shop.invoice where id = %s", invoice.id)[0]
    assert not any(text.encode() in bytes(each) for each in kept for text in (COMPANY.title, COMPANY.tax_no))
    assert COMPANY.title not in str(chain.rows("select facts from sec.audit order by id desc limit 3"))
    assert book.buyer(invoice.id) == COMPANY
    trace = "select what, facts->'after'->>'invoice' from sec.audit order by id desc limit 1"
    assert chain.rows(trace) == [("invoice_buyer", str(invoice.id))]

    assert why(lambda: want(seat, sold, 401)) == ("too_much", 400)
    want(seat, sold, 400)
    assert why(lambda: want(seat, sold, 1)) == ("nothing", None)

    issued = book.step(invoice.id, InvoiceState.ISSUED, number=number())
    assert book.step(invoice.id, InvoiceState.ISSUED, number=issued.number) == issued, "sent once more"
    invoiced = {"numbers": [issued.number], "spare_minor": 400}
    assert seat.ask("document", sold["id"])["invoiced"] == invoiced
    red = book.step(invoice.id, InvoiceState.RED, number=number())
    assert (red.state, red.number, red.red_due) == ("red", issued.number, False)
    assert left(seat, sold) == 600
    assert seat.ask("document", sold["id"])["invoiced"] is None


def test_goods_of_an_invoiced_receipt_come_back_and_the_register_says_what_is_to_be_done(
    seat: Seat, chain: SmallChain
) -> None:
    sold = sale(seat, 1000, cash(1000))
    invoice, later = issue(seat, sold, 900), want(seat, sold, 100)
    small = take_back(seat, sold, 100)
    assert not due(seat, invoice), "what was not invoiced came back"
    listed = {each.id: each for each in register(seat).standing(document=later.document).invoices}
    assert listed[later.id].too_much
    assert not listed[later.id].may(InvoiceState.ISSUED)
    assert why(lambda: register(seat).step(later.id, InvoiceState.ISSUED, number=number())) == ("less", 0)
    register(seat).step(later.id, InvoiceState.WITHDRAWN, reason="came back")
    rest = take_back(seat, sold, 300)
    assert due(seat, invoice)
    page = register(seat).page(store=seat.store, state=None, after=None, most=200)
    assert page.rows[0].red_due, "first of all"
    seat.done("reversal", of=rest["id"], reason="mistake", total_minor=300)
    assert not due(seat, invoice)
    seat.done("reversal", of=small["id"], reason="mistake", total_minor=100)
    seat.done("reversal", of=sold["id"], reason="mistake", total_minor=1000)
    assert due(seat, invoice)
    register(seat).step(invoice.id, InvoiceState.RED, number=number())
    assert not due(seat, invoice)
    assert chain.rows("select * from ledger.verify()") == []


def test_goods_that_come_back_in_another_store_are_due_where_they_were_invoiced(
    seat: Seat, chain: SmallChain
) -> None:
    sold = sale(seat, 1000, cash(1000))
    invoice = issue(seat, sold, 1000)
    south = chain.open_seat(SOUTH)
    with chain.policy(returns_across=True):
        take_back(south, sold, 100)
    assert due(seat, invoice)
    page = register(seat).page(store=SOUTH, state="due", after=None, most=200)
    assert invoice.id not in {each.id for each in page.rows}


@pytest.mark.parametrize("state", list(InvoiceState))
@pytest.mark.parametrize("wanted", [each for each in InvoiceState if each is not InvoiceState.WANTED])
def test_every_pair_of_states_moves_or_is_refused(
    seat: Seat, state: InvoiceState, wanted: InvoiceState
) -> None:
    book, invoice = register(seat), want(seat, sale(seat, 50, cash(50)), 50)
    if state is InvoiceState.WITHDRAWN:
        book.step(invoice.id, state, reason="no")
    elif state is not InvoiceState.WANTED:
        book.step(invoice.id, InvoiceState.ISSUED, number=number())
        if state is InvoiceState.RED:
            book.step(invoice.id, state, number=number())
    if (state, wanted) in STEPS:
        assert book.step(invoice.id, wanted, number=number(), reason="so").state is wanted
    else:
        assert why(lambda: book.step(invoice.id, wanted, number=number(), reason="so"))[0] == "state"


def test_a_page_is_of_one_store_and_one_state_and_goes_on_behind_the_last(
    seat: Seat, chain: SmallChain
) -> None:
    made = [want(seat, sale(seat, 100, cash(100)), 100) for _ in range(5)]
    register(seat).step(made[1].id, InvoiceState.ISSUED, number=number())
    book = register(seat)
    every = book.page(store=seat.store, state=None, after=None, most=200).rows
    states = [each.state == "wanted" or each.red_due for each in every]
    assert states == sorted(states, reverse=True), "open ones first"
    shown = list(book.page(store=seat.store, state=None, after=None, most=2).rows)
    while len(shown) < len(every):
        shown += book.page(store=seat.store, state=None, after=shown[-1].id, most=2).rows
    assert [each.id for each in shown] == [each.id for each in every]
    wanted = book.page(store=seat.store, state="wanted", after=None, most=200).rows
    assert {made[0].id, made[4].id} <= {each.id for each in wanted}
    assert made[1].id not in {each.id for each in wanted}
    south = register(chain.seat(SOUTH)).page(store=None, state=None, after=None, most=200).rows
    assert not {each.id for each in made} & {each.id for each in south}


def test_bread_is_invoiced_by_the_number_of_its_receipt(seat: Seat) -> None:
    sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    found = register(seat).standing(receipt=f" {sold['receipt'].lower()} ")
    assert [(part.account, part.amount_minor, part.counts) for part in found.paid] == [("cash", 350, True)]
    assert found.given_back_minor == 0
