"""The register of invoices: never more than a receipt took, never elsewhere or without the permission."""

from __future__ import annotations

import uuid
from typing import Any, Final

import pytest

from tests.repositories.test_invoices import issue, number, register, sale, take_back, want, why
from tests.small_chain import SOUTH, Seat, SmallChain, cash

SEALED: Final = b"x" * 60
WANT: Final = "select api.invoice_want(%s::uuid, %s::uuid, %s, %s::bytea, %s::bytea, %s::bigint)"
STEP: Final = "select api.invoice_step(%s::uuid, %s, %s, %s)"
HOSTILE: Final = ("\x1b[2J", "a\u202eb", "", " ", "x" * 201, "\n", "'; drop table shop.invoice; --\x07")


def rows(chain: SmallChain) -> Any:
    return chain.value("select count(*) from shop.invoice")


def test_whoever_may_not_neither_notes_nor_reads(seat: Seat, chain: SmallChain) -> None:
    sold = sale(seat, 500, cash(500))
    invoice = want(seat, sold, 300)
    before = rows(chain)
    seat.sign_in(chain.person("trainee", seat.store))
    for query, parameters in (
        (WANT, (uuid.uuid4(), sold["id"], "person", SEALED, None, 100)),
        (STEP, (invoice.id, "withdrawn", None, "no")),
        ("select api.invoice_standing(%s, null)", (sold["receipt"],)),
        ("select api.invoices(null, null, null, 10)", ()),
        ("select api.invoice_buyer(%s::uuid)", (invoice.id,)),
    ):
        answer = seat.call(query, *parameters)
        assert answer["refused"] == "not_permitted", query
        assert answer["facts"] == {"permission": "invoice"}
    assert rows(chain) == before
    assert chain.value("select what from sec.audit order by id desc limit 1") == "refused"


def test_another_store_neither_invoices_a_receipt_nor_moves_an_invoice(seat: Seat, chain: SmallChain) -> None:
    sold = sale(seat, 500, cash(500))
    invoice = want(seat, sold, 300)
    south = chain.open_seat(SOUTH)
    south.sign_in(chain.person("cashier", SOUTH))
    with chain.policy(returns_across=True):  # it may read the receipt then, and still not invoice it
        assert why(lambda: want(south, sold, 100))[0] == "store"
    assert south.call(WANT, uuid.uuid4(), sold["id"], "person", SEALED, None, 1)["refused"] == "wrong_origin"
    assert south.call(STEP, invoice.id, "withdrawn", None, "no")["refused"] == "wrong_store"
    assert south.call("select api.invoice_buyer(%s::uuid)", invoice.id)["refused"] == "wrong_store"
    listed = south.call("select api.invoices(%s, null, null, 200)", seat.store)["rows"]
    assert str(invoice.id) not in {row["invoice"] for row in listed}
    assert want(seat, sold, 200).state == "wanted", "control: its own store does"


@pytest.mark.parametrize(
    ("buyer", "title", "tax_no", "amount"),
    [
        ("robot", SEALED, None, 1), (None, SEALED, None, 1), ("person", None, None, 1),
        ("person", b"x", None, 1),
        ("person", b"x" * 401, None, 1), ("person", SEALED, SEALED, 1), ("company", SEALED, None, 1),
        ("company", SEALED, b"x" * 101, 1), ("person", SEALED, None, 0), ("person", SEALED, None, -5),
        ("person", SEALED, None, None),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_invoice_is_malformed(
    seat: Seat,
    chain: SmallChain,
    buyer: str | None,
    title: bytes | None,
    tax_no: bytes | None,
    amount: int | None,
) -> None:
    sold, before = sale(seat, 500, cash(500)), rows(chain)
    answer = seat.call(WANT, uuid.uuid4(), sold["id"], buyer, title, tax_no, amount)
    assert answer["refused"] == "malformed"
    assert rows(chain) == before


def test_more_than_the_receipt_took_is_never_invoiced(seat: Seat, chain: SmallChain) -> None:
    sold, before = sale(seat, 500, cash(500)), rows(chain)
    for amount in (501, 10**15, 2**62):
        assert seat.call(WANT, uuid.uuid4(), sold["id"], "person", SEALED, None, amount)["facts"] == {
            "why": "too_much", "most": 500,
        }  # fmt: skip
    assert rows(chain) == before
    returned = take_back(seat, sold, 100)
    for document, reason in (
        (returned["id"], "kind"),
        (seat.shift, "kind"),
        (str(uuid.uuid4()), "wrong_origin"),
        ("00000000-0000-0000-0000-000000000000", "wrong_origin"),
    ):
        answer = seat.call(WANT, uuid.uuid4(), document, "person", SEALED, None, 1)
        assert answer["refused"] == ("invoice_refused" if reason == "kind" else reason)
        assert answer["facts"].get("why", answer["refused"]) == reason
    invoice = want(seat, sold, 400)
    assert seat.call(WANT, invoice.id, sold["id"], "person", SEALED, None, 399)["facts"] == {"why": "known"}
    assert seat.call(WANT, invoice.id, sold["id"], "person", SEALED, None, 400)["invoice"] == str(invoice.id)
    assert seat.call(WANT, uuid.uuid4(), sold["id"], "person", SEALED, None, 1)["facts"] == {"why": "nothing"}


def test_steps_take_no_hostile_text_and_no_number_twice(seat: Seat, chain: SmallChain) -> None:
    sold = sale(seat, 500, cash(500))
    invoice, issued = want(seat, sold, 200), issue(seat, sold, 300)
    for text in (*HOSTILE, None, "1234567", "abc12345", "1" * 31, "１２３４５６７８"):
        answer = seat.call(STEP, invoice.id, "issued", text, None)
        assert answer["refused"] == "malformed", text
    for text in (*HOSTILE, None):
        answer = seat.call(STEP, invoice.id, "withdrawn", None, text)
        assert answer["refused"] == "unclean_text", text
    for state in ("wanted", "gone", "", None):
        assert seat.call(STEP, invoice.id, state, number(), "so")["refused"] == "malformed"
    used = seat.call(STEP, invoice.id, "issued", issued.number, None)
    assert (used["refused"], used["facts"]["field"]) == ("already_used", "invoice_number")
    own = seat.call(STEP, issued.id, "red", issued.number, None)
    assert own["refused"] == "already_used", "the red one has a number of its own"
    assert seat.call(STEP, uuid.uuid4(), "red", number(), None)["facts"] == {"why": "unknown"}
    for receipt in (*HOSTILE, "S01-1-999999999999", "S01-1-9999999999999999999999", None):
        found = seat.call("select api.invoice_standing(%s, null)", receipt)
        assert found["refused"] == "wrong_origin", receipt
    states = dict(chain.rows("select id, state from shop.invoice where document = %s", sold["id"]))
    assert states == {invoice.id: "wanted", issued.id: "issued"}


def test_a_terminal_touches_the_register_by_its_calls_alone(seat: Seat) -> None:
    for statement in (
        "select title from shop.invoice",
        "update shop.invoice set amount_minor = 1",
        "insert into shop.invoice(id) select gen_random_uuid()",
        "delete from shop.invoice",
        "select shop.mark_due(gen_random_uuid())",
        "select shop.invoiced(gen_random_uuid(), false)",
    ):
        with pytest.raises(Exception, match="permission denied"):
            seat.connection.execute(statement.encode())
    assert register(seat).page(store=None, state=None, after=None, most=1) is not None
