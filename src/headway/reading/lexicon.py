"""Words of trade policy, kept in `data/words.toml`, and the product words of `headway.codes`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from headway.codes import products


@dataclass(frozen=True)
class Words:
    """The lists of `data/words.toml`; tables map a name in the text to ISO3 (the EU is EUU)."""

    abbreviations: frozenset[str]
    starters: frozenset[str]
    noun_phrase_stops: frozenset[str]
    generic_goods: frozenset[str]
    goods_adjectives: frozenset[str]
    leaders: dict[str, str]
    offices: dict[str, str]
    hosts: dict[str, str]
    wires: dict[str, str]
    extra_forms: dict[str, str]
    patterns: dict[str, list[str]]


@lru_cache(maxsize=1)
def words() -> Words:
    """The lists, read once."""
    text = resources.files("headway.reading").joinpath("data/words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Words(
        abbreviations=frozenset(table["abbreviations"]),
        starters=frozenset(table["starters"]),
        noun_phrase_stops=frozenset(table["noun_phrase_stops"]),
        generic_goods=frozenset(table["generic_goods"]),
        goods_adjectives=frozenset(table["goods_adjectives"]),
        leaders={name: code for code, names in table["leaders"].items() for name in names},
        offices={name: code for code, names in table["offices"].items() for name in names},
        hosts=table["hosts"],
        wires=table["wires"],
        extra_forms=table["extra_forms"],
        patterns=table["patterns"],
    )


@lru_cache(maxsize=128)
def any_of(*names: str) -> str:
    """A regular expression (no groups) for any word of the named lists in `[patterns]`."""
    entries = dict.fromkeys(entry for name in names for entry in words().patterns[name])
    longest_first = sorted(entries, key=len, reverse=True)
    return r"\b(?:" + "|".join(map(_expression, longest_first)) + r")\b"


@lru_cache(maxsize=128)
def pattern(*names: str) -> re.Pattern[str]:
    """The compiled expression of `any_of`, in any case."""
    return re.compile(any_of(*names), re.IGNORECASE)


def _expression(entry: str) -> str:
    return entry.replace("~ ", r"(?:\w+ )?").replace("*", r"\w*")


@lru_cache(maxsize=1)
def product_words() -> tuple[str, ...]:
    """Every word for goods, English singular and plural, and Korean of two letters or more."""
    english = [word for entry in products.lexicon() for word in entry.words]
    korean = [word for entry in products.lexicon() for word in entry.words_ko if len(word) > 1]
    return tuple(dict.fromkeys([*english, *map(plural, english), *sorted(words().goods_adjectives), *korean]))


def plural(word: str) -> str:
    """The regular English plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
