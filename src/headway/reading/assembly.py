"""From drafts to measures: each distinct measure once, at its most specific mention, numbered in the text's "
"order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from headway.policy import UNIVERSAL, Affected, Evidence, Measure
from headway.reading import details
from headway.reading.clauses import is_generic, product_words
from headway.reading.drafts import Draft
from headway.reading.goods import resolve
from headway.reading.scene import TODAY, Scene

CONTRAST = re.compile(r"^\W*(?:Yet|But|However|By contrast|Meanwhile|In contrast)\b")
BACK_REFERENCE = re.compile(
    r"^\W*(?:These|Those|The|This)\s(?:[\w-]+\s){0,4}?(?:tariffs?|dut(?:y|ies)|changes?|remed(?:y|ies)|"
    r"measures?|rates?|surcharges?|levies|levy)\b",
    re.IGNORECASE,
)


def measures(found: Iterable[Draft], language: str) -> tuple[Measure, ...]:
    """The distinct measures among drafts, as records with ids m1, m2, ... in the order of the text."""
    kept = distinct([draft for draft in found if draft.imposer])
    return tuple(_record(draft, f"m{place}", language) for place, draft in enumerate(kept, start=1))


def dated_later(drafts: list[Draft], stage: tuple[Scene, ...]) -> list[Draft]:
    """Fill in days that a later sentence gives for measures before it: "The tariffs will take effect on ..."."""
    for scene in stage:
        if not BACK_REFERENCE.match(scene.text) or scene.percents:
            continue
        effective = details.effective_day(scene, 0, len(scene.text))
        ends = details.end_day(scene, 0, len(scene.text))
        drafts = [_with_days(draft, scene, effective, ends) for draft in drafts]
    return drafts


def _with_days(draft: Draft, later: Scene, effective: dt.date | None, ends: dt.date | None) -> Draft:
    first = draft.scene.sentence.index < later.sentence.index <= draft.scene.sentence.index + 6
    if not first or draft.scene.line.section != later.line.section or draft.scene.background:
        return draft
    return replace(draft, effective=draft.effective or effective, ends=draft.ends or ends)


def contrasted(drafts: list[Draft]) -> list[Draft]:
    """Give an elliptic duty the goods of the one it is contrasted with: "... on cars. Yet the US charges 2.5%"."""
    found: list[Draft] = []
    for draft in drafts:
        before = found[-1] if found else None
        near = before is not None and 0 <= draft.scene.sentence.index - before.scene.sentence.index <= 1
        if (
            before is not None
            and near
            and CONTRAST.match(draft.scene.text)
            and draft.has_rate
            and not draft.products
        ):
            everyone = (UNIVERSAL,) if before.products and not draft.partners else draft.partners
            draft = replace(draft, products=before.products, partners=everyone)
        found.append(draft)
    return found


def completed(drafts: list[Draft]) -> list[Draft]:
    """Give a duty without a rate the rate that the next sentence states of it: "The duties range from ... to ..."."""
    found: list[Draft] = []
    for draft in drafts:
        before = found[-1] if found else None
        near = before is not None and draft.scene.sentence.index - before.scene.sentence.index == 1
        bare = (
            draft.definite
            and draft.has_rate
            and not draft.products
            and BACK_REFERENCE.match(draft.scene.text) is not None
        )
        if before is not None and near and bare and not before.has_rate and before.imposer == draft.imposer:
            found[-1] = replace(before, low=draft.low, high=draft.high)
            continue
        found.append(draft)
    return found


def _summary(draft: Draft, drafts: list[Draft]) -> bool:
    """True for a mention without a rate that sums up rated measures of the same act: "increases in tariffs on ..."."""
    if draft.has_rate or draft.stage not in ("ordered", "announced", "pledged") or draft.scene.background:
        return False
    rated = [
        one
        for one in drafts
        if one.has_rate
        and not one.scene.background
        and (one.imposer, one.instrument) == (draft.imposer, draft.instrument)
        and one.stage in ("ordered", "announced", "pledged")
        and set(draft.partners) <= set(one.partners)
    ]
    listed = [one for one in drafts if one.rule.startswith("tariff.list") and one.program == draft.program]
    if len(listed) > 1 and draft.scene.line.section == listed[0].scene.line.section:
        return True
    named = [good for good in draft.products if not is_generic(good)]
    known = [good for good in named if any(_goods_within(replace(draft, products=(good,)), one) for one in rated)]
    return len(rated) > 1 and 2 * len(known) >= len(named)


def distinct(drafts: list[Draft]) -> list[Draft]:
    """Drop every draft that says no more than another about the same measure: the most specific is kept, of equals
    the first."""
    drafts = [draft for draft in drafts if not _summary(draft, drafts) and not _pointless(draft)]
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda one: (not one.has_rate, -_weight(one), _place(one))):
        if not any(_covers(other, draft) for other in kept):
            kept.append(draft)
    return sorted(kept, key=_place)


def _pointless(draft: Draft) -> bool:
    """True for a standing duty without rate, goods or partners: on no identifiable trade."""
    said = draft.has_rate or draft.partners or draft.products or draft.target_group
    return draft.instrument == "tariff" and draft.stage == "in_force" and not said


def _place(draft: Draft) -> tuple[int, int]:
    return draft.scene.sentence.start + draft.start, draft.end


def _covers(other: Draft, draft: Draft) -> bool:
    """True if `other` makes `draft` redundant: same imposer, instrument and program, nothing only `draft` says."""
    if (other.imposer, other.instrument) != (draft.imposer, draft.instrument):
        return False
    if draft.program and draft.program != other.program and (other.program or _specific(other)):
        return False
    same_section = draft.scene.line.section == other.scene.line.section
    again = _place(other) < _place(draft) and draft.definite and "rate_inside" in draft.rule and same_section
    if not _partners_within(draft, other) or not (_goods_within(draft, other) or again):
        return False
    if draft.has_rate and (other.low, other.high) != (draft.low, draft.high):
        return False
    return _same_time(draft, other)


def _same_time(draft: Draft, other: Draft) -> bool:
    """Stages that one measure may show in one text: an order and its future; not a pause, a threat, a background."""
    apart = ("suspended", "under_review", "threatened", "removed", "struck_down", "negotiating")
    if draft.stage in apart or other.stage in apart:
        return draft.stage == other.stage
    return draft.scene.background == other.scene.background or draft.stage == other.stage or not draft.products


def _weight(draft: Draft) -> int:
    """How much a draft says; the sentence that opens on the day's act sums up what follows, so it counts for less."""
    said = (draft.partners, draft.legal_basis, draft.effective or draft.ends, draft.prior, draft.program)
    opening = draft.scene.line.kind != "bullet" and TODAY.search(draft.scene.text) and not draft.has_rate
    return 2 * sum(bool(one) for one in said) + min(len(draft.products), 3) - 3 * bool(opening)


