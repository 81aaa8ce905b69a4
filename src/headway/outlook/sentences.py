"""Plain sentences for each chart and table of the outlook: what it shows, in words that need no training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headway.codes.countries import lookup
from headway.errors import UnknownCode
from headway.outlook import growth, months
from headway.outlook.accuracy import RECENT
from headway.outlook.hierarchy import REST

if TYPE_CHECKING:
    from headway.outlook.breaks import Break
    from headway.outlook.flashes import Nowcast
    from headway.outlook.results import OutlookResult
    from headway.outlook.tracking import Survey

Key = tuple[str, str]
Row = Mapping[str, Any]
Say = Callable[[str], str]

POINTS = ("base", "level_gap", "calendar", "movement")
"""Parts of a period's growth, which are said in points."""

SHARES = (
    (0.175, "About a tenth"),
    (0.29, "A quarter"),
    (0.41, "A third"),
    (0.58, "Half"),
    (0.70, "Two thirds"),
    (0.85, "Three quarters"),
    (1.10, "All"),
)
"""Upper bounds of a share and the words for it."""

NO_PART = 0.075
"""Share of the growth below which the base is said to play next to no part."""

NO_CHANGE = 0.0025
"""Growth within which a period is called a standstill."""


def percent(value: float, digits: int = 1) -> str:
    """A signed percentage with a true minus: −2.7 %; zero has no sign."""
    rounded = round(100 * value, digits)
    if rounded == 0:
        return f"{0:.{digits}f} %"
    return f"{rounded:+.{digits}f} %".replace("-", "−")


def points(value: float) -> str:
    """A contribution in percentage points: +1.3 points."""
    return percent(value).replace(" %", " points")


def share_words(share: float) -> str:
    """A share in words: 0.5 is "Half"."""
    return next((words for bound, words in SHARES if share <= bound), "More than all")


def describe(result: OutlookResult, breaks: Mapping[Key, Sequence[Break]]) -> dict[str, tuple[str, ...]]:
    """Sentences by what they explain: headline, fan, waterfall, heatmap, rates, nowcast, scenario, watch, accuracy."""
    total = [row for row in result.periods.iter_rows(named=True) if row["kind"] == "total"]
    parts = {
        "headline": tuple(fan(row) for row in total[:1]),
        "fan": tuple(fan(row) for row in result.periods.iter_rows(named=True)),
        "waterfall": tuple(sentence for row in total for sentence in waterfall(row)),
        "heatmap": heatmap(result),
        "rates": rates(result),
        "nowcast": () if result.nowcast is None else (nowcast(result.nowcast),),
        "scenario": scenario(result, total),
        "breaks": tuple(f"{_title(key)}: {one.words}" for key, found in breaks.items() for one in found),
        "watch": watch(result),
        "accuracy": accuracy(result),
        "tracking": tracking(result),
    }
    return {name: lines for name, lines in parts.items() if lines}


def title(kind: str, name: str) -> str:
    """A series in words: "Total exports", "Auto parts", "United States", "Other items"."""
    if kind == "total":
        return "Total exports"
    if name == REST:
        return f"Other {kind}s"
    if kind == "destination":
        try:
            return lookup(name).name
        except UnknownCode:
            return name.replace("_", " ")
    return name.replace("_", " ").capitalize()


def _title(key: Key) -> str:
    return title(*key)


def _name(row: Row) -> str:
    return _title((row["kind"], row["name"]))


def period_words(period: str) -> str:
    """A period for a sentence: "the first half of 2025"."""
    year, _, part = period.partition("-")
    halves = {"H1": "the first half of", "H2": "the second half of"}
    return f"{halves[part]} {year}" if part in halves else period


def fan(row: Row) -> str:
    """The expected growth of a period with its range and how much is already known, or that nothing can be said."""
    period, total = period_words(row["period"]), len(months.period(row["period"]))
    if not row["usable"]:
        return (
            f"{_name(row)} cannot be forecast for {period}: the four-in-five range is so wide that its upper end is "
            "more than twice its lower end."
        )
    known = f" ({row['known_months']} of its {total} months known)" if row["known_months"] else ""
    return (
        f"{_name(row)}: {percent(row['growth'])} expected for {period}{known}; "
        f"with a chance of four in five it lies between {percent(row['low80'])} and {percent(row['high80'])}."
    )


