"""Cells that spreadsheets take for what they are."""

import pytest

from shared.values.csv_lines import as_text, csv_line


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", "\ufeff", "\u200b", " ", "\u3000", "\n", "\ufeff \u2060"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_marked_as_text(before: str, sign: str) -> None:
    assert as_text(f"{before}{sign}1") == f"'{before}{sign}1"


def test_other_cells_stay_and_nothing_is_an_empty_cell() -> None:
    assert csv_line(["A-1", " x", None, 0, "1=1"]) == "A-1, x,,0,1=1\r\n"
