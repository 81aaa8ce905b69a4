"""Other closures beside the headline, and where real income comes from: each of them a run of its own."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.impact import beside, equilibrium_tables, plan, run, variants
from headway.impact.central import central_case
from headway.impact.income_parts import income_parts
from headway.impact.plan import Plan
from headway.impact.results import Result
from headway.impact.variants import Variant, default_variants, variant_figures
from headway.models.equilibrium import Closure
from headway.policy import Measure, Sampling, Scenario


@pytest.fixture(scope="module")
def planned() -> Plan:
    content = {"id": "t", "imposer": "USA", "instrument": "tariff", "stage": "pledged", "partners": ("ALL",)}
    measure = Measure.model_validate(content | {"rate_low": 10, "rate_high": 20})
    few = Sampling(policy_draws=2, parameter_draws=2)
    return plan(Scenario(name="x", home="KOR", date=dt.date(2025, 1, 21), measures=(measure,), sampling=few))


def test_every_closure_is_a_row_and_the_first_is_the_headlines(planned: Plan) -> None:
    made, table = variant_figures(planned)
    by_id = {figure.id: figure for figure in made}
    assert [row.key for row in table.rows] == list(default_variants(planned.world))
    assert all(set(row.cells.values()) <= set(by_id) for row in table.rows)
    first = central_case(planned)
    assert by_id["variant.income.headline.long_run"].value == pytest.approx(
        100 * (first.equilibrium.welfare[first.at] - 1), rel=1e-9
    )
    tables = equilibrium_tables(planned)
    goods = list(planned.world.goods)
    before, after = (
        tables[name].sel(sector=goods, exporter="KOR").sum() for name in ("exports_before", "exports_volume")
    )
    assert by_id["variant.exports.headline.long_run"].value == pytest.approx(
        100 * float(after / before - 1), rel=1e-9
    )
    assert len({figure.value for figure in made if figure.id.startswith("variant.exports")}) == len(table.rows)


def test_each_moves_as_its_economics_says(planned: Plan) -> None:
    by_id = {figure.id: figure.value for figure in variant_figures(planned)[0]}

    def value(part: str, key: str) -> float:
        return by_id[f"variant.{part}.{key}.long_run"]

    # Workers who cannot leave their sector keep it selling; those who work less for less make the loss larger.
    assert abs(value("exports", "specific")) < abs(value("exports", "headline"))
    assert value("income", "elastic") < value("income", "headline") < 0
    assert value("us", "scale") < value("us", "headline") < 0


def test_limits_of_closures_are_the_headline(planned: Plan) -> None:
    nearly = {
        "scale": Variant("s", "s", Closure(scale_elasticity=1e-9)),
        "elastic": Variant("e", "e", Closure(labour_supply_elasticity=1e-9)),
    }
    made, table = variant_figures(planned, nearly)
    expected = {figure.id: figure.value for figure in variant_figures(planned)[0]}
    for figure in made:
        part = figure.id.split(".")[1]
        assert figure.value == pytest.approx(expected[f"variant.{part}.headline.long_run"], rel=1e-6)
    assert [row.label for row in table.rows] == ["s", "e"]


def test_they_are_in_a_result_only_where_asked_for_and_never_pooled(
    main_scenario: Scenario, main_result: Result
) -> None:
    assert "variants" not in main_result.tables
    asked = run(main_scenario, variants=True)
    assert asked.tables["variants"].title == "Other closures beside the headline"
    assert {
        id: figure for id, figure in asked.figures.items() if not id.startswith("variant.")
    } == main_result.figures
    assert all(figure.low is None for id, figure in asked.figures.items() if id.startswith("variant."))


def test_a_home_that_is_the_us_has_no_exports_to_itself(planned: Plan) -> None:
    scenario = planned.scenario.model_copy(update={"home": "USA"})
    made, table = variant_figures(plan(scenario), {"headline": default_variants(planned.world)["headline"]})
    assert {figure.id.split(".")[1] for figure in made} == {"exports", "income"}
    assert list(table.columns) == ["closure", "exports", "income"]


def test_nothing_stands_beside_a_run_without_tariffs(planned: Plan) -> None:
    cars = {"words": "electric vehicles", "hs": ("870380",)}
    content = {"id": "m", "imposer": "USA", "stage": "pledged", "instrument": "subsidy_removal"}
    measure = Measure.model_validate(content | {"product_matches": (cars,)})
    scenario = planned.scenario.model_copy(update={"measures": (measure,)})
    assert beside.of_run(plan(scenario), {}, sources=(), closures=True) == beside.Beside()


def test_parts_of_real_income_make_its_logarithm(planned: Plan) -> None:
    made, table = income_parts(planned)
    value = {figure.id: figure.value for figure in made}
    assert [row.key for row in table.rows][:3] == ["KOR", "USA", "CHN"]
    for row in table.rows:
        parts = sum(value[row.cells[part]] for part in ("terms_of_trade", "volume_of_trade", "remainder"))
        assert parts == pytest.approx(100 * np.log1p(value[row.cells["real_income"]] / 100), abs=1e-9)
    assert value["parts.USA.revenue.long_run"] > 100
    assert value["parts.USA.terms_of_trade.long_run"] > 0 > value["parts.KOR.terms_of_trade.long_run"]


def test_the_keys_of_the_table_are_those_of_the_closures(planned: Plan) -> None:
    assert set(default_variants(planned.world)) == {
        "headline",
        "own_income",
        "balanced",
        "specific",
        "elastic",
        "scale",
    }
    assert variants.GOODS_SCALE * 8.5 < 1
