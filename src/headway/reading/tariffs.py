"""Tariffs: every noun phrase of duty with its rates, goods and partners, and lists of rates by country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.policy.records import Direction, Stage
from headway.reading import details, imposers, stages
from headway.reading.clauses import (
    Clause,
    clause_at,
    clauses,
    is_generic,
    items,
    left_edge,
    noun_phrase,
    product_words,
)
from headway.reading.drafts import Draft
from headway.reading.numbers import Percent
from headway.reading.partners import Mention
from headway.reading.scene import Scene

HEAD = re.compile(
    r"(?<![\w-])(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|surcharges?|(?:import|border) tax(?:es)?)\b(?![- "
    r"](?:free|rate quotas?|evasion|revenues?|"
    r"schedules?|classification|misclassification|barriers?|letters?|offsets?|adjustments?|wars?|programs?|"
    r"framework|lines?|and non-tariff|"
    r"or non-tariff|threats?|policy|policies|station|drawback|strategy|regime|talks|deadline|truce|relief|"
    r"uncertaint\w+|negotiations?|"
    r"stacking|deals?|escalation))(?: (?:rates?|measures|increases?|hikes?))?",
    re.IGNORECASE,
)
RATE_HEAD = re.compile(
    r"\b(?:reciprocal|duty|applied|baseline|MFN) rates?\b|(?<=\d% )rates?\b|(?<=percent )rates?\b", re.IGNORECASE
)
NOT_DUTY_AFTER = re.compile(
    r"^\s*(?:U\.S\.|US|American|domestic|North American|regional|Made in America|local|EU|Canadian|"
    r"Mexican)?[\w ,\-]{0,40}?\b(?:content|melted|poured|"
    r"smelted|by weight|owned|of the (?:value|vehicles?|content|parts|profits|world|total|global|market)|stake|"
    r"chance|probability)\b"
    r"|^\s*of (?:all|the|its|their|our|total|global|world|U\.S\.|US|China|Mexico|Canada|GDP|those|these|"
    r"\w+['’]s|\w+ (?:exports|imports|GDP|trade|sales|"
    r"production|output|demand)|imports|exports|trade|high-quality|\w+ input)\b",
    re.IGNORECASE,
)
CHANGE_BEFORE = re.compile(
    r"\b(?:rose|fell|grew|jumped|dropped|declined|plunged|surged|climbed|slid|shrank|slumped|gained|falling|"
    r"growing|rising|plummeted|"
    r"down|up|grow|fall|shrink|expand(?:ed)?|soared|by (?:about |around |nearly |almost |over "
    r")?)\s*(?:by\s*)?(?:about |around |nearly |over |as much as )*$",
    re.IGNORECASE,
)
HYPOTHETICAL = re.compile(
    r"\b(?:analys[ie]s|study|studies|report|survey|economists?|estimates?|models?|"
    r"simulation)\b[^.]{0,160}\b(?:found|finds|shows?|showed|suggests?|"
    r"estimat\w+|project\w*|predict\w*|said)\b|\bwould (?:grow|create|raise|cost|reduce|shrink|lower|add)\b|"
    r"\brather than\b[^.;]*$|\binstead of\b[^.;]*$|"
    r"\bclaims? that\b|\brefrain(?:s|ed|ing)? from\b[^.;]*$",
    re.IGNORECASE,
)
PRAISE = re.compile(
    r"^\W*(?:these|those|the|such|his|her|their|its|tariffs|reciprocal tariffs)?\s*(?:\w+ ){0,3}tariffs? "
    r"(?:will |can |also |have |has )?(?:be |been )?"
    r"(?:work|bring|ensure|help|aim|a powerful|an effective|led|were hailed|continue to be|support|protect|"
    r"strengthen|generat|make|do not|are a |sets?)",
    re.IGNORECASE,
)
CARVE_OUT = re.compile(
    r"\b(?:not (?:be )?subject to|exempt(?:ed|ion|ions)? from|(?:will|does|do|shall|should|would) not (?:apply|"
    r"stack|be (?:applied|imposed|subject|affected))|"
    r"not stack|exclud(?:ed|ing) from|in addition to|on top of|instead of|regardless of|shall not be affected|"
    r"other than|no longer subject to)\b",
    re.IGNORECASE,
)
GOVERNS = re.compile(
    r"\b(?:impos\w+|slap\w*|lev(?:y|ied|ies|ying) |rais(?:e|es|ed|ing)|increas\w+|hik(?:e|es|ed|ing)|doubl\w+|"
    r"cut(?:s|ting)?|reduc\w+|lower\w*|"
    r"eliminat\w+|remov\w+|lift\w*|scrap\w*|suspen\w+|paus\w+|delay\w*|postpon\w+|threat\w+|pledg\w+|vow\w*|"
    r"promis\w+|announc\w+|unveil\w*|"
    r"consider\w*|weigh\w*|propos\w+|recommend\w*|remain\w*|maintain\w*|keep\w*|appl(?:y|ies|ied|ying)|"
    r"implement\w*|introduc\w+|reinstat\w+|"
    r"restor\w+|us(?:ed|ing)|utilized|expir\w+|adjust\w+|expand\w*|extend\w*|terminat\w+|revok\w+|rescind\w*|"
    r"end(?:s|ed|ing)?|halv\w+|"
    r"issued|put|place[sd]?|set|hit|charg\w+|struck|ruled|invalidated|in effect|in force|take effect|enact\w*|"
    r"warn\w*|retaliat\w+|"
    r"phase[sd]? out|abolish\w*|waiv\w+|authoriz\w+|effectiv\w*|subject)\b",
    re.IGNORECASE,
)
EASES = re.compile(
    r"\b(?:reduc\w+|lower(?:s|ed|ing)?|cut(?:s|ting)?|eliminat\w+|remov\w+|lift\w*|scrap\w*|abolish\w*|"
    r"phase[sd]? out|halv\w+|exempt\w*|waiv\w+|"
    r"terminat\w+|revok\w+|rescind\w*|rollback|roll(?:s|ed|ing)? back|duty-free|tariff-free|no (?:tariffs?|"
    r"dut)|no (?:greater|higher|more) than|no less favorable|"
    r"not apply|zero|suspend\w*|qualify|preferential|eas(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
SPECIAL = re.compile(
    r"\b(?:reciprocal|universal|baseline|blanket|global|across-the-board|worldwide)\b", re.IGNORECASE
)
DEFINITE = re.compile(r"^(?:the|these|those|this|such|its|his|all|other|current|any)\b", re.IGNORECASE)
ALREADY = re.compile(r"\b(?:heightened|supplemental|existing|current|these|those|such)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A duty noun phrase [start, end) with its head word, and the window [left, right) that belongs to it."""

    start: int
    head: int
    end: int
    left: int
    right: int
    clause: Clause


