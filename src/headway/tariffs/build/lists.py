"""Every shipped product list: U.S. notes read by `notes`, and the lists that the sources give as tables."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from headway.tariffs.build.exclusions import exclusions
from headway.tariffs.build.notes import SPECS, extract

MEMO_ELECTRONICS = (
    "8471",
    "84733",
    "8486",
    "85171300",
    "85176200",
    "85235100",
    "8524",
    "85285200",
    "8541",
    "8542",
)
"""Products of the memorandum of 2025-04-11, exempt from 2025-04-05: the part of Annex II whose first day is sure."""

Rows = list[dict[str, str]]


def read_rows(path: Path) -> Rows:
    """Rows of a CSV whose leading lines may be comments (`#`)."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


def digits(code: str) -> str:
    """A code without dots, at most ten digits."""
    return code.replace(".", "").strip()[:10]


def _pick(rows: Iterable[Mapping[str, str]], column: str, **where: str) -> list[str]:
    return sorted({digits(r[column]) for r in rows if all(r[key] == value for key, value in where.items())})


def _annex_ii(note: list[str], brazil: Rows) -> dict[str, list[str]]:
    """Annex II in three parts by first day: electronics (5 April), agriculture (13 November), the rest."""
    november = {digits(r["hts10"]) for r in brazil if r["effective_date_start"] == "2025-11-13"}
    electronics = [code for code in note if code.startswith(MEMO_ELECTRONICS)]
    agriculture = [code for code in note if code in november]
    rest = set(note) - set(electronics) - set(agriculture)
    return {
        "annex_ii_electronics": electronics,
        "annex_ii_agriculture": agriculture,
        "annex_ii_rest": sorted(rest),
    }


