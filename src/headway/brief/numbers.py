"""How figures are printed: signs, decimals and units, the same on the page, in charts and in the terminal."""

from __future__ import annotations

from headway.impact.results import Figure

MINUS = "−"
_SUFFIX = {
    "percent": " %",
    "percent rate": " %",
    "percent of exports": " % of exports",
    "percentage points": " points",
    "share": " %",
    "USD billion": " bn USD",
    "USD million": " m USD",
    "count": "",
    "correlation": "",
    "index": "",
    "rank": "",
    "ratio": "",
    "months": " months",
    "thousand jobs": " thousand jobs",
}
_LEVELS = ("percent rate", "share", "count", "index", "rank", "ratio", "months")
_SIGNED = ("percentage points", "correlation")


def decimals(value: float, unit: str) -> int:
    """Digits after the point: one for most, two for what would otherwise read as zero, none for large counts."""
    if unit in ("count", "rank"):
        return 0
    if unit in ("correlation", "index", "ratio"):
        return 2
    shown = abs(value) * (100 if unit == "share" else 1)
    if shown >= 100:
        return 0
    return 2 if 0 < shown < 0.1 else 1


def number(value: float, unit: str, *, digits: int | None = None, signed: bool = False) -> str:
    """`value` as text without its unit; shares become percent."""
    places = decimals(value, unit) if digits is None else digits
    scaled = value * 100 if unit == "share" else value
    text = f"{abs(scaled):,.{places}f}"
    if float(text.replace(",", "")) == 0:
        return text
    if scaled < 0:
        return MINUS + text
    return "+" + text if signed else text


def value_text(figure: Figure) -> str:
    """The value with its unit: changes carry a sign, levels and shares do not."""
    signed = figure.model not in ("observed", "accounting") and figure.unit in ("percent", "percentage points", "USD billion")
    return number(figure.value, figure.unit, signed=signed or figure.unit in _SIGNED) + _SUFFIX[figure.unit]


def interval_text(figure: Figure) -> str:
    """The interval as "low to high", empty where the figure has none; both ends with the same decimals."""
    if figure.low is None or figure.high is None:
        return ""
    digits = max(decimals(figure.low, figure.unit), decimals(figure.high, figure.unit))
    digits = min(digits, 2)
    signed = figure.unit not in _LEVELS
    low, high = (number(end, figure.unit, digits=digits, signed=signed) for end in (figure.low, figure.high))
    return f"{low} to {high}" if low != high else low


def full_text(figure: Figure) -> str:
    """Value and interval: "−2.4 % (−3.1 to −1.2)"."""
    interval = interval_text(figure)
    return f"{value_text(figure)} ({interval})" if interval else value_text(figure)
