"""A world of three regions and four sectors for tests, documentation and demonstrations. Invented, not data."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from headway.world.economy import World

REGIONS = ("KOR", "USA", "ROW")
SECTORS = ("electronics", "motor_vehicles", "other_manufacturing", "business_services")

_FLOW = (
    ((300.0, 60.0, 90.0), (70.0, 800.0, 240.0), (130.0, 120.0, 2200.0)),
    ((160.0, 12.0, 18.0), (50.0, 500.0, 210.0), (45.0, 70.0, 1500.0)),
    ((500.0, 70.0, 140.0), (60.0, 2600.0, 520.0), (150.0, 380.0, 6800.0)),
    ((1700.0, 40.0, 55.0), (20.0, 21500.0, 260.0), (40.0, 420.0, 52000.0)),
)
"""USD billion before tariff: sector, then importer, then exporter; own sales on the diagonal."""

_TARIFF = (
    ((0.0, 0.0, 0.02), (0.005, 0.0, 0.01), (0.03, 0.03, 0.0)),
    ((0.0, 0.0, 0.08), (0.0, 0.0, 0.03), (0.10, 0.10, 0.0)),
    ((0.0, 0.01, 0.05), (0.005, 0.0, 0.04), (0.06, 0.06, 0.0)),
    ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
)

_INPUT_SHARE = (
    (0.30, 0.08, 0.03, 0.01),
    (0.01, 0.30, 0.01, 0.01),
    (0.20, 0.25, 0.35, 0.05),
    (0.15, 0.12, 0.20, 0.22),
)
"""Input used (row) per unit of the user's output (column), the same in every region."""


@lru_cache(maxsize=1)
def miniature() -> World:
    """Three regions × four sectors with input–output links, tariffs and trade deficits; every identity exact.

    Flows, tariffs and input coefficients are given; final use and value added follow as what remains.
    """
    flow = np.array(_FLOW) * 1e3
    tariff = np.array(_TARIFF)
    output = flow.sum(axis=1)
    input_use = np.array(_INPUT_SHARE)[:, :, None] * output[None]
    final_use = ((1.0 + tariff) * flow).sum(axis=2) - input_use.sum(axis=1)
    return World(
        REGIONS,
        SECTORS,
        flow,
        tariff,
        output - input_use.sum(axis=0),
        input_use,
        final_use,
        vintage="invented",
        tariff_vintage="invented",
        manifest=MappingProxyType({"title": "miniature world, invented for tests and demonstrations"}),
    )
