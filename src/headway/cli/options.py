"""What the commands share: option types, dates and the progress display."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from headway.errors import UnknownCode

Progress = Callable[[str, float], None]
"""Called with what is being done and the share (0 to 1) that is done."""

HomeOption = Annotated[
    str, typer.Option("--home", help="The home country: a name or ISO code, such as KOR, Japan or 한국.")
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", metavar="YYYY-MM-DD", help="The text's own date; else inferred, and said how."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")]
OutOption = Annotated[Path, typer.Option("--out", help="The folder to write to; made if absent.")]


def parse_date(text: str | None, hint: str = "--date") -> dt.date | None:
    """A day from YYYY-MM-DD, or None; raises a usage error that names the option `hint` and shows the form."""
    return None if text is None else parse_day(text, hint)


def parse_day(text: str, hint: str) -> dt.date:
    """A day from YYYY-MM-DD; raises a usage error that names the option `hint` and shows the form."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2025-01-21", param_hint=hint) from None


def parse_country(text: str) -> str:
    """The ISO3 code of a country named in any way that the country table knows; raises UnknownCode."""
    from headway.codes import countries

    return countries.lookup(text).iso3


def parse_formats(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Formats from a comma-separated list; raises UnknownCode naming the known ones."""
    wanted = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    unknown = [one for one in wanted if one not in known]
    if unknown or not wanted:
        raise UnknownCode(f"Unknown format {', '.join(unknown) or '(none)'}.", f"Known: {', '.join(known)}.")
    return wanted


@contextmanager
def progress_display(quiet: bool) -> Iterator[Progress]:
    """A progress bar on standard error while work is going on; nothing where it is no terminal or not wanted."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Starting", total=1.0)
        yield lambda what, share: bars.update(task, description=what, completed=share)
