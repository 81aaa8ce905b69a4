"""Scenarios and small economies shared by the tests of the response part."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.models.equilibrium import Baseline
from headway.policy import Measure, Sampling, Scenario
from headway.response import Request, Response, parse_package, score_options, shipped_objectives
from headway.response.board import Board, set_up
from headway.response.library import parse_move

DAY = dt.date(2025, 1, 21)


def tariff(id: str, partners: tuple[str, ...], low: float, high: float, *, imposer: str = "USA") -> Measure:
    """A tariff on all goods of some partners, adding to what is there."""
    return Measure(
        id=id,
        imposer=imposer,
        instrument="tariff",
        stage="pledged",
        partners=partners,
        rate_low=low,
        rate_high=high,
        rate_kind="additive",
    )


def scenario_of(*measures: Measure, home: str = "KOR") -> Scenario:
    """A long-run scenario with few draws."""
    return Scenario(
        name="test",
        home=home,
        date=DAY,
        measures=measures,
        horizons=("long_run",),
        sampling=Sampling(seed=1, policy_draws=2, parameter_draws=4),
    )


@pytest.fixture(scope="session")
def blanket() -> Scenario:
    """The US puts 10 to 20 percent on all goods from everywhere."""
    return scenario_of(tariff("blanket", ("ALL",), 10.0, 20.0))


@pytest.fixture(scope="session")
def on_korea() -> Scenario:
    """The US puts 25 percent on all goods from Korea alone."""
    return scenario_of(tariff("korea", ("KOR",), 25.0, 25.0))


@pytest.fixture(scope="session")
def korea_board(on_korea: Scenario) -> Board:
    """The board of a duty on Korea alone, no reply declared, no draws."""
    return set_up(on_korea, shipped_objectives())


@pytest.fixture(scope="session")
def blanket_board(blanket: Scenario) -> Board:
    """The board of a blanket duty."""
    return set_up(blanket, shipped_objectives())


@pytest.fixture(scope="session")
def scored(on_korea: Scenario) -> Response:
    """Options of a duty on Korea alone, with a declared reply, a package of the user's and a few draws."""
    asked = Request(
        shipped_objectives(),
        reply=(parse_move("retaliation"),),
        packages=(parse_package("exemption(products=steel) + energy_purchases"),),
        limit=60,
        draws=4,
    )
    return score_options(on_korea, asked)


def one_sector(sizes: tuple[float, ...], openness: float, theta: float) -> Baseline:
    """One sector, no inputs, balanced trade, no tariffs: `openness` is the share of spending abroad of the smallest.

    Trade between two countries is proportional to the product of their sizes, so that it balances.
    """
    size = np.asarray(sizes)
    trade = openness * np.outer(size, size) / size.max()
    np.fill_diagonal(trade, 0.0)
    flow = trade + np.diag(size - trade.sum(axis=1))
    return Baseline(
        expenditure=size[None],
        trade_share=(flow / size[:, None])[None],
        tariff=np.zeros((1, size.size, size.size)),
        value_added_share=np.ones((1, size.size)),
        input_share=np.zeros((1, 1, size.size)),
        final_share=np.ones((1, size.size)),
        value_added=size,
        deficit=np.zeros(size.size),
        trade_elasticity=np.array([theta]),
    )
