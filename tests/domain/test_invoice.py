"""What an invoice is made out to, its number, and when goods that come back make it too much."""

from __future__ import annotations

from typing import Any, cast

import pytest

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import company_check_character
from huiyuan.domain.model.invoice import read_buyer, read_invoice_number, to_red_letter
from huiyuan.domain.model.posted import Invoiced, PostedDocument
from tests.domain.builders import posted

FIRST_17 = "91310000MA1FL0A0X"
COMPANY = FIRST_17 + company_check_character(FIRST_17)


def test_without_a_number_it_is_a_person_and_with_one_a_company() -> None:
    assert (read_buyer("  张 三 ", " ").title, read_buyer("张三", "").kind) == ("张 三", "person")
    company = read_buyer("惠园贸易", f" {COMPANY.lower()} ")
    assert (company.kind, company.tax_no) == ("company", COMPANY)
    assert "惠园贸易" not in repr(company)
    assert COMPANY not in repr(company)


@pytest.mark.parametrize("title", ["", "  ", "a\x1b[2J", "a\u202eb", "a\u200bb", "x" * 101])
def test_a_title_is_text_that_can_be_printed(title: str) -> None:
    with pytest.raises(Refused) as refused:
        read_buyer(title, "")
    assert (refused.value.code, refused.value.facts) == ("unclean_text", {"field": "title"})


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_character_of_a_companys_number_is_found(place: int) -> None:
    wrong = "1" if COMPANY[place] == "0" else "0"
    with pytest.raises(Refused):
        read_buyer("惠园贸易", COMPANY[:place] + wrong + COMPANY[place + 1 :])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 2431 2000-0000 12345678 ", "24312000000012345678"), ("１２３４５６７８", "12345678"),
        ("ab123456", "AB123456"), ("1234567", None), ("1" * 31, None), ("12345678;", None), ("", None),
        ("一二三四五六七八", None),
    ],
)  # fmt: skip
def test_a_number_of_an_invoice_is_letters_and_digits(text: str, number: str | None) -> None:
    if number is not None:
        assert read_invoice_number(text) == number
        return
    with pytest.raises(Refused, match="invoice_number"):
        read_invoice_number(text)


def refund(credit: str, amount: int, demand: str = "refund") -> dict[str, Any]:
    return {"n": 1, "demand": demand, "unit": "CNY", "debit": "revenue", "credit": credit, "amount": amount}


@pytest.mark.parametrize(
    ("spare", "kind", "rows", "red"),
    [
        (0, "return", [refund("cash", 1)], True),
        (500, "return", [refund("cash", 500)], False),
        (500, "return", [refund("cash", 300), refund("tender", 201)], True),
        (0, "return", [refund("principal", 900), refund("bonus", 100)], False),
        (0, "return", [refund("points_redeemed", 100)], False),
        (100, "exchange", [refund("credit", 101)], True),
        (100, "exchange", [refund("cash", 101, "tender")], False),
        (10**9, "reversal", [], True),
        (None, "reversal", [refund("cash", 900)], False),
    ],
)
def test_what_comes_back_in_money_beyond_what_was_left_out_is_red_lettered(
    spare: int | None, kind: str, rows: list[dict[str, Any]], red: bool
) -> None:
    invoiced = None if spare is None else Invoiced(("1", "2"), spare)
    found = PostedDocument(cast(Document, None), posted(), "王芳", invoiced=invoiced)
    assert to_red_letter(found, posted(kind=kind, postings=rows)) == (("1", "2") if red else ())
