"""A report as lines: widths in cells, amounts to the right."""

from __future__ import annotations

from huiyuan.tui.report_formats import as_table


def test_a_table_counts_cells_and_puts_amounts_to_the_right() -> None:
    lines = as_table(["tender", "cents"], [["现金", "5"], ["bank_card", "-1250"]], right=[False, True])
    assert lines == [
        "tender     cents",
        "---------  -----",
        "现金           5",
        "bank_card  -1250",
    ]
