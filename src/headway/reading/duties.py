"""Duty noun phrases of a sentence and the percentages that are duties."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from headway.reading import stages
from headway.reading.clauses import Clause, clause_at, clauses, left_edge
from headway.reading.lexicon import any_of, pattern
from headway.reading.numbers import Percent
from headway.reading.scene import Scene

NOT_A_DUTY = (
    r"free|evasion|revenues?|schedules?|classification|misclassification|barriers?|letters?|offsets?|"
    r"adjustments?|wars?|programs?|framework|"
    r"lines?|and non-tariff|or non-tariff|threats?|polic(?:y|ies)|station|drawback|strategy|regime|talks|"
    r"deadline|truce|relief|uncertaint\w+|"
    r"negotiations?|stacking|deals?|escalation|exclusions?|exemptions?|actions?|evading|trap|shock|risks?|"
    r"impact|pressure"
)
HEAD = re.compile(
    rf"(?<![\w-])(?:counter-?)?(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|surcharges?|(?:import|border) "
    rf"tax(?:es)?)\b(?![- ](?:{NOT_A_DUTY})\b)"
    r"(?: (?:rates?|measures|increases?|hikes?))?",
    re.IGNORECASE,
)
RATE_HEAD = re.compile(
    r"\b(?:reciprocal|duty|applied|baseline|MFN) rates?\b|(?<=\d% )rates?\b|(?<=percent )rates?\b|\brates? "
    r"(?=(?:on|for) (?:[A-Z]|imports|goods))",
    re.IGNORECASE,
)
BARE = re.compile(
    r"(?<=charged )\d[\d.]*\s?(?:%|percent)|(?<=taxed at )\d[\d.]*\s?(?:%|percent)|(?<=\bpay )\d[\d.]*\s?(?:%|"
    r"percent)(?! (?:of|more|less))"
)
STEP = re.compile(
    r",?\s*which (?:will|would) (?:rise|increase|go up|climb)\b|,?\s*(?:rising|increasing|growing) to\b"
)
REDUCED = re.compile(
    r"^\s*(?:(?:that|which) were )?(?:imposed|levied|applied|announced|put in place)\b", re.IGNORECASE
)
HIGHEST_RATE = 5000.0
NOT_VERB = re.compile(r"\b(?:to|will|would|may|can|must|not|and) (?:levy)$", re.IGNORECASE)
CONTENT = re.compile(
    r"^\s*(?:U\.S\.|US|American|domestic|North American|regional|local|EU|Canadian|Mexican|"
    r"foreign)?[\w ,\-]{0,40}?\b(?:content|melted|poured|"
    r"smelted|by weight|owned|of the (?:value|vehicles?|content|parts|profits|world|total|global|market)|"
    r"stake|chance|probability|"
    r"utili[sz]ation|made in America)\b|"
    r"^\s*of (?:all|the|its|their|our|total|global|world|U\.S\.|US|China|Mexico|Canada|GDP|those|these|"
    r"\w+['’]s|\w+ (?:exports|imports|GDP|trade|"
    r"sales|production|output|demand)|imports|exports|trade|high-quality|\w+ input|gross)\b|^\s*(?:on-year|"
    r"year-on-year|from a year)",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"\b(?:rose|fell|grew|jumped|dropped|declined|plunged|surged|climbed|slid|shrank|slumped|gained|falling|"
    r"growing|rising|plummeted|"
    r"down|up|grow|fall|shrink|soared|exploded|widened|narrowed|slipped|tumbled|"
    r"decreased)\s*(?:by\s*)?(?:about |around |nearly |over |"
    r"as much as |almost )*$",
    re.IGNORECASE,
)
COMPARED = re.compile(
    r"\b(?:equal to|equal to or (?:greater|less|more)|(?:tariff|rate)s?,? as applicable,? (?:equal|less|"
    r"of))\b|^\s*,? the sum\b",
    re.IGNORECASE,
)
TERMS = re.compile(r"\bterms for\b")
UNGOVERNED = re.compile(
    r"\b(?:if|when|unless|once|whether|because|due|amid|despite|about|with|by|for|from|that|which|after|"
    r"before|against|"
    r"through|tool|threats? of)\b",
    re.IGNORECASE,
)
BY_MORE = re.compile(r"\bby (?:an? )?(?:additional|another|extra|further)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A duty noun phrase [start, end) with its head word, its clause, and the window [left, right) of its own."""

    start: int
    head: int
    end: int
    left: int
    right: int
    clause: Clause


