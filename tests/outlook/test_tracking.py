"""Indices of uncertainty, and counts from the texts read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from headway.errors import DataError, UnreadableInput
from headway.outlook import months, tracking
from headway.policy.records import Document, Measure


def test_the_public_files_are_read(shared_data: Path) -> None:
    folder = shared_data / "korea-exports"
    (tpu,) = tracking.read_index(folder / "bbd_us_tpu_monthly_mean_of_daily.csv")
    assert "trade policy uncertainty" in tpu.title
    found = tracking.standing(tpu, as_known_on=dt.date(2025, 5, 10))
    assert months.label(found.number) == "2025-04"
    assert found.rank < 0.02  # April 2025 was among the highest months ever
    assert found.ratio_to_median > 5
    names = {index.name for index in tracking.read_index(folder / "gpr_caldara_iacoviello_1985-2024-07.csv")}
    assert names == {"GPR", "GPRT", "GPRA", "GPRC_KOR", "GPRC_USA", "GPRC_CHN"}


def test_an_index_file_of_another_layout_is_named(tmp_path: Path) -> None:
    path = tmp_path / "index.csv"
    path.write_text("date,x\n2024-01,1\n", encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"index\.csv has no column month"):
        tracking.read_index(path)
    path.write_text("month,x\n2024-01,1\n2024-03,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="missing, twice or out of order"):
        tracking.read_index(path)


def test_standing_by_hand() -> None:
    index = tracking.Index("x", "X", months.month("2024-01"), np.array([1.0, 2.0, 3.0, 10.0, 4.0] + [2.0] * 8))
    found = tracking.standing(index)
    assert found.value == 2.0
    assert found.rank == pytest.approx(3 / 13)
    assert found.ratio_to_median == 1.0
    assert found.change_on_year == pytest.approx(1.0)
    with pytest.raises(DataError, match="starts in 2024-01"):
        tracking.standing(index, as_known_on=dt.date(2024, 1, 5))


def test_the_survey_is_that_of_the_latest_quarter_known() -> None:
    found = tracking.latest_survey(dt.date(2025, 1, 20))
    assert (found[0].quarter, found[0].item, found[0].value) == ("2025Q1", "total", 96.1)
    assert {one.item: one.value for one in found}["semiconductors"] == 64.4
    assert tracking.latest_survey(dt.date(2024, 12, 21))[0].quarter == "2024Q3"
    assert tracking.latest_survey(dt.date(2020, 1, 1)) == ()
    assert tracking.latest_survey()[0].quarter == "2025Q3"


def _text(day: dt.date, restrict: int, liberalise: int = 0) -> Document:
    measures = tuple(
        Measure(id=f"m{n}", imposer="USA", instrument="tariff", stage="announced", direction=direction)
        for n, direction in enumerate(["restrict"] * restrict + ["liberalise"] * liberalise)
    )
    return Document(name="t", sha256="0" * 64, date=day, date_source="given", text="", measures=measures)  # type: ignore[arg-type]


def test_texts_are_counted_by_month_and_direction() -> None:
    documents = [_text(dt.date(2025, 1, 5), 2), _text(dt.date(2025, 1, 25), 1, 3), _text(dt.date(2025, 4, 2), 4)]
    index = tracking.text_counts(documents)
    assert index.values.tolist() == [3, 0, 0, 4]
    assert "3 texts read" in index.title
    with pytest.raises(DataError, match="No text"):
        tracking.text_counts([])
