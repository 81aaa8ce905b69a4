"""After the event: forecast against outcome by cause and by item, and whether shipments were brought forward."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence

import numpy as np

from headway.errors import DataError
from headway.outlook import adjustment, calendar, months
from headway.outlook.breaks import Break, find_breaks
from headway.outlook.conditional import Conditional
from headway.outlook.engine import conformal
from headway.outlook.forecast import Forecast
from headway.outlook.records import Panel, Series
from headway.outlook.sentences import percent
from headway.outlook.spans import sum_errors, width_of_sum


@dataclasses.dataclass(frozen=True)
class Cause:
    """One cause of a forecast error: its part in log points and its words; parts sum to the error exactly."""

    name: str
    log_points: float
    words: str


@dataclasses.dataclass(frozen=True)
class AfterAction:
    """Forecast and outcome of a period of one series, `error` = outcome/forecast − 1, and its causes.

    `inside_80` says whether the outcome fell in the 80 % band of its time. `items` are parts of the error in
    fractions of the forecast that sum to `error` (empty where no items were forecast).
    """

    kind: str
    name: str
    period: str
    forecast: float
    outcome: float
    error: float
    inside_80: bool
    causes: tuple[Cause, ...]
    items: Mapping[str, float]
    breaks: tuple[Break, ...]


def after_action(
    made: Sequence[Forecast],
    outcome: Panel,
    period: str,
    *,
    scenario: Mapping[tuple[str, str], Conditional] | None = None,
) -> AfterAction:
    """Compare the total's forecast of a period with what came, by cause and by item.

    `made` are forecasts from before the period's end, `outcome` the data of today. Causes: revision of the data the
    forecast started from, holidays fixed since, the announced measure (where `scenario` gives its expected effect),
    one-offs and level shifts found in the outcome, and what is left. Raises DataError while months are missing.
    """
    total = next((one for one in made if one.series.kind == "total"), None)
    actual = outcome.total
    if total is None or actual is None:
        raise DataError("After-action needs a total, forecast and realised.", "Forecast the total too.")
    numbers = [n for n in months.period(period) if n > total.series.end]
    if not numbers or not actual.has(numbers):
        raise DataError(
            f"{period} has no forecast month with an outcome.", "Wait for the data, or choose another."
        )
    expected, came = sum(total.level(n) for n in numbers), actual.total(numbers)
    found, jump = _jumps(actual, numbers)
    causes = _causes(total, actual, numbers, jump, scenario)
    explained = math.fsum(cause.log_points for cause in causes)
    left = math.log(came / expected) - explained
    causes = (*causes, Cause("unexplained", left, f"{_percent(left)} has no named cause"))
    return AfterAction(
        kind="total",
        name="total",
        period=period,
        forecast=expected,
        outcome=came,
        error=came / expected - 1,
        inside_80=_inside(total, numbers, came, expected),
        causes=causes,
        items=_by_item(made, outcome, numbers, (came, expected)),
        breaks=found,
    )


def _causes(
    total: Forecast,
    actual: Series,
    numbers: Sequence[int],
    jump: float,
    scenario: Mapping[tuple[str, str], Conditional] | None,
) -> tuple[Cause, ...]:
    start = total.series.end
    revision = math.log(actual.at(start) / total.series.at(start))
    days = _calendar_change(total, numbers)
    causes = [
        Cause("data revised", revision, f"the month it started from was revised by {_percent(revision)}"),
        Cause("working days", days, f"holidays fixed since changed it by {_percent(days)}"),
    ]
    if scenario is not None and ("total", "total") in scenario:
        places = [n - start - 1 for n in numbers]
        given = scenario["total", "total"]
        effect = math.log(float((given.median[places]).sum() / given.forecast.median[places].sum()))
        causes.append(
            Cause("announced measure", effect, f"the measure was expected to change it by {_percent(effect)}")
        )
    causes.append(Cause("one-offs and shifts", jump, f"jumps found in the outcome changed it by {_percent(jump)}"))
    return tuple(causes)


def _calendar_change(total: Forecast, numbers: Sequence[int]) -> float:
    """Elasticity × change of log working days between what the forecast knew and what the calendar says now."""
    country = total.series.country
    if country is None or total.days_elasticity is None:
        return 0.0
    now = calendar.log_days(calendar.rule_for(country), numbers)
    then = calendar.log_days(calendar.rule_for(country), numbers, known_on=total.known_on)
    return float(total.days_elasticity[0] * np.mean(now - then))


def _jumps(actual: Series, numbers: Sequence[int]) -> tuple[tuple[Break, ...], float]:
    """Breaks dated in the period and the mean log effect that they had on it."""
    if len(actual.values) < adjustment.FEWEST:
        return (), 0.0
    clean = adjustment.adjust(actual, "structural").series
    found = tuple(one for one in find_breaks(clean) if numbers[0] <= one.number <= numbers[-1])
    effect = 0.0
    for one in found:
        touched = [n for n in numbers if n == one.number or (one.kind != "one-off" and n > one.number)]
        effect += math.log1p(one.effect) * len(touched) / len(numbers)
    return found, effect


def _inside(total: Forecast, numbers: Sequence[int], came: float, expected: float) -> bool:
    level = conformal.LEVELS.index(0.8)
    width, _ = width_of_sum(total, list(numbers))
    return bool(abs(math.log(came / expected)) <= width[level])


def _by_item(
    made: Sequence[Forecast], outcome: Panel, numbers: Sequence[int], sums: tuple[float, float]
) -> dict[str, float]:
    """Each item's error over the total's forecast, the rest included; they sum to the total's error."""
    came, expected = sums
    parts: dict[str, float] = {}
    for one in made:
        if one.series.kind != "item" or not any(
            s.kind == "item" and s.name == one.series.name for s in outcome.series
        ):
            continue
        actual = outcome.get("item", one.series.name)
        if actual.has(numbers) and one.series.end < numbers[0]:
            parts[one.series.name] = (actual.total(numbers) - sum(one.level(n) for n in numbers)) / expected
    if parts:
        parts["all else"] = (came - expected) / expected - math.fsum(parts.values())
    return parts


