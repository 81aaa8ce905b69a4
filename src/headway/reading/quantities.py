"""Realised quantities of the economy and of trade: statistics, with level, change and period."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from headway.policy import Evidence, Statistic
from headway.reading.clauses import Clause, clauses
from headway.reading.duties import HEAD
from headway.reading.lexicon import any_of, pattern
from headway.reading.numbers import FRACTIONS
from headway.reading.partners import names
from headway.reading.scene import MASK, Scene

VERBED = re.compile(
    r"\b(?P<verb>imported|exported|produced|manufactured|bought|sold|employs|employed|shipped|assembled|"
    r"built)\b",
    re.IGNORECASE,
)
VERB_NOUN = {
    "imports": ("imported",),
    "exports": ("exported",),
    "production": ("produced", "manufactured", "assembled", "built"),
    "purchases": ("bought",),
    "sales": ("sold",),
    "shipments": ("shipped",),
    "employment": ("employs", "employed"),
}
NOUN_OF = {verb: noun for noun, verbs in VERB_NOUN.items() for verb in verbs}
NOT_ECONOMIC = re.compile(
    r"\b(?:border|crossings|migra\w+|illegal|fentanyl|drugs?|overdos\w+|cartel\w*|deaths?|crim\w+|troops|"
    r"defense spending|population|"
    r"approval rating|poll|votes?|aliens|profits from)\b",
    re.IGNORECASE,
)
COMMITMENT = re.compile(
    r"\b(?:invest(?!ment position)\w*|purchas\w*|subsid\w+|grants?|loans?|opportunit\w+|commit\w*|pledg\w*|"
    r"deals?|orders?|funding|support package|tax credits?|"
    r"emergency support|revenues? and|savings|penalt\w+|fines?|collect)\b",
    re.IGNORECASE,
)
COVERED = re.compile(
    r"\b(?:tariffs?|duties|levies)\b[^.;]{0,120}\bon\s+(?:about |some |more than |up to )*$", re.IGNORECASE
)
STUDIED = re.compile(r"\b(?:would|rather than|tariffs? of|estimated that|study|analysis|model)\b", re.IGNORECASE)
PERIOD = re.compile(
    r"\b(?:between (?:19|20)\d\d and (?:19|20)\d\d|from (?:19|20)\d\d to (?:19|20)\d\d|since (?:19|20)\d\d|"
    r"(?:the )?(?:first|second|third|fourth|last|latest) (?:quarter|half|(?:\w+ )?months)(?: of (?:the year|"
    r"this year|last year|(?:19|20)\d\d))?|"
    r"Q[1-4](?: (?:19|20)\d\d)?|(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:,? (?:19|20)\d\d)?|"
    r"[Ll]ast (?:year|month|quarter|week|fiscal year)|this (?:year|month|quarter)|(?:the )?fiscal year(?: "
    r"(?:19|20)\d\d)?|(?:19|20)\d\d|currently)\b"
)
SINGLE_YEAR = re.compile(r"\b(?:in|In|by|for|of)\s+((?:19|20)\d\d)\b")
COUNT = re.compile(
    r"(?P<value>\b(?:one|two|three|four|five|six|seven|eight|nine|ten)(?= (?:million|billion|thousand))|"
    r"\d[\d,]*(?:\.\d+)?)\s?"
    r"(?P<scale>trillion|billion|million|thousand)?[ -](?:U\.S\. |new |manufacturing |American "
    r")?(?P<unit>(?:metric )?(?:tons|tonnes)|"
    r"barrels(?: per day| a day)?|vehicles|cars|units|jobs|workers|automobiles|kilograms|ships|vessels)\b",
    re.IGNORECASE,
)
DIGITS = "one two three four five six seven eight nine ten"
SMALL = {word: float(place) for place, word in enumerate(re.findall(r"\w+", DIGITS), start=1)}
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
RANK = re.compile(
    r"\b(?:became|is|was|remains|remained|ranked(?: as)?|ranks)\s+the\s+(?:world[’']s\s+)?(?P<rank>second|"
    r"third|fourth|fifth|sixth|seventh|eighth|"
    r"ninth|tenth)[- ](?:largest|biggest|most)\s+(?P<item>[\w ]{3,50}?)(?=\s+in the world|\s+globally|,|\.|$)",
    re.IGNORECASE,
)
FRACTION = re.compile(
    r"\b(?:(?:by |more than |over |nearly |almost |about |roughly )*)(?P<word>half|two-thirds|two thirds|"
    r"one-third|one third|a third|three-quarters|"
    r"a quarter|one-quarter)\b(?= (?:of|from|in|between|since|on)\b|[,.]|$)",
    re.IGNORECASE,
)
_HEDGE = (
    r"(?:\s+(?:by|about|around|nearly|over|almost|some|roughly|more than|as much as|drastically|sharply|an?|of|"
    r"under \w+ \w+,))*"
)
CHANGE_BEFORE = {
    sign: re.compile(any_of(words) + _HEDGE + r"\s*$", re.IGNORECASE)
    for sign, words in ((1, "rising"), (-1, "falling"))
}
DECLINE_OF = {
    1: re.compile(r"\b(?:increase|rise|jump|gain|growth) of (?:[\d,]+ \w+ or )?$", re.IGNORECASE),
    -1: re.compile(r"\b(?:decline|decrease|drop|fall|reduction) of (?:[\d,]+ \w+ or )?$", re.IGNORECASE),
}
SHARE_AFTER = re.compile(
    r"^\s+of (?P<what>(?!that|this period)[^,;:]{3,90}?)(?=,|;|$|\.|\s(?:in (?:19|20)\d\d|were|was|is|are|can|"
    r"and|while|between|—))"
)
ITEM_AFTER = re.compile(
    r"^\s+(?:of|in|with|to|from|for)\s+(?:[\w’'.\-]+\s?){1,4}?(?=\s(?:was|were|is|are|has|had|\w+ed|rose|fell|"
    r"grew|stood|hit|came|widened|slid|in (?:19|20)\d\d)\b)"
)
MODIFIER_STOP = re.compile(
    r"^(?:the|a|an|in|of|on|to|and|or|but|while|that|which|our|their|its|this|these|by|was|were|is|are|has|"
    r"had|have|with|as|for|at|from|than|annual|it|,|\.)$",
    re.I,
)
CLAUSE_CUT = re.compile(
    r",?\s(?:but|while|whereas)\s(?=(?:the |its )?[\w.’]*\s?(?:exported|imported|exports|imports|trade|goods|"
    r"\w+ (?:exports|imports)))|, and (?=\w+ (?:exports|imports)|\d)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure [start, end) of a clause: a level in `unit`, or a change in percent (`change`)."""

    value: float
    unit: str
    start: int
    end: int
    change: bool = False


