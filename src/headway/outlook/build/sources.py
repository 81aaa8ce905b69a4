"""Reads the source files of Korean export figures, each with a known layout, into one kind of row."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from pathlib import Path

from headway.errors import UnreadableInput
from headway.outlook import months
from headway.outlook.build import names

PRESS = "korea_exports_press_releases.csv"
TOTAL = "korea_total_exports_nsa_2023_2026.csv"
CUSTOMS = "kcs_hs_monthly_2025-06_2026-07.csv"
ADJUSTED = "fred_XTEXVA01KRM667S_2000-2026.csv"
FLASH = "kcs_flash_10_20_day.csv"
FORECASTS = "institutional_forecasts_vs_actuals.csv"
SURVEY = "kita_ebsi.csv"
WORKING_DAYS = "korea_working_days_2010-2027.csv"

_KINDS = {
    "daily_avg": "daily_average",
    "item_x_dest": "item_x_destination",
    "item_hs": "item",
}
_UNITS = {"daily_average": "USD bn per working day", "working_days": "days"}


@dataclasses.dataclass(frozen=True)
class Figure:
    """One official figure: `value` in `unit`, published growth `yoy_pct` in percent, and where it is from.

    `known_from` is the day on which the ministry printed the period, `on_file_from` that of the release which the
    value on file is taken or derived from: later, where only a later release implies it.
    """

    kind: str
    name: str
    period: str
    value: float | None
    unit: str
    yoy_pct: float | None
    definition: str
    adjustment: str
    basis: str
    chain_break: bool
    known_from: str
    on_file_from: str
    vintage: str
    source_id: str
    source: str
    decimals: int = 2


def read_rows(folder: Path, file: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a source file; raises UnreadableInput naming the file and the column that it lacks."""
    path = folder / file
    if not path.is_file():
        raise UnreadableInput(f"{path} is missing.", "Point --sources at the folder that holds korea-exports.")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        found = tuple(reader.fieldnames or ())
        missing = [column for column in columns if column not in found]
        if missing:
            raise UnreadableInput(
                f"{file} has no column {', '.join(missing)} (it has {', '.join(found)}).",
                "This reader knows the layout described in docs/data/korea-exports.md.",
            )
        return list(reader)


def known_from(period: str) -> str:
    """Day on which a figure became public: the ministry prints a period on the first day after it."""
    return months.first_day(months.period(period)[-1] + 1).isoformat()


def _year_after(period: str) -> str:
    return f"{int(period[:4]) + 1}{period[4:]}"


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _decimals(text: str) -> int:
    return len(text.partition(".")[2]) if "." in text else 0


def press_figures(folder: Path) -> list[Figure]:
    """Figures of the ministry's monthly releases, as printed there or in the press."""
    columns = ("period", "kind", "name", "value", "yoy_pct", "source_url")
    figures = []
    for row in read_rows(folder, PRESS, columns):
        kind = _KINDS.get(row["kind"], row["kind"])
        figures.append(
            Figure(
                kind=kind,
                name=names.canonical(kind, row["name"]),
                period=row["period"],
                value=_number(row["value"]),
                unit=_UNITS.get(kind, "USD bn"),
                yoy_pct=_number(row["yoy_pct"]),
                definition="MTI item of the ministry" if "item" in kind else "all goods, customs basis",
                adjustment="none",
                basis="published",
                chain_break=False,
                known_from=known_from(row["period"]),
                on_file_from=known_from(row["period"]),
                vintage="first print",
                source_id="motie_releases",
                source=row["source_url"],
                decimals=_decimals(row["value"]),
            )
        )
    return figures


def total_figures(folder: Path, published: set[str]) -> list[Figure]:
    """Months of the unadjusted total that no release on file prints: revised, or derived from a growth rate."""
    columns = ("month", "exports_usd_bn_nsa", "yoy_pct_reported", "basis", "source")
    figures = []
    for row in read_rows(folder, TOTAL, columns):
        if row["month"] in published:
            continue
        derived = row["basis"].startswith("derived")
        figures.append(
            Figure(
                kind="total",
                name="total",
                period=row["month"],
                value=float(row["exports_usd_bn_nsa"]),
                unit="USD bn",
                yoy_pct=_number(row["yoy_pct_reported"]),
                definition="all goods, customs basis",
                adjustment="none",
                basis="derived from growth" if derived else "published",
                chain_break=False,
                known_from=known_from(row["month"]),
                on_file_from=known_from(_year_after(row["month"]) if derived else row["month"]),
                vintage="implied by the release a year later" if derived else "revised (customs)",
                source_id="motie_releases" if derived else "kcs_open_api",
                source=row["source"],
            )
        )
    return figures


def customs_figures(folder: Path) -> list[Figure]:
    """Monthly customs figures by HS-defined item and destination; not the ministry's items."""
    columns = ("month", "kind", "name", "value_usd_bn", "hs_definition", "source_repo_commit")
    figures = []
    for row in read_rows(folder, CUSTOMS, columns):
        if row["kind"] not in ("item_hs", "destination"):
            continue
        kind = _KINDS.get(row["kind"], row["kind"])
        release = months.first_day(months.month(row["month"]) + 1) + dt.timedelta(days=14)
        figures.append(
            Figure(
                kind=kind,
                name=names.canonical(kind, row["name"]),
                period=row["month"],
                value=float(row["value_usd_bn"]),
                unit="USD bn",
                yoy_pct=None,
                definition=f"HS {row['hs_definition']}" if kind == "item" else "customs destination",
                adjustment="none",
                basis="published",
                chain_break=False,
                known_from=release.isoformat(),
                on_file_from=release.isoformat(),
                vintage="revised (customs)",
                source_id="kcs_open_api",
                source=row["source_repo_commit"],
            )
        )
    return figures


def adjusted_figures(folder: Path) -> list[Figure]:
    """The OECD's seasonally adjusted total, USD bn; one vintage, so its past is known with hindsight."""
    rows = read_rows(folder, ADJUSTED, ("month", "exports_usd_mn_sa"))
    return [
        Figure(
            kind="total",
            name="total",
            period=row["month"],
            value=round(float(row["exports_usd_mn_sa"]) / 1000, 5),
            unit="USD bn",
            yoy_pct=None,
            definition="all goods, seasonally adjusted by the OECD",
            adjustment="seasonal",
            basis="published",
            chain_break=False,
            known_from=known_from(row["month"]),
            on_file_from=known_from(row["month"]),
            vintage="one vintage, mid-2026",
            source_id="oecd_mei",
            source="OECD Main Economic Indicators, XTEXVA01KRM667S",
            decimals=5,
        )
        for row in rows
    ]