def _metals(sources: Path, notes: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Metal types of the annex and the steel derivatives of August 2025, by how exactly a code is given.

    The annex table tags heading 7606 (aluminium plates) as steel: corrected here. The table of August 2025
    cuts ten-digit codes to eight; where that subheading has several lines, the code goes to the `_cut` list.
    """
    annex = read_rows(sources / "s232_annex_products.csv")
    aluminium = {digits(r["hts_prefix"]) for r in annex if r["metal_type"] == "aluminum"} | {"7606"}
    derivative = read_rows(sources / "s232_derivative_products.csv")
    august = _pick(derivative, "hts_prefix", ch99_code="9903.81.91")
    exact = set(notes["aluminium_derivative_other"]) | set(notes["metals_annex_1b"]) | set(notes["metals_annex_3"])
    cut = {code for code in august if any(len(other) == 10 and other.startswith(code) for other in exact)}
    reach = set(notes["metals_annex_1a"]) | set(notes["metals_annex_1b"]) | set(notes["metals_annex_3"])
    # Four-digit codes of the annex table outside chapter 72 and 73 come from descriptions, not from lists.
    steel = {digits(r["hts_prefix"]) for r in annex if r["metal_type"] == "steel" and len(r["hts_prefix"]) > 4}
    primary = tuple(notes["steel_primary"])
    may_reach = {c for c in (reach | steel | {"73"}) if not c.startswith(primary)} - set(august)
    return {
        "annex_aluminium": sorted(aluminium),
        "steel_derivative_august_2025": sorted(set(august) - cut),
        "steel_derivative_august_2025_cut": sorted(cut),
        "steel_derivative_may_reach": sorted(c for c in may_reach if c[:2] != "74" and c[:2] != "76"),
    }


def _derivatives_by_month(sources: Path, notes: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Aluminium derivatives of note 19(j) and (k) by first day, as far as the table of derivatives dates them."""
    rows = read_rows(sources / "s232_derivative_products.csv")
    august = tuple(_pick(rows, "hts_prefix", ch99_code="9903.85.08", effective_date="2025-08-18"))
    march = tuple(
        digits(r["hts_prefix"]) for r in rows if r["ch99_code"][:7] == "9903.85" and not r["effective_date"]
    )
    codes = sorted({*notes["aluminium_derivative_other"], *notes["aluminium_derivative_7607"]})
    dated = march + august
    return {
        "aluminium_derivative_march_2025": [code for code in codes if code.startswith(march)],
        "aluminium_derivative_august_2025": [c for c in codes if c.startswith(august) and not c.startswith(march)],
        "aluminium_derivative_undated": [code for code in codes if not code.startswith(dated)],
    }


_VEHICLE = re.compile(
    r"vehicle|motor car|automobile|automotive|truck|tractor|heading 87|chapter 87|870[1-5]", re.I
)


def _parts_by_name(notes: Mapping[str, list[str]], descriptions: Mapping[str, str]) -> dict[str, list[str]]:
    """Lists of vehicle parts in two: lines whose own words name vehicles, and general ones (motors, batteries).

    The notes reach *parts of vehicles* classifiable in a line; a general line needs the importer's word that the
    article is one. Heading 8471 (computers) stands apart.
    """
    lists = {}
    for name in ("auto_parts", "auto_parts_uk", "mhd_parts"):
        prefixes = tuple(notes[name])
        lines = sorted(code for code in descriptions if code.startswith(prefixes))
        named = [code for code in lines if _VEHICLE.search(descriptions[code])]
        lists[name] = named
        lists[f"{name}_general"] = [c for c in lines if c not in set(named) and not c.startswith("8471")]
        if name == "auto_parts":
            lists["auto_parts_computers"] = [code for code in lines if code.startswith("8471")]
    return lists


def _excluded(table: pl.DataFrame) -> dict[str, list[str]]:
    """Lines of each exclusion heading: whole lines, and lines of which the note describes a part."""
    lists = {}
    for (heading, whole), rows in table.group_by("heading", "whole"):
        kind = "whole" if whole else "described"
        lists[f"s301_exclusion_{str(heading)[-2:]}_{kind}"] = sorted(set(rows["code"]))
    return lists


def _tables(sources: Path) -> dict[str, list[str]]:
    """Lists that come as one code column, some split by a second column."""
    common = read_rows(sources / "s301_2026_common_exemptions.csv")
    canada = read_rows(sources / "s338_products.csv")
    carve = read_rows(sources / "fentanyl_carveout_products.csv")
    solar = read_rows(sources / "s201_solar_products.csv")
    return {
        **{
            f"s301_2026_{kind}": _pick(common, "hts_code", condition=kind)
            for kind in ("full", "ex", "pharma", "aircraft")
        },
        **{f"s338_{kind}": _pick(canada, "hts8", program=kind) for kind in ("alcohol", "dairy", "motor_vehicles")},
        **{
            f"fentanyl_{kind}": _pick(carve, "hts8", category=kind)
            for kind in ("potash_mx", "energy_ca", "potash_ca")
        },
        "s338_civil_aircraft": _pick(read_rows(sources / "s338_gn6_exempt_products.csv"), "hts8"),
        "copper": _pick(read_rows(sources / "s232_copper_products.csv"), "hts10"),
        "semiconductor_articles": _pick(read_rows(sources / "s232_semi_products.csv"), "hts10"),
        "certified_parts": _pick(read_rows(sources / "s232_subdivision_r_products.csv"), "hts_prefix"),
        "solar": _pick(solar, "hts10"),
        "quartz": _pick(read_rows(sources / "s201_quartz_products.csv"), "hts10"),
        "polysilicon_ad_valorem": _pick(read_rows(sources / "s232_polysilicon_adval_products.csv"), "hts10"),
        "polysilicon_minimum_price": _pick(read_rows(sources / "s232_polysilicon_mip_products.csv"), "hts10"),
    }


def product_lists(sources: Path, lines: list[str], descriptions: Mapping[str, str]) -> dict[str, list[str]]:
    """List id → codes (4 to 10 digits), sorted. `lines` is the chapter 99 text from subchapter III on,
    `descriptions` those of the schedule's lines by code.
    """
    notes = {spec.list_id: extract(lines, spec) for spec in SPECS}
    brazil = read_rows(sources / "country_eo_exempt_products.csv")
    first = [r for r in brazil if r["effective_date_start"] == "2025-08-06"]
    lists = notes | _annex_ii(notes["annex_ii"], brazil) | _metals(sources, notes) | _tables(sources)
    august = set(_pick(first, "hts10"))
    lists["brazil_exempt_first"] = [code for code in notes["brazil_exempt"] if code[:8] in august]
    lists["brazil_exempt_november"] = [code for code in notes["brazil_exempt"] if code[:8] not in august]
    lists["aluminium_primary"] = [
        "7601",
        "7604",
        "7605",
        "7606",
        "7607",
        "7608",
        "7609",
        "7616995160",
        "7616995170",
    ]
    lists |= (
        _derivatives_by_month(sources, notes) | _excluded(exclusions(lines)) | _parts_by_name(notes, descriptions)
    )
    for raw in ("annex_ii", "brazil_exempt", "aluminium_derivative_other", "aluminium_derivative_7607"):
        del lists[raw]
    return dict(sorted(lists.items()))


def citations() -> dict[str, str]:
    """List id → the U.S. note that it was read from; lists from tables are not in it."""
    return {spec.list_id: f"U.S. note {spec.note} to subchapter III of chapter 99" for spec in SPECS}


def write_lists(target: Path, lists: Mapping[str, list[str]]) -> None:
    """One CSV per list under `target`, column `code`."""
    target.mkdir(parents=True, exist_ok=True)
    for list_id, codes in lists.items():
        pl.DataFrame({"code": codes}, schema={"code": pl.String}).write_csv(target / f"{list_id}.csv")
