"""A Korean release in the ministry's style: every kind of record."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.policy import Document
from headway.reading import read_file

FOLDER = Path(__file__).resolve().parents[1] / "data" / "reading" / "texts"


@pytest.fixture(scope="module")
def release() -> Document:
    return read_file(FOLDER / "ministry-export-release.txt")


def test_language_and_day(release: Document) -> None:
    assert release.language == "ko"
    assert release.date.isoformat() == "2025-10-01"


def test_measures(release: Document) -> None:
    found = [(m.imposer, m.instrument, m.stage, m.rate_high, m.partners) for m in release.measures]
    assert found == [
        ("USA", "tariff", "in_force", 25, ("KOR",)),
        ("USA", "tariff", "in_force", 50, ("ALL",)),
        ("USA", "tariff", "announced", 100, ("ALL",)),
        ("USA", "investigation", "under_review", None, ("ALL",)),
    ]
    assert release.measures[0].product_matches[0].sectors == ("motor_vehicles",)


def test_statistics(release: Document) -> None:
    exports = release.statistics[0]
    assert (exports.subject, exports.item, exports.value, exports.change_pct) == ("KOR", "수출", 659.5, 12.7)
    assert exports.unit == "USD hundred million"
    assert [one.change_pct for one in release.statistics] == [12.7, 8.2, None, 22.0, 16.8, -1.4]


def test_outlook_actions_and_opportunities(release: Document) -> None:
    (outlook,) = release.outlooks
    assert (outlook.item, outlook.direction, outlook.horizon) == ("수출", "down", "4분기")
    assert outlook.drivers == ("미국 관세 영향", "기저효과")
    assert [one.status for one in release.actions] == ["planned", "requested", "planned"]
    assert [(one.sector, one.counterpart) for one in release.opportunities] == [("조선", "USA"), ("에너지", "USA")]
