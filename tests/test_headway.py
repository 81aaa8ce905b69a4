"""The public path: `import headway as hw`."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

import headway as hw

HEAVY = ("jax", "polars", "altair", "duckdb", "scipy", "xarray", "pydantic")


def test_public_names_are_sorted_and_load() -> None:
    assert list(hw.__all__) == sorted(hw.__all__)
    for name in hw.__all__:
        found = getattr(hw, name)
        assert isinstance(found, ModuleType | type), name
        assert found.__doc__, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        hw.nothing  # noqa: B018


def test_the_import_loads_nothing_heavy() -> None:
    code = f"import sys, headway; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
