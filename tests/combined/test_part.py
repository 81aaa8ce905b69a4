"""The outlook of a result: its figures are the outlook's, add up, and stand behind every sentence and cell."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest

from headway import combined, outlook
from headway.combined import PlainOutlook
from headway.errors import UnreadableInput
from headway.impact import Result
from headway.impact.results import OutlookPart
from headway.outlook import ReadOptions, months, store

HALF = "outlook.total.2025-H1"


@pytest.fixture(scope="module")
def part(main_result: Result, ready: PlainOutlook) -> OutlookPart:
    found = combined.with_outlook(main_result, ready).outlook
    assert found is not None
    return found


def _on(result: Result, day: dt.date, **fields: str) -> Result:
    return result.model_copy(update={"scenario": result.scenario.model_copy(update={"date": day, **fields})})


def test_its_numbers_are_those_of_the_outlook_command(part: OutlookPart) -> None:
    found = outlook.outlook(outlook.Request(as_known_on=dt.date(2025, 1, 21)))
    compared = 0
    for row in found.periods.filter(pl.col("kind") != "destination").iter_rows(named=True):
        key = f"outlook.{row['name']}.{row['period']}"
        assert part.figures[f"{key}.carry_over"].value == pytest.approx(100 * row["carry_over"])
        assert (f"{key}.growth" in part.figures) == row["usable"]
        if row["usable"]:
            growth = part.figures[f"{key}.growth"]
            assert growth.value == pytest.approx(100 * row["growth"])
            assert (growth.low, growth.high) == (
                pytest.approx(100 * row["low80"]),
                pytest.approx(100 * row["high80"]),
            )
            compared += 1
    assert compared >= 12
    level = part.figures[f"{HALF}.level"]
    assert level.unit == "USD billion level"
    assert level.value == pytest.approx(found.periods.row(0, named=True)["total"])


def test_the_steps_add_up_with_and_without_the_measures(part: OutlookPart) -> None:
    for half in part.periods:
        value = {row.key: part.figures[row.cells[half]].value for row in part.tables["outlook_steps"].rows}
        parts = value["base"] + value["level_gap"] + value["calendar"] + value["movement"]
        assert parts == pytest.approx(value["growth"], abs=1e-9)
        assert parts + value["measure_points"] == pytest.approx(value["with_measure"], abs=1e-9)
        carried = part.figures[f"outlook.total.{half}.carry_over"].value
        assert value["base"] + value["level_gap"] == pytest.approx(carried, abs=1e-9)


def test_the_trigger_case_is_told_with_the_day_the_base_and_the_assumption(part: OutlookPart) -> None:
    """Known on 21 January 2025: carry-over +0.6 % by the OECD's series, +0.9 % by ours; it came out at −0.03 %."""
    assert part.as_known_on == dt.date(2025, 1, 21)
    assert part.figures[f"{HALF}.carry_over"].value == pytest.approx(0.6, abs=0.5)
    growth = part.figures[f"{HALF}.growth"]
    assert growth.low is not None
    assert growth.high is not None
    assert growth.low < -0.03 < growth.high
    assert part.figures[f"{HALF}.measure"].value < 0
    assert part.effects_from == dt.date(2025, 2, 21)
    assert "21 January 2025, with data to December 2024" in part.sentences["lead"][0]
    assert "level of the last 3 months" in part.sentences["waterfall"][0]
    assert "is high ({outlook.total.2025-H1.base})" in part.sentences["waterfall"][1]
    assert "20 days of January 2025" in part.sentences["nowcast"][0]
    assert any(one.id == "outlook-start" and one.kind == "assumption" for one in part.findings)
    assert "ships" in part.sentences["unusable"][0]


def test_every_id_in_a_sentence_or_a_table_is_a_figure_with_known_sources(part: OutlookPart) -> None:
    told = [id for lines in part.sentences.values() for line in lines for id in re.findall(r"\{([^}]*)\}", line)]
    cells = [id for table in part.tables.values() for row in table.rows for id in row.cells.values()]
    assert told
    assert cells
    assert set(told) | set(cells) <= set(part.figures)
    known = {source["id"] for source in part.sources}
    assert all(id == one.id and set(one.sources) <= known for id, one in part.figures.items())


