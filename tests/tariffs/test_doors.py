"""Answers, search, batches, overlays, comparisons: what users call."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from headway.errors import NoEffect, OutsideDomain, UnknownCode, UnreadableInput
from headway.policy import Measure
from headway.tariffs import batch, find, history, overlay, rate, rivals
from headway.tariffs.answers import read_code
from headway.tariffs.charts import write_history
from headway.tariffs.compare import by_cause, changes
from headway.tariffs.overlay import provision_of

CAR, ON = "8703.23.01", dt.date(2026, 11, 24)

IMPORTS = pl.DataFrame(
    {
        "hts10": ["8703230140", "8703230140", "8703230140", "6109100012", "9999950000"],
        "iso3": ["KOR", "JPN", "CAN", "VNM", "KOR"],
        "consumption_usd": [400, 500, 100, 1000, 50],
        "dutiable_usd": [400, 500, 100, 1000, 0],
        "duties_usd": [10, 12, 0, 165, 0],
    }
)


def test_an_eight_digit_code_is_rated_if_its_lines_rate_alike() -> None:
    answer = rate(CAR, "Korea", ON)
    assert answer.unclaimed.total == answer.claimed.total == Decimal("0.15")
    assert "alike" in answer.note


def test_an_eight_digit_code_whose_lines_differ_lists_them() -> None:
    with pytest.raises(UnknownCode, match="lines"):
        read_code("9401.61.40")


def test_claimed_and_unclaimed_stand_side_by_side() -> None:
    answer = rate("6109.10.0012", "KOR", dt.date(2026, 3, 1))
    assert (answer.unclaimed.total, answer.claimed.total) == (Decimal("0.265"), Decimal("0.1"))
    assert answer.claimed.column == "1 special (KR)"
    assert rate("6109.10.0012", "VNM", ON).claimed is None


def test_the_united_states_is_no_origin() -> None:
    with pytest.raises(UnknownCode, match="United States"):
        rate(CAR, "USA", ON)


def test_history_shows_every_step_once() -> None:
    steps = history(CAR, "KOR", until=ON)
    assert steps[0].day == dt.date(2018, 1, 1)
    assert [(one.day, one.unclaimed) for one in steps[1:]] == [
        (dt.date(2025, 4, 3), Decimal("0.275")),
        (dt.date(2025, 11, 1), Decimal("0.15")),
    ]


def test_the_chart_is_written(tmp_path: Path) -> None:
    steps = history(CAR, "KOR", until=ON)
    write_history(steps, tmp_path / "steps.json", title="steps", until=ON)
    assert "step-after" in (tmp_path / "steps.json").read_text(encoding="utf-8")
    with pytest.raises(OutsideDomain):
        write_history(steps, tmp_path / "steps.doc", title="steps", until=ON)


def test_rivals_are_ranked_by_what_they_owe() -> None:
    found = rivals(CAR, IMPORTS, on=ON)
    assert [one.origin for one in found] == ["JPN", "KOR", "CAN"]
    assert sum(one.import_share for one in found) == 1
    with pytest.raises(NoEffect):
        rivals("6110.20.2079", IMPORTS, on=ON)


def test_words_find_lines() -> None:
    assert {one.hts10[:6] for one in find("lithium-ion battery")[:3]} == {"850760"}
    assert find("dynamic random access memories")[0].hts10.startswith("854232")
    with pytest.raises(UnknownCode):
        find("zzzzz")


BATCH = """hts10,origin,date,value,quantity,claims,ref
8703.23.0140,KOR,2026-11-24,20000,,KR,good
0102294062,CA,2026-10-09,100000,21000,,specific
8703,KOR,2026-11-24,,,,heading
8703230140,KOR,2026-13-24,,,,day
8703230140,Atlantis,2026-11-24,,,,origin
6109100012,VNM,2026-03-01,-5,,,value
6109100012,VNM,2026-03-01,,,KR,programme
6109100012,VNM,2026-03-01,,,nonsense,claim
6109100012,VNM,2017-03-01,,,,early
"""


def test_a_batch_rates_good_rows_and_sets_bad_ones_aside(tmp_path: Path) -> None:
    source, out = tmp_path / "lines.csv", tmp_path / "rated.parquet"
    source.write_text(BATCH, encoding="utf-8")
    report = batch(source, out)
    assert (report.rows, report.rated, report.refused) == (9, 2, 7)
    rated = pl.read_parquet(out)
    assert rated["ref"].to_list() == ["good", "specific"]
    assert rated["total"].to_list() == [pytest.approx(0.15), pytest.approx(0.1021)]
    rejects = pl.read_csv(report.rejects)
    assert rejects["row"].to_list() == [4, 5, 6, 7, 8, 9, 10]
    words = ["lines", "no day", "Atlantis", "value", "programme", "nonsense", "outside"]
    assert all(word in reason for word, reason in zip(words, rejects["reason"], strict=True))


def test_a_batch_of_good_rows_leaves_no_rejects(tmp_path: Path) -> None:
    source, out = tmp_path / "lines.csv", tmp_path / "rated.csv"
    source.write_text("\n".join(BATCH.splitlines()[:2]), encoding="utf-8")
    report = batch(source, out)
    assert (report.refused, report.rejects) == (0, "")
    assert out.read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize(
    ("name", "text", "message"), [("a.csv", "x,y\n1,2\n", "no column"), ("b.csv", None, "No file")]
)
def test_an_unreadable_batch_is_refused(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=message):
        batch(tmp_path / name, tmp_path / "out.csv")


def measure(**changes: object) -> Measure:
    plain: dict[str, object] = {
        "id": "universal",
        "imposer": "USA",
        "instrument": "tariff",
        "stage": "pledged",
        "partners": ("ALL",),
        "rate_low": 10,
        "rate_high": 20,
    }
    return Measure.model_validate(plain | changes)


@pytest.mark.parametrize(("at", "added"), [("low", "0.10"), ("middle", "0.15"), ("high", "0.20")])
def test_a_pledge_adds_to_the_schedule_of_the_day(at: str, added: str) -> None:
    law = overlay([measure()], ON, at=at)
    before, after = rate(CAR, "KOR", ON), rate(CAR, "KOR", ON, book=law)
    assert after.unclaimed.total == before.unclaimed.total + Decimal(added)
    assert rate(CAR, "KOR", dt.date(2026, 11, 23), book=law).unclaimed.total == before.unclaimed.total


def test_a_pledge_that_sets_the_total() -> None:
    law = overlay([measure(rate_low=60, rate_high=60, partners=("CHN",), rate_kind="replaces")], ON)
    chair = rate("6109100012", "CHN", ON, book=law).unclaimed
    assert Decimal("0.60") in {layer.rate for layer in chair.layers}


@pytest.mark.parametrize(
    ("changes_", "error"),
    [
        ({"rate_low": None, "rate_high": None}, NoEffect),
        ({"imposer": "CHN"}, OutsideDomain),
        ({"rate_kind": "specific"}, OutsideDomain),
        ({"stage": "withdrawn"}, NoEffect),
        ({"products": ("steel",)}, NoEffect),
        ({"partners": ()}, NoEffect),
    ],
)
def test_a_measure_without_effect_is_refused(changes_: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        provision_of(measure(**changes_), ON)


def test_changes_between_two_days_name_the_headings() -> None:
    changed = changes(IMPORTS, dt.date(2026, 7, 1), dt.date(2026, 8, 1))
    row = changed.row(by_predicate=pl.col("hts10") == "6109100012", named=True)
    assert row["change"] == pytest.approx(0.025)
    assert row["causes"] == "9903.03.01, 9903.05.20-.84"
    assert by_cause(changed)["imports_usd"].sum() == 1000
    with pytest.raises(NoEffect):
        changes(IMPORTS, dt.date(2026, 8, 1), dt.date(2026, 8, 2))
    with pytest.raises(OutsideDomain):
        changes(IMPORTS, dt.date(2026, 8, 2), dt.date(2026, 8, 1))
