"""`headway read`: the records of texts, each beside the words that prove it; reviewed, merged, or as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.options import DateOption, HomeOption, JsonOption, parse_country, parse_date
from headway.errors import HeadwayError, UnreadableInput

if TYPE_CHECKING:
    from headway.policy import Document

TextsArgument = Annotated[
    list[str], typer.Argument(help="Files, folders, addresses (https://...), or - for standard input.")
]
ReviewOption = Annotated[
    bool,
    typer.Option("--review", help="Accept, edit or reject each measure beside its sentence; writes a scenario."),
]
MergeOption = Annotated[bool, typer.Option("--merge", help="Link records about the same measure into timelines.")]
ModelOption = Annotated[
    bool,
    typer.Option(
        "--model", help="Also ask the language model at HEADWAY_LLM_URL; its records pass a gate of proof."
    ),
]
ScenarioOut = Annotated[Path, typer.Option("--out", help="Where --review writes the scenario.")]


def read(
    texts: TextsArgument,
    date: DateOption = None,
    review: ReviewOption = False,
    merge: MergeOption = False,
    model: ModelOption = False,
    home: HomeOption = "KOR",
    out: ScenarioOut = Path("scenario.yaml"),
    as_json: JsonOption = False,
) -> None:
    """Read TEXTS and list what they say: measures, statistics, outlooks, actions, opportunities.

    Examples:

        headway read examples/announcement.txt

        headway read order.pdf --review --out scenario.yaml

        headway read announced.txt ordered.txt --merge

        cat article.txt | headway read - --json > records.json
    """
    documents, troubles = _read_all(texts, parse_date(date))
    if model:
        documents = [_second_reading(document) for document in documents]
    for trouble in troubles:
        typer.echo(f"headway: {trouble.message}", err=True)
    if not documents:
        raise troubles[0] if troubles else UnreadableInput("No text was found.", "Name a file, folder or address.")
    if review:
        _review(documents, home=home, out=out)
    elif merge:
        _merge(documents, as_json=as_json)
    else:
        _show(documents, as_json=as_json)
    if troubles:
        raise typer.Exit(troubles[0].exit_code)


def read_one(text: str, date: dt.date | None) -> Document:
    """One document from a path, an address or standard input ("-")."""
    from headway import reading

    if text == "-":
        return reading.read_bytes(sys.stdin.buffer.read(), name="standard input", date=date)
    if text.startswith(("http://", "https://")):
        return reading.read_url(text, date=date)
    return reading.read_file(text, date=date)


def _read_all(texts: list[str], date: dt.date | None) -> tuple[list[Document], list[HeadwayError]]:
    """Every document that can be read, and the errors of those that cannot; one text alone raises its error."""
    from headway import reading

    documents: list[Document] = []
    troubles: list[HeadwayError] = []
    for text in texts:
        if Path(text).is_dir():
            for found in reading.read_folder(text, date=date):
                (troubles if isinstance(found, HeadwayError) else documents).append(found)  # type: ignore[arg-type]
            continue
        try:
            documents.append(read_one(text, date))
        except HeadwayError as trouble:
            if len(texts) == 1:
                raise
            troubles.append(trouble)
    return documents, troubles


def _second_reading(document: Document) -> Document:
    from headway.reading.model import endpoint, second_reading

    to = endpoint()
    if to is None:
        raise UnreadableInput(
            "No language model is set up.", "Set HEADWAY_LLM_URL and HEADWAY_LLM_MODEL, or read without --model."
        )
    gated = second_reading(document, to)
    for reason in gated.refused:
        typer.echo(f"headway: refused a record of the model: {reason}", err=True)
    return document.model_copy(update={"measures": (*document.measures, *gated.measures)})


def _show(documents: list[Document], *, as_json: bool) -> None:
    if as_json:
        plain = [document.model_dump(mode="json", exclude={"text"}) for document in documents]
        typer.echo(json.dumps(plain[0] if len(plain) == 1 else plain, indent=2, ensure_ascii=False))
        return
    from headway.cli.tables import print_document

    for document in documents:
        print_document(document)


def _review(documents: list[Document], *, home: str, out: Path) -> None:
    if len(documents) > 1:
        raise UnreadableInput("--review takes one text at a time.", "Name one text.")
    from headway.policy import save_scenario
    from headway.reading.review import Terminal, review_scenario

    terminal = Terminal(show=typer.echo, ask=lambda prompt: str(typer.prompt(prompt, prompt_suffix=" ")))
    scenario = review_scenario(documents[0], terminal, home=parse_country(home))
    typer.echo(f"Written: {save_scenario(scenario, out)}")


def _merge(documents: list[Document], *, as_json: bool) -> None:
    from headway.reading.timelines import merge

    timelines = merge(documents)
    if as_json:
        plain = [timeline.model_dump(mode="json") for timeline in timelines]
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    from headway.cli.tables import print_timelines

    print_timelines(timelines)
