"""The `headway` command: its sub-commands and how errors reach the user."""

from __future__ import annotations

import sys

import typer

from headway import __version__
from headway.cli import (
    brief,
    data,
    exposure,
    impact,
    opportunities,
    outlook,
    rate,
    read,
    response_options,
    support,
    tariffs,
    watch,
)
from headway.errors import HeadwayError

app = typer.Typer(
    name="headway",
    help="From a trade-policy headline to the numbers to the response.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("brief")(brief.brief)
app.command("exposure")(exposure.exposure)
app.command("impact")(impact.impact)
app.command("outlook")(outlook.outlook)
app.command("opportunities")(opportunities.opportunities)
app.command("options")(response_options.options)
app.command("rate")(rate.rate)
app.command("read")(read.read)
app.command("support")(support.support)
app.command("watch")(watch.watch)
app.add_typer(data.app, name="data")
app.add_typer(tariffs.app, name="tariffs")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headway {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    """From a trade-policy headline to the numbers to the response."""


def main() -> None:
    """Run the command line; an error of Headway is two lines on stderr and its own exit code, no traceback."""
    try:
        app()
    except HeadwayError as error:
        typer.echo(f"headway: {error.message}", err=True)
        if error.fix:
            typer.echo(f"  {error.fix}", err=True)
        sys.exit(error.exit_code)
