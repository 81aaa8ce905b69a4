"""The ministry article of 21 January 2025: everything that the first issue names (part 1), at its stage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from headway.policy import Document
from headway.reading import read_file

ARTICLE = "corpus/texts/000_ministry-article-2025-01-21.txt"


@pytest.fixture(scope="module")
def document(shared_data: Path) -> Document:
    return read_file(shared_data / ARTICLE)


def test_date_comes_from_the_source_line(document: Document) -> None:
    assert document.date == dt.date(2025, 1, 21)
    assert "SOURCE" in document.date_source


def test_three_measures_at_their_stages(document: Document) -> None:
    found = [(m.imposer, m.instrument, m.stage, m.rate_low, m.rate_high, m.partners) for m in document.measures]
    assert found == [
        ("USA", "tariff", "pledged", 10, 20, ("ALL",)),
        ("USA", "tariff", "threatened", None, 60, ("CHN",)),
        ("USA", "subsidy_removal", "under_review", None, None, ()),
    ]


def test_subsidy_removal_names_korean_carmakers(document: Document) -> None:
    removal = document.measures[2]
    assert removal.products == ("electric vehicles",)
    assert [(one.country, one.sector) for one in removal.affected] == [("KOR", "carmakers")]
    assert removal.legal_basis == "executive order"


def test_exports_of_2024(document: Document) -> None:
    (exports,) = document.statistics
    assert (exports.subject, exports.item, exports.value, exports.unit) == ("KOR", "exports", 683.8, "USD billion")
    assert (exports.change_pct, exports.period, exports.note) == (8.2, "2024", "record")


def test_outlooks(document: Document) -> None:
    half = next(one for one in document.outlooks if one.item == "Exports")
    assert (half.direction, half.horizon) == ("down", "the first half")
    assert any("base effect" in driver for driver in half.drivers)
    assert any("semiconductors and automobiles" in driver for driver in half.drivers)
    assert any(one.direction == "up" and "uncertainties" in one.item for one in document.outlooks)


def test_actions_and_their_status(document: Document) -> None:
    by_status = {
        status: [a for a in document.actions if a.status == status]
        for status in ("done", "planned", "conditional", "requested")
    }
    assert any("delegation" in action.action for action in by_status["done"])
    (channel,) = by_status["conditional"]
    assert "channel" in channel.action
    assert "reshuffle" in (channel.condition or "")
    assert any(a.when == "next month" and "support export companies" in a.action for a in by_status["planned"])
    (request,) = by_status["requested"]
    assert "think tank" in request.action


def test_opportunities(document: Document) -> None:
    assert {(one.sector, one.counterpart) for one in document.opportunities} == {
        ("shipbuilding", "USA"),
        ("energy", "USA"),
    }


def test_every_figure_has_its_place(document: Document) -> None:
    assert document.unplaced == ()