@lru_cache(maxsize=64)
def phrases(scene: Scene) -> tuple[Phrase, ...]:
    """The duty noun phrases of a sentence: no window reaches into the next phrase."""
    text, parts = scene.text, clauses(scene.text)
    taken = [match.span() for match in HEAD.finditer(text)]
    rates = [
        m
        for m in RATE_HEAD.finditer(text)
        if not any(a <= m.start() < b or m.start() <= a < m.end() for a, b in taken)
    ]
    if taken or rates:
        rates += [m for m in BARE.finditer(text) if not any(a - 30 <= m.start() < b for a, b in taken)]
    heads = sorted(
        (m for m in (*HEAD.finditer(text), *rates) if not _is_verb(text, m)), key=lambda match: match.start()
    )
    edges = [(left_edge(text, match.start(), clause_at(parts, match.start()).start), match) for match in heads]
    found = []
    for place, (edge, match) in enumerate(edges):
        clause = clause_at(parts, match.start())
        before = edges[place - 1][1].end() if place else 0
        after = edges[place + 1][0] if place + 1 < len(edges) else len(text)
        right = _window_end(scene, parts, match.end(), after)
        found.append(Phrase(edge, match.start(), match.end(), max(clause.start, before), right, clause))
    return tuple(found)


def _is_verb(text: str, match: re.Match[str]) -> bool:
    word = match.group().lower()
    return word.startswith("lev") and bool(
        re.search(r"\b(?:to|will|would|may|could|might|and|or|not)\s+$", text[: match.start()], re.IGNORECASE)
    )


def _window_end(scene: Scene, parts: tuple[Clause, ...], start: int, ceiling: int) -> int:
    """The end of the phrase's clause, or of the first later clause with a verb or a rate if its own has neither;
    a step that follows ("..., which will increase to 30%") belongs to it."""
    end, settled = start, False
    for clause in (one for one in parts if one.end > start):
        if settled and not STEP.match(scene.text[end : clause.end]):
            break
        end = min(clause.end, ceiling)
        settled = settled or _is_settled(scene, clause, start, end)
        if end >= ceiling:
            break
    return max(end, start)


def _is_settled(scene: Scene, clause: Clause, start: int, end: int) -> bool:
    """True if the words up to `end` hold a rate or the verb that the phrase needs."""
    if any(start <= one.start < end for one in scene.percents):
        return True
    words = REDUCED.sub("", stages.ASIDE.sub("", scene.text[start:end]))
    if pattern("restrict", "ease", "keep", "suspend", "past_act", "future").search(words):
        return True
    before = scene.text[clause.start : start]
    return bool(pattern("restrict", "ease", "keep", "suspend", "pledge", "threat", "review").search(before))


def figures(scene: Scene, start: int, end: int) -> list[Percent]:
    """The percentages within [start, end) that can be duties: no content shares, changes or comparisons."""
    found = []
    for figure in scene.percents:
        before, after = scene.text[: figure.wide_start], scene.text[figure.end :]
        if not start <= figure.start < end or CONTENT.match(after) or not can_be_rate(figure):
            continue
        if CHANGED.search(before) or COMPARED.search(before[-60:]) or COMPARED.match(after):
            continue
        found.append(figure)
    return found


def can_be_rate(figure: Percent) -> bool:
    """True if a duty can have this rate: not below zero, not beyond all use."""
    return all(value is None or 0 <= value <= HIGHEST_RATE for value in (figure.low, figure.high))


def governed(scene: Scene, phrase: Phrase) -> list[Percent]:
    """Rates just before the noun phrase: "maintain at 20 percent the reciprocal tariffs"."""
    gap = re.compile(r"\s*(?:the|its|their|in|of|on|as|a)?\s*(?:the\s*)?(?:\w+ ){0,3}")
    return [
        one
        for one in figures(scene, phrase.left, phrase.start)
        if gap.fullmatch(scene.text[one.end : phrase.start])
    ]


def abolishes(left: str, right: str) -> bool:
    """True if the words end a duty altogether."""
    last = list(pattern("restrict", "ease", "keep", "suspend", "negotiate").finditer(left))
    if last and re.fullmatch(any_of("abolish"), last[-1].group(), re.IGNORECASE):
        return governs(left[last[-1].end() :])
    return bool(re.match(rf"^[\w\s]{{0,24}}\b(?:was|were|been|be) {any_of('abolish')}", right, re.IGNORECASE))


def governs(gap: str) -> bool:
    """True if a verb reaches a noun phrase across `gap`: no conjunction and no other preposition stands between."""
    nominal = re.match(r"\s(?:of|in|on|to|for)\b", gap)
    rest = gap[nominal.end() :] if nominal else gap
    return bool(TERMS.search(gap)) or (not UNGOVERNED.search(rest) and len(gap.split()) <= 12)
