"""Finding the phrases of a vocabulary in running text, longest first, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")
_LATIN = r"[^\W_가-힣]+"
TOKEN = re.compile(rf"{_LATIN}(?:\.{_LATIN})*\.?|[가-힣]+|[^\w\s]")
HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class Phrase(Generic[Value]):
    """A phrase of the vocabulary: with `exact_case`, capitals must agree; otherwise its first letter is free,
    or must be a capital where the phrase's own is."""

    text: str
    value: Value
    exact_case: bool = False


@dataclass(frozen=True, slots=True)
class Hit(Generic[Value]):
    """A phrase found in a text at [start, end)."""

    start: int
    end: int
    value: Value


class Vocabulary(Generic[Value]):
    """Phrases indexed by their first word (English) or looked up as substrings (Korean)."""

    def __init__(self, phrases: Iterable[Phrase[Value]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Phrase[Value]]]] = {}
        hangul: dict[str, Value] = {}
        for phrase in phrases:
            if HANGUL.search(phrase.text):
                hangul.setdefault(phrase.text, phrase.value)
                continue
            tokens = _tokens(phrase.text)
            if tokens:
                self._by_first.setdefault(tokens[0], []).append((tokens, phrase))
        for group in self._by_first.values():
            group.sort(key=lambda pair: len(pair[0]), reverse=True)
        self._hangul = hangul
        longest_first = sorted(hangul, key=len, reverse=True)
        self._hangul_pattern = re.compile("|".join(map(re.escape, longest_first))) if hangul else None

    def scan(self, text: str) -> tuple[Hit[Value], ...]:
        """Every phrase found, in order and without overlap; of two at the same place the longer wins."""
        hits = list(self._scan_words(text))
        if self._hangul_pattern and HANGUL.search(text):
            hits += [
                Hit(match.start(), match.end(), self._hangul[match.group()])
                for match in self._hangul_pattern.finditer(text)
            ]
            hits.sort(key=lambda hit: hit.start)
        return tuple(hits)

    def _scan_words(self, text: str) -> Iterator[Hit[Value]]:
        spans = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]
        folded = [_fold(token) for token, _, _ in spans]
        place = 0
        while place < len(spans):
            found = self._longest_at(text, spans, folded, place)
            if found is None:
                place += 1
                continue
            count, hit = found
            yield hit
            place += count

    def _longest_at(
        self, text: str, spans: list[tuple[str, int, int]], folded: list[str], place: int
    ) -> tuple[int, Hit[Value]] | None:
        for tokens, phrase in self._by_first.get(folded[place], ()):
            count = len(tokens)
            if tuple(folded[place : place + count]) != tokens:
                continue
            start, end = spans[place][1], spans[place + count - 1][2]
            surface = text[start:end]
            if surface.endswith(".") and not phrase.text.endswith("."):
                end -= 1
                surface = surface[:-1]
            if _case_agrees(surface, phrase.text, phrase.exact_case):
                return count, Hit(start, end, phrase.value)
        return None


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_fold(match.group()) for match in TOKEN.finditer(text))


def _fold(token: str) -> str:
    return token.lower().rstrip(".") or token


def _case_agrees(surface: str, phrase: str, exact: bool) -> bool:
    if exact:
        return surface == phrase or surface.rstrip(".") == phrase.rstrip(".")
    first = next((letter for letter in phrase.removeprefix("the ") if letter.isalpha()), "")
    shown = next((letter for letter in surface.removeprefix("the ") if letter.isalpha()), "")
    return not first.isupper() or shown.isupper()
