"""What the fields of a member's record mean: from text to a draft and back. No widget here.

Always true: a choice is its word or its number in the row of choices; a sealed field is never filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.birthday import LunarCalendar, born_on, read_birthday
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import IdNumber, read_company_number, read_id_number
from huiyuan.domain.model.members import (
    COMPANY,
    COMPANY_FIELDS,
    KEPT,
    SOURCES,
    Keep,
    MemberDraft,
    MemberForm,
    MemberPage,
)
from huiyuan.domain.model.person import (
    ADDRESS_MAX,
    NAME_MAX,
    Doubt,
    doubts_of_name,
    doubts_of_person,
    read_line,
    read_name,
)
from huiyuan.domain.model.phone import read_phone
from huiyuan.screens.wording import GENDERS, MEMBER_KINDS, SOURCES as SOURCE_WORDS, Wording

Typed = Mapping[str, str]

FIELDS: Final = (
    "name", "phone", "id_no", "gender", "birthday", "address", "tier", "home_store", "kind",
    *COMPANY_FIELDS, "marketing", "source",
)  # fmt: skip
OF_PERSONS: Final = ("gender", "birthday")
NOTHING: Final[Mapping[str, str]] = dict.fromkeys(FIELDS, "")
AWAY: Final = "-"
_KEPT_DOUBTS: Final = {
    "phone": (Doubt.PHONE_SHARED,),
    "id_no": (Doubt.GENDER_DIFFERS, Doubt.BIRTHDAY_DIFFERS),
}


def values_of(form: MemberForm, name: str) -> list[object]:
    """What the numbers of a field stand for, in order; empty for a field of free text."""
    values: dict[str, list[object]] = {
        "gender": list(GENDERS),
        "kind": list(MEMBER_KINDS),
        "source": list(SOURCES[:3]),
        "marketing": [True, False],
        "tier": [tier.id for tier in form.tiers],
        "home_store": [store.id for store in form.stores],
    }
    return values.get(name, [])


def choices_of(say: Wording, form: MemberForm, name: str) -> list[str]:
    """The words for `values_of`, in the same order."""
    words: dict[str, list[str]] = {
        "gender": [say.tr(word) for word in GENDERS.values()],
        "kind": [say.tr(word) for word in MEMBER_KINDS.values()],
        "source": [say.tr(SOURCE_WORDS[key]) for key in SOURCES[:3]],
        "marketing": [say(msg("yes")), say(msg("no"))],
        "tier": [tier.name for tier in form.tiers],
        "home_store": [f"{store.code} {store.name}" for store in form.stores],
    }
    return words.get(name, [])


def word_for(say: Wording, form: MemberForm, name: str, text: str) -> str | None:
    """The word that a digit typed into a field of few choices stands for, alone or behind another word."""
    choices = choices_of(say, form, name)
    before, digit = text[:-1], text[-1:]
    if digit in {str(n) for n in range(1, len(choices) + 1)} and (not before or before in choices):
        return choices[int(digit) - 1] if len(choices) < 10 else None
    return None


def typed_of(say: Wording, form: MemberForm, page: MemberPage | None, *, store: int) -> dict[str, str]:
    """What the fields hold at first: the member as he is, or a new one of this store."""

    def word(name: str, value: object) -> str:
        values = values_of(form, name)
        return choices_of(say, form, name)[values.index(value)] if value in values else ""

    if page is None:
        first = {"tier": form.tiers[0].id, "home_store": store, "kind": "person", "marketing": False}
        return {name: word(name, value) for name, value in {**first, "source": "counter"}.items()}
    home = page.home_store.id if page.home_store else None
    return {
        "name": page.name,
        "gender": word("gender", page.gender),
        "birthday": page.birthday.written() if page.birthday else "",
        "tier": word("tier", page.tier.id),
        "home_store": word("home_store", home),
        "kind": word("kind", page.kind),
        "marketing": word("marketing", page.marketing),
        "source": word("source", page.source),
    }


def draft_of(
    typed: Typed,
    *,
    say: Wording,
    form: MemberForm,
    page: MemberPage | None,
    today: date,
    lunar: LunarCalendar,
) -> MemberDraft:
    """The draft that the fields make.

    Raises:
        Refused: the first field that cannot be read: as `read_name`, `read_phone`, `read_id_number`
            (of a company `read_company_number`), `read_birthday`; `choice_unknown` (field, count).
    """
    name = read_name(typed["name"])
    kind = kind_of(say, form, typed)
    typed = {**typed, **dict.fromkeys(hidden_of(kind), "")}
    phone = _sealed(typed["phone"], page, page is not None and page.phone != "", read_phone)
    found: list[IdNumber] = []

    def read_id(text: str) -> str:
        if kind == COMPANY:
            return read_company_number(text)
        found.append(read_id_number(text, today=today))
        return found[0].text

    id_no = _sealed(typed["id_no"], page, page is not None and page.id_no != "", read_id)
    gender = _chosen(say, typed, form, "gender")
    birthday = read_birthday(typed["birthday"], today=today, lunar=lunar) if typed["birthday"] else None
    address = _sealed(typed["address"], page, page is not None and page.address, _read_address)
    doubts = doubts_of_name(name, person=kind == "person") | doubts_of_person(
        birthday=birthday,
        born=born_on(birthday, lunar) if birthday else None,
        gender=str(gender) if gender else None,
        id_no=found[0] if found else None,
        today=today,
    )
    tier, home, marketing, source = (
        _chosen(say, typed, form, each) for each in ("tier", "home_store", "marketing", "source")
    )
    return MemberDraft(
        member=form.member,
        version=page.version if page else None,
        name=name,
        kind=kind,
        tier=tier if isinstance(tier, int) else form.tiers[0].id,
        home_store=home if isinstance(home, int) else None,
        gender=str(gender) if gender else None,
        birthday=birthday,
        phone=phone,
        id_no=id_no,
        address=address,
        marketing=bool(marketing),
        source=KEPT if source is None else str(source),
        archived=page.archived if page else False,
        company=_company(typed, page),
        doubts=tuple(sorted(str(doubt) for doubt in doubts | _kept_doubts(page, phone, id_no))),
    )


def kind_of(say: Wording, form: MemberForm, typed: Typed) -> str:
    """Person or company. Raises Refused `choice_unknown`."""
    return str(_chosen(say, typed, form, "kind") or "person")


def hidden_of(kind: str) -> tuple[str, ...]:
    """The fields that a record of this kind has not."""
    return OF_PERSONS if kind == COMPANY else COMPANY_FIELDS


def is_company_number(text: str, *, today: date) -> bool:
    """Whether what was typed as a number is that of a business licence and of no person."""
    try:
        read_id_number(text, today=today)
    except Refused:
        try:
            return bool(read_company_number(text))
        except Refused:
            return False
    return False


def _company(typed: Typed, page: MemberPage | None) -> dict[str, str | None]:
    """Those of COMPANY_FIELDS that change."""
    found: dict[str, str | None] = {}
    for name in COMPANY_FIELDS:
        if not typed[name]:
            continue
        held = page is not None and name in page.company
        value = _sealed(typed[name], page, held, read_phone if name.endswith("phone") else _named(name))
        if not isinstance(value, Keep):
            found[name] = value
    return found


def _named(field: str) -> Callable[[str], str]:
    return lambda text: read_line(text, field=field, most=NAME_MAX)


def _chosen(say: Wording, typed: Typed, form: MemberForm, name: str) -> object:
    """The value whose word or number was typed; None for an empty field. Raises Refused `choice_unknown`."""
    values, words, text = values_of(form, name), choices_of(say, form, name), typed[name]
    if not text:
        return None
    if text in words:
        return values[words.index(text)]
    if text not in {str(n) for n in range(1, len(values) + 1)}:
        raise Refused("choice_unknown", {"field": name, "count": len(values)})
    return values[int(text) - 1]


def _read_address(text: str) -> str:
    return read_line(text, field="address", most=ADDRESS_MAX)


def _sealed(text: str, page: MemberPage | None, held: bool, read: Callable[[str], str]) -> str | Keep | None:
    """A sealed field: empty leaves it as it is, `-` takes away what is there."""
    if not text:
        return KEPT if page is not None else None
    if text == AWAY and held:
        return None
    return read(text)


def _kept_doubts(
    page: MemberPage | None, phone: str | Keep | None, id_no: str | Keep | None
) -> frozenset[Doubt]:
    """Doubts about a sealed field that was not typed anew stay until somebody verifies them."""
    if page is None:
        return frozenset()
    fields = (("phone", phone), ("id_no", id_no))
    return frozenset(
        doubt
        for name, value in fields
        if value is KEPT
        for doubt in _KEPT_DOUBTS[name]
        if str(doubt) in page.doubts
    )
