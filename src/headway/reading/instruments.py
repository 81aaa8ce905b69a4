"""Measures other than duties: subsidies ended, quotas, bans, licences, controls, sanctions, barriers eased, "
"inquiries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from headway.policy.records import Direction, Instrument, Stage
from headway.reading import details, imposers, stages
from headway.reading.clauses import Clause, clause_at, clauses, is_generic, items, noun_phrase, product_words
from headway.reading.drafts import Draft
from headway.reading.partners import Mention
from headway.reading.scene import Scene


@dataclass(frozen=True, slots=True)
class Pattern:
    """How one instrument is spoken of: `words` finds it, group `goods` (if any) its goods; `needs_goods` asks
    for a named good, `stage` fixes a stage that the words themselves say."""

    name: str
    instrument: Instrument
    words: re.Pattern[str]
    direction: Direction = "restrict"
    needs_goods: bool = False
    stage: Stage | None = None


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


_GOODS = r"(?P<goods>[^.;:]{3,160})"
_END = (
    r"(?:eliminat\w+|remov\w+|abolish\w*|abolition|end(?:s|ed|ing)?|scrap\w*|cut(?:s|ting)?|repeal\w*|withdraw\w*|"
    r"phas\w+ out|terminat\w+|halt\w*|rollback)"
)
_EASE = (
    r"(?:address(?:es|ed|ing)?(?: and prevent)?|remov\w+|eliminat\w+|reduc\w+|eas(?:e|es|ed|ing)|lift\w*|"
    r"streamlin\w+|accept\w*|relax\w*|simplif\w+|"
    r"resolv\w+|lower\w*)"
)
PATTERNS = (
    Pattern(
        "subsidy_removal",
        "subsidy_removal",
        _pattern(
            rf"\b{_END}\b[^.;]{{0,70}}?\b(?:subsid(?:y|ies)|tax credits?|purchase incentives?)\b(?: (?:for|to|"
            rf"on) {_GOODS})?"
        ),
    ),
    Pattern(
        "export_licence",
        "export_licensing",
        _pattern(
            rf"\bexport licen[cs](?:e|es|ing)(?: requirements?| restrictions?| controls?)?(?: (?:for|on|of) "
            rf"{_GOODS})?"
        ),
    ),
    Pattern(
        "export_control",
        "export_control",
        _pattern(rf"\bexport (?:controls?|restrictions?|curbs?|bans?)(?: (?:on|of|for|over) {_GOODS})?"),
    ),
    Pattern(
        "import_ban.verb",
        "import_ban",
        _pattern(
            r"\b(?:ban(?:s|ned|ning)?|prohibit(?:s|ed|ing)?|block(?:s|ed|ing)?) (?:on )?(?:all |the |certain |"
            r"any )?"
            rf"(?:imports?|importation|entry) of {_GOODS}"
        ),
    ),
    Pattern("import_ban.noun", "import_ban", _pattern(rf"\bimport bans? on {_GOODS}")),
    Pattern("import_ban.list", "import_ban", _pattern(rf"^(?:The )?importation into the [\w. ]+? of {_GOODS}")),
    Pattern("import_ban.goods", "import_ban", _pattern(r"\bbans? (?:\w+ )?\w+ (?:exports|imports) from\b[^.;,]*")),
    Pattern(
        "quota",
        "quota",
        _pattern(rf"\b(?:import |export )?(?:quotas?|(?:[\d,]+[- ]unit )?caps?) on {_GOODS}"),
        needs_goods=True,
    ),
    Pattern(
        "sales_requirement",
        "domestic_sales_requirement",
        _pattern(rf"\brequir\w+ \d+(?:\.\d+)?\s?(?:%|percent) of {_GOODS}?\bto be sold\b[^.;]*"),
    ),
    Pattern(
        "offset",
        "tariff_offset",
        _pattern(r"\b(?:tariff|duty|import adjustment) offsets?(?: program(?:me)?| scheme)?[^.;,]{0,60}"),
        "liberalise",
    ),
    Pattern(
        "anti_coercion",
        "anti_coercion_instrument",
        _pattern(r"\banti-coercion (?:instrument|tool|measures?)\b"),
        needs_goods=False,
    ),
    Pattern(
        "barriers",
        "ntm_relaxation",
        _pattern(
            rf"\b{_EASE} (?:\w+ ){{0,4}}?(?:(?:non-tariff )?barriers|regulatory (?:burdens?|requirements?|"
            rf"approvals?|barriers)|import licen[cs]es?|"
            rf"restrictions) (?:to|on|for|affecting(?: trade)? in|that [\w ]+?) {_GOODS}"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "market_access",
        "tariff",
        _pattern(
            rf"\b(?:provide|grant|give|offer)\w* (?:\w+ )?(?:preferential|duty-free|tariff-free) (?:market "
            rf")?access (?:for|to) {_GOODS}"
        ),
        "liberalise",
    ),
    Pattern(
        "investigation",
        "investigation",
        _pattern(
            r"\b(?:initiat\w+|launch\w*|open(?:s|ed|ing)?|conduct\w*|start(?:s|ed|ing)?|begin\w*|began)\b(?: "
            r"\w+){0,3}? (?P<inquiry>(?:\w+ )?(?:an?|several|additional|"
            r"new|other|two|three|four|five|anti-dumping|antidumping|Section \d{3})(?:[\w -]{0,30}?) "
            r"(?:investigations?|probes?|inquir(?:y|ies)))\b[^.;]{0,120}"
        ),
        stage="under_review",
    ),
    Pattern(
        "sanctions",
        "sanction",
        _pattern(
            r"\b(?:impos\w+|announc\w+|tighten\w*|lift\w*|threaten\w*)\b[^.;]{0,40}?\bsanctions (?:on|against) "
            r"[^.;,]{3,80}"
        ),
    ),
)


def drafts(scene: Scene, earlier: str | None) -> Iterator[Draft]:
    """Every measure other than a duty that a sentence states."""
    parts = clauses(scene.text)
    for pattern in PATTERNS:
        for match in pattern.words.finditer(scene.text):
            draft = _draft(scene, pattern, match, clause_at(parts, match.start()), earlier)
            if draft is not None:
                yield draft


def _draft(
    scene: Scene, pattern: Pattern, match: re.Match[str], clause: Clause, earlier: str | None
) -> Draft | None:
    text = scene.text
    goods, goods_end = _goods(text, match)
    if pattern.needs_goods and (not goods or all(is_generic(good) for good in goods)):
        return None
    imposer = imposers.find(scene, match.start(), match.start(), max(match.end(), clause.end), earlier)
    words = text[clause.start : max(clause.end, match.end())]
    if scene.header is not None and not stages.WILL.search(words):
        words = scene.header.text + " " + words
    setting = stages.Setting(
        scene.context.act, scene.background, scene.context.agreement, pattern.direction == "liberalise"
    )
    stage, stage_rule = (pattern.stage, "stage.fixed") if pattern.stage else stages.stage_of(words, setting)
    low, high, kind = _share(scene, pattern, match)
    verb = _review_verb(text, clause.start, match.start())
    end = max(goods_end, match.start() + 1) if goods else match.end()
    return Draft(
        scene=scene,
        start=verb,
        end=min(end, len(text)),
        rule=f"instrument.{pattern.name}+{stage_rule}",
        instrument=pattern.instrument,
        stage=stage,
        imposer=imposer.code,
        direction="liberalise"
        if pattern.instrument == "quota" and re.search(rf"\b{_END}\b", text[clause.start : match.start()], re.I)
        else pattern.direction,
        partners=_targets(scene, pattern, match, imposer),
        products=goods,
        low=low,
        high=high,
        rate_kind=kind,
        affected=details.affected(scene, match.start()),
        effective=details.effective_day(scene, match.start(), len(text)),
        ends=details.end_day(scene, match.start(), len(text)),
        conditions=details.conditions(text[match.end() :]),
        legal_basis=details.legal_basis(text),
        confidence=0.8,
    )


def _review_verb(text: str, start: int, place: int) -> int:
    """Where the words that put the measure under review, order or pledge it begin, if just before it."""
    verbs = list(
        re.finditer(
            r"\b(?:consider\w*|sign\w*|order\w*|recommend\w*|pledg\w*|vow\w*|threat\w*|will|intends?)\b",
            text[start:place],
            re.IGNORECASE,
        )
    )
    near = [verb for verb in verbs if place - (start + verb.start()) < 80]
    return start + near[0].start() if near else place


def _goods(text: str, match: re.Match[str]) -> tuple[tuple[str, ...], int]:
    groups = match.groupdict()
    if not groups.get("goods"):
        inside = product_words().scan(match.group())
        return tuple(dict.fromkeys(hit.value for hit in inside)), match.end()
    start = match.start("goods")
    span = noun_phrase(text, start, match.end("goods"))
    if not span:
        return (), match.end()
    words = text[span[0] : span[1]]
    return (("all goods",) if is_generic(words) else items(words)), span[1]


def _share(scene: Scene, pattern: Pattern, match: re.Match[str]) -> tuple[float | None, float | None, None]:
    if pattern.instrument != "domestic_sales_requirement":
        return None, None, None
    values = [figure.value for figure in scene.percents if match.start() <= figure.start < match.end()]
    return (min(values), max(values), None) if values else (None, None, None)


def _targets(scene: Scene, pattern: Pattern, match: re.Match[str], imposer: imposers.Imposer) -> tuple[str, ...]:
    if pattern.instrument in ("subsidy_removal", "domestic_sales_requirement", "tariff_offset"):
        return ()
    window = (match.start(), match.end())
    named: list[Mention] = [
        m
        for m in scene.mentions
        if window[0] <= m.start < window[1] and m.code != imposer.code and m.kind not in ("leader", "office")
    ]
    if named:
        return details.codes(named)
    if pattern.direction == "liberalise":
        return tuple(code for code in scene.context.topic if code != imposer.code)
    return (
        details.everyone()
        if pattern.instrument in ("investigation", "export_licensing", "export_control", "import_ban", "quota")
        else ()
    )
