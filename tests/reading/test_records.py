"""Statistics, outlooks, actions and opportunities, and figures that fit nowhere."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.policy import Document
from headway.reading import read_text

TARIFF = " Trump imposed a 25% tariff on steel."


def _read(text: str) -> Document:
    return read_text(text + TARIFF, name="x", date=dt.date(2025, 4, 4))


@pytest.mark.parametrize(
    ("text", "subject", "item", "value", "unit", "change", "period"),
    [
        (
            "South Korea's exports fell 0.03 percent on-year to $334.7 billion in the first half.",
            "KOR", "exports", 334.7, "USD billion", -0.03, "the first half",
        ),
        ("The U.S. goods trade deficit with China was $295.4 billion in 2024.",
         "USA", "goods trade deficit with China", 295.4, "USD billion", None, "2024"),
        ("China’s exports of EVs grew by 70% from 2022 to 2023.",
         "CHN", "exports of EVs", None, None, 70, "from 2022 to 2023"),
        ("In 2025, the United States became the third largest steel producing nation in the world.",
         "USA", "steel producing nation rank", 3, "rank", None, "2025"),
        ("Unemployment stood at 4.2% in the United States.", "USA", "Unemployment", 4.2, "percent", None, None),
        ("Steel imports into Canada fell by nearly a third in 2020.",
         "CAN", "Steel imports", None, None, -33.3, "2020"),
    ],
)  # fmt: skip
def test_statistics(
    text: str,
    subject: str,
    item: str,
    value: float | None,
    unit: str | None,
    change: float | None,
    period: str | None,
) -> None:
    (found,) = _read(text).statistics
    assert (found.subject, found.item) == (subject, item)
    assert (found.value, found.unit, found.change_pct, found.period) == (value, unit, change, period)


@pytest.mark.parametrize(
    "text",
    [
        "Japan will invest $550 billion in the United States.",
        "Exports are expected to grow 3 percent this year.",
        "Illegal border crossings were down 96% from the high.",
        "The tariffs cover $300 billion of imports from China.",
        "The duty on cars was 25 percent.",
    ],
)
def test_commitments_forecasts_and_rates_are_no_statistics(text: str) -> None:
    assert _read(text).statistics == ()


@pytest.mark.parametrize(
    ("text", "item", "direction", "horizon"),
    [
        (
            "Exports are expected to weaken in the second half due to the tariffs.",
            "Exports",
            "down",
            "the second half",
        ),
        (
            "Economists expect global trade to slow this year because of the tariffs.",
            "global trade",
            "down",
            "this year",
        ),
        ("The OECD forecast that U.S. growth would slow to 1.6% this year.", "U.S. growth", "down", "this year"),
        ("Vehicle prices are expected to rise in the coming months.", "Vehicle prices", "up", "the coming months"),
    ],
)
def test_outlooks(text: str, item: str, direction: str, horizon: str) -> None:
    (found,) = _read(text).outlooks
    assert (found.item, found.direction, found.horizon) == (item, direction, horizon)


@pytest.mark.parametrize(
    ("text", "actor", "status", "words"),
    [
        ("The government has sent a delegation to Washington for trade talks.",
         "government of USA", "done", "delegation"),
        ("The ministry will provide support for exporters next month.",
         "ministry", "planned", "support for exporters"),
        ("The ministry will open a channel for talks once the reshuffle is complete.",
         "ministry", "conditional", "channel"),
        ("The minister asked companies to share their export plans.",
         "minister", "requested", "share their export plans"),
        ("The Order directs the Secretary of Commerce to negotiate agreements on chips.",
         "Secretary of Commerce", "planned", "negotiate"),
    ],
)  # fmt: skip
def test_actions_and_their_status(text: str, actor: str, status: str, words: str) -> None:
    (found,) = _read(text).actions
    assert (found.actor, found.status) == (actor, status)
    assert words in found.action


def test_the_condition_of_a_planned_action() -> None:
    (found,) = _read("The ministry will open a channel for talks once the reshuffle is complete.").actions
    assert found.condition == "once the reshuffle is complete"


def test_opportunities_one_per_sector() -> None:
    found = _read(
        "The minister cited shipbuilding, energy and batteries as areas where Seoul could cooperate with Tokyo."
    )
    assert [one.sector for one in found.opportunities] == ["shipbuilding", "energy", "batteries"]


def test_a_figure_that_fits_nowhere_is_listed() -> None:
    document = _read("About 40 percent of the visitors came by train.")
    assert [one.text for one in document.unplaced] == ["40 percent"]
    (quote,) = (one.evidence for one in document.unplaced)
    assert document.text[quote.start : quote.end] == "40 percent"
