"""A scenario: measures, a home country, a baseline date and the choices made where the text is ambiguous."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from headway.policy.records import Measure, Record

Horizon = Literal["up_to_a_year", "long_run"]


class Choice(Record):
    """An ambiguity resolved: `options` maps each reading to its meaning, `selected` is the one in use."""

    id: str
    question: str
    options: dict[str, str]
    selected: str
    reason: str = ""

    @model_validator(mode="after")
    def _selects_an_option(self) -> Choice:
        if self.selected not in self.options:
            raise ValueError(f"selected {self.selected!r} is none of {', '.join(self.options)}")
        return self


class Sampling(Record):
    """How uncertainty is sampled: `policy_draws` × `parameter_draws` solves per horizon, from one seed."""

    seed: int = 20250121
    policy_draws: Annotated[int, Field(ge=2, le=1000)] = 8
    parameter_draws: Annotated[int, Field(ge=2, le=1000)] = 16


class SourceText(Record):
    """The text that a scenario was formed from."""

    name: str
    sha256: str


class Scenario(Record):
    """What is simulated: `measures` by their readings in `choices`, for `home` (ISO3), on the law of `date`."""

    name: str
    home: str
    date: dt.date
    measures: tuple[Measure, ...]
    choices: tuple[Choice, ...] = ()
    horizons: tuple[Horizon, ...] = ("up_to_a_year", "long_run")
    sampling: Sampling = Sampling()
    source: SourceText | None = None
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Scenario:
        for what, ids in (
            ("measure", [m.id for m in self.measures]),
            ("choice", [c.id for c in self.choices]),
        ):
            repeated = {one for one in ids if ids.count(one) > 1}
            if repeated:
                raise ValueError(f"{what} id used twice: {', '.join(sorted(repeated))}")
        return self

    def choice(self, id: str) -> str | None:
        """The reading selected for a choice, or None where the scenario has no such choice."""
        return next((choice.selected for choice in self.choices if choice.id == id), None)
