"""Everything that a long-run equilibrium says, labelled: income and its parts, wages, prices, output, trade, revenue.

One solve at the middle of every range and central elasticities. Values are USD million of the base year at constant
world value added (the numeraire of the model), volumes at the prices before, changes in percent.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.files import write_atomically
from headway.impact.central import CentralCase, central_case, planned_from
from headway.impact.headcounts import read_headcounts
from headway.impact.plan import Plan
from headway.impact.results import Result
from headway.models.equilibrium import Closure, Equilibrium, decompose
from headway.policy import Scenario
from headway.world import World

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

Array = NDArray[np.float64]

REGIONAL, SECTORAL = ("region",), ("sector", "region")
TRADE, MARKETS = ("sector", "importer", "exporter"), ("sector", "importer")

FILES = {REGIONAL: "regions.csv", SECTORAL: "sectors.csv", TRADE: "trade.csv", MARKETS: "home_exports.csv"}
"""The file of the variables on each set of axes."""


class Variable(NamedTuple):
    """One variable of the tables: axes, values, unit and what it is."""

    axes: tuple[str, ...]
    values: Array
    unit: str
    meaning: str


def equilibrium_tables(
    subject: Plan | Result | Scenario,
    *,
    world: World | None = None,
    closure: Closure | None = None,
    headcounts: Path | pl.DataFrame | None = None,
) -> xr.Dataset:
    """The central long-run equilibrium of a subject as a labelled dataset; every variable has `units` and `long_name`.

    By region: real_income (Î/P̂) and log_real_income = terms_of_trade + volume_of_trade + other_parts + remainder
    (Caliendo & Parro 2015, eq. 15, in logs), real_wage, consumer_price, tariff_revenue, trade_balance. By sector and
    region: output and value_added in value and volume, producer_price, purchaser_price; employment in persons where
    `headcounts` (region, sector, persons) has a row, and only there. By sector, importer and exporter: exports in value
    and volume, own sales left out. By sector and importer: diversion, the change of home's exports that tariffs on
    rivals alone make, where home is a region of its own. Raises what `central_case` and `read_headcounts` raise.
    """
    planned = planned_from(subject, world)
    case = central_case(planned, closure=closure)
    spared = central_case(planned, closure=closure, spare_home=True) if planned.stands_alone else None
    persons = None if headcounts is None else read_headcounts(headcounts, case.world)
    return labelled(case, spared, persons)


def labelled(case: CentralCase, spared: CentralCase | None, persons: Array | None = None) -> xr.Dataset:
    """As `equilibrium_tables`, from solved cases and headcounts [sector, region] in the world's order.

    `spared` is the case in which no tariff on home moves; without it there is no diversion.
    """
    import xarray as xr

    solved = case.equilibrium
    variables = {
        **regional(solved),
        **_sectoral(solved),
        **_trade(solved),
        **({} if spared is None else _diversion(case, spared)),
        **({} if persons is None else _employment(solved, persons)),
    }
    arrays = {
        name: (one.axes, one.values, {"units": one.unit, "long_name": one.meaning})
        for name, one in variables.items()
    }
    regions, sectors = list(case.world.regions), list(case.world.sectors)
    labels = {"sector": sectors, "region": regions, "importer": regions, "exporter": regions}
    attributes = {
        "home": case.home,
        "horizon": "long_run",
        "case": "middle of every range, central elasticities",
        "values": "USD million of the base year, at constant world value added",
        "vintage": case.world.vintage,
    }
    return xr.Dataset(arrays, coords=labels, attrs=attributes)


def frames(tables: xr.Dataset) -> dict[str, pl.DataFrame]:
    """Long tables by file name, one row for each combination of labels and one column for each variable."""
    import polars as pl

    made = {}
    for axes, file in FILES.items():
        names = [str(name) for name, one in tables.data_vars.items() if one.dims == axes]
        if not names:
            continue
        places = np.meshgrid(*(tables.coords[axis].values for axis in axes), indexing="ij")
        labels = {axis: place.ravel().astype(str) for axis, place in zip(axes, places, strict=True)}
        made[file] = pl.DataFrame(labels | {name: tables[name].values.ravel() for name in names})
    return made


def write_tables(tables: xr.Dataset, folder: Path) -> list[Path]:
    """Write the long tables as CSV files, and the units of their columns in `units.csv`; returns the paths."""
    import polars as pl

    units = [(str(name), one.attrs["units"], one.attrs["long_name"]) for name, one in tables.data_vars.items()]
    files = frames(tables) | {"units.csv": pl.DataFrame(units, ["column", "unit", "meaning"], orient="row")}
    return [write_atomically(folder / name, frame.write_csv()) for name, frame in files.items()]


def regional(solved: Equilibrium) -> dict[str, Variable]:
    """The variables by region, as plain arrays in the world's order."""
    parts, before = decompose(solved, change="log"), solved.accounts
    other = parts.linear - parts.terms_of_trade - parts.volume_of_trade

    def change(ratio: Array, meaning: str) -> Variable:
        return Variable(REGIONAL, 100 * (ratio - 1), "percent", meaning)

    def part(value: Array, meaning: str) -> Variable:
        return Variable(REGIONAL, 100 * value, "log percent", meaning)

    def dollars(value: Array, meaning: str) -> Variable:
        return Variable(REGIONAL, value, "USD million", meaning)

    return {
        "real_income": change(solved.welfare, "real income, exact"),
        "log_real_income": part(parts.exact, "logarithm of real income: the sum of its parts"),
        "terms_of_trade": part(parts.terms_of_trade, "part of real income: prices of exports against imports"),
        "volume_of_trade": part(parts.volume_of_trade, "part of real income: imports that pay a tariff"),
        "other_parts": part(other, "part of real income: deficits, scale, employment and subsidies"),
        "remainder": part(parts.remainder, "part of real income: what is of second order"),
        "real_wage": change(_mean_real_wage(solved), "real wage, mean over sectors by value added"),
        "consumer_price": change(solved.consumer_price_change, "price of final demand"),
        "tariff_revenue_before": dollars(before.tariff_revenue, "tariff revenue before"),
        "tariff_revenue": dollars(solved.tariff_revenue, "tariff revenue after"),
        "trade_balance_before": dollars(-solved.baseline.deficit, "exports less imports before"),
        "trade_balance": dollars(-solved.deficit, "exports less imports after"),
    }


