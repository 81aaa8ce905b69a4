"""Worlds for the tests of the equilibrium model: balanced random ones, and data with known answers.

The loaders are plain functions, so that the validation page is computed from the same data.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from headway.models.equilibrium import Baseline, Shock
from headway.models.gravity import gravity_trade
from headway.models.markups import (
    MarkupEconomy,
    MarkupOutcome,
    calibrate,
    optimal_retaliation,
    optimal_tariff,
    solve_tariffs,
)

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True)
class CaliendoParro:
    """The 1993 economy (31 regions, 40 sectors), tariffs after NAFTA, and the names in order."""

    baseline: Baseline
    tariff: np.ndarray
    regions: tuple[str, ...]
    sectors: tuple[str, ...]


@pytest.fixture(scope="session")
def caliendo_parro() -> CaliendoParro:
    """The published data as they are; see `load_caliendo_parro`."""
    return load_caliendo_parro()


def load_caliendo_parro() -> CaliendoParro:
    """The published data as they are: negative final demand clipped, so not exactly balanced."""
    with np.load(DATA / "cp2015_nafta.npz") as file:
        data = dict(file)
    tradable, regions = data["tradable_flow"].shape[:2]
    sectors = len(data["sectors"])
    flow = np.zeros((sectors, regions, regions))
    flow[:tradable] = data["tradable_flow"]
    flow[tradable:, range(regions), range(regions)] = data["own_flow"]
    tariff = np.zeros_like(flow)
    tariff[:tradable] = data["tariff_1993"]
    members = [list(data["regions"]).index(name) for name in ("Canada", "Mexico", "USA")]
    after = tariff.copy()
    after[np.ix_(range(tradable), members, members)] = data["nafta_tariff_2005"]
    baseline = baseline_from_flows(flow, tariff, data["input_use"], data["trade_elasticity"])
    return CaliendoParro(baseline, after, tuple(data["regions"]), tuple(data["sectors"]))


def baseline_from_flows(
    flow: np.ndarray, tariff: np.ndarray, input_use: np.ndarray, theta: np.ndarray
) -> Baseline:
    """Shares from flows before tariff [J, importer, exporter] and input use [K, J, N]; final use is what
    remains.
    """
    spent = flow * (1.0 + tariff)
    expenditure = spent.sum(axis=2)
    output = flow.sum(axis=1)
    inputs = input_use / output
    value_added = output - input_use.sum(axis=0)
    final = np.clip(expenditure - input_use.sum(axis=1), 0.0, None)
    return Baseline(
        expenditure=expenditure,
        trade_share=spent / expenditure[:, :, None],
        tariff=tariff,
        value_added_share=1.0 - inputs.sum(axis=0),
        input_share=inputs,
        final_share=final / final.sum(axis=0),
        value_added=value_added.sum(axis=0),
        deficit=flow.sum(axis=(0, 2)) - output.sum(axis=0),
        trade_elasticity=theta,
    )


@pytest.fixture(scope="session")
def random_world() -> Callable[..., Baseline]:
    """A factory of balanced worlds; see `build_random_world`."""
    return build_random_world


@pytest.fixture(scope="session")
def settle_world() -> Callable[[Baseline], Baseline]:
    """Let expenditure and value added follow from changed shares; see `settle`."""
    return settle


def build_random_world(
    regions: int = 4,
    sectors: int = 3,
    *,
    seed: int = 0,
    tariffs: bool = True,
    deficits: bool = True,
    inputs: bool = True,
) -> Baseline:
    """A random world that balances to rounding: shares are drawn, expenditure is the fixed point of the
    accounts.
    """
    rng = np.random.default_rng(seed)
    share = rng.lognormal(0.0, 0.7, (sectors, regions, regions)) + 3.0 * np.eye(regions)
    share /= share.sum(axis=2, keepdims=True)
    tariff = rng.uniform(0.0, 0.2, share.shape) * (1.0 - np.eye(regions)) * tariffs
    value_added_share = rng.uniform(0.3, 0.7, (sectors, regions)) if inputs else np.ones((sectors, regions))
    input_share = rng.dirichlet(np.ones(sectors), (sectors, regions)).transpose(2, 0, 1) * (
        1.0 - value_added_share
    )
    final_share = rng.dirichlet(np.ones(sectors) * 3.0, regions).T
    deficit_share = rng.uniform(-0.02, 0.02, regions) * deficits
    draft = Baseline(
        expenditure=np.ones((sectors, regions)),
        trade_share=share,
        tariff=tariff,
        value_added_share=value_added_share,
        input_share=input_share,
        final_share=final_share,
        value_added=np.ones(regions),
        deficit=deficit_share - deficit_share.mean(),
        trade_elasticity=rng.uniform(2.0, 6.0, sectors),
    )
    return settle(draft)


def settle(draft: Baseline) -> Baseline:
    """Expenditure, value added and deficits that satisfy the accounts at the draft's shares; world value added
    is 1.
    """
    expenditure, deficit = draft.expenditure, draft.deficit
    for _ in range(5000):
        flow = draft.trade_share * expenditure[:, :, None] / (1.0 + draft.tariff)
        output = flow.sum(axis=1)
        revenue = (flow * draft.tariff).sum(axis=(0, 2))
        value_added = (draft.value_added_share * output).sum(axis=0)
        income = value_added + revenue + deficit * value_added.sum()
        following = np.einsum("kji,ji->ki", draft.input_share, output) + draft.final_share * income
        following /= value_added.sum()
        if np.max(np.abs(following - expenditure)) < 1e-16:
            break
        expenditure = following
    flow = draft.trade_share * expenditure[:, :, None] / (1.0 + draft.tariff)
    value_added = (draft.value_added_share * flow.sum(axis=1)).sum(axis=0)
    return Baseline(
        expenditure=expenditure,
        trade_share=draft.trade_share,
        tariff=draft.tariff,
        value_added_share=draft.value_added_share,
        input_share=draft.input_share,
        final_share=draft.final_share,
        value_added=value_added,
        deficit=deficit * value_added.sum(),
        trade_elasticity=draft.trade_elasticity,
    )


class Enlargement(NamedTuple):
    """The economy, the shock, and the other program's columns as arrays [importer, exporter] or [exporter]."""

    baseline: Baseline
    shock: Shock
    additive_welfare: np.ndarray
    additive_trade: np.ndarray
    multiplicative_real_wage: np.ndarray
    multiplicative_trade: np.ndarray