def statistics(scene: Scene, taken: list[tuple[int, int]]) -> Iterator[Statistic]:
    """Every statistic of a sentence; figures in `taken`, the spans of measures, are none. Ids are empty."""
    if NOT_ECONOMIC.search(scene.text):
        return
    last = 0
    for clause in _parts(scene):
        for start, figures in _statements(scene, clause, taken):
            found = _statistic(scene, clause, max(start, last), figures)
            if found is not None and found.evidence is not None:
                last = found.evidence.end - scene.sentence.start
                yield found


def _parts(scene: Scene) -> list[Clause]:
    """Clauses, cut again where a new quantity is spoken of."""
    found = []
    for clause in clauses(scene.text):
        cuts = [
            clause.start,
            *(m.end() for m in CLAUSE_CUT.finditer(scene.text, clause.start, clause.end)),
            clause.end,
        ]
        found += [Clause(a, b) for a, b in itertools.pairwise(cuts) if b > a]
    return found


def _statements(scene: Scene, clause: Clause, taken: list[tuple[int, int]]) -> Iterator[tuple[int, list[Figure]]]:
    """Groups of figures that state one quantity: a level with the change beside it, or a change alone."""
    words = scene.flat[clause.start : clause.end]
    rank = RANK.search(words)
    if rank:
        place = ORDINALS.index(rank.group("rank").lower()) + 1
        yield clause.start, [Figure(float(place), "rank", clause.start + rank.start(), clause.start + rank.end())]
        return
    if not _is_statement(words):
        return
    figures = [one for one in _figures(scene, clause) if not any(a < one.end and one.start < b for a, b in taken)]
    group: list[Figure] = []
    start = clause.start
    for figure in figures:
        full = any(one.change == figure.change for one in group)
        if group and full:
            yield start, group
            start, group = group[-1].end, []
        group.append(figure)
    if group:
        yield start, group


def _is_statement(words: str) -> bool:
    economic = pattern("quantities").search(words) or VERBED.search(words)
    return bool(
        economic
        and pattern("realised").search(words)
        and not pattern("forward").search(words)
        and not STUDIED.search(words)
    )


