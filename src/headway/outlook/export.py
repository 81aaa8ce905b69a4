"""A result as plain JSON-ready values and as CSV tables."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from headway.outlook.results import OutlookResult

TABLES = (
    "forecast",
    "periods",
    "steps",
    "rates",
    "drivers",
    "contributions",
    "accuracy",
    "backtest",
    "weights",
    "watch",
    "breaks",
)
"""Names of the tables of a result, each an attribute of it."""


def to_dict(result: OutlookResult) -> dict[str, Any]:
    """Everything in a result as lists, dicts, numbers and text; missing numbers are None. Growth is in fractions."""
    content: dict[str, Any] = {
        "manifest": result.manifest,
        "notes": list(result.notes),
        "sentences": {name: list(lines) for name, lines in result.sentences.items()},
        "elasticity": None if result.elasticity is None else dataclasses.asdict(result.elasticity),
        "nowcast": None if result.nowcast is None else dataclasses.asdict(result.nowcast),
        "standings": [dataclasses.asdict(one) for one in result.standings],
        "survey": [dataclasses.asdict(one) for one in result.survey],
        "scenario": result.plan.request.scenario if result.scenario else None,
    }
    content |= {name: table(result, name).to_dicts() for name in TABLES}
    plain: dict[str, Any] = _plain(content)
    return plain


def to_json(result: OutlookResult) -> str:
    """`to_dict` as JSON text, the same for the same result."""
    return json.dumps(to_dict(result), ensure_ascii=False, indent=1)


def table(result: OutlookResult, name: str) -> pl.DataFrame:
    """One table of a result by name."""
    found: pl.DataFrame = getattr(result, name)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