def _mean_real_wage(solved: Equilibrium) -> Array:
    """ŵ/P̂ [N]; with labour specific to sectors the mean over sectors, by what they pay before."""
    if solved.real_wage.ndim == 1:
        return solved.real_wage
    paid = solved.baseline.value_added_share * solved.accounts.cost
    return np.asarray((solved.real_wage * paid).sum(axis=0) / paid.sum(axis=0))


def _sectoral(solved: Equilibrium) -> dict[str, Variable]:
    output, value_added = solved.accounts.output, solved.baseline.value_added_share * solved.accounts.cost
    volume = solved.output / solved.seller_price_change

    def dollars(value: Array, meaning: str) -> Variable:
        return Variable(SECTORAL, value, "USD million", meaning)

    def change(ratio: Array, meaning: str) -> Variable:
        return Variable(SECTORAL, 100 * (ratio - 1), "percent", meaning)

    return {
        "output_before": dollars(output, "output before"),
        "output": dollars(solved.output, "output after, at new prices"),
        "output_volume": dollars(volume, "output after, at the prices before"),
        "value_added_before": dollars(value_added, "value added before"),
        "value_added": dollars(solved.value_added, "value added after, at new prices"),
        "value_added_volume": dollars(
            value_added * solved.labour_change, "value added after, at the wages before"
        ),
        "producer_price": change(solved.seller_price_change, "price at the factory gate"),
        "purchaser_price": change(
            solved.price_change, "price to buyers, tariffs included, home goods and imports"
        ),
    }


def _trade(solved: Equilibrium) -> dict[str, Variable]:
    told = {
        "exports_before": (solved.baseline_flow, "exports before, without tariffs"),
        "exports": (solved.flow, "exports after, at new prices, without tariffs"),
        "exports_volume": (solved.flow_volume, "exports after, at the prices before"),
    }
    return {
        name: Variable(TRADE, _abroad(value), "USD million", meaning) for name, (value, meaning) in told.items()
    }


def _abroad(flow: Array) -> Array:
    """Flows [J, importer, exporter] with own sales set to zero."""
    own = np.eye(flow.shape[1], dtype=bool)
    return np.where(own[None], 0.0, flow)


def _diversion(case: CentralCase, spared: CentralCase) -> dict[str, Variable]:
    """What home's exports would change by if no tariff on home itself moved [J, importer]."""
    change = spared.equilibrium.exports_volume(case.at) - spared.equilibrium.baseline_flow[:, :, case.at]
    change[:, case.at] = 0.0
    meaning = f"exports of {case.home}: change if tariffs on rivals alone moved, at the prices before"
    return {"diversion": Variable(MARKETS, change, "USD million", meaning)}


def _employment(solved: Equilibrium, persons: Array) -> dict[str, Variable]:
    """Persons before and after [J, N], as labour of the sector moves; NaN where nobody gave a headcount."""
    after = persons * solved.labour_change
    return {
        "employment_before": Variable(SECTORAL, persons, "persons", "employment before, as given"),
        "employment": Variable(
            SECTORAL, after, "persons", "employment after, in proportion to the sector's labour"
        ),
    }
