"""Caliendo & Parro's (2015) data: 31 regions × 40 sectors, trade and costs of 1993, applied tariffs of 2005.

The builder uses them for what WIOD does not show: how industries c14 and c15 divide (step 2) and the tariffs of
importers other than the US (step 5). The order of regions and sectors is that of the published `.rda`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.errors import UnreadableInput
from headway.world.build.records import Array
from headway.world.regions import EU_REGIONS

COUNTRIES: tuple[str, ...] = (
    *(
        "ARG",
        "AUS",
        "AUT",
        "BRA",
        "CAN",
        "CHL",
        "CHN",
        "DNK",
        "FIN",
        "FRA",
        "DEU",
        "GRC",
        "HUN",
        "IND",
        "IDN",
        "IRL",
    ),
    *("ITA", "JPN", "KOR", "MEX", "NLD", "NZL", "NOR", "PRT", "ZAF", "ESP", "SWE", "TUR", "GBR", "USA", "ROW"),
)
"""Regions of the data in their order; ROW is their own rest of the world."""

SECTOR_OF: tuple[str, ...] = (
    *("agriculture", "mining", "food", "textiles", "wood_paper", "wood_paper", "petroleum", "chemicals"),
    *("rubber_plastics", "minerals", "metals", "metals", "machinery", "electronics", "electrical", "electronics"),
    *("electrical", "motor_vehicles", "other_transport", "other_manufacturing", "utilities", "construction"),
    *("trade", "hospitality", "transport", "transport", "transport", "transport", "business_services", "finance"),
    *("business_services",) * 5,
    *("public_services",) * 5,
)
"""Sector of the world of each of the 40: Office, Communication are electronics; Electrical, Medical electrical."""

TRADABLE = 20
_OWN: dict[str, tuple[str, ...]] = {
    "XEU": ("AUT", "DNK", "FIN", "GRC", "IRL", "PRT"),
    "ROW": ("ARG", "CHL", "NZL", "NOR", "ZAF", "ROW"),
}
STAND_IN: dict[str, tuple[str, ...]] = {
    "TWN": ("ROW",),
    "RUS": ("ROW",),
    "POL": ("HUN",),
    "CZE": ("HUN",),
    "BEL": ("NLD",),
}
"""Regions that the data lack, and the regions whose structure stands in for theirs: an assumption."""

_FILES = {"B.txt": (40, 31), "GO.txt": (40, 31), "IO.txt": (1240, 40), "xbilat1993.txt": (620, 31)}


@dataclass(frozen=True)
class CaliendoParro:
    """USD million of 1993; tariffs of 2005 as fractions.

    `trade[sector20, importer, exporter]` with own sales on the diagonal, `inputs[region, input, user]`, `value_added`
    and `output` [sector, region], `tariff[sector20, importer, exporter]`.
    """

    trade: Array
    inputs: Array
    value_added: Array
    output: Array
    tariff: Array


def _table(path: Path, shape: tuple[int, int]) -> Array:
    if not path.is_file():
        raise UnreadableInput(
            f"There is no file {path}.", "Point --sources at the folder that holds cp2015-nafta."
        )
    values = np.loadtxt(path)
    if values.shape != shape:
        raise UnreadableInput(
            f"{path.name} should have the shape {shape}, found {values.shape}.", "Use the CP 2015 files."
        )
    return np.asarray(values, dtype=float)


def read(folder: Path) -> CaliendoParro:
    """The data of `folder`; raises UnreadableInput naming the file with another layout."""
    share, gross, inputs, exports = (_table(folder / name, shape) for name, shape in _FILES.items())
    gross = gross / 1e6
    trade = exports.reshape(TRADABLE, 31, 31) / 1e3
    own = np.maximum(gross[:TRADABLE] - trade.sum(axis=1), 0.0)
    trade[:, np.arange(31), np.arange(31)] = own
    costs = np.maximum(inputs.reshape(31, 40, 40), 0.0) * ((1.0 - share) * gross).T[:, None, :]
    tariff = _table(folder / "tariffs2005.txt", (620, 31)).reshape(TRADABLE, 31, 31) / 100.0
    return CaliendoParro(trade, costs, share * gross, gross, tariff)


def members(region: str) -> list[int]:
    """Positions, among the 31, of a region of the world or of what stands in for it."""
    codes = _OWN.get(region) or STAND_IN.get(region) or (region,)
    return [COUNTRIES.index(code) for code in codes]


def covers_importer(region: str) -> bool:
    """Whether the tariffs of 2005 speak of this importer: its own, or those of the customs union it is in."""
    return region in EU_REGIONS or region not in STAND_IN
