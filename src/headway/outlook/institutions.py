"""Published forecasts of institutions beside what Headway would have said on the same day: losing rows stay in."""

from __future__ import annotations

import dataclasses
import datetime as dt

from headway.errors import HeadwayError
from headway.outlook import figures, flashes, months
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.records import Panel, Series
from headway.outlook.spans import span

MONTH_DAY = 15
"""Day of the month taken where a publication states only the month."""

LEVEL_80 = 1


@dataclasses.dataclass(frozen=True)
class Rival:
    """One published forecast, its outcome and Headway's figure as known on that day; growth in percent.

    `headway`, `low`, `high` (80 %) are None where `why_not` says so; `closer` is the institution, "Headway" or "tie",
    None without an outcome.
    """

    institution: str
    published: dt.date
    target: str
    item: str
    forecast: float
    outcome: float | None
    headway: float | None
    low: float | None
    high: float | None
    closer: str | None
    why_not: str = ""


def compare() -> tuple[Rival, ...]:
    """Every published forecast of growth on file, in its order, with Headway's as known on its publication day."""
    return tuple(
        _rival(row)
        for row in figures.institutional_forecasts().iter_rows(named=True)
        if row["forecast_yoy_pct"] is not None
    )


def _rival(row: dict[str, object]) -> Rival:
    day = _day(str(row["published"]))
    target, item = str(row["target"]), str(row["item"])
    outcome = _outcome(row, target, item)
    try:
        found = _headway(day, target, item)
        why_not = ""
    except HeadwayError as error:
        found, why_not = None, error.message
    forecast = float(str(row["forecast_yoy_pct"]))
    said = None if found is None else found[0]
    return Rival(
        institution=str(row["institution"]),
        published=day,
        target=target,
        item=item,
        forecast=forecast,
        outcome=outcome,
        headway=said,
        low=None if found is None else found[1],
        high=None if found is None else found[2],
        closer=_closer(str(row["institution"]), forecast, said, outcome),
        why_not=why_not,
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text if len(text) == 10 else f"{text}-{MONTH_DAY}")


def _closer(institution: str, forecast: float, said: float | None, outcome: float | None) -> str | None:
    if said is None or outcome is None:
        return None
    theirs, ours = abs(forecast - outcome), abs(said - outcome)
    return "tie" if abs(theirs - ours) < 0.05 else institution if theirs < ours else "Headway"


def _outcome(row: dict[str, object], target: str, item: str) -> float | None:
    """Growth that came, in percent: as printed, else from the sums of months on file."""
    if row["actual_yoy_pct"] is not None:
        return float(str(row["actual_yoy_pct"]))
    kind = "total" if item == "total" else "item"
    values = figures.stated(kind, item)
    if kind == "total":
        total = figures.published_total()
        values = {number: total.at(number) for number in total.numbers}
    numbers = months.period(target)
    if not all(n in values and n - 12 in values for n in numbers):
        return None
    return 100 * (sum(values[n] for n in numbers) / sum(values[n - 12] for n in numbers) - 1)


def _headway(day: dt.date, target: str, item: str) -> tuple[float, float, float]:
    """Growth of the target in percent with its 80 % band, as known on a day; raises where the data do not allow it."""
    kind = "total" if item == "total" else "item"
    panel = _panel(day, kind, item)
    series = panel.get(kind, item)
    horizon = min(max(months.period(target)[-1] - series.end, 1), 24)
    made = forecast_panel(panel, Settings(horizon=horizon, known_on=day))
    one = next(f for f in made if (f.series.kind, f.series.name) == (kind, item))
    if kind == "total":
        one = _with_flash(one, day)
    found = span(one, target)
    bounds = found.growth_bounds()
    if found.growth is None or bounds is None:
        raise HeadwayError(f"{item} has no months a year before {target}.")
    return 100 * found.growth, 100 * float(bounds[0][LEVEL_80]), 100 * float(bounds[1][LEVEL_80])


def _panel(day: dt.date, kind: str, item: str) -> Panel:
    """The total, and the item if one is asked for; before the unadjusted total is on file, the adjusted one."""
    if months.of_date(day) <= months.month("2024-01") - 1:
        return Panel((figures.adjusted_total(day),))
    panel = figures.korea(day)
    wanted: list[Series] = [panel.get("total", "total")]
    if kind != "total":
        wanted.append(panel.get(kind, item))
    return Panel(tuple(wanted))


def _with_flash(total: Forecast, day: dt.date) -> Forecast:
    """The forecast with the latest customs flash of the running month, where one is on file on the day."""
    if total.series.adjusted:
        return total
    known = flashes.korean_flashes(day)
    running = [flash for flash in known if flash.number == total.series.end + 1]
    return flashes.update(total, flashes.nowcast(total, running[-1], known)) if running else total
