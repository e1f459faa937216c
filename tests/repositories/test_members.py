"""Members over a real till: made, edited, looked at, with what is personal sealed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huiyuan.domain.model.birthday import Birthday
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import check_character, masked_id_number
from huiyuan.domain.model.members import MemberDraft
from huiyuan.repositories.counter.clock import CounterIds
from huiyuan.repositories.demo import DEMO_DATA_KEY, DEMO_INDEX_KEY
from huiyuan.repositories.demo_identity import demo_id_number
from huiyuan.repositories.members import DatabaseMembers
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.search_words import member_tokens
from huiyuan.repositories.secrets import DataKey
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.proxy import Proxy

KEY = DataKey(b"k" * 32)
OTHER_KEY = DataKey(b"o" * 32)
PHONE = "13800138000"
ID_NO = "31010119900307" + "123"
ID_NO += check_character(ID_NO)


def book_of(counter: Counter, key: DataKey = KEY) -> DatabaseMembers:
    return DatabaseMembers(
        counter.read_line,
        sealer=Sealer(lambda: key),
        token_of=DEMO_INDEX_KEY.token,
        words_of=member_tokens,
        ids=CounterIds(),
    )


@pytest.fixture
def counter(shop: Shop, tmp_path: Path) -> Iterator[Counter]:
    one = open_counter(shop.url(facts.TILL_1), tmp_path)
    one.start(facts.SUPERVISOR)
    yield one
    one.close_all()


def draft(book: DatabaseMembers, **changes: Any) -> MemberDraft:
    """A new member with everything, under an id of its own."""
    form = book.form(None)
    new = MemberDraft(
        member=form.member,
        version=None,
        name="赵一曼",
        kind="person",
        tier=form.tiers[0].id,
        home_store=facts.STORE_1,
        gender="female",
        birthday=Birthday("lunar", 1990, 5, 5, True),
        phone=PHONE,
        id_no=ID_NO,
        address="人民路 1 号",
        marketing=True,
        source="call_centre",
    )
    return replace(new, **changes)


def test_a_new_member_is_kept_sealed_and_shown_masked(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    saved = book.save(draft(book))

    page = book.page(saved.id)
    assert (page.number, page.version, page.name) == (f"{saved.id:06}", 1, "赵一曼")
    assert (page.phone, page.id_no, page.address) == ("138****8000", "*" * 14 + ID_NO[-4:], True)
    assert (page.gender, page.birthday) == ("female", Birthday("lunar", 1990, 5, 5, True))
    assert (page.source, page.created_store, page.created_by) == (
        "call_centre",
        "人民路店",
        facts.SUPERVISOR.name,
    )
    assert page.marketing
    # No column of the database holds the text; the key does not, either.
    dump = str(shop.rows("select p, s, m from shop.personal p, shop.member_search s, shop.member m"))
    for clear in ("13800138000", ID_NO, "人民路 1 号", "38000"):
        assert clear not in dump
        assert clear.encode().hex() not in dump


def test_what_is_known_of_a_demo_member_is_one_answer(counter: Counter) -> None:
    page = book_of(counter, DEMO_DATA_KEY).page(1)

    assert (page.name, page.tier.code) == ("张伟", "gold")
    assert [(card.number, card.state) for card in page.cards] == [("88000001", "active")]
    assert {account.kind: account.balance for account in page.accounts} == {
        "principal": 100_000,
        "bonus": 10_000,
        "points": 1_280,
        "points_debt": 0,
        "credit": 0,
        "advance": 0,
    }
    id_no = masked_id_number(demo_id_number(1))
    assert (page.phone, page.id_no, page.purchases, page.notes) == ("", id_no, (), ())
    assert book_of(counter).page(1).id_no is None, "on record, but under another key"


def test_a_sealed_value_of_another_member_does_not_open(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    one = book.save(draft(book))
    other = book.save(draft(book, phone="13900139000", id_no=None))
    assert book.reveal(other.id, "phone", reason="回访") == "13900139000"  # control: in its own row it opens

    with shop.connect() as admin:
        admin.execute(
            "update shop.personal p set phone = o.phone from shop.personal o"
            " where p.member = %s and o.member = %s",
            (other.id, one.id),
        )
        admin.execute("update shop.personal set address = phone where member = %s", (one.id,))

    for member, field in ((other.id, "phone"), (one.id, "address")):
        with pytest.raises(Refused) as refusal:
            book.reveal(member, field, reason="回访")
        assert (refusal.value.code, refusal.value.facts["field"]) == ("seal_broken", field)


def test_a_counter_with_another_key_sees_that_there_is_something_and_cannot_open_it(counter: Counter) -> None:
    book = book_of(counter)
    saved = book.save(draft(book))
    stranger = book_of(counter, OTHER_KEY)

    page = stranger.page(saved.id)
    assert (page.phone, page.id_no, page.name) == (None, None, "赵一曼")
    with pytest.raises(Refused, match="seal_broken"):
        stranger.reveal(saved.id, "phone", reason="回访")
    assert book.page(saved.id).phone == "138****8000"


def test_there_is_no_second_account_of_one_id_number(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    first = book.save(draft(book))

    with pytest.raises(Refused) as refusal:
        book.save(draft(book, name="赵二曼", phone=None))
    assert refusal.value.code == "same_id"
    assert dict(refusal.value.facts) == {"member": first.id, "number": first.number, "name": "赵一曼"}
    audited = str(shop.rows("select facts from sec.audit where facts->>'refused' = 'same_id'"))
    assert str(first.id) in audited
    assert "赵一曼" not in audited

    page = book.page(first.id)  # who left does not stand in the way
    book.save(kept(page, archived=True))
    assert book.save(draft(book, name="赵二曼", phone=None)).version == 1


def test_two_counters_at_once_make_one_account_of_an_id_number(
    shop: Shop, counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "two").mkdir()
    with open_counter(shop.url(facts.TILL_2), tmp_path / "two") as other:
        other.start(facts.SUPERVISOR)
        books = [book_of(counter), book_of(other)]
        drafts = [draft(book, phone=None) for book in books]
        barrier = threading.Barrier(2)
        answers: list[object] = []

        def save(book: DatabaseMembers, new: MemberDraft) -> None:
            barrier.wait()
            try:
                answers.append(book.save(new).id)
            except Refused as refused:
                answers.append((refused.code, refused.facts["member"]))

        threads = [threading.Thread(target=save, args=each) for each in zip(books, drafts, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    made = next(each for each in answers if isinstance(each, int))
    assert sorted(answers, key=str) == sorted([made, ("same_id", made)], key=str)


def kept(page: Any, **changes: Any) -> MemberDraft:
    """An edit of what `page` shows."""
    same = MemberDraft(
        member=page.id,
        version=page.version,
        name=page.name,
        kind=page.kind,
        tier=page.tier.id,
        home_store=page.home_store and page.home_store.id,
        gender=page.gender,
        birthday=page.birthday,
    )
    return replace(same, **changes)


def test_a_shared_phone_warns_names_the_other_and_is_kept_if_somebody_says_so(counter: Counter) -> None:
    book = book_of(counter)
    first = book.save(draft(book))
    second = draft(book, name="赵二曼", id_no=None)

    with pytest.raises(Refused) as refusal:
        book.save(second)
    assert (refusal.value.code, refusal.value.facts["member"]) == ("same_phone", first.id)
    saved = book.save(replace(second, same_phone=True))

    assert book.page(saved.id).doubts == ("phone_shared",)
    assert [(row.id, row.doubts) for row in book.doubtful(10)] == [(saved.id, ("phone_shared",))]
    assert book.doubtful(10, after=saved.id - 1)
    assert not book.doubtful(10, after=saved.id)


def test_name_and_phone_change_only_after_an_identity_check(counter: Counter) -> None:
    book = book_of(counter)
    saved = book.save(draft(book))
    page = book.page(saved.id)
    for change, fields in (
        ({"name": "赵三曼"}, ["name"]),
        ({"name": "赵三曼", "phone": "13900139000"}, ["name", "phone"]),
    ):
        with pytest.raises(Refused) as refusal:
            book.save(kept(page, **change))
        assert (refusal.value.code, refusal.value.facts["fields"]) == ("identity_check", fields)

    assert book.save(kept(page, gender="male")).version == 2  # control: the rest needs none
    assert book.save(kept(page, version=2, name="赵三曼", checked="id_document")).version == 3
    # The same phone again is no change of it.
    assert book.save(kept(page, version=3, name="赵三曼", phone=PHONE)).version == 4


def test_history_has_before_and_after_and_no_personal_value_in_clear(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    saved = book.save(draft(book))
    page = book.page(saved.id)
    book.save(kept(page, name="钱一曼", phone="13900139000", gender="male", checked="id_document"))

    newest, first = book.history(saved.id, before=None, most=9)
    assert list(book.history(saved.id, before=None, most=1)) == [newest]
    assert list(book.history(saved.id, before=newest.id, most=9)) == [first]
    assert (newest.staff, newest.store, newest.checked) == (facts.SUPERVISOR.name, "人民路店", "id_document")
    assert dict(newest.before) == {"gender": "female", "name": "赵**", "phone": "138****8000"}
    assert dict(newest.after) == {"gender": "male", "name": "钱**", "phone": "139****9000"}
    assert first.before == {}
    assert first.after["birthday"] is True
    stored = str(shop.rows("select before, after from shop.member_change")) + str(
        shop.rows("select facts from sec.audit")
    )
    for clear in ("赵一曼", "钱一曼", "13800138000", ID_NO, "1990", "人民路 1"):
        assert clear not in stored


def test_a_save_sent_twice_is_one_and_a_stale_one_is_refused(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    new = draft(book)
    given = book._given(new)
    calls = [book._call("select api.member_save(%s, null, %s)", new.member, json.dumps(given)) for _ in "12"]
    assert calls[0] == calls[1]
    assert shop.rows("select count(*) from shop.member_change") == [(1,)]

    page = book.page(new.member)
    book.save(kept(page, gender="male"))
    with pytest.raises(Refused) as refusal:
        book.save(kept(page, gender=None))
    assert (refusal.value.code, refusal.value.facts["version"]) == ("stale", 2)
    with pytest.raises(Refused, match="unknown_member"):
        book.save(kept(page, member=book.form(None).member, version=1))


def test_an_id_that_nobody_set_aside_is_no_id(counter: Counter) -> None:
    book = book_of(counter)
    with pytest.raises(Refused, match="malformed"):
        book.save(replace(draft(book), member=10**9))
    assert book.save(draft(book)).version == 1


MALFORMED: tuple[Any, ...] = (
    {"name": "x", "phone": {"sealed": "zz"}},
    {"name": "x", "phone": {"sealed": "ab" * 40, "mask": "ab" * 40}},
    {"name": "x", "id_no": "310101199003071230"},
    {"name": "x", "birthday": {"calendar": "solar", "year": 2023, "month": 2, "day": 29, "leap": False}},
    {"name": "x", "birthday": {"calendar": "solar", "year": 1800, "month": 2, "day": 2, "leap": False}},
    {"name": "x", "birthday": {"calendar": "solar", "month": 2, "day": 2, "leap": False}},
    {"name": "x", "birthday": {"calendar": "lunar", "month": 13, "day": 2, "leap": False}},
    {"name": "x", "birthday": "1990-01-01"},
    {"name": "x", "kind": "company", "company": []},
    {"name": "x", "kind": "company", "company": {"boss": None}},
    {"name": "x", "kind": "company", "company": {"legal_name": "李建国"}},
    {"name": "x", "kind": "company", "company": {"legal_name": {"sealed": "ab" * 40}}},
    {"name": "x", "company": {"legal_name": {"sealed": "ab" * 40, "mask": "ab" * 40}}},
    {"name": "x", "gender": "other"},
    {"name": "x", "doubts": ["DROP TABLE"]},
    {"name": "x", "tier": "1; drop"},
    {"name": "x", "tier": 99},
    {"name": "x", "home_store": 1},
    {"name": "x", "archived": "yes"},
    {"name": "x", "checked": "trust me"},
    {"name": "x", "request": "1"},
    [],
)


def test_what_is_malformed_is_refused_by_the_server_too(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    for given in MALFORMED:
        with pytest.raises(Refused, match="malformed"):
            book._call("select api.member_save(null, null, %s)", json.dumps(given))
    with pytest.raises(Refused, match="unknown_key"):
        book._call("select api.member_save(null, null, %s)", json.dumps({"name": "x", "balance": 1}))
    assert shop.rows("select count(*) from shop.member") == [(12,)]


def test_notes_pop_up_and_go(shop: Shop, counter: Counter) -> None:
    book = book_of(counter)
    book.put_note(1, "爱喝热豆浆", pops_up=False)
    book.put_note(1, "上次少找了 5 元", pops_up=True)

    notes = book.page(1).notes
    assert [(note.text, note.pops_up, note.by) for note in notes] == [
        ("上次少找了 5 元", True, facts.SUPERVISOR.name),
        ("爱喝热豆浆", False, facts.SUPERVISOR.name),
    ]
    book.remove_note(notes[0].id)
    assert [note.text for note in book.page(1).notes] == ["爱喝热豆浆"]
    with pytest.raises(Refused, match="unknown_note"):
        book.remove_note(notes[0].id)
    for text, member, code in (("a\nb", 1, "unclean_text"), ("x", 999, "unknown_member")):
        with pytest.raises(Refused, match=code):
            book.put_note(member, text, pops_up=True)


def test_each_question_is_one_round_trip(shop: Shop, proxy: Proxy, tmp_path: Path) -> None:
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as counter:
        counter.start(facts.SUPERVISOR)
        book = book_of(counter)
        new = draft(book)
        trips = {}

        def count(name: str, work: Callable[[], object]) -> None:
            proxy.reset_count()
            work()
            trips[name] = proxy.count.round_trips

        count("form", lambda: book.form(None))
        count("save", lambda: book.save(new))
        count("page", lambda: book.page(new.member))
        count("history", lambda: book.history(new.member, before=None, most=9))
        count("statement", lambda: book.statement(1, before=None, most=20))
        count("purchases", lambda: book.purchases(new.member, after=None, most=20))
        count("reveal", lambda: book.reveal(new.member, "phone", reason="回访"))
        count("card", lambda: book.card(token_kind="number", text=facts.GOLD_CARD.number))

    assert set(trips.values()) == {1}, trips
