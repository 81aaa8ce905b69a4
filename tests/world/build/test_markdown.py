"""Tables and numbers of the pages."""

from __future__ import annotations

import pytest

from headway.world.build.markdown import number, table


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(1234.5, 1, "1,234.5"), (-0.25, 2, "−0.25"), (1e6, 0, "1,000,000")]
)
def test_number(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text


def test_columns_of_numbers_are_aligned_right() -> None:
    lines = table(["name", "value"], [["a", "−1,200.5"], ["b", ""]]).splitlines()
    assert lines[1] == "| --- | --: |"
    assert lines[2] == "| a | −1,200.5 |"
