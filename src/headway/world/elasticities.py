"""Trade elasticities by product and sector: published values, one conversion, and coherent joint draws.

Sources disagree, and the disagreement drives results, so every figure carries its source and horizon:

- ProTEE (Fontagné, Guimbard & Orefice 2022, JIE 137): coefficient β on ln(1 + t) of trade values before tariff, by
  HS6 of 2007. The article reads β = −σ and the trade elasticity as 1 + β (section 2.2).
- Caliendo & Parro (2015, REStud 82): θ by sector; for cars, other transport and services a fallback.
- Boehm, Levchenko & Pandalai-Nayar (2023, AER 113): tariff-exclusive values, one year and seven to ten years on.
- Broda & Weinstein (2006, QJE 121), σ by HS3 for the USA, and Fajgelbaum et al. (2020, QJE 135): comparators.

σ is the `substitution` between origins, θ = σ − 1 the `trade_elasticity` of the equilibrium model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from headway.codes import sectors
from headway.errors import DataError
from headway.models.sampling import unit_points
from headway.policy.scenario import Horizon
from headway.world.us_market import us_imports

Floats = NDArray[np.float64]
Convention = Literal["tariff_exclusive_value", "tariff_inclusive_value", "theta", "substitution"]

SOURCES: dict[Horizon, tuple[str, ...]] = {
    "up_to_a_year": ("boehm_levchenko_pandalai_nayar",),
    "long_run": ("caliendo_parro", "protee", "boehm_levchenko_pandalai_nayar"),
}
"""Sources that are drawn, by horizon; the others in the tables are comparators."""

WINSOR = (0.05, 0.95)
"""Quantiles of the own estimates (significant at 1 %) to which every ProTEE value is drawn in.

Integrated circuits make it needed: all lines of 8542 carry −28.1, the value of one line, parts (854290).
"""

LEVELS = ("own", "heading_mean", "heading", "sector")
"""How a product found its value: its own estimate; CEPII's mean of the heading; our median of the heading (codes
newer than HS2007); the trade-weighted mean of its sector."""

LOG_SD_BY_LEVEL = {"own": 0.25, "heading_mean": 0.49, "heading": 0.49, "sector": 0.65}
"""Standard deviation of log σ by level. ProTEE's standard errors are not among the data: assumptions, bounded by
what is known: own estimates have |t| > 2.58, so less than 0.39; within headings they scatter by 0.49."""

SECTOR_LOG_SD = 0.3
"""Assumption: scatter of sectors around the one estimate for all goods of Boehm et al. (their medians by section
run from 0.75 to 5 in the long run, sampling error included)."""

MAX_LOG_SD = 0.5
"""Cap on the log standard deviation of one sector's estimate: where it binds (plastics, machinery, chemicals), the
published interval reaches zero and a log-normal cannot follow it there."""

DEMAND: dict[Horizon, tuple[float, float]] = {"up_to_a_year": (0.5, 0.3), "long_run": (1.19, 0.4)}
"""Import-demand elasticity η and its log standard deviation. Long run: Fajgelbaum et al. (2020), imports against
home goods, 1.19 (0.49). Up to a year: an assumption, below σ so that rivals' tariffs do not hurt."""

MIN_ABS_THETA = 0.01
"""θ = 0 is excluded from the equilibrium model: draws nearer than this are moved to it, keeping their sign."""


def to_sigma(value: ArrayLike, convention: Convention) -> Floats:
    """σ, the substitution between origins, from published values: the one place where conventions are converted.

    `tariff_exclusive_value`: coefficient on ln(1 + t) of values before tariff, −σ. `tariff_inclusive_value`: of
    values with tariff, 1 − σ. `theta`: σ − 1. `substitution`: σ. Standard errors carry over unchanged.
    """
    published = np.asarray(value, dtype=np.float64)
    if convention == "tariff_exclusive_value":
        return -published
    if convention == "tariff_inclusive_value":
        return 1 - published
    return 1 + published if convention == "theta" else published


