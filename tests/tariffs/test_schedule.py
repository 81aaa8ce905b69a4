from __future__ import annotations

import datetime as dt

import pytest

from headway.errors import UnknownCode
from headway.tariffs import schedule


def test_ten_digit_lines_inherit_the_rates_above_them() -> None:
    found = schedule.line("8703230140")
    assert found.general.text == "2.5%"
    assert found.column2.text == "10%"
    assert found.special["KR"].form == "free"


def test_korean_trucks_are_staged() -> None:
    assert schedule.line("8704310120").special["KR"].text == "25%"


def test_a_line_without_statistical_suffix_ends_in_00() -> None:
    assert schedule.line("3304995000").general.form == "free"


def test_a_heading_lists_its_lines() -> None:
    with pytest.raises(UnknownCode, match="73 lines") as error:
        schedule.resolve("8703")
    assert "8703101000" in error.value.fix


def test_a_retired_code_names_its_successor() -> None:
    code, day, successors = next(one for one in schedule.retirements() if one[2])
    assert schedule.retired_before(code, day - dt.timedelta(days=1)) is None
    error = schedule.retired_before(code, day)
    assert error is not None
    assert successors[0] in error.fix


def test_a_code_that_goes_on_is_not_retired() -> None:
    again = {row["new"] for row in schedule.table("changes").iter_rows(named=True)}
    assert not again & {code for code, _, _ in schedule.retirements()}


@pytest.mark.parametrize("text", ["abc", "12", "12345678901", "9999"])
def test_nonsense_is_no_code(text: str) -> None:
    with pytest.raises(UnknownCode):
        schedule.resolve(text)


def test_chapter_99_is_no_article() -> None:
    with pytest.raises(UnknownCode, match="chapter 99"):
        schedule.resolve("9903.94.01")


def test_russia_pays_column_2_since_april_2022() -> None:
    assert not schedule.pays_column_2("RUS", dt.date(2022, 4, 8))
    assert schedule.pays_column_2("RUS", dt.date(2022, 4, 9))
    assert schedule.pays_column_2("CUB", dt.date(2018, 1, 1))


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(UnknownCode, match="Unknown fact"):
        schedule.mask(["no_such_fact"])
