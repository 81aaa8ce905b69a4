"""Measures other than duties: subsidies ended, quotas, bans, licences, controls, sanctions, barriers, inquiries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.policy import UNIVERSAL
from headway.policy.records import Direction, Instrument, RateKind, Stage
from headway.reading import covered, details, grammar, imposers, partners, stages
from headway.reading.clauses import (
    GOODS_NOUN,
    Clause,
    clause_at,
    clauses,
    is_generic,
    items,
    noun_phrase,
    product_words,
)
from headway.reading.drafts import Draft
from headway.reading.lexicon import any_of
from headway.reading.scene import Scene

_GOODS = r"(?P<goods>[^.;:]{3,200})"
_END = any_of("abolish", "ease") + r"|\b(?:elimination|removal|abolition|withdrawal|repeal|rollback|end) of\b"
_EASE = (
    any_of("ease")
    + r"|\b(?:address\w*(?: and prevent\w*)?|streamlin\w*|relax\w*|simplif\w*|resolv\w*|prevent\w*)\b"
)
_BARRIERS = (
    r"(?:non-?tariff |trade |market access |technical )*(?:barriers|regulatory (?:burdens?|requirements?|"
    r"approvals?|barriers)|import licen[cs](?:es?|ing)|"
    r"halal (?:\w+ ){0,3}requirements|certification requirements|inspection requirements|restrictions)"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How one instrument is spoken of: `words` finds it, its group `goods` the goods; `needs_goods` asks for named
    ones; `stage` is fixed where the words themselves say it; `targeted` is False where no exporter is hit."""

    name: str
    instrument: Instrument
    words: re.Pattern[str]
    direction: Direction = "restrict"
    needs_goods: bool = False
    targeted: bool = True
    stage: Stage | None = None


