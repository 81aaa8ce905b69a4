"""GSIM: the published 4 × 4 example, and the exact solution beside it (KNOWN_ANSWERS section 4)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from headway.errors import OutsideDomain
from headway.models.gsim import Industry, gsim_exact, gsim_linear

FACTOR = np.array([[1, 1.21, 1.41, 1.22], [1.37, 1, 1.31, 1.23], [1.32, 1.36, 1, 1.18], [1.57, 1.41, 1.25, 1.15]])
TRADE = np.array([[0, 50, 200, 300], [500, 0, 150, 200], [300, 100, 200, 200], [50, 100, 110, 20]], dtype=float)


@pytest.fixture
def industry() -> Industry:
    return Industry(TRADE, FACTOR, np.full(4, -1.25), np.full(4, 1.5), np.full(4, 5.0))


def free_trade(*pairs: tuple[int, int]) -> np.ndarray:
    factor = FACTOR.copy()
    for exporter, importer in pairs:
        factor[exporter, importer] = 1.0
    return factor


US_EU = free_trade((0, 2), (2, 0))


def test_published_world_prices(industry: Industry) -> None:
    found = gsim_linear(industry, US_EU)
    np.testing.assert_allclose(found.price, [0.0792, -0.0316, 0.0480, -0.0184], atol=5e-5)
    assert found.residual < 1e-12


@pytest.mark.parametrize(("case", "factor"), [("gsim_us_eu", US_EU), ("gsim_us_jp", free_trade((0, 1), (1, 0)))])
def test_other_outputs(industry: Industry, shared_data: Path, case: str, factor: np.ndarray) -> None:
    known = json.loads((shared_data / "pe-oracles" / "pe_oracles.json").read_text())[case]
    found = gsim_linear(industry, factor)
    np.testing.assert_allclose(found.price, known["dp_world"], atol=5e-8)
    np.testing.assert_allclose(found.quantity, known["dq"], atol=5e-8)
    np.testing.assert_allclose(found.trade, known["M1"], atol=5e-6)
    np.testing.assert_allclose(found.tariff_revenue, known["rev"], atol=5e-6)


def test_exact_clears_the_market(industry: Industry) -> None:
    """Rebuilt from CES spending and isoelastic supply, without the solver's formulas."""
    found = gsim_exact(industry, US_EU)
    price = (1 + found.price)[:, None] * US_EU / FACTOR
    spending = TRADE * FACTOR
    index = ((spending / spending.sum(axis=0)) * price**-4).sum(axis=0) ** (-1 / 4)
    demanded = TRADE * price**-5 * index ** (5 - 1.25)
    supplied = TRADE.sum(axis=1) * (1 + found.price) ** 1.5
    np.testing.assert_allclose(demanded.sum(axis=1), supplied, rtol=1e-10)


def test_gap_between_exact_and_linear(industry: Industry) -> None:
    """Tariff cuts of a quarter and more: linear prices miss by up to 4.7 points, a tenth of the cut far less."""
    full = np.abs(gsim_exact(industry, US_EU).price - gsim_linear(industry, US_EU).price).max()
    tenth_cut = FACTOR * (US_EU / FACTOR) ** 0.1
    tenth = np.abs(gsim_exact(industry, tenth_cut).price - gsim_linear(industry, tenth_cut).price).max()
    assert full == pytest.approx(0.0473, abs=5e-4)
    assert tenth < full / 50


def test_no_change_and_homogeneity(industry: Industry) -> None:
    for solver in (gsim_linear, gsim_exact):
        still = solver(industry, FACTOR)
        np.testing.assert_allclose(still.price, 0, atol=1e-12)
        np.testing.assert_allclose(still.trade, TRADE, atol=1e-9)
        scaled = Industry(TRADE * 1000, FACTOR, industry.demand, industry.supply, industry.substitution)
        np.testing.assert_allclose(solver(scaled, US_EU).price, solver(industry, US_EU).price, atol=1e-12)


def test_outside_the_domain(industry: Industry) -> None:
    with pytest.raises(OutsideDomain, match="factor"):
        gsim_linear(industry, FACTOR * 0)
    wrong = Industry(TRADE, FACTOR, np.full(4, 1.25), industry.supply, industry.substitution)
    with pytest.raises(OutsideDomain, match="signs"):
        gsim_exact(wrong, FACTOR)
