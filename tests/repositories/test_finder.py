"""The one box over a real till: every shape, one round trip each, at most twenty, no text in clear."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.needle import needle
from huiyuan.repositories.demo import DEMO_INDEX_KEY, MEMBERS
from huiyuan.repositories.finder import DatabaseFinder
from huiyuan.repositories.search_words import member_tokens
from tests import facts
from tests.cluster import Connection, Shop
from tests.faults.proxy import Proxy
from tests.posting import line, open_shift, sell
from tests.repositories.test_reads import ask_over
from tests.tills import Till, open_till

PHONES = {"张三": "13800138823", "李四": "13900138823", "单雄信": "02155550101"}
CROWD = 25


def people(shop: Shop) -> dict[str, int]:
    """Members with phones, and a crowd of one name; the last seen first."""
    made: dict[str, int] = {}
    with shop.connect() as owner:
        names = [*PHONES, *(f"钱多{'一二三四五六七八九十'[n % 10]}" for n in range(CROWD))]
        for place, name in enumerate(names):
            row = owner.execute(
                "insert into shop.member(number, name, tier, home_store) values (%s, %s, 1, 3) returning id",
                (f"T{place:04}", name),
            ).fetchone()
            assert row is not None
            phone = PHONES.get(name)
            key = DEMO_INDEX_KEY.token
            owner.execute(
                "select shop.index_member(%s, %s, %s, %s)",
                (
                    row[0],
                    member_tokens(name),
                    phone and key("phone", phone),
                    phone and key("phone4", phone[-4:]),
                ),
            )
            made[name] = int(str(row[0]))
        owner.execute("update shop.member_search set last_seen_on = current_date - member::int")
    return made


def finder(connection: Connection) -> DatabaseFinder:
    return DatabaseFinder(ask_over(connection), token_of=DEMO_INDEX_KEY.token)


@pytest.fixture
def till_1(till: Callable[[int], Till]) -> Till:
    return till(1)


def names(found: DatabaseFinder, typed: str) -> list[str]:
    return [member.name for member in found.find(needle(typed)).members]


def test_every_shape_finds_its_member(shop: Shop, till_1: Till) -> None:
    made = people(shop)
    one = finder(till_1.connection)

    for typed in (
        "zs",
        "zhangsan",
        "zhang san",
        "张三",
        "张三 ",
        "１３８００１３８８２３",
        "138-0013-8823",
        "zs8823",
        "8823张",
    ):
        assert names(one, typed) == ["张三"], typed
    assert names(one, "8823") == ["张三", "李四"]
    assert names(one, "zs 13800138823") == ["张三"]
    assert names(one, "ww8823") == []
    assert names(one, "02155550101") == names(one, "sxx") == names(one, "danxx") == ["单雄信"]
    assert [m.id for m in one.find(needle("T0000")).members] == [made["张三"]]
    assert one.find(needle("T0000")).members[0].last_seen_on is not None
    assert names(one, "王 张") == names(one, "qqqqqq") == names(one, "19999999999") == []


def test_a_card_opens_its_member_however_it_comes(shop: Shop, till_1: Till) -> None:
    one, card = finder(till_1.connection), facts.GOLD_CARD
    holder = MEMBERS[card.member - 1].name

    for typed in (card.number, f";{card.number}=2512101?", f"%B{card.number}^NAME^2512?"):
        found = one.find(needle(typed))
        assert [member.name for member in found.members] == [holder], typed
        assert found.card is not None
        assert found.card.number == card.number
        assert found.members[0].cards >= 1


def test_at_most_twenty_the_last_seen_first_and_said_so(shop: Shop, till_1: Till) -> None:
    people(shop)
    one = finder(till_1.connection)

    for typed in ("钱", "q", "qd", "钱多"):
        found = one.find(needle(typed))
        seen = [member.last_seen_on for member in found.members]
        assert (len(found.members), found.more) == (20, True), typed
        assert all(seen)
        assert seen == sorted(seen, key=str, reverse=True)
    few = one.find(needle("钱多一"))
    assert (len(few.members), few.more) == (3, False)


HOSTILE = (
    "'; DROP TABLE member;--", "%", "_", "\\", "{张三", "a" * 10_000, "\ud800", "q\x00q", "null", "[/xq",
)  # fmt: skip


def test_hostile_text_is_only_text(shop: Shop, till_1: Till) -> None:
    made = people(shop)
    one = finder(till_1.connection)

    found = {typed: names(one, typed) for typed in HOSTILE}
    assert found.pop("{张三") == ["张三"]
    assert {typed: who for typed, who in found.items() if who} == {}
    assert names(one, "O'Neil") == names(one, "oneil") == ["O'Neil, Zhang"]
    assert names(one, "张\u200b三") == names(one, "张\x00三") == names(one, "张三\n") == ["张三"]
    assert shop.rows("select count(*) from shop.member where id >= %s", made["张三"]) == [
        (len(PHONES) + CROWD,)
    ]


def test_one_question_is_one_round_trip_and_nothing_is_none(shop: Shop, proxy: Proxy) -> None:
    people(shop)
    till = open_till(shop, 1)
    token = bytes.fromhex(till.session["token"])
    trips = {
        "z": 1,
        "zs": 1,
        "8823": 1,
        "zs8823": 1,
        "王 张": 1,
        facts.GOLD_CARD.number: 1,
        "%": 0,
        "S01-01-1": 0,
    }

    with psycopg.connect(proxy.url(facts.TILL_1), autocommit=True) as slow:
        assert slow.execute("select api.resume(%s)", (token,)).fetchone()
        one = finder(slow)
        counted = {}
        for typed in trips:
            proxy.reset_count()
            one.find(needle(typed))
            counted[typed] = proxy.count.round_trips

    assert counted == trips


def test_searches_are_counted_by_person_and_hour_and_hold_no_text(shop: Shop, till_1: Till) -> None:
    people(shop)
    one = finder(till_1.connection)

    for typed in ("zs", "8823", "qqqqqq"):
        one.find(needle(typed))

    assert shop.rows("select sum(finds), sum(shown), sum(misses) from sec.find_tally") == [(3, 3, 1)]
    assert shop.rows("select count(*) from sec.audit where facts::text like '%%8823%%'") == [(0,)]
    assert till_1.connection.execute("select api.sign_out()").fetchone()
    with pytest.raises(Refused, match="not_signed_in"):
        one.find(needle("zs"))


def test_who_was_here_in_a_shift_counts_as_seen_on_its_day(shop: Shop, till_1: Till) -> None:
    with shop.connect() as owner:
        owner.execute("update shop.member_search set last_seen_on = '2020-01-01'")
    one, card = finder(till_1.connection), facts.PLAIN_CARD
    shift = open_shift(till_1)
    sell(till_1, shift, [line(1, facts.WATER)], wallet=facts.wallet_id(card))

    assert one.fold_last_seen(UUID(shift)) == 1
    assert one.fold_last_seen(UUID(shift)) == 0
    seen = shop.rows("select member from shop.member_search where last_seen_on > '2020-01-01'")
    assert seen == [(card.member,)]
    with pytest.raises(Refused, match="shift_missing"):
        one.fold_last_seen(uuid4())
