"""Writes docs/validation/outlook.md: every table on that page is computed here, losing rows included.

python benchmarks/outlook_validation.py
"""

from __future__ import annotations

import csv
import datetime as dt
import time
from pathlib import Path

import numpy as np
from outlook_speed import simulated

from headway.outlook import (
    accuracy,
    adjustment,
    calendar,
    figures,
    flashes,
    growth,
    hierarchy,
    institutions,
    months,
    review,
)
from headway.outlook.engine import conformal, scores, smoothing
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.records import FloatArray, Panel, Series
from headway.outlook.results import Request, outlook
from headway.outlook.sentences import title
from headway.outlook.spans import sum_errors

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation" / "outlook.md"
PEERS = ROOT / "docs" / "validation" / "outlook_peers.csv"
FIRST, LAST = months.month("2015-07"), months.month("2025-10")
STEPS = range(6)


def pct(value: float, digits: int = 2) -> str:
    """A percentage without its sign convention: errors and shares."""
    return f"{100 * value:.{digits}f}"


def signed(value: float, digits: int = 1) -> str:
    """A signed percentage."""
    rounded = round(100 * value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(r) + " |" for r in rows),
        "",
    ]


def chosen(made: Forecast) -> np.ndarray:
    """Origins of the judged window."""
    return np.array([FIRST <= origin <= LAST for origin in made.origins])


def abs_errors(path: FloatArray, made: Forecast) -> FloatArray:
    """|F/A − 1| [O, H]."""
    return np.abs(np.expm1(path - made.actual))


def half_error(path: FloatArray, made: Forecast) -> FloatArray:
    """|F/A − 1| of the six-month sum [O]."""
    came, said = np.exp(made.actual[:, :6]).sum(axis=1), np.exp(path[:, :6]).sum(axis=1)
    return np.abs(said / came - 1)


def plain_paths(made: Forecast) -> dict[str, FloatArray]:
    """Random walk and Theta on the bare series, as the published marks have them: nothing known of working days."""
    logs = made.series.logs[None]
    origins = np.array(made.origins) - made.series.start
    walk = np.repeat(logs[0, origins][:, None], made.horizon, axis=1)
    return {"random walk, bare": walk, "Theta, bare": smoothing.theta(logs, origins, made.horizon)[0]}


def peer_paths(made: Forecast) -> dict[str, FloatArray]:
    """The other program's forecasts at the same origins, NaN elsewhere."""
    found: dict[str, FloatArray] = {}
    with PEERS.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            path = found.setdefault(f"statsforecast {row['model']}", np.full_like(made.past, np.nan))
            path[made.origins.index(months.month(row["origin"])), int(row["step"]) - 1] = float(
                row["log_forecast"]
            )
    return found


def adjusted_total(made: Forecast) -> tuple[list[str], dict[str, float]]:
    """Accuracy of every model and mark on the adjusted total, tests and coverage."""
    window, lines = chosen(made), []
    ours = abs_errors(made.past, made)
    paths: dict[str, FloatArray] = {"**combination**": made.past}
    paths |= dict(zip(made.models, made.by_model, strict=True))
    marks = plain_paths(made) | peer_paths(made)
    rows = []
    for name, path in (paths | marks).items():
        error = abs_errors(path, made)[window]
        rows.append(
            [
                name,
                *(pct(error[:, s].mean()) for s in STEPS),
                pct(error[:, :6].mean()),
                pct(half_error(path, made)[window].mean()),
            ]
        )
    head = ["mean absolute error, %", *(f"h={s + 1}" for s in STEPS), "mean", "half-year sum"]
    lines += table(head, rows)
    rows = []
    for name in ("random walk, bare", "Theta, bare", "statsforecast AutoARIMA", "statsforecast AutoETS"):
        other = abs_errors(marks[name], made)
        cells = []
        for step in (0, 2, 5):
            test = scores.diebold_mariano(ours[window, step], other[window, step], step + 1)
            cells.append(f"{test.statistic:+.2f} (p {test.p_value:.3f})".replace("-", "−"))
        rows.append([name, *cells])
    lines += ["Diebold–Mariano against the combination (negative: the combination is better):", ""]
    lines += table(["against", "h=1", "h=3", "h=6"], rows)
    lines += coverage(made, window)
    last = np.isfinite(made.actual[:, 0])
    recent = np.flatnonzero(last)[-36:]
    single = {
        n: abs_errors(p, made)[window][:, :6].mean() for n, p in zip(made.models, made.by_model, strict=True)
    }
    facts = {
        "h1": float(ours[window, 0].mean()),
        "h6": float(ours[window, 5].mean()),
        "half": float(half_error(made.past, made)[window].mean()),
        "mean": float(ours[window][:, :6].mean()),
        "best": min(single.values()),
        "walk": float(abs_errors(marks["random walk, bare"], made)[window][:, :6].mean()),
        "theta": float(abs_errors(marks["Theta, bare"], made)[window][:, :6].mean()),
        "recent": float(ours[recent, 0].mean()),
        "recent_walk": float(abs_errors(marks["random walk, bare"], made)[recent, 0].mean()),
    }
    return lines, facts


