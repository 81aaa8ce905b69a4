"""Finding known words in a text, longest first: English with plurals and hyphens, Korean with its particles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_GAP = re.compile(r"[ \t\n\u00a0]+|-[ ]?")
_LONGEST_ABBREVIATION = 4
_KOREAN_START = re.compile(r"(?<![가-힣])|(?<=산)|(?<=對)|(?<=대미)|(?<=대중)")
_KOREAN_END = re.compile(
    r"$|[^가-힣]|은|는|이|가|을|를|의|과|와|도|에|로|만|나|등|및|또"
    r"|업|산업|수출|수입|관세|제품|시장|품목|분야|부문|생산|용|류|값|가격|기업|회사|공장|판매|무역|보조금|소재"
)
_SHORT_KOREAN = 2


@dataclass(frozen=True)
class Found:
    """That `text[start:end]` is a known word, with the key of its entry."""

    key: str
    start: int
    end: int


class WordFinder(Protocol):
    """Finds the words of a table in a text, in order, none overlapping."""

    def find(self, text: str) -> list[Found]:
        """Words found, by their place in `text`."""
        ...


def _singulars(token: str) -> tuple[str, ...]:
    forms = [token]
    if token.endswith("s") and len(token) > 2:
        forms.append(token[:-1])
    if token.endswith("es"):
        forms.append(token[:-2])
    if token.endswith("ies"):
        forms.append(token[:-3] + "y")
    return tuple(forms)


class EnglishFinder:
    """Whole words in any case, plurals included; a hyphen is as good as a space.

    An abbreviation of up to four capitals (EV, PC, API) is found in capitals only, with a small plural s at most.
    """

    def __init__(self, table: dict[str, str]) -> None:
        self._keys = {self._normal(_TOKEN.findall(word)): (key, word) for word, key in table.items()}
        self._longest = max((len(words) for words in self._keys), default=0)

    @staticmethod
    def _normal(tokens: list[str]) -> tuple[str, ...]:
        return tuple(token.lower() for token in tokens)

    def find(self, text: str) -> list[Found]:
        """Words found, by their place in `text`."""
        tokens = list(_TOKEN.finditer(text))
        found: list[Found] = []
        index = 0
        while index < len(tokens):
            hit, used = self._longest_at(text, tokens, index)
            if hit:
                found.append(hit)
            index += used
        return found

    def _longest_at(self, text: str, tokens: list[re.Match[str]], index: int) -> tuple[Found | None, int]:
        for count in range(self._longest, 0, -1):
            run = tokens[index : index + count]
            if len(run) < count or not self._together(text, run):
                continue
            key = self._key([token.group() for token in run])
            if key:
                return Found(key, run[0].start(), run[-1].end()), count
        return None, 1

    @staticmethod
    def _together(text: str, run: list[re.Match[str]]) -> bool:
        return all(_GAP.fullmatch(text, one.end(), two.start()) for one, two in pairwise(run))

    def _key(self, tokens: list[str]) -> str | None:
        *first, last = self._normal(tokens)
        for form in _singulars(last):
            key, word = self._keys.get((*first, form), ("", ""))
            if key and (not _is_abbreviation(word) or tokens[-1].removesuffix("s").isupper()):
                return key
        return None


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_ABBREVIATION


class KoreanFinder:
    """Korean words at the start of a spaced word, or after 산 (made in), 대미 and 대중 (to someone).

    Words of one or two syllables must end there, or be followed by a particle or a noun that trade news compound
    with them, because many are the beginning of other words.
    """

    def __init__(self, table: dict[str, str]) -> None:
        self._words: dict[str, list[tuple[str, str]]] = {}
        for word in sorted(table, key=len, reverse=True):
            self._words.setdefault(word[0], []).append((word, table[word]))

    def find(self, text: str) -> list[Found]:
        """Words found, by their place in `text`."""
        found: list[Found] = []
        place = 0
        while place < len(text):
            hit = self._longest_at(text, place)
            if hit:
                found.append(hit)
            place = hit.end if hit else place + 1
        return found

    def _longest_at(self, text: str, place: int) -> Found | None:
        if not _KOREAN_START.match(text, place):
            return None
        for word, key in self._words.get(text[place], ()):
            end = place + len(word)
            if text.startswith(word, place) and (len(word) > _SHORT_KOREAN or _KOREAN_END.match(text, end)):
                return Found(key, place, end)
        return None
