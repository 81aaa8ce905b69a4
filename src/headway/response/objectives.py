"""What each side is taken to want: weights that are visible, editable and in the manifest."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from headway.errors import DataError, InvalidScenario
from headway.files import read_text
from headway.policy.records import Record
from headway.policy.storage import parse_record
from headway.response.selectors import Scene
from headway.world import World

Array = NDArray[np.float64]

Measure = Literal["real_income", "exports", "jobs", "budget", "revenue", "balance", "output"]
CARED = "cared"
ANY = "any"


class Objective(Record):
    """One thing that a side wants: a measure, over sectors where it has them, and its weight in USD billion.

    The weight is per USD billion, for `jobs` per thousand; `source` says where it is from, or "assumption".
    """

    id: str
    measure: Measure
    label: str
    weight: float
    sectors: Literal["cared"] | tuple[str, ...] = ()
    source: str


class Cares(Record):
    """The sectors that a country cares about, and where that is written."""

    sectors: tuple[str, ...]
    source: str


class Employment(Record):
    """Jobs of a country in thousands: in total, and of sectors whose own figure is known."""

    total: float = Field(gt=0)
    sectors: dict[str, float] = Field(default_factory=dict)
    source: str


class Objectives(Record):
    """Both sides' objectives, the sectors that countries care about by ISO3 (`any` for others), and employment."""

    home: tuple[Objective, ...] = Field(min_length=1)
    partner: tuple[Objective, ...] = Field(min_length=1)
    cares: dict[str, Cares]
    employment: dict[str, Employment] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_complete(self) -> Objectives:
        if ANY not in self.cares:
            raise ValueError("cares needs an entry any, for countries that have none of their own")
        for side in (self.home, self.partner):
            ids = [one.id for one in side]
            if len(ids) != len(set(ids)):
                raise ValueError("two objectives of one side have the same id")
        return self

    def cared_by(self, region: str) -> Cares:
        """The sectors that a country cares about."""
        return self.cares.get(region, self.cares[ANY])

    def sectors_of(self, one: Objective, region: str) -> tuple[str, ...]:
        """The sectors of an objective of a country."""
        return self.cared_by(region).sectors if one.sectors == CARED else tuple(one.sectors)


def shipped() -> Objectives:
    """The objectives that ship with the package."""
    text = (resources.files("headway.response") / "data" / "objectives.yaml").read_text("utf-8")
    return _parsed(text, "objectives.yaml")


def read_objectives(path: Path) -> Objectives:
    """A user's objectives; raises DataError naming the file and the key."""
    return _parsed(read_text(path), str(path))


def _parsed(text: str, name: str) -> Objectives:
    try:
        return parse_record(text, name, Objectives)
    except InvalidScenario as error:
        raise DataError(error.message, "Compare with the shipped objectives.yaml.") from None


def jobs_by_sector(objectives: Objectives, world: World, region: str) -> Array | None:
    """Jobs of a region by sector [J], thousands; None where no total is given.

    Sectors without their own figure share what is left of the total by value added. Raises DataError where sectors' own
    figures exceed the total or name no sector.
    """
    known = objectives.employment.get(region)
    if known is None:
        return None
    unknown = sorted(known.sectors.keys() - set(world.sectors))
    if unknown:
        raise DataError(
            f"Employment of {region}: there is no sector {unknown[0]!r}.", f"{', '.join(world.sectors)}."
        )
    own = np.array([known.sectors.get(key, 0.0) for key in world.sectors])
    rest = known.total - own.sum()
    if rest < 0:
        raise DataError(f"Employment of {region}: sectors add up to more than the total.", "Correct the figures.")
    added = np.where(own > 0, 0.0, world.value_added[:, world.region(region)])
    return np.asarray(own + rest * added / added.sum())


def check_objectives(objectives: Objectives, scene: Scene) -> None:
    """Raise DataError for a sector that the world lacks, or jobs wanted where no employment is given."""
    sides = ((objectives.home, scene.home), (objectives.partner, scene.partner))
    for side, region in sides:
        for one in side:
            unknown = sorted(set(objectives.sectors_of(one, region)) - set(scene.world.sectors))
            if unknown:
                raise DataError(
                    f"Objective {one.id}: there is no sector {unknown[0]!r}.", f"{', '.join(scene.world.sectors)}."
                )
            if one.measure == "jobs" and region not in objectives.employment:
                raise DataError(
                    f"Objective {one.id} counts jobs, and no employment of {region} is given.",
                    f"Add employment: {region}: {{total: ..., source: ...}} to the objectives, or drop the objective.",
                )
