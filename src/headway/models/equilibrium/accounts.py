"""The value accounts of one equilibrium: who sells, who pays, who collects. Plain NumPy, used for baselines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from headway.models.equilibrium.records import Array, Baseline


class Accounts(NamedTuple):
    """Values of one equilibrium; J sectors, N regions, in the unit of the baseline.

    `output` Y [J, N] sales before tariff and export tax; `cost` Y/(1 − s) [J, N] factor and input bills;
    `factor_payments` [N]; `input_demand`, `final_demand` [J, N] at purchaser value; `income` I [N];
    `tariff_revenue`, `export_tax_revenue`, `production_subsidy_cost`, `consumption_subsidy_cost` [N];
    `gross_income` G [N]: value added + revenues − production subsidies, before the trade deficit.
    """

    output: Array
    cost: Array
    factor_payments: Array
    input_demand: Array
    final_demand: Array
    income: Array
    gross_income: Array
    tariff_revenue: Array
    export_tax_revenue: Array
    production_subsidy_cost: Array
    consumption_subsidy_cost: Array


def baseline_flow(baseline: Baseline) -> Array:
    """Trade at the seller's price, before tariff and export tax: πX/((1+t)(1+e)) [J, N importer, N exporter]."""
    gross = baseline.trade_share * baseline.expenditure[:, :, None] / (1.0 + baseline.tariff)
    return gross if baseline.export_tax is None else gross / (1.0 + baseline.export_tax)


def baseline_accounts(baseline: Baseline) -> Accounts:
    """Accounts that follow from the baseline's shares, expenditure and wedges (METHODS section 2)."""
    flow = baseline_flow(baseline)
    border = flow if baseline.export_tax is None else flow * (1.0 + baseline.export_tax)
    output = flow.sum(axis=1)
    subsidy = baseline_subsidy(baseline.production_subsidy, output)
    cost = output / (1.0 - subsidy)
    tariff_revenue = (baseline.tariff * border).sum(axis=(0, 2))
    export_tax_revenue = (border - flow).sum(axis=(0, 1))
    production_cost = (cost - output).sum(axis=0)
    factor = (baseline.value_added_share * cost).sum(axis=0)
    gross = baseline.value_added + tariff_revenue + export_tax_revenue - production_cost
    consumption = baseline_subsidy(baseline.consumption_subsidy, output)
    per_income = (baseline.final_share * consumption / (1.0 - consumption)).sum(axis=0)
    income = (gross + baseline.deficit) / (1.0 + per_income)
    return Accounts(
        output=output,
        cost=cost,
        factor_payments=factor,
        input_demand=np.einsum("kji,ji->ki", baseline.input_share, cost),
        final_demand=baseline.final_share * income / (1.0 - consumption),
        income=income,
        gross_income=gross,
        tariff_revenue=tariff_revenue,
        export_tax_revenue=export_tax_revenue,
        production_subsidy_cost=production_cost,
        consumption_subsidy_cost=income * per_income,
    )


def baseline_subsidy(subsidy: Array | None, like: Array) -> Array:
    """A subsidy rate [J, N], zero where the baseline has none."""
    return np.zeros_like(like) if subsidy is None else subsidy
