"""The items that readers talk about (semiconductors, cars, ships): a partition of the HS, with Korean names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from headway.codes.tables import parts, rows, unknown
from headway.errors import UnknownCode

SEMICONDUCTOR_LISTS: dict[str, tuple[str, ...]] = {
    "direct": ("8541", "8542"),
    "ministry": ("8541", "8542", "847330"),
    "with_storage": ("8541", "8542", "847330", "8523"),
}
"""Three lists for semiconductors. US imports from Korea in 2024 were 3.2, 10.2 and 15.6 bn USD on them.

The item is the second. The ministry's exports to the US are 10.3 bn USD for 2024, which only this list meets: the
ministry counts memory modules (8473.30) as semiconductors and solid-state drives (8523.51) as computers.
"""


@dataclass(frozen=True)
class Item:
    """An item: `hs` are prefixes of 2, 4 or 6 digits, none of which starts a code of another item.

    `sector` is the key of the sector that holds most of it; `aliases` are other names, English and Korean, and the
    keys of Korean press statistics; `why` says what the list holds.
    """

    key: str
    name: str
    name_ko: str
    hs: tuple[str, ...]
    sector: str
    aliases: tuple[str, ...]
    why: str


@lru_cache(maxsize=1)
def prefixes() -> dict[str, str]:
    """HS prefix → item key; no prefix starts another one."""
    return {row["hs"]: row["item"] for row in rows("hs_items.csv", ("hs", "item"))}


@lru_cache(maxsize=1)
def _items() -> tuple[Item, ...]:
    lists: dict[str, list[str]] = {}
    for hs, key in prefixes().items():
        lists.setdefault(key, []).append(hs)
    return tuple(
        Item(
            key=row["key"],
            name=row["name"],
            name_ko=row["name_ko"],
            hs=tuple(lists.get(row["key"], ())),
            sector=row["sector"],
            aliases=parts(row["aliases"]),
            why=row["why"],
        )
        for row in rows("items.csv", ("key", "name", "name_ko", "sector", "aliases", "why"))
    )


ITEMS: tuple[Item, ...] = _items()
"""All items; together they hold every HS code once."""


def keys() -> tuple[str, ...]:
    """Keys of all items, in order."""
    return tuple(item.key for item in ITEMS)


def labels(language: str = "en") -> dict[str, str]:
    """Key → name, in English ("en") or Korean ("ko")."""
    return {item.key: item.name_ko if language == "ko" else item.name for item in ITEMS}


def of_hs6(hs: str) -> str:
    """The item of an HS code of six or more digits (HTS10 included); raises UnknownCode."""
    digits = hs.replace(".", "")
    if len(digits) < 6 or not digits.isdigit():
        raise UnknownCode(f"Not an HS code of six or more digits: {hs!r}.", "Give it like 870380 or 8703.80.")
    for length in (6, 4, 2):
        found = prefixes().get(digits[:length])
        if found is not None:
            return found
    raise UnknownCode(f"HS {hs!r} lies in no item.", "Check the code against the Harmonized System of 2022.")


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Item]:
    return {name.casefold(): item for item in ITEMS for name in (*item.aliases, item.name_ko, item.name, item.key)}


def lookup(text: str) -> Item:
    """The item with this key, name or alias, English or Korean, in any case; raises UnknownCode."""
    item = _by_name().get(text.strip().casefold())
    if item is None:
        raise unknown("item", text, _by_name())
    return item
