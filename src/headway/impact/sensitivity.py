"""How a result answers to every tariff in the world at once: one adjoint solve at the equilibrium (METHODS section 2).

What is differentiated is named by a text: `real_income`, `exports`, `revenue` or `output`, then what narrows it after
dots. `exports.motor_vehicles.USA` is home's exports of cars to the US, `real_income.USA` the partner's real income,
`revenue.USA` its tariff revenue, `output.metals` home's output of metals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.errors import UnknownCode
from headway.impact.central import central_case
from headway.impact.plan import Plan
from headway.impact.results import Result
from headway.models.equilibrium import Equilibrium
from headway.models.gradients import Scalar, exports_of, gradient, revenue_of, welfare_of
from headway.policy import Scenario
from headway.world import World

if TYPE_CHECKING:
    import xarray as xr

QUANTITIES = {
    "real_income": ("real income", "percent per percentage point"),
    "exports": ("export volume at baseline prices", "USD million per percentage point"),
    "revenue": ("tariff revenue, at constant world value added", "USD million per percentage point"),
    "output": ("output volume at baseline prices", "USD million per percentage point"),
}
"""What can be differentiated: its meaning and the unit of the derivative."""

FORMS = "real_income[.REGION], exports[.SECTOR][.PARTNER], revenue[.REGION], output.SECTOR[.REGION]"


@dataclass(frozen=True)
class Target:
    """A scalar result: `quantity` of `region`; for exports and output of one `sector`, for exports to one `partner`."""

    quantity: str
    region: str
    sector: str | None = None
    partner: str | None = None


def parse_target(text: str, world: World, home: str) -> Target:
    """The target that a text such as "exports.motor_vehicles.USA" names; raises UnknownCode for what it cannot be."""
    quantity, *narrower = text.split(".")
    sectors = [part for part in narrower if part in world.sectors]
    regions = [part for part in narrower if part in world.regions]
    unknown = [part for part in narrower if part not in (*sectors, *regions)]
    if quantity not in QUANTITIES or unknown:
        what = repr(quantity) if quantity not in QUANTITIES else f"{unknown[0]!r} in {text!r}"
        raise UnknownCode(
            f"There is no result {what} to differentiate.", f"Forms: {FORMS}; sectors and regions of the world."
        )
    allowed = {"real_income": 0, "revenue": 0, "exports": 1, "output": 1}[quantity]
    if len(sectors) > allowed or len(regions) > 1 or (quantity == "output" and not sectors):
        raise UnknownCode(f"{text!r} names no single result.", f"Forms: {FORMS}.")
    sector, region = sectors[0] if sectors else None, regions[0] if regions else None
    if quantity == "exports":
        return Target(quantity, home, sector, region)
    return Target(quantity, region or home, sector)


def sensitivity(
    subject: Plan | Result | Scenario, of: str = "real_income", *, world: World | None = None
) -> xr.DataArray:
    """Derivative of a long-run result with respect to every bilateral sectoral tariff: [sector, importer, exporter].

    Taken where the scenario's measures leave the tariffs, at the middle of their ranges and central elasticities.
    `of` is one of the forms above; `attrs` holds its meaning, value, unit and horizon. A tariff on own sales has
    derivative zero. Raises UnknownCode for another text, and what `central_case` raises.
    """
    case = central_case(subject, world=world)
    return derivatives(case.world, case.equilibrium, parse_target(of, case.world, case.home))


def derivatives(world: World, equilibrium: Equilibrium, target: Target) -> xr.DataArray:
    """As `sensitivity`, at any equilibrium of a world, for a target already parsed."""
    import xarray as xr

    found = gradient(equilibrium, _scalar(world, equilibrium, target))
    meaning, unit = QUANTITIES[target.quantity]
    # d ln W per unit of rate is percent per percentage point as it stands; values move by a hundredth per point.
    scale = 1.0 if target.quantity == "real_income" else 0.01
    attributes: dict[str, Any] = {
        "of": _words(target, meaning),
        "units": unit,
        "value": found.value,
        "horizon": "long_run",
        "method": f"adjoint solve, {found.iterations} steps, residual {found.residual:.1e}",
    }
    axes = {"sector": list(world.sectors), "importer": list(world.regions), "exporter": list(world.regions)}
    return xr.DataArray(scale * found.tariff, axes, tuple(axes), name=target.quantity, attrs=attributes)


def _scalar(world: World, equilibrium: Equilibrium, target: Target) -> Scalar:
    at = world.region(target.region)
    if target.quantity == "real_income":
        return welfare_of(equilibrium, at)
    if target.quantity == "revenue":
        return revenue_of(equilibrium, at)
    sectors = None if target.sector is None else (world.sector(target.sector),)
    if target.quantity == "exports":
        goods = sectors or tuple(world.sector(key) for key in world.goods)
        partner = None if target.partner is None else world.region(target.partner)
        return exports_of(equilibrium, at, sectors=goods, importer=partner)
    sold = np.zeros_like(equilibrium.baseline.trade_share)
    sold[list(sectors or ()), :, at] = 1.0
    return Scalar(flow_volume=sold)


def _words(target: Target, meaning: str) -> str:
    """ "export volume at baseline prices of KOR, motor_vehicles, to USA"."""
    parts = [
        f"{meaning} of {target.region}",
        target.sector or ("all goods" if target.quantity == "exports" else ""),
    ]
    return ", ".join([part for part in parts if part] + ([f"to {target.partner}"] if target.partner else []))