def test_an_item_that_cannot_be_forecast_has_words_and_still_its_effect(part: OutlookPart) -> None:
    rows = {row.key: row for row in part.tables["outlook_items"].rows}
    assert rows["wireless"].words["growth.2025-H1"] == "no forecast"
    assert "growth.2025-H1" not in rows["wireless"].cells
    assert part.figures[rows["wireless"].cells["measure.2025-H1"]].value < 0
    assert "measure.2025-H1" not in rows["ships"].cells
    assert next(iter(rows)) == "total"


def test_the_months_are_known_ones_then_forecasts_with_both_paths(part: OutlookPart) -> None:
    known = [one for one in part.months if one.status != "forecast"]
    ahead = [one for one in part.months if one.status == "forecast"]
    assert (len(known), len(ahead)) == (24, 12)
    assert known[-1].month == "2024-12"
    assert all(one.low80 is None and one.scenario is None for one in known)
    for one in ahead:
        assert one.low95 is not None
        assert one.low80 is not None
        assert one.low95 <= one.low80 <= one.value
        assert one.scenario is not None
    assert ahead[-1].scenario is not None
    assert ahead[-1].scenario < ahead[-1].value
    named = {row["month"]: row for row in part.manifest["effects"] if row["name"] == "total"}
    assert ahead[-1].scenario == pytest.approx(ahead[-1].value * (1 + named["2025-12"]["effect"]))


def test_the_same_result_gives_the_same_outlook_in_a_thread_or_not(main_result: Result, part: OutlookPart) -> None:
    pending = combined.start(main_result.scenario)
    assert combined.with_outlook(main_result, pending.result()).outlook == part
    assert (
        Result.model_validate_json(main_result.model_copy(update={"outlook": part}).model_dump_json()).outlook
        == part
    )


def test_none_leaves_the_result_as_it_is(main_result: Result) -> None:
    assert combined.with_outlook(main_result, combined.NONE) is main_result
    assert combined.start(main_result.scenario, combined.NONE).result() is None


@pytest.mark.parametrize(
    ("day", "home", "words"),
    [
        (dt.date(2010, 1, 5), "KOR", "was public on 2010-01-05"),
        (dt.date(2030, 1, 5), "KOR", "end too early"),
        (dt.date(2025, 1, 21), "JPN", "No export figures of Japan are on file"),
    ],
)
def test_where_there_can_be_no_outlook_a_finding_says_why(
    main_result: Result, day: dt.date, home: str, words: str
) -> None:
    found = combined.with_outlook(_on(main_result, day, home=home))
    assert found.outlook is None
    assert found.findings[-1].id == "no-outlook"
    assert words in found.findings[-1].text


def _own(folder: Path, unit: str = "USD mn") -> Path:
    """Nine years of a total and of two items, one of which nobody knows."""
    first = months.month("2016-01")
    values = {"": 1000.0, "cars": 300.0, "zeppelins": 20.0}
    rows = [
        f"{months.label(first + n)},{item},{value * (1 + 0.004 * n):.2f},{unit}"
        for n in range(108)
        for item, value in values.items()
    ]
    path = folder / "own.csv"
    path.write_text("month,item,value,unit\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_another_home_has_the_outlook_of_its_own_series(main_result: Result, tmp_path: Path) -> None:
    options = ReadOptions(country="JPN")
    path = _own(tmp_path, "JPY bn")
    store.add(path, name="mof", vintage=dt.date(2025, 1, 10), options=options)
    result = _on(main_result, dt.date(2025, 1, 21), home="JPN")
    part = combined.with_outlook(result).outlook
    assert part is not None
    assert part.data == "your own series mof, vintage 2025-01-10"
    assert part.sources[0]["id"] == "own.mof"
    assert f"{HALF}.level" not in part.figures  # not in dollars
    assert "nowcast" not in part.sentences
    assert any("move as all other goods do: zeppelins" in one.text for one in part.findings)
    named = combined.with_outlook(_on(main_result, dt.date(2025, 1, 21)), "mof").outlook
    assert named is not None
    assert named.figures[f"{HALF}.growth"].value == pytest.approx(part.figures[f"{HALF}.growth"].value)


def test_a_data_set_that_is_not_stored_is_refused_before_the_work(main_result: Result) -> None:
    with pytest.raises(UnreadableInput, match="No data set 'nothing'"):
        combined.start(main_result.scenario, "nothing")
