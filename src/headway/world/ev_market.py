"""The US car market by maker, origin and powertrain in 2024, and what removing electric-vehicle credits would do.

Every parameter stands in one editable table, `data/ev_subsidy.csv`, with a range and a source or the word
"assumption". Draws are triangular between low and high with the mode at the value. The model is
`headway.models.demand`; exports of Korea are customs values of 2024 times the change in units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from headway.errors import DataError, UnreadableInput
from headway.models.demand import (
    Credits,
    NestElasticities,
    RemovalResult,
    SubsidisedMarket,
    rank_drivers,
    subsidy_removal,
    triangular,
)
from headway.models.sampling import LEVELS, quantiles, unit_points

Floats = NDArray[np.float64]

COLUMNS = ("parameter", "value", "low", "high", "unit", "source", "note")
MAKERS = (
    "tesla",
    "us_makers",
    "korean_from_korea",
    "korean_us_plants",
    "gm_from_korea",
    "japanese",
    "european_and_other",
)
"""Maker groups by where their cars are built; the two `from_korea` are Korea's exports."""

POWERTRAINS = ("ev", "other")
"""Battery-electric cars, which the credits reach; combustion and hybrid cars. Plug-in hybrids count as other."""

CAR_DRAWS = 1024

_CUSTOMS = {"ev": "customs.korea.ev", "other": "customs.korea.korean_other", "gm": "customs.korea.gm_other"}


@lru_cache(maxsize=1)
def shipped_parameters() -> pl.DataFrame:
    """The shipped table [parameter, value, low, high, unit, source, note]."""
    return read_parameters(Path(str(resources.files("headway.world") / "data" / "ev_subsidy.csv")))


def read_parameters(path: Path) -> pl.DataFrame:
    """A table of the same layout from a file; raises UnreadableInput, DataError naming parameter and column."""
    if not path.is_file():
        raise UnreadableInput(f"{path} does not exist.", "Copy the shipped ev_subsidy.csv and edit it.")
    numbers = dict.fromkeys(("value", "low", "high"), pl.Float64)
    table = pl.read_csv(path, schema_overrides=numbers | dict.fromkeys(("source", "note"), pl.String))
    if tuple(table.columns) != COLUMNS:
        raise UnreadableInput(f"{path} has columns {table.columns}, not {list(COLUMNS)}.", "Keep the layout.")
    _check_parameters(table)
    return table


def _check_parameters(table: pl.DataFrame) -> None:
    repeated = table.filter(pl.col("parameter").is_duplicated())["parameter"].unique().sort().to_list()
    if repeated:
        raise DataError(f"Parameter given twice: {', '.join(repeated)}.", "Keep one row each.")
    missing = sorted(_required() - set(table["parameter"]))
    unknown = sorted(set(table["parameter"]) - _required() - _optional())
    if missing or unknown:
        raise DataError(
            f"Parameters missing: {missing}; unknown: {unknown}.", "Keep the names of the shipped table."
        )
    empty = table.filter(~((pl.col("low") <= pl.col("value")) & (pl.col("value") <= pl.col("high"))))
    if empty.height:
        raise DataError(f"Empty range for {empty['parameter'][0]}.", "Keep low <= value <= high.")
    if table["source"].null_count():
        bare = table.filter(pl.col("source").is_null())["parameter"][0]
        raise DataError(f"No source for {bare}.", 'Name one, or write "assumption".')


def _required() -> set[str]:
    by_credit = {f"{kind}.{c}" for kind in ("removed", "credit") for c in ("purchase", "lease", "production")}
    by_credit |= {f"pass_through.{c}" for c in ("purchase", "lease", "production")}
    by_maker = {f"units.{maker}.{powertrain}" for maker in MAKERS for powertrain in POWERTRAINS}
    shares = ("lease_share", "eligible_purchase", "eligible_lease", "us_cells")
    by_maker |= {f"{share}.{maker}" for share in shares for maker in MAKERS}
    levels = {f"elasticity.{level}" for level in ("leaf", "within_ev", "within_other", "between", "market")}
    return by_credit | by_maker | levels | {f"price.{p}" for p in POWERTRAINS} | set(_CUSTOMS.values())


def _optional() -> set[str]:
    return {f"price.{maker}.{powertrain}" for maker in MAKERS for powertrain in POWERTRAINS}


@dataclass(frozen=True)
class Interval:
    """A result over draws: its central value (all parameters at `value`) and the quantiles of `sampling.LEVELS`."""

    central: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True)
class Driver:
    """A parameter and its rank correlation with a result over the draws, the largest in size first."""

    parameter: str
    rank_correlation: float
    source: str


@dataclass(frozen=True)
class SubsidyResult:
    """What removing the credits does within a year or two, at unchanged makers' prices.

    Exports in USD million a year (base 2024) and as fractions of their base: `ev_exports`, `other_exports` and
    `car_exports` of Korea, GM's Korean plants included. `plant_sales` is the relative change of units of Korean
    makers' US plants, `maker_units` that of every maker group × powertrain, `ev_market` of all electric cars.
    `drivers` ranks the parameters behind `car_exports`, `ev_drivers` those behind `ev_exports`.
    """

    ev_exports: Interval
    other_exports: Interval
    car_exports: Interval
    ev_exports_relative: Interval
    car_exports_relative: Interval
    plant_sales: Interval
    ev_market: Interval
    maker_units: dict[tuple[str, str], Interval]
    drivers: tuple[Driver, ...]
    ev_drivers: tuple[Driver, ...]
    draws: int