def coverage(made: Forecast, window: np.ndarray) -> list[str]:
    """Shares of outcomes inside the bands by horizon, and for the half-year sum."""
    inside = np.abs(made.errors)[None] <= made.past_width
    sums = np.abs(sum_errors(made, 1, 6)) / made.scale
    half = conformal.adaptive_bands(sums[None], 6).hit[:, 0]
    rows = []
    for at, level in enumerate(conformal.LEVELS):
        cells = [pct(inside[at][window][:, s].mean(), 0) for s in (0, 1, 2, 3, 4, 5, 11) if s < made.horizon]
        rows.append([f"{100 * level:.0f} %", *cells, pct(np.nanmean(half[at][window]), 0)])
    known = np.isfinite(made.actual[window][:, 11]).sum()
    head = ["band", *(f"h={s}" for s in (1, 2, 3, 4, 5, 6)), f"h=12 ({known} known)", "half-year sum"]
    # Outcomes that are not yet known at twelve months count as neither hit nor miss.
    place = 7
    for row, at in zip(rows, range(3), strict=True):
        realised = np.isfinite(made.actual[:, 11]) & window
        row[place] = pct(inside[at][realised][:, 11].mean(), 0)
    return ["Share of outcomes inside the bands, %:", "", *table(head, rows)]


def claims(made: tuple[Forecast, ...]) -> list[str]:
    """MASE, skill and coverage per series where they can be claimed; a line for what cannot."""
    rows, silent = [], []
    for one in made:
        few = []
        for found in accuracy.accuracy(one, (1, 3, 6, 12)):
            label = title(found.kind, found.name)
            if not found.claimed:
                few.append(f"{found.horizon} ({found.origins})")
                continue
            cells = [label, str(found.horizon), str(found.origins), pct(found.mape, 1), f"{found.mase:.2f}"]
            rows.append([*cells, pct(found.skill, 0), f"{found.p_value:.3f}", pct(found.coverage[1], 0)])
        if few:
            silent.append(f"{title(one.series.kind, one.series.name)} {', '.join(few)}")
    head = ["series", "h", "n", "MAPE, %", "MASE", "skill, %", "DM p", "80 % band held, %"]
    said = "Not claimed, horizon (realised forecasts): " + "; ".join(silent) + "."
    return [*table(head, rows), said, ""]


