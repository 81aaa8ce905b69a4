"""Rates after measures by line: floors meet lines, additions are exact, and both levels of the model agree."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from headway.impact import line_rates
from headway.impact.coverage import ImportMix
from headway.impact.general import shocked_tariffs
from headway.impact.rates import DrawnTariff
from headway.policy import Measure
from headway.policy.forming import INSTEAD
from headway.world import load

DAY = dt.date(2025, 1, 21)
MIX = ImportMix(2024)
STEEL = ({"words": "steel", "hs": ("72", "7301.10")},)


def drawn(rates: list[float], combines: str = "additive", **fields: object) -> DrawnTariff:
    content = {"id": "t", "imposer": "USA", "instrument": "tariff", "stage": "pledged", "rate_low": 10, **fields}
    return DrawnTariff(Measure.model_validate(content), np.array(rates), combines)


FLOOR = drawn([0.05, 0.15], "floor_total", partners=("ALL",))


def origins() -> tuple[np.ndarray, list[str]]:
    names = sorted(MIX.rows["iso3"].unique())
    cell = MIX.rows["iso3"].replace_strict({name: at for at, name in enumerate(names)}).to_numpy()
    return cell.astype(np.int64), names


def owed(tariffs: tuple[DrawnTariff, ...]) -> np.ndarray:
    cell, names = origins()
    return line_rates.duty_changes(MIX, tariffs, DAY, cell=cell, count=len(names))


def test_a_floor_meets_every_line() -> None:
    """Against the same sum written in polars: Σ usd (max(t, r) − t), not usd (max(mean t, r) − mean t)."""
    found = owed((FLOOR,))
    for number, rate in enumerate((0.05, 0.15)):
        rise = (pl.col("usd") * (pl.max_horizontal("rate", pl.lit(rate)) - pl.col("rate"))).sum()
        sums = MIX.rows.group_by("iso3").agg(rise=rise).sort("iso3")
        np.testing.assert_allclose(found[number], sums["rise"].to_numpy(), rtol=1e-9, atol=1e-3)
    means = MIX.rows.group_by("iso3").agg(
        usd=pl.col("usd").sum(), rate=(pl.col("usd") * pl.col("rate")).sum() / pl.col("usd").sum()
    )
    on_averages = (means["usd"] * (0.05 - means["rate"]).clip(0)).sum()
    assert found[0].sum() > 1.05 * on_averages


@pytest.mark.parametrize("scale", [1, 50])
def test_additions_are_exact_and_only_where_a_measure_reaches(scale: int) -> None:
    steel = drawn([0.25 * scale], partners=("KOR", "JPN"), products=("steel",), product_matches=STEEL)
    blanket = drawn([0.10], partners=("ALL",), excluded_partners=("KOR",))
    _, names = origins()
    total = dict(MIX.rows.group_by("iso3").agg(pl.col("usd").sum()).iter_rows())
    code = pl.col("hts10")
    hit = MIX.rows.filter(code.str.starts_with("72") | code.str.starts_with("730110"))
    metal = dict(hit.group_by("iso3").agg(pl.col("usd").sum()).iter_rows())
    found = dict(zip(names, owed((blanket, steel))[0], strict=True))
    assert found["KOR"] == pytest.approx(0.25 * scale * metal["KOR"])
    assert found["JPN"] == pytest.approx(0.10 * total["JPN"] + 0.25 * scale * metal["JPN"])
    assert found["DEU"] == pytest.approx(0.10 * total["DEU"])


def test_many_draws_in_small_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = [0.01 * k for k in range(7)]
    floor = drawn(rates, "floor_total", partners=("CHN", "KOR"))
    instead = drawn(rates, INSTEAD, partners=("CHN",))
    whole = owed((floor, instead))
    monkeypatch.setattr(line_rates, "AT_A_TIME", 100_000)
    np.testing.assert_allclose(owed((floor, instead)), whole, rtol=1e-12)


def test_lines_taken_together_are_lines_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    blanket = drawn([0.1, 0.2], partners=("ALL",))
    steel = drawn([0.3, 0.3], partners=("KOR",), products=("steel",), product_matches=STEEL)
    together = owed((blanket, steel))
    monkeypatch.setattr(line_rates, "MOST_PATTERNS", 0)
    np.testing.assert_allclose(owed((blanket, steel)), together, rtol=1e-9, atol=1e-3)


def test_without_a_measure_nothing_changes() -> None:
    assert not owed(()).any()
    assert not owed((drawn([0.1], partners=("USA",)),)).any()
    np.testing.assert_array_equal(owed((drawn([np.nan, 0.1], partners=("KOR",)),))[0], 0.0)


def test_rates_by_sector_of_2024_are_those_of_the_built_world() -> None:
    """Two programs, one from Census files and one from the shipped table, give the same rates."""
    world = load()
    us = world.region("USA")
    goods = [world.sector(key) for key in world.goods]
    others = [at for at in range(len(world.regions)) if at != us]
    rates = line_rates.sector_rates(world, MIX)
    np.testing.assert_allclose(
        rates[np.ix_(goods, others)], world.tariff[goods, us][:, others], rtol=1e-5, atol=5e-6
    )


def test_both_levels_owe_the_same() -> None:
    """Duties by product and by sector and region add up to the same change, chapters 98 and 99 spread or not."""
    world = load()
    found = line_rates.sector_changes(world, MIX, (FLOOR,), DAY)
    assert found is not None
    change, known = found
    goods = MIX.rows.filter(pl.col("sector").is_in(world.goods))
    usd = goods.group_by("sector", "region").agg(pl.col("usd").sum())
    special = MIX.rows.filter(pl.col("hs6").str.slice(0, 2).is_in(["98", "99"]))
    ordinary = MIX.rows.join(special, on=["hts10", "iso3"], how="anti")
    by_region = {
        region: (usd, extra)
        for region, usd, extra in ordinary.group_by("region")
        .agg(pl.col("usd").sum())
        .join(special.group_by("region").agg(extra=pl.col("usd").sum()), on="region", how="left")
        .fill_null(0.0)
        .iter_rows()
    }
    value = np.zeros(known.shape)
    for sector, region, amount in ordinary.group_by("sector", "region").agg(pl.col("usd").sum()).iter_rows():
        if sector in world.sectors:
            total, extra = by_region[region]
            value[world.sector(sector), world.region(region)] = amount * (1 + extra / total)
    assert usd["usd"].sum() > 0
    np.testing.assert_allclose((value * change).sum(axis=(1, 2)), owed((FLOOR,)).sum(axis=1), rtol=1e-9)


def test_a_blanket_raises_every_sector_by_its_rate_and_a_floor_never_lowers() -> None:
    world, at = load(), load().region("USA")
    goods = np.isin(world.sectors, world.goods)
    after = shocked_tariffs(world, (drawn([0.1], partners=("ALL",)),), MIX, DAY)[0, :, at]
    np.testing.assert_allclose(np.delete(after - world.tariff[:, at], at, axis=1)[goods], 0.1, atol=1e-12)
    floor = shocked_tariffs(world, (FLOOR,), MIX, DAY)
    assert (floor >= world.tariff - 1e-12).all()
    assert (floor[1] >= floor[0] - 1e-12).all()


def test_a_users_own_us_tariffs_meet_measures_by_sector() -> None:
    world = load()
    us, korea = world.region("USA"), world.region("KOR")
    rates = pl.DataFrame(
        {"importer": ["USA"], "exporter": ["KOR"], "sector": ["metals"], "rate": [0.5], "year": [2030]}
    )
    own = world.with_tariffs(rates)
    assert line_rates.sector_changes(own, MIX, (FLOOR,), DAY) is None
    after = shocked_tariffs(own, (FLOOR,), MIX, DAY)
    assert after[1, own.sector("metals"), us, korea] == 0.5
    assert after[1, own.sector("machinery"), us, korea] == 0.15
