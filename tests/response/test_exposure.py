"""Exposure: rates and shares by hand from the Census lines, ranks, rivals, others' exports, firms by size."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.response.conftest import scenario_of, tariff

from headway.errors import NoEffect
from headway.impact.plan import Plan, plan
from headway.policy import Measure, ProductMatch, Scenario
from headway.response import assess_exposure, exposure
from headway.response.content import value_added_content
from headway.response.lines import rated_lines
from headway.response.support.firms import from_table
from headway.world import us_market

CHIPS = ProductMatch(words="semiconductors", hs=("8541", "8542"))


@pytest.fixture(scope="module")
def planned(blanket: Scenario) -> Plan:
    return plan(blanket)


def test_lines_carry_the_published_average(planned: Plan) -> None:
    lines = rated_lines(planned)
    paid = float((lines["usd"] * lines["middle"]).sum() / lines["usd"].sum())
    assert paid == pytest.approx(us_market.effective_rate(2024, added=0.15), abs=2e-4)


def test_a_measure_on_products_hits_those_lines_alone() -> None:
    measure = tariff("chips", ("KOR", "TWN"), 25.0, 25.0).model_copy(update={"product_matches": (CHIPS,)})
    lines = rated_lines(plan(scenario_of(measure)))
    moved = lines.filter(pl.col("middle") > pl.col("before") + 1e-9)
    assert set(moved["hs6"].str.slice(0, 4)) == {"8541", "8542"}
    assert set(moved["iso3"]) == {"KOR", "TWN"}
    assert (moved["middle"] - moved["before"]).to_numpy() == pytest.approx(np.full(moved.height, 0.25))


def test_items_by_hand(planned: Plan) -> None:
    found = exposure.of_items(planned)
    k = found.keys.index("cars")
    own = rated_lines(planned).filter((pl.col("iso3") == "KOR") & (pl.col("item") == "cars"))
    usd = own["usd"].to_numpy() / 1e9
    assert found.affected[k] == pytest.approx(usd.sum())
    assert found.duty[1, k] == pytest.approx(0.15 * usd.sum())
    assert found.affected_share[k] == pytest.approx(usd.sum() / 70.79)
    assert found.rank[k] <= found.suppliers[k]
    assert found.market_share[k] == pytest.approx(
        usd.sum() * 1e9 / rated_lines(planned).filter(pl.col("item") == "cars")["usd"].sum()
    )


def test_a_blanket_tariff_moves_no_gap_and_a_tariff_on_one_rival_moves_that_gap(planned: Plan) -> None:
    same = exposure.of_items(planned)
    assert np.nanmax(np.abs(same.gap[2] - same.gap[0])) < 1e-12
    china = exposure.of_items(plan(scenario_of(tariff("china", ("CHN",), 60.0, 60.0))))
    moved = china.gap[2] - china.gap[0]
    at = china.rivals.index("CHN")
    assert np.nanmin(moved[at]) == pytest.approx(0.6)
    others = np.delete(moved, at, axis=0)
    assert np.nanmax(np.abs(others)) < 1e-12
    assert china.affected.sum() == 0


def test_ranks_are_those_of_the_duties(planned: Plan) -> None:
    found = exposure.of_items(planned)
    ranks = exposure.ranking(found, value_added_content(planned.world), "KOR")
    order = np.argsort(ranks.plain, kind="stable")
    duties = found.duty[1][order]
    assert np.all(np.diff(duties[found.affected[order] > 0]) <= 0)
    assert set(ranks.yardsticks) < set(exposure.YARDSTICKS)


def test_destinations_and_what_goes_through_others(planned: Plan) -> None:
    found = exposure.of_destinations(planned)
    world = planned.world
    us, korea, mexico = (world.region(code) for code in ("USA", "KOR", "MEX"))
    assert found.affected[us] == pytest.approx(found.exports[us])
    assert found.affected.sum() == pytest.approx(found.affected[us])
    assert found.through[korea] == 0
    goods = [world.sector(key) for key in world.goods]
    content = value_added_content(world).of("KOR", "MEX")[goods]
    assert found.through[mexico] == pytest.approx((world.flow[goods, us, mexico] * content).sum() / 1e3)
    assert found.through_duty[mexico] == pytest.approx(0.15 * found.through[mexico])


def test_the_record_names_every_figure_that_its_tables_show(blanket: Scenario) -> None:
    found = assess_exposure(blanket)
    cells = {id for one in found.tables.values() for line in one.rows for id in line.cells.values()}
    assert cells <= set(found.figures)
    assert found.tables["exposure_items"].rows[0].key == "cars"
    assert found.figure("exposure.item.cars.rank").value == 1
    assert found.manifest["inputs"]["world"] == "default"


def test_firms_by_size(blanket: Scenario) -> None:
    firms = from_table(
        pl.DataFrame(
            {
                "firm_id": ["a", "b", "c"],
                "size": ["small", "small", "large"],
                "region": ["Seoul"] * 3,
                "item": ["cars", "ships", "자동차"],
                "exports_usd": [2e6, 1e6, 9e9],
                "us_exports_usd": [1e6, 0.0, 3e9],
            }
        )
    )
    found = assess_exposure(blanket, firms=firms)
    assert found.figure("exposure.size.small.firms").value == 1
    assert found.figure("exposure.size.small.affected").value == pytest.approx(1.0)
    assert found.figure("exposure.size.small.share").value == pytest.approx(1 / 3)
    assert found.figure("exposure.size.large.duty").value == pytest.approx(0.15 * 3000, rel=1e-3)


def test_a_scenario_without_tariffs_has_no_exposure() -> None:
    removal = Measure(
        id="ev",
        imposer="USA",
        instrument="subsidy_removal",
        stage="under_review",
        product_matches=(ProductMatch(words="electric vehicles", hs=("870380",)),),
    )
    with pytest.raises(NoEffect, match="no tariff"):
        assess_exposure(scenario_of(removal))
