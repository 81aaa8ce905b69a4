"""WIOD, release 2016, saved as CSV: its layout, and what is refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.errors import DataError, UnreadableInput
from headway.world.build import wiod2016

TABLE = Path(__file__).resolve().parents[2] / "data" / "icio" / "WIOT2014_October16_ROW.csv"


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = TABLE.read_text("utf-8")
    assert old in text
    made = tmp_path / TABLE.name
    made.write_text(text.replace(old, new), "utf-8")
    return made


def test_every_cell_by_country_and_industry() -> None:
    table = wiod2016.read(TABLE, 2014)
    assert (table.countries, table.industries) == (("KOR", "ROW", "USA"), ("A01", "C26", "R_S"))
    head, *rows = [line.split(",") for line in TABLE.read_text("utf-8").splitlines()]
    for row in rows[:9]:
        a, b = table.countries.index(row[2]), table.industries.index(row[0])
        for c, buyer in enumerate(table.countries):
            for d in range(3):
                assert table.intermediate[a, b, c, d] == float(row[head.index(f"{buyer}{d + 1}")])
            uses = sum(float(row[head.index(f"{buyer}{d}")]) for d in range(4, 9))
            assert table.final[a, b, c] == pytest.approx(uses, abs=1e-9)
    assert table.primary.sum() == pytest.approx(table.final.sum(), rel=1e-6)
    assert table.year == 2014


def test_names_as_in_the_stata_file_and_rows_in_another_order(tmp_path: Path) -> None:
    head, *rows = TABLE.read_text("utf-8").splitlines()
    names = [f"v{name}" if name[-1].isdigit() else name for name in head.split(",")]
    made = tmp_path / TABLE.name
    made.write_text("\n".join([",".join(names), *rows[::-1]]) + "\n", "utf-8")
    again, first = wiod2016.read(made, 2014), wiod2016.read(TABLE, 2014)
    assert (again.countries, again.industries) == (first.countries, first.industries)
    np.testing.assert_array_equal(again.intermediate, first.intermediate)
    np.testing.assert_array_equal(again.final, first.final)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",RNr,", ",Row,", r"WIOT2014_October16_ROW.csv: no column RNr"),
        (",KOR2,", ",Korea 2,", r"column 7, 'Korea 2', is no country with a number"),
        (",KOR8,", ",KOR9,", r"no column KOR8"),
        ("\nGO,GO,TOT", "\nGX,GX,TOT", r"no row GO of the country TOT"),
        (",2014,", ",2013,", r"column Year is not 2014 throughout"),
        ("\nC26,Industry C26,USA", "\nA01,Industry A01,USA", r"column IndustryCode differs between countries"),
    ],
)
def test_another_layout_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        wiod2016.read(edited(tmp_path, old, new), 2014)


def test_values_are_checked(tmp_path: Path) -> None:
    first = TABLE.read_text("utf-8").splitlines()[1].split(",")[6]
    with pytest.raises(UnreadableInput, match="row KOR A01, column KOR2 is empty"):
        wiod2016.read(edited(tmp_path, first, ""), 2014)
    with pytest.raises(UnreadableInput, match="column KOR2 holds something else"):
        wiod2016.read(edited(tmp_path, first, "many"), 2014)
    with pytest.raises(DataError, match="row KOR A01: entries add up to"):
        wiod2016.read(edited(tmp_path, first, "1e9"), 2014)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "WIOT2014.csv"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xff")
    with pytest.raises(UnreadableInput, match="no text file"):
        wiod2016.read(path, 2014)
    assert np.isfinite(wiod2016.read(TABLE.parent, 2014).final).all()
