"""What is personal leaves the database for who may see it, one value at a time, and never without a trace.

Each attempt has its control: the honest way hands the value out.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.sealing import seal
from huiyuan.repositories.secrets import DataKey
from tests import facts
from tests.cluster import Shop
from tests.tills import Till, open_till

KEY = DataKey(b"k" * 32)
PHONE = "13800138000"


@pytest.fixture
def supervisor(shop: Shop) -> Iterator[Till]:
    till = open_till(shop, 1, number=facts.SUPERVISOR.number, pin=facts.SUPERVISOR.pin)
    sealed = {
        "sealed": seal(KEY, PHONE, member=1, field="phone").hex(),
        "mask": seal(KEY, "138****8000", member=1, field="phone_mask").hex(),
        "index": DEMO_INDEX_KEY.token("phone", PHONE).hex(),
        "index4": DEMO_INDEX_KEY.token("phone4", "8000").hex(),
    }
    saved = till.call("member_save", 1, 1, json.dumps({"phone": sealed}))
    assert saved.get("version") == 2, saved
    yield till
    till.connection.close()


def reveal(till: Till, *, member: int = 1, reason: str = "回访") -> Any:
    """Both steps, each a transaction of its own; the first answer that is a refusal, else the second."""
    asked = uuid.uuid4()
    begun = till.call("reveal_begin", asked, member, "phone", reason)
    return begun if "refused" in begun else till.call("reveal", asked)


def traces(shop: Shop) -> int:
    return int(str(shop.rows("select count(*) from sec.audit where what = 'reveal'")[0][0]))


TABLES = (
    "shop.personal",
    "shop.member",
    "shop.member_search",
    "shop.member_change",
    "shop.member_note",
    "sec.reveal",
    "shop.company_person",
)


def test_no_terminal_reads_or_writes_a_personal_table(shop: Shop, supervisor: Till) -> None:
    for table in TABLES:
        for statement in (
            f"select * from {table}",
            f"delete from {table}",
            f"insert into {table} default values",
        ):
            with pytest.raises(InsufficientPrivilege):
                supervisor.connection.execute(statement.encode())
    for call in (
        "shop.index_member(1, null)",
        "shop.personal_shown(1)",
        "shop.member_view((select m from shop.member m where id = 1))",
        "shop.keep_personal(1, '{}')",
        "shop.company_shown(1)",
        "shop.keep_company(1, 'company', '{}')",
    ):
        with pytest.raises(InsufficientPrivilege):
            supervisor.connection.execute(f"select {call}".encode())
    assert "sealed" in reveal(supervisor)  # control: the api hands it out


def test_the_page_never_carries_the_sealed_value_itself(shop: Shop, supervisor: Till) -> None:
    whole = reveal(supervisor)["sealed"]
    for call, arguments in (
        ("member_page", (1,)),
        ("member_history", (1,)),
        ("find_member", (["张"], None, None, None, [], [], [])),
        ("card_page", ("number", facts.token(facts.GOLD_CARD))),
    ):
        answer = json.dumps(
            supervisor.connection.execute(
                f"select api.{call}({', '.join(['%s'] * len(arguments))})".encode(), arguments
            ).fetchone(),
            default=str,
            ensure_ascii=False,
        )
        assert "张伟" in answer or call == "member_history"
        assert whole not in answer
        assert PHONE not in answer
        assert DEMO_INDEX_KEY.token("phone", PHONE).hex() not in answer


def test_a_value_is_shown_only_after_its_trace_was_committed(shop: Shop, supervisor: Till) -> None:
    asked = uuid.uuid4()
    with supervisor.connection.transaction(force_rollback=True):
        supervisor.call("reveal_begin", asked, 1, "phone", "偷看")
        assert supervisor.call("reveal", asked)["refused"] == "in_transaction"
    assert supervisor.call("reveal", asked)["refused"] == "reveal_lost"

    # The second step may be rolled back: the trace of the first one stays.
    before = traces(shop)
    honest = uuid.uuid4()
    supervisor.call("reveal_begin", honest, 1, "phone", "回访")
    with supervisor.connection.transaction(force_rollback=True):
        shown = supervisor.call("reveal", honest)
        assert "sealed" in shown
    assert traces(shop) == before + 1
    assert shop.rows("select reason, staff from sec.reveal where id = %s", honest) == [
        ("回访", shop.rows("select id from sec.staff where number = %s", facts.SUPERVISOR.number)[0][0])
    ]


def test_within_one_transaction_nothing_is_shown_whatever_was_done_before_it(supervisor: Till) -> None:
    for first in ("select 1", "select api.hello()", "select pg_current_xact_id()"):
        asked = uuid.uuid4()
        with supervisor.connection.transaction():
            supervisor.connection.execute(first.encode())
            supervisor.call("reveal_begin", asked, 1, "phone", "回访")
            assert "sealed" not in supervisor.call("reveal", asked)
    assert "sealed" in reveal(supervisor)  # control: two transactions


def test_a_cashier_sees_masks_only_and_a_stranger_nothing(shop: Shop, supervisor: Till) -> None:
    cashier = open_till(shop, 2, number=facts.CASHIER.number, pin=facts.CASHIER.pin)
    stock = open_till(shop, 3, number=facts.STOCK_KEEPER.number, pin=facts.STOCK_KEEPER.pin)
    stranger = Till(shop, facts.TILL_2, shop.connect(facts.TILL_2), {})
    asked = uuid.uuid4()
    supervisor.call("reveal_begin", asked, 1, "phone", "回访")

    assert cashier.call("member_page", 1)["phone"]
    assert reveal(cashier)["facts"] == {"permission": "reveal"}
    assert cashier.call("reveal", asked)["refused"] == "not_permitted"
    for call, arguments in (
        ("member_page", (1,)),
        ("member_history", (1,)),
        ("statement", (1, None, 5)),
        ("wallet_statement", (1, None, None, None, 5)),
        ("member_form", (1,)),
        ("members_to_verify", (5,)),
        ("member_save", (1, 2, "{}")),
        ("member_note_put", (1, None, "x", True)),
    ):
        assert stranger.call(call, *arguments)["refused"] == "not_signed_in"
        assert stock.call(call, *arguments)["facts"] == {"permission": "members"}
    for till in (cashier, stock, stranger):
        till.connection.close()


def test_another_terminal_does_not_take_what_was_asked_here(shop: Shop, supervisor: Till) -> None:
    other = open_till(shop, 2, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    asked = uuid.uuid4()
    supervisor.call("reveal_begin", asked, 1, "phone", "回访")

    assert other.call("reveal", asked)["refused"] == "reveal_lost"
    assert "sealed" in supervisor.call("reveal", asked)
    assert supervisor.call("reveal", asked)["refused"] == "reveal_lost"  # once
    other.connection.close()


def test_thirty_an_hour_are_the_most_and_a_reason_is_a_must(shop: Shop, supervisor: Till) -> None:
    for reason, code in (("", "reason_missing"), ("  ", "reason_missing"), ("a\x1b[2J", "unclean_text")):
        assert reveal(supervisor, reason=reason)["refused"] == code
    with shop.connect() as admin:
        admin.execute(
            "insert into sec.reveal(id, member, field, reason, staff, terminal, session, xid)"
            " select gen_random_uuid(), 1, 'phone', '回访', f.id, 1, 1, '1'::xid8"
            " from sec.staff f, generate_series(1, 29) where f.number = %s",
            (facts.SUPERVISOR.number,),
        )
    assert "sealed" in reveal(supervisor)
    assert reveal(supervisor)["refused"] == "reveal_limit"
    with shop.connect() as admin:
        admin.execute("update sec.reveal set at = at - interval '61 minutes'")
    assert "sealed" in reveal(supervisor)


def test_a_drawer_is_no_members_account(shop: Shop, supervisor: Till) -> None:
    drawer = shop.rows("select id from ledger.account where drawer is not null limit 1")
    if not drawer:
        with shop.connect() as admin:
            drawer = admin.execute(
                "insert into ledger.account(kind, unit, drawer) values ('cash', 'CNY', 1) returning id"
            ).fetchall()
    assert supervisor.call("statement", drawer[0][0], None, 5)["refused"] == "unknown_account"
    own = shop.rows("select id from ledger.account where wallet = 1 and kind = 'principal'")[0][0]
    assert supervisor.call("statement", own, None, 5)["movements"]  # control


def test_a_tier_is_given_by_hand_only_by_who_may(shop: Shop, supervisor: Till) -> None:
    cashier = open_till(shop, 2, number=facts.CASHIER.number, pin=facts.CASHIER.pin)
    for member, version in ((2, 1), (None, None)):
        answer = cashier.call("member_save", member, version, json.dumps({"name": "王芳", "tier": 3}))
        assert answer["facts"] == {"permission": "member_tier"}
    assert supervisor.call("member_save", 2, 1, json.dumps({"tier": 3}))["version"] == 2
    cashier.connection.close()
