"""The outlook of the main scenario's home country, as known on its date."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway import combined
from headway.combined import PlainOutlook
from headway.policy import Scenario


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's data folder of the platform is inside the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def ready(main_scenario: Scenario) -> PlainOutlook:
    """Korea's outlook without the measures."""
    found = combined.baseline(main_scenario)
    assert found is not None
    return found
