"""The rate of a duty: from the figures in, before and after its noun phrase, with prior values and steps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.policy.records import RateKind
from headway.reading import covered, duties, grammar, stages
from headway.reading.duties import Phrase
from headway.reading.lexicon import pattern
from headway.reading.numbers import Percent
from headway.reading.scene import Scene


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent with the figures it was read from; all None where the text gives none."""

    low: float | None = None
    high: float | None = None
    prior: float | None = None
    figures: tuple[Percent, ...] = ()
    kind: RateKind | None = None


def rate_of(scene: Scene, phrase: Phrase, words: stages.Words, figures: list[Percent]) -> Rate:
    """The rate among `figures`: zero where the duty is ended, a range where it rises in steps, else as printed."""
    current = [figure for figure in figures if not figure.prior]
    prior = next((figure.value for figure in figures if figure.prior), None)
    inside = [figure for figure in current if figure.end <= phrase.end]
    kind: RateKind | None = "additive" if re.search(r"\badditional\b", words.phrase, re.IGNORECASE) else None
    if duties.abolishes(words.left, words.right) and len(inside) == len(current):
        return Rate(0.0, 0.0, inside[0].value if inside else prior, tuple(inside))
    none = re.search(r"\b(?:no|zero)\s*$", scene.text[: phrase.start], re.IGNORECASE) or re.match(
        r"(?:no|zero)\b", words.phrase, re.IGNORECASE
    )
    if none and not current:
        named = grammar.hit(scene, phrase.end, phrase.right) or covered.specific(scene, phrase)
        return Rate(0.0, 0.0, prior) if named else Rate()
    if (
        inside
        and len(current) > len(inside)
        and re.search(r"\bto\s+(?:the\s+)?$", scene.text[phrase.end : current[-1].wide_start][-8:])
    ):
        if not pattern("restrict", "ease").search(words.left) or duties.STEP.search(
            scene.text[phrase.end : current[-1].start]
        ):
            return Rate(*_range(current), prior, tuple(current), kind)
        return Rate(current[-1].low, current[-1].high, inside[0].value, tuple(current), kind)
    if any(duties.BY_MORE.search(scene.text[: figure.wide_start]) for figure in current):
        kind = "additive"
    low, high = _range(current)
    return Rate(low, high, prior, tuple(current), kind)


def _range(figures: list[Percent]) -> tuple[float | None, float | None]:
    if len(figures) <= 1:
        return (figures[0].low, figures[0].high) if figures else (None, None)
    values = [value for figure in figures for value in (figure.low, figure.high) if value is not None]
    return min(values), max(values)