def drafts(scene: Scene, earlier: str | None) -> Iterator[Draft]:
    """Every measure that a sentence states by a duty noun phrase; `earlier` is the government last spoken of."""
    for phrase in phrases(scene):
        if _is_talk(scene, phrase):
            continue
        yield from _from_phrase(scene, phrase, earlier)


def phrases(scene: Scene) -> tuple[Phrase, ...]:
    """The duty noun phrases of a sentence with their windows: no window reaches into the next phrase."""
    text, parts = scene.text, clauses(scene.text)
    heads = sorted([*HEAD.finditer(text), *_rate_heads(text)], key=lambda match: match.start())
    edges = []
    for match in heads:
        clause = clause_at(parts, match.start())
        edges.append((left_edge(text, match.start(), clause.start), match, clause))
    found = []
    for place, (edge, match, clause) in enumerate(edges):
        before = edges[place - 1][1].end() if place else 0
        after = edges[place + 1][0] if place + 1 < len(edges) else len(text)
        left, right = max(clause.start, before), min(clause.end, after)
        found.append(Phrase(edge, match.start(), match.end(), left, right, clause))
    return tuple(found)


def _rate_heads(text: str) -> list[re.Match[str]]:
    taken = [match.span() for match in HEAD.finditer(text)]
    return [
        m
        for m in RATE_HEAD.finditer(text)
        if not any(a <= m.start() < b or m.start() <= a < m.end() for a, b in taken)
    ]


