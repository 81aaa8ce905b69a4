"""Balanced random worlds and the Caliendo-Parro data, for the tests of the equilibrium model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from headway.models.equilibrium import Baseline

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
