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
    "USD billion level": " bn USD",
    "USD million": " m USD",
    "count": "",
    "correlation": "",
    "index": "",
    "rank": "",
    "ratio": "",
    "months": " months",
    "thousand jobs": " thousand jobs",
}
_DOLLARS = ("USD billion", "USD million")
SMALL_BILLION = 0.05
"""Below this, a value in USD billion without an interval is printed in millions."""
_LEVELS = ("percent rate", "USD billion level", "share", "count", "index", "rank", "ratio", "months")
_SIGNED = ("percentage points", "correlation")
_LEVEL_MODELS = ("observed", "accounting", "potential", "programme")


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
    """The value with its unit: changes carry a sign, levels and shares do not; a published range shows its ends."""
    if _is_published_range(figure):
        return _ends(figure) + _SUFFIX[figure.unit]
    value, unit = _readable(figure)
    signed = figure.model not in _LEVEL_MODELS and unit in ("percent", "percentage points", *_DOLLARS)
    return number(value, unit, signed=signed or unit in _SIGNED) + _SUFFIX[unit]


def interval_text(figure: Figure) -> str:
    """The interval as "low to high", empty where the figure has none; both ends with the same decimals."""
    return "" if _is_published_range(figure) else _ends(figure)


def _is_published_range(figure: Figure) -> bool:
    """Whether others published two ends and no middle, so that only the ends are theirs."""
    return figure.model == "published" and figure.low is not None


def _ends(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    digits = max(decimals(figure.low, figure.unit), decimals(figure.high, figure.unit))
    digits = min(digits, 2)
    signed = figure.unit not in _LEVELS and figure.model not in _LEVEL_MODELS
    low, high = (number(end, figure.unit, digits=digits, signed=signed) for end in (figure.low, figure.high))
    return f"{low} to {high}" if low != high else low


def _readable(figure: Figure) -> tuple[float, str]:
    """Value and unit, billions that would print as 0.00 in millions."""
    if figure.unit == "USD billion" and figure.low is None and 0 < abs(figure.value) < SMALL_BILLION:
        return 1e3 * figure.value, "USD million"
    return figure.value, figure.unit


def full_text(figure: Figure) -> str:
    """Value and interval: "−2.4 % (−3.1 to −1.2)"."""
    interval = interval_text(figure)
    return f"{value_text(figure)} ({interval})" if interval else value_text(figure)