def _is_talk(scene: Scene, phrase: Phrase) -> bool:
    """True for praise, studies, carve-outs by reference and other talk about tariffs that sets none."""
    text = scene.text
    if HYPOTHETICAL.search(text[: phrase.right]) or PRAISE.search(text[phrase.left : phrase.right]):
        return True
    between = text[phrase.left : phrase.start]
    own_rate = any(phrase.start <= figure.start < phrase.end for figure in scene.percents)
    return bool(CARVE_OUT.search(between + text[phrase.end : phrase.right])) and not own_rate


def duty_figures(scene: Scene, start: int, end: int) -> list[Percent]:
    """The percentages within [start, end) that can be duties: no content shares, changes or shares of trade."""
    found = []
    for figure in scene.percents:
        before, after = scene.text[: figure.wide_start], scene.text[figure.end :]
        if not start <= figure.start < end or NOT_DUTY_AFTER.match(after) or CHANGE_BEFORE.search(before):
            continue
        found.append(figure)
    return found


def _from_phrase(scene: Scene, phrase: Phrase, earlier: str | None) -> Iterator[Draft]:
    figures = duty_figures(scene, phrase.start, phrase.right)
    if not [figure for figure in figures if not figure.prior]:
        figures = _governed_figures(scene, phrase) + figures
    current = [figure for figure in figures if not figure.prior]
    prior = next((figure.value for figure in figures if figure.prior), None)
    if len(current) > 1:
        series = list(_series(scene, phrase, current, earlier))
        if series:
            yield from series
            return
    zero = re.match(
        r"(?:no|zero)\b(?! less| greater)",
        scene.text[max(phrase.left, phrase.start - 4) : phrase.end].lstrip(),
        re.IGNORECASE,
    )
    if not current and not zero and not _stands_without_rate(scene, phrase):
        return
    low, high = _range(current, zero=bool(zero))
    yield _draft(scene, phrase, current, low=low, high=high, prior=prior, earlier=earlier)


def _governed_figures(scene: Scene, phrase: Phrase) -> list[Percent]:
    """Rates before the noun phrase: "maintain at 20 percent the reciprocal tariffs", "to 50% the tariff"."""
    text = scene.text
    return [
        figure
        for figure in duty_figures(scene, phrase.left, phrase.start)
        if re.fullmatch(
            r"\s*(?:the|its|their|in|of|on|as|a)?\s*(?:the\s*)?(?:\w+ ){0,3}", text[figure.end : phrase.start]
        )
    ]


def _stands_without_rate(scene: Scene, phrase: Phrase) -> bool:
    return bool(
        GOVERNS.search(scene.text[phrase.left : phrase.start] + " " + scene.text[phrase.end : phrase.right])
    )


def _range(figures: list[Percent], *, zero: bool) -> tuple[float | None, float | None]:
    if zero or not figures:
        return (0.0, 0.0) if zero else (None, None)
    if len(figures) == 1:
        return figures[0].low, figures[0].high
    values = [value for figure in figures for value in (figure.low, figure.high) if value is not None]
    return min(values), max(values)


def _series(scene: Scene, phrase: Phrase, figures: list[Percent], earlier: str | None) -> Iterator[Draft]:
    """Several rates after one head, each with its own partner or good: "34% on China, 20% on the EU"."""
    text = scene.text
    first = [m for m in scene.mentions if phrase.end <= m.start < figures[0].start and m.kind != "leader"]
    rate_first = not first or bool(
        re.match(r"\s*(?:\w+ ){0,2}(?:on|for|against|from)\b", text[figures[0].end : figures[1].start])
    )
    for place, figure in enumerate(figures):
        if rate_first:
            start = figure.end
            end = figures[place + 1].wide_start if place + 1 < len(figures) else phrase.right
        else:
            start = figures[place - 1].end if place else phrase.end
            end = figure.wide_start
        named = [m for m in scene.mentions if start <= m.start < end and m.kind not in ("leader", "office")]
        goods = _products_right(text, start, end)
        if not named and not goods:
            continue
        one = _draft(scene, phrase, [figure], low=figure.low, high=figure.high, prior=None, earlier=earlier)
        own = details.codes([m for m in named if m.code != one.imposer])
        span = (
            min(figure.wide_start, start),
            max(figure.end, named[-1].end if named else end if goods else figure.end),
        )
        yield replace(
            one,
            partners=own or one.partners,
            products=goods or one.products,
            start=span[0] if place else min(phrase.start, span[0]),
            end=span[1],
            rule="tariff.series",
        )


