"""The manifest of a run: what is needed to repeat it, and how the solvers ended."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from headway import __version__
from headway.files import sha256
from headway.impact.baseline import us_duties_in_words
from headway.impact.plan import Plan
from headway.policy import dump_scenario
from headway.tariffs.fingerprint import law_digest

PACKAGES = ("jax", "numpy", "polars", "scipy")


def of_run(planned: Plan, diagnostics: Mapping[str, Mapping[str, float]], *, seconds: float) -> dict[str, Any]:
    """Code version, inputs with hashes, parameters, seed, diagnostics and time taken, as plain JSON types."""
    scenario = planned.scenario
    return {
        "headway": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "scenario_sha256": sha256(dump_scenario(scenario)),
        "source": scenario.source.model_dump() if scenario.source else None,
        "baseline": _baseline(planned),
        "inputs": dict(planned.world.manifest),
        "sampling": scenario.sampling.model_dump()
        | {"interval": "5 to 95 percent of draws", "value": "mean of draws"},
        "elasticity_sources": {h: list(drawn.sources) for h, drawn in planned.elasticities.items()},
        "choices": {choice.id: choice.selected for choice in scenario.choices},
        "solver": {horizon: dict(values) for horizon, values in diagnostics.items()},
        "seconds": round(seconds, 3),
    }


def _baseline(planned: Plan) -> dict[str, Any]:
    """Date and kind of the baseline; for a schedule, the shares of US imports that it rates and that stay open."""
    duties = planned.mix.duties
    told: dict[str, Any] = {
        "date": planned.scenario.date.isoformat(),
        "world": planned.world.vintage,
        "tariffs": planned.world.tariff_vintage,
        "us_imports": duties.year,
        "us_duties": us_duties_in_words(planned.scenario.date),
        "us_rates": duties.basis,
    }
    if duties.basis == "expected":
        told |= {
            "schedule_sha256": law_digest(),
            "imports_rated": round(duties.rated, 6),
            "imports_open": round(duties.open, 6),
            "open_instruments": [name for name, _ in duties.open_instruments(10)],
        }
    return told
