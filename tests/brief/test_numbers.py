"""How figures are printed: signs, decimals, units."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.brief.numbers import MINUS, full_text, interval_text, number, value_text
from headway.impact import Figure


def figure(value: float, unit: str = "percent", **fields: object) -> Figure:
    content = {"id": "x", "label": "X", "value": value, "unit": unit, "model": "joined", **fields}
    return Figure.model_validate(content)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-2.44, "percent", "−2.4 %"),
        (2.44, "percent", "+2.4 %"),
        (0.0, "percent", "0.0 %"),
        (-0.04, "percent", "−0.04 %"),
        (-0.004, "percent", "0.00 %"),
        (-15.24, "USD billion", "−15.2 bn USD"),
        (1234.5, "USD billion", "+1,234 bn USD"),
        (0.4123, "percentage points", "+0.4 points"),
        (0.714, "share", "71.4 %"),
        (15.2, "percent rate", "15.2 %"),
        (-0.7234, "correlation", "−0.72"),
        (128, "count", "128"),
    ],
)
def test_changes_carry_a_sign_and_levels_do_not(value: float, unit: str, text: str) -> None:
    assert value_text(figure(value, unit)) == text


def test_observed_values_carry_no_sign() -> None:
    assert value_text(figure(683.76, "USD billion", model="observed")) == "684 bn USD"
    assert value_text(figure(25.63, "USD billion", model="observed")) == "25.6 bn USD"


def test_what_would_print_as_nothing_prints_in_millions() -> None:
    assert value_text(figure(0.003792, "USD billion", model="observed")) == "3.8 m USD"
    assert value_text(figure(0.0, "USD billion", model="observed")) == "0.0 bn USD"


def test_both_ends_of_an_interval_have_the_same_decimals() -> None:
    assert interval_text(figure(-2, low=-3.04, high=-1.6)) == "−3.0 to −1.6"
    assert interval_text(figure(-0.1, low=-0.28, high=-0.01)) == "−0.28 to −0.01"
    assert interval_text(figure(0, low=-1.07, high=0.454)) == "−1.1 to +0.5"
    assert interval_text(figure(15.2, "percent rate", low=10.2, high=20.2)) == "10.2 to 20.2"
    assert interval_text(figure(15.2, "percent rate", low=15.2, high=15.2)) == "15.2"
    assert interval_text(figure(1.0)) == ""


def test_value_and_interval_together() -> None:
    assert full_text(figure(-2.24, low=-3.01, high=-1.62)) == "−2.2 % (−3.0 to −1.6)"
    assert full_text(figure(-2.24)) == "−2.2 %"


def test_a_published_range_shows_its_ends_and_no_middle() -> None:
    ranged = figure(-11.2, model="published", low=-13.1, high=-9.3)
    assert full_text(ranged) == "−13.1 to −9.3 %"
    assert full_text(figure(-1.9, model="published")) == "−1.9 %"


@given(st.floats(-1e6, 1e6), st.sampled_from(["percent", "USD billion", "share", "count", "percentage points"]))
def test_printed_numbers_are_within_half_a_digit(value: float, unit: str) -> None:
    text = number(value, unit)
    back = float(text.replace(",", "").replace(MINUS, "-"))
    shown = value * 100 if unit == "share" else value
    digits = len(text.partition(".")[2])
    assert math.isclose(back, shown, abs_tol=0.5000001 * 10**-digits)
    assert "-" not in text
    assert not text.startswith(MINUS) or back < 0