def pooled_items(made: tuple[Forecast, ...]) -> list[str]:
    """Items and destinations taken together: median errors against the seasonal naive forecast, coverage."""
    parts = [one for one in made if one.series.kind != "total"]
    rows = []
    for step in (1, 3, 6):
        error, naive, inside = [], [], []
        for one in parts:
            actual = one.actual[:, step - 1]
            known = accuracy.outcome_known(one, step)
            back = np.array(one.origins) - one.series.start + step - 12
            error += list(np.abs(np.expm1(one.past[known, step - 1] - actual[known])))
            naive += list(np.abs(np.expm1(one.series.logs[back][known] - actual[known])))
            inside += list(np.abs(one.errors[known, step - 1]) <= one.past_width[1, known, step - 1])
        share = 1 - np.mean(error) / np.mean(naive)
        rows.append(
            [
                str(step),
                str(len(error)),
                pct(np.mean(error), 1),
                pct(np.mean(naive), 1),
                pct(share, 0),
                pct(np.mean(inside), 0),
            ]
        )
    return table(["h", "forecasts", "mean error, %", "seasonal naive, %", "skill, %", "80 % band held, %"], rows)


def nowcasts(made: Forecast) -> tuple[list[str], dict[int, float]]:
    """Errors of nowcasts as known on the flash's day, beside the raw and the bridged flash and the model."""
    every, published = flashes.korean_flashes(), figures.published_growth("total", "total")
    rule, rows, facts = calendar.KOREA, [], {}
    for window in (20, 10):
        errors: list[list[float]] = []
        for flash in (f for f in every if f.last_day == window and months.month("2024-01") <= f.number):
            if flash.number > made.series.end:
                continue
            name = months.label(flash.number)
            chained = made.series.at(flash.number) / made.series.at(flash.number - 12) - 1
            came = published[name] / 100 if name in published else chained
            found = flashes.nowcast(made, flash, [f for f in every if f.number < flash.number])
            bridged = float(np.expm1(flashes.bridge(flash, rule)))
            inside = found.low[1] <= came <= found.high[1]
            errors.append(
                [abs(x - came) for x in (flash.growth, bridged, found.model, found.growth)] + [float(inside)]
            )
        mean = np.mean(errors, axis=0)
        facts[window] = float(mean[3])
        rows.append([f"1–{window}", str(len(errors)), *(pct(x, 1) for x in mean[:4]), pct(mean[4], 0)])
    head = ["flash", "n", "raw growth", "with working days", "model alone", "**both**", "80 % range held, %"]
    return table(head, rows), facts


def trigger() -> list[str]:
    """The first half of 2025 as known on 20 January 2025."""
    day = dt.date(2025, 1, 20)
    adjusted = figures.adjusted_total(day)
    period = months.period("2025-H1")
    carried = growth.carry_over(adjusted, period)
    rule = calendar.KOREA

    def day_effect(known_on: dt.date | None) -> float:
        now = sum(calendar.working_days(rule, n, known_on) for n in period)
        return float((now / sum(calendar.working_days(rule, n - 12) for n in period)) ** 0.51 - 1)

    final, then = day_effect(None), day_effect(day)
    lines = [
        f"Check value on the OECD's adjusted series: carry-over {signed(carried, 2)} %, calendar {signed(final, 2)} % "
        f"(elasticity 0.51), together {signed((1 + carried) * (1 + final) - 1, 2)} %. The election holiday of 3 June "
        f"was fixed on 8 April: as known on the day the calendar cost {signed(then, 2)} %, together "
        f"{signed((1 + carried) * (1 + then) - 1, 2)} %.",
        "",
    ]
    lines += [*carry_overs(day), ""]
    rows = []
    outcomes = {"total": "−0.03", "semiconductors": "+11.4", "cars": cars_outcome()}
    requests = {
        "without any flash": Request(as_known_on=day, use_flash=False),
        "with the flash of 13 January": Request(as_known_on=day),
        "without figures that only a later release implies": Request(
            panel=figures.korea(day, strict=True), as_known_on=day
        ),
        "on 21 January, with the flash of that day": Request(as_known_on=day + dt.timedelta(days=1)),
    }
    for said, request in requests.items():
        for row in outlook(request).periods.iter_rows(named=True):
            if row["period"] == "2025-H1" and row["name"] in outcomes:
                rows.append(
                    [
                        row["name"],
                        said,
                        signed(row["growth"]),
                        f"{signed(row['low50'])} to {signed(row['high50'])}",
                        f"{signed(row['low80'])} to {signed(row['high80'])}",
                        f"{signed(row['low95'])} to {signed(row['high95'])}",
                        outcomes[row["name"]],
                        signed(row["carry_over"]),
                        signed(row["base"]),
                        signed(row["calendar"]),
                        signed(row["within"]),
                    ]
                )
    head = [
        "",
        "",
        "forecast, %",
        "50 %",
        "80 %",
        "95 %",
        "outcome, %",
        "carry-over",
        "of it base",
        "calendar",
        "within",
    ]
    return lines + table(head, rows)