def to_theta(value: ArrayLike, convention: Convention) -> Floats:
    """θ = σ − 1, the trade elasticity of the equilibrium model; arguments as in `to_sigma`."""
    return to_sigma(value, convention) - 1


def protee_sigma(coefficient: pl.Series, level: pl.Series) -> pl.Series:
    """σ of ProTEE coefficients, drawn in to the `WINSOR` quantiles of the own estimates; nulls stay null."""
    own = to_sigma(coefficient.filter(level == "own").to_numpy(), "tariff_exclusive_value")
    low, high = np.quantile(own, WINSOR)
    sigma = to_sigma(coefficient.to_numpy(), "tariff_exclusive_value")
    return pl.Series("sigma", sigma).fill_nan(None).clip(low, high)


@lru_cache(maxsize=1)
def products() -> pl.DataFrame:
    """Every HS6 of US imports of 2024 and 2025 with its σ from ProTEE, winsorised.

    Columns: hs6, sector, level, reported (coefficient as published, null at level `sector`), sigma, log_sd,
    broda_weinstein (σ, comparator).
    """
    raw = pl.read_parquet(_file("elasticities_hs6.parquet"))
    sector = pl.Series("sector", [sectors.of_hs6(code) for code in raw["hs6"]])
    sigma = protee_sigma(raw["protee_coefficient"], raw["protee_level"])
    rows = sector_elasticities("long_run").filter(pl.col("source") == "protee")
    by_sector = dict(rows.select("sector", "sigma").iter_rows())
    return raw.with_columns(sector, sigma).select(
        "hs6",
        "sector",
        level=pl.col("protee_level").fill_null("sector"),
        reported="protee_coefficient",
        sigma=pl.col("sigma").fill_null(pl.col("sector").replace_strict(by_sector, return_dtype=pl.Float64)),
        log_sd=pl.col("protee_level").fill_null("sector").replace_strict(LOG_SD_BY_LEVEL),
        broda_weinstein="broda_weinstein_sigma",
    )


@lru_cache(maxsize=1)
def _sector_rows() -> pl.DataFrame:
    rows = pl.read_csv(_file("elasticities_sector.csv"), schema_overrides={"standard_error": pl.Float64})
    sigma = [
        float(to_sigma(value, convention)) for value, convention in rows.select("value", "convention").iter_rows()
    ]
    return rows.with_columns(sigma=pl.Series(sigma, dtype=pl.Float64)).with_columns(theta=pl.col("sigma") - 1)


def sector_elasticities(horizon: Horizon) -> pl.DataFrame:
    """Sector elasticities of a horizon, one row per sector and source, comparators included.

    Columns: sector, source, role, convention, value (as published), sigma, theta, standard_error (null where the
    value is a fallback), estimated, note.
    """
    columns = ("sector", "source", "role", "convention", "value", "sigma", "theta", "standard_error", "estimated")
    return _sector_rows().filter(pl.col("horizon") == horizon).select(*columns, "note")


def hs6_sigma(horizon: Horizon, source: str) -> pl.DataFrame:
    """σ of every HS6 by one source [hs6, sector, sigma, log_sd, level]; raises DataError for an unknown source.

    Only ProTEE (long run) and Broda–Weinstein tell products apart; by the others a product has its sector's σ.
    """
    table = products()
    if source == "protee" and horizon == "long_run":
        return table.select("hs6", "sector", "sigma", "log_sd", "level")
    if source == "broda_weinstein":
        missing = pl.col("broda_weinstein").is_null()
        level = pl.when(missing).then(pl.lit("none")).otherwise(pl.lit("hs3"))
        return table.select("hs6", "sector", sigma="broda_weinstein", log_sd=pl.lit(None, pl.Float64), level=level)
    rows = sector_elasticities(horizon).filter(pl.col("source") == source)
    if rows.is_empty():
        raise DataError(f"No elasticities of {source!r} for {horizon}.", f"Choose one of {SOURCES[horizon]}.")
    by_sector = dict(rows.select("sector", "sigma").iter_rows())
    spread = dict(zip(rows["sector"], _log_sd(rows, "sigma"), strict=True))
    return table.select(
        "hs6",
        "sector",
        sigma=pl.col("sector").replace_strict(by_sector, return_dtype=pl.Float64),
        log_sd=pl.col("sector").replace_strict(spread, return_dtype=pl.Float64),
        level=pl.lit("sector"),
    )


