"""Balanced synthetic worlds of any size, for benchmarks: shares are drawn, expenditure follows from the accounts."""

from __future__ import annotations

import numpy as np

from headway.models.equilibrium import Baseline, Shock


def synthetic_world(regions: int, sectors: int, seed: int = 0) -> Baseline:
    """Regions of very different size on a plane of distances; world value added is one."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0.0, 1.2, regions)
    distance = rng.uniform(1.0, 5.0, (regions, regions))
    distance = (distance + distance.T) / 2.0
    np.fill_diagonal(distance, 0.5)
    share = rng.lognormal(0.0, 1.0, (sectors, regions, regions)) * size * distance**-2.0
    share /= share.sum(axis=2, keepdims=True)
    tariff = rng.uniform(0.0, 0.1, share.shape) * (rng.random((sectors, 1, 1)) < 0.6) * (1.0 - np.eye(regions))
    value_added_share = rng.uniform(0.3, 0.7, (sectors, regions))
    inputs = rng.dirichlet(np.full(sectors, 0.3), (sectors, regions)).transpose(2, 0, 1) * (
        1.0 - value_added_share
    )
    final = rng.dirichlet(np.ones(sectors), regions).T
    expenditure = final * size * 2.0
    for _ in range(500):
        output, revenue = _sales(share, tariff, expenditure)
        value_added = (value_added_share * output).sum(axis=0)
        following = np.einsum("kji,ji->ki", inputs, output) + final * (value_added + revenue)
        following /= value_added.sum()
        if np.max(np.abs(following - expenditure)) < 1e-17:
            break
        expenditure = following
    output, revenue = _sales(share, tariff, expenditure)
    return Baseline(
        expenditure=expenditure,
        trade_share=share,
        tariff=tariff,
        value_added_share=value_added_share,
        input_share=inputs,
        final_share=final,
        value_added=(value_added_share * output).sum(axis=0),
        deficit=np.zeros(regions),
        trade_elasticity=rng.uniform(2.0, 8.0, sectors),
    )


def _sales(share: np.ndarray, tariff: np.ndarray, expenditure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Output [J, N] and tariff revenue [N]."""
    flow = share * expenditure[:, :, None] / (1.0 + tariff)
    return flow.sum(axis=1), (flow * tariff).sum(axis=(0, 2))


def blanket_tariff(baseline: Baseline, scale: float = 1.0) -> Shock:
    """Region 0 adds 10 % on all imports and 50 % on those from region 2, times `scale`."""
    tariff = baseline.tariff.copy()
    tariff[:, 0] += 0.1 * scale
    tariff[:, 0, 2] += 0.5 * scale
    tariff[:, 0, 0] = 0.0
    return Shock(tariff=tariff)