def _percent(log_points: float) -> str:
    return percent(math.expm1(log_points))


@dataclasses.dataclass(frozen=True)
class FrontLoadingEvidence:
    """Exports against the forecast made before a date: excess in the months before it, shortfall in those after.

    `p_value` is the rank of the excess among past errors of sums at the same distance: small is unusual.
    """

    start: dt.date
    excess_before: float
    shortfall_after: float
    p_value: float
    words: str


def front_loading_evidence(
    made: Forecast, actual: Series, start: dt.date, *, months_before: int = 2, months_after: int = 3
) -> FrontLoadingEvidence:
    """Whether shipments were brought forward before `start`, judged against a forecast from before that window."""
    event = months.of_date(start)
    before, after = range(event - months_before, event), range(event, event + months_after)
    if made.series.end >= before[0] or after[-1] not in made.numbers or not actual.has((*before, *after)):
        raise DataError(
            "The forecast must start before the window and reach beyond it, and the outcome be known.",
            "Forecast as known earlier, with a longer horizon.",
        )
    excess = actual.total(before) / sum(made.level(n) for n in before) - 1
    shortfall = actual.total(after) / sum(made.level(n) for n in after) - 1
    first, last = before[0] - made.series.end, before[-1] - made.series.end
    past = sum_errors(made, first, last)
    past = past[np.isfinite(past)]
    rank = float((1 + (past >= math.log1p(excess)).sum()) / (1 + len(past)))
    found = excess > 0 > shortfall and rank <= 0.1
    words = (
        f"Exports ran {percent(excess)} against the forecast in the {months_before} months before {start} and "
        f"{percent(shortfall)} in the {months_after} after: {'a sign' if found else 'no clear sign'} of front-loading."
    )
    return FrontLoadingEvidence(start, excess, shortfall, rank, words)
