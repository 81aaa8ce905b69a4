"""Elasticities: conventions, matching, winsorising, and the coherence of joint draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.codes import sectors
from headway.errors import DataError, UnreadableInput
from headway.world import elasticities
from headway.world.build import elasticities as builder
from headway.world.elasticities import (
    LOG_SD_BY_LEVEL,
    MAX_LOG_SD,
    MIN_ABS_THETA,
    SOURCES,
    central_elasticities,
    coverage,
    draw_elasticities,
    hs6_sigma,
    products,
    sector_elasticities,
    to_sigma,
    to_theta,
)


class TestConventions:
    @pytest.mark.parametrize(
        ("value", "convention", "sigma"),
        [
            (-0.76, "tariff_exclusive_value", 0.76),
            (-8.0, "tariff_exclusive_value", 8.0),
            (-7.0, "tariff_inclusive_value", 8.0),
            (8.22, "theta", 9.22),
            (4.0, "substitution", 4.0),
        ],
    )
    def test_to_sigma_and_theta(self, value: float, convention: str, sigma: float) -> None:
        assert to_sigma(value, convention) == pytest.approx(sigma)  # type: ignore[arg-type]
        assert to_theta(value, convention) == pytest.approx(sigma - 1)  # type: ignore[arg-type]

    def test_short_run_is_below_one(self) -> None:
        """METHODS section 2: 0.76 tariff-exclusive is σ as it stands and θ = −0.24."""
        rows = sector_elasticities("up_to_a_year").filter(pl.col("role") == "source")
        assert rows["sigma"].unique().to_list() == [0.76]
        np.testing.assert_allclose(rows["theta"], -0.24)
        assert rows["standard_error"].unique().to_list() == [0.11]

    def test_long_run_of_boehm_et_al(self) -> None:
        rows = sector_elasticities("long_run").filter(pl.col("source") == "boehm_levchenko_pandalai_nayar")
        np.testing.assert_allclose(rows["theta"], 1.0)


class TestProducts:
    def test_known_values(self) -> None:
        """KNOWN_ANSWERS section 7: circuits −28 on average, cars about −9.8, ships −10.9."""
        reported = dict(products().select("hs6", "reported").iter_rows())
        assert reported["854231"] == pytest.approx(-28.1, abs=0.05)
        assert reported["890190"] == pytest.approx(-10.9, abs=0.05)
        cars = [reported[hs6] for hs6 in ("870321", "870322", "870323", "870324", "870331", "870332", "870333")]
        assert np.mean(cars) == pytest.approx(-10.0, abs=0.1)

    def test_new_codes_fall_back_to_their_heading(self) -> None:
        """README of the data names these among the codes that HS2007 lacks."""
        table = products().filter(pl.col("hs6").is_in(["870340", "870360", "870380", "850760", "854142"]))
        assert table["level"].to_list() == ["heading"] * 5
        cars = table.filter(pl.col("hs6") == "870380")["reported"].item()
        own = [-11.114383, -10.666825, -9.4088907, -7.4445114, -16.794338, -7.5642786, -7.0431395, -8.1363058]
        assert cars == pytest.approx(np.median(own))

    def test_every_product_has_a_value_inside_the_winsor_bounds(self) -> None:
        table = products()
        assert table["sigma"].null_count() == 0
        own = -table.filter(pl.col("level") == "own")["reported"].to_numpy()
        low, high = np.quantile(own, (0.05, 0.95))
        assert table["sigma"].min() == pytest.approx(low)
        assert table["sigma"].max() == pytest.approx(high)
        assert low > 1, "θ = σ − 1 of every product stays positive"

    def test_coverage(self) -> None:
        """77 % of US imports match ProTEE's codes (README of the data)."""
        found = coverage()
        share = dict(found.select("level", "share").iter_rows())
        assert share["own"] + share["heading_mean"] == pytest.approx(0.775, abs=0.005)
        np.testing.assert_allclose(found.select("share", "share_of_home").sum().row(0), 1.0)

    def test_scatter_within_headings_is_the_documented_one(self, shared_data: Path) -> None:
        protee = builder.read_protee(shared_data / builder.PROTEE).filter(pl.col("own"))
        logs = protee.select(heading=pl.col("hs6").str.slice(0, 4), log=(-pl.col("coefficient")).log())
        centred = logs.with_columns(gap=pl.col("log") - pl.col("log").mean().over("heading"))
        freedom = centred.height - centred["heading"].n_unique()
        scatter = float((centred["gap"] ** 2).sum() / freedom) ** 0.5
        assert scatter == pytest.approx(LOG_SD_BY_LEVEL["heading"], abs=0.01)
        assert float(logs["log"].std()) == pytest.approx(LOG_SD_BY_LEVEL["sector"], abs=0.1)  # type: ignore[arg-type]


