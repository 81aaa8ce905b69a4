"""Fixtures shared by all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of source data beside the repository; skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("needs the source data beside the repository (../shared/data)")
    return folder
