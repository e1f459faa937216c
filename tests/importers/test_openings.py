"""Opening balances: tried first, signed for, booked once; each bad row by its line, nothing of it written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest
from openpyxl import Workbook

from huiyuan.repositories.demo import DEMO_DATA_KEY, DEMO_INDEX_KEY
from huiyuan.repositories.importers.history import history_entry
from huiyuan.repositories.importers.openings import Keys, Opening, import_openings
from huiyuan.repositories.importers.outcome import ImportRefused, Outcome
from huiyuan.repositories.sealing import Sealer, unseal
from tests.cluster import Shop
from tests.importers.chains import dollars

AT = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
HEAD = "member,name,phone,tier,store,joined,card,card_type,card_state,principal,bonus,points"
GOOD = (
    'M-1,欧阳娜娜,138 0013 8000,,S01,2019-05-01,90000001,registered,active,"1,234.50",100,77',
    "M-2,Anna,,,,,90000002,bearer,frozen,0.01,,",
    "M-3,没有钱,,,,,90000003,,,,,0",
)


def a_list(folder: Path, *rows: str, head: str = HEAD, name: str = "old.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def load(
    shop: Shop, path: Path, *, signed: tuple[str, str] | None = None, at: datetime = AT
) -> tuple[Opening, Outcome]:
    outcome = Outcome()
    keys = Keys(lambda: DEMO_INDEX_KEY, Sealer(lambda: DEMO_DATA_KEY))
    with history_entry(shop.admin_url) as entry:
        opening = import_openings(
            entry,
            path,
            currency="USD",
            at=at,
            store="S01",
            keys=keys,
            outcome=outcome,
            progress=lambda *_: None,
            signed=signed,
        )
    return opening, outcome


def book(shop: Shop, path: Path) -> tuple[Opening, Outcome]:
    return load(shop, path, signed=(load(shop, path)[0].code, "9001"))


def standing(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows(
        "select (select count(*) from ledger.document), (select count(*) from shop.member),"
        " (select count(*) from shop.card), (select sum(balance) from ledger.account),"
        " (select count(*) from shop.personal), (select sum(t.chain_seq) from sec.terminal t)"
    )


def test_a_try_keeps_nothing_and_what_is_signed_for_is_booked_once(shop: Shop, tmp_path: Path) -> None:
    path = a_list(tmp_path, *GOOD)
    before = standing(dollars(shop))
    tried, outcome = load(shop, path)
    assert standing(shop) == before
    totals = tried.totals
    assert outcome.bad_rows == []
    assert (totals.members, totals.cards) == (3, 3)
    assert (totals.principal_minor, totals.bonus_minor, totals.points) == (123_451, 10_000, 77)
    assert (outcome.posted, outcome.known, outcome.bad_rows) == (2, 0, [])

    booked, outcome = load(shop, path, signed=(tried.code, "9001"))
    assert (booked, outcome.posted, outcome.members) == (tried, 2, 3)
    held = shop.rows(
        "select m.number, c.state, a.kind, a.balance::int from shop.member m"
        " join shop.wallet w on w.member = m.id join shop.card c on c.wallet = w.id"
        " join ledger.account a on a.wallet = w.id"
        " where m.number like 'M-%' and a.balance <> 0 order by 1, 3"
    )
    assert held == [
        ("M-1", "active", "bonus", 10_000),
        ("M-1", "active", "points", 77),
        ("M-1", "active", "principal", 123_450),
        ("M-2", "frozen", "principal", 1),
    ]
    signed = "select facts->'totals'->>'principal_minor' from sec.audit where what = 'openings_signed'"
    assert shop.rows(signed) == [("123451",)]
    assert shop.rows("select * from ledger.verify()") == []

    after = standing(shop)
    again, outcome = load(shop, path, signed=(tried.code, "9001"))
    assert (again, outcome.posted, outcome.known) == (tried, 0, 2)
    assert standing(shop) == after


def test_a_telephone_is_sealed_and_finds_its_member(shop: Shop, tmp_path: Path) -> None:
    book(dollars(shop), a_list(tmp_path, *GOOD))
    ((member, sealed),) = shop.rows(
        "select m.id, p.phone from shop.member m join shop.personal p on p.member = m.id"
        " join shop.member_search s on s.member = m.id where s.phone_index = %s",
        DEMO_INDEX_KEY.token("phone", "13800138000"),
    )
    assert isinstance(member, int)
    assert isinstance(sealed, bytes)
    assert unseal({1: DEMO_DATA_KEY}, sealed, member=member, field="phone") == "13800138000"


BAD_ROWS: Final[list[tuple[list[str], list[tuple[int, str]]]]] = [
    (["M-1,a,,,,,1,,,1.005,,"], [(2, "principal")]),
    (["M-1,a,,,,,1,,,-1,,"], [(2, "principal")]),
    (["M-1,a,,,,,1,,,12x,,"], [(2, "principal")]),
    (['M-1,a,,,,,1,,,"1,23",,'], [(2, "principal")]),
    (["M-1,a,,,,,1,,,,,1.5"], [(2, "points")]),
    ([",a,,,,,1,,,1,,"], [(2, "member")]),
    (["M-1,a,123,,,,1,,,1,,"], [(2, "phone")]),
    (["M-1,a,,,,31.10.2019,1,,,1,,"], [(2, "joined")]),
    (["M-1,a,,,,,1,,closed,1,,"], [(2, "card_state")]),
    (["M-1,a,,,,,,,active,1,,"], [(2, "card")]),
    (["M-1,a,,,,,1,,,1,,", "M-1,b,,,,,2,,,1,,"], [(3, "listed_twice")]),
    (["M-1,a,,,,,1,,,1,,", "M-2,b,,,,,1,,,1,,"], [(3, "listed_twice")]),
    (["M-1,a,,,S99,,1,,,1,,"], [(2, "unknown_store")]),
    (["M-1,a,,platinum9,,,1,,,1,,"], [(2, "unknown_tier")]),
    (["M-1,a,,,,,1,nothing,,1,,"], [(2, "malformed")]),
    (["M-1,a,,,,,88000001,,,1,,"], [(2, "already_used")]),
    (["M-1,a\u202eb,,,,,1,,,1,,"], [(2, "unclean_text")]),
    (["M-1,a,,,,,,,,1,,"], [(2, "no_card")]),
    (["M-1,a,,,,,1,,,1,"], [(2, "row_width")]),
]


def test_a_bad_row_stays_out_with_its_line(shop: Shop, tmp_path: Path) -> None:
    dollars(shop)
    for rows, found in BAD_ROWS:
        tried, outcome = load(shop, a_list(tmp_path, *rows))
        assert [(row.line, row.code) for row in outcome.bad_rows] == found
        assert tried.totals.members == len(rows) - len(found), rows
        assert tried.totals.principal_minor == 100 * (len(rows) - len(found))


def test_a_list_that_is_none_is_refused_whole(shop: Shop, tmp_path: Path) -> None:
    before = standing(dollars(shop))
    for head, rows, code in (
        ("name,card", ["a,1"], "columns_missing"),
        ("member,会员号", ["a,1"], "column_twice"),
        ("member,blance", ["a,1"], "column_unknown"),
        ("member,principal", [], "empty"),
    ):
        with pytest.raises(ImportRefused, match=code):
            load(shop, a_list(tmp_path, *rows, head=head))
    broken = tmp_path / "old.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a book")
    with pytest.raises(ImportRefused, match="unreadable"):
        load(shop, broken)
    assert standing(shop) == before


def test_nothing_is_booked_without_the_code_of_exactly_this(shop: Shop, tmp_path: Path) -> None:
    path = a_list(tmp_path, *GOOD)
    code = load(dollars(shop), path)[0].code
    before = standing(shop)

    def refused(**otherwise: object) -> str:
        with pytest.raises(ImportRefused) as caught:
            load(shop, path, **otherwise)  # type: ignore[arg-type]
        assert standing(shop) == before
        return caught.value.code

    assert refused(signed=("00000000", "9001")) == "sign_differs"
    assert refused(signed=(code, "7777777")) == "unknown_staff"
    assert refused(signed=(code, "9001"), at=AT.replace(day=30)) == "sign_differs"
    a_list(tmp_path, *GOOD, "M-4,d,,,,,90000004,,,5,,")
    assert refused(signed=(code, "9001")) == "sign_differs"


def test_another_amount_for_who_has_opened_is_refused_by_its_line(shop: Shop, tmp_path: Path) -> None:
    book(dollars(shop), a_list(tmp_path, *GOOD))
    after = standing(shop)
    changed = a_list(tmp_path, GOOD[0], "M-2,Anna,,,,,90000002,bearer,frozen,9.99,,")
    _, outcome = book(shop, changed)

    assert [(row.line, row.code) for row in outcome.bad_rows] == [(3, "id_reused")]
    assert (outcome.posted, outcome.known, outcome.refused) == (0, 1, 1)
    assert standing(shop) == after


def test_a_workbook_says_what_the_text_says(shop: Shop, tmp_path: Path) -> None:
    book_ = Workbook()
    sheet = book_.active
    assert sheet is not None
    sheet.append(["会员号", "姓名", "卡号", "余额", "积分", "入会日期"])
    sheet.append(["M-1", "欧阳娜娜", 90000001, 1234.5, 77, date(2019, 5, 1)])
    sheet.append([1001, "=1+1", "90000002", "0.01", None, None])
    sheet.append([1002, "x", 1234567890123456789, 5, None, None])
    path = tmp_path / "old.xlsx"
    book_.save(path)
    tried, outcome = load(dollars(shop), path)

    assert (tried.totals.members, tried.totals.principal_minor, tried.totals.points) == (2, 123_451, 77)
    assert [(row.line, row.code) for row in outcome.bad_rows] == [(4, "number_rounded")]


def test_uses_of_a_pass_are_opened_and_spent_like_bought_ones(shop: Shop, tmp_path: Path) -> None:
    """Needs a published pass; its name is the heading."""
    dollars(shop)
    with shop.connect() as connection:
        rule = connection.execute(
            "with f as (insert into shop.rule(family, name) values ('pass', 'Haircuts') returning id)"
            " insert into shop.rule_version(rule, version, valid_from, term_days, body, published_by,"
            " approved_by) select f.id, 1, '2020-01-01', 365,"
            ' \'{"count": 10, "price_minor": 30000}\', 1, 2 from f returning rule'
        ).fetchone()
        assert rule is not None
        connection.execute("select ledger.open_pass(%s)", rule)
    path = a_list(tmp_path, "M-1,90000001,7", "M-2,90000002,", head="member,card,pass:haircuts")
    opening, outcome = book(shop, path)

    assert (opening.totals.passes, outcome.posted, outcome.bad_rows) == ({"haircuts": 7}, 1, [])
    lots = shop.rows(
        "select l.remaining::int, l.expires_at is not null from ledger.lot l where l.kind = %s",
        f"pass:{rule[0]}",
    )
    assert lots == [(7, True)]
    assert shop.rows("select * from ledger.verify()") == []
    _, outcome = load(shop, a_list(tmp_path, "M-3,90000003,1", head="member,card,pass:massage"))
    assert [row.code for row in outcome.bad_rows] == ["unknown_pass"]
