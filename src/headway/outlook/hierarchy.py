"""Items and destinations that add up to the total: what they leave out, and forecasts reconciled with it."""

from __future__ import annotations

import dataclasses

import numpy as np

from headway.outlook import months
from headway.outlook.engine import conformal
from headway.outlook.engine.reconcile import reconcile
from headway.outlook.forecast import Forecast
from headway.outlook.records import FloatArray, Panel

REST = "other"
"""Name of the part of the total that no series of a kind covers."""

COMPLETE = 0.01
"""Share of the total below which parts are taken to cover it."""

NORMAL_80 = 1.2816


def with_rest(panel: Panel) -> Panel:
    """The panel with an "other" item and destination: the total less the parts, over the months that all share.

    Where the parts exceed the total (groups that overlap), nothing is added and the notes say so.
    """
    total = panel.total
    if total is None:
        return panel
    series, notes = list(panel.series), list(panel.notes)
    for kind in ("item", "destination"):
        parts = panel.of_kind(kind)
        if not parts or any(part.name == REST for part in parts):
            continue
        first, last = max(p.start for p in (*parts, total)), min(p.end for p in (*parts, total))
        if last - first + 1 < 12:
            notes.append(f"The {kind}s share fewer than twelve months: they are not reconciled with the total.")
            continue
        covered = np.array([sum(part.at(n) for part in parts) for n in range(first, last + 1)])
        whole = np.array([total.at(n) for n in range(first, last + 1)])
        if (covered >= whole).any():
            if abs(float((covered / whole).mean()) - 1) > COMPLETE:
                month = months.label(first + int(np.argmax(covered - whole)))
                notes.append(
                    f"The {kind}s exceed the total (in {month}, say): they overlap and are not reconciled."
                )
            continue
        if float((1 - covered / whole).mean()) > COMPLETE:
            filled = tuple(n for n in range(first, last + 1) if any(n in part.filled for part in parts))
            series.append(
                dataclasses.replace(
                    total,
                    kind=kind,
                    name=REST,
                    start=first,
                    values=whole - covered,
                    filled=filled,
                    rebuilt=(),
                    notes=(),
                )
            )
    return Panel(tuple(series), tuple(notes))


def reconciled(forecasts: tuple[Forecast, ...]) -> tuple[Forecast, ...]:
    """Forecasts moved, the least certain most, so that items and destinations each add up to the total.

    Widths stay those of the single series. Kinds whose parts did not add up in the last stated month are left as
    they are.
    """
    total = next((one for one in forecasts if one.series.kind == "total"), None)
    if total is None:
        return forecasts
    kinds = [kind for kind in ("item", "destination") if _adds_up(kind, forecasts, total)]
    involved = [one for one in forecasts if one is total or one.series.kind in kinds]
    if not kinds:
        return forecasts
    constraints = np.array([[_sign(one, total, kind) for one in involved] for kind in kinds])
    level = conformal.LEVELS.index(0.8)
    spread = np.stack([shared_months(one.median * one.width[level], one, total) / NORMAL_80 for one in involved])
    moved = reconcile(
        np.stack([shared_months(one.median, one, total) for one in involved]), spread**2, constraints
    )
    if (moved <= 0).any():
        return forecasts
    new = {}
    for one, row in zip(involved, moved, strict=True):
        early = one.median[: total.series.end - one.series.end]
        new[id(one)] = dataclasses.replace(one, median=np.concatenate([early, row]))
    return tuple(new.get(id(one), one) for one in forecasts)


def shared_months(values: FloatArray, one: Forecast, total: Forecast) -> FloatArray:
    """The part of a path [H] that lies in the total's forecast months; series that end early have more."""
    return values[total.series.end - one.series.end :]


def _sign(forecast: Forecast, total: Forecast, kind: str) -> float:
    if forecast is total:
        return -1.0
    return 1.0 if forecast.series.kind == kind else 0.0


def _adds_up(kind: str, forecasts: tuple[Forecast, ...], total: Forecast) -> bool:
    parts = [one.series for one in forecasts if one.series.kind == kind]
    if not parts or any(part.end > total.series.end for part in parts):
        return False
    last = min(part.end for part in parts)
    if any(part.start > last for part in parts):
        return False
    return abs(sum(part.at(last) for part in parts) / total.series.at(last) - 1) < COMPLETE
