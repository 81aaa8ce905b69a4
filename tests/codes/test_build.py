"""The builder writes what is shipped, and fails on another layout by name."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from headway.codes import build, tables
from headway.errors import DataError


def test_labels_are_rebuilt_as_shipped(shared_data: Path, tmp_path: Path) -> None:
    build.write_labels(build.hs_labels(shared_data), tmp_path / "labels.csv")
    shipped = resources.files("headway.codes").joinpath("data/hs_labels.csv").read_text("utf-8")
    assert (tmp_path / "labels.csv").read_text("utf-8") == shipped
    build.check(shared_data)


def test_unknown_layout_names_file_and_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"harmonized-system\.csv"):
        build.hs_labels(tmp_path)
    (tmp_path / "crosswalks").mkdir()
    (tmp_path / "crosswalks" / "harmonized-system.csv").write_text("hscode,level\n01,2\n")
    with pytest.raises(DataError, match="description"):
        build.hs_labels(tmp_path)


def test_shipped_table_with_a_missing_column() -> None:
    with pytest.raises(DataError, match=r"sectors\.csv lacks the column colour"):
        tables.rows("sectors.csv", ["key", "colour"])
