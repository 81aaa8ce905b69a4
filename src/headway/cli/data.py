"""`headway data`: what the shipped tables are made of."""

from __future__ import annotations

import json

import typer

from headway.cli.options import JsonOption

app = typer.Typer(no_args_is_help=True, help="What the shipped tables are made of: sources, licences, vintages.")


@app.callback()
def data() -> None:
    """What the shipped tables are made of: sources, licences, vintages."""


@app.command("list")
def list_entries(as_json: JsonOption = False) -> None:
    """List every data source: id, title, vintage, licence, rows in and out, citation.

    Example:

        headway data list
    """
    from headway.world import catalogue

    entries = catalogue.entries()
    if as_json:
        typer.echo(
            json.dumps(
                [vars(entry) | {"sha256": dict(entry.sha256)} for entry in entries], indent=2, ensure_ascii=False
            )
        )
        return
    from headway.cli.tables import print_catalogue

    print_catalogue(entries)
