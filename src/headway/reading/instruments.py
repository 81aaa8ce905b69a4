"""Measures other than duties: subsidies ended, quotas, bans, licences, controls, sanctions, barriers, inquiries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from headway.policy import UNIVERSAL
from headway.policy.records import Direction, RateKind
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
from headway.reading.spoken import ENDING, PATTERNS, Pattern

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
    lowered = scene.text.lower()
    for pattern in PATTERNS:
        if not pattern.possible(lowered):
            continue
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
    if NOT_SAID.search(text[: match.start()]) or (pattern.name == "barriers" and " on exports" in match.group()):
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
    limits = pattern.instrument in ("quota", "export_control", "import_ban", "sanction")
    eased = re.search(rf"(?:{ENDING})", words.left, re.IGNORECASE) or stages.FUTURE_PAUSE.search(words.left)
    return "liberalise" if limits and eased and pattern.direction == "restrict" else pattern.direction


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