def remove_subsidy(
    rng: np.random.Generator, *, parameters: pl.DataFrame | None = None, draws: int = CAR_DRAWS
) -> SubsidyResult:
    """Run the central case and `draws` draws of the table (shipped by default); see `SubsidyResult`."""
    table = shipped_parameters() if parameters is None else parameters
    values = _draw(table, rng, draws)
    names = tuple(table["parameter"])
    lookup = {name: values[:, column] for column, name in enumerate(names)}
    outcome = _outcomes(lookup, _run(lookup))
    return _summary(table, values[1:], outcome)


def _draw(table: pl.DataFrame, rng: np.random.Generator, draws: int) -> Floats:
    """Parameter values [1 + draws, M]; the first row is the central case."""
    low, value, high = (table[column].to_numpy()[None, :] for column in ("low", "value", "high"))
    points = unit_points(draws, table.height, rng=rng)
    return np.concatenate([value, triangular(points, low, value, high)])


def _run(parameter: dict[str, Floats]) -> RemovalResult:
    def by_maker(kind: str) -> Floats:
        return np.stack([parameter[f"{kind}.{maker}"] for maker in MAKERS], axis=1)

    def by_car(kind: str) -> Floats:
        # A price of one maker stands in for the average of all where the table has it.
        names = [[f"{kind}.{maker}.{p}" for p in POWERTRAINS] for maker in MAKERS]
        fallback = {f"{kind}.{maker}.{p}": f"{kind}.{p}" for maker in MAKERS for p in POWERTRAINS}
        rows = [[parameter[n if n in parameter else fallback[n]] for n in row] for row in names]
        return np.stack([np.stack(row, axis=1) for row in rows], axis=1)

    def felt(credit: str) -> Floats:
        return parameter[f"credit.{credit}"] * parameter[f"pass_through.{credit}"]

    market = SubsidisedMarket(
        units=by_car("units"),
        price=by_car("price"),
        lease_share=by_maker("lease_share"),
        eligible_purchase=by_maker("eligible_purchase"),
        eligible_lease=by_maker("eligible_lease"),
    )
    credits = Credits(
        purchase=felt("purchase"),
        lease=felt("lease"),
        production=felt("production")[:, None] * by_maker("us_cells"),
        purchase_removed=parameter["removed.purchase"],
        lease_removed=parameter["removed.lease"],
        production_removed=parameter["removed.production"],
    )
    within = [parameter["elasticity.within_ev"], parameter["elasticity.within_other"]]
    elasticities = NestElasticities(
        leaf=parameter["elasticity.leaf"],
        within=np.stack(within, axis=1),
        between=parameter["elasticity.between"],
        market=parameter["elasticity.market"],
    )
    return subsidy_removal(market, credits, elasticities)


def _outcomes(parameter: dict[str, Floats], result: RemovalResult) -> dict[str, Floats]:
    """Results by name, first entry central."""
    maker = {name: place for place, name in enumerate(MAKERS)}
    change = result.quantity
    ev = parameter[_CUSTOMS["ev"]] * change[:, maker["korean_from_korea"], 0]
    own = parameter[_CUSTOMS["other"]] * change[:, maker["korean_from_korea"], 1]
    gm = parameter[_CUSTOMS["gm"]] * change[:, maker["gm_from_korea"], 1]
    base = sum(parameter[name] for name in _CUSTOMS.values())
    plants = np.stack([parameter[f"units.korean_us_plants.{p}"] for p in POWERTRAINS], axis=1)
    evs = np.stack([parameter[f"units.{name}.ev"] for name in MAKERS], axis=1)
    outcome = {
        "ev_exports": ev,
        "other_exports": own + gm,
        "car_exports": ev + own + gm,
        "ev_exports_relative": change[:, maker["korean_from_korea"], 0],
        "car_exports_relative": (ev + own + gm) / base,
        "plant_sales": (plants * change[:, maker["korean_us_plants"]]).sum(axis=1) / plants.sum(axis=1),
        "ev_market": (evs * change[:, :, 0]).sum(axis=1) / evs.sum(axis=1),
    }
    return outcome | {
        f"{name}/{p}": change[:, maker[name], k] for name in MAKERS for k, p in enumerate(POWERTRAINS)
    }


def _summary(table: pl.DataFrame, values: Floats, outcome: dict[str, Floats]) -> SubsidyResult:
    interval = {
        name: Interval(float(series[0]), tuple(quantiles(series[1:], LEVELS).tolist()))
        for name, series in outcome.items()
    }
    cars = {(m, p): interval[f"{m}/{p}"] for m in MAKERS for p in POWERTRAINS}
    return SubsidyResult(
        ev_exports=interval["ev_exports"],
        other_exports=interval["other_exports"],
        car_exports=interval["car_exports"],
        ev_exports_relative=interval["ev_exports_relative"],
        car_exports_relative=interval["car_exports_relative"],
        plant_sales=interval["plant_sales"],
        ev_market=interval["ev_market"],
        maker_units=cars,
        drivers=_drivers(table, values, outcome["car_exports"][1:]),
        ev_drivers=_drivers(table, values, outcome["ev_exports"][1:]),
        draws=values.shape[0],
    )


def _drivers(table: pl.DataFrame, values: Floats, output: Floats) -> tuple[Driver, ...]:
    found = zip(table["parameter"], rank_drivers(values, output).tolist(), table["source"], strict=True)
    varied = [Driver(name, correlation, source) for name, correlation, source in found if correlation != 0]
    return tuple(sorted(varied, key=lambda driver: -abs(driver.rank_correlation)))
