"""From drafts to measures: each distinct measure once, at its most specific mention, numbered in the text's "
"order."""

from __future__ import annotations

from collections.abc import Iterable

from headway.policy import Affected, Evidence, Measure
from headway.reading.clauses import is_generic
from headway.reading.drafts import Draft
from headway.reading.goods import resolve


def measures(found: Iterable[Draft], language: str) -> tuple[Measure, ...]:
    """The distinct measures among drafts, as records with ids m1, m2, ... in the order of the text."""
    kept = distinct([draft for draft in found if draft.imposer])
    return tuple(_record(draft, f"m{place}", language) for place, draft in enumerate(kept, start=1))


def distinct(drafts: list[Draft]) -> list[Draft]:
    """Drop every draft that says no more than another about the same measure."""
    kept: list[Draft] = []
    for place, draft in enumerate(drafts):
        rivals = kept + drafts[place + 1 :]
        if not any(_covers(other, draft, earlier=other in kept) for other in rivals):
            kept.append(draft)
    return sorted(kept, key=lambda draft: (draft.scene.sentence.start + draft.start, draft.end))


def _covers(other: Draft, draft: Draft, *, earlier: bool) -> bool:
    """True if `other` makes `draft` redundant: same imposer and instrument, nothing that only `draft` says."""
    if (other.imposer, other.instrument) != (draft.imposer, draft.instrument):
        return False
    if not _within(draft.partners, other.partners) or not _goods_within(draft.products, other.products):
        return False
    if draft.has_rate:
        same_rate = (other.low, other.high) == (draft.low, draft.high)
        return same_rate and (earlier or _weight(other) > _weight(draft))
    distinct_stage = draft.stage in ("suspended", "under_review", "threatened", "removed", "struck_down")
    if distinct_stage and other.stage != draft.stage:
        return False
    return other.has_rate or _weight(other) > _weight(draft) or (earlier and _weight(other) == _weight(draft))


def _weight(draft: Draft) -> int:
    details = (draft.partners, draft.legal_basis, draft.effective or draft.ends, draft.prior)
    return 2 * sum(detail is not None and detail != () for detail in details) + len(draft.products)


def _within(partners: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not partners or set(partners) <= set(others) or (partners == ("ALL",) and bool(others))


def _goods_within(goods: tuple[str, ...], others: tuple[str, ...]) -> bool:
    specific = [good for good in goods if not is_generic(good) and good != "all goods"]
    if not specific:
        return True
    stems = {_stem(word) for other in others for word in other.split()}
    return all(any(_stem(word) in stems for word in good.split()) for good in specific)


def _stem(word: str) -> str:
    return word.lower().strip("“”\"'’,.").rstrip("s")


def _record(draft: Draft, id: str, language: str) -> Measure:
    start = draft.scene.sentence.start + draft.start
    end = draft.scene.sentence.start + draft.end
    text = draft.scene.context.passage.source[start:end]
    return Measure(
        id=id,
        imposer=draft.imposer or "",
        instrument=draft.instrument,
        stage=draft.stage,
        direction=draft.direction,
        partners=draft.partners,
        target_group=draft.target_group,
        products=draft.products,
        product_matches=resolve(draft.products, language),
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