def carry_overs(day: dt.date) -> list[str]:
    """Carry-over of the total by the level that is carried on and by the adjustment behind it."""
    total = figures.korea(day).total
    assert total is not None
    made = {
        "the OECD's own": figures.adjusted_total(day),
        "the OECD's, rest of working days out": _adjusted(figures.adjusted_total(day), day),
        "**Headway's, on the unadjusted total**": _adjusted(total, day),
        "one regression over the whole past": adjustment.adjust(total, "structural").series,
    }
    if adjustment.x13_available():
        made["X-13"] = adjustment.adjust(total, "x13").series
    period = months.period("2025-H1")
    rows = []
    for name, series in made.items():
        before = series.total(n - 12 for n in period)
        levels = [series.values[-count:].mean() for count in (1, growth.LEVEL_MONTHS, 6)]
        rows.append([name, *(signed(float(len(period) * level / before - 1), 2) for level in levels)])
    return table(["adjustment", "December alone", "**last three months**", "last six months"], rows)


def _adjusted(series: Series, day: dt.date) -> Series:
    return forecast_panel(Panel((series,)), Settings(known_on=day))[0].adjusted


def cars_outcome() -> str:
    """Growth of car exports in the first half of 2025 from the months on file."""
    cars = figures.stated("item", "cars")
    now, before = (sum(cars[n - shift] for n in months.period("2025-H1")) for shift in (0, 12))
    return signed(now / before - 1)


def rivals() -> tuple[list[str], tuple[int, int, int]]:
    """Institutions' forecasts beside Headway's as known on the publication day."""
    rows, wins, losses, ties = [], 0, 0, 0
    for one in institutions.compare():
        wins += one.closer == "Headway"
        ties += one.closer == "tie"
        losses += one.closer not in (None, "Headway", "tie")
        shown = "–" if one.headway is None else f"{one.headway:+.1f} ({one.low:+.1f} to {one.high:+.1f})"
        outcome = "–" if one.outcome is None else f"{one.outcome:+.1f}"
        last = one.closer or (f"not judged: {one.why_not}" if one.why_not else "not judged: no outcome on file")
        rows.append(
            [
                one.institution,
                one.published.isoformat(),
                f"{one.target} {one.item}",
                f"{one.forecast:+.1f}",
                outcome,
                shown,
                last,
            ]
        )
    head = ["institution", "published", "target", "forecast, %", "outcome, %", "Headway (80 %), %", "closer"]
    return _minus(table(head, rows)), (wins, losses, ties)


def _minus(lines: list[str]) -> list[str]:
    """True minus signs before digits in cells, dates left alone."""
    import re

    return [re.sub(r"(?<=[| (])-(?=\d)|(?<=to )-(?=\d)", "−", line) for line in lines]


def regime(made: Forecast) -> list[str]:
    """The break of 2026 month by month: one-month forecast, band and outcome."""
    rows = []
    for at, origin in enumerate(made.origins):
        number = origin + 1
        if number < months.month("2025-11") or not np.isfinite(made.actual[at, 0]):
            continue
        width = made.past_width[1, at, 0]
        middle, came = np.exp(made.past[at, 0]), np.exp(made.actual[at, 0])
        hit = "inside" if abs(made.errors[at, 0]) <= width else "**outside**"
        band = f"{middle * np.exp(-width):.1f} to {middle * np.exp(width):.1f}"
        rows.append(
            [months.label(number), f"{middle:.1f}", band, f"{came:.1f}", hit, f"±{pct(np.expm1(width), 1)} %"]
        )
    return table(["month", "forecast, bn", "80 % band", "outcome", "", "half-width"], rows)


