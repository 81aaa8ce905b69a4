"""HS products: labels of HS 2022, and the product words of trade news resolved to HS prefixes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from headway.codes import items, sectors
from headway.codes.tables import parts, rows, unknown
from headway.codes.words import EnglishFinder, Found, KoreanFinder, WordFinder

SECTOR_SHARE = 0.1
"""A sector counts for product words if it holds at least this share of their subheadings."""


_SAYS_NOTHING = re.compile(
    r"\b(?:all|and|any|articles?|certain|derivatives?|equipment|exports?|for|from|goods?|imports?|industrial|items?"
    r"|materials?|new|non|not|other|parts?|products?|some|substantially|such|the|their|used|with)\b"
)


@dataclass(frozen=True)
class LexiconEntry:
    """Words of one product: English in the singular, Korean; `hs` prefixes, empty for what is not goods."""

    key: str
    words: tuple[str, ...]
    words_ko: tuple[str, ...]
    hs: tuple[str, ...]
    item: str
    meaning: str


@dataclass(frozen=True)
class ProductHit:
    """Words of a text resolved: `hs` prefixes, the `sectors` that hold them, an `item`, and why (`match`).

    `words` is as the text has it, at `start`. `item` and `hs` are empty for what is not goods (films, services).
    """

    words: str
    start: int
    hs: tuple[str, ...]
    sectors: tuple[str, ...]
    item: str
    match: str


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    return {row["hs"]: row["label"] for row in rows("hs_labels.csv", ("hs", "label"))}


@lru_cache(maxsize=1)
def _children() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for code in _labels():
        table.setdefault(code[:-2], []).append(code)
    return {parent: tuple(sorted(codes)) for parent, codes in table.items()}


def _digits(hs: str) -> str:
    return hs.replace(".", "").strip()


def exists(hs: str) -> bool:
    """True if HS 2022 has this chapter, heading or subheading (2, 4 or 6 digits), or the US chapters 98 and 99."""
    return _digits(hs) in _labels()


def describe(hs: str) -> str:
    """The label of a chapter, heading or subheading; of longer national codes, that of their subheading.

    Raises UnknownCode with codes nearby.
    """
    digits = _digits(hs)
    label = _labels().get(digits[:6])
    if label is None:
        nearby = [code for code in _labels() if code[:4] == digits[:4]]
        raise unknown("HS code", hs, nearby or _labels())
    return label


def children(hs: str = "") -> tuple[str, ...]:
    """The headings of a chapter, the subheadings of a heading, or all chapters. Raises UnknownCode."""
    digits = _digits(hs)
    if digits and digits not in _labels():
        raise unknown("HS code", hs, _labels())
    return _children().get(digits, ())


@lru_cache(maxsize=512)
def hs6_under(prefix: str) -> tuple[str, ...]:
    """Every subheading of HS 2022 that starts with `prefix`; empty if none does."""
    digits = _digits(prefix)
    return tuple(code for code in _labels() if len(code) == 6 and code.startswith(digits))


@lru_cache(maxsize=1)
def lexicon() -> tuple[LexiconEntry, ...]:
    """The product words that trade news use, English and Korean, with their HS prefixes."""
    columns = ("key", "words", "words_ko", "hs", "item", "meaning")
    return tuple(
        LexiconEntry(
            key=row["key"],
            words=parts(row["words"]),
            words_ko=parts(row["words_ko"]),
            hs=parts(row["hs"]),
            item=row["item"],
            meaning=row["meaning"],
        )
        for row in rows("lexicon.csv", columns)
    )


def sectors_of(hs: tuple[str, ...]) -> tuple[str, ...]:
    """Sectors with at least a tenth of the subheadings under these prefixes, the one with most of them first."""
    codes = [code for prefix in hs for code in (hs6_under(prefix) or (prefix.ljust(6, "0"),))]
    counts = Counter(map(sectors.of_hs6, codes)).most_common()
    return tuple(key for key, count in counts if count >= SECTOR_SHARE * len(codes))


def _item_of(entry: LexiconEntry) -> str:
    if entry.item or not entry.hs:
        return entry.item
    codes = [code for prefix in entry.hs for code in hs6_under(prefix)]
    return Counter(map(items.of_hs6, codes)).most_common(1)[0][0]


@lru_cache(maxsize=1)
def _entries() -> dict[str, LexiconEntry]:
    return {entry.key: entry for entry in lexicon()}


@lru_cache(maxsize=512)
def _resolved(key: str) -> tuple[tuple[str, ...], str]:
    entry = _entries()[key]
    return sectors_of(entry.hs), _item_of(entry)


@lru_cache(maxsize=2)
def _finder(language: str) -> WordFinder:
    table = {
        word: entry.key for entry in lexicon() for word in (entry.words_ko if language == "ko" else entry.words)
    }
    return KoreanFinder(table) if language == "ko" else EnglishFinder(table)


def _lexicon_hits(text: str, language: str) -> list[ProductHit]:
    return [_hit(text[found.start : found.end], found) for found in _finder(language).find(text)]


def _hit(words: str, found: Found) -> ProductHit:
    entry = _entries()[found.key]
    keys, item = _resolved(found.key)
    match = f"product words {entry.key!r}: {entry.meaning}"
    return ProductHit(words, found.start, entry.hs, keys, item, match)


def search_labels(text: str, limit: int = 5) -> tuple[str, ...]:
    """HS headings whose label, or whose subheadings' labels, hold every word of `text`; shortest labels first."""
    words = re.findall(r"[a-z]{3,}", _SAYS_NOTHING.sub(" ", text.casefold()))
    stems = [re.sub(r"(ies|es|s|y)$", "", word) for word in words]
    if not stems:
        return ()
    patterns = [re.compile(rf"\b{stem}", re.IGNORECASE) for stem in stems]
    found = [
        (len(label), code)
        for code, label in _labels().items()
        if len(code) > 2 and all(p.search(label) for p in patterns)
    ]
    headings = dict.fromkeys(code for _, code in sorted(found))
    # A subheading under a heading that was found adds nothing.
    return tuple(code for code in headings if len(code) == 4 or code[:4] not in headings)[:limit]


def resolve_words(text: str, language: str = "en") -> tuple[ProductHit, ...]:
    """Products named in `text`, in its order: longest lexicon words first, else the words of HS labels.

    `language` is "en" or "ko"; a Korean text is searched for English abbreviations (EV, LNG) too. What no table
    knows gives no hit. A hit says in `match` what it stands on.
    """
    hits = _lexicon_hits(text, language)
    if language == "ko":
        taken = {place for hit in hits for place in range(hit.start, hit.start + len(hit.words))}
        hits += [hit for hit in _lexicon_hits(text, "en") if hit.start not in taken]
    if hits:
        return tuple(sorted(hits, key=lambda hit: hit.start))
    codes = search_labels(text)
    if not codes:
        return ()
    item = items.of_hs6(codes[0].ljust(6, "0")) if len(codes[0]) == 6 else items.of_hs6(hs6_under(codes[0])[0])
    match = f"words of HS labels: {', '.join(codes)}"
    return (ProductHit(text.strip(), text.find(text.strip()), codes, sectors_of(codes), item, match),)
