"""Answers on tariffs in the terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from headway.codes.countries import name
from headway.tariffs import Answer, Candidate, Change, Layer, Rating, Rival

WIDTH_OF_STEPS = 16


def percent(share: Decimal | float | None) -> str:
    """A fraction as percent with up to two decimals; unknown is a question mark."""
    if share is None:
        return "?"
    text = f"{float(share) * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text} %"


def _days(layer: Layer) -> str:
    ends = f" to {layer.ends}" if layer.ends else ""
    late = f", published {layer.published}" if layer.published and layer.published > layer.effective else ""
    return f"{layer.effective}{ends}{late}"


def _stack(rating: Rating, title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("Law", "Heading", "What", "Adds", "In force", "Citation"):
        table.add_column(heading, justify="right" if heading == "Adds" else "left", overflow="fold")
    table.add_row(f"column {rating.column}", "", rating.base_text, percent(rating.base), "", "")
    for layer in rating.layers:
        table.add_row(
            layer.authority, layer.heading, layer.title, percent(layer.amount), _days(layer), layer.citation
        )
    total = percent(rating.total) + (f" = USD {rating.duty_usd:,}" if rating.duty_usd is not None else "")
    table.add_section()
    table.add_row("[bold]total[/bold]", "", "", f"[bold]{total}[/bold]", "", "")
    return table


def _lines(title: str, lines: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(lines))
    return [title, *(f"  {line}" for line in found)] if found else []


def _remarks(answer: Answer) -> list[str]:
    ratings = [rating for rating in (answer.unclaimed, answer.claimed) if rating]
    gaps = [f"{gap.heading}: {gap.reason}" for rating in ratings for gap in rating.missing]
    options = [f"{o.heading} {o.text}: if {' and '.join(o.facts)}" for r in ratings for o in r.options]
    later = [f"{one.effective} {one.heading} {one.title}" for one in answer.unclaimed.upcoming]
    state = ["Complete."] if answer.complete else _lines("NOT COMPLETE:", gaps)
    return [
        *state,
        *_lines("Announced, not yet in force:", later),
        *_lines("Other headings, if declared:", options),
        *_lines("Notes:", [*answer.unclaimed.notes, *([answer.note] if answer.note else [])]),
        *_lines("Not in the total:", answer.unclaimed.beside),
    ]


def print_answer(answer: Answer) -> None:
    """Print the stack, claimed beside unclaimed, and what the answer does not know."""
    console = Console()
    console.print(f"{answer.code}  {answer.description}", highlight=False)
    console.print(f"{name(answer.origin)}, entry on {answer.day}", highlight=False)
    claimed = f"claiming {answer.program}" if answer.program and not answer.claimed else "no preference claimed"
    console.print(_stack(answer.unclaimed, claimed))
    if answer.claimed:
        console.print(_stack(answer.claimed, f"claiming {answer.program}"))
    for line in _remarks(answer):
        console.print(line, highlight=False, markup=False)


def print_rivals(rivals: Sequence[Rival], code: str, day: dt.date) -> None:
    """Print suppliers from the lowest duty up, Korea marked."""
    table = Table(title=f"{code} on {day}: duty of the main suppliers, imports of 2025", title_justify="left")
    for heading in ("Supplier", "Import share", "Unclaimed", "Claimed", "Complete"):
        table.add_column(heading, justify="left" if heading == "Supplier" else "right")
    for one in rivals:
        claimed = f"{percent(one.claimed)} ({one.program})" if one.claimed is not None else "–"
        mark = "yes" if one.complete else "no"
        table.add_row(name(one.origin), percent(one.import_share), percent(one.unclaimed), claimed, mark)
    Console().print(table)


def print_history(changes: Sequence[Change]) -> None:
    """Print every change with a bar for the unclaimed total: a step chart in characters."""
    known = [float(one.unclaimed) for one in changes if one.unclaimed is not None]
    top = max([*known, 0.01])
    table = Table(title="Every change since 2018", title_justify="left")
    for heading in ("From", "Unclaimed", "Claimed", "", "Headings"):
        table.add_column(
            heading, justify="right" if heading in ("Unclaimed", "Claimed") else "left", overflow="fold"
        )
    for one in changes:
        bar = "█" * round(WIDTH_OF_STEPS * float(one.unclaimed or 0) / top)
        headings = ", ".join(one.headings) + ("" if one.complete else " (not complete)")
        claimed = "–" if one.claimed is None else percent(one.claimed)
        table.add_row(str(one.day), percent(one.unclaimed), claimed, bar, headings)
    Console().print(table)


def print_candidates(found: Sequence[Candidate]) -> None:
    """Print lines found by words, best first."""
    table = Table(title="Lines of the tariff, best match first", title_justify="left")
    for heading in ("Line", "General rate", "Description"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(one.hts10, one.general_text, one.description)
    Console().print(table)