def coverage(home: str = "KOR", year: int = 2024) -> pl.DataFrame:
    """Shares of US imports for consumption by level of match [level, products, share, share_of_home]."""
    imports = (
        us_imports(year)
        .group_by(hs6=pl.col("hts10").str.slice(0, 6))
        .agg(
            all=pl.col("consumption_usd").sum(),
            home=pl.col("consumption_usd").filter(pl.col("iso3") == home).sum(),
        )
    )
    by_level = products().join(imports, on="hs6").group_by("level").agg(pl.len(), pl.col("all", "home").sum())
    order = (
        pl.DataFrame({"level": LEVELS}).join(by_level, on="level", how="left", maintain_order="left").fill_null(0)
    )
    return order.select(
        "level",
        products="len",
        share=pl.col("all") / pl.col("all").sum(),
        share_of_home=pl.col("home") / pl.col("home").sum(),
    )


@dataclass(frozen=True)
class ElasticityDraws:
    """Joint draws of one horizon: Q draws, S sources, J sectors (order of `codes.sectors.keys()`), G products.

    `weight` [Q, S] adds to one; `trade_elasticity` θ [Q, J]; `substitution` σ [Q, G] for `hs6`; `demand` η [Q].
    A draw leans to the same sources in the equilibrium model and at product level.
    """

    horizon: Horizon
    sources: tuple[str, ...]
    hs6: tuple[str, ...]
    weight: Floats
    trade_elasticity: Floats
    substitution: Floats
    demand: Floats

    def demand_by_product(self) -> Floats:
        """η spread over products [Q, G], as the product-level model takes it."""
        return np.broadcast_to(self.demand[:, None], self.substitution.shape).copy()


def draw_elasticities(
    rng: np.random.Generator, n: int, horizon: Horizon, *, hs6: tuple[str, ...] | None = None
) -> ElasticityDraws:
    """`n` joint draws, low-discrepancy over weights, sectors and demand; `hs6` selects and orders the products.

    log x = Σ_s w_s log x_s + noise, x = θ in the long run and σ up to a year (where θ is negative). Weights are
    uniform on the simplex of sources. Noise: each source's log standard error times its weight, by sector for
    Caliendo & Parro and ProTEE, common to all sectors plus `SECTOR_LOG_SD` for Boehm et al.; at product level the
    sector's noise, plus the product's own `log_sd` times the weight of ProTEE. Raises DataError for unknown HS6.
    """
    keys, sources = sectors.keys(), SOURCES[horizon]
    points = unit_points(n, len(sources) - 1 + 2 + len(keys), rng=rng)
    cuts = np.sort(points[:, : len(sources) - 1], axis=1)
    weight = np.diff(cuts, axis=1, prepend=0.0, append=1.0)
    shock = ndtri(points[:, len(sources) - 1 :])
    return _draws(horizon, hs6, weight=weight, shock=shock, rng=rng)


def central_elasticities(horizon: Horizon, *, hs6: tuple[str, ...] | None = None) -> ElasticityDraws:
    """The one central draw: sources with equal weight, no noise."""
    count = len(SOURCES[horizon])
    weight = np.full((1, count), 1 / count)
    return _draws(horizon, hs6, weight=weight, shock=np.zeros((1, 2 + len(sectors.keys()))), rng=None)