def _draft(
    scene: Scene,
    phrase: Phrase,
    figures: list[Percent],
    *,
    low: float | None,
    high: float | None,
    prior: float | None,
    earlier: str | None,
) -> Draft:
    text = scene.text
    imposer = imposers.find(scene, phrase.start, phrase.head, phrase.right, earlier)
    named = _partners(scene, phrase, imposer)
    goods, goods_end = _products(scene, phrase)
    words = _governing(scene, phrase)
    direction = _direction(words, text[phrase.start : phrase.end], low=low, high=high, prior=prior)
    setting = stages.Setting(
        scene.context.act, scene.background, scene.context.agreement, direction == "liberalise"
    )
    stage, stage_rule = stages.stage_of(words, setting)
    ends = [
        phrase.end,
        goods_end,
        *(figure.end for figure in figures),
        *(m.end for m in named if m.start < phrase.right),
    ]
    starts = [phrase.start, *(figure.wide_start for figure in figures), *(m.start for m in named)]
    start = _with_verb(text, phrase, min(starts))
    wide = _whole(scene, phrase)
    return Draft(
        scene=scene,
        start=start,
        end=min(max(ends), len(text)),
        rule=f"tariff.{'rate' if figures else 'named'}+{stage_rule}",
        instrument="tariff",
        stage=stage,
        imposer=imposer.code,
        direction="maintain" if stage == "suspended" or _keeps(words, stage) else direction,
        partners=_resolve(scene, phrase, named, goods),
        target_group=details.target_group(text[phrase.left : phrase.right]),
        products=goods,
        low=low,
        high=high,
        prior=prior,
        rate_kind="additive"
        if re.search(r"\badditional\b", text[phrase.start : phrase.end], re.IGNORECASE)
        else None,
        affected=details.affected(scene, phrase.end),
        effective=details.effective_day(scene, *wide),
        ends=details.end_day(scene, *wide),
        conditions=details.conditions(text[phrase.left : wide[1]]),
        legal_basis=details.legal_basis(text[phrase.left : phrase.right]) or _act_name(scene),
        confidence=0.9 if figures and named else 0.75 if figures or named else 0.6,
        definite=bool(
            DEFINITE.match(text[phrase.start : phrase.end]) or ALREADY.search(text[phrase.start : phrase.end])
        ),
    )


def _whole(scene: Scene, phrase: Phrase) -> tuple[int, int]:
    """Where dates of this phrase may stand: to the next phrase of duty, or the sentence's end."""
    following = [other.start for other in phrases(scene) if other.start > phrase.start]
    preceding = [other.end for other in phrases(scene) if other.end <= phrase.start]
    return (max(preceding, default=0), min(following, default=len(scene.text)))


def _act_name(scene: Scene) -> str | None:
    return None


def _keeps(words: str, stage: Stage) -> bool:
    return stage == "in_force" and bool(stages.STILL_IN_FORCE.search(words))


def _governing(scene: Scene, phrase: Phrase) -> str:
    """The words that decide the stage: the phrase's own window, or the header's where a bullet has no verb."""
    own = scene.text[phrase.left : phrase.right]
    bare = not GOVERNS.search(scene.text[phrase.left : phrase.start]) and not GOVERNS.search(
        scene.text[phrase.end : phrase.right]
    )
    if bare and scene.header is not None:
        return scene.header.text + " " + own
    if bare and phrase.left > 0:
        return scene.text[: phrase.right]
    lead = scene.text[phrase.clause.start : phrase.left]
    return (
        lead + own
        if phrase.left > phrase.clause.start and not GOVERNS.search(scene.text[phrase.left : phrase.start])
        else own
    )


