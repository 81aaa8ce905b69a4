"""Rebuild the shipped HS labels and check every table against the source data: `python -m headway.codes.build`."""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import logging
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from headway.codes import countries, items, sectors
from headway.errors import DataError

log = logging.getLogger(__name__)

DATA = Path(__file__).parent / "data"
US_PROVISIONS = {
    "98": "US provisions for returned, repaired, temporary and exempt goods",
    "9801": "US goods returned, and articles reimported",
    "980100": "US goods returned, and articles reimported",
    "9802": "Articles exported and returned after repair, processing or assembly abroad",
    "980200": "Articles exported and returned after repair, processing or assembly abroad",
    "9808": "Articles imported for US government agencies",
    "980800": "Articles imported for US government agencies",
    "9810": "Articles for religious, educational, scientific and other institutions",
    "981000": "Articles for religious, educational, scientific and other institutions",
    "9812": "Articles for exhibition",
    "981200": "Articles for exhibition",
    "9817": "Other exempt articles, such as prototypes and articles for disabled persons",
    "981700": "Other exempt articles, such as prototypes and articles for disabled persons",
    "99": "US temporary provisions and statistical estimates",
    "9999": "Estimated low-value and undocumented entries, in US statistics without product",
    "999995": "Estimated low-value entries, in US statistics without product",
}
"""Labels, in our words, of the codes of US statistics that the Harmonized System leaves to national use."""

GTAP_SECTORS = {
    "agriculture": "pdr wht gro v_f osd c_b pfb ocr ctl oap rmk wol frs fsh",
    "mining": "coa oil gas oxt",
    "food": "cmt omt vol mil pcr sgr ofd b_t",
    "textiles": "tex wap lea",
    "wood_paper": "lum ppp",
    "petroleum": "p_c",
    "chemicals": "chm bph",
    "rubber_plastics": "rpp",
    "minerals": "nmm",
    "metals": "i_s nfm fmp",
    "machinery": "ome",
    "electronics": "ele",
    "electrical": "eeq",
    "motor_vehicles": "mvh",
    "other_transport": "otn",
    "other_manufacturing": "omf",
    "utilities": "ely",
}
"""Our sectors in terms of the sectors of GTAP 10, which follow ISIC Rev. 4."""


def _read(path: Path, *columns: str) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise DataError(f"No file {path.name}.", "Give --sources the folder that holds crosswalks and us-imports.")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{path.name} lacks the column {', '.join(missing)}.", "Give the layout of the catalogue.")
    yield from reader


def hs_labels(sources: Path) -> dict[str, str]:
    """HS 2022 code (2, 4, 6 digits) → label, with the US provisions of chapters 98 and 99."""
    table = _read(sources / "crosswalks" / "harmonized-system.csv", "hscode", "description", "level")
    labels = {row["hscode"]: " ".join(row["description"].split()) for row in table if row["level"] in "246"}
    return dict(sorted({**labels, **US_PROVISIONS}.items()))


def write_labels(labels: dict[str, str], path: Path) -> None:
    """Write the labels as CSV, by way of a temporary file."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("hs", "label"))
        writer.writerows(labels.items())
    temporary.replace(path)


def gtap_differences(sources: Path, year: int = 2024) -> dict[tuple[str, str], float]:
    """(sector by GTAP, our sector) → US general imports of `year` in USD million where the two differ."""
    ours = {gtap: key for key, codes in GTAP_SECTORS.items() for gtap in codes.split()}
    crosswalk = _read(sources / "crosswalks" / "hs10_gtap_crosswalk.csv.gz", "hs10", "gtap_code")
    by_hts10 = {row["hs10"]: ours.get(row["gtap_code"].lower(), "") for row in crosswalk}
    moved: dict[tuple[str, str], float] = defaultdict(float)
    imports = sources / "us-imports" / f"us_imports_htsus10_country_{year}.csv.gz"
    for row in _read(imports, "htsus10", "census_cty", "general_imports_usd"):
        theirs, mine = by_hts10.get(row["htsus10"], ""), sectors.of_hs6(row["htsus10"])
        if theirs and theirs != mine:
            moved[theirs, mine] += float(row["general_imports_usd"]) / 1e6
    return dict(sorted(moved.items(), key=lambda pair: -pair[1]))


def check(sources: Path) -> None:
    """Raise UnknownCode or DataError unless every HS code and Census code of the sources is in our tables."""
    for code in (code for code in hs_labels(sources) if len(code) == 6):
        sectors.of_hs6(code)
        items.of_hs6(code)
    for row in _read(sources / "us-tariffs" / "census_codes.csv", "Code", "Name"):
        countries.by_census_code(row["Code"])


def main() -> None:
    """Command line of the module."""
    parser = argparse.ArgumentParser(prog="python -m headway.codes.build", description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder of the source data")
    sources: Path = parser.parse_args().sources
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    labels = hs_labels(sources)
    check(sources)
    write_labels(labels, DATA / "hs_labels.csv")
    log.info("hs_labels.csv: %d codes", len(labels))
    for (theirs, mine), value in gtap_differences(sources).items():
        log.info("GTAP %s, here %s: %.0f USD million", theirs, mine, value)


if __name__ == "__main__":
    main()
