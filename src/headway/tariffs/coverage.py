"""Which provisions reach which lines: product lists as sets of prefixes, tested by length."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from headway.errors import DataError
from headway.tariffs.instruments import ALL, Provision
from headway.tariffs.schedule import product_lists

CHAPTER_98_DUTIABLE = ("98020040", "98020050", "98020060", "98020080")
"""The provisions of chapter 98 on whose dutiable part chapter 99 duties fall; the rest of chapter 98 owes none."""


def prefixes(lists: Iterable[str], codes: Iterable[str]) -> frozenset[str]:
    """All prefixes of some lists and single codes; raises `DataError` for a list that is not on file."""
    known = product_lists()
    found: set[str] = set(codes)
    for name in lists:
        if name == ALL:
            continue
        if name not in known:
            raise DataError(f"No product list {name!r}.", "Add data/lists/NAME.csv with a column code.")
        found |= known[name]
    return frozenset(found)


def matches(code: str, wanted: frozenset[str]) -> bool:
    """True if some prefix of the code is in the set."""
    return any(code[:length] in wanted for length in (2, 4, 6, 8, 10))


@lru_cache(maxsize=1024)
def _sets(
    lists: tuple[str, ...], codes: tuple[str, ...], lists_except: tuple[str, ...], codes_except: tuple[str, ...]
) -> tuple[bool, frozenset[str], frozenset[str]]:
    return ALL in lists, prefixes(lists, codes), prefixes(lists_except, codes_except)


def scope(provision: Provision) -> tuple[bool, frozenset[str], frozenset[str]]:
    """(every article, prefixes in, prefixes out) of a provision."""
    return _sets(provision.lists, provision.codes, provision.lists_except, provision.codes_except)


def reaches(provision: Provision, code: str) -> bool:
    """True if the provision's products include the ten-digit code."""
    everything, wanted, unwanted = scope(provision)
    if code.startswith("98") and not code.startswith(CHAPTER_98_DUTIABLE):
        return False
    return (everything or matches(code, wanted)) and not matches(code, unwanted)
