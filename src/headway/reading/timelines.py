"""The same measure across texts: announced in one, ordered in the next, as one timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from headway.policy import UNIVERSAL, Document, Measure
from headway.policy.records import Instrument, Record, Stage
from headway.reading.clauses import is_generic, product_words


class Step(Record):
    """What one text of `date` says about a measure: stage, rate in percent, and the measure's id in the text."""

    document: str
    date: dt.date
    measure: str
    stage: Stage
    rate_low: float | None = None
    rate_high: float | None = None
    date_effective: dt.date | None = None
    quote: str = ""


class Timeline(Record):
    """One measure through the texts that speak of it, earliest first."""

    id: str
    imposer: str
    instrument: Instrument
    partners: tuple[str, ...]
    products: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def stage(self) -> Stage:
        """The stage that the latest text gives."""
        return self.steps[-1].stage


@dataclass
class _Group:
    measures: list[tuple[Document, Measure]]

    def takes(self, document: Document, measure: Measure) -> bool:
        """True if the measure continues one of the group, told by another text."""
        return all(told.name != document.name for told, _ in self.measures) and any(
            same_measure(one, measure) for _, one in self.measures
        )


def merge(documents: Sequence[Document]) -> tuple[Timeline, ...]:
    """Link measures of several texts; those that only one text names make timelines of one step."""
    groups: list[_Group] = []
    for document in sorted(documents, key=lambda one: (one.date, one.name)):
        for measure in document.measures:
            fitting = [group for group in groups if group.takes(document, measure)]
            best = max(fitting, key=lambda group: _likeness(group.measures[-1][1], measure), default=None)
            if best is None:
                groups.append(_Group([(document, measure)]))
            else:
                best.measures.append((document, measure))
    return tuple(_timeline(f"t{place}", group) for place, group in enumerate(groups, start=1))


def same_measure(one: Measure, other: Measure) -> bool:
    """True if two records can speak of one measure: imposer and instrument agree, partners and goods meet."""
    if (one.imposer, one.instrument) != (other.imposer, other.instrument):
        return False
    return _partners_meet(one.partners, other.partners) and _goods_meet(one, other)


def _partners_meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    # A measure on everyone and one on a country are two measures, even where the country is among everyone.
    if UNIVERSAL in one or UNIVERSAL in other:
        return (UNIVERSAL in one) == (UNIVERSAL in other) or not one or not other
    return not one or not other or bool(set(one) & set(other))


def _goods_meet(one: Measure, other: Measure) -> bool:
    first, second = _goods(one), _goods(other)
    if not first or not second:
        return not first and not second
    return bool(first & second)


def _goods(measure: Measure) -> set[str]:
    """HS prefixes of the goods, else their words; goods in general give none."""
    codes = {code[:4] for match in measure.product_matches for code in match.hs}
    if codes:
        return codes
    named = [good for good in measure.products if not is_generic(good)]
    return {hit.value for good in named for hit in product_words().scan(good)} or {good.lower() for good in named}


def _likeness(one: Measure, other: Measure) -> tuple[int, int, bool]:
    return (
        len(set(one.partners) & set(other.partners)),
        len(_goods(one) & _goods(other)),
        (one.rate_low, one.rate_high) == (other.rate_low, other.rate_high),
    )


def _timeline(id: str, group: _Group) -> Timeline:
    _, first = group.measures[0]
    return Timeline(
        id=id,
        imposer=first.imposer,
        instrument=first.instrument,
        partners=_union(measure.partners for _, measure in group.measures),
        products=_union(measure.products for _, measure in group.measures),
        steps=tuple(_step(document, measure) for document, measure in group.measures),
    )


def _union(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in parts for one in part))


def _step(document: Document, measure: Measure) -> Step:
    return Step(
        document=document.name,
        date=document.date,
        measure=measure.id,
        stage=measure.stage,
        rate_low=measure.rate_low,
        rate_high=measure.rate_high,
        date_effective=measure.date_effective,
        quote=measure.evidence.text if measure.evidence is not None else "",
    )
