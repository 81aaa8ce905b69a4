"""`headway watch`: new documents of feeds and of the Federal Register since the last run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.options import JsonOption
from headway.errors import UnreadableInput

if TYPE_CHECKING:
    from headway.reading.watch import Watched

FeedOption = Annotated[
    list[str] | None, typer.Option("--feed", metavar="ADDRESS", help="An RSS or Atom feed; may be repeated.")
]
RegisterOption = Annotated[
    list[str] | None,
    typer.Option("--register", metavar="WORDS", help="Words to search the Federal Register for; may be repeated."),
]
StoreOption = Annotated[
    Path, typer.Option("--store", help="The folder that keeps what was fetched; made if absent.")
]


def watch(
    feed: FeedOption = None,
    register: RegisterOption = None,
    store: StoreOption = Path("watched"),
    as_json: JsonOption = False,
) -> None:
    """Fetch documents that are new since the last run, keep them with retrieval time and hash, and list them.

    Examples:

        headway watch --feed https://example.org/trade.rss

        headway watch --register "section 232" --store watched

        headway read watched
    """
    from headway.reading import watch as watching

    sources = [*(_feed(address) for address in feed or []), *(_register(words) for words in register or [])]
    if not sources:
        raise UnreadableInput("No source to watch was named.", "Give --feed ADDRESS or --register WORDS.")
    report = watching.watch(sources, store)
    for trouble in report.troubles:
        typer.echo(f"headway: {trouble}", err=True)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        for one in report.new:
            typer.echo(
                f"{one.published or one.retrieved.date()}  {one.source}: {one.title or one.url}  ({one.file})"
            )
        typer.echo(f"{len(report.new)} new, kept in {store}.")
    if report.troubles:
        raise typer.Exit(UnreadableInput.exit_code)


def _feed(address: str) -> Watched:
    from headway.reading.watch import Watched

    return Watched(name=address, kind="feed", url=address)


def _register(words: str) -> Watched:
    from headway.reading.watch import Watched

    return Watched(name=f"Federal Register: {words}", kind="federal_register", term=words)
