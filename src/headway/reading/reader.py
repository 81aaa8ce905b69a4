"""From a text to a document: all rules run over every sentence, records put in order, what fits nowhere "
"listed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from headway.errors import HeadwayError, NoTradePolicy
from headway.policy import Action, Document, Evidence, Measure, Opportunity, Outlook, Statistic, UnplacedFigure
from headway.policy.records import Record
from headway.reading import (
    anchor,
    assembly,
    deeds,
    formats,
    imposers,
    instruments,
    korean,
    korean_others,
    lists,
    prospects,
    quantities,
    source,
    tariffs,
)
from headway.reading.drafts import Draft
from headway.reading.passage import split
from headway.reading.scene import Scene, scenes, survey

TRADE = re.compile(
    r"\btariffs?\b|\bdut(?:y|ies)\b|\btrad(?:e|ing)\b|\bexport|\bimport(?!an)|관세|수출|수입|무역|통상",
    re.IGNORECASE,
)
Kind = TypeVar("Kind", bound=Record)


def read_file(path: Path | str, *, date: dt.date | None = None) -> Document:
    """Read a file (text, HTML, PDF, DOCX) into records. `date` is the day the text speaks from; without it the day
    is inferred and `date_source` says how. Raises UnreadableInput and NoTradePolicy."""
    place = Path(path)
    raw = source.load(place)
    return _document(raw.text, name=place.name, sha256=raw.sha256, date=date, modified=raw.modified)


def read_text(text: str, *, name: str = "text", date: dt.date | None = None) -> Document:
    """Read a text into records, as `read_file` does."""
    return read_bytes(text.encode("utf-8", "replace"), name=name, date=date)


def read_bytes(data: bytes, *, name: str, date: dt.date | None = None) -> Document:
    """Read the bytes of a document, from standard input for instance, as `read_file` does."""
    return _document(
        formats.to_text(data, name), name=name, sha256=hashlib.sha256(data).hexdigest(), date=date, modified=None
    )


def read_url(url: str, *, date: dt.date | None = None, fetch: source.Fetcher = source.fetch) -> Document:
    """Read the document at an address, as `read_file` does; `fetch` is the seam to the network."""
    fetched = fetch(url)
    text = f"SOURCE: {url}\n\n" + formats.to_text(fetched.data, url)
    digest = hashlib.sha256(fetched.data).hexdigest()
    return _document(text, name=url, sha256=digest, date=date, modified=fetched.retrieved.date())


def read_folder(folder: Path | str, *, date: dt.date | None = None) -> Iterator[Document | HeadwayError]:
    """Read every document of a folder by name; what cannot be read comes as its error, and the rest goes on."""
    for path in source.files(Path(folder)):
        try:
            yield read_file(path, date=date)
        except HeadwayError as trouble:
            yield trouble


def _document(text: str, *, name: str, sha256: str, date: dt.date | None, modified: dt.date | None) -> Document:
    passage = split(text)
    day = anchor.find(passage, given=date, name=name, modified=modified)
    language = "ko" if len(re.findall(r"[가-힣]", text)) > 0.1 * len(text) else "en"
    stage = scenes(survey(passage, day.date))
    drafts = _drafts(stage)
    measures = assembly.measures(drafts, language)
    others = _others(stage, measures)
    document = Document(
        name=name,
        sha256=sha256,
        language=language,
        date=day.date,
        date_source=day.source,
        source_line=next((line.text for line in passage.lines if line.kind == "source"), None),
        text=text,
        measures=measures,
        statistics=_numbered(others.statistics, "s"),
        outlooks=_numbered(others.outlooks, "o"),
        actions=_numbered(others.actions, "a"),
        opportunities=_numbered(others.opportunities, "p"),
    )
    if not (document.measures or (document.records and len(TRADE.findall(text)) > 1)):
        raise NoTradePolicy(
            f"{name} holds no trade policy that Headway can read.",
            "Give an article, release or order about tariffs or trade.",
        )
    return document.model_copy(update={"unplaced": _unplaced(stage, document, drafts)})


@dataclass(frozen=True, slots=True)
class _Others:
    """Records of every kind but measures."""

    statistics: list[Statistic] = field(default_factory=list)
    outlooks: list[Outlook] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)


def _others(stage: tuple[Scene, ...], measures: tuple[Measure, ...]) -> _Others:
    found = _Others()
    before: str | None = None
    for scene in stage:
        taken = _spans(scene, (measure.evidence for measure in measures))
        if scene.korean:
            _korean_others(scene, taken, found)
            continue
        found.statistics.extend(quantities.statistics(scene, taken))
        found.outlooks.extend(prospects.outlooks(scene))
        named = list(prospects.opportunities(scene))
        found.opportunities.extend(named)
        taken += _spans(scene, (one.evidence for one in named))
        acted = list(deeds.actions(scene, taken, before))
        found.actions.extend(acted)
        before = acted[-1].actor if acted else None
    return found


def _korean_others(scene: Scene, taken: list[tuple[int, int]], found: _Others) -> None:
    found.statistics.extend(korean_others.statistics(scene, taken))
    found.outlooks.extend(korean_others.outlooks(scene))
    found.opportunities.extend(korean_others.opportunities(scene))
    found.actions.extend(korean_others.actions(scene, taken))


def _drafts(stage: tuple[Scene, ...]) -> list[Draft]:
    """Drafts of the body; of the title only where the body has none."""
    body = tuple(scene for scene in stage if scene.line.kind != "title")
    found = _drafts_of(body) or _drafts_of(stage)
    return assembly.dated_later(assembly.completed(assembly.contrasted(found)), stage)


def _drafts_of(stage: tuple[Scene, ...]) -> list[Draft]:
    found: list[Draft] = []
    acting: str | None = None
    for place, scene in enumerate(stage):
        if scene.korean:
            found += korean.drafts(scene, acting)
            acting = korean.acting(scene) or acting
            continue
        bracketed = list(lists.bracketed(scene, acting))
        found += [draft for draft in tariffs.drafts(scene, acting) if draft.has_rate or not bracketed]
        found += bracketed
        found += instruments.drafts(scene, acting)
        found += lists.drafts(scene, stage[max(0, place - lists.LOOK_BACK) : place], acting)
        acting = imposers.acting(scene) or acting
    return found


def _spans(scene: Scene, quotes: Iterable[Evidence | None]) -> list[tuple[int, int]]:
    """Where quotes stand in a sentence, counted from its start."""
    first, last = scene.sentence.start, scene.sentence.end
    return [(q.start - first, q.end - first) for q in quotes if q is not None and q.start < last and first < q.end]


def _numbered(records: Iterable[Kind], letter: str) -> tuple[Kind, ...]:
    return tuple(
        record.model_copy(update={"id": f"{letter}{place}"}) for place, record in enumerate(records, start=1)
    )


def _unplaced(stage: tuple[Scene, ...], document: Document, drafts: list[Draft]) -> tuple[UnplacedFigure, ...]:
    """Every percentage and amount that no record quotes; a rate said again counts as quoted."""
    quotes = (
        *(one.evidence for one in document.measures),
        *(one.evidence for one in document.statistics),
        *(one.evidence for one in document.outlooks),
        *(one.evidence for one in document.actions),
        *(one.evidence for one in document.opportunities),
    )
    spans = [(quote.start, quote.end) for quote in quotes if quote is not None]
    bases = [(draft.scene.sentence.start, draft) for draft in drafts]
    spans += [(base + draft.start, base + draft.end) for base, draft in bases]
    return tuple(
        UnplacedFigure(
            text=document.text[start:end],
            evidence=Evidence(text=document.text[start:end], start=start, end=end, rule="unplaced"),
        )
        for scene in stage
        for start, end in _figures(scene)
        if not any(first < end and start < last for first, last in spans)
    )


def _figures(scene: Scene) -> list[tuple[int, int]]:
    """Where the percentages and amounts of a sentence stand in the text."""
    base = scene.sentence.start
    percents = [(base + one.start, base + one.end) for one in scene.percents]
    return sorted(percents + [(base + one.start, base + one.end) for one in scene.amounts])
