"""Findings: how firm it is, what was assumed, what moves nothing, and what is left out with its direction."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from headway.impact import Result, run
from headway.impact.findings import LEFT_OUT, status_line
from headway.policy import Measure, Sampling, Scenario

FEW = Sampling(policy_draws=2, parameter_draws=2)
DAY = dt.date(2025, 1, 21)


def measure(id: str, **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "pledged", **fields}
    return Measure.model_validate(content)


CHINA = measure("c", partners=("CHN",), rate_low=10)


def scenario(*measures: Measure, **changes: object) -> Scenario:
    fields = {
        "name": "x",
        "home": "KOR",
        "date": DAY,
        "measures": measures,
        "sampling": FEW,
        "horizons": ("long_run",),
    }
    return Scenario.model_validate(fields | changes)


def ids(result: Result) -> dict[str, str]:
    return {finding.id: finding.text for finding in result.findings}


@pytest.mark.parametrize(
    ("stages", "line"),
    [
        (
            ("pledged", "threatened", "pledged"),
            "Pledged and threatened; no legal text; not law on 21 January 2025.",
        ),
        (("under_review",), "Under review; no legal text; not law on 21 January 2025."),
        (("ordered",), "Ordered on 21 January 2025."),
        (("pledged", "announced", "in_force"), "Pledged, announced and in force on 21 January 2025."),
    ],
)
def test_the_status_line_says_how_firm_it_is(stages: tuple[str, ...], line: str) -> None:
    measures = [CHINA.model_copy(update={"id": str(n), "stage": stage}) for n, stage in enumerate(stages)]
    assert status_line(scenario(*measures)) == line


def test_everything_that_is_left_out_has_a_direction(main_result: Result) -> None:
    found = [finding for finding in main_result.findings if finding.kind == "left_out"]
    assert set(LEFT_OUT) <= set(found)
    assert all(finding.pushes for finding in found)
    words = " ".join(finding.text for finding in found).lower()
    for named in ("exchange rate", "plants", "front-loading", "capacity", "retaliation", "exemptions", "inputs"):
        assert named in words


def test_the_main_scenario_says_what_it_must(main_result: Result) -> None:
    found = ids(main_result)
    assert "Of 25.6 bn USD of exports, 3.8 m USD went to the US" in found["no-exposure-ships"]
    assert {"choice-m1.rate_kind", "choice-m2.up_to", "choice-m2.with_m1"} <= set(found)
    assert "Taken: 60 percent instead of the blanket" in found["choice-m2.with_m1"]
    assert "structure 2011, levels 2023–24" in found["vintage"]
    assert "2005" in found["vintage"]
    assert "no chance of that" in found["conditional"]
    assert "2.0 bn USD" in found["special-provisions"]
    assert {"closure-up_to_a_year", "closure-long_run", "claimed-preferences"} <= set(found)
    assert "US duties: as collected in 2024 (law unchanged until 2025-01-21)" in found["us-duties"]
    assert "schedule-incomplete" not in found
    assert len(found) == len(main_result.findings)


def test_the_number_that_the_first_years_gains_hang_on_is_said(main_result: Result) -> None:
    """With demand as in the world economy the two models agree on the US, and diversion is next to nothing."""
    assert "about 0.5 percent per percent" in ids(main_result)["first-year-demand"]
    assert "first-year-demand" not in ids(run(scenario(CHINA)))


def test_where_floors_meet_lines_is_said() -> None:
    floor = measure("f", partners=("EUU",), rate_low=15, rate_kind="floor_total")
    assert "floors-by-line" in ids(run(scenario(floor)))
    assert "floors-by-line" not in ids(run(scenario(CHINA)))


def test_measures_that_move_nothing_are_named() -> None:
    quota = measure("q", instrument="quota", partners=("KOR",))
    nowhere = measure("n", partners=("KOR",), products=("derivative products",), rate_low=25)
    found = ids(run(scenario(CHINA, quota, nowhere)))
    assert "no model takes up a measure of this kind (quota)" in found["not-simulated-q"]
    assert "reaches no trade" in found["not-simulated-n"]
    assert "derivative products" in found["unresolved-n"]
    assert "not-simulated-c" not in found


def test_a_later_text_stands_on_the_schedule_of_its_day_and_says_how_far_that_goes() -> None:
    blanket = measure("b", partners=("ALL",), rate_low=10, rate_kind="additive")
    found = ids(run(scenario(blanket, date=dt.date(2025, 8, 10))))
    told = found["us-duties"]
    assert "what each line owes on 2025-08-10 (schedule as known that day, expected rates)" in told
    assert "imports for consumption of 2024" in told
    assert re.search(r"rates 98\.\d percent .* The rest, 1\.\d percent, keeps the rate collected in 2024", told)
    assert "steel_derivative_list_2025" in found["schedule-incomplete"]
    assert re.search(r"South Korea would owe 14\.\d instead of 16\.\d percent", found["schedule-incomplete"])
    assert "as the schedule leads to expect" in found["claimed-preferences"]


def test_a_stand_in_for_another_importers_mix_is_said() -> None:
    steel = ({"words": "steel", "hs": ("72",)},)
    found = ids(run(scenario(measure("s", imposer="EUU", partners=("KOR",), rate_low=25, product_matches=steel))))
    assert "Measure s reaches part of a sector" in found["mix-s"]
    assert "claimed-preferences" not in found
    assert "special-provisions" not in found


def test_a_country_inside_a_region_is_told_apart_from_it() -> None:
    result = run(scenario(CHINA, home="VNM"))
    assert "part of “Rest of the world”" in ids(result)["home-in-region"]
    assert "Rest of the world" in result.figures["income.long_run"].label