def _draws(
    horizon: Horizon,
    hs6: tuple[str, ...] | None,
    *,
    weight: Floats,
    shock: Floats,
    rng: np.random.Generator | None,
) -> ElasticityDraws:
    """Assemble draws from weights [Q, S] and standard normals [Q, 2 + J]: demand, common, sectors."""
    table = _select(hs6)
    measure = "theta" if horizon == "long_run" else "sigma"
    mean, spread = _sector_logs(horizon, measure)
    noise = _sector_noise(horizon, weight, shock[:, 1:], spread)
    sector = np.exp(weight @ mean + noise)
    theta = sector if measure == "theta" else sector - 1
    theta = np.where(np.abs(theta) < MIN_ABS_THETA, np.copysign(MIN_ABS_THETA, theta), theta)
    position = {key: place for place, key in enumerate(sectors.keys())}
    of_product = np.array([position[key] for key in table["sector"]], dtype=np.int64)
    level = weight @ _product_logs(horizon, measure, table) + noise[:, of_product]
    if rng is not None and "protee" in SOURCES[horizon]:
        share = weight[:, SOURCES[horizon].index("protee"), None]
        level = level + share * table["log_sd"].to_numpy() * rng.standard_normal(level.shape)
    eta, eta_sd = DEMAND[horizon]
    return ElasticityDraws(
        horizon=horizon,
        sources=SOURCES[horizon],
        hs6=tuple(table["hs6"]),
        weight=weight,
        trade_elasticity=theta,
        substitution=np.exp(level) + (1 if measure == "theta" else 0),
        demand=eta * np.exp(eta_sd * shock[:, 0]),
    )


def _sector_noise(horizon: Horizon, weight: Floats, shock: Floats, spread: Floats) -> Floats:
    """Noise of log x by sector [Q, J] from standard normals [Q, 1 + J], the common one first."""
    pooled = np.array([source == "boehm_levchenko_pandalai_nayar" for source in SOURCES[horizon]])
    own = np.where(pooled[:, None], SECTOR_LOG_SD, spread)
    common = weight @ np.where(pooled[:, None], spread, 0.0)
    return np.asarray(shock[:, :1] * common + shock[:, 1:] * (weight @ own))


def _sector_logs(horizon: Horizon, measure: str) -> tuple[Floats, Floats]:
    """log x and its standard deviation by source and sector [S, J]."""
    rows = sector_elasticities(horizon)
    order = pl.DataFrame({"sector": sectors.keys()})
    tables = [order.join(rows.filter(pl.col("source") == s), on="sector", how="left") for s in SOURCES[horizon]]
    mean = np.stack([np.log(table[measure].to_numpy()) for table in tables])
    return mean, np.stack([_log_sd(table, measure) for table in tables])


def _product_logs(horizon: Horizon, measure: str, table: pl.DataFrame) -> Floats:
    """log x by source and product [S, G]."""
    shift = 1 if measure == "theta" else 0
    parts = [
        table.select("hs6").join(hs6_sigma(horizon, source), on="hs6", how="left")["sigma"].to_numpy() - shift
        for source in SOURCES[horizon]
    ]
    return np.asarray(np.log(np.stack(parts)), dtype=np.float64)


def _log_sd(rows: pl.DataFrame, measure: str) -> Floats:
    """Standard deviation of log x from standard errors, capped; fallbacks get the cap."""
    ratio = rows["standard_error"].to_numpy() / rows[measure].to_numpy()
    return np.minimum(np.where(np.isnan(ratio), MAX_LOG_SD, ratio), MAX_LOG_SD)


def _select(hs6: tuple[str, ...] | None) -> pl.DataFrame:
    table = products()
    if hs6 is None:
        return table
    chosen = pl.DataFrame({"hs6": hs6}, schema={"hs6": pl.String}).join(table, on="hs6", how="left")
    if chosen["sigma"].null_count():
        missing = chosen.filter(pl.col("sigma").is_null())["hs6"].to_list()
        raise DataError(f"No elasticity for HS {', '.join(missing[:5])}.", "Use HS6 codes of US imports.")
    return chosen


def _file(name: str) -> bytes:
    return (resources.files("headway.world") / "data" / name).read_bytes()
