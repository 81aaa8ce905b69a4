"""The sample announcement of the repository, which names no head of government, is read in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.policy import Document
from headway.reading import read_file

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "announcement.txt"


@pytest.fixture(scope="module")
def document() -> Document:
    return read_file(EXAMPLE)


def test_measures(document: Document) -> None:
    found = [(m.imposer, m.instrument, m.stage, m.rate_low, m.rate_high, m.partners) for m in document.measures]
    assert found == [
        ("USA", "tariff", "pledged", 10, 20, ("ALL",)),
        ("USA", "tariff", "threatened", None, 60, ("CHN",)),
        ("USA", "subsidy_removal", "under_review", None, None, ()),
    ]
    assert [(one.country, one.sector) for one in document.measures[2].affected] == [("KOR", "carmakers")]


def test_the_rest(document: Document) -> None:
    assert document.date.isoformat() == "2025-01-20"
    assert "dateline" in document.date_source
    (exports,) = document.statistics
    assert (exports.subject, exports.value, exports.change_pct) == ("KOR", 683.8, 8.2)
    (outlook,) = document.outlooks
    assert outlook.drivers == ("weaker demand for semiconductors and automobiles", "the base effect")
    assert [one.status for one in document.actions] == ["done", "conditional", "planned", "requested"]
    assert {one.sector for one in document.opportunities} == {"shipbuilding", "energy"}
    assert document.unplaced == ()
