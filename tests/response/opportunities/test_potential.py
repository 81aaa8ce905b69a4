"""The export potential indicator: a case by hand, its adding-up law, user's files, and potential in US products."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.errors import DataError, UnreadableInput
from headway.impact.plan import plan
from headway.policy import Scenario
from headway.response.opportunities import baci
from headway.response.opportunities.potential import export_potential, leave_one_out_ease, tariff_advantage
from headway.response.opportunities.sector_potential import sector_potential
from headway.response.opportunities.us_potential import us_potential
from headway.world import load


def test_two_products_by_hand() -> None:
    """Supply 0.2 and 0.1, demand 100 and 200: 40 expected; 20 traded, so ease is a half and potential 10 and 10."""
    found = export_potential(np.array([[16.0], [4.0]]), np.array([0.2, 0.1]), np.array([[100.0], [200.0]]))
    assert found.ease.tolist() == [0.5]
    assert found.value[:, 0].tolist() == [10.0, 10.0]
    assert found.unrealised[:, 0].tolist() == [0.0, 6.0]
    assert found.unrealised_share == pytest.approx(0.3)
    assert leave_one_out_ease(found)[:, 0] == pytest.approx([4 / 20, 16 / 20])


def test_trade_that_follows_supply_demand_and_ease_leaves_nothing_unused() -> None:
    rng = np.random.default_rng(0)
    supply, demand, ease = rng.uniform(0, 0.3, 5), rng.uniform(1, 9, (5, 4)), rng.uniform(0.2, 2, 4)
    actual = ease * supply[:, None] * demand
    found = export_potential(actual, supply, demand)
    assert found.ease == pytest.approx(ease)
    assert found.unrealised.max() < 1e-12


def test_potential_sums_to_trade_by_market() -> None:
    world = load()
    found = sector_potential(world, "KOR")
    assert found.central.value.sum(axis=0) == pytest.approx(found.central.actual.sum(axis=0))
    at = world.region("KOR")
    assert found.unrealised[:, :, at].max() == 0


def test_negative_trade_and_wrong_shapes_are_refused() -> None:
    with pytest.raises(DataError, match="negative"):
        export_potential(np.array([[-1.0]]), np.array([0.1]), np.array([[1.0]]))
    with pytest.raises(DataError, match="do not fit"):
        export_potential(np.ones((2, 1)), np.array([0.1]), np.ones((2, 1)))


def test_a_duty_below_others_is_an_advantage() -> None:
    edge = tariff_advantage(np.array([0.0, 0.1, 0.2]), np.array([0.1, 0.1, 0.1]), np.array([5.0, 5.0, 5.0]))
    assert edge[0] == pytest.approx(1.1**5)
    assert edge[1] == 1.0
    assert edge[2] < 1.0


def test_us_potential_moves_with_the_rate_gap(blanket: Scenario, on_korea: Scenario) -> None:
    same, alone = us_potential(plan(blanket)), us_potential(plan(on_korea))
    assert same.before.value.sum() == pytest.approx(same.before.actual.sum())
    assert same.before.unrealised == pytest.approx(alone.before.unrealised)
    before = same.before.unrealised.sum()
    # A duty on everybody leaves potential nearly where it was; a duty on home alone takes most of it away.
    assert same.unrealised_after.sum(axis=1).mean() == pytest.approx(before, rel=0.02)
    assert alone.unrealised_after.sum(axis=1).mean() < before / 3


def _baci(folder: Path, rows: str, codes: str = "country_code,country_name,country_iso2,country_iso3\n") -> Path:
    countries = "410,Rep. of Korea,KR,KOR\n842,USA,US,USA\n156,China,CN,CHN\n"
    (folder / "country_codes_V202501.csv").write_text(codes + countries if codes.endswith("iso3\n") else codes)
    path = folder / "BACI_HS22_Y2023_V202501.csv"
    path.write_text(rows)
    return path


SAMPLE = """t,i,j,k,v,q
2023,410,842,854231,1000.0,   1.0
2023,156,842,854231,3000.0,   2.0
2023,156,410,854231,4000.0,   2.0
2023,410,156,870323,2000.0,   NA
2023,410,842,870323,500.0,   1.0
2023,842,156,870323,1500.0,   1.0
"""


def test_a_baci_file_by_hand(tmp_path: Path) -> None:
    found = baci.read_baci(_baci(tmp_path, SAMPLE), "KOR")
    assert (found.year, found.hs6, found.markets) == (2023, ("854231", "870323"), ("CHN", "USA"))
    # Korea has 1 of 8 million of chips and 2.5 of 4 million of cars; the US imports 4 and 0.5.
    assert found.potential.supply == pytest.approx([1 / 8, 2.5 / 4])
    assert found.potential.demand == pytest.approx(np.array([[0.0, 4.0], [3.5, 0.5]]))
    expected = np.array([1 / 8 * 4, 5 / 8 * 0.5])
    assert found.potential.value[:, 1] == pytest.approx(1.5 / expected.sum() * expected)


@pytest.mark.parametrize(
    ("rows", "home", "error", "words"),
    [
        ("a,b\n1,2\n", "KOR", DataError, "t, i, j, k, v, q is missing"),
        (SAMPLE.replace("2023,842", "2022,842"), "KOR", DataError, "several years"),
        (SAMPLE, "JPN", DataError, "no exports of JPN"),
    ],
)
def test_other_layouts_are_refused_by_file_and_column(
    tmp_path: Path, rows: str, home: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        baci.read_baci(_baci(tmp_path, rows), home)


def test_country_codes_must_be_there_and_complete(tmp_path: Path) -> None:
    path = _baci(tmp_path, SAMPLE, codes="country_code,name\n410,Korea\n")
    with pytest.raises(DataError, match="country_iso3"):
        baci.read_baci(path, "KOR")
    (tmp_path / "country_codes_V202501.csv").unlink()
    with pytest.raises(UnreadableInput, match="country_codes"):
        baci.read_baci(path, "KOR")
    with pytest.raises(UnreadableInput, match="no file"):
        baci.read_baci(tmp_path / "none.csv", "KOR")


def test_a_users_tariffs_are_an_advantage_where_they_are_lower(tmp_path: Path) -> None:
    trade = baci.read_baci(_baci(tmp_path, SAMPLE), "KOR")
    rates = tmp_path / "rates.csv"
    rates.write_text("importer,exporter,hs6,rate\nUSA,KOR,870323,0.0\nUSA,CHN,870323,0.25\n")
    edge = baci.advantage(trade, baci.read_rates(rates), "KOR", 5.0)
    assert edge[1, 1] == pytest.approx(1.25**5)
    assert np.delete(edge.ravel(), 3).tolist() == [1.0, 1.0, 1.0]
    rates.write_text("importer,exporter,hs6\nUSA,KOR,870323\n")
    with pytest.raises(DataError, match="lacks rate"):
        baci.read_rates(rates)
    rates.write_text("importer,exporter,hs6,rate\nUSA,KOR,870323,0\nUSA,KOR,870323,0.1\n")
    with pytest.raises(DataError, match="two rates"):
        baci.read_rates(rates)
    rates.write_text("importer,exporter,hs6,rate\nUSA,KOR,870323,-2\n")
    with pytest.raises(DataError, match="−100"):
        baci.read_rates(rates)
