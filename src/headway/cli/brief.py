"""`headway brief`: from an article to a page with numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.options import (
    DateOption,
    HomeOption,
    JsonOption,
    OutOption,
    QuietOption,
    parse_country,
    parse_date,
    parse_formats,
    progress_display,
)
from headway.cli.read import read_one

ArticleArgument = Annotated[
    str, typer.Argument(help="The article: a file, an address (https://...), or - for standard input.")
]
FormatOption = Annotated[
    str, typer.Option("--format", help="What to write: html, json or both. The manifest and scenario always are.")
]
OutlookOption = Annotated[
    str,
    typer.Option(
        "--outlook",
        metavar="DATA",
        help="Which figures the outlook of exports rests on: auto (the home country's, if any are on file), none, or a "
        "data set of yours.",
    ),
]


def brief(
    article: ArticleArgument,
    home: HomeOption = "KOR",
    date: DateOption = None,
    out: OutOption = Path("out"),
    formats: FormatOption = "html,json",
    outlook: OutlookOption = "auto",
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read ARTICLE, compute what it would mean for the home country, and write a brief.

    Writes brief.html (opens offline), result.json (every number), manifest.json (how to repeat it) and
    scenario.yaml (edit it, then run `headway impact scenario.yaml`).

    Examples:

        headway brief examples/announcement.txt

        headway brief article.txt --home Japan --date 2025-01-21 --out japan --format html
    """
    from headway import brief as writing
    from headway import policy
    from headway.brief import rendering
    from headway.files import check_writable

    iso3, day = parse_country(home), parse_date(date)
    kinds = parse_formats(formats, writing.FORMATS)
    check_writable(out)
    with progress_display(quiet) as progress:
        progress("Reading the article", 0.02)
        document = read_one(article, day)
        scenario = policy.form_scenario(document, home=iso3)
        rendering.warm_up()
        from headway import combined, impact  # loads JAX, while the renderer warms up

        forecasts = combined.start(scenario, outlook)
        result = impact.run(scenario, document=document, progress=progress)
        result = combined.with_outlook(result, forecasts.result())
        progress("Writing the brief", 0.9)
        written = writing.write(result, out, formats=kinds)
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
        return
    typer.echo(writing.headline(result))
    typer.echo("Written: " + ", ".join(str(path) for path in written))
