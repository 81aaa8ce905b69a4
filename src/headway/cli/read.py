"""`headway read`: the records of a text, each beside the words that prove it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.options import DateOption, JsonOption, parse_date

TextArgument = Annotated[Path, typer.Argument(help="The text: a file.", show_default=False)]


def read(text: TextArgument, date: DateOption = None, as_json: JsonOption = False) -> None:
    """Read TEXT and list what it says: measures, statistics, outlooks, actions, opportunities.

    Examples:

        headway read examples/announcement.txt

        headway read article.txt --json > records.json
    """
    from headway import reading

    document = reading.read_file(text, date=parse_date(date))
    if as_json:
        typer.echo(document.model_dump_json(indent=2, exclude={"text"}))
        return
    from headway.cli.tables import print_document

    print_document(document)
