"""The library of moves: one small file each, shipped or added by others, checked when read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from headway.errors import DataError, InvalidScenario, UnknownCode
from headway.files import decode, sha256
from headway.policy.records import Record
from headway.policy.storage import parse_record

GROUP = "headway.options"
"""Entry points of this group name a folder of option files: a path, or a function without arguments that gives one."""

Nature = Literal["ask", "offer", "reply", "home", "third"]
ChangeKind = Literal[
    "tariff", "trade_cost", "production_subsidy", "quota", "purchase", "investment", "proportionate_tariff"
]
Value = float | str | bool | tuple[str, ...]


class Parameter(Record):
    """What can be set in a move: default, the range in which it makes sense, meaning, source or "assumption"."""

    default: Value
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    source: str


class Change(Record):
    """One change to the schedule or to costs. Fields hold values, or `$name` for a parameter of the option.

    `tariff`: of `importer` on `exporter`'s `products`; one of `keep` (share of the further duty that stays), `scale`
    (factor on the rate), `cap` (highest rate), `set` (rate), `add` (points). `proportionate_tariff`: rate that
    collects `match` times the duties the partner's measure takes from home, at most `ceiling`; `lines` is a table of
    home's own tariff lines. `quota`: `share` of base imports at the base rate, beyond it the announced rate, rents to
    `rents_to`. `trade_cost`: relative `change` of trade costs; `exports_per_dollar` prices it. `production_subsidy`:
    `budget` a year over `products` of `region`. `purchase`: `extra` imports a year beyond the market's. `investment`:
    `amount` a year from home into `products` of `region`, of which `incentive` is what makes the location pay.
    Amounts are USD billion a year, rates and shares fractions.
    """

    kind: ChangeKind
    importer: Value | None = None
    exporter: Value | None = None
    region: Value | None = None
    products: Value = "all"
    keep: Value | None = None
    scale: Value | None = None
    cap: Value | None = None
    set: Value | None = None
    add: Value | None = None
    match: Value | None = None
    ceiling: Value | None = None
    lines: Value | None = None
    share: Value | None = None
    rents_to: Value | None = None
    change: Value | None = None
    exports_per_dollar: Value | None = None
    budget: Value | None = None
    extra: Value | None = None
    amount: Value | None = None
    incentive: Value | None = None


class Question(Record):
    """A legal question that a move raises: the article, and the question; never a verdict."""

    article: str
    question: str


class Months(Record):
    """Time from decision to effect, in months."""

    low: Annotated[float, Field(ge=0)]
    high: Annotated[float, Field(ge=0)]
    source: str


class Option(Record):
    """A move that can be made: what it changes, on what legal basis, who decides, how long it takes, what it costs.

    `nature`: "ask" (the partner gives), "offer" (home gives to the partner), "reply" (home answers a measure), "home"
    (home alone), "third" (with others). `settings` are the variants that packages are built from.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: str
    nature: Nature
    legal_basis: tuple[str, ...]
    who_decides: str
    months: Months
    cost: str
    retaliation: str
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    changes: tuple[Change, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()
    settings: tuple[dict[str, Value], ...] = ({},)

    @model_validator(mode="after")
    def _names_are_known(self) -> Option:
        for change in self.changes:
            for name, value in change.model_dump(exclude_none=True).items():
                if isinstance(value, str) and value.startswith("$") and value[1:] not in self.parameters:
                    raise ValueError(f"{name}: there is no parameter {value[1:]!r}")
        for setting in self.settings:
            unknown = sorted(setting.keys() - self.parameters.keys())
            if unknown:
                raise ValueError(f"settings: there is no parameter {unknown[0]!r}")
        return self


class Move(Record):
    """An option with its parameters set: `values` holds every parameter, `changes` the changes with values put in."""

    option: Option
    values: dict[str, Value]
    changes: tuple[Change, ...]

    @property
    def id(self) -> str:
        """Option and whatever differs from its defaults: "exemption(products=cars+auto_parts)"."""
        differing = {
            name: value for name, value in self.values.items() if value != self.option.parameters[name].default
        }
        inside = ",".join(f"{name}={_as_text(value)}" for name, value in differing.items())
        return f"{self.option.id}({inside})" if inside else self.option.id


def _as_text(value: Value) -> str:
    return (
        "+".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)
    )


