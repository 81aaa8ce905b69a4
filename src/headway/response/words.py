"""Moves and packages in words: titles with parameters put in, time to act, and the legal questions they raise."""

from __future__ import annotations

import re

from headway.response.board import Package
from headway.response.library import Move, Question, Value
from headway.response.selectors import Scene, product_names, region_names

_SLOT = re.compile(r"\{(?P<name>[a-z_]+)(?::(?P<kind>[a-z]+))?\}")

REGION_PARAMETERS = ("with_whom", "markets", "importer", "exporter", "region")


def title(move: Move, scene: Scene) -> str:
    """The option's title with its values: "Exemption of cars and auto parts from the further duty"."""

    def fill(found: re.Match[str]) -> str:
        return _in_words(found["name"], found["kind"], move.values[found["name"]], scene)

    return _SLOT.sub(fill, move.option.title)


def _in_words(name: str, kind: str | None, value: Value, scene: Scene) -> str:
    if isinstance(value, float):
        if kind == "share":
            return f"{100 * abs(value):g} %"
        return f"{value:g} bn USD" if kind == "usd" else f"{value:g}"
    if name == "products" and not isinstance(value, bool):
        return product_names(value)
    if name in REGION_PARAMETERS and not isinstance(value, bool):
        return region_names(scene, value)
    return str(value)


def package_title(package: Package, scene: Scene) -> str:
    """Titles of the moves, joined."""
    if not package.moves:
        return "Nothing"
    first, *rest = (title(move, scene) for move in package.moves)
    return "; ".join((first, *(one[0].lower() + one[1:] for one in rest)))


def months(package: Package) -> tuple[float, float]:
    """Months until a package is in effect, (low, high): its slowest move decides."""
    return (
        max((move.option.months.low for move in package.moves), default=0.0),
        max((move.option.months.high for move in package.moves), default=0.0),
    )


def questions(package: Package) -> tuple[Question, ...]:
    """The legal questions of all moves, each article once."""
    found = {question.article: question for move in package.moves for question in move.option.questions}
    return tuple(found.values())
