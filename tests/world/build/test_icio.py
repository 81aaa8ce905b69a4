"""The OECD's tables: both layouts, and every way in which a file can be another than it should be."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from headway.errors import DataError, UnreadableInput
from headway.world.build import icio
from headway.world.build.country_table import CountryTable

TABLES = Path(__file__).resolve().parents[2] / "data" / "icio"
NEW, OLD = TABLES / "2022_SML.csv", TABLES / "ICIO2021_2018.csv"


def cells(path: Path) -> dict[tuple[str, str], float]:
    """Every cell by row and column, read without the reader."""
    head, *rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    return {(row[0], name): float(value) for row in rows for name, value in zip(head[1:], row[1:], strict=True)}


def edited(tmp_path: Path, path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    made = tmp_path / path.name
    made.write_text(text.replace(old, new), "utf-8")
    return made


def same_table(table: CountryTable, path: Path) -> None:
    raw = cells(path)
    for a, seller in enumerate(table.countries):
        for b, good in enumerate(table.industries):
            row = f"{seller}_{good}"
            for c, buyer in enumerate(table.countries):
                for d, user in enumerate(table.industries):
                    assert table.intermediate[a, b, c, d] == raw[row, f"{buyer}_{user}"]
                uses = sum(value for (one, name), value in raw.items() if one == row and name in uses_of(buyer))
                assert table.final[a, b, c] == pytest.approx(uses, abs=1e-9)


def uses_of(country: str) -> set[str]:
    return {f"{country}_{use}" for use in icio.FINAL_USES}


class TestLayouts:
    def test_editions_from_2022(self) -> None:
        table = icio.read(NEW, 2022)
        assert table.countries == ("KOR", "USA", "ROW")
        assert table.industries == ("A01_02", "C26", "C29", "K")
        same_table(table, NEW)
        raw = cells(NEW)
        assert table.primary[0, 1] == pytest.approx(raw["VA", "KOR_C26"] + raw["TLS", "KOR_C26"])
        assert table.year == 2022
        assert len(table.sha256) == 64

    def test_editions_2018_and_2021_with_china_in_parts(self) -> None:
        table = icio.read(OLD, 2018)
        assert table.countries == ("KOR", "CHN", "CN1", "CN2", "ROW")
        same_table(table, OLD)
        china, part = table.countries.index("CHN"), table.countries.index("CN1")
        assert not table.intermediate[china].any()
        assert table.final[:, :, china].sum() > 0
        assert not table.final[:, :, part].any()
        raw = cells(OLD)
        taxes = sum(raw[f"{country}_TAXSUB", "CN1_29"] for country in ("KOR", "CHN", "ROW"))
        assert table.primary[part, 2] == pytest.approx(raw["VALU", "CN1_29"] + taxes)

    def test_net_taxes_by_country_as_in_edition_2022(self, tmp_path: Path) -> None:
        table = icio.read(edited(tmp_path, NEW, "\nTLS,", "\nKOR_TLS,"), 2022)
        np.testing.assert_array_equal(table.primary, icio.read(NEW, 2022).primary)

    def test_a_byte_order_mark_and_another_name_of_the_first_column(self, tmp_path: Path) -> None:
        made = edited(tmp_path, NEW, "V1,", "")
        made.write_text("\ufeffunnamed," + made.read_text("utf-8"), "utf-8")
        np.testing.assert_array_equal(icio.read(made, 2022).intermediate, icio.read(NEW, 2022).intermediate)

    def test_the_order_of_rows_and_columns_does_not_matter(self, tmp_path: Path) -> None:
        head, *rows = NEW.read_text("utf-8").splitlines()
        made = tmp_path / NEW.name
        made.write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
        again, first = icio.read(made, 2022), icio.read(NEW, 2022)
        order = [again.industries.index(one) for one in first.industries]
        place = [again.countries.index(one) for one in first.countries]
        np.testing.assert_array_equal(
            again.intermediate[place][:, order][:, :, place][..., order], first.intermediate
        )


class TestFiles:
    def test_a_folder_of_years(self, tmp_path: Path) -> None:
        for path in (NEW, OLD):
            shutil.copy(path, tmp_path)
        assert icio.read(tmp_path, 2018).file == OLD.name
        with pytest.raises(UnreadableInput, match=r"No CSV file in .* is named for 2020"):
            icio.read(tmp_path, 2020)

    def test_a_file_of_another_year(self) -> None:
        with pytest.raises(UnreadableInput, match=r"2022_SML.csv is not named for 2021"):
            icio.read(NEW, 2021)
        with pytest.raises(UnreadableInput, match=r"ICIO2021_2018.csv is not named for 2021"):
            icio.read(OLD, 2021)

    def test_no_file_and_no_text(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableInput, match="no file"):
            icio.read(tmp_path / "2022.csv", 2022)
        (tmp_path / "2022.csv").write_bytes(b"PK\x03\x04\xff\xfe")
        with pytest.raises(UnreadableInput, match=r"2022.csv is no text file"):
            icio.read(tmp_path / "2022.csv", 2022)
        (tmp_path / "2022.csv").write_text("x\n", "utf-8")
        with pytest.raises(UnreadableInput, match=r"2022.csv has no columns"):
            icio.read(tmp_path / "2022.csv", 2022)


class TestUnknownLayouts:
    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (",OUT\n", ",GROSS\n", r"2022_SML.csv: no column OUT or TOTAL; its last is 'GROSS'"),
            ("USA_HFCE", "HFCE_USA", r"column 20, 'HFCE_USA', is no country with an industry"),
            ("KOR_C29,", "Cars in Korea,", r"column 4, 'Cars in Korea', is no country with an industry"),
            ("\nVA,", "\nGVA,", r"no row VA \(editions 2022 to 2025\)"),
            ("\nTLS,", "\nTAXES,", r"row 14, 'TAXES', is no country with an industry"),
            ("\nUSA_C26,", "\nUSA_C27,", r"USA_C26 has a column but no row"),
            ("USA_NPISH", "USA_HFCE", r"two columns are called USA_HFCE"),
            ("USA_HFCE", "JPN_HFCE", r"JPN_HFCE belongs to no country of the rows"),
        ],
    )
    def test_each_is_named_with_its_row_or_column(self, tmp_path: Path, old: str, new: str, message: str) -> None:
        with pytest.raises(UnreadableInput, match=message):
            icio.read(edited(tmp_path, NEW, old, new), 2022)

    def test_the_reversed_labels_of_edition_2016(self, tmp_path: Path) -> None:
        text = OLD.read_text("utf-8").replace("KOR_HFCE", "HFCE_KOR").replace("TOTAL", "DISC")
        made = tmp_path / "ICIO2016_2011.csv"
        made.write_text(text, "utf-8")
        with pytest.raises(
            UnreadableInput, match=r"ICIO2016_2011.csv: no column OUT or TOTAL; its last is 'DISC'"
        ):
            icio.read(made, 2011)

    def test_a_country_without_one_of_the_industries(self, tmp_path: Path) -> None:
        head, *rows = NEW.read_text("utf-8").splitlines()
        at = head.split(",").index("ROW_K")
        kept = [line for line in rows if not line.startswith("ROW_K,")]
        made = tmp_path / NEW.name
        cut = [
            ",".join(cell for number, cell in enumerate(line.split(",")) if number != at) for line in (head, *kept)
        ]
        made.write_text("\n".join(cut) + "\n", "utf-8")
        with pytest.raises(UnreadableInput, match="ROW_K is missing, other countries have it"):
            icio.read(made, 2022)


class TestValues:
    def test_text_among_numbers_names_its_column(self, tmp_path: Path) -> None:
        first = NEW.read_text("utf-8").splitlines()[1].split(",")[2]
        with pytest.raises(UnreadableInput, match=r"column KOR_C26 holds something else than numbers"):
            icio.read(edited(tmp_path, NEW, first, "n.a."), 2022)

    def test_an_empty_cell_names_row_and_column(self, tmp_path: Path) -> None:
        first = NEW.read_text("utf-8").splitlines()[1].split(",")[2]
        with pytest.raises(UnreadableInput, match="row KOR_A01_02, column KOR_C26 is empty"):
            icio.read(edited(tmp_path, NEW, first, ""), 2022)

    def test_a_row_that_misses_its_total(self, tmp_path: Path) -> None:
        first = NEW.read_text("utf-8").splitlines()[1].split(",")[2]
        with pytest.raises(DataError, match="row KOR_A01_02: entries add up to"):
            icio.read(edited(tmp_path, NEW, first, "999999.0"), 2022)

    def test_a_column_that_misses_its_total(self, tmp_path: Path) -> None:
        lines = NEW.read_text("utf-8").splitlines()
        at = next(number for number, line in enumerate(lines) if line.startswith("VA,"))
        row = lines[at].split(",")
        lines[at] = ",".join([row[0], "0.0", *row[2:]])
        made = tmp_path / NEW.name
        made.write_text("\n".join(lines) + "\n", "utf-8")
        with pytest.raises(DataError, match="column KOR_A01_02: entries add up to"):
            icio.read(made, 2022)

    def test_a_short_row(self, tmp_path: Path) -> None:
        lines = NEW.read_text("utf-8").splitlines()
        lines[3] += ",1.0,2.0"
        made = tmp_path / NEW.name
        made.write_text("\n".join(lines) + "\n", "utf-8")
        with pytest.raises(UnreadableInput, match="rows are of unequal length"):
            icio.read(made, 2022)
