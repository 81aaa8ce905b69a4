"""`headway tariffs`: import-weighted rates, and what changed between two days."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.options import JsonOption, QuietOption, parse_date, progress_display

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer(no_args_is_help=True, help="Import-weighted tariffs, and what changed between two days.")

ByOption = Annotated[str, typer.Option("--by", help="Groups: origin, sector, hs2, hs4, hs6, hts10.")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day; default today.")]
YearOption = Annotated[int, typer.Option("--year", help="Imports and duties of this year: 2024 or 2025.")]
WholeOption = Annotated[
    bool, typer.Option("--whole-year", help="The law of the whole year by days in force, not of one day.")
]
TopOption = Annotated[int, typer.Option("--top", help="Rows shown in the terminal.")]
FirstOption = Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The earlier day.")]
LastOption = Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The later day.")]


@app.callback()
def tariffs() -> None:
    """Import-weighted tariffs, and what changed between two days."""


@app.command("effective")
def effective(
    by: ByOption = "origin",
    on: OnOption = None,
    year: YearOption = 2024,
    whole_year: WholeOption = False,
    top: TopOption = 30,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Weigh rates by imports: statutory, expected with utilisation shares, and what customs collected.

    Examples:

        headway tariffs effective --by origin,sector --on 2026-11-24

        headway tariffs effective --by origin --year 2024 --whole-year
    """
    from headway.tariffs import effective as weighted
    from headway.world.us_market import us_imports

    groups = [part.strip() for part in by.split(",") if part.strip()]
    imports = us_imports(year)
    periods = [(parse_date(on) or dt.date.today(), 1)]
    if whole_year:
        periods = weighted.days_in_force(dt.date(year, 1, 1), dt.date(year, 12, 31))
    implied = weighted.implied_equivalents(us_imports(2024))
    with progress_display(quiet) as progress:
        frame = weighted.effective(
            imports,
            periods,
            by=groups,
            equivalents=implied,
            progress=lambda done: progress("rating", done / len(periods)),
        )
    _show(frame.sort("imports_usd", descending=True), top, as_json)


@app.command("diff")
def diff(
    first: FirstOption,
    last: LastOption,
    lines: Annotated[bool, typer.Option("--lines", help="Every line and origin, not sums by heading.")] = False,
    year: YearOption = 2024,
    top: TopOption = 30,
    as_json: JsonOption = False,
) -> None:
    """Show which lines and how much trade changed duty between two days, and because of which headings.

    Example:

        headway tariffs diff --from 2026-07-01 --to 2026-08-01
    """
    from headway.tariffs import compare
    from headway.world.us_market import us_imports

    start, end = parse_date(first), parse_date(last)
    if start is None or end is None:
        raise typer.BadParameter("give both days", param_hint="--from, --to")
    changed = compare.changes(us_imports(year), start, end)
    frame = changed.sort("imports_usd", descending=True) if lines else compare.by_cause(changed)
    _show(frame, top, as_json)


def _show(frame: pl.DataFrame, top: int, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(frame.to_dicts(), indent=1, default=str))
        return
    from headway.cli.tariff_tables import print_frame

    print_frame(frame, top)