def said(row: Row) -> Say:
    """How sentences name a number of a period: its column in, text out; points for parts of growth, else percent."""

    def say(column: str) -> str:
        values = {"movement": row.get("within", 0.0) + row.get("cross", 0.0)}
        values["without_base"] = row["growth"] - row["base"]
        value = values[column] if column in values else row[column]
        return points(value) if column in POINTS else percent(value)

    return say


def waterfall(row: Row, say: Say | None = None) -> tuple[str, ...]:
    """How the growth of a period comes about, and how much of it is only the base; `say` names the numbers."""
    say = say or said(row)
    days = (
        f"Working days ({row['days']:g} after {row['days_before']:g}) and season" if row["days"] else "The season"
    )
    first = (
        f"If exports simply stay at the level of the last {growth.LEVEL_MONTHS} months, season and working days taken "
        f"out, {period_words(row['period'])} comes out at {say('carry_over')} on the year before (the carry-over). "
        f"{days} add {say('calendar')}, what the models expect from here on {say('movement')}: together "
        f"{say('growth')}."
    )
    return (first, base_sentence(row, say))


def base_sentence(row: Row, say: Say | None = None) -> str:
    """What share of an expected rise or fall is base effect; `say` names the numbers."""
    say = say or said(row)
    change, base, period = row["growth"], row["base"], period_words(row["period"])
    level = "high" if base < 0 else "low"
    open_end = " The trend of its last months is not settled yet." if row["base_open"] else ""
    if abs(base) < 5e-4:
        return f"The base of {period} is neither high nor low.{open_end}"
    stands = f"The base of {period} is {level} ({say('base')})"
    if abs(change) < NO_CHANGE:
        return f"{stands}: without it exports would change by {say('without_base')}.{open_end}"
    direction = "fall" if change < 0 else "rise"
    if change * base < 0:
        return f"{stands}, so the expected {direction} comes in spite of it.{open_end}"
    if base / change <= NO_PART:
        return f"The base plays next to no part in the expected {direction} in {period} ({say('base')}).{open_end}"
    return (
        f"{share_words(base / change)} of the expected {direction} in {period} is base effect ({say('base')}): the "
        f"same half of the year before was {level} against its trend.{open_end}"
    )


def heatmap(result: OutlookResult) -> tuple[str, ...]:
    """Which items carried last month's growth and which held it back, as far as sources state both years."""
    if result.contributions.is_empty():
        return ()
    past = [row for row in result.contributions.iter_rows(named=True) if row["status"] == "stated"]
    if not past:
        return ()
    last = past[-1]["month"]
    month = months.words(months.month(last))
    rows = sorted((r for r in past if r["month"] == last and r["stated"]), key=lambda r: -r["contribution"])
    if not rows:
        return (f"By item nothing is claimed for {month}: no source on file states both years of any item.",)
    best, worst = rows[0], rows[-1]
    text = f"In {month} {_lower(best)} contributed {points(best['contribution'])} to the growth of total exports"
    if worst["contribution"] < 0:
        text += f", and {_lower(worst)} took {points(-worst['contribution']).lstrip('+')}"
    missing = len([r for r in past if r["month"] == last]) - len(rows)
    told = (
        f" ({missing} of the items rest on months that no source states and are left out here)" if missing else ""
    )
    return (f"{text}{told}.",)


def _lower(row: Row) -> str:
    return str(row["name"]).replace("_", " ")


def rates(result: OutlookResult) -> tuple[str, ...]:
    """The three growth rates of the last month."""
    if result.rates.is_empty() or result.elasticity is None:
        return ()
    row = result.rates.row(-1, named=True)
    return (
        f"{months.words(months.month(row['month']))}: {percent(row['headline'])} as printed, "
        f"{percent(row['daily_average'])} per working day ({row['days']:g} days after {row['days_before']:g}), "
        f"{percent(row['adjusted'])} once working days count with their measured weight of "
        f"{result.elasticity.value:.2f} ± {result.elasticity.error:.2f}. "
        "The daily average takes a weight of one and over-corrects.",
    )


