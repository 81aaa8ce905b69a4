"""What a brief shows of a response: a few rows of its weightiest tables, with the figures that they point to."""

from __future__ import annotations

from collections.abc import Iterable

from headway.impact.results import Figure, Finding, Table
from headway.policy.records import Record
from headway.response.results import Kind, Response

TITLES: dict[Kind, str] = {
    "exposure": "Whom it hits hardest",
    "options": "What we can do",
    "opportunities": "Where we can gain",
    "support": "What support reaches them",
}
"""Headings of the sections, by kind of response."""

SHOWN: dict[Kind, dict[str, int]] = {
    "exposure": {"exposure_items": 8, "exposure_through": 5, "exposure_sizes": 4},
    "options": {"options_shortlist": 6, "options_ask": 6, "options_games": 4},
    "opportunities": {
        "gains_products_up_to_a_year": 5,
        "gains_products_long_run": 5,
        "potential_us": 5,
        "potential_markets": 5,
        "fields": 6,
    },
    "support": {"support_flags": 20, "support_headline": 8, "support_size": 4, "support_prices": 4},
}
"""Tables of each kind that a brief shows, in order, and how many of their rows."""


class Section(Record):
    """A section of a brief: tables cut to their first rows, the figures in them, and findings a reader must have."""

    kind: Kind
    title: str
    figures: dict[str, Figure]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]


def brief_section(response: Response) -> Section:
    """The part of a response that belongs in a brief; legal questions are kept whole."""
    tables = tuple(
        _cut(response.tables[id], rows) for id, rows in SHOWN[response.kind].items() if id in response.tables
    )
    ids = dict.fromkeys(id for table in tables for row in table.rows for id in row.cells.values())
    return Section(
        kind=response.kind,
        title=TITLES[response.kind],
        figures={id: response.figures[id] for id in ids},
        tables=tables,
        findings=tuple(_told(response.findings)),
    )


def _cut(table: Table, rows: int) -> Table:
    return table.model_copy(update={"rows": table.rows[:rows]})


def _told(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Findings for a reader of a brief: all but the list of moves that change nothing here."""
    return (one for one in findings if one.kind != "no_exposure")