def _direction(
    words: str, phrase: str, *, low: float | None, high: float | None, prior: float | None
) -> Direction:
    top = high if high is not None else low
    if prior is not None and top is not None:
        return "liberalise" if top < prior else "restrict"
    if top == 0.0 or re.match(r"(?:a |the )?(?:lower|reduced|preferential)\b", phrase, re.IGNORECASE):
        return "liberalise"
    return "liberalise" if EASES.search(words) else "restrict"


def _with_verb(text: str, phrase: Phrase, start: int) -> int:
    """Extend the evidence to the verb just before it, so that the quote shows what is done."""
    verbs = list(GOVERNS.finditer(text, phrase.left, start))
    return verbs[-1].start() if verbs and start - verbs[-1].end() < 40 else start


def _partners(scene: Scene, phrase: Phrase, imposer: imposers.Imposer) -> list[Mention]:
    """Named partners that the phrase hits: after it, before it as those who face it, or inside it."""
    right = [m for m in scene.mentions if phrase.end <= m.start < phrase.right and details.is_target(scene, m)]
    right = [m for m in right if m != imposer.mention]
    inside = [m for m in scene.mentions if phrase.start <= m.start < phrase.head and m != imposer.mention]
    if right or inside:
        return [m for m in inside + right if m.code != imposer.code]
    left = [
        m
        for m in scene.mentions
        if phrase.left <= m.start < phrase.start and m.kind not in ("leader", "office", "metonym")
    ]
    faced = imposers.PASSIVE_SUBJECT.search(scene.text[phrase.left : phrase.start])
    return [
        m
        for m in left
        if m != imposer.mention and m.code != imposer.code and (faced or details.is_target(scene, m))
    ]


def _resolve(scene: Scene, phrase: Phrase, named: list[Mention], goods: tuple[str, ...]) -> tuple[str, ...]:
    text = scene.text[phrase.left : phrase.right]
    if named:
        return details.codes(named)
    if details.universal(text) or re.search(r"\bimports of all\b", text):
        return details.everyone()
    topic = scene.context.topic
    specific = bool(goods) and not all(is_generic(good) for good in goods)
    if topic and not scene.background:
        return tuple(code for code in topic)
    if specific or SPECIAL.search(text):
        return details.everyone()
    return ()


def _products(scene: Scene, phrase: Phrase) -> tuple[tuple[str, ...], int]:
    """Goods that the phrase covers and where they end: inside it, after it, or as the subject before it."""
    text = scene.text
    inside = _adjuncts(text, phrase.start, phrase.head)
    right, end = _products_span(text, phrase.end, phrase.right)
    if right:
        return right, end
    if inside:
        return inside, phrase.end
    left = product_words().scan(text[phrase.left : phrase.start])
    return tuple(dict.fromkeys(hit.value for hit in left)), phrase.end


def _adjuncts(text: str, start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.value for hit in product_words().scan(text[start:end])))


def _products_right(text: str, start: int, end: int) -> tuple[str, ...]:
    return _products_span(text, start, end)[0]


def _products_span(text: str, start: int, end: int) -> tuple[tuple[str, ...], int]:
    for match in re.finditer(r"\b(?:on|for|covering|against|of)\s+", text[start:end]):
        span = noun_phrase(text, start + match.end(), end)
        if not span:
            continue
        words = text[span[0] : span[1]]
        if re.match(r"\d|(?:up|more|at|over)\b", words) or len(words) > 160:
            continue
        if is_generic(words):
            return ("all imports" if details.universal(text[start:end]) else "all goods",), span[1]
        if product_words().scan(words) or re.search(
            r"\b(?:goods|products|articles|imports|equipment|materials)\b", words
        ):
            return items(words), span[1]
    return (), start
