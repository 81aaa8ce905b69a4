"""`headway outlook`: what exports will do in the next half-year, how sure that is, how much is only the base."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.options import JsonOption, QuietOption, parse_country, parse_date, parse_formats, progress_display
from headway.errors import UnreadableInput

if TYPE_CHECKING:
    from headway.outlook import Index, OutlookResult, Panel

DataOption = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="Your own series: a tidy CSV or Parquet file (month, item or destination, value, unit), "
        "or the name of a stored data set. Default: the Korean figures that Headway ships.",
    ),
]
KnownOption = Annotated[
    str | None, typer.Option("--as-known-on", metavar="YYYY-MM-DD", help="Use only what was known on this day.")
]
HorizonOption = Annotated[int, typer.Option("--horizon", min=1, max=24, help="Months ahead.")]
EffectsOption = Annotated[
    Path | None,
    typer.Option(
        "--effects", help="A scenario's effect path (kind, name, month, effect as a fraction; low, high or draw)."
    ),
]
NameOption = Annotated[str, typer.Option("--scenario-name", help="What to call that scenario in sentences.")]
CountryOption = Annotated[
    str, typer.Option("--country", help="Whose calendar your series follow; none for no calendar.")
]
AdjustedOption = Annotated[bool, typer.Option("--adjusted", help="Your series are seasonally adjusted.")]
IndexOption = Annotated[
    list[Path] | None,
    typer.Option("--index", help="A CSV of uncertainty indices to show beside the outlook; may be repeated."),
]
OutlookOut = Annotated[Path | None, typer.Option("--out", help="Also write page and tables to this folder.")]
FormatOption = Annotated[str, typer.Option("--format", help="What to write: html, json, csv, with commas.")]


def outlook(
    data: DataOption = None,
    as_known_on: KnownOption = None,
    horizon: HorizonOption = 12,
    effects: EffectsOption = None,
    scenario_name: NameOption = "the announced measure",
    country: CountryOption = "KOR",
    adjusted: AdjustedOption = False,
    index: IndexOption = None,
    out: OutlookOut = None,
    formats: FormatOption = "html,json",
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Forecast exports in total and by item, and say how much of the growth is only base effect.

    Examples:

        headway outlook

        headway outlook --as-known-on 2025-01-20 --out january

        headway outlook --data exports.csv --country JPN --json > outlook.json

        headway outlook --effects effect_path.csv --scenario-name "a universal tariff of 10 %"
    """
    from headway import outlook as analysis
    from headway.brief import outlook_page
    from headway.outlook.export import to_json

    kinds = parse_formats(formats, outlook_page.FORMATS)
    day = parse_date(as_known_on, "--as-known-on")
    with progress_display(quiet) as progress:
        progress("Reading the series", 0.1)
        request = analysis.Request(
            panel=_panel(data, day, country, adjusted),
            as_known_on=day,
            horizon=horizon,
            effects=effects,
            scenario=scenario_name,
            indices=_indices(index or []),
        )
        progress("Forecasting and backtesting", 0.3)
        result = analysis.outlook(request)
        progress("Writing", 0.8)
        written = outlook_page.write(result, out, formats=kinds) if out else []
    if as_json:
        typer.echo(to_json(result))
        return
    _show(result)
    if written:
        typer.echo("Written: " + ", ".join(str(path) for path in written))


def _panel(data: str | None, day: dt.date | None, country: str, adjusted: bool) -> Panel | None:
    """The panel to forecast: a file, a stored data set, or None for the shipped figures."""
    from headway.outlook import ReadOptions, read_series, store

    if data is None:
        return None
    path = Path(data)
    if path.suffix or path.exists():
        home = None if country.lower() == "none" else parse_country(country)
        return read_series(path, ReadOptions(country=home, adjusted=adjusted))
    try:
        return store.load(data, as_known_on=day)[0]
    except UnreadableInput as error:
        raise UnreadableInput(f"{data!r} is neither a file nor a stored data set.", error.fix) from None


def _indices(paths: list[Path]) -> tuple[Index, ...]:
    from headway.outlook import read_index

    return tuple(one for path in paths for one in read_index(path))


def _show(result: OutlookResult) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from headway.brief.outlook_page import headings, period_rows, table_notes

    for part in (
        "watch",
        "headline",
        "nowcast",
        "waterfall",
        "rates",
        "heatmap",
        "scenario",
        "tracking",
        "accuracy",
    ):
        for line in result.sentences.get(part, ()):
            typer.echo(line)
    for period in result.plan.periods:
        table = Table(
            title=f"Growth expected for {period}, percent", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0)
        )
        table.add_column("", no_wrap=True)
        for heading in headings(result):
            table.add_column(heading.removeprefix("of it "), justify="right", no_wrap=True, overflow="fold")
        for row in period_rows(result):
            table.add_row(row["label"], *(cell.replace(" %", "") for cell in row["halves"][period]))
        Console().print(table)
    for note in table_notes(result):
        typer.echo(note)
    for note in result.notes[:3]:
        typer.echo(note)
