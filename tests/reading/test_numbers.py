"""Percentages and amounts: ranges, bounds, prior values, words and signs."""

from __future__ import annotations

import pytest

from headway.reading.numbers import amounts, percents

Bounds = tuple[float | None, float | None, bool]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 25% tariff", [(25, 25, False)]),
        ("tariffs of 10 to 20 percent", [(10, 20, False)]),
        ("duties between 5.2% and 62.9%", [(5.2, 62.9, False)]),
        ("tariffs of up to 60 percent", [(None, 60, False)]),
        ("a rate no greater than 15 percent", [(None, 15, False)]),
        ("more than 50 percent", [(50, None, False)]),
        ("from 25% to 15%", [(25, 25, True), (15, 15, False)]),
        ("from 0–7.5% to 25%", [(0, 7.5, True), (25, 25, False)]),
        ("from zero to 25%", [(0, 0, True), (25, 25, False)]),
        ("a zero percent rate", [(0, 0, False)]),
        ("twenty-five per cent", [(25, 25, False)]),
        ("34% on China, 20% on the EU", [(34, 34, False), (20, 20, False)]),
        ("raised on July 9 to 25%", [(25, 25, False)]),
        ("under Section 232 to 50%", [(50, 50, False)]),
        ("by 10 percentage points", []),
        ("7.5%% to 25%", [(7.5, 25, False)]),
        ("최대 50%의 관세", [(None, 50, False)]),
        ("25%에서 15%로", [(25, 25, True), (15, 15, False)]),
        ("10∼20%의 보편관세", [(10, 20, False)]),
    ],
)
def test_percents(text: str, expected: list[Bounds]) -> None:
    assert [(one.low, one.high, one.prior) for one in percents(text)] == expected


def test_spans_quote_the_figure() -> None:
    text = "a tariff of up to 60 percent on goods"
    (figure,) = percents(text)
    assert text[figure.start : figure.end] == "60 percent"
    assert text[figure.wide_start : figure.end] == "up to 60 percent"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$683.8 billion", 683.8, "USD billion"),
        ("US$1.2 trillion", 1.2, "USD trillion"),
        ("€26bn", 26, "EUR billion"),
        ("C$64.2 billion", 64.2, "CAD billion"),
        ("40 billion dollars", 40, "USD billion"),
        ("659.5억 달러", 659.5, "USD hundred million"),
        ("3조 원", 3, "KRW trillion"),
    ],
)
def test_amounts_are_never_expanded(text: str, value: float, unit: str) -> None:
    (amount,) = amounts(text)
    assert (amount.value, amount.unit) == (value, unit)
    assert text[amount.start : amount.end] == text
