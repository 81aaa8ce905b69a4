"""Score the reader against annotated texts: precision, recall and field accuracy per kind of record.

`python -m headway.reading.score --corpus DIR` reads `DIR/gold.jsonl` and `DIR/texts`, prints the figures and, with
`--page FILE`, writes the validation page. Records match by overlap of their evidence, one to one.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headway.errors import DataError, NoTradePolicy
from headway.policy import Action, Document, Measure, Opportunity, Outlook, Statistic
from headway.reading.reader import read_text

Gold = Mapping[str, Any]
Predicted = Measure | Statistic | Action | Outlook | Opportunity
Compare = Callable[[Any, Gold], bool | None]

KINDS = ("measures", "statistics", "actions", "outlooks", "opportunities")


def _tokens(words: str | Iterable[str] | None) -> set[str]:
    text = words if isinstance(words, str) else " ".join(words or ())
    return {re.sub(r"(?:ies|es|s)$", "", word) for word in re.findall(r"[\w가-힣]+", text.lower())}


def _overlaps(words: str | Iterable[str] | None, gold: str | Iterable[str] | None) -> bool | None:
    """Token overlap of free text; None where the annotation is silent."""
    wanted = _tokens(gold)
    return bool(wanted & _tokens(words)) if wanted else None


def _same(value: float | None, gold: float | None) -> bool:
    return value == gold or (value is not None and gold is not None and abs(value - gold) < 1e-6)


def _day(value: dt.date | None, gold: str | None) -> bool | None:
    if gold is None:
        return None
    return value is not None and value.isoformat().startswith(gold)


FIELDS: dict[str, dict[str, Compare]] = {
    "measures": {
        "imposer": lambda m, g: m.imposer == g["imposer"],
        "instrument": lambda m, g: m.instrument == g["instrument"],
        "targets": lambda m, g: set(m.partners) == set(g["targets_countries"]),
        "rate": lambda m, g: _same(m.rate_low, g["rate_low"]) and _same(m.rate_high, g["rate_high"]),
        "stage": lambda m, g: m.stage == g["stage"],
        "direction": lambda m, g: m.direction == g["direction"],
        "products": lambda m, g: _overlaps(m.products, g["targets_products"]),
        "prior rate": lambda m, g: (
            _same(m.rate_prior, g["rate_prior"]) if g.get("rate_prior") is not None else None
        ),
        "effective": lambda m, g: _day(m.date_effective, g.get("date_effective")),
        "end": lambda m, g: _day(m.date_end, g.get("date_end")),
        "legal basis": lambda m, g: _overlaps(m.legal_basis, g.get("legal_basis")),
    },
    "statistics": {
        "subject": lambda s, g: s.subject == g["subject"],
        "item": lambda s, g: _overlaps(s.item, g["item"]),
        "value": lambda s, g: _same(s.value, g["value"]),
        "unit": lambda s, g: s.unit == g["unit"] if g.get("unit") else None,
        "change": lambda s, g: _same(s.change_pct, g.get("change_pct")),
        "period": lambda s, g: _overlaps(s.period, g.get("period")),
    },
    "actions": {
        "actor": lambda a, g: _overlaps(a.actor, g["actor"]),
        "action": lambda a, g: _overlaps(a.action, g["action"]),
    },
    "outlooks": {
        "item": lambda o, g: _overlaps(o.item, g["item"]),
        "direction": lambda o, g: o.direction == g["direction"],
        "horizon": lambda o, g: _overlaps(o.horizon, g.get("horizon")),
        "drivers": lambda o, g: _overlaps(o.drivers, g.get("drivers")),
    },
    "opportunities": {
        "sector": lambda p, g: _overlaps(p.sector, g["sector"]),
        "counterpart": lambda p, g: p.counterpart == g["counterpart"] if g.get("counterpart") else None,
    },
}


@dataclass(frozen=True)
class Pairing:
    """Predicted and annotated records of one kind in one text, matched one to one."""

    kind: str
    file: str
    matched: tuple[tuple[Predicted, Gold], ...]
    spurious: tuple[Predicted, ...]
    missed: tuple[Gold, ...]


@dataclass
class Tally:
    """Counts over texts: right, predicted and annotated records, and per field right and compared."""

    matched: int = 0
    predicted: int = 0
    annotated: int = 0
    fields: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Share of predicted records that match an annotated one; 1 where nothing is predicted."""
        return self.matched / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of annotated records that are found; 1 where nothing is annotated."""
        return self.matched / self.annotated if self.annotated else 1.0

    def accuracy(self, name: str) -> float:
        """Share of matched records whose field agrees, among those where the annotation has it."""
        right, compared = self.fields.get(name, (0, 0))
        return right / compared if compared else 1.0

    def add(self, pairing: Pairing) -> None:
        """Count one text's records."""
        self.matched += len(pairing.matched)
        self.predicted += len(pairing.matched) + len(pairing.spurious)
        self.annotated += len(pairing.matched) + len(pairing.missed)
        for name, compare in FIELDS[pairing.kind].items():
            verdicts = [compare(record, gold) for record, gold in pairing.matched]
            right, compared = self.fields.get(name, (0, 0))
            known = [verdict for verdict in verdicts if verdict is not None]
            self.fields[name] = (right + sum(known), compared + len(known))


