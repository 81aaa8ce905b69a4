from __future__ import annotations

import random
from pathlib import Path

import pytest

from headway.errors import DataError
from headway.tariffs import read_authority, rulebook
from headway.tariffs.instruments import DATA, FOREVER, combine

FILES = sorted((DATA / "instruments").glob("*.yaml"))

GOOD = """
authority: Test
instruments:
  - id: one
    title: One
    heading: "9903.99.01"
    family: test
    group: test
    partners: [KOR]
    codes: ["8703"]
    kind: additive
    rate: 10
    dates: {effective: 2026-01-01, published: 2026-01-01}
    citation: none
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "test.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_an_authority(tmp_path: Path) -> None:
    book = read_authority(write(tmp_path, GOOD))
    assert [p.id for p in book.provisions] == ["one"]
    assert book.provisions[0].ends == FOREVER


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    rate: 10\n", "    rate: 10\n    rat: 3\n", "rat"),
        ("    rate: 10\n", "    rate: 10\n    rate: 12\n", "twice"),
        ("    rate: 10\n", "", "needs rate"),
        ("partners: [KOR]", "partners: [ATL]", "Unknown partner"),
        ("kind: additive", "kind: floor_total", "compare"),
        ("effective: 2026-01-01,", "effective: 2026-01-01, ends: 2025-12-31,", "empty interval"),
        ('    codes: ["8703"]\n', "", "no products"),
        ("kind: additive", "kind: unknown", "reason"),
    ],
)
def test_a_faulty_file_names_the_fault(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_authority(write(tmp_path, GOOD.replace(old, new)))


def test_a_provision_given_twice_is_refused(tmp_path: Path) -> None:
    book = read_authority(write(tmp_path, GOOD))
    with pytest.raises(DataError, match="given twice"):
        combine([book, book])


def test_the_order_of_files_is_irrelevant() -> None:
    shuffled = FILES[:]
    random.Random(5).shuffle(shuffled)
    assert combine([read_authority(path) for path in shuffled]) == rulebook()


def test_every_duty_has_citation_and_every_gap_a_reason() -> None:
    for provision in rulebook().provisions:
        assert provision.citation
        assert provision.kind != "unknown" or provision.reason


def test_korea_was_not_exempt_from_the_aluminium_duty_of_2018() -> None:
    found = next(p for p in rulebook().provisions if p.id == "aluminium_2018")
    assert {"KOR", "JPN", "BRA"} <= found.partners


def test_heading_7606_is_aluminium() -> None:
    listed = (DATA / "lists" / "annex_aluminium.csv").read_text(encoding="utf-8").split()
    assert "7606" in listed