def _figures(scene: Scene, clause: Clause) -> list[Figure]:
    text = scene.text
    inside = text[clause.start : clause.end]
    found = [
        Figure(one.value, one.unit, one.start, one.end)
        for one in scene.amounts
        if clause.start <= one.start < clause.end
        and not COVERED.search(text[: one.start])
        and not COMMITMENT.search(text[max(clause.start, one.start - 40) : one.end + 40])
    ]
    for match in COUNT.finditer(inside):
        value = SMALL.get(match.group("value").lower()) or float(match.group("value").replace(",", ""))
        unit = f"{match.group('scale') or ''} {match.group('unit')}".strip()
        if not re.search(
            r"\b(?:(?:decline|increase|drop|rise|loss) of|first|other|of the) $", inside[: match.start()]
        ):
            found.append(Figure(value, unit, clause.start + match.start(), clause.start + match.end()))
    for percent in scene.percents:
        duty = HEAD.search(text, max(clause.start, percent.start - 70), min(clause.end, percent.end + 40))
        if clause.start <= percent.start < clause.end and not percent.prior and not duty:
            found.append(_percent(scene, clause, percent.value, percent.wide_start, percent.start, percent.end))
    for match in FRACTION.finditer(inside):
        if re.search(r"\b(?:first|second|latter|last|a)\s+$", inside[: match.start()]):
            continue
        value = FRACTIONS[match.group("word").lower()]
        place = clause.start + match.start("word")
        found.append(
            _percent(scene, clause, value, clause.start + match.start(), place, clause.start + match.end())
        )
    return sorted(found, key=lambda one: one.start)


def _percent(scene: Scene, clause: Clause, value: float, wide: int, start: int, end: int) -> Figure:
    """A percentage as change, signed by the word before it, or as level."""
    before = scene.text[clause.start : wide]
    for sign in (1, -1):
        if CHANGE_BEFORE[sign].search(before) or DECLINE_OF[sign].search(before):
            return Figure(sign * abs(value), "", start, end, change=True)
    if re.match(r"\s(?:increase|rise|growth|jump|decline|drop|fall|decrease)\b", scene.text[end:]):
        down = re.match(r"\s(?:decline|drop|fall|decrease)\b", scene.text[end:])
        return Figure(-abs(value) if down else value, "", start, end, change=True)
    gdp = re.match(r"\s+of (?:[\w.’]+ )?(?:GDP|gross domestic product)", scene.text[end:])
    gdp = (
        gdp
        if not re.search(r"\baccount\w*\b", before) and not re.match(r"\s+of \w+’s", scene.text[end:])
        else None
    )
    return Figure(value, "percent of GDP" if gdp else "percent", start, end)


def _statistic(scene: Scene, clause: Clause, start: int, figures: list[Figure]) -> Statistic | None:
    level = next((one for one in figures if not one.change), None)
    change = next((one for one in figures if one.change), None)
    last = max(one.end for one in figures)
    item, after = _item(scene, clause, start, figures[0], last, level)
    if item is None:
        return None
    source, base = scene.context.passage.source, scene.sentence.start
    first, end = base + start, base + max(after, last)
    while first < end and source[first] in ' ,;“"':
        first += 1
    if first >= end:
        return None
    rule = (
        "rank"
        if level and level.unit == "rank"
        else "share"
        if level and level.unit.startswith("percent")
        else "level"
        if level
        else "change"
    )
    return Statistic(
        id="",
        subject=_subject(scene, start, max(after, last), clause) or scene.context.home or "",
        item=item.replace(MASK, "."),
        value=level.value if level else None,
        unit=level.unit if level else None,
        change_pct=change.value if change else None,
        period=_period(scene, clause, start, last),
        note="record"
        if re.search(r"\b(?:record|all-time|new (?:annual )?high)\b", scene.text[start:last])
        else None,
        evidence=Evidence(text=source[first:end], start=first, end=end, rule=f"statistic.{rule}"),
    )