def after_the_event() -> list[str]:
    """After-action of the first half of 2025, and front-loading to the United States before April 2025."""
    day = dt.date(2025, 1, 20)
    panel = hierarchy.with_rest(figures.korea(day))
    made = hierarchy.reconciled(forecast_panel(panel, Settings(known_on=day)))
    found = review.after_action(made, figures.korea(), "2025-H1")
    rows = [[cause.name, signed(cause.log_points, 2), cause.words] for cause in found.causes]
    rows.append(
        ["**error**", signed(np.log1p(found.error), 2), f"{found.outcome:.1f} against {found.forecast:.1f} bn"]
    )
    lines = table(["cause", "log points × 100", "in words"], rows)
    items = sorted(found.items.items(), key=lambda pair: pair[1])
    lines += [
        "By item, points of the total's forecast: " + ", ".join(f"{n} {signed(v, 2)}" for n, v in items) + ".",
        "",
    ]
    usa = next(one for one in made if one.series.name == "USA")
    evidence = review.front_loading_evidence(
        usa, figures.korea().get("destination", "USA"), dt.date(2025, 4, 5), months_before=2, months_after=3
    )
    return [*lines, evidence.words, ""]


def synthetic() -> list[str]:
    """Coverage, error and the elasticity recovered on series whose truth is known."""
    panel = simulated(40, 240, np.random.default_rng(7))
    made = forecast_panel(panel)
    response = [adjustment.elasticity(one.series) for one in made]
    near = np.mean([abs(r.value - 0.5) <= 2 * r.error for r in response])
    rows = []
    for at, step in enumerate((1, 3, 6, 12)):
        found = [accuracy.accuracy(one)[at] for one in made]
        rows.append(
            [str(step), f"{np.mean([f.mase for f in found]):.2f}", pct(np.mean([f.skill for f in found]), 0)]
            + [pct(np.mean([f.coverage[level] for f in found]), 1) for level in range(3)]
        )
    lines = [
        f"40 series of 240 months with a random walk, noise, seasons and an elasticity of 0.5: the estimate averages "
        f"{np.mean([r.value for r in response]):.3f} and lies within two of its standard errors in {pct(near, 0)} % of "
        "series.",
        "",
    ]
    return lines + table(["h", "MASE", "skill, %", "50 % band", "80 % band", "95 % band"], rows)


def speed() -> tuple[list[str], float]:
    """Seconds for the backtest that the target names, and for all origins."""
    panel = simulated(200, 240, np.random.default_rng(1))
    rows, first = [], 0.0
    for origins in (24, None):
        began = time.perf_counter()
        made = forecast_panel(panel, Settings(horizon=12, reselect=12, origins=origins))
        seconds = time.perf_counter() - began
        first = first or seconds
        rows.append([str(len(made)), "240", str(len(made[0].origins)), f"{seconds:.1f}"])
    return table(["series", "months", "origins", "seconds"], rows), first


def elasticity_lines() -> list[str]:
    """Elasticities by method, and September 2025 at three speeds."""
    total = figures.korea().total
    assert total is not None
    rows = []
    series = {
        "unadjusted total, 2000 on (before 2023 rebuilt)": total,
        "unadjusted total as published, 2023 on": figures.published_total(),
        "OECD's adjusted total": figures.adjusted_total(),
    }
    for name, one in series.items():
        found = adjustment.elasticity(one)
        rows.append([name, found.method, f"{found.value:.3f} ± {found.error:.3f}"])
    if adjustment.x13_available():
        found = adjustment.adjust(figures.published_total(), "x13").elasticity
        assert found is not None
        rows.append(
            ["unadjusted total as published, 2023 on", found.method, f"{found.value:.3f} ± {found.error:.3f}"]
        )
    lines = table(["series", "method", "elasticity"], rows)
    response = adjustment.elasticity(total)
    rates = adjustment.rates(total, months.month("2025-09"), response, published=0.127)
    return [
        *lines,
        f"September 2025: {signed(rates.headline)} % as printed, {signed(rates.daily_average)} % daily average, "
        f"{signed(rates.adjusted)} % adjusted (published: +12.7, −6.1, about +2.8).",
        "",
    ]