def nowcast(found: Nowcast) -> str:
    """What the customs flash says of the running month."""
    return (
        f"The first {found.last_day} days of {months.words(found.number)} ran {percent(found.flash)} on the year "
        f"before. With working days that points to {percent(found.bridged)} for the month; the models say "
        f"{percent(found.model)}; together {percent(found.growth)} (four in five: {percent(float(found.low[1]))} to "
        f"{percent(float(found.high[1]))})."
    )


def scenario(result: OutlookResult, total: Sequence[Row]) -> tuple[str, ...]:
    """What the announced measure adds to the total."""
    lines = []
    for row in total:
        if row["scenario_growth"] is None:
            continue
        period = period_words(row["period"])
        if row["scenario_effect"] == 0:
            lines.append(f"No effect of {result.plan.request.scenario} falls into {period}.")
            continue
        lines.append(
            f"With {result.plan.request.scenario} {period} would come out at {percent(row['scenario_growth'])} instead "
            f"of {percent(row['growth'])}: it changes exports of that half by {percent(row['scenario_effect'], 2)} "
            f"(four in five: {percent(row['scenario_low80'])} to {percent(row['scenario_high80'])}, forecast and "
            "effect both uncertain)."
        )
    return tuple(lines)


def watch(result: OutlookResult) -> tuple[str, ...]:
    """Whether the intervals have failed lately: a break of regime said in words."""
    lines = (watch_sentence(row) for row in result.watch.iter_rows(named=True))
    return tuple(line for line in lines if line)


def watch_sentence(row: Row) -> str:
    """What a row of the watch table says in words; empty while ranges hold and are as wide as usual."""
    if row["failing"]:
        known = row["widening"] == row["widening"]
        now = f" to {row['widening']:.1f} times their usual width" if known else ""
        return (
            f"{_name(row)}: the intervals have failed. In {row['missed']} of the last {row['watched']} months the "
            f"outcome fell outside the four-in-five range made a month before ({row['missed_months']}); ranges "
            f"have been widened{now} and may still be too narrow."
        )
    if row["widened"] and row["watched"] >= RECENT:
        return f"{_name(row)}: ranges are {row['widening']:.1f} times their usual width after large surprises."
    return ""


def accuracy(result: OutlookResult) -> tuple[str, ...]:
    """How good the forecasts have been, and where nothing can be claimed."""
    rows = list(result.accuracy.iter_rows(named=True))
    lines = [
        f"{_name(row)}, {_ahead(row['horizon'])}: off by {100 * row['mape']:.1f} % on average over "
        f"{row['origins']} forecasts (same month of the year before: {100 * row['mape_seasonal_naive']:.1f} %); "
        f"the four-in-five range held {100 * row['coverage80']:.0f} % of the time."
        for row in rows
        if row["claimed"] and row["kind"] == "total"
    ]
    short = sorted({_name(row) for row in rows if not row["claimed"]})
    if short:
        lines.append(f"Too little history to claim an accuracy at some horizons for: {', '.join(short)}.")
    return tuple(lines)


def _ahead(step: int) -> str:
    return "a month ahead" if step == 1 else f"{step} months ahead"


def tracking(result: OutlookResult) -> tuple[str, ...]:
    """Where the indices of uncertainty and the exporters' survey stand."""
    return tuple(
        f"{one.title}: {one.value:.0f} in {months.words(one.number)}, {one.ratio_to_median:.1f} times its usual level; "
        f"higher in {100 * one.rank:.0f} % of months."
        for one in result.standings
    ) + _survey(result.survey)


def _survey(readings: Sequence[Survey]) -> tuple[str, ...]:
    if not readings:
        return ()
    items = ", ".join(f"{one.item.replace('_', ' ')} {one.value:g}" for one in readings)
    quarter = f"{readings[0].quarter[:4]}-{readings[0].quarter[4:]}"
    return (f"Exporters' survey, last on file {quarter} (100 = no change on the quarter before): {items}.",)
