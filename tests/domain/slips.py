"""One slip of every kind, as a shop prints it: for the tests of layout and bytes, and for the pictures."""

from __future__ import annotations

from dataclasses import replace

from huiyuan.domain.model.document import (
    Adjustment,
    Count,
    Document,
    Fee,
    Grant,
    Kind,
    ReturnLine,
    SaleLine,
    StockRow,
    TaxRow,
    Tender,
)
from huiyuan.domain.model.receipt import Receipt, as_copy
from huiyuan.domain.model.shift import (
    KindTotal,
    PartRow,
    ShiftReport,
    TenderCount,
    TenderTotal,
    TillReceipts,
)
from huiyuan.domain.model.shift_slip import render_report
from huiyuan.domain.model.slip import SlipFacts, render_slip
from tests.domain.builders import AT, hello, posted, uid

SALE = Document(
    id=uid(5),
    kind=Kind.SALE,
    session=9,
    number=42,
    occurred_at=AT,
    total_minor=30_030,
    lines=(
        SaleLine(1, 3, 2000, 16_800, 33_600, 28_560),
        SaleLine(2, 4, 735, 2000, 1470, 1470),
    ),
    adjustments=(Adjustment(1, "tier", 1680, rule=1, version=1), Adjustment(1, "manual", 3360)),
    taxes=(TaxRow("V13", 1300, 28_560, 3286), TaxRow("V09", 900, 1470, 121)),
    tenders=(
        Tender("stored", 20_000, wallet=7),
        Tender("points", 500, wallet=7, points=500, rule=6, version=1),
        Tender("bank_card", 5000, reference="T8841002"),
        Tender("cash", 4530, given_minor=5000),
    ),
    grants=(Grant("points", 3, 1, 300),),
)
BALANCES = [{"wallet": 7, "principal": 4100, "bonus": 1000, "points": 329, "points_debt": 0}]
REPORT = ShiftReport(
    shift=uid(4),
    number=17,
    opened_at=AT,
    opened_by="李四",
    float_minor=20_000,
    expected_minor=24_530,
    kinds=(KindTotal("sale", 31, 402_315), KindTotal("return", 2, 3900), KindTotal("top_up", 3, 150_000)),
    tenders=(
        TenderTotal("cash", 20, 4530),
        TenderTotal("mobile", 12, 88_000),
        TenderTotal("vip_coupon", 1, 900),
    ),
    documents=36,
    drawer="NORTH-1",
    receipts=(TillReceipts("001", 12, 48, 36), TillReceipts("002", 3, 3, 1)),
    parts=(
        ("cash", (PartRow("cash_drop", 2, -50_000), PartRow("expense", 1, -1290), PartRow("no_sale", 1, 0))),
        ("paid", (PartRow("sale", 20, 4530, "cash"), PartRow("sale", 12, 88_000, "mobile"))),
        ("discount", (PartRow("tier", 9, 5120), PartRow("manual", 1, 300))),
        ("tax", (PartRow("V13", 20, 33_286),)),
        ("points", (PartRow("in", 9, 1203), PartRow("out", 1, 500))),
        ("stored", (PartRow("principal_in", 3, 150_000), PartRow("bonus_out", 2, 5000))),
        ("void", (PartRow("sale", 1, 880),)),
        ("removed", (PartRow("line", 3, 4200), PartRow("left", 1, 90))),
        ("override", (PartRow("price", 1, 1500),)),
        ("recount", (PartRow("cash", 1, None),)),
    ),
)
CLOSED = replace(
    REPORT, closed_at=AT, closed_by="李四", approved_by="欧阳娜娜", counted_minor=24_430,
    reason="找零时多给了一张十元",
    counts=(Count("cash", 10_000, 2), Count("cash", 5000, 0), Count("cash", 10, 443)),
    tenders_counted=(TenderCount("vip_coupon", 800, 900),), heads="cafe" * 16, head="beef" * 16,
    receipt="SH01-01-000043", print=1,
)  # fmt: skip


def facts(language: str, columns: int) -> SlipFacts:
    """At a real chain, for a member with a gold card."""
    return SlipFacts(
        hello=hello(demo=False),
        staff_name="李四",
        language=language,
        columns=columns,
        product_names=((1, "西湖龙井茶（特级）250g 礼盒装·明前"), (2, "散装核桃")),
        stock_names=((3, "西湖龙井茶（特级）250g 礼盒装·明前"),),
        rule_names=((1, "金卡九五折"),),
        card_number="8800112233",
        member_name="欧阳娜娜",
        member_tier="金卡",
        posted_at_local="2026-03-01 17:30",
    )


