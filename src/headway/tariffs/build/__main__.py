"""Rebuild the shipped tables: `python -m headway.tariffs.build --sources DIR` (DIR holds `us-tariffs`)."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from headway.errors import UnreadableInput
from headway.tariffs.build import base, lists, shares
from headway.tariffs.build.exclusions import exclusions
from headway.tariffs.build.notes import find, read_text

DATA = Path(__file__).resolve().parents[1] / "data"


def build(sources: Path, target: Path) -> dict[str, int]:
    """Write every table under `target` and return the number of rows of each."""
    folder = sources / "us-tariffs" if (sources / "us-tariffs").is_dir() else sources
    edition = folder / "hts_2025_basic_edition.csv"
    if not edition.exists():
        raise UnreadableInput(
            f"No {edition.name} under {sources}.", "Point --sources at the folder of input data."
        )
    rows = base.read_edition(edition)
    table, changes = base.with_changes(base.lines(rows), folder / "hts_concordance.csv")
    text = read_text(folder / "chapter99_2026_rev_6.txt.gz")
    text = text[find(text, r"^\s*SUBCHAPTER III\s*$") :]
    found = lists.product_lists(folder, text, dict(zip(table["hts10"], table["description"], strict=True)))
    lists.write_lists(target / "lists", found)
    tables = {
        "schedule": base.with_numbers(table),
        "specials": base.specials(table),
        "headings": base.headings(rows),
        "changes": changes,
        "exclusions": exclusions(text),
        "usmca_shares": shares.usmca(folder),
        "preference_shares": shares.preferences(folder),
        "metal_shares": shares.metal_content(folder),
    }
    for name, frame in tables.items():
        frame.write_parquet(target / f"{name}.parquet", compression="zstd")
    counts = {name: frame.height for name, frame in tables.items()} | {
        f"lists/{k}": len(v) for k, v in found.items()
    }
    _manifest(folder, target, counts)
    return counts


def _manifest(folder: Path, target: Path, counts: dict[str, int]) -> None:
    """What the tables were built from: SHA-256 of each input, rows of each output."""
    inputs = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir()) if p.is_file()}
    text = json.dumps({"inputs": inputs, "rows": counts}, indent=1, sort_keys=True)
    (target / "manifest.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Parse the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=DATA)
    arguments = parser.parse_args()
    build(arguments.sources, arguments.target)


if __name__ == "__main__":
    main()