def targets(
    facts: dict[str, float], now: dict[int, float], seconds: float, judged: tuple[int, int, int]
) -> list[str]:
    """Each target of the specification with the figure reached."""

    def row(name: str, target: str, value: str, met: bool) -> list[str]:
        return [name, target, value, "met" if met else "**missed**"]

    ratio = facts["mean"] / facts["best"]
    return table(
        ["target", "to beat", "reached", ""],
        [
            row(
                "adjusted total, one month ahead, %", "Theta 3.4, naive 3.6", pct(facts["h1"]), facts["h1"] < 0.034
            ),
            row(
                "adjusted total, six months ahead, %",
                "Theta 7.4, naive 7.6",
                pct(facts["h6"]),
                facts["h6"] < 0.0738,
            ),
            row(
                "adjusted total, half-year sum, %",
                "Theta 4.8, naive 4.9",
                pct(facts["half"]),
                facts["half"] < 0.048,
            ),
            row(
                "mean over 1–6, against the random walk, %",
                pct(facts["walk"]),
                pct(facts["mean"]),
                facts["mean"] < facts["walk"],
            ),
            row(
                "mean over 1–6, against Theta, %",
                pct(facts["theta"]),
                pct(facts["mean"]),
                facts["mean"] < facts["theta"],
            ),
            row("combination over the best single model", "at most 1.05", f"{ratio:.3f}", ratio <= 1.05),
            row(
                "one month ahead, last 36 months, %",
                "random walk 3.14, SARIMA 2.92",
                pct(facts["recent"]),
                facts["recent"] < 0.0292,
            ),
            row(
                "80 % bands of the adjusted total, 1–6 months",
                "75 to 85 %",
                f"{pct(facts['low80'], 0)} to {pct(facts['high80'], 0)} %",
                facts["low80"] >= 0.75 and facts["high80"] <= 0.85,
            ),
            row(
                "nowcast from the 20-day flash, points", "first try 3.6, raw 6.5", pct(now[20], 1), now[20] < 0.036
            ),
            row("200 series × 240 months × 24 origins, s", "120", f"{seconds:.1f}", seconds < 120),
            [
                "published forecasts: closer / not / tie",
                "–",
                f"{judged[0]} / {judged[1]} / {judged[2]}",
                "see below",
            ],
        ],
    )


def main() -> None:
    """Compute everything and write the page."""
    adjusted = forecast_panel(Panel((figures.adjusted_total(),)))[0]
    panel = hierarchy.with_rest(figures.korea())
    made = forecast_panel(panel)
    block, facts = adjusted_total(adjusted)
    inside = (np.abs(adjusted.errors)[None] <= adjusted.past_width)[1][chosen(adjusted)][:, :6].mean(axis=0)
    facts |= {"low80": float(inside.min()), "high80": float(inside.max())}
    flash_lines, now = nowcasts(made[0])
    rival_lines, judged = rivals()
    speed_lines, seconds = speed()
    text = (ROOT / "benchmarks" / "outlook_page.md.tmpl").read_text(encoding="utf-8")
    parts = {
        "targets": targets(facts, now, seconds, judged),
        "adjusted": block,
        "claims": claims(made),
        "pooled": pooled_items(made),
        "elasticity": elasticity_lines(),
        "nowcast": flash_lines,
        "trigger": trigger(),
        "rivals": rival_lines,
        "regime": regime(made[0]),
        "words": ["> " + line for line in outlook(Request()).sentences["watch"][:1]],
        "after": after_the_event(),
        "synthetic": synthetic(),
        "speed": speed_lines,
    }
    for name, lines in parts.items():
        text = text.replace(f"{{{{ {name} }}}}", "\n".join(lines).rstrip())
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
