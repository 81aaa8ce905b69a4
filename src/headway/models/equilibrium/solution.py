"""What a solved equilibrium holds, and the quantities that follow from it. Plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headway.models.equilibrium.accounts import Accounts, baseline_accounts, baseline_flow
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock


@dataclass(frozen=True)
class Diagnostics:
    """How the solver ended: evaluations, worst |F(u) − u|, the equation and index where it is, and Walras's gap.

    `walras` is the largest |trade deficit from flows − D'| over regions, relative to world value added: it is
    not one of the equations solved, so it tests them.
    """

    iterations: int
    worst_residual: float
    equation: str
    index: tuple[int, ...]
    walras: float
    attempts: int = 1


@dataclass(frozen=True)
class Equilibrium:
    """A counterfactual beside its baseline. Hats are x'/x; values in the baseline's unit at a fixed world value
    added.

    J sectors, N regions. `wage_change`, `employment_change`, `earnings_change` [N], or [J, N] with labour
    specific to sectors; `cost_change` unit cost, `seller_price_change` after scale and subsidy, `price_change`
    P̂ [J, N]; `expenditure`, `output` (sales before tariff and export tax), `cost` (factor and input bills) [J,
    N]; `income` I', `tariff_revenue`, `export_tax_revenue`, `deficit`, `consumer_price_change` [N]. `state` is
    the solver's vector of logs, a warm start for a neighbouring problem and the point of the derivatives.
    """

    baseline: Baseline
    shock: Shock
    closure: Closure
    state: Array
    share_sum: Array
    wage_change: Array
    employment_change: Array
    earnings_change: Array
    cost_change: Array
    seller_price_change: Array
    price_change: Array
    consumer_price_change: Array
    expenditure: Array
    output: Array
    cost: Array
    income: Array
    tariff_revenue: Array
    export_tax_revenue: Array
    deficit: Array
    diagnostics: Diagnostics

    @cached_property
    def accounts(self) -> Accounts:
        """Value accounts of the baseline."""
        return baseline_accounts(self.baseline)

    @cached_property
    def welfare(self) -> Array:
        """Real income Ŵ = Î/P̂ [N], exact; P̂ is the price of final demand."""
        return self.income / self.accounts.income / self.consumer_price_change

    @cached_property
    def real_wage(self) -> Array:
        """ŵ/P̂ [N], or [J, N] with labour specific to sectors."""
        return self.wage_change / self.consumer_price_change

    @cached_property
    def value_added(self) -> Array:
        """Factor payments by sector γY/(1−s) [J, N]."""
        return self.baseline.value_added_share * self.cost

    @cached_property
    def labour_change(self) -> Array:
        """Labour by sector L̂ [J, N]: factor payments over their wage; one where the sector pays no factor."""
        old = self.baseline.value_added_share * self.accounts.cost
        paid = np.abs(old) > 0.0
        change: Array = np.where(paid, self.value_added, 1.0) / np.where(paid, old, 1.0)
        return np.where(paid, change / self.wage_change, 1.0)

    def wedge_change(self, exporter: int) -> Array:
        """κ̂ of one exporter's goods [J, importer]: tariffs, export taxes and iceberg costs."""
        return self._wedge_change(slice(None), exporter)

    @cached_property
    def trade_share(self) -> Array:
        """π' [J, N importer, N exporter]."""
        return self._trade_share(slice(None), slice(None))

    @cached_property
    def flow(self) -> Array:
        """Trade before tariff and export tax [J, N importer, N exporter], value."""
        return self.trade_share * self.expenditure[:, :, None] / self._markup(slice(None), slice(None))

    @cached_property
    def flow_volume(self) -> Array:
        """Trade at the baseline's seller prices [J, N importer, N exporter]: `flow` / p̂ of the exporter."""
        return self.flow / self.seller_price_change[:, None, :]

    def exports(self, exporter: int) -> Array:
        """Exports of one region before tariff and export tax [J, N importer], value; its own sales included."""
        return self._slice(slice(None), exporter)

    def exports_volume(self, exporter: int) -> Array:
        """Exports of one region at its baseline prices [J, N importer]: compare with `baseline_flow`."""
        return self.exports(exporter) / self.seller_price_change[:, exporter, None]

    def imports(self, importer: int) -> Array:
        """Imports of one region before tariff [J, N exporter], value; its own sales included."""
        return self._slice(importer, slice(None))

    def imports_volume(self, importer: int) -> Array:
        """Imports of one region at its suppliers' baseline prices [J, N exporter]."""
        return self.imports(importer) / self.seller_price_change

    @cached_property
    def baseline_flow(self) -> Array:
        """Trade of the baseline before tariff and export tax [J, N importer, N exporter]."""
        return baseline_flow(self.baseline)

    def _slice(self, importer: slice | int, exporter: slice | int) -> Array:
        share = self._trade_share(importer, exporter)
        spent = self.expenditure[:, importer]
        if isinstance(exporter, slice):
            spent = spent[..., None]
        values: Array = share * spent / self._markup(importer, exporter)
        return values

    def _trade_share(self, importer: slice | int, exporter: slice | int) -> Array:
        """π' = π (κ̂ p̂)^{−θ} / Σ_i π (κ̂ p̂)^{−θ}, for a slice of importers and exporters."""
        theta = self.baseline.trade_elasticity
        power = self.seller_price_change[:, exporter] ** -theta.reshape((-1,) + (1,) * isinstance(exporter, slice))
        if isinstance(importer, slice):
            power = power[:, None]
        total = self.share_sum[:, importer]
        if isinstance(exporter, slice):
            total = total[..., None]
        change = self._wedge_change(importer, exporter)
        weight = change ** -theta.reshape((-1,) + (1,) * (change.ndim - 1))
        share: Array = self.baseline.trade_share[:, importer, exporter] * weight * power / total
        return share

    def _wedge_change(self, importer: slice | int, exporter: slice | int) -> Array:
        """κ̂ = (1+t')/(1+t) · (1+e')/(1+e) · d̂."""
        change: Array = self._markup(importer, exporter) / _markup(
            self.baseline.tariff, self.baseline.export_tax, importer, exporter
        )
        return change if self.shock.iceberg is None else change * self.shock.iceberg[:, importer, exporter]

    def _markup(self, importer: slice | int, exporter: slice | int) -> Array:
        """(1+t')(1+e')."""
        tariff = self.baseline.tariff if self.shock.tariff is None else self.shock.tariff
        tax = self.baseline.export_tax if self.shock.export_tax is None else self.shock.export_tax
        return _markup(tariff, tax, importer, exporter)


def _markup(tariff: Array, tax: Array | None, importer: slice | int, exporter: slice | int) -> Array:
    gross: Array = 1.0 + tariff[:, importer, exporter]
    return gross if tax is None else gross * (1.0 + tax[:, importer, exporter])


def walras_gap(output: Array, expenditure: Array, taxes: Array, deficit: Array, world: float) -> float:
    """Largest |spending − sales − border taxes collected − D'| by region, relative to world value added `world`.

    Spending includes tariffs, so expenditure − tariff revenue is imports plus own purchases at the border, and
    output + export tax is what is earned there.
    """
    gap = expenditure.sum(axis=0) - output.sum(axis=0) - taxes - deficit
    return float(np.max(np.abs(gap)) / world)