def _specific(draft: Draft) -> bool:
    return any(not is_generic(good) for good in draft.products)


def _partners_within(draft: Draft, other: Draft) -> bool:
    return not draft.partners or set(draft.partners) <= set(other.partners)


def _goods_within(draft: Draft, other: Draft) -> bool:
    """True if every good of `draft` is one of `other`; none or goods in general are in any list without a rate."""
    named = [good for good in draft.products if not is_generic(good)]
    others = [good for good in other.products if not is_generic(good)]
    if not named:
        return not others or not draft.products or not draft.has_rate
    stems = {_stem(word) for good in others for word in good.split()}
    known = [good for good in named if {_stem(word) for word in _kind_of(good).split()} <= stems]
    return len(known) == len(named) if draft.has_rate else bool(known) and 2 * len(known) >= len(named)


def _kind_of(good: str) -> str:
    """The word of a goods phrase that names the kind: its first product word, else its last word."""
    hits = product_words().scan(good)
    return hits[0].value if hits else good.split()[-1]


def _stem(word: str) -> str:
    return re.sub(r"(?:es|s)$", "", word.lower().strip("“”\"'’,."))


def _record(draft: Draft, id: str, language: str) -> Measure:
    start = draft.scene.sentence.start + draft.start
    end = draft.scene.sentence.start + draft.end
    text = draft.scene.context.passage.source[start:end]
    everything = "모든 제품" if language == "ko" else "all goods"
    products = draft.products or ((everything,) if draft.has_rate and draft.instrument == "tariff" else ())
    return Measure(
        id=id,
        imposer=draft.imposer or "",
        instrument=draft.instrument,
        stage=draft.stage,
        direction=draft.direction,
        partners=draft.partners,
        target_group=draft.target_group,
        products=products,
        product_matches=resolve(products, language),
        affected=tuple(Affected(country=country, sector=sector) for country, sector in draft.affected),
        rate_low=draft.low,
        rate_high=draft.high,
        rate_prior=draft.prior,
        rate_kind=draft.rate_kind,
        date_effective=draft.effective,
        date_end=draft.ends,
        date_anchor=draft.scene.context.anchor,
        conditions=draft.conditions,
        legal_basis=draft.legal_basis,
        confidence=draft.confidence,
        evidence=Evidence(text=text, start=start, end=end, rule=draft.rule),
    )
