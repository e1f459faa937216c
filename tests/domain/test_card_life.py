"""The last day of a card that is renewed."""

from __future__ import annotations

from datetime import date

import pytest

from huiyuan.domain.model.card_life import renewed_until

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("was", "months", "ends"),
    [
        (date(2027, 11, 22), 12, date(2028, 11, 22)),  # a year ahead: nothing of it is lost
        (date(2026, 11, 23), 12, date(2027, 11, 23)),  # the day before its last
        (date(2026, 11, 22), 12, date(2027, 11, 22)),  # on its last day
        (date(2026, 11, 21), 12, date(2027, 11, 22)),  # past it: from today
        (date(2024, 1, 31), 3, date(2027, 2, 22)),
        (date(2027, 10, 31), 1, date(2027, 11, 30)),  # a shorter month
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (None, 12, date(2027, 11, 22)),
    ],
)
def test_a_term_follows_the_old_one_and_begins_today_once_that_is_over(
    was: date | None, months: int, ends: date
) -> None:
    assert renewed_until(was, TODAY, months) == ends
