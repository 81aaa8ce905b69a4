"""Tables in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable

from headway.brief.numbers import full_text
from headway.impact.results import Result
from headway.outlook.store import Stored
from headway.policy import Document, Evidence
from headway.reading.timelines import Timeline
from headway.world.catalogue import CatalogueEntry

WIDE, LABEL = 120, 24
"""Columns of a terminal that hold every column of a table, and of a label in a narrower one."""


def print_table(result: Result, name: str, *, short: str) -> None:
    """Print one table of a result, figures with intervals; a narrow terminal gets the columns of `short` alone."""
    table, console = result.tables.get(name), Console()
    if table is None:
        return
    shown = RichTable(title=table.title, title_justify="left")
    narrow = console.width < WIDE
    shown.add_column("", no_wrap=True, max_width=LABEL if narrow else None)
    keys = [key for key in table.columns if key.startswith(short) or not narrow]
    for key in keys:
        shown.add_column(table.columns[key], justify="right", no_wrap=narrow)
    for row in table.rows:
        cells = (
            full_text(result.figures[row.cells[key]]) if key in row.cells else row.words.get(key, "–")
            for key in keys
        )
        shown.add_row(row.label, *cells)
    console.print(shown)


def print_catalogue(entries: Sequence[CatalogueEntry]) -> None:
    """Print the data catalogue: sources and shipped tables."""
    console = Console()
    for one in entries:
        console.print(f"[bold]{one.id}[/bold] ({one.kind}, {one.vintage}): {one.title}", highlight=False)
        built = f", from {', '.join(one.sources)}" if one.sources else ""
        rows = f"{one.rows_in:,} → {one.rows_out:,} rows" if one.kind == "table" else f"{one.rows_out:,} rows"
        console.print(f"  {rows}{built}. Licence: {one.licence}.\n  {one.citation}", highlight=False, style="dim")


def print_sources(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print the sources of the shipped export figures, as rows of the catalogue."""
    console = Console()
    for row in rows:
        console.print(f"[bold]{row['id']}[/bold] (source, {row['vintage']}): {row['title']}", highlight=False)
        text = f"  {row['rows_out']:,} rows. Licence: {row['licence']}.\n  {row['citation']}"
        console.print(text, highlight=False, style="dim")


def print_stored(records: Sequence[Stored]) -> None:
    """Print the series that a user has added, each vintage on a line."""
    console = Console()
    for one in records:
        adjusted = ", seasonally adjusted" if one.adjusted else ""
        console.print(f"[bold]{one.name}[/bold] (yours, {one.vintage}): {one.path.name}", highlight=False)
        text = f"  {one.series} series, {one.first} to {one.last}, {one.country or 'no'} calendar{adjusted}."
        console.print(f"{text}\n  {one.path.parent}", highlight=False, style="dim")


def print_document(document: Document) -> None:
    """Print the records of a document, each with its quote."""
    console = Console()
    console.print(f"{document.name}, {document.date} (from {document.date_source})", highlight=False)
    groups: dict[str, list[tuple[str, Evidence | None]]] = {
        "Measures": [(f"{m.imposer}: {m.instrument}, {m.stage}", m.evidence) for m in document.measures],
        "Statistics": [
            (f"{s.subject}: {s.item} {s.value} {s.unit or ''}", s.evidence) for s in document.statistics
        ],
        "Outlooks": [(f"{o.item}: {o.direction}", o.evidence) for o in document.outlooks],
        "Actions": [(f"{a.actor}: {a.action} ({a.status})", a.evidence) for a in document.actions],
        "Opportunities": [(o.sector, o.evidence) for o in document.opportunities],
        "Figures that fit no record": [(u.text, u.evidence) for u in document.unplaced],
    }
    for title, records in groups.items():
        _print_records(console, title, records)


def print_timelines(timelines: Sequence[Timeline]) -> None:
    """Print timelines of measures: each step with its text, date, stage and rate."""
    console = Console()
    for line in timelines:
        on = ", ".join(line.partners) or "no country named"
        shown = RichTable(title=f"{line.id}: {line.instrument} by {line.imposer} on {on}", title_justify="left")
        for heading in ("Date", "Text", "Stage", "Rate", "Takes effect", "Words"):
            shown.add_column(heading, overflow="fold")
        for step in line.steps:
            ends = [f"{end:g}" for end in dict.fromkeys((step.rate_low, step.rate_high)) if end is not None]
            effective = step.date_effective.isoformat() if step.date_effective else ""
            rate = " to ".join(ends) + (" %" if ends else "")
            shown.add_row(step.date.isoformat(), step.document, step.stage, rate, effective, step.quote)
        console.print(shown)


def _print_records(console: Console, title: str, records: Sequence[tuple[str, Evidence | None]]) -> None:
    if not records:
        return
    shown = RichTable(title=f"{title} ({len(records)})", title_justify="left", show_lines=True)
    for heading in ("Record", "Words", "Span", "Rule"):
        shown.add_column(heading, overflow="fold")
    for words, quote in records:
        place = (quote.text, f"{quote.start}–{quote.end}", quote.rule) if quote else ("", "", "")
        shown.add_row(words, *place)
    console.print(shown)
