"""Every row of the corpus has its tests: the table says which, and that they are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
APP: Final = "badinput/test_running_app.py::test_a_name_is_shown_letter_by_letter_and_steers_nothing"
BOX: Final = "badinput/test_running_app.py::test_what_is_typed_into_a_box_is_text_whatever_it_is"
READERS: Final = "badinput/test_readers.py::"
EDGE: Final = "repositories/test_master.py::test_unclean_text_is_refused_by_name"
KEPT: Final = "repositories/test_master.py::test_honest_text_however_odd_is_kept_as_it_is"
FINDER: Final = "repositories/test_finder.py::test_hostile_text_is_only_text"
PAPER: Final = "domain/test_receipt.py::test_no_name_breaks_the_paper_or_reaches_the_drawer"
PERSON: Final = "domain/test_person.py::"
FORM: Final = PERSON + "test_a_name_that_steers_or_hides_is_refused"
SHEET: Final = "repositories/test_exports.py::"
MONEY: Final = "domain/test_money.py::"
SHAPES: Final = "attacks/test_door_shapes.py::"

OWNERS: Final[dict[int, tuple[str, ...]]] = {
    1: (APP, KEPT),
    2: (APP,),
    3: (APP, BOX),
    4: (APP, BOX, KEPT),
    5: (APP,),
    6: (APP, EDGE, FORM),
    7: (APP, EDGE, FORM),
    8: (APP, EDGE, FORM),
    9: (FINDER, FORM),
    10: (APP, PAPER),
    11: (APP, KEPT),
    12: (APP, EDGE, FORM),
    13: (APP, EDGE, FORM),
    14: (APP, PERSON + "test_a_name_is_trimmed_and_composed"),
    15: (PERSON + "test_scripts_that_look_alike_in_one_word_are_doubtful",),
    16: (APP, FORM, PERSON + "test_a_name_has_1_to_64_characters"),
    17: (EDGE, PERSON + "test_a_name_has_1_to_64_characters"),
    18: ("importers/test_csv_rows.py::test_a_broken_row_is_a_finding_and_the_others_are_read",),
    19: (APP, BOX, FINDER),
    20: (
        SHEET + "test_text_that_begins_like_a_formula_is_quoted",
        SHEET + "test_a_workbook_keeps_numbers_as_numbers_and_every_text_as_text",
    ),
    21: (SHEET + "test_other_text_and_negative_amounts_stay_as_they_are",),
    26: (MONEY + "test_what_is_no_quantity_is_refused_with_its_code",),
    27: (
        SHAPES + "test_no_number_of_any_size_slips_through",
        MONEY + "test_an_amount_beyond_the_most_is_refused_before_it_overflows_anything",
    ),
    28: (
        PERSON + "test_a_phone_has_one_form_however_it_is_written",
        PERSON + "test_what_is_no_phone_is_refused",
    ),
    29: (PERSON + "test_an_id_number_with_its_check_character_is_read_and_any_wrong_digit_found",),
    30: (
        PERSON + "test_29_february_and_the_first_day_of_1900",
        PERSON + "test_a_birthday_that_cannot_be_is_refused_with_its_reason",
    ),
    31: (READERS + "test_a_burst_into_a_pin_field_is_not_a_pin",),
    32: (READERS + "test_a_code_with_controls_or_of_four_kilobytes_is_not_found",),
    33: ("tui/test_terminal.py::test_pasted_text_is_no_command_and_steers_nothing",),
    34: ("badinput/test_server_errors.py::test_an_error_of_the_server_shows_no_word_of_it",),
    35: ("config/test_logs.py::test_one_event_is_one_line_even_with_a_traceback_and_hostile_text",),
    36: (APP, SHEET + "test_other_text_and_negative_amounts_stay_as_they_are"),
    37: ("attacks/test_door_identity.py::test_the_same_id_with_other_content_or_from_elsewhere",),
    38: (
        SHAPES + "test_a_document_without_its_sections_is_empty",
        SHAPES + "test_a_value_of_another_type_is_refused",
    ),
}
"""Row -> its tests. 22 to 24 are files (tests/importers), 39 is the door's (tests/attacks), 40 test_fit's."""


def test_no_row_is_without_a_test() -> None:
    assert sorted(OWNERS) == [*range(1, 22), *range(26, 39)]


@pytest.mark.parametrize("row", sorted(OWNERS))
def test_the_tests_of_a_row_are_there(row: int) -> None:
    for owner in OWNERS[row]:
        file, _, name = owner.partition("::")
        text = (TESTS / file).read_text("utf-8")
        assert re.search(rf"^(?:async )?def {name}", text, re.MULTILINE), owner
