"""What is typed about a person: names, phones, ID numbers, birthdays of both calendars, doubts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings, strategies as st

from huiyuan.domain.model.birthday import LUNAR, SOLAR, Birthday, age_on, born_on, read_birthday
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import (
    check_character,
    company_check_character,
    masked_id_number,
    read_company_number,
    read_id_number,
)
from huiyuan.domain.model.person import (
    Doubt,
    doubts_of_name,
    doubts_of_person,
    mixes_scripts,
    read_line,
    read_name,
)
from huiyuan.domain.model.phone import masked_phone, read_phone
from huiyuan.repositories.lunar import TableCalendar

TODAY = date(2026, 11, 22)
CALENDAR = TableCalendar()


def code_of(work: object, *arguments: object, **named: object) -> str:
    """The code that a reader refuses with; empty if it does not."""
    try:
        work(*arguments, **named)  # type: ignore[operator]
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    "name",
    ["Li [VIP]", "[1] Li", "[/x]", "O'Neil, Zhang", "'; DROP TABLE member;--", "=1+1", "会员𠮷😀", "é"],
)
def test_an_odd_name_is_kept_as_it_is(name: str) -> None:
    assert read_name(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Li ", "Li"), ("张　三", "张 三"), ("e\u0301", "\u00e9"), ("Li   Lei", "Li Lei"), ("Ａ１", "Ａ１")],
)
def test_a_name_is_trimmed_and_composed(typed: str, kept: str) -> None:
    assert read_name(typed) == kept


UNCLEAN = (
    *("A\x1b]0;x\x07", "A\x9b2J", "A\rB", "A\nB", "A\tB", "A\x00", "abc\u202e321", "Li\u200bu", "\ufeffLi"),
    *(
        "a\u00adb",
        "\u3164",
        "a\u2066b",
        "A\u2028B",
        "Li\x1bp\x00\x19",
        "\x7f",
        "b\u0301\u0301\u0301",
        "\ud800",
    ),
    "a\u2800b",
)


@pytest.mark.parametrize("name", UNCLEAN, ids=ascii)
def test_a_name_that_steers_or_hides_is_refused(name: str) -> None:
    assert code_of(read_name, name) == "unclean_text"


def test_a_name_has_1_to_64_characters() -> None:
    assert read_name("王" * 64)
    for name, code in (("", "text_missing"), ("  ", "text_missing"), ("王" * 65, "text_too_long")):
        assert code_of(read_name, name) == code
    assert code_of(read_name, "x" * 10**7) == "text_too_long"
    assert code_of(read_line, "", field="note", most=200) == "text_missing"


def test_scripts_that_look_alike_in_one_word_are_doubtful() -> None:
    assert mixes_scripts("раypal")
    assert not mixes_scripts("Zhang 张")
    assert not mixes_scripts("Иван Smith")
    assert doubts_of_name("раypal", person=True) == {Doubt.MIXED_SCRIPT}
    assert doubts_of_name("张3", person=True) == {Doubt.DIGITS_IN_NAME}
    assert doubts_of_name("张", person=True) == {Doubt.VERY_SHORT_NAME}
    assert doubts_of_name("7 天连锁", person=False) == frozenset()


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800138000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("0086-138-0013-8000", "13800138000"),
        ("021-5555 0101", "02155550101"),
        ("+86 21 5555 0101", "02155550101"),
        ("0571 8888 123", "05718888123"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_has_one_form_however_it_is_written(typed: str, normal: str) -> None:
    assert read_phone(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1380013800",
        "138001380001",
        "12800138000",
        "abc",
        "+86",
        "5555 0101",
        "1" * 50,
        "١٣٨٠٠١٣٨٠٠٠",
        "=1",
    ],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    assert code_of(read_phone, typed) == "phone_format"


def test_a_masked_phone_hides_its_middle() -> None:
    assert masked_phone("13800138000") == "138****8000"


dates = st.dates(date(1900, 1, 1), TODAY)


@given(dates, st.integers(0, 999), st.sampled_from(["110101", "310115", "659001", "820000"]))
def test_an_id_number_with_its_check_character_is_read_and_any_wrong_digit_found(
    born: date, serial: int, region: str
) -> None:
    seventeen = f"{region}{born:%Y%m%d}{serial:03}"
    right = seventeen + check_character(seventeen)
    read = read_id_number(right.lower(), today=TODAY)
    assert (read.text, read.born, read.gender) == (right, born, "male" if serial % 2 else "female")
    assert masked_id_number(read.text)[-4:] == right[-4:]
    assert right not in repr(read)
    for place in (3, 16, 17):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            if wrong != right:
                assert code_of(read_id_number, wrong, today=TODAY) == "id_no_check"


def test_known_id_numbers() -> None:
    assert read_id_number("11010519491231002x", today=TODAY).text == "11010519491231002X"  # of GB 11643
    assert read_id_number("440524198001010013", today=TODAY).gender == "male"
    for typed, code in (
        ("110105194912310021", "id_no_check"),
        ("11010519491231002", "id_no_format"),
        ("", "id_no_format"),
        ("990105194912310025", "id_no_format"),
        ("1101051949123100XX", "id_no_format"),
        ("11010519491331" + "002", "id_no_format"),
    ):
        assert code_of(read_id_number, typed, today=TODAY) == code
    for bad in ("11010519490230002", "11010520270101002", "11010518991231002"):
        assert code_of(read_id_number, bad + check_character(bad), today=TODAY) == "id_no_date"


@given(dates)
def test_every_solar_day_that_was_is_read_in_three_ways(born: date) -> None:
    for typed in (f"{born:%Y-%m-%d}", f"{born:%Y%m%d}", f"{born.year}.{born.month}.{born.day}"):
        birthday = read_birthday(typed, today=TODAY, lunar=CALENDAR)
        assert birthday == Birthday(SOLAR, born.year, born.month, born.day)
    assert born_on(birthday, CALENDAR) == born
    assert read_birthday(birthday.written(), today=TODAY, lunar=CALENDAR) == birthday


@settings(deadline=None)  # the first one loads the calendar
@given(st.integers(1900, 2025), st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_a_lunar_day_is_read_exactly_if_the_calendar_has_it(
    year: int, month: int, day: int, leap: bool
) -> None:
    typed = f"L{year}-{'R' if leap else ''}{month}-{day}"
    exists = day <= CALENDAR.month_days(year, month, leap=leap)
    assert (code_of(read_birthday, typed, today=TODAY, lunar=CALENDAR) == "") == exists
    assume(exists)
    birthday = read_birthday(typed.replace("L", "农历").replace("R", "闰"), today=TODAY, lunar=CALENDAR)
    assert birthday == Birthday(LUNAR, year, month, day, leap)
    assert read_birthday(birthday.written(), today=TODAY, lunar=CALENDAR) == birthday
    born = born_on(birthday, CALENDAR)
    assert born is not None
    # A lunar year begins between 21 January and 20 February.
    assert date(year, 1, 21) <= born <= date(year + 1, 2, 20)


def test_known_lunar_days() -> None:
    for typed, solar in (
        ("L2020-R4-1", date(2020, 5, 23)),
        ("L2020-4-1", date(2020, 4, 23)),
        ("L1990-8-15", date(1990, 10, 3)),
        ("农历2000-1-1", date(2000, 2, 5)),
    ):
        assert born_on(read_birthday(typed, today=TODAY, lunar=CALENDAR), CALENDAR) == solar
    assert read_birthday("L8-15", today=TODAY, lunar=CALENDAR) == Birthday(LUNAR, None, 8, 15)
    assert born_on(Birthday(LUNAR, None, 8, 15), CALENDAR) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-11-23", "birthday_ahead"),
        ("2023-02-29", "birthday_impossible"),
        ("1900-02-29", "birthday_impossible"),
        ("1800-01-01", "birthday_too_old"),
        ("L1800-1-1", "birthday_too_old"),
        ("L2027-1-1", "birthday_ahead"),
        ("L2026-12-1", "birthday_ahead"),
        ("L2021-R4-1", "birthday_impossible"),
        ("L2020-R4-30", "birthday_impossible"),
        ("L13-1", "birthday_impossible"),
        ("L8-31", "birthday_impossible"),
        ("2-29", "birthday_format"),
        ("1990-1-1-1", "birthday_format"),
        ("1990/1-", "birthday_format"),
        ("yesterday", "birthday_format"),
        ("", "birthday_format"),
        ("L", "birthday_format"),
    ],
)
def test_a_birthday_that_cannot_be_is_refused_with_its_reason(typed: str, code: str) -> None:
    assert code_of(read_birthday, typed, today=TODAY, lunar=CALENDAR) == code


def test_29_february_and_the_first_day_of_1900() -> None:
    leap_day = date(2000, 2, 29)
    assert (age_on(leap_day, date(2026, 2, 28)), age_on(leap_day, date(2026, 3, 1))) == (25, 26)
    assert read_birthday("2000-02-29", today=TODAY, lunar=CALENDAR) == Birthday(SOLAR, 2000, 2, 29)
    oldest = read_birthday("1900-01-01", today=TODAY, lunar=CALENDAR)
    assert doubts_of_person(birthday=oldest, born=date(1900, 1, 1), gender=None, id_no=None, today=TODAY) == {
        Doubt.VERY_OLD
    }


def test_what_does_not_agree_with_the_id_number_is_doubtful() -> None:
    id_no = read_id_number("11010519491231002X", today=TODAY)  # female, 31 December 1949
    born = date(1949, 12, 30)
    found = doubts_of_person(
        birthday=Birthday(SOLAR, 1949, 12, 30), born=born, gender="male", id_no=id_no, today=TODAY
    )
    assert found == {Doubt.GENDER_DIFFERS, Doubt.BIRTHDAY_DIFFERS}
    lunar = doubts_of_person(
        birthday=Birthday(LUNAR, None, 11, 12), born=None, gender="female", id_no=id_no, today=TODAY
    )
    assert lunar == frozenset()


@pytest.mark.parametrize(
    "number", ["91350100M000100Y43", "91110108551385082Q", "911101085923662400", "91440300708461136T"]
)
def test_a_company_s_number_is_read_and_any_wrong_character_found(number: str) -> None:
    assert read_company_number(f" {number[:8].lower()}-{number[8:]} ") == number
    assert company_check_character(number[:17]) == number[17]
    for place, sign in enumerate(number):
        other = "8" if sign != "8" else "7"
        wrong = number[:place] + other + number[place + 1 :]
        assert code_of(read_company_number, wrong) == "company_no_check"


@pytest.mark.parametrize(
    "typed", ["", "9135", "91350100M000100Y4", "9135010OM000100Y43", "11010519491231002X1"]
)
def test_what_is_no_company_s_number(typed: str) -> None:
    assert code_of(read_company_number, typed) == "company_no_format"


def test_a_person_s_number_is_no_company_s() -> None:
    assert code_of(read_company_number, "11010519491231002X") == "company_no_check"
    assert code_of(read_id_number, "91350100M000100Y43", today=TODAY) == "id_no_format"
