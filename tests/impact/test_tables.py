"""Tables hold no numbers: every cell is the id of a figure or words."""

from __future__ import annotations

import pytest

from headway.impact import Result
from headway.impact.tables import NO_EXPOSURE_WORDS, build_tables, by_horizon


def test_every_cell_is_a_figure_of_the_result_in_a_column_of_the_table(main_result: Result) -> None:
    for id, table in main_result.tables.items():
        assert table.id == id
        assert table.rows
        assert len({row.key for row in table.rows}) == len(table.rows)
        for row in table.rows:
            assert set(row.cells.values()) <= set(main_result.figures), (id, row.key)
            assert set(row.cells) | set(row.words) <= set(table.columns), (id, row.key)
            assert row.cells or row.words


def test_the_tables_that_the_brief_answers_with(main_result: Result) -> None:
    expected = ["headline", "items", "channels", "rivals", "us_rates", "variance", "models"]
    central = ["contributions", "income_parts"]
    assert list(main_result.tables) == [*expected, *central, "subsidy", "subsidy_drivers", "published"]


def test_items_come_largest_first_and_those_without_exposure_in_words(main_result: Result) -> None:
    rows = main_result.tables["items"].rows
    bases = [main_result.figures[row.cells["base"]].value for row in rows]
    assert bases == sorted(bases, reverse=True)
    ships = next(row for row in rows if row.key == "ships")
    assert set(ships.words.values()) == {NO_EXPOSURE_WORDS}
    assert set(ships.cells) == {"base", "us_share"}
    chips = next(row for row in rows if row.key == "semiconductors")
    assert not chips.words
    assert chips.cells["change.long_run"] == "item.semiconductors.change.long_run"


def test_rivals_start_with_home_and_show_countries_without_an_economy(main_result: Result) -> None:
    rows = {row.key: row for row in main_result.tables["rivals"].rows}
    assert next(iter(rows)) == "KOR"
    assert set(rows["VNM"].cells) == {"us_share.up_to_a_year", "us_share.long_run"}
    assert "exports.long_run" in rows["ROW"].cells
    assert rows["CHN"].label == "China"


def test_columns_follow_the_horizons_that_figures_exist_for(main_result: Result) -> None:
    figures = {id: figure for id, figure in main_result.figures.items() if figure.horizon != "up_to_a_year"}
    assert by_horizon(figures, {"change": "income"}, ("up_to_a_year", "long_run")) == {
        "change.long_run": "income.long_run"
    }
    made = build_tables(figures, ("long_run",), item_keys=["cars"], rivals=["KOR"], origins=["KOR"])
    assert list(made["headline"].columns) == ["change.long_run"]
    assert [row.key for row in made["items"].rows] == ["cars"]


def test_without_figures_there_are_no_tables() -> None:
    assert build_tables({}, ("long_run",), item_keys=[], rivals=["KOR"], origins=["KOR"]) == {}


@pytest.mark.parametrize("part", ["direct", "diversion", "elsewhere"])
def test_losses_and_gains_stand_apart(main_result: Result, part: str) -> None:
    row = next(row for row in main_result.tables["channels"].rows if row.key == "cars")
    assert row.cells[f"{part}.long_run"] == f"item.cars.{part}_usd.long_run"