def move(option: Option, values: Mapping[str, Value] | None = None) -> Move:
    """The option with some parameters set; raises UnknownCode for one it lacks, DataError for a value out of range."""
    given = dict(values or {})
    unknown = sorted(given.keys() - option.parameters.keys())
    if unknown:
        known = ", ".join(option.parameters) or "none"
        raise UnknownCode(f"The option {option.id} has no parameter {unknown[0]!r}.", f"It has {known}.")
    settled = {name: _checked(option.id, name, one, given) for name, one in option.parameters.items()}
    changes = tuple(_settled(change, settled) for change in option.changes)
    return Move(option=option, values=settled, changes=changes)


def _checked(option: str, name: str, parameter: Parameter, given: Mapping[str, Value]) -> Value:
    value = given.get(name, parameter.default)
    if isinstance(parameter.default, tuple) and isinstance(value, str):
        value = (value,)
    if isinstance(parameter.default, float) and not isinstance(value, float):
        value = _as_number(option, name, value)
    if isinstance(value, float):
        low = -float("inf") if parameter.low is None else parameter.low
        high = float("inf") if parameter.high is None else parameter.high
        if not low <= value <= high:
            raise DataError(
                f"{option}: {name} is {value:g}, outside {low:g} to {high:g}.", f"{name}: {parameter.meaning}"
            )
    return value


def _as_number(option: str, name: str, value: Value) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise DataError(f"{option}: {name} is {value!r}, not a number.", "Give digits, such as 0.5.") from None


def _settled(change: Change, values: Mapping[str, Value]) -> Change:
    """The change with `$name` replaced by the parameter's value."""
    found = {
        field: values[value[1:]] if isinstance(value, str) and value.startswith("$") else value
        for field, value in change.model_dump(exclude_none=True).items()
    }
    return Change.model_validate(found)


_MOVE = re.compile(r"^(?P<option>[a-z][a-z0-9_]*)(?:\((?P<inside>.*)\))?$")


def parse_move(text: str) -> Move:
    """A move from its id, such as `exemption(products=cars+auto_parts,keep=0.5)`; raises UnknownCode or DataError."""
    found = _MOVE.match(text.strip())
    if found is None:
        raise DataError(f"Not a move: {text!r}.", "Write it like exemption(products=cars+auto_parts,keep=0.5).")
    values: dict[str, Value] = {}
    for part in (found["inside"] or "").split(","):
        name, separator, value = part.partition("=")
        if part.strip():
            if not separator:
                raise DataError(f"Not a setting: {part!r} in {text!r}.", "Write it like products=cars.")
            option = find(found["option"])
            values[name.strip()] = _read_value(option, name.strip(), value.strip())
    return move(find(found["option"]), values)


def _read_value(option: Option, name: str, text: str) -> Value:
    default = option.parameters[name].default if name in option.parameters else text
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split("+"))
    return _as_number(option.id, name, text) if isinstance(default, float) else text


@lru_cache(maxsize=1)
def library() -> tuple[Option, ...]:
    """Every option: shipped ones first, then those of entry points `headway.options`, each by name.

    Raises DataError for a file that does not read, naming file and key, and for an id that is there twice.
    """
    options: dict[str, Option] = {}
    for file, text in _files():
        option = read_option(text, file)
        if option.id in options:
            raise DataError(f"{file}: there is an option {option.id!r} already.", "Give it another id.")
        options[option.id] = option
    return tuple(options.values())


def fingerprint() -> dict[str, str]:
    """SHA-256 of every option file, for manifests."""
    return {file: sha256(text) for file, text in _files()}


def find(id: str) -> Option:
    """The option with this id; raises UnknownCode naming those that there are."""
    for option in library():
        if option.id == id:
            return option
    raise UnknownCode(f"There is no option {id!r}.", f"There are {', '.join(one.id for one in library())}.")


def read_option(text: str, name: str) -> Option:
    """An option from YAML text; raises DataError naming the file and the key."""
    try:
        return parse_record(text, name, Option)
    except InvalidScenario as error:
        raise DataError(error.message, "Compare with a shipped option file.") from None


def _files() -> Iterator[tuple[str, str]]:
    for label, folder in _folders():
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith((".yaml", ".yml")):
                yield f"{label}/{file.name}", decode(file.read_bytes(), file.name)


def _folders() -> Iterator[tuple[str, Traversable | Path]]:
    yield "headway", resources.files("headway.response") / "data" / "options"
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda one: one.name):
        target = point.load()
        folder = target() if callable(target) else target
        yield point.name, Path(folder) if isinstance(folder, str) else folder