def load_enlargement(folder: Path) -> Enlargement:
    """Forty-four countries of 2000 and the other program's results, from the folder of source data."""
    with (folder / "gegravity-r-wiod0014" / "TradeData0014_Results.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if float(row["year"]) == 2000.0]
    names = sorted({row["exporter"] for row in rows})
    place = {name: index for index, name in enumerate(names)}
    columns = ("trade", "eu_effect", "w_eu", "X_eu", "w_mult", "X_mult")
    table = {column: np.zeros((len(names), len(names))) for column in columns}
    for row in rows:
        for column in columns:
            table[column][place[row["importer"]], place[row["exporter"]]] = float(row[column])
    spending, sales = table["trade"].sum(axis=1), table["trade"].sum(axis=0)
    ones = np.ones((1, len(names)))
    baseline = Baseline(
        expenditure=spending[None],
        trade_share=(table["trade"] / spending[:, None])[None],
        tariff=np.zeros((1, len(names), len(names))),
        value_added_share=ones,
        input_share=np.zeros((1, 1, len(names))),
        final_share=ones,
        value_added=sales,
        deficit=spending - sales,
        trade_elasticity=np.array([4.0]),
    )
    # The effect on trade is exp(β) at given prices: d̂^{−θ} = exp(β).
    shock = Shock(iceberg=np.exp(-table["eu_effect"] / 4.0)[None])
    return Enlargement(baseline, shock, table["w_eu"][0], table["X_eu"], table["w_mult"][0], table["X_mult"])


class LiberationDay(NamedTuple):
    economy: MarkupEconomy
    announced: np.ndarray
    home: int
    countries: list[str]
    expected: dict[str, np.ndarray]


def load_liberation(source: Path) -> LiberationDay:
    """The base of 2023, the announced tariffs and the authors' results, from the folder of source data."""
    folder = source / "liberation-day-2025"
    trade = np.nan_to_num(np.genfromtxt(folder / "trade_cepii.csv", delimiter=",", skip_header=1)).T
    gdp = np.genfromtxt(folder / "gdp.csv", skip_header=1) / 1000.0
    with (folder / "country_labels.csv").open() as file:
        countries = [row["iso3"] for row in csv.DictReader(file)]
    home = countries.index("USA")
    rates = np.maximum(0.1, np.genfromtxt(folder / "tariffs.csv", skip_header=1))
    expected = {
        case: np.genfromtxt(folder / "expected_output" / name, delimiter=",", skip_header=1)[:, 1:]
        for case, name in (("relief", "output_map.csv"), ("retaliation", "output_map_retal.csv"))
    }
    return LiberationDay(calibrate(trade, gdp, home), tariff_of(home, rates), home, countries, expected)


def tariff_of(home: int, rates: npt.ArrayLike) -> np.ndarray:
    """Tariffs [importer, exporter] of one country, by supplier or one for all 194."""
    rates = np.broadcast_to(rates, np.shape(rates) or (194,))
    tariff = np.zeros((len(rates), len(rates)))
    tariff[home] = rates
    tariff[home, home] = 0.0
    return tariff


def liberation_outcome(liberation: LiberationDay, case: str) -> MarkupOutcome:
    """The result of one case of the article."""
    economy, home = liberation.economy, liberation.home
    tariff, rebate = liberation.announced.copy(), "income_tax"
    if case == "lump sum":
        rebate = "lump_sum"
    if case == "optimal":
        tariff = tariff_of(home, optimal_tariff(economy, home))
    if case == "both optimal":
        tariff = tariff_of(home, optimal_tariff(economy, home, share_of="exports"))
    if case == "reciprocal":
        tariff[:, home] = tariff[home]
    if case in ("retaliation", "both optimal"):
        tariff[:, home] = optimal_retaliation(economy, home)
    if case == "competitive":
        economy = economy.competitive()
    if case == "partial":
        economy = economy.with_pass_through(0.25)
    return solve_tariffs(economy, tariff, rebate=rebate)


COVARIATES = ("pta", "contiguity", "common_language", "lndist", "international")


class Agreement(NamedTuple):
    """Predicted trade [importer, exporter], the factor of the agreement on trade, and the peer's results."""

    countries: list[str]
    coefficients: np.ndarray
    trade: np.ndarray
    effect: np.ndarray
    welfare: np.ndarray
    price: np.ndarray


def load_agreement(source: Path) -> Agreement:
    """Thirty countries of 2006 with trade predicted by Poisson regression, and gegravity's results."""
    folder = source / "gegravity-2006"
    with (folder / "sample_data_set.dlm").open() as file:
        rows = list(csv.DictReader(file))
    countries = sorted({row["importer"] for row in rows})
    place = {name: index for index, name in enumerate(countries)}
    count = len(countries)
    covariates, trade = np.zeros((5, count, count)), np.zeros((count, count))
    output, spending = np.zeros(count), np.zeros(count)
    for row in rows:
        n, i = place[row["importer"]], place[row["exporter"]]
        trade[n, i], output[i], spending[n] = float(row["trade"]), float(row["Y"]), float(row["E"])
        covariates[:, n, i] = [float(row[name]) for name in COVARIATES]
    coefficients = poisson(covariates, trade)
    cost = np.exp(np.tensordot(coefficients, covariates, axes=1))
    members = [place["CAN"], place["JPN"]]
    effect = np.ones((count, count))
    effect[members, members[::-1]] = np.exp(coefficients[0])
    with (folder / "peer_country_results_CAN_JPN_pta_sigma5.csv").open() as file:
        peer = {row["country"]: row for row in csv.DictReader(file)}
    welfare = np.array([float(peer[name]["welfare statistic"]) for name in countries])
    price = np.array([float(peer[name]["factory gate price change (percent)"]) for name in countries])
    return Agreement(
        countries, coefficients, gravity_trade(output, spending, cost), effect, welfare, 1.0 + price / 100.0
    )


def poisson(covariates: np.ndarray, trade: np.ndarray, steps: int = 50) -> np.ndarray:
    """Poisson pseudo-maximum likelihood with importer and exporter effects, by iterated weighted least squares."""
    count = len(trade)
    importer = np.repeat(np.eye(count), count, axis=0)
    exporter = np.tile(np.eye(count), (count, 1))[:, 1:]
    columns = np.column_stack([*(part.ravel() for part in covariates), importer, exporter])
    values = trade.ravel()
    mean = (values + values.mean()) / 2.0
    for _ in range(steps):
        target = np.log(mean) + (values - mean) / mean
        weight = np.sqrt(mean)
        estimate = np.linalg.lstsq(columns * weight[:, None], target * weight, rcond=None)[0]
        mean = np.exp(columns @ estimate)
    return estimate[:5]


class KnownAnswers(NamedTuple):
    """Loaders of data with results computed elsewhere."""

    enlargement: Callable[[Path], Enlargement]
    liberation: Callable[[Path], LiberationDay]
    liberation_outcome: Callable[[LiberationDay, str], MarkupOutcome]
    tariff_of: Callable[[int, npt.ArrayLike], np.ndarray]
    agreement: Callable[[Path], Agreement]


@pytest.fixture(scope="session")
def load_known_answer() -> KnownAnswers:
    """Loaders that tests and the validation page share."""
    return KnownAnswers(load_enlargement, load_liberation, liberation_outcome, tariff_of, load_agreement)
