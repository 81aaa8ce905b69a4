"""`headway rate`: what a product owes, law by law."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.options import JsonOption, parse_date

if TYPE_CHECKING:
    from headway.tariffs import Claims

CodeArgument = Annotated[
    str, typer.Argument(help="An HTS code of 8 or 10 digits, dots or not.", show_default=False)
]
FromOption = Annotated[str, typer.Option("--from", help="The origin: a name or ISO code, such as KOR.")]
OnOption = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="Day of entry; default today.")]
LoadedOption = Annotated[
    str | None, typer.Option("--loaded", metavar="YYYY-MM-DD", help="Day of loading, for in-transit rules.")
]
KnownOption = Annotated[
    str | None, typer.Option("--known-on", metavar="YYYY-MM-DD", help="The law as published by this day.")
]
ClaimOption = Annotated[
    list[str] | None,
    typer.Option("--claim", help="A programme (KR, S), a fact, or -fact where it does not hold; repeatable."),
]
ValueOption = Annotated[str | None, typer.Option("--value", help="Customs value in USD, for specific duties.")]
QuantityOption = Annotated[str | None, typer.Option("--quantity", help="Quantity in the unit of the duty.")]
ShareOption = Annotated[
    list[str] | None,
    typer.Option("--share", metavar="NAME=0.4", help="steel, aluminium, copper, us or dutiable; repeatable."),
]
ChapterOption = Annotated[
    str, typer.Option("--chapter98", help="A provision of 9802 claimed, with --share dutiable=…")
]
RivalsOption = Annotated[
    bool, typer.Option("--rivals", help="The line for its main suppliers, with import shares.")
]
HistoryOption = Annotated[bool, typer.Option("--history", help="Every change since 2018.")]
FindOption = Annotated[str | None, typer.Option("--find", metavar="WORDS", help="Search the tariff's own words.")]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="Rate a CSV or Parquet file of declarations.")]
BatchOut = Annotated[Path, typer.Option("--out", help="Where the rated batch goes (.parquet or .csv).")]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", help="With --history: write the step chart (.svg, .png, .html, .json).")
]


def _number(text: str | None, name: str) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is no number", param_hint=name) from None


def read_claims(words: list[str] | None, shares: list[str] | None, **given: object) -> Claims:
    """Claims from the words of `--claim` and the pairs of `--share`; the rest as typed by the caller."""
    from pydantic import ValidationError

    from headway.tariffs import Claims
    from headway.tariffs.schedule import facts, unverified_programs

    program, held, denied = "", set(), set()
    for word in words or []:
        if word in facts():
            held.add(word)
        elif word.startswith("-"):
            denied.add(word[1:])
        elif word.isupper() or word in unverified_programs():
            program = word
        else:
            raise typer.BadParameter(f"{word!r} is neither a programme nor a fact", param_hint="--claim")
    parts = {}
    for pair in shares or []:
        name, _, text = pair.partition("=")
        parts[f"{name}_share"] = _number(text, "--share")
    try:
        return Claims.model_validate(
            {"program": program, "facts": frozenset(held), "denied": frozenset(denied), **parts, **given}
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def rate(
    code: CodeArgument = "",
    origin: FromOption = "KOR",
    on: OnOption = None,
    loaded: LoadedOption = None,
    known_on: KnownOption = None,
    claim: ClaimOption = None,
    value: ValueOption = None,
    quantity: QuantityOption = None,
    share: ShareOption = None,
    chapter98: ChapterOption = "",
    rivals: RivalsOption = False,
    history: HistoryOption = False,
    find: FindOption = None,
    batch: BatchOption = None,
    out: BatchOut = Path("rated.parquet"),
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a product owes: the stack of duties law by law, claimed and unclaimed, and whether it is complete.

    Examples:

        headway rate 8703.23.01 --from KOR --on 2026-11-24

        headway rate 8703.23.01 --rivals

        headway rate --history 8703.23.01 --from KOR

        headway rate --find "lithium-ion battery"

        headway rate --batch lines.csv --out rated.parquet
    """
    if find is not None:
        _find(find, as_json)
        return
    if batch is not None:
        _batch(batch, out, as_json)
        return
    if not code:
        raise typer.BadParameter("give a code, --find WORDS or --batch FILE", param_hint="CODE")
    day = parse_date(on) or dt.date.today()
    claims = read_claims(
        claim,
        share,
        loaded=parse_date(loaded),
        known_on=parse_date(known_on),
        value=_number(value, "--value"),
        quantity=_number(quantity, "--quantity"),
        chapter98=chapter98.replace(".", ""),
    )
    if rivals:
        _rivals(code, day, as_json)
    elif history:
        _history(code, origin, day, claims=claims, chart=chart, as_json=as_json)
    else:
        _rate(code, origin, day, claims=claims, as_json=as_json)


def _rate(code: str, origin: str, day: dt.date, *, claims: Claims, as_json: bool) -> None:
    from headway import tariffs

    answer = tariffs.rate(code, origin, day, claims=claims)
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    from headway.cli.rate_tables import print_answer

    print_answer(answer)


def _rivals(code: str, day: dt.date, as_json: bool) -> None:
    from headway import tariffs
    from headway.world.us_market import us_imports

    found = tariffs.rivals(code, us_imports(2025), on=day)
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return
    from headway.cli.rate_tables import print_rivals

    print_rivals(found, code, day)


def _history(code: str, origin: str, day: dt.date, *, claims: Claims, chart: Path | None, as_json: bool) -> None:
    from headway import tariffs

    changes = tariffs.history(code, origin, until=day, claims=claims)
    if chart is not None:
        from headway.tariffs.charts import write_history

        write_history(changes, chart, title=f"US duty on {code} from {origin}", until=day)
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in changes], indent=2))
        return
    from headway.cli.rate_tables import print_history

    print_history(changes)


def _find(words: str, as_json: bool) -> None:
    from headway import tariffs

    found = tariffs.find(words)
    if as_json:
        typer.echo(json.dumps([one.model_dump(mode="json") for one in found], indent=2, ensure_ascii=False))
        return
    from headway.cli.rate_tables import print_candidates

    print_candidates(found)


def _batch(source: Path, out: Path, as_json: bool) -> None:
    from headway import tariffs
    from headway.errors import DataError

    report = tariffs.batch(source, out)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        done = f"{report.rated:,} of {report.rows:,} rows rated into {report.out}"
        typer.echo(f"{done}; {report.incomplete:,} of them not complete.")
    if report.refused:
        raise typer.Exit(_say_refused(report.refused, report.rejects, DataError.exit_code))


def _say_refused(number: int, path: str, code: int) -> int:
    """Tell of refused rows on standard error; returns the exit code."""
    typer.echo(f"headway: {number:,} rows refused, with reasons in {path}", err=True)
    return code
