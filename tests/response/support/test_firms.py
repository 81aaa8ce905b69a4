"""A firms file: what is read, and every way to refuse it, by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.errors import DataError, HeadwayError, UnknownCode, UnreadableInput
from headway.response.support.firms import read_firms

HEADER = "firm_id,size,region,item,exports_usd,us_exports_usd\n"
GOOD = "a,small,Seoul,cars,100,50\n"


def _write(folder: Path, text: str) -> Path:
    path = folder / "firms.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_names_sizes_and_items_as_people_write_them(tmp_path: Path) -> None:
    firms = read_firms(_write(tmp_path, HEADER + GOOD + "b,Mid-sized,경기,반도체,3e6,0\n"))
    assert firms.table["item"].to_list() == ["cars", "semiconductors"]
    assert firms.table["size"].to_list() == ["small", "mid_sized"]
    assert firms.table["exports_usd"].to_list() == [100.0, 3e6]
    assert firms.count == 2


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", UnreadableInput, "empty"),
        ("firm,size\na,small\n", DataError, "lacks the column firm_id"),
        (HEADER, DataError, "no firms"),
        (HEADER + GOOD + GOOD, DataError, "line 2.*a firm_id that another row has: 'a'"),
        (HEADER + "a,small,Seoul,cars,-1,0\n", DataError, "line 2: negative exports_usd: -1"),
        (HEADER + GOOD + "b,small,Seoul,cars,10,-5\n", DataError, "line 3: negative us_exports_usd"),
        (HEADER + "a,small,Seoul,cars,10,20\n", DataError, "us_exports_usd above exports_usd"),
        (HEADER + "a,huge,Seoul,cars,10,2\n", DataError, "unknown size: 'huge'"),
        (HEADER + "a,small,Seoul,cars,ten,2\n", DataError, "exports_usd missing or not a number"),
        (HEADER + "a,small,Seoul,cars,,2\n", DataError, "exports_usd missing or not a number"),
        (HEADER + "a,small,Seoul,flying saucers,10,2\n", UnknownCode, "line 2"),
        (HEADER + ",small,Seoul,cars,10,2\n", DataError, "no firm_id"),
        (HEADER + "a,small,Seoul,cars,10,2,9,9\n", DataError, "not a CSV table"),
    ],
)
def test_refuses_bad_files_by_line(tmp_path: Path, text: str, error: type[HeadwayError], words: str) -> None:
    with pytest.raises(error, match=words):
        read_firms(_write(tmp_path, text))