def drawer_slips(nobody: SlipFacts) -> dict[str, Receipt]:
    """X and Z, and cash beside sales."""
    blind = replace(
        REPORT, expected_minor=None, kinds=tuple(replace(kind, total_minor=None) for kind in REPORT.kinds),
        tenders=tuple(replace(tender, amount_minor=None) for tender in REPORT.tenders),
        parts=tuple(part for part in REPORT.parts if part[0] not in {"paid", "tax", "points", "stored"}),
    )  # fmt: skip
    return {
        "z_report": render_report(CLOSED, nobody, opened="2026-03-01 08:00", closed="2026-03-01 17:30"),
        "z_copy": render_report(
            replace(CLOSED, print=3), nobody, opened="2026-03-01 08:00", closed="2026-03-01 17:30"
        ),
        "x": render_report(replace(REPORT, print=2), nobody, opened="2026-03-01 08:00"),
        "x_blind": render_report(blind, nobody, opened="2026-03-01 08:00"),
        "cash_out": render_slip(
            Document(uid(6), Kind.CASH_OUT, 9, 43, AT, 8800, reason="房东来收水电费", amount_minor=8800),
            posted(uid(6), kind="cash_out", total_minor=8800),
            nobody,
        ),
        "no_sale": render_slip(
            Document(uid(6), Kind.NO_SALE, 9, 43, AT, 0, reason="换零钱"),
            posted(uid(6), kind="no_sale"),
            nobody,
        ),
    }  # fmt: skip


def every_slip(language: str, columns: int) -> dict[str, Receipt]:
    """Name -> slip."""
    told = facts(language, columns)
    nobody = replace(told, card_number=None, member_name=None)
    refund = {
        "n": 1,
        "demand": "refund",
        "unit": "CNY",
        "debit": "revenue",
        "credit": "principal",
        "amount": 900,
    }
    cash_back = {
        "n": 2,
        "demand": "refund",
        "unit": "CNY",
        "debit": "revenue",
        "credit": "cash",
        "amount": 100,
    }
    back = Document(uid(6), Kind.RETURN, 9, 43, AT, 1000, of=uid(5), lines=(ReturnLine(1, 1, 1000),))
    void = Document(uid(6), Kind.REVERSAL, 9, 43, AT, 30_030, of=uid(5), reason="顾客刷错卡")
    top_up = Document(
        uid(6), Kind.TOP_UP, 9, 43, AT, 50_000, wallet=7,
        tenders=(Tender("mobile", 50_000, reference="4200001987"),), grants=(Grant("bonus", 2, 1, 5000),),
    )  # fmt: skip
    issue = Document(
        uid(6), Kind.CARD_ISSUE, 9, 43, AT, 1000, tenders=(Tender("cash", 1000, given_minor=1000),),
        fees=(Fee("card_issue", 4, 1, 1000),),
    )  # fmt: skip
    stock = Document(uid(6), Kind.STOCK_RECEIPT, 9, 43, AT, 0, stock=(StockRow(3, 24_000, 9000),))
    z = Document(uid(6), Kind.SHIFT_CLOSE, 9, 43, AT, 24_430, shift=uid(4), counted_minor=24_430)
    closed = posted(
        uid(6), kind="shift_close", expected_minor=24_530, over_short_minor=-100, heads="cafe" * 16
    )
    opened = Document(uid(6), Kind.SHIFT_OPEN, 9, 43, AT, 20_000, counted_minor=20_000)
    of = replace(told, of_receipt="SH01-01-000042")
    sale = render_slip(SALE, posted(total_minor=30_030, change_minor=470, balances=BALANCES), told)
    return {
        "sale": sale,
        "copy": as_copy(sale),
        "return": render_slip(
            back, posted(total_minor=1000, postings=[refund, cash_back], balances=BALANCES), of
        ),
        "void": render_slip(void, posted(total_minor=30_030, postings=[cash_back], approved_by=3), of),
        "top_up": render_slip(top_up, posted(total_minor=50_000, balances=BALANCES), told),
        "card_issue": render_slip(issue, posted(total_minor=1000), told),
        "stock_receipt": render_slip(stock, posted(), nobody),
        "shift_open": render_slip(opened, posted(), nobody),
        "z": render_slip(z, closed, nobody),
        **drawer_slips(nobody),
    }
