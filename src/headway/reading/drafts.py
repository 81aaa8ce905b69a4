"""A measure in the making: what one stretch of text says, before records of the same measure are joined."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from headway.policy.records import Direction, Instrument, RateKind, Stage
from headway.reading.scene import Scene


@dataclass(frozen=True)
class Draft:
    """A measure as one stretch [start, end) of its sentence states it; rates in percent."""

    scene: Scene
    start: int
    end: int
    rule: str
    instrument: Instrument
    stage: Stage
    imposer: str | None
    direction: Direction = "restrict"
    partners: tuple[str, ...] = ()
    target_group: str | None = None
    products: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    prior: float | None = None
    rate_kind: RateKind | None = None
    affected: tuple[tuple[str | None, str | None], ...] = ()
    effective: dt.date | None = None
    ends: dt.date | None = None
    conditions: tuple[str, ...] = ()
    legal_basis: str | None = None
    confidence: float = 0.8
    program: str | None = None
    definite: bool = False

    @property
    def has_rate(self) -> bool:
        """True if the text gives a rate, or a bound of one."""
        return self.low is not None or self.high is not None
