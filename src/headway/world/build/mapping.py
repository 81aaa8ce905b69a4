"""From a publisher's countries and industries to regions and sectors: the default, or a user's mapping file."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from headway.codes import sectors
from headway.errors import DataError, UnknownCode, UnreadableInput
from headway.files import sha256
from headway.world.regions import REGIONS, region_of

COLUMNS = ("kind", "code", "to")
KINDS = ("country", "industry")

PARTS = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX", "ROM": "ROU", "RoW": "ROW"}
"""Codes of publishers that are no ISO3 code: parts of China and Mexico (by kind of firm), and old codes."""

# Divisions of ISIC Rev. 4, first and last, and the sector that holds them. Instruments (265–267) go with electronics;
# in the embedded world, whose structure is of Rev. 3, they are with electrical machinery.
DIVISIONS = (
    (1, 3, "agriculture"),
    (5, 9, "mining"),
    (10, 12, "food"),
    (13, 15, "textiles"),
    (16, 18, "wood_paper"),
    (19, 19, "petroleum"),
    (20, 21, "chemicals"),
    (22, 22, "rubber_plastics"),
    (23, 23, "minerals"),
    (24, 25, "metals"),
    (26, 26, "electronics"),
    (27, 27, "electrical"),
    (28, 28, "machinery"),
    (29, 29, "motor_vehicles"),
    (30, 30, "other_transport"),
    (31, 33, "other_manufacturing"),
    (35, 39, "utilities"),
    (41, 43, "construction"),
    (45, 47, "trade"),
    (49, 53, "transport"),
    (55, 56, "hospitality"),
    (58, 63, "business_services"),
    (64, 66, "finance"),
    (68, 82, "business_services"),
    (84, 99, "public_services"),
)
SECTIONS = {
    "A": "agriculture",
    "B": "mining",
    **dict.fromkeys("DE", "utilities"),
    "F": "construction",
    "G": "trade",
    "H": "transport",
    "I": "hospitality",
    "J": "business_services",
    "K": "finance",
    **dict.fromkeys("LMN", "business_services"),
    **dict.fromkeys("OPQRSTU", "public_services"),
}

_DIVISION = re.compile(r"[A-U]?(\d{2})")


@dataclass(frozen=True)
class Concordance:
    """The region of every country and the sector of every industry; `regions` and `sectors` are the axes, in order.

    `sha256` is that of the user's file, empty for the default.
    """

    region_of: Mapping[str, str]
    sector_of: Mapping[str, str]
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    sha256: str = ""


def sector_of_isic4(industry: str) -> str:
    """The sector of an industry code that starts with a division or section of ISIC Rev. 4; raises UnknownCode."""
    match = _DIVISION.match(industry)
    if match:
        division = int(match[1])
        for first, last, sector in DIVISIONS:
            if first <= division <= last:
                return sector
    elif industry[:1] in SECTIONS and not industry[1:2].isalnum():
        return SECTIONS[industry[0]]
    raise UnknownCode(f"No sector is known for the industry {industry!r}.", "Give a mapping file with its sector.")


def iso3_of(country: str) -> str:
    """The ISO3 code of a publisher's country."""
    return PARTS.get(country, country)


def concordance(countries: Iterable[str], industries: Iterable[str], path: Path | None = None) -> Concordance:
    """The concordance of a table: a mapping file (kind, code, to), and the default for a kind that it leaves out.

    The default takes countries to the regions of the embedded world and industries to its sectors. Axes are in the
    embedded order where they are those of the embedded world, else as they first come. Raises UnreadableInput for a
    file with other columns or kinds, DataError for a code given twice, and UnknownCode for a country or industry of
    the table that the file, once it names any of that kind, leaves out.
    """
    given = {kind: {} for kind in KINDS} if path is None else _read(path)
    region_map = _complete("country", tuple(countries), given["country"], lambda code: region_of(iso3_of(code)))
    sector_map = _complete("industry", tuple(industries), given["industry"], sector_of_isic4)
    return Concordance(
        region_map,
        sector_map,
        _ordered(region_map.values(), REGIONS),
        _ordered(sector_map.values(), sectors.keys()),
        "" if path is None else sha256(path.read_bytes()),
    )


def _complete(
    kind: str, codes: tuple[str, ...], given: Mapping[str, str], default: Callable[[str], str]
) -> dict[str, str]:
    if not given:
        return {code: default(code) for code in codes}
    missing = [code for code in codes if code not in given]
    if missing:
        raise UnknownCode(
            f"The mapping file has no row for the {kind} {', '.join(missing[:5])}.",
            f"Give every {kind} of the table, or none for the default.",
        )
    return {code: given[code] for code in codes}


def _ordered(groups: Iterable[str], embedded: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(groups))
    return tuple(one for one in embedded if one in found) if set(found) <= set(embedded) else found


def _read(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        raise UnreadableInput(f"There is no file {path}.", "Check the path of the mapping file.")
    made: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise UnreadableInput(
                f"{path.name}: no column {missing[0]}.",
                f"Columns: {', '.join(COLUMNS)}; kind is country or industry.",
            )
        for number, row in enumerate(rows, start=2):
            kind, code, to = (str(row[column] or "").strip() for column in COLUMNS)
            if kind not in KINDS or not code or not to:
                raise UnreadableInput(
                    f"{path.name}: line {number} is no country or industry with its group.",
                    f"Columns: {', '.join(COLUMNS)}; kind is country or industry.",
                )
            if code in made[kind]:
                raise DataError(f"{path.name}: the {kind} {code} is there twice.", "Keep one line for each code.")
            made[kind][code] = to
    return made
