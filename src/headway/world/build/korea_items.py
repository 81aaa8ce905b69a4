"""Korea's exports by item of 2024, as published, and the sectors whose exports they fix."""

from __future__ import annotations

import csv
from pathlib import Path

from headway.errors import DataError, UnreadableInput

FILE = "korea-exports/korea_exports_press_releases.csv"
YEAR = "2024"
ITEMS_OF: dict[str, tuple[str, ...]] = {
    "electronics": ("semiconductors", "displays", "computers", "wireless_devices"),
    "motor_vehicles": ("automobiles", "auto_parts"),
    "other_transport": ("ships",),
}
"""Published items that make up a sector's exports; what else the sector exports is small, see `sector_exports`."""


def read(sources: Path) -> dict[str, float]:
    """Exports of 2024 by published item, USD million; raises UnreadableInput or DataError naming what is missing."""
    path = sources / FILE
    if not path.is_file():
        raise UnreadableInput(
            f"There is no file {path}.", "Point --sources at the folder that holds korea-exports."
        )
    with path.open(encoding="utf-8", newline="") as file:
        found = {
            row["name"]: float(row["value"]) * 1e3
            for row in csv.DictReader(file)
            if row["period"] == YEAR and row["kind"] == "item"
        }
    missing = [item for items in ITEMS_OF.values() for item in items if item not in found]
    if missing:
        raise DataError(f"{path.name} has no {YEAR} value for {', '.join(missing)}.", "Add the annual figures.")
    return found


def sector_exports(items: dict[str, float], us_other_transport: float) -> dict[str, float]:
    """Exports to all regions by sector, USD million.

    Ships hardly go to the US, so what the US buys in other_transport (aircraft parts) comes on top of them.
    """
    totals = {sector: sum(items[item] for item in parts) for sector, parts in ITEMS_OF.items()}
    totals["other_transport"] += us_other_transport
    return totals
