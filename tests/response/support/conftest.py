"""Synthetic firms for the tests of support."""

from __future__ import annotations

import numpy as np
import polars as pl

from headway.response.support.firms import Firms, from_table
from headway.response.support.losses import Losses

ITEMS = (
    "cars",
    "auto_parts",
    "general_machinery",
    "semiconductors",
    "steel",
    "batteries",
    "cosmetics",
    "textiles",
)
REGIONS = ("Seoul", "Busan", "Daegu", "Incheon", "Gwangju", "Ulsan", "Gyeonggi", "Jeju")


def synthetic(count: int, seed: int = 0) -> Firms:
    """Firms drawn at random: most are small, exports are log-normal by size, a quarter sells the US nothing."""
    rng = np.random.default_rng(seed)
    size = rng.choice(4, count, p=[0.62, 0.28, 0.08, 0.02])
    exports = np.exp(rng.normal(np.array([12.8, 14.6, 16.8, 19.0])[size], 1.1))
    share = np.where(rng.random(count) < 0.25, 0.0, rng.beta(1.2, 3.0, count))
    table = pl.DataFrame(
        {
            "firm_id": [f"S{k:06d}" for k in range(count)],
            "size": np.array(["small", "medium", "mid_sized", "large"])[size],
            "region": rng.choice(REGIONS, count),
            "item": rng.choice(ITEMS, count),
            "exports_usd": exports.round(),
            "us_exports_usd": (exports * share).round(),
        }
    )
    return from_table(table, "synthetic")


def losses() -> Losses:
    """Shares of US exports lost by item: some large, one of nothing."""
    central = dict(zip(ITEMS, (0.1, 0.08, 0.06, 0.05, 0.07, 0.0, 0.04, 0.05), strict=True))
    share = {key: (value, 0.5 * value, 1.5 * value) for key, value in central.items()}
    return Losses("up_to_a_year", share, "test")
