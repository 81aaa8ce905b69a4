"""Millions of declarations from a file: the good rows rated, the bad ones set aside with their reasons.

Columns: hts10, origin, date; optional value, quantity, loaded, known_on, steel_share, aluminium_share,
copper_share, us_share, and claims: programme and facts split by spaces, a denied fact with a minus
(`KR`, `S us_metal`, `product_exclusion -sts_crane`). Other columns pass through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.codes.countries import lookup
from headway.errors import UnknownCode, UnreadableInput
from headway.policy.records import Record
from headway.tariffs.compiled import FIRST, LAST
from headway.tariffs.engine import CHUNK, rate_chunks
from headway.tariffs.instruments import Rulebook, origins
from headway.tariffs.schedule import facts, mask, programs, resolve, retirements, table

if TYPE_CHECKING:
    import polars as pl

REQUIRED = ("hts10", "origin", "date")
NUMBERS = ("value", "quantity", "steel_share", "aluminium_share", "copper_share", "us_share")
DAYS = ("loaded", "known_on")


class BatchReport(Record):
    """What a batch did: rows read, rated and refused; of the rated, how many are not complete; the files written."""

    rows: int
    rated: int
    refused: int
    incomplete: int
    out: str
    rejects: str


def read_chunks(path: Path) -> Iterator[pl.DataFrame]:
    """Chunks of a CSV or Parquet file as text columns. Raises `UnreadableInput` naming file and column."""
    import polars as pl

    if not path.is_file():
        raise UnreadableInput(f"No file {path}.", "Give a CSV or Parquet file of declarations.")
    try:
        is_parquet = path.suffix == ".parquet"
        frames = pl.scan_parquet(path) if is_parquet else pl.scan_csv(path, infer_schema=False)
        names = frames.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableInput(
            f"{path.name} cannot be read: {error}", "Give CSV with a header, or Parquet."
        ) from error
    absent = [name for name in REQUIRED if name not in names]
    if absent:
        raise UnreadableInput(f"{path.name} has no column {', '.join(absent)}.", f"Needed: {', '.join(REQUIRED)}.")
    start = 0
    while (chunk := frames.slice(start, CHUNK).collect()).height:
        yield chunk.with_columns(row=pl.int_range(start + 2, start + 2 + chunk.height))
        start += chunk.height


def _code_reasons(values: list[str]) -> dict[str, tuple[str, str]]:
    """Distinct codes as written → (line, reason it is refused)."""
    known = set(table("schedule")["hts10"])
    found = {}
    for text in values:
        digits = text.replace(".", "").replace(" ", "")
        if digits in known:
            found[text] = (digits, "")
            continue
        try:
            found[text] = (resolve(text), "")
        except UnknownCode as error:
            found[text] = ("", f"{error.message} {error.fix}")
    return found


def _origin_reasons(values: list[str]) -> dict[str, tuple[str, str]]:
    found = {}
    for text in values:
        try:
            iso3 = lookup(text).iso3
            found[text] = (iso3, "" if iso3 in origins() else f"{iso3} is no origin of imports")
        except UnknownCode as error:
            found[text] = ("", error.message)
    return found


def read_claims(text: str) -> tuple[str, int, int, str]:
    """(programme, facts, denied, reason) of a claims text; reason is empty if all words are known."""
    program, held, denied = "", [], []
    for word in text.split():
        if word in programs():
            program = word
        elif word in facts():
            held.append(word)
        elif word.startswith("-") and word[1:] in facts():
            denied.append(word[1:])
        else:
            return "", 0, 0, f"unknown claim {word!r}"
    return program, mask(held), mask(denied), ""


def _mapped(frame: pl.DataFrame, column: str, found: dict[str, tuple[str, str]]) -> pl.DataFrame:
    import polars as pl

    good = {text: value for text, (value, _) in found.items()}
    bad = {text: reason for text, (_, reason) in found.items()}
    given = pl.col(column).fill_null("")
    return frame.with_columns(
        given.replace_strict(good, return_dtype=pl.String).alias(column),
        given.replace_strict(bad, return_dtype=pl.String).alias(f"{column}_reason"),
    )


def _typed(frame: pl.DataFrame) -> pl.DataFrame:
    """Days and numbers parsed; what does not parse gets a reason."""
    import polars as pl

    for name in ("date", *(name for name in DAYS if name in frame.columns)):
        text = pl.col(name).cast(pl.String)
        parsed = text.str.to_date("%Y-%m-%d", strict=False)
        wrong = parsed.is_null() & (text.is_not_null() & (text != "") if name != "date" else pl.lit(True))
        frame = frame.with_columns(
            parsed.alias(name),
            pl.when(wrong)
            .then(pl.format("{} is no day (YYYY-MM-DD)", text.fill_null("blank")))
            .alias(f"{name}_reason"),
        )
    for name in (name for name in NUMBERS if name in frame.columns):
        text = pl.col(name).cast(pl.String)
        parsed = text.cast(pl.Float64, strict=False)
        limit = 1.0 if name.endswith("_share") else float("inf")
        wrong = (parsed.is_null() & text.is_not_null() & (text != "")) | ~parsed.fill_null(0.0).is_between(
            0, limit
        )
        reason = pl.when(wrong).then(pl.format("{} {} is out of range or no number", pl.lit(name), text))
        frame = frame.with_columns(parsed.alias(name), reason.alias(f"{name}_reason"))
    refusals = {
        code: (day, f"retired on {day}: use {' or '.join(new) or 'another line'}")
        for code, day, new in retirements()
    }
    last = pl.col("hts10").replace_strict(
        {c: day for c, (day, _) in refusals.items()}, default=None, return_dtype=pl.Date
    )
    text = pl.col("hts10").replace_strict(
        {c: t for c, (_, t) in refusals.items()}, default=None, return_dtype=pl.String
    )
    frame = frame.with_columns(pl.when(pl.col("date") >= last).then(text).alias("retired_reason"))
    outside = ~pl.col("date").is_between(FIRST, LAST)
    return frame.with_columns(
        pl.when(outside).then(pl.lit(f"day outside {FIRST} to {LAST}")).alias("outside_reason")
    )


def check_rows(chunk: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(good rows as entries, bad rows as read with `reason`)."""
    import polars as pl

    frame = chunk.with_columns(pl.col("hts10", "origin").cast(pl.String))
    for column, reasons in (("hts10", _code_reasons), ("origin", _origin_reasons)):
        distinct = frame[column].fill_null("").unique().to_list()
        frame = _mapped(frame, column, reasons(distinct))
    frame = _with_claims(_typed(frame))
    texts = [name for name in frame.columns if name.endswith("_reason")]
    parts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in texts]
    reason = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    bad = frame.select(reason.alias("reason"))["reason"] != ""
    good = frame.filter(~bad).drop(texts).rename({"date": "day"})
    return good, chunk.filter(bad).with_columns(frame.filter(bad).select(reason.alias("reason")))