@dataclass(frozen=True)
class Annotated:
    """One annotated text, its day and the document that the reader made of it."""

    file: str
    gold: Gold
    document: Document | None


def load(corpus: Path) -> tuple[Annotated, ...]:
    """Read every annotated text of a corpus folder; raises DataError where a file is missing or a span is wrong."""
    path = corpus / "gold.jsonl"
    if not path.is_file():
        raise DataError(f"{path} does not exist.", "Give a folder with gold.jsonl and texts/.")
    days = _days(corpus / "index.csv")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return tuple(_annotated(corpus, gold, days.get(gold["file"])) for gold in records)


def _days(index: Path) -> dict[str, dt.date]:
    if not index.is_file():
        return {}
    with index.open(encoding="utf-8", newline="") as rows:
        return {row["file"]: dt.date.fromisoformat(row["date"]) for row in csv.DictReader(rows) if row.get("date")}


def _annotated(corpus: Path, gold: Gold, day: dt.date | None) -> Annotated:
    text = (corpus / "texts" / gold["file"]).read_text(encoding="utf-8")
    for kind in KINDS:
        for record in gold.get(kind, ()):
            start, end = record["span"]
            if text[start:end] != record["evidence"]:
                raise DataError(
                    f"{gold['file']}: {record['evidence']!r} does not stand at its span.", "Mend gold.jsonl."
                )
    try:
        return Annotated(gold["file"], gold, read_text(text, name=gold["file"], date=day))
    except NoTradePolicy:
        return Annotated(gold["file"], gold, None)


def records_of(document: Document | None, kind: str) -> tuple[Predicted, ...]:
    """The records of one kind, none where the reader found no trade policy."""
    found: tuple[Predicted, ...] = getattr(document, kind) if document is not None else ()
    return found


def pair(file: str, kind: str, predicted: Sequence[Predicted], gold: Sequence[Gold]) -> Pairing:
    """Match records one to one by overlap of evidence; of several candidates the one that agrees most wins."""
    candidates = []
    for place, record in enumerate(predicted):
        for target, one in enumerate(gold):
            shared = _shared(record, one)
            if shared > 0:
                agree = sum(bool(compare(record, one)) for compare in FIELDS[kind].values())
                candidates.append((agree, shared, -place, -target))
    used: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, place, target in sorted(candidates, reverse=True):
        if -place not in used and -target not in taken:
            used[-place] = -target
            taken.add(-target)
    return Pairing(
        kind,
        file,
        tuple((predicted[place], gold[target]) for place, target in sorted(used.items())),
        tuple(record for place, record in enumerate(predicted) if place not in used),
        tuple(one for target, one in enumerate(gold) if target not in taken),
    )


def _shared(record: Predicted, gold: Gold) -> int:
    quote = record.evidence
    start, end = gold["span"]
    return min(quote.end, end) - max(quote.start, start) if quote is not None else 0


def rules_of(record: Predicted) -> tuple[str, ...]:
    """The names of the rules that made a record."""
    return tuple(record.evidence.rule.split("+")) if record.evidence is not None else ()


def in_sample(texts: Sequence[Annotated], kind: str) -> tuple[Pairing, ...]:
    """Pairings of one kind with every rule in use."""
    return tuple(_pairing(text, kind) for text in texts if kind in text.gold)


def _pairing(text: Annotated, kind: str) -> Pairing:
    return pair(text.file, kind, records_of(text.document, kind), text.gold.get(kind, ()))


def left_out(texts: Sequence[Annotated], kind: str, support: Sequence[Annotated] = ()) -> tuple[Pairing, ...]:
    """Pairings of one kind where each text is read only by rules that some *other* annotated text bears out.

    A rule counts as borne out where it made a record that matches an annotation; `support` adds texts that bear
    rules out without being scored.
    """
    everywhere = {text.file: _pairing(text, kind) for text in (*texts, *support) if kind in text.gold}
    found = []
    for text in texts:
        if kind not in text.gold:
            continue
        borne = {
            rule
            for file, pairing in everywhere.items()
            if file != text.file
            for record, _ in pairing.matched
            for rule in rules_of(record)
        }
        kept = [one for one in records_of(text.document, kind) if set(rules_of(one)) <= borne]
        found.append(pair(text.file, kind, kept, text.gold.get(kind, ())))
    return tuple(found)


def tally(pairings: Iterable[Pairing]) -> Tally:
    """Counts over texts."""
    total = Tally()
    for pairing in pairings:
        total.add(pairing)
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    """Score a corpus from the command line."""
    from headway.reading.score_page import misses, page

    parser = argparse.ArgumentParser(prog="python -m headway.reading.score", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with gold.jsonl, texts/ and index.csv")
    parser.add_argument("--own", type=Path, help="folder of further annotated texts, scored apart")
    parser.add_argument("--page", type=Path, help="write the validation page here")
    parser.add_argument("--misses", action="store_true", help="list every record that does not match")
    chosen = parser.parse_args(arguments)
    corpus = load(chosen.corpus)
    own = load(chosen.own) if chosen.own else ()
    report = page(corpus, own)
    if chosen.page:
        chosen.page.parent.mkdir(parents=True, exist_ok=True)
        chosen.page.write_text(report, encoding="utf-8")
    sys.stdout.write(misses((*corpus, *own)) if chosen.misses else report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
