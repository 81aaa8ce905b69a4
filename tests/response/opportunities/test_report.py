"""Opportunities as a record: gains add up to the impact run's figures, reasons stand beside numbers; the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.response.conftest import scenario_of, tariff
from typer.testing import CliRunner

from headway import impact
from headway.cli.app import app
from headway.codes import items
from headway.impact.plan import Plan, plan
from headway.policy import Scenario, save_scenario
from headway.response import Response, find_opportunities
from headway.response.opportunities.diversion import gains


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A blanket tariff, and more on China: rivals are hit harder than home."""
    return scenario_of(tariff("blanket", ("ALL",), 10.0, 10.0), tariff("china", ("CHN",), 40.0, 60.0))


@pytest.fixture(scope="module")
def planned(scenario: Scenario) -> Plan:
    return plan(scenario)


@pytest.fixture(scope="module")
def found(scenario: Scenario) -> Response:
    return find_opportunities(scenario)


def test_gains_by_product_add_up_to_the_items_of_the_impact_run(scenario: Scenario, planned: Plan) -> None:
    by_product, _ = gains(planned, "long_run")
    result = impact.run(scenario)
    summed = dict.fromkeys(items.labels(), 0.0)
    for code, value in zip(by_product.hs6, by_product.gain.mean(axis=0), strict=True):
        summed[items.of_hs6(code)] += value / 1e3
    for key in ("cars", "semiconductors", "general_machinery", "batteries"):
        assert summed[key] == pytest.approx(result.figure(f"item.{key}.diversion_usd.long_run").value, rel=1e-6)


def test_rows_are_in_order_and_carry_intervals_and_reasons(found: Response) -> None:
    table = found.tables["gains_products_long_run"]
    gained = [found.figure(line.cells["gain"]) for line in table.rows]
    assert [one.value for one in gained] == sorted((one.value for one in gained), reverse=True)
    assert all(one.low is not None and one.high is not None and one.low <= one.value <= one.high for one in gained)
    assert all("bn USD" in line.words["why"] for line in table.rows)
    unused = found.tables["potential_us"].rows[0]
    assert "world exports" in unused.words["why"]
    assert found.figure(unused.cells["after"]).low is not None
    markets = found.tables["potential_markets"].rows
    assert all("ease" in line.words["why"] for line in markets)


def test_fields_have_numbers_for_and_against_and_both_sides_gains(found: Response) -> None:
    rows = {line.key: line for line in found.tables["fields"].rows}
    assert {"shipbuilding", "energy", "semiconductors", "steel"} <= set(rows)
    ships = rows["shipbuilding"]
    assert found.figure(ships.cells["against"]).value >= 3
    for part in ("trade", "home", "partner"):
        figure = found.figure(ships.cells[part])
        assert figure.low is not None
        assert figure.low <= figure.value
    said = [line for line in found.tables["field_arguments"].rows if line.key.startswith("shipbuilding")]
    assert any("46 U.S.C. 55102" in line.words["why"] for line in said)
    assert any("no need" in line.words["why"] for line in said)


def test_a_tariff_of_another_importer_leaves_what_does_not_need_us_lines() -> None:
    made = find_opportunities(scenario_of(tariff("eu", ("ALL",), 10.0, 10.0, imposer="EUU")))
    assert "potential_markets" in made.tables
    assert "fields" in made.tables
    assert "gains_products_long_run" not in made.tables


def test_a_users_trade_file_opens_every_market(tmp_path: Path, on_korea: Scenario) -> None:
    (tmp_path / "country_codes.csv").write_text(
        "country_code,country_name,country_iso2,country_iso3\n410,Korea,KR,KOR\n842,USA,US,USA\n156,China,CN,CHN\n"
    )
    trade = tmp_path / "BACI_HS22_Y2023.csv"
    trade.write_text(
        "t,i,j,k,v,q\n2023,410,842,854231,1000,1\n2023,156,842,854231,3000,1\n2023,156,410,854231,4000,1\n"
        "2023,410,156,870323,2000,1\n2023,410,842,870323,500,1\n2023,842,156,870323,1500,1\n"
    )
    made = find_opportunities(on_korea, trade=trade)
    rows = made.tables["potential_user"].rows
    assert rows
    unused = made.figure(rows[0].cells["unused"])
    assert unused.low is not None
    assert unused.low <= unused.value
    assert "ease is" in rows[0].words["why"]
    assert made.manifest["parameters"]["trade_file"] == "BACI_HS22_Y2023.csv"


def test_the_command_writes_what_the_function_returns(tmp_path: Path, scenario: Scenario, found: Response) -> None:
    path = save_scenario(scenario, tmp_path / "scenario.yaml")
    done = CliRunner().invoke(app, ["opportunities", str(path), "--json", "-q"])
    assert done.exit_code == 0
    printed = json.loads(done.stdout)
    assert printed["figures"].keys() == found.figures.keys()
    top = found.tables["gains_products_long_run"].rows[0].cells["gain"]
    assert printed["figures"][top]["value"] == pytest.approx(found.figure(top).value, rel=1e-6)
