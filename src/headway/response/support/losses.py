"""What firms stand to lose, by item, from an impact run: the change of exports to the market that is hit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from headway.codes import items
from headway.errors import DataError
from headway.files import read_text, sha256
from headway.impact.results import Figure, Result
from headway.policy.scenario import Horizon

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Losses:
    """Share of exports to the US that an item loses, 0 to 1: central, low and high, and where it was read.

    Items that gain, or for which the run claims no effect, lose nothing.
    """

    horizon: Horizon
    share: dict[str, tuple[float, float, float]]
    source: str
    sha256: str | None = None

    def of(self, keys: list[str]) -> Array:
        """(central, low, high) for each item key [3, n]."""
        return np.array([self.share.get(key, (0.0, 0.0, 0.0)) for key in keys]).T.reshape(3, -1)


def from_result(result: Result, horizon: Horizon) -> Losses:
    """Losses by item from an impact run; raises DataError where it has none for the horizon."""
    return _from_figures(result.figures, horizon, "an impact run of the scenario")


def read_result(path: Path, horizon: Horizon) -> Losses:
    """Losses by item from the result.json of a brief; raises UnreadableInput or DataError naming the file."""
    text = read_text(path)
    try:
        content = json.loads(text)["figures"]
        figures = {id: Figure.model_validate(one) for id, one in content.items()}
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ValidationError):
        raise DataError(
            f"{path} is no result of an impact run.", "Give the result.json of `headway brief`."
        ) from None
    found = _from_figures(figures, horizon, path.name)
    return Losses(found.horizon, found.share, found.source, sha256(text))


def _from_figures(figures: dict[str, Figure], horizon: Horizon, source: str) -> Losses:
    share = {}
    for key in items.labels():
        figure = figures.get(f"item.{key}.us_change.{horizon}")
        if figure is not None:
            low, high = figure.low or figure.value, figure.high or figure.value
            # A fall of exports is a loss; its interval's ends swap with the sign.
            share[key] = (_loss(figure.value), _loss(high), _loss(low))
    if not share:
        raise DataError(
            f"{source} has no change of exports to the US by item for {horizon}.",
            "Run a scenario with a US tariff and this horizon.",
        )
    return Losses(horizon, share, source)


def _loss(percent: float) -> float:
    return min(max(-percent / 100.0, 0.0), 1.0)
