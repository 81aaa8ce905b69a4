"""Product lists read from the U.S. notes of chapter 99: an anchor where a list starts, one where it stops."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from headway.errors import DataError

_CODE = re.compile(r"(?<![\d.])(\d{4}(?:\.\d{2}(?:[.,]\d{2}(?:\.?\d{2,4})?)?)?)(?![\d])")
_NOISE = re.compile(
    r"Harmonized Tariff Schedule|Annotated for|^\s*XXII|^\s*99 ?- ?III|Fed\. Reg\.|Proclamation|U\.S\.C\."
)
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d{2}\b(?!\.)")


@dataclass(frozen=True)
class ListSpec:
    """One product list: `start` and `stop` are patterns of the lines around it; `least` guards against a new layout."""

    list_id: str
    start: str
    stop: str
    note: str
    least: int
    headings: bool = False
    """True where the list names four-digit headings too (metals); elsewhere a bare number is no code."""


SPECS: tuple[ListSpec, ...] = (
    ListSpec(
        "annex_ii", r"^\s+0201\.10\.05", r"^\(b\) As provided in heading 9903\.02\.78", "2(v)(iii)(a)", 1000, True
    ),
    ListSpec(
        "eu_particular", r"^\(xx\) As provided in heading 9903\.02\.74", r"^\(xxi\) As provided", "2(v)(xx)", 200
    ),
    ListSpec("aircraft_eu", r"^\(xxii\)  ?As provided", r"^\(xxiii\) As provided", "2(v)(xxii)", 500),
    ListSpec("pharma_unpatented", r"^\(xxiii\) As provided", r"^\(xxiv\)", "2(v)(xxiii)", 750),
    ListSpec("aircraft_korea", r"^\(b\) As provided in heading 9903\.02\.81", r"^\(xxv\)", "2(v)(xxiv)(b)", 500),
    ListSpec(
        "swiss_particular",
        r"^\(b\) As provided in headings 9903\.02\.84",
        r"^\(c\) As provided",
        "2(v)(xxv)(b)",
        300,
    ),
    ListSpec(
        "brazil_exempt",
        r"^\(a\) As provided in heading 9903\.01\.81",
        r"^\(b\) As provided in heading 9903\.01\.90",
        "2(x)(iii)(a)",
        300,
    ),
    ListSpec(
        "aircraft_brazil",
        r"\(iv\) As provided in heading 9903\.01\.82",
        r"\(v\) The additional duties imposed by heading 9903\.01\.77",
        "2(x)(iv)",
        500,
    ),
    ListSpec(
        "s122_exempt",
        r"^\(ii\) As provided in heading 9903\.03\.03",
        r"^\(iii\) As provided in heading 9903\.03\.04",
        "2(aa)(ii)",
        1050,
    ),
    ListSpec(
        "aircraft_all",
        r"^\(iv\) As provided in heading 9903\.03\.05",
        r"^\(v\) As provided in heading 9903\.03\.06",
        "2(aa)(iv)",
        500,
    ),
    ListSpec(
        "aircraft_uk",
        r"^\(a\) As provided in heading 9903\.96\.01",
        r"\(b\) As provided in heading 9903\.96\.02",
        "35(a)",
        500,
    ),
    ListSpec(
        "aircraft_japan", r"\(b\) As provided in heading 9903\.96\.02", r"^36\. \[Note deleted", "35(b)", 500
    ),
    ListSpec(
        "steel_primary", r"\(iii\) Articles of steel:", r"Harmonized Tariff Schedule", "16(c)(iii)", 38, True
    ),
    ListSpec(
        "metals_annex_1a",
        r"\(i\) Articles of aluminum:",
        r"^\(vi\) Derivative aluminum articles",
        "16(c)(i)-(v)",
        200,
        True,
    ),
    ListSpec(
        "metals_annex_1b",
        r"^\(vi\) Derivative aluminum articles",
        r"\(ix\) Derivative aluminum articles",
        "16(c)(vi)-(viii)",
        380,
    ),
    ListSpec(
        "metals_annex_3",
        r"\(ix\) Derivative aluminum articles",
        r"^\(d\) Headings 9903\.82\.04",
        "16(c)(ix)-(x)",
        38,
    ),
    ListSpec(
        "s301_list1",
        r"^\(b\) Heading 9903\.88\.01 applies",
        r"^\(c\) For the purposes of heading 9903\.88\.02",
        "20(b)",
        800,
    ),
    ListSpec(
        "s301_list2",
        r"^\(d\) Heading 9903\.88\.02 applies",
        r"^\(e\) For the purposes of heading 9903\.88\.03",
        "20(d)",
        270,
    ),
    ListSpec(
        "s301_list3",
        r"^\(f\) Heading 9903\.88\.03 applies",
        r"^\(g\) For the purposes of heading 9903\.88\.04",
        "20(f)",
        5500,
    ),
    ListSpec(
        "s301_list4a",
        r"^\(s\) Heading 9903\.88\.15 applies",
        r"^\(t\) For the purposes of heading 9903\.88\.16",
        "20(s)",
        2800,
    ),
    ListSpec(
        "s301_review_25",
        r"^\(b\) Heading 9903\.91\.01 applies",
        r"^\(c\) Heading 9903\.91\.02 applies",
        "31(b)",
        330,
    ),
    ListSpec(
        "s301_review_50",
        r"^\(c\) Heading 9903\.91\.02 applies",
        r"^\(d\) Heading 9903\.91\.03 applies",
        "31(c)",
        2,
    ),
    ListSpec(
        "s301_review_100",
        r"^\(d\) Heading 9903\.91\.03 applies",
        r"^\(e\) Heading 9903\.91\.04 applies",
        "31(d)",
        10,
    ),
    ListSpec("s301_review_masks_2025", r"^\(e\) Heading 9903\.91\.04 applies", r"^\(f\)", "31(e)", 1),
    ListSpec(
        "s301_review_50_2025",
        r"\(i\) Heading 9903\.91\.05 applies",
        r"\(ii\) The additional rate of duty under heading 9903\.91\.05",
        "31(f)",
        18,
    ),
    ListSpec(
        "s301_review_25_2026", r"^\(g\) Heading 9903\.91\.06 applies", r"^\(h\) Heading 9903\.91\.07", "31(g)", 5
    ),
    ListSpec("s301_review_50_2026", r"^\(h\) Heading 9903\.91\.07", r"^\(i\) Heading 9903\.91\.08", "31(h)", 5),
    ListSpec("s301_review_100_2026", r"^\(i\) Heading 9903\.91\.08", r"^\(j\) Heading 9903\.91\.11", "31(i)", 1),
    ListSpec("s301_review_tungsten", r"^\(j\) Heading 9903\.91\.11", r"^\(k\)", "31(j)", 3),
    ListSpec(
        "russia_35",
        r"^\(b\) Heading 9903\.90\.08 applies",
        r"^\(c\) For the purposes of heading 9903\.90\.09",
        "30(b)",
        530,
    ),
    ListSpec("russia_70", r"^\(d\) Heading 9903\.90\.09 applies", r"^31\. \(a\)", "30(d)", 120),
    ListSpec(
        "auto_vehicles",
        r"^\(b\) The rates of duty set forth in headings 9903\.94\.01",
        r"^\(c\) Heading 9903\.94\.02 applies",
        "33(b)",
        15,
    ),
    ListSpec(
        "auto_parts",
        r"^\(g\) Subject to a manufacturer",
        r"^\(h\) Heading 9903\.94\.06 applies",
        "33(g)",
        125,
        True,
    ),
    ListSpec(
        "auto_vehicles_uk",
        r"^\(i\) Heading 9903\.94\.31 sets forth",
        r"^The aggregate annual import volume",
        "33(i)",
        10,
    ),
    ListSpec("auto_parts_uk", r"^\(j\) Heading 9903\.94\.32 sets forth", r"^Any automotive part", "33(j)", 250),
    ListSpec(
        "softwood",
        r"^\(b\) The rates of duty set forth in heading 9903\.76\.01",
        r"^\(c\) Heading 9903\.76\.02",
        "37(b)",
        15,
    ),
    ListSpec(
        "upholstered_furniture",
        r"^\(d\) The rates of duty set forth in headings 9903\.76\.02",
        r"^\(e\) Except for as provided",
        "37(d)",
        4,
    ),
    ListSpec(
        "kitchen_cabinets",
        r"^\(f\) Except for as provided by 9903\.76\.04",
        r"^\(g\) Heading 9903\.76\.04",
        "37(f)",
        3,
    ),
    ListSpec(
        "mhd_vehicles",
        r"\(b\) The rate of duty set forth in heading 9903\.74\.01",
        r"\(c\) Heading 9903\.74\.02",
        "38(b)",
        20,
    ),
    ListSpec("buses", r"\(c\) Heading 9903\.74\.02", r"^\(d\) Heading 9903\.74\.03", "38(c)", 10),
    ListSpec(
        "mhd_parts",
        r"^\(i\) The rates of duty set forth in heading 9903\.74\.08",
        r"^\(j\) Heading 9903\.74\.09",
        "38(i)",
        170,
    ),
    ListSpec(
        "aluminium_derivative_7607",
        r"^\(j\) The rates of duty set forth in heading 9903\.85\.07",
        r"^\(k\) The rates of duty in heading 9903\.85\.08",
        "19(j)",
        15,
    ),
    ListSpec(
        "aluminium_derivative_other",
        r"^\(k\) The rates of duty in heading 9903\.85\.08",
        r"^additional ad valorem duty imposed by heading 9903\.85\.08|^\(l\) Any importer",
        "19(k)",
        190,
    ),
    ListSpec("agricultural_safeguards", r"^\s*SUBCHAPTER IV\s*$", r"SUBCHAPTER V deleted", "subchapter IV", 50),
    ListSpec(
        "eu_aircraft_dispute",
        r"^\(c\) Subheading 9903\.89\.10 and superior",
        r"^22\. \[Note deleted",
        "21(c)-(t)",
        100,
    ),
)


def read_text(path: Path) -> list[str]:
    """Lines of the chapter, without NUL bytes."""
    raw = gzip.decompress(path.read_bytes()).decode("utf-8", errors="replace")
    return raw.replace("\x00", "").split("\n")


def codes_in(line: str, *, headings: bool) -> list[str]:
    """HTS codes printed on a line, digits only; chapter 99 headings are not products."""
    if _NOISE.search(line):
        return []
    found = [match.replace(".", "").replace(",", "") for match in _CODE.findall(line.replace(";00", ".00"))]
    return [code for code in found if not code.startswith("99") and (len(code) > 4 or headings)]


def _normal(code: str) -> str:
    """Twelve-digit misprints (`8505.11.007000`) and odd lengths down to ten digits."""
    return code[:10]


def find(lines: list[str], pattern: str, start: int = 0) -> int:
    """Index of the first line at or after `start` that matches; -1 if none."""
    compiled = re.compile(pattern)
    return next((i for i in range(start, len(lines)) if compiled.search(lines[i])), -1)


def extract(lines: list[str], spec: ListSpec) -> list[str]:
    """Codes of one list. Raises `DataError` if the anchors or the expected number of codes are not there."""
    start = find(lines, spec.start)
    stop = find(lines, spec.stop, start + 1)
    if start < 0 or stop < 0:
        raise DataError(
            f"U.S. note {spec.note}: no start or end of list {spec.list_id}",
            "Revise the anchors in build/notes.py.",
        )
    kept = "\n".join(line for line in lines[start:stop] if line.strip() and not _NOISE.search(line))
    whole = re.sub(r"(\d\.)\s*\n\s*(?=\d)", r"\1", kept)
    text = (_YEAR.sub("", line) for line in whole.split("\n"))
    codes = sorted({_normal(code) for line in text for code in codes_in(line, headings=spec.headings)})
    if len(codes) < spec.least:
        raise DataError(
            f"U.S. note {spec.note}: {len(codes)} codes in {spec.list_id}, at least {spec.least} expected",
            "Check the text.",
        )
    return codes