def _with_claims(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if "claims" not in frame.columns:
        return frame
    given = pl.col("claims").fill_null("")
    read = {text: read_claims(text) for text in frame["claims"].fill_null("").unique()}

    def part(number: int, kind: Any) -> pl.Expr:
        return given.replace_strict({text: found[number] for text, found in read.items()}, return_dtype=kind)

    return frame.with_columns(
        program=part(0, pl.String),
        facts=part(1, pl.Int64),
        denied=part(2, pl.Int64),
        claims_reason=part(3, pl.String),
    )


def batch(
    source: Path,
    out: Path,
    *,
    rejects: Path | None = None,
    book: Rulebook | None = None,
    progress: Callable[[int], None] | None = None,
) -> BatchReport:
    """Rate a file of declarations into `out` (.parquet or .csv); bad rows with reasons go to `rejects`.

    `rejects` is beside `out` unless given, and absent if no row was bad. A claim that the law refuses (programme
    and origin, or a line without its rate) is a bad row too. Raises `UnreadableInput`.
    """
    import polars as pl

    aside = rejects or out.with_name(f"{out.stem}.rejects.csv")
    bad: list[pl.DataFrame] = []
    counts = {"rows": 0, "rated": 0, "incomplete": 0}

    def good_rows() -> Iterator[pl.DataFrame]:
        for chunk in read_chunks(source):
            good, wrong = check_rows(chunk)
            counts["rows"] += chunk.height
            bad.append(wrong)
            yield good

    written: list[pl.DataFrame] = []
    for rated in rate_chunks(good_rows(), book):
        refused = rated.filter("refused")
        bad.append(
            refused.select(
                "row",
                "hts10",
                "origin",
                reason=pl.lit("the programme claimed does not cover this line, origin or day"),
            )
        )
        kept = rated.filter(~pl.col("refused")).drop("refused", "facts", "denied", "program", strict=False)
        counts["rated"] += kept.height
        counts["incomplete"] += int((~kept["complete"]).sum())
        written.append(kept.rename({"day": "date"}))
        if progress:
            progress(counts["rated"])
    _write(pl.concat(written, rechunk=False), out)
    wrong = (
        pl.concat([frame for frame in bad if frame.height], how="diagonal_relaxed")
        if any(f.height for f in bad)
        else pl.DataFrame()
    )
    if wrong.height:
        wrong.sort("row").write_csv(aside)
    return BatchReport(refused=wrong.height, out=str(out), rejects=str(aside) if wrong.height else "", **counts)


def _write(frame: pl.DataFrame, out: Path) -> None:
    if out.suffix == ".csv":
        frame.write_csv(out)
    else:
        frame.write_parquet(out)
