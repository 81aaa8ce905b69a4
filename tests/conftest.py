"""Fixtures shared by all tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from headway.impact import Result
    from headway.policy import Scenario

TESTS = Path(__file__).resolve().parent
SHARED = TESTS.parents[1] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of source data beside the repository; skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("needs the source data beside the repository (../shared/data)")
    return folder


@pytest.fixture(scope="session")
def article() -> Path:
    """An article in our own words: a blanket tariff, one on China, an electric-vehicle order, outlook and actions."""
    return TESTS / "data" / "article.txt"


@pytest.fixture(scope="session")
def main_scenario() -> Scenario:
    """10 to 20 % on everything, up to 60 % on China, the end of electric-vehicle credits; few draws."""
    from headway.policy import Document, Measure, Sampling, form_scenario

    def measure(id: str, **fields: object) -> Measure:
        return Measure.model_validate({"id": id, "imposer": "USA", "stage": "pledged", **fields})

    cars = {"words": "electric vehicles", "hs": ("870380",), "sectors": ("motor_vehicles",)}
    document = Document(
        name="article",
        sha256="0" * 64,
        date=dt.date(2025, 1, 21),
        date_source="given",
        text="",
        measures=(
            measure(
                "m1", instrument="tariff", partners=("ALL",), products=("all imports",), rate_low=10, rate_high=20
            ),
            measure("m2", instrument="tariff", partners=("CHN",), products=("all goods",), rate_high=60),
            measure("m3", instrument="subsidy_removal", products=("electric vehicles",), product_matches=(cars,)),
        ),
    )
    few = Sampling(policy_draws=2, parameter_draws=3)
    return form_scenario(document, home="KOR").model_copy(update={"sampling": few})


@pytest.fixture(scope="session")
def main_result(main_scenario: Scenario) -> Result:
    """The result of the main scenario."""
    from headway import impact

    return impact.run(main_scenario)
