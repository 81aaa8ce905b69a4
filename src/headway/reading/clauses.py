"""Clauses of a sentence, noun phrases beside a head word, and goods named in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from headway.codes import countries
from headway.reading.lexicon import any_of, pattern, words
from headway.reading.lexicon import product_words as goods_words
from headway.reading.phrases import Phrase, Vocabulary

BOUNDARY = re.compile(
    rf";\s|\s[—–]\s|—|:\s|,\s(?=(?:and )?{any_of('clause_starts')})|\s(?=(?:while|whereas)\b)|"
    rf",?\sand\s(?={any_of('verb_starts')})|\s(?=(?:if|unless)\s(?!necessary|any))|"
    r",\sand\s(?=(?-i:[A-Z][\w.]*(?:\s[A-Z][\w.]*)*)\s(?:will|would|has|have|is|are|was|were|said)\b)|"
    rf",\sand\s(?=(?:this|these|the|it|they)\s(?:\w+\s){{0,2}}(?:will|"
    rf"would|has|have)\b)|"
    r",\s(?=(?:said|says|according)\b)"
)
TOKEN = re.compile(r"[\w’'\-./%&$]+|[^\w\s]")
VERB_LISTS = ("restrict", "ease", "keep", "suspend", "review", "past_act", "pledge", "threat", "announce")
LIST_COMMA = (
    r",\s(?:(?=(?:a|an|the|its|his|their|in|on|as|with|by|up|down)\s)|"
    r"(?!(?:and|or) )(?![\w\- ]+(?:,|\band\b|\bor\b|\.|;|$)))"
)
NP_STOP = re.compile(
    rf"\s{any_of('phrase_ends')}|\s(?:and|or)\s(?={any_of(*VERB_LISTS)})|\sof (?=[A-Z])|\sof the (?:ROK|PRC|"
    rf"UK|EU)\b|[;:.—(\"”]|\s[–-]\s|{LIST_COMMA}|"
    r"\d+(?:\.\d+)?\s?(?:%|percent)|$"
)
LEADING = re.compile(rf"(?:{any_of('goods_leads')[:-2]}\s+)*", re.IGNORECASE)


ADJECTIVAL = re.compile(r"\b(?:an?|the|average|MFN|a new|bound)\s+$", re.IGNORECASE)
PARTICLES = frozenset({"down", "up", "off", "out", "back"})
GOODS_NOUN = re.compile(
    r"\b(?:goods|products|articles|equipment|materials|resources|parts|devices|minerals|derivatives)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause at [start, end) of its sentence."""

    start: int
    end: int


@lru_cache(maxsize=1)
def product_words() -> Vocabulary[str]:
    """Goods by their words."""
    return Vocabulary(Phrase(word, word, exact_case=word.isupper()) for word in goods_words())


@lru_cache(maxsize=1)
def _demonyms() -> frozenset[str]:
    return frozenset(name for country in countries.all_countries() for name in country.demonyms)


@lru_cache(maxsize=256)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a sentence; commas inside quantities and lists do not cut."""
    found, start = [], 0
    for match in BOUNDARY.finditer(text):
        if match.start() > start:
            found.append(Clause(start, match.start()))
        start = match.end()
    found.append(Clause(start, len(text)))
    return tuple(found)


def clause_at(parts: tuple[Clause, ...], place: int) -> Clause:
    """The clause that holds a place of the sentence."""
    return next((one for one in parts if one.start <= place < one.end), parts[-1])


def left_edge(text: str, head: int, floor: int) -> int:
    """Where the noun phrase ending in the head word begins: adjectives, numbers and goods are walked over."""
    edge, steps = head, 0
    tokens = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text, floor, head)]
    for token, start, end in reversed(tokens):
        lowered = token.lower().strip(".")
        verb = pattern(*VERB_LISTS).fullmatch(lowered)
        verb = None if lowered.endswith(("ory", "ive", "al", "ary")) else verb
        if verb and ADJECTIVAL.search(text[:start]):
            edge, steps = start, steps + 1
            continue
        stop = verb or lowered in words().noun_phrase_stops or lowered in PARTICLES
        joined = lowered in ("and", "or", "to", "-", "–") and _joins_numbers_or_goods(text, start, end)
        odd = not re.search(r"\w|%|\*|“|\"", token) and token != ","
        if steps > 9 or (not joined and (stop or odd)):
            break
        if token == "," and not re.match(r"\s(?:\w+\s){1,2}(?:and\b|tariff|dut)", text[end:]):
            break
        edge, steps = start, steps + 1
    return edge


def _joins_numbers_or_goods(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(), text[end:].lstrip()
    numeric = re.search(r"\d\s?%?$|percent$", before) and re.match(r"\d", after)
    goods = product_words().scan(before[-30:]) and product_words().scan(after[:30])
    adjacent = bool(goods) and goods[-1].end == len(before[-30:])
    return bool(numeric or adjacent)


def noun_phrase(text: str, start: int, ceiling: int) -> tuple[int, int] | None:
    """The goods phrase that begins at `start`: leading quantifiers dropped, cut where the phrase ends."""
    lead = LEADING.match(text, start, ceiling)
    begin = lead.end() if lead else start
    stop = NP_STOP.search(text, max(begin - 1, start), ceiling)
    end = stop.start() if stop else ceiling
    if end <= begin and begin > start:
        begin = start
        end = max(end, len(text[:ceiling][: lead.end() if lead else start].rstrip()))
    while end > begin and text[end - 1] in " ,":
        end -= 1
    trailing = re.search(r"\s(?:and|or)$", text[begin:end])
    end = begin + trailing.start() if trailing else end
    return (begin, end) if end > begin else None


def items(phrase: str) -> tuple[str, ...]:
    """The goods of a coordinated phrase, one each: "steel, aluminum and copper" gives three.

    Pieces that name no goods fall away if others do.
    """
    pieces = re.split(r",\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|·|\s*/\s*", phrase)
    stripped = (piece.strip(" “”\"’'") for piece in pieces)
    cleaned = [
        re.sub(r"^(?:certain|the|all|some|other|imported|imports? of|a|an|on)\s+", "", piece) for piece in stripped
    ]
    named = [piece for piece in cleaned if piece and (product_words().scan(piece) or GOODS_NOUN.search(piece))]
    return tuple(dict.fromkeys(piece.replace("\u2024", ".") for piece in (named or cleaned) if piece))


def is_generic(phrase: str) -> bool:
    """True if the phrase means goods in general, whatever country's."""
    kept = [word for word in re.split(r"\s+", phrase) if word not in _demonyms()]
    plain = re.sub(r"^\S*\d\S* (?:billion|million|trillion)?(?: worth)? ?of ", "", " ".join(kept).strip().lower())
    plain = re.sub(r" of the .*$| of [a-z ]*$", "", plain) if plain.startswith("originating") else plain
    rest = re.sub(r"^(?:all|any|the|other|foreign|imported|of|certain) ", "", plain)
    return rest in words().generic_goods or not rest
