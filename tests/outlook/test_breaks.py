"""One-offs and level shifts are told apart, named, and not invented."""

from __future__ import annotations

import numpy as np
import pytest

from headway.outlook import figures, months
from headway.outlook.breaks import find_breaks
from headway.outlook.records import Series

START = months.month("2018-01")


def _series(logs: np.ndarray) -> Series:
    return Series("item", "cars", START, np.exp(logs), adjusted=True)


def _noise(length: int, seed: int = 1) -> np.ndarray:
    return 0.02 * np.random.default_rng(seed).standard_normal(length)


def test_a_spike_is_a_one_off() -> None:
    logs = _noise(96)
    logs[60] += 0.3
    (found,) = find_breaks(_series(logs))
    assert (found.number, found.kind) == (START + 60, "one-off")
    assert found.effect == pytest.approx(np.expm1(0.3), abs=0.06)
    assert "went back" in found.words


def test_a_step_is_a_level_shift() -> None:
    logs = _noise(96)
    logs[50:] -= 0.25
    (found,) = find_breaks(_series(logs))
    assert (found.number, found.kind) == (START + 50, "level shift")
    assert found.effect == pytest.approx(np.expm1(-0.25), abs=0.05)
    assert "stayed" in found.words


def test_a_jump_in_the_last_month_is_too_recent_to_tell() -> None:
    logs = _noise(96)
    logs[-1] += 0.3
    (found,) = find_breaks(_series(logs))
    assert found.kind == "jump, too recent to tell"
    assert "too recent" in found.words


@pytest.mark.parametrize("seed", range(6))
def test_noise_has_no_breaks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    logs = np.cumsum(0.02 * rng.standard_normal(120)) + 0.01 * rng.standard_normal(120)
    assert len(find_breaks(_series(logs))) <= 1


def test_filled_months_and_short_series_are_not_searched() -> None:
    logs = _noise(96)
    logs[60] += 0.3
    marked = Series("item", "cars", START, np.exp(logs), adjusted=True, filled=(START + 60,))
    assert not [b for b in find_breaks(marked) if b.number == START + 60]
    assert find_breaks(_series(logs[40:70])) == ()


def test_the_crises_of_the_total_are_found() -> None:
    found = {(months.label(b.number), b.kind) for b in find_breaks(figures.adjusted_total())}
    assert ("2008-11", "level shift") in found
    assert ("2020-04", "level shift") in found
