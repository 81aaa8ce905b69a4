"""The user's own series on their machine, one file per vintage, to forecast as known on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from pathlib import Path

from headway.errors import DataError, UnreadableInput
from headway.files import sha256, write_atomically
from headway.outlook import months
from headway.outlook.reader import ReadOptions, read_series
from headway.outlook.records import Panel

_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")


@dataclasses.dataclass(frozen=True)
class Stored:
    """One stored vintage: where it is, when it was current, and what it holds."""

    name: str
    vintage: dt.date
    path: Path
    sha256: str
    country: str | None
    adjusted: bool
    series: int
    first: str
    last: str
    notes: tuple[str, ...]


def default_folder() -> Path:
    """Where series are kept: the user's data folder of the platform."""
    from platformdirs import user_data_path

    return user_data_path("headway") / "series"


def add(
    path: Path,
    *,
    name: str,
    vintage: dt.date,
    options: ReadOptions = ReadOptions(),  # noqa: B008 (frozen record)
    folder: Path | None = None,
) -> Stored:
    """Check a file of series and keep a copy as the vintage of a day; raises as `read_series` does.

    A vintage that is already stored with other content is refused: a vintage does not change.
    """
    if not _NAME.match(name):
        raise DataError(f"{name!r} cannot name a data set.", "Use lower-case letters, digits, - and _.")
    panel = read_series(path, options)
    raw = path.read_bytes()
    target = (folder or default_folder()) / name / f"{vintage.isoformat()}{path.suffix.lower()}"
    record = _describe(panel, name, vintage, target, sha256(raw), options)
    for kept in _vintages(name, folder):
        if kept.vintage == vintage and kept.sha256 != record.sha256:
            raise DataError(
                f"{name} already has another file for {vintage}.", "Give the day on which this file was current."
            )
    write_atomically(target, raw)
    write_atomically(target.with_suffix(".json"), json.dumps(_plain(record), indent=2, sort_keys=True) + "\n")
    return record


def stored(folder: Path | None = None) -> tuple[Stored, ...]:
    """Every stored vintage, by name and day."""
    root = folder or default_folder()
    names = sorted(entry.name for entry in root.iterdir() if entry.is_dir()) if root.is_dir() else []
    return tuple(record for name in names for record in _vintages(name, folder))


def load(name: str, *, as_known_on: dt.date | None = None, folder: Path | None = None) -> tuple[Panel, Stored]:
    """The newest vintage of a data set that was current on a day; the newest of all without a day.

    Where every vintage is younger than the day, the oldest is cut at the month before the day and its notes say
    that it holds later revisions. Raises UnreadableInput for a name that is not stored.
    """
    kept = _vintages(name, folder)
    if not kept:
        known = ", ".join(sorted({record.name for record in stored(folder)})) or "none"
        raise UnreadableInput(
            f"No data set {name!r} is stored.", f"Add it with headway data add. Stored: {known}."
        )
    current = [record for record in kept if as_known_on is None or record.vintage <= as_known_on]
    record = current[-1] if current else kept[0]
    options = ReadOptions(record.country, record.adjusted, vintage=record.vintage.isoformat())
    panel = read_series(record.path, options)
    if as_known_on is not None:
        panel = panel.until(months.of_date(as_known_on) - 1)
        if not current:
            note = f"No vintage of {name} is as old as {as_known_on}: that of {record.vintage} was cut."
            panel = Panel(panel.series, (*panel.notes, note))
    return panel, record


def _vintages(name: str, folder: Path | None) -> tuple[Stored, ...]:
    root = (folder or default_folder()) / name
    if not root.is_dir():
        return ()
    records = [_parse(path) for path in sorted(root.glob("*.json"))]
    return tuple(sorted(records, key=lambda record: record.vintage))


def _describe(panel: Panel, name: str, vintage: dt.date, path: Path, digest: str, options: ReadOptions) -> Stored:
    return Stored(
        name=name,
        vintage=vintage,
        path=path,
        sha256=digest,
        country=options.country,
        adjusted=options.adjusted,
        series=len(panel.series),
        first=months.label(min(one.start for one in panel.series)),
        last=months.label(max(one.end for one in panel.series)),
        notes=panel.notes + tuple(note for one in panel.series for note in one.notes),
    )


def _plain(record: Stored) -> dict[str, object]:
    cells = dataclasses.asdict(record)
    return cells | {"vintage": record.vintage.isoformat(), "path": record.path.name, "notes": list(record.notes)}


def _parse(path: Path) -> Stored:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))
        return Stored(
            **(
                cells
                | {
                    "vintage": dt.date.fromisoformat(cells["vintage"]),
                    "path": path.parent / cells["path"],
                    "notes": tuple(cells["notes"]),
                }
            )
        )
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        raise UnreadableInput(f"{path} is not a record of a stored vintage.", "Add the data set anew.") from None
