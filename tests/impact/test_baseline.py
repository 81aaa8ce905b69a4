"""The baseline is the law of the text's day: the world as built before it changed, the schedule's rates since."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from headway.impact import Result, baseline, line_rates, run
from headway.impact.coverage import ImportMix
from headway.impact.duties import us_duties
from headway.impact.plan import plan
from headway.policy import Document, Measure, Sampling, Scenario, form_scenario
from headway.world import load

DAY = dt.date(2025, 8, 10)


def test_a_text_before_the_law_changed_stands_on_the_world_as_built() -> None:
    assert baseline.world_on(dt.date(2025, 1, 21)) is load()
    assert baseline.us_duties_in_words(dt.date(2024, 6, 1)) == "US duties: as collected in 2024"


def test_a_later_text_stands_on_the_schedule_of_its_day() -> None:
    before, after = load(), baseline.world_on(DAY)
    us = before.region("USA")
    cars, korea = before.sector("motor_vehicles"), before.region("KOR")
    assert after.tariff[cars, us, korea] == pytest.approx(0.25, abs=0.02)
    assert after.tariff_revenue[us] > 4 * before.tariff_revenue[us]
    np.testing.assert_array_equal(after.flow, before.flow)
    others = [at for at in range(len(before.regions)) if at != us]
    np.testing.assert_array_equal(after.tariff[:, others], before.tariff[:, others])
    assert not after.tariff[:, us, us].any()
    assert after.tariff_vintage == "US schedule of 2025-08-10, expected rates; other importers 2005 (stand-in)"


def test_collected_duties_of_another_year_can_be_the_baseline() -> None:
    after = baseline.with_us_duties(load(), ImportMix(2025))
    assert after.tariff_vintage.startswith("US 2025;")
    at = after.region("USA"), after.region("KOR")
    assert after.tariff[after.sector("motor_vehicles"), *at] > 0.1


@pytest.fixture(scope="module")
def pledge() -> Scenario:
    """A text of 10 August 2025 that pledges 10 % more on all imports."""
    measure = Measure(
        id="m1",
        imposer="USA",
        instrument="tariff",
        stage="pledged",
        partners=("ALL",),
        products=("all imports",),
        rate_low=10,
        rate_high=10,
    )
    document = Document(name="a", sha256="0", date=DAY, date_source="given", text="", measures=(measure,))
    few = Sampling(policy_draws=2, parameter_draws=2)
    return form_scenario(document, home="KOR").model_copy(update={"sampling": few, "horizons": ("long_run",)})


@pytest.fixture(scope="module")
def result(pledge: Scenario) -> Result:
    return run(pledge)


def test_the_worked_number_from_line_to_brief(pledge: Scenario, result: Result) -> None:
    """Korean cars of 1.5 to 3 litres owe 25 % that day under Section 232, and 35 % after the pledge.

    And 2.5 % of column 1 on the 2.2 % of entries that do not claim KORUS: 25.06 and 35.06 expected.
    """
    planned = plan(pledge)
    rows = planned.mix.rows
    cars = ((rows["hs6"] == "870323") & (rows["iso3"] == "KOR")).to_numpy()
    cell = np.where(cars, 0, -1).astype(np.int64)
    usd = rows.filter(pl.Series(cars))["usd"].sum()
    before = (rows.filter(pl.Series(cars)).select(pl.col("usd") * pl.col("rate"))).sum().item() / usd
    rise = line_rates.duty_changes(planned.mix, planned.ends, DAY, cell=cell, count=1)[1, 0] / usd
    assert before == pytest.approx(0.25 + 0.025 * 0.022, abs=2e-5)
    assert before + rise == pytest.approx(before + 0.10, abs=1e-12)

    average = 100 * us_duties(DAY).average("KOR")
    assert result.figures["us_rate.KOR.before"].value == pytest.approx(average, abs=1e-9)
    assert result.figures["us_rate.KOR.after"].value == pytest.approx(average + 10, abs=1e-9)
    assert result.figures["us_rate.KOR.before"].label == "South Korea: US tariff owed by the schedule, expected"


def test_the_world_economy_takes_the_same_rates(pledge: Scenario) -> None:
    planned = plan(pledge)
    us, korea = planned.world.region("USA"), planned.world.region("KOR")
    rates = line_rates.sector_rates(planned.world, planned.mix)[:, korea]
    goods = [planned.world.sector(key) for key in planned.world.goods]
    np.testing.assert_allclose(planned.world.tariff[goods, us, korea], rates[goods], atol=1e-12)


def test_the_manifest_says_which_law_and_how_far_it_goes(result: Result) -> None:
    told = result.manifest["baseline"]
    assert told["us_duties"] == (
        "US duties: what each line owes on 2025-08-10 (schedule as known that day, expected rates)"
    )
    assert (told["us_rates"], told["us_imports"], told["date"]) == ("expected", 2024, "2025-08-10")
    assert len(told["schedule_sha256"]) == 64
    assert 0.98 < told["imports_rated"] < 0.99
    assert "steel_derivative_list_2025" in told["open_instruments"]


def test_the_same_pledge_matters_less_where_much_is_owed_already(pledge: Scenario, result: Result) -> None:
    """Ten points on top of 16.7 percent are a smaller rise of the price than on top of 0.2."""
    early = run(pledge.model_copy(update={"date": dt.date(2025, 1, 21)}))
    now = result.figures["exports.us.long_run"].value
    assert early.figures["exports.us.long_run"].value < now < 0