def _re(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


PATTERNS = (
    Pattern(
        "subsidy_removal",
        "subsidy_removal",
        _re(
            rf"(?:{_END})(?! Act)(?:\s[^\s;]+){{0,7}}?\s(?:subsid(?:y|ies)|tax credits?|purchase "
            rf"incentives?)\b(?: (?:for|to|on) {_GOODS})?"
        ),
        targeted=False,
    ),
    Pattern(
        "export_licence",
        "export_licensing",
        _re(rf"\bexport licen[cs](?:es?|ing)(?: requirements?| restrictions?| controls?)? (?:for|on|of) {_GOODS}"),
    ),
    Pattern(
        "export_control",
        "export_control",
        _re(
            rf"\b(?:impos\w+|plac\w+|tighten\w*|expand\w*|announc\w+|lift\w*|eas\w+|suspend\w*|introduc\w+|"
            rf"adds?|added|adding)\b[^.;]{{0,40}}?\bexport (?:controls?|restrictions?|curbs?|bans?)"
            rf"(?: (?:on|of|for|over) {_GOODS})?|\bexport (?:controls?|restrictions?|curbs?|bans?) (?:are |on "
            rf"{_GOODS.replace('goods', 'goods2')})"
        ),
    ),
    Pattern(
        "no_export_limits",
        "export_control",
        _re(
            rf"\brefrain\w* from (?:banning|restricting|imposing)[^.;]{{0,40}}?\bexports\b[^.;]{{0,40}}? of "
            rf"{_GOODS}"
        ),
        "maintain",
    ),
    Pattern(
        "import_ban",
        "import_ban",
        _re(
            r"\b(?:ban(?:s|ned|ning)?|prohibit(?:s|ed|ing)?|block(?:s|ed|ing)?) (?:on )?(?:all |the |certain |"
            r"any )?(?:imports?|importation|entry) of "
            rf"{_GOODS}"
        ),
    ),
    Pattern("import_ban.noun", "import_ban", _re(rf"\bimport bans? on {_GOODS}")),
    Pattern("import_ban.list", "import_ban", _re(rf"^(?:The )?importation into the [\w․ ]+? of {_GOODS}")),
    Pattern(
        "import_ban.goods",
        "import_ban",
        _re(r"\bban(?:s|ned)? (?:all )?(?:\w+ ){1,3}?(?:exports|imports) from\b[^.;,]*"),
    ),
    Pattern(
        "sales_ban",
        "sales_ban",
        _re(rf"\b(?:ban(?:s|ned|ning)?|prohibit(?:s|ed|ing)?) (?:on )?(?:the )?sales? of {_GOODS}"),
    ),
    Pattern(
        "quota",
        "quota",
        _re(rf"\b(?:import |export )?(?:quotas?|(?:[\d,]+[- ]unit )?caps?) on {_GOODS}"),
        needs_goods=True,
    ),
    Pattern(
        "quota.wider",
        "quota",
        _re(
            r"\b(?:expan\w+|increas\w+|rais\w+|enlarg\w+) (?:of |in )?(?:the |its )?(?:\w+ )?(?:import |"
            r"tariff-rate )?quotas?\b[^.;,]{0,60}"
        ),
        "liberalise",
    ),
    Pattern(
        "duty_free_quota",
        "tariff_rate_quota",
        _re(r"\bduty-free (?:importation|imports?|access|quota)[^.;]{0,90}?\b(?:volumes?|quotas?|tonnes|tons)\b"),
        "liberalise",
    ),
    Pattern(
        "sales_requirement",
        "domestic_sales_requirement",
        _re(r"\brequir\w+ \d[\d․.]*\s?(?:%|percent) of (?P<goods>[^;]{3,160}?)\bto be sold\b[^;]*"),
        targeted=False,
    ),
    Pattern(
        "minimum_price",
        "non_tariff_measure",
        _re(rf"\bminimum (?:import )?prices?(?: program(?:me)?| scheme| mechanism)?(?: (?:on|for) {_GOODS})?"),
    ),
    Pattern(
        "offset",
        "tariff_offset",
        _re(r"\b(?:tariff|duty|import adjustment) offsets?(?: program(?:me)?| scheme)?[^.;,]{0,50}"),
        "liberalise",
        targeted=False,
    ),
    Pattern(
        "anti_coercion",
        "anti_coercion_instrument",
        _re(r"\banti-coercion (?:instrument|tool|measures?)\b[^.;,]{0,60}"),
    ),
    Pattern(
        "barriers",
        "ntm_relaxation",
        _re(
            rf"(?:{_EASE})(?: \w+){{0,4}}? {_BARRIERS}(?: and approvals)? (?:to|on|for|affecting(?: trade)? "
            rf"in|that [\w ]+? against) {_GOODS}"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "barriers.passive",
        "ntm_relaxation",
        _re(
            rf"\b{_BARRIERS} (?:to|on|for) (?P<goods>[^.;:]{{3,80}}?) (?:will|would|are to|shall) be "
            rf"{any_of('ease')}"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "standards",
        "ntm_relaxation",
        _re(rf"\baccept\w* {_GOODS}? (?:built|made|produced|certified|manufactured) to\b[^.;]{{3,80}}"),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "standards.passive",
        "ntm_relaxation",
        _re(r"\b(?P<goods>[^.;:]{3,40}?) standards will be (?:approved|accepted|recogni[sz]ed)\b[^.;]{0,30}"),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "market_access",
        "tariff",
        _re(
            rf"\b(?:provid|grant|giv|offer)\w* (?:\w+ )?(?:preferential|duty-free|tariff-free) (?:market "
            rf")?access (?:for|to) {_GOODS}"
        ),
        "liberalise",
    ),
    Pattern(
        "de_minimis",
        "tariff",
        _re(r"\b(?:clos\w+|end\w*|suspen\w+|eliminat\w+|remov\w+)[^.;]{0,30}?\bde minimis\b[^.;,]{0,60}"),
        stage=None,
    ),
    Pattern(
        "investigation",
        "investigation",
        _re(
            r"\b(?:initiat\w+|launch\w*|open(?:s|ed|ing)?|conduct\w*|start(?:s|ed|ing)?|begins?|beginning|"
            r"began)\b (?:an?|several|additional|new|other|two|three|four|five|"
            r"more|fresh|separate|anti-?dumping|section)\b(?:[\w -]{0,40}?)(?:investigations?|probes?|"
            r"inquir(?:y|ies))\b[^.;]{0,140}"
        ),
        stage="under_review",
    ),
    Pattern(
        "investigation.authority",
        "investigation",
        _re(r"\b(?:section \d{3}|its) (?:authority )?to investigate\b[^.;]{3,80}"),
        stage="under_review",
    ),
    Pattern(
        "sanctions",
        "sanction",
        _re(
            r"\b(?:impos\w+|announc\w+|tighten\w*|lift\w*|threaten\w*)\b[^.;]{0,40}?\bsanctions (?:on|"
            r"against) [^.;,]{3,80}"
        ),
    ),
    Pattern(
        "tariff_free",
        "tariff",
        _re(
            r"\b(?P<goods>[^.;:]{3,80}?) (?:will |would |shall |may |to )?(?:remain|continue|stay|(?<=will "
            r")be|(?<=shall )be)\w* "
            r"(?:tariff|duty)-free\b"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "arrangement",
        "trade_agreement",
        _re(
            r"\b(?:to |will |shall )?negotiat\w+\b[^.;]{0,40}?\b(?:arrangement|trade agreement|free trade "
            r"agreement|FTA)\b(?! (?:to|for) the [Ss]ection)[^.;]{0,60}"
        ),
        stage="negotiating",
    ),
)
NOT_SAID = re.compile(
    r"\b(?:cooperat\w+ on|addressing duty evasion and|including on|follows?|following|completion of|on the "
    r"basis of|strengthen\w* "
    r"cooperation)\b[^.;]{0,60}$|\bthe (?:present|ongoing) ",
    re.IGNORECASE,
)


def drafts(scene: Scene, earlier: str | None) -> Iterator[Draft]:
    """Every measure other than a duty that a sentence states; eased barriers of one sentence are one measure."""
    parts = clauses(scene.text)
    found: list[Draft] = []
    for pattern in PATTERNS:
        for match in pattern.words.finditer(scene.flat):
            draft = _draft(scene, pattern, match, clause_at(parts, match.start()), earlier)
            if draft is not None and not any(_overlap(draft, other) for other in found):
                found.append(draft)
    yield from _joined(found)


def _overlap(draft: Draft, other: Draft) -> bool:
    return draft.start < other.end and other.start < draft.end and draft.instrument == other.instrument


def _joined(found: list[Draft]) -> list[Draft]:
    eased = sorted((one for one in found if one.instrument == "ntm_relaxation"), key=lambda one: one.start)
    if len(eased) < 2 or len({one.imposer for one in eased}) > 1:
        return found
    together = replace(
        eased[0],
        start=eased[0].start,
        end=max(one.end for one in eased),
        products=tuple(dict.fromkeys(good for one in eased for good in one.products)),
        partners=tuple(dict.fromkeys(code for one in eased for code in one.partners)),
    )
    return [one for one in found if one.instrument != "ntm_relaxation"] + [together]


def _draft(
    scene: Scene, pattern: Pattern, match: re.Match[str], clause: Clause, earlier: str | None
) -> Draft | None:
    text = scene.text
    goods, goods_end = _goods(scene, match)
    if pattern.needs_goods and not _named(scene, match, goods):
        return None
    if NOT_SAID.search(text[: match.start()]):
        return None
    imposer = imposers.find(
        scene, match.start(), match.start(), max(match.end(), clause.end), earlier=earlier
    ).code
    imposer = _other_side(scene, match, imposer) if pattern.direction == "liberalise" else imposer
    words = _words(scene, pattern, match, clause)
    direction = _direction(pattern, words)
    setting = stages.Setting(
        scene.context.act, scene.background, scene.context.agreement, direction == "liberalise", ahead=False
    )
    stage, stage_rule = (pattern.stage, "stage.fixed") if pattern.stage else stages.stage_of(words, setting)
    low, high, kind = _share(scene, pattern, match)
    return Draft(
        scene=scene,
        start=_review_verb(text, clause.start, match.start()),
        end=min(goods_end if goods else match.end(), len(text)),
        rule=f"instrument.{pattern.name}+{stage_rule}",
        instrument=pattern.instrument,
        stage=stage,
        imposer=imposer,
        direction="maintain" if words.keeps or stage == "suspended" else direction,
        partners=_targets(scene, pattern, match, imposer),
        products=goods,
        low=low,
        high=high,
        rate_kind=kind,
        affected=details.affected(scene, match.start()),
        effective=details.effective_day(scene, match.start(), len(text)),
        ends=details.end_day(scene, match.start(), len(text)),
        conditions=details.conditions(text[goods_end if goods else match.end() :]),
        legal_basis=details.basis(scene, text, stage),
        confidence=0.8 if stage_rule != "stage.default" else 0.6,
    )


def _named(scene: Scene, match: re.Match[str], goods: tuple[str, ...]) -> bool:
    """True if goods are named, by product words or as some country's."""
    known = any(product_words().scan(good) or GOODS_NOUN.search(good) for good in goods if not is_generic(good))
    return bool(goods) and (known or _owner(scene, match) is not None)


def _words(scene: Scene, pattern: Pattern, match: re.Match[str], clause: Clause) -> stages.Words:
    text = scene.text
    verb_after = pattern.name in ("tariff_free", "barriers.passive", "standards.passive", "sales_requirement")
    stop = match.start("goods") if match.groupdict().get("goods") and not verb_after else match.end()
    left = text[clause.start : stop]
    if clause.start > 0 and not re.search(any_of("future", "pledge"), left, re.IGNORECASE):
        left = text[: match.end()]
    if scene.header is not None and not re.search(any_of("future", "pledge"), left, re.IGNORECASE):
        left = scene.header.text + " " + left
    return stages.Words(left, text[match.end() : max(clause.end, match.end())], "", subject=False)


def _direction(pattern: Pattern, words: stages.Words) -> Direction:
    eased = pattern.instrument in ("quota", "export_control", "import_ban", "sanction") and re.search(
        rf"(?:{_END})", words.left, re.IGNORECASE
    )
    return "liberalise" if eased and pattern.direction == "restrict" else pattern.direction


def _review_verb(text: str, start: int, place: int) -> int:
    """Where the words that order, pledge or review the measure begin, if just before it."""
    verb = re.compile(any_of("review", "pledge", "threat", "future") + r"|\b(?:sign\w*|order\w*)\b", re.IGNORECASE)
    near = [one.start() for one in verb.finditer(text, start, place) if place - one.start() < 80]
    return near[0] if near else place


def _goods(scene: Scene, match: re.Match[str]) -> tuple[tuple[str, ...], int]:
    groups = match.groupdict()
    name = next((key for key in ("goods", "goods2") if groups.get(key)), None)
    text = scene.text
    if name is None:
        inside = product_words().scan(text[match.start() : match.end()])
        return tuple(dict.fromkeys(hit.value for hit in inside)), match.end()
    span = noun_phrase(scene.flat, match.start(name), match.end(name))
    if not span:
        return (), match.end()
    words = text[span[0] : span[1]]
    end = match.end() if match.end(name) < match.end() else span[1]
    return (("all goods",) if is_generic(words) else items(words)), end


def _owner(scene: Scene, match: re.Match[str]) -> str | None:
    """The country whose goods the words speak of: "U.S. agricultural products"."""
    named = [
        m
        for m in scene.mentions
        if match.start() <= m.start < match.end() and grammar.GOODS.match(scene.text[m.end :])
    ]
    return named[0].code if named else None


def _other_side(scene: Scene, match: re.Match[str], imposer: str | None) -> str | None:
    """Who eases barriers: not the country whose goods gain, but its partner."""
    owner = _owner(scene, match)
    joint = [m for subject in grammar.subjects(scene, match.start())[-1:] for m in grammar.joint(scene, subject)]
    if owner is None or (owner != imposer and len(joint) < 2):
        return imposer
    others = [imposers.code_of(m) for m in joint if imposers.code_of(m) != owner] or [
        code for code in scene.context.topic if code != owner
    ]
    return others[0] if others else imposer


def _share(
    scene: Scene, pattern: Pattern, match: re.Match[str]
) -> tuple[float | None, float | None, RateKind | None]:
    values = [figure.value for figure in scene.percents if match.start() <= figure.start < match.end()]
    if pattern.name in ("duty_free_quota", "tariff_free"):
        return 0.0, 0.0, None
    if pattern.instrument != "domestic_sales_requirement" or not values:
        return None, None, None
    return min(values), max(values), None


def _targets(scene: Scene, pattern: Pattern, match: re.Match[str], imposer: str | None) -> tuple[str, ...]:
    if not pattern.targeted:
        return ()
    inside = [
        m
        for m in scene.mentions
        if match.start() <= m.start < match.end() and m.kind not in ("leader", "office", "agreement")
    ]
    named = [
        m for m in inside if m.code != imposer and not re.search(r"\b(?:in|into) the $", scene.text[: m.start])
    ]
    if named:
        return details.codes(named)
    if scene.context.host and imposer != scene.context.host and covered.OURS.search(match.group()):
        return (scene.context.host,)
    under = covered.under_agreement(scene, imposer)
    if under:
        return under
    topic = tuple(code for one in scene.context.topic for code in partners.members(one) if code != imposer)
    if pattern.direction == "liberalise":
        return topic or ((scene.context.home,) if scene.context.home and scene.context.home != imposer else ())
    if pattern.name.startswith("investigation.") or pattern.instrument == "anti_coercion_instrument":
        return ()
    return topic if topic and not scene.background else (UNIVERSAL,)
