"""The list of a batch on paper: spans of numbers, sums, and no line wider than the paper."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.batch_slip import IssuedPart, render_batch, spans
from huiyuan.domain.model.cells import cells
from huiyuan.domain.model.slip import SlipFacts
from tests.domain.builders import hello


def test_numbers_that_follow_each_other_are_one_span() -> None:
    assert spans(["008", "009", "010", "012", "A1", "A2", "9", "10"]) == [
        ("008", "010", 3), ("012", "012", 1), ("A1", "A1", 1), ("A2", "A2", 1), ("9", "9", 1),
        ("10", "10", 1),
    ]  # fmt: skip
    assert spans([]) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("columns", [32, 42, 48])
def test_every_part_and_the_sum_fit_the_paper(language: str, columns: int) -> None:
    parts = [
        IssuedPart("S01-01-000007", tuple(f"7000{n:04}" for n in range(50)), 50000),
        IssuedPart("S01-01-000008", ("70000050", "70000052"), 2000),
    ]
    slip = render_batch(
        parts, SlipFacts(hello=hello(), staff_name="王芳", language=language, columns=columns)
    )
    text = "\n".join(slip.lines)
    assert max(cells(each) for each in slip.lines) <= columns
    for part in ("S01-01-000007", "70000000-70000049", "x50", "S01-01-000008", "70000052", "520.00", "52"):
        assert part in text
