"""A person's review of what was read: each measure beside its sentence, to accept, edit or reject."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from headway.policy import Document, Measure, Scenario, form_scenario
from headway.reading.passage import split

EDITABLE = (
    "imposer",
    "instrument",
    "stage",
    "direction",
    "partners",
    "products",
    "rate_low",
    "rate_high",
    "rate_prior",
    "rate_kind",
    "date_effective",
    "date_end",
    "legal_basis",
)
"""Fields that a reviewer may set; lists are given with commas, an empty value is none."""

LISTS = ("partners", "products")
HELP = "[a]ccept, [r]eject, [e]dit FIELD=VALUE, [q]uit and reject the rest"


@dataclass(frozen=True)
class Terminal:
    """The seam to the person: `show` prints a line, `ask` prints a prompt and returns the answer."""

    show: Callable[[str], None]
    ask: Callable[[str], str]


def review(document: Document, terminal: Terminal) -> Document:
    """Go through every measure; the document that comes back holds those accepted, edited ones marked as a person's."""
    kept: list[Measure] = []
    for place, measure in enumerate(document.measures, start=1):
        terminal.show(f"\n{place} of {len(document.measures)}")
        terminal.show(sentence_of(document, measure))
        decided, stop = _decide(measure, terminal)
        if decided is not None:
            kept.append(decided)
        if stop:
            break
    return document.model_copy(update={"measures": tuple(kept)})


def review_scenario(document: Document, terminal: Terminal, *, home: str) -> Scenario:
    """Review a document and form the scenario of what was accepted; raises NoEffect if nothing can be simulated."""
    return form_scenario(review(document, terminal), home=home)


def sentence_of(document: Document, measure: Measure) -> str:
    """The sentence of a measure with its quote between marks: `... [[25% tariff on steel]] ...`."""
    quote = measure.evidence
    if quote is None:
        return "(no quote)"
    sentences = split(document.text).sentences
    home = next((one for one in sentences if one.start <= quote.start < one.end), None)
    first, last = (home.start, max(home.end, quote.end)) if home is not None else (quote.start, quote.end)
    return f"{document.text[first : quote.start]}[[{quote.text}]]{document.text[quote.end : last]}"


def describe(measure: Measure) -> str:
    """One line per field that a measure has."""
    shown = {name: value for name in EDITABLE if (value := getattr(measure, name)) not in (None, ())}
    lines = [
        f"  {name} = {', '.join(value) if isinstance(value, tuple) else value}" for name, value in shown.items()
    ]
    rule = measure.evidence.rule if measure.evidence is not None else measure.origin
    return "\n".join([*lines, f"  (confidence {measure.confidence:.2f}; rule {rule})"])


def _decide(measure: Measure, terminal: Terminal) -> tuple[Measure | None, bool]:
    current = measure
    while True:
        terminal.show(describe(current))
        answer = terminal.ask(HELP).strip()
        command, _, rest = answer.partition(" ")
        if command in ("a", "accept", ""):
            return current, False
        if command in ("r", "reject"):
            return None, False
        if command in ("q", "quit"):
            return None, True
        if command in ("e", "edit") and "=" in rest:
            current = _edited(current, rest, terminal)
        else:
            terminal.show(f"  {answer!r} is not understood.")


def _edited(measure: Measure, change: str, terminal: Terminal) -> Measure:
    name, _, text = (part.strip() for part in change.partition("="))
    if name not in EDITABLE:
        terminal.show(f"  {name!r} is no field; the fields are {', '.join(EDITABLE)}.")
        return measure
    fields: dict[str, Any] = json.loads(measure.model_dump_json())
    fields |= {name: _value(name, text), "origin": "person"}
    try:
        return Measure.model_validate(fields)
    except ValidationError as error:
        terminal.show("  " + "; ".join(detail["msg"] for detail in error.errors()))
        return measure


def _value(name: str, text: str) -> str | list[str] | None:
    if name in LISTS:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text or None
