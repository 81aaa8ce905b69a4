"""Goods in the text's words resolved to HS prefixes and sectors, with the match shown."""

from __future__ import annotations

from functools import lru_cache

from headway.codes import products
from headway.policy import ProductMatch
from headway.reading.clauses import is_generic


def resolve(words: tuple[str, ...], language: str) -> tuple[ProductMatch, ...]:
    """One match per product; goods in general reach every product and need none."""
    return tuple(_match(one, language) for one in words if not is_generic(one))


@lru_cache(maxsize=4096)
def _match(words: str, language: str) -> ProductMatch:
    hits = [hit for hit in products.resolve_words(words, language) if hit.hs or hit.sectors]
    if not hits:
        return ProductMatch(words=words, match="no product of this name in the vocabulary")
    return ProductMatch(
        words=words,
        hs=tuple(dict.fromkeys(code for hit in hits for code in hit.hs)),
        sectors=tuple(dict.fromkeys(key for hit in hits for key in hit.sectors)),
        match="; ".join(dict.fromkeys(hit.match for hit in hits)),
    )
