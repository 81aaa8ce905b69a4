"""Ratings kept between runs: made once, made again when damaged or when the law changes, never half-written."""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path

import polars as pl
import pytest

from headway.impact import duty_store
from headway.tariffs.fingerprint import law_digest

DAY = dt.date(2025, 8, 10)
TABLE = pl.DataFrame({"hts10": ["8703230140"], "expected": [0.25]})


class Maker:
    """Counts how often it had to make the table."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> pl.DataFrame:
        self.calls += 1
        return TABLE


def test_a_day_is_rated_once(tmp_path: Path) -> None:
    make = Maker()
    for _ in range(3):
        assert duty_store.kept(DAY, 2024, make, tmp_path).equals(TABLE)
    duty_store.kept(dt.date(2025, 8, 11), 2024, make, tmp_path)
    assert make.calls == 2
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_file_is_made_again_and_the_log_says_so(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    make = Maker()
    duty_store.kept(DAY, 2024, make, tmp_path)
    (path,) = tmp_path.iterdir()
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 255
    path.write_bytes({"cut": raw[:100], "flipped": raw, "emptied": b""}[damage])
    with caplog.at_level(logging.WARNING):
        assert duty_store.kept(DAY, 2024, make, tmp_path).equals(TABLE)
    assert "damaged" in caplog.text
    assert make.calls == 2
    caplog.clear()
    assert duty_store.kept(DAY, 2024, make, tmp_path).equals(TABLE)
    assert (make.calls, caplog.text) == (2, "")


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    make = Maker()
    for _ in range(2):
        assert duty_store.kept(DAY, 2024, make, blocked / "folder").equals(TABLE)
    assert make.calls == 2


def test_the_days_used_longest_ago_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_store, "MOST_FILES", 2)
    make = Maker()
    for age, day in enumerate((DAY, dt.date(2025, 8, 11), dt.date(2025, 8, 12))):
        duty_store.kept(day, 2024, make, tmp_path)
        os.utime(next(tmp_path.glob(f"{day}*")), (1000 + age, 1000 + age))
    duty_store.kept(dt.date(2025, 8, 13), 2024, make, tmp_path)
    assert sorted(path.name[:10] for path in tmp_path.iterdir()) == ["2025-08-12", "2025-08-13"]


def test_the_name_changes_with_the_law_and_the_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = duty_store.key(DAY, 2024)
    assert duty_store.key(DAY, 2025) != before
    (tmp_path / "one.yaml").write_text("rate: 25")
    first = law_digest(tmp_path)
    law_digest.cache_clear()
    (tmp_path / "one.yaml").write_text("rate: 50")
    assert law_digest(tmp_path) != first
    monkeypatch.setattr(duty_store, "law_digest", lambda: "another")
    assert duty_store.key(DAY, 2024) != before
    law_digest.cache_clear()
