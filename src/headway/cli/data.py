"""`headway data`: what the shipped tables are made of, and your own series kept with the day they were current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli.options import JsonOption, parse_country, parse_day

if TYPE_CHECKING:
    from headway.outlook.store import Stored

app = typer.Typer(no_args_is_help=True, help="Data: what the shipped tables are made of, and series of your own.")

FileArgument = Annotated[
    Path,
    typer.Argument(
        help="A tidy CSV or Parquet file: month, value, unit, and item or destination.", show_default=False
    ),
]
NameOption = Annotated[
    str, typer.Option("--name", help="What to call the data set: lower-case letters, digits, - and _.")
]
VintageOption = Annotated[
    str, typer.Option("--vintage", metavar="YYYY-MM-DD", help="The day on which this file was current.")
]
CountryOption = Annotated[
    str, typer.Option("--country", help="Whose exports they are, for the calendar; none for no calendar.")
]
IcioOption = Annotated[
    Path | None,
    typer.Option(
        "--icio", help="An official CSV file of the OECD's Inter-Country Input-Output tables, or a folder of them."
    ),
]
WiodOption = Annotated[
    Path | None, typer.Option("--wiod", help="A table of WIOD, release 2016, saved as CSV, or a folder of them.")
]
YearOption = Annotated[int, typer.Option("--year", help="The year of the table.")]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        help="Regions and sectors of your own (a CSV: kind, code, to; kind is country or industry). Without it, the "
        "regions and sectors of the embedded world.",
    ),
]
TariffsOption = Annotated[
    str,
    typer.Option(
        "--tariffs",
        help="Baseline tariffs: embedded, none, or a CSV (importer, exporter, sector, rate, year) that replaces some "
        "of the embedded ones.",
    ),
]
FolderOption = Annotated[Path, typer.Option("--out", help="The folder to write the world to; made if absent.")]
AdjustedOption = Annotated[bool, typer.Option("--adjusted", help="The series are seasonally adjusted.")]


@app.callback()
def data() -> None:
    """Data: what the shipped tables are made of, and series of your own."""


@app.command("list")
def list_entries(as_json: JsonOption = False) -> None:
    """List every data source with title, vintage, licence, rows and citation, then the series you have added.

    Example:

        headway data list
    """
    from headway.outlook import figures, store
    from headway.world import catalogue

    entries, sources, kept = catalogue.entries(), figures.SOURCES, store.stored()
    if as_json:
        rows = [vars(entry) | {"sha256": dict(entry.sha256)} for entry in entries]
        rows += [figures.catalogue_row(source) for source in sources]
        rows += [_stored_row(record) for record in kept]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    from headway.cli.tables import print_catalogue, print_sources, print_stored

    print_catalogue(entries)
    print_sources([figures.catalogue_row(source) for source in sources])
    print_stored(kept)


@app.command("add")
def add(
    file: FileArgument,
    name: NameOption,
    vintage: VintageOption,
    country: CountryOption = "KOR",
    adjusted: AdjustedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check a FILE of monthly exports and keep a copy with its vintage, to forecast as known on a day.

    The copy stays on this machine. A vintage does not change: another file of the same day is refused.

    Examples:

        headway data add exports.csv --name customs --vintage 2025-01-15

        headway data add exports.parquet --name japan --vintage 2025-01-29 --country JPN

        headway outlook --data customs --as-known-on 2025-01-20
    """
    from headway.outlook import ReadOptions, store

    day = parse_day(vintage, "--vintage")
    home = None if country.lower() == "none" else parse_country(country)
    record = store.add(file, name=name, vintage=day, options=ReadOptions(country=home, adjusted=adjusted))
    if as_json:
        typer.echo(json.dumps(_stored_row(record), indent=2, ensure_ascii=False))
        return
    typer.echo(
        f"Stored {record.name} as of {record.vintage}: {record.series} series, {record.first} to {record.last}."
    )
    for note in record.notes:
        typer.echo(note)
    typer.echo(f"Forecast it with: headway outlook --data {record.name}")


@app.command("build")
def build(
    year: YearOption,
    out: FolderOption,
    icio: IcioOption = None,
    wiod: WiodOption = None,
    mapping: MappingOption = None,
    tariffs: TariffsOption = "embedded",
) -> None:
    """Build a world economy from an input-output table of your own, for `headway impact --world`.

    Reads editions 2018 to 2025 of the OECD's tables and WIOD 2016; another layout is refused by name. Negative entries
    are set to zero and output solved again; what was changed stands in notes.parquet.

    Examples:

        headway data build --icio 2022_SML.csv --year 2022 --out world-2022

        headway data build --icio icio/ --year 2018 --mapping regions.csv --tariffs rates.csv --out world-2018

        headway impact scenario.yaml --world world-2022
    """
    from headway.cli.world_building import build_world

    build_world((icio, wiod), year, out, mapping=mapping, tariffs=tariffs)


def _stored_row(record: Stored) -> dict[str, Any]:
    """A stored vintage as plain JSON values."""
    cells = {"id": record.name, "kind": "stored", "vintage": record.vintage.isoformat(), "path": str(record.path)}
    shown = ("country", "adjusted", "series", "first", "last", "sha256")
    return cells | {key: getattr(record, key) for key in shown} | {"notes": list(record.notes)}