class TestSectors:
    def test_caliendo_parro_as_published(self) -> None:
        rows = sector_elasticities("long_run").filter(pl.col("source") == "caliendo_parro")
        theta = dict(rows.select("sector", "theta").iter_rows())
        estimated = dict(rows.select("sector", "estimated").iter_rows())
        assert theta["petroleum"] == pytest.approx(64.85)
        assert theta["motor_vehicles"] == pytest.approx(8.22)
        assert not estimated["motor_vehicles"]
        assert not estimated["other_transport"]
        assert estimated["petroleum"]
        assert 3.95 < theta["electronics"] < 12.95
        assert 3.28 < theta["metals"] < 6.99

    def test_every_sector_has_every_source(self) -> None:
        for horizon, sources in SOURCES.items():
            for source in sources:
                rows = sector_elasticities(horizon).filter(pl.col("source") == source)
                assert rows["sector"].to_list() == list(sectors.keys())
                assert rows["sigma"].null_count() == 0

    def test_unknown_source(self) -> None:
        with pytest.raises(DataError, match="armington"):
            hs6_sigma("long_run", "armington")

    def test_comparator_by_product(self) -> None:
        table = hs6_sigma("long_run", "broda_weinstein")
        sigma = dict(table.select("hs6", "sigma").iter_rows())
        assert sigma["870323"] == pytest.approx(25.03, abs=0.01)


@pytest.fixture(scope="module")
def long_run() -> elasticities.ElasticityDraws:
    return draw_elasticities(np.random.default_rng(1), 256, "long_run")


class TestDraws:
    def test_shapes_and_weights(self, long_run: elasticities.ElasticityDraws) -> None:
        assert long_run.weight.shape == (256, 3)
        assert long_run.trade_elasticity.shape == (256, len(sectors.keys()))
        assert long_run.substitution.shape == (256, len(long_run.hs6)) == long_run.demand_by_product().shape
        np.testing.assert_allclose(long_run.weight.sum(axis=1), 1)
        np.testing.assert_allclose(long_run.weight.mean(axis=0), 1 / 3, atol=0.01)
        assert (long_run.trade_elasticity > 0).all()
        assert (long_run.substitution > 1).all()

    def test_products_and_sectors_lean_to_the_same_sources(self, long_run: elasticities.ElasticityDraws) -> None:
        """Draws of cars' σ at product level move with θ of motor vehicles in the equilibrium model."""
        theta = long_run.trade_elasticity[:, sectors.keys().index("motor_vehicles")]
        cars = long_run.substitution[:, long_run.hs6.index("870323")]
        assert np.corrcoef(np.log(theta), np.log(cars - 1))[0, 1] > 0.9

    def test_median_is_the_central_draw(self, long_run: elasticities.ElasticityDraws) -> None:
        central = central_elasticities("long_run")
        assert central.trade_elasticity.shape[0] == 1
        np.testing.assert_allclose(
            np.log(np.median(long_run.trade_elasticity, axis=0)), np.log(central.trade_elasticity[0]), atol=0.15
        )
        rows = sector_elasticities("long_run").filter(pl.col("role") == "source", pl.col("sector") == "metals")
        metals = central.trade_elasticity[0, sectors.keys().index("metals")]
        assert metals == pytest.approx(np.exp(np.log(rows["theta"].to_numpy()).mean()))

    def test_short_run(self) -> None:
        draws = draw_elasticities(np.random.default_rng(1), 256, "up_to_a_year")
        assert (draws.trade_elasticity > -1).all()
        assert (np.abs(draws.trade_elasticity) >= MIN_ABS_THETA).all()
        assert np.median(draws.substitution) == pytest.approx(0.76, abs=0.01)
        spread = np.log(draws.substitution).std()
        assert spread == pytest.approx(np.hypot(0.11 / 0.76, 0.3), abs=0.02)

    def test_reproducible_and_selectable(self) -> None:
        chosen = ("870380", "854232")
        first = draw_elasticities(np.random.default_rng(5), 16, "long_run", hs6=chosen)
        again = draw_elasticities(np.random.default_rng(5), 16, "long_run", hs6=chosen)
        np.testing.assert_array_equal(first.substitution, again.substitution)
        assert first.hs6 == chosen
        with pytest.raises(DataError, match="123456"):
            draw_elasticities(np.random.default_rng(5), 4, "long_run", hs6=("123456",))

    def test_no_sector_is_noisier_than_the_cap(self) -> None:
        """Plastics' published error exceeds its estimate; around fixed weights the log spread obeys the cap."""
        draws = draw_elasticities(np.random.default_rng(2), 1024, "long_run", hs6=("870380",))
        rows = sector_elasticities("long_run").filter(
            pl.col("sector") == "rubber_plastics", pl.col("role") == "source"
        )
        order = pl.DataFrame({"source": draws.sources}).join(rows, on="source", maintain_order="left")
        centre = draws.weight @ np.log(order["theta"].to_numpy())
        noise = np.log(draws.trade_elasticity[:, sectors.keys().index("rubber_plastics")]) - centre
        assert noise.std() < MAX_LOG_SD


class TestBuilder:
    def test_rebuild_gives_the_shipped_tables(self, shared_data: Path, tmp_path: Path) -> None:
        builder.build(shared_data, tmp_path)
        shipped = Path(elasticities.__file__).parent / "data"
        name = "elasticities_sector.csv"
        assert (tmp_path / name).read_text() == (shipped / name).read_text()
        name = "elasticities_hs6.parquet"
        assert pl.read_parquet(tmp_path / name).equals(pl.read_parquet(shipped / name))

    def test_unknown_layout(self, tmp_path: Path) -> None:
        path = tmp_path / "protee.csv"
        path.write_text("HS6,sigma\n010110,-3\n")
        with pytest.raises(UnreadableInput, match="columns"):
            builder.read_protee(path)
        with pytest.raises(UnreadableInput, match="does not exist"):
            builder.read_broda_weinstein(tmp_path / "none.csv")
