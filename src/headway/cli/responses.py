"""What the commands of the response part share: printing a response's tables and findings, and writing it."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table as RichTable

from headway.brief.numbers import full_text
from headway.errors import UnreadableInput
from headway.files import write_atomically
from headway.impact.results import Finding, Table
from headway.response import Response


def print_response(response: Response, *, rows: int = 15) -> None:
    """Print every table, its first `rows` lines, and the data and assumptions that a reader must know."""
    console = Console()
    console.print(response.title, style="bold", highlight=False)
    for table in response.tables.values():
        _print_table(console, response, table, rows)
    for finding in response.findings:
        if finding.kind in ("data", "assumption", "left_out"):
            _print_finding(console, finding)


def _print_table(console: Console, response: Response, table: Table, rows: int) -> None:
    shown = RichTable(title=table.title, title_justify="left", caption=table.note, caption_justify="left")
    shown.add_column("", overflow="fold")
    for heading in table.columns.values():
        shown.add_column(heading, justify="right", overflow="fold")
    for row in table.rows[:rows]:
        cells = (
            full_text(response.figures[row.cells[key]]) if key in row.cells else row.words.get(key, "–")
            for key in table.columns
        )
        shown.add_row(row.label, *cells)
    console.print(shown)
    if len(table.rows) > rows:
        console.print(f"  and {len(table.rows) - rows} more; --json has all of them", highlight=False)


def _print_finding(console: Console, finding: Finding) -> None:
    console.print(f"• {finding.text}", highlight=False)


def write_response(response: Response, folder: Path) -> list[Path]:
    """Write KIND.json and KIND-manifest.json to a folder; raises UnreadableInput where it cannot be written to."""
    files = {
        f"{response.kind}.json": response.model_dump_json(indent=2, exclude={"manifest"}) + "\n",
        f"{response.kind}-manifest.json": json.dumps(response.manifest, indent=2, ensure_ascii=False) + "\n",
    }
    try:
        return [write_atomically(folder / name, text) for name, text in files.items()]
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise UnreadableInput(
            f"Cannot write to {folder}: {error.strerror}.", "Give another folder to --out."
        ) from None


def finish(response: Response, *, as_json: bool, out: Path | None) -> None:
    """Print a response as JSON or as tables, and write it where a folder is given."""
    written = write_response(response, out) if out else []
    if as_json:
        typer.echo(response.model_dump_json(indent=2))
        return
    print_response(response)
    if written:
        typer.echo("Written: " + ", ".join(str(path) for path in written))