def _item(
    scene: Scene, clause: Clause, start: int, first: Figure, last: int, level: Figure | None
) -> tuple[str | None, int]:
    """What is measured, in the text's words, and where the words that say so end."""
    flat = scene.flat
    if level and level.unit == "rank":
        rank = RANK.search(flat, clause.start, clause.end)
        return (f"{rank.group('item').strip()} rank", level.end) if rank else (None, last)
    nouns = list(pattern("quantities").finditer(flat, clause.start, first.start))
    share = _share(flat, clause, level, nouns)
    if share and level:
        return f"share of {share.group('what').strip()}", level.end + share.end()
    verb = VERBED.search(flat, clause.start, first.start + 1)
    if verb and (not nouns or nouns[-1].start() < verb.start()):
        goods = re.match(
            r"\s+(?:in|of|worth of)?\s*(?P<goods>[\w ]{2,60}?)(?=\s(?:while|and|but|in (?:19|20)\d\d)|[,.;]|$)",
            flat[last : clause.end],
        )
        noun = NOUN_OF[verb.group("verb").lower()]
        return (f"{noun} of {goods.group('goods').strip()}", last + goods.end()) if goods else (noun, last)
    if nouns:
        return _noun_phrase(flat, clause.start, nouns[-1]), last
    after = pattern("quantities").search(flat, last, clause.end)
    if after and after.start() - last < 40:
        return flat[last : after.end()].strip(" ,"), after.end()
    return (level.unit, last) if level and COUNT.search(flat[level.start : level.end]) else (None, last)


def _share(flat: str, clause: Clause, level: Figure | None, nouns: list[re.Match[str]]) -> re.Match[str] | None:
    """The words "of ..." after a percentage that is a share; not where the percentage measures a noun before it."""
    if level is None or not level.unit.startswith("percent"):
        return None
    found = SHARE_AFTER.match(flat[level.end : clause.end])
    before = flat[clause.start : level.start]
    measured = (
        nouns
        and re.search(r"\b(?:of|was|is|at|were|to)\s+(?:\w+\s)?[-−]?$", before)
        and clause.start + len(before) - nouns[-1].end() < 30
    )
    if found and level.unit == "percent of GDP" and not re.search(r"\baccount\w*\b[^,]*$", before):
        return None
    return None if measured else found


def _noun_phrase(flat: str, floor: int, noun: re.Match[str]) -> str:
    """The noun with its modifiers to the left, and its complement ("deficit with China") to the right."""
    tokens = [(m.group(), m.start()) for m in re.finditer(r"[\w․’'-]+|[^\w\s]", flat[floor : noun.start()])]
    start = noun.start()
    for token, place in reversed(tokens[-5:]):
        if (
            MODIFIER_STOP.match(token)
            or not re.match(r"[\w(]", token)
            or re.fullmatch(r"(?:19|20)\d\d", token)
            or token.endswith(("’s", "'s"))
        ):
            break
        if pattern("realised").fullmatch(token) or re.match(r"[A-Z][․A-Z]|(?:In|While|But|The)$", token):
            break
        start = floor + place
    complement = ITEM_AFTER.match(flat[noun.end() :])
    end = noun.end() + (complement.end() if complement else 0)
    words = flat[start:end].strip()
    for mention in names(words.replace(MASK, "."))[:1]:
        words = words[mention.end :].strip() if mention.start == 0 else words
    return words or noun.group()


def _subject(scene: Scene, start: int, end: int, clause: Clause) -> str | None:
    """Whose quantity: an owner ("China's exports"), the grammatical subject, not a partner after with, to, from."""
    named = [m for m in scene.mentions if start <= m.start < end] or [
        m for m in scene.mentions if clause.start <= m.start < clause.end
    ]
    owners = [m for m in named if scene.text[m.end : m.end + 2] in ("’s", "'s") or m.kind == "demonym"]
    others = [
        m for m in named if not re.search(r"\b(?:with|to|from|in|between|of)\s+(?:the )?$", scene.text[: m.start])
    ]
    chosen = next(iter(owners or others), None)
    if chosen is None and not named:
        chosen = next((m for m in reversed(scene.mentions) if m.end <= start and m.kind != "agreement"), None)
    return chosen.code if chosen else None


def _period(scene: Scene, clause: Clause, start: int, last: int) -> str | None:
    text = scene.text
    ranges = re.search(
        r"\b(?:between|from) (?:19|20)\d\d (?:and|to) (?:19|20)\d\d\b", text[start : min(clause.end, last + 40)]
    )
    if ranges:
        return ranges.group()
    years = re.match(r"\W*In ((?:19|20)\d\d) and ((?:19|20)\d\d)", text[clause.start :])
    if years and "respectively" in text:
        return years.group(1 if start <= clause.start else 2)
    near = SINGLE_YEAR.search(text, last, min(clause.end, last + 24))
    if near:
        return near.group(1)
    found = (
        PERIOD.search(text, start, last) or PERIOD.search(text, clause.start, clause.end) or PERIOD.search(text)
    )
    return found.group() if found else None
