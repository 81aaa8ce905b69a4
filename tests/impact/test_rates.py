"""Rates after the measures of a scenario: the three readings of 60 % on China, floors, groups, partial cover."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headway.impact.rates import DrawnTariff, drawn_tariffs, tariff_after
from headway.policy import Document, Measure, Scenario, form_scenario

DAY = dt.date(2025, 1, 21)
EXPORTERS = np.array(["KOR", "CHN", "DEU", "USA"])
EXISTING = np.array([0.002, 0.109, 0.03, 0.0])


def tariff(id: str, **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "pledged", **fields}
    return Measure.model_validate(content)


BLANKET = tariff("t1", partners=("ALL",), rate_low=10, rate_high=20)
CHINA = tariff("t2", partners=("CHN",), rate_high=60)


def scenario(*measures: Measure, **selected: str) -> Scenario:
    document = Document(name="a", sha256="0", date=DAY, date_source="given", text="", measures=measures)
    formed = form_scenario(document, home="KOR")
    picked = {key.replace("__", "."): value for key, value in selected.items()}
    choices = tuple(c.model_copy(update={"selected": picked.get(c.id, c.selected)}) for c in formed.choices)
    return formed.model_copy(update={"choices": choices})


def after(formed: Scenario, uniform: float = 0.5) -> np.ndarray:
    tariffs = drawn_tariffs(formed, np.full((1, 4), uniform))
    covered = np.array([one.targets(EXPORTERS, DAY) for one in tariffs], dtype=float)
    return tariff_after(EXISTING, tariffs, covered)[0]


@pytest.mark.parametrize(
    ("reading", "china"), [("instead_of_blanket", 0.709), ("sets_total", 0.60), ("on_top", 0.859)]
)
def test_three_readings_of_sixty_percent(reading: str, china: float) -> None:
    rates = after(scenario(BLANKET, CHINA, **{"t2__with_t1": reading}))
    np.testing.assert_allclose(rates, [0.152, china, 0.18, 0.0])


def test_the_range_is_drawn_from_end_to_end() -> None:
    formed = scenario(BLANKET)
    assert after(formed, 0.0)[0] == pytest.approx(0.102)
    assert after(formed, 1.0)[0] == pytest.approx(0.202)


def test_up_to_may_be_read_as_a_range_from_the_blanket() -> None:
    formed = scenario(BLANKET, CHINA, **{"t2__up_to": "range"})
    assert after(formed, 0.0)[1] == pytest.approx(0.109 + 0.10)


def test_a_floor_raises_only_what_is_lower() -> None:
    floor = tariff("t1", partners=("EUU", "CHN"), rate_low=15, rate_high=15, rate_kind="floor_total")
    low = tariff("t1", partners=("CHN",), rate_low=5, rate_high=5, rate_kind="floor_total")
    np.testing.assert_allclose(after(scenario(floor)), [0.002, 0.15, 0.15, 0.0])
    np.testing.assert_allclose(after(scenario(low)), EXISTING)


def test_a_cut_never_raises() -> None:
    cut = tariff("t1", partners=("CHN", "DEU"), rate_low=5, rate_high=5, direction="liberalise")
    np.testing.assert_allclose(after(scenario(cut)), [0.002, 0.05, 0.03, 0.0])


def test_what_is_left_out_does_not_move() -> None:
    suspended = tariff("t1", partners=("ALL",), rate_low=10, rate_high=10, stage="suspended")
    np.testing.assert_allclose(after(scenario(suspended)), EXISTING)
    np.testing.assert_allclose(after(scenario(suspended, t1__include="included"))[0], 0.102)


def test_excluded_partners_are_spared() -> None:
    spared = BLANKET.model_copy(update={"excluded_partners": ("KOR",)})
    assert after(scenario(spared))[0] == EXISTING[0]


def test_partial_cover_gives_the_weighted_mean() -> None:
    drawn = DrawnTariff(BLANKET, np.array([0.10]), "additive")
    rates = tariff_after(EXISTING, (drawn,), np.array([[0.25, 1.0, 0.0, 0.0]]))
    np.testing.assert_allclose(rates[0], [0.027, 0.209, 0.03, 0.0])
