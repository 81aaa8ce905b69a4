"""Scenarios as YAML files people can edit: unknown keys, duplicate keys and empty intervals fail by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from headway.errors import InvalidScenario
from headway.files import read_text, write_atomically
from headway.policy.records import Record
from headway.policy.scenario import Scenario

RecordType = TypeVar("RecordType", bound=Record)

_HEADER = """\
# A Headway scenario. Edit it and run: headway impact {name}
# Rates are in percent; a range (rate_low to rate_high) is sampled. `selected` of a choice may be any option of it.
"""


class _UniqueKeyLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise InvalidScenario(f"Line {line}: a key is a list or a mapping.", "Give keys as single words.")
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise InvalidScenario(f"Line {line}: the key {key!r} is given twice.", "Remove one of the two.")
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file; raises UnreadableInput or InvalidScenario, naming the file and the key."""
    return parse_record(read_text(path), str(path), Scenario)


def parse_record(text: str, name: str, kind: type[RecordType]) -> RecordType:
    """A record of some `kind` from YAML text; raises InvalidScenario naming the file `name` and the key."""
    try:
        content = yaml.load(text, Loader=_UniqueKeyLoader)  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise InvalidScenario(f"{name}{place}: this is not valid YAML.", "Check indentation and quotes.") from None
    except InvalidScenario as error:
        raise InvalidScenario(f"{name}: {error.message}", error.fix) from None
    except ValueError as error:  # a date that is none, such as 2025-13-45
        raise InvalidScenario(f"{name}: {error}.", "Write dates as 2025-01-21.") from None
    if not isinstance(content, dict):
        what = kind.__name__.lower()
        raise InvalidScenario(f"{name} holds no {what}.", "Start from one that `headway brief` wrote.")
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise InvalidScenario(f"{name}: {_explain(error)}.", "Correct the key named here.") from None


def dump_scenario(scenario: Scenario) -> str:
    """The scenario as YAML text, defaults and empty fields left out."""
    content = scenario.model_dump(mode="json", exclude_defaults=True)
    content["sampling"] = scenario.sampling.model_dump()
    content["horizons"] = list(scenario.horizons)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def header(name: str) -> str:
    """The comment at the top of a scenario file, which says how to use it."""
    return _HEADER.format(name=name)


def save_scenario(scenario: Scenario, path: Path) -> Path:
    """Write the scenario as YAML, atomically; returns the path."""
    return write_atomically(path, header(path.name) + dump_scenario(scenario))


def _explain(error: ValidationError) -> str:
    return "; ".join(_explain_one(detail) for detail in error.errors()[:5])


def _explain_one(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"]) or "the scenario"
    if detail["type"] == "extra_forbidden":
        return f"unknown key {key}"
    if detail["type"] == "missing":
        return f"the key {key} is missing"
    return f"{key}: {detail['msg'].removeprefix('Value error, ')}"
