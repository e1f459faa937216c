"""Who acts for a company, over a real till: sealed, masked, shown one by one, on record, never searched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import company_check_character
from huiyuan.domain.model.members import MemberDraft
from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.search_words import member_tokens
from tests import facts
from tests.cluster import Shop
from tests.counters import open_counter
from tests.repositories.test_members import KEY, book_of

LICENCE = "91350100M000100Y4"
LICENCE += company_check_character(LICENCE)
PEOPLE = {
    "legal_name": "李建国",
    "legal_phone": "13911112222",
    "contact_name": "周敏",
    "contact_phone": "02155550101",
}
MASKS = {
    "legal_name": "李**",
    "legal_phone": "139****2222",
    "contact_name": "周**",
    "contact_phone": "021****0101",
}


def test_who_acts_for_a_company_is_sealed_masked_shown_on_record_and_found_by_nobody(
    shop: Shop, tmp_path: Path
) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        counter.start(facts.SUPERVISOR)
        book = book_of(counter)
        form = book.form(None)
        draft = MemberDraft(
            form.member, None, "明德茶业有限公司", "company", form.tiers[0].id, facts.STORE_1, None, None,
            id_no=LICENCE, company=PEOPLE,
        )  # fmt: skip
        saved = book.save(draft)
        page = book.page(saved.id)
        assert page.company == MASKS
        assert page.sealed() == ["id_no", *PEOPLE]

        # No row of any table holds a text, nor its mask, and no token leads to it.
        dump = str(
            shop.rows("select c, m, h from shop.company_person c, shop.member m, shop.member_change h")
        )
        for clear in (*PEOPLE.values(), *MASKS.values()):
            assert clear not in dump
            assert clear.encode().hex() not in dump
        tokens = (
            "select count(*) from shop.member_search"
            " where member = %s and (tokens && %s or phone_index = any(%s))"
        )
        hidden = [DEMO_INDEX_KEY.token("phone", text) for text in PEOPLE.values()]
        assert shop.rows(tokens, saved.id, list(member_tokens("李建国")), hidden) == [(0,)]
        assert shop.rows(tokens, saved.id, list(member_tokens("明德茶业有限公司")), hidden) == [
            (1,)
        ]  # control

        for field, text in PEOPLE.items():
            assert book.reveal(saved.id, field, reason="续签合同") == text
        trace = "select field, reason from sec.reveal where member = %s order by at"
        assert shop.rows(trace, saved.id) == [(field, "续签合同") for field in PEOPLE]
        assert [
            c for c in shop.rows("select facts from sec.audit where what = 'reveal'") if "李" in str(c)
        ] == []
        with shop.connect() as admin:
            admin.execute("update shop.company_person set sealed = (select sealed from shop.company_person"
                          " where field = 'contact_name') where field = 'legal_name'")  # fmt: skip
        with pytest.raises(Refused, match="seal_broken"):
            book.reveal(saved.id, "legal_name", reason="续签合同")


def test_edits_are_in_the_history_and_the_legal_representative_changes_for_a_known_person_only(
    shop: Shop, tmp_path: Path
) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        counter.start(facts.SUPERVISOR)
        book = book_of(counter)
        form = book.form(None)
        new = MemberDraft(
            form.member,
            None,
            "明德茶业有限公司",
            "company",
            form.tiers[0].id,
            None,
            None,
            None,
            company=PEOPLE,
        )
        saved = book.save(new)
        edit = replace(new, version=1, company={"legal_name": "王丽", "contact_phone": None})
        with pytest.raises(Refused) as refusal:
            book.save(edit)
        assert (refusal.value.code, refusal.value.facts["fields"]) == ("identity_check", ["legal_name"])
        assert book.page(saved.id).company == MASKS
        book.save(replace(edit, checked="id_document"))
        assert book.page(saved.id).company == {
            "legal_name": "王**", "legal_phone": "139****2222", "contact_name": "周**"
        }  # fmt: skip
        change = book.history(saved.id, before=None, most=9)[0]
        assert change.before == {"legal_name": "李**", "contact_phone": "021****0101"}
        assert change.after == {"legal_name": "王**", "contact_phone": None}
        with pytest.raises(Refused, match="nothing_sealed"):
            book.reveal(saved.id, "contact_phone", reason="续签合同")

        # A person has nobody who acts for a company.
        book.save(replace(new, version=2, kind="person", company={}))
        assert book.page(saved.id).company == {}
        assert shop.rows("select count(*) from shop.company_person where member = %s", saved.id) == [(0,)]


def test_a_sealed_value_under_another_key_is_only_said_to_be_there(shop: Shop, tmp_path: Path) -> None:
    from huiyuan.repositories.secrets import DataKey

    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        counter.start(facts.SUPERVISOR)
        book = book_of(counter, KEY)
        form = book.form(None)
        saved = book.save(
            MemberDraft(
                form.member, None, "某公司", "company", form.tiers[0].id, None, None, None, company=PEOPLE
            )
        )
        assert set(book_of(counter, DataKey(b"o" * 32)).page(saved.id).company.values()) == {None}
