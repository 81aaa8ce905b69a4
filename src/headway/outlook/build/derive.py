"""Fills missing months by arithmetic on published figures: one growth rate, or one period sum. Never more."""

from __future__ import annotations

import dataclasses
from collections import defaultdict

from headway.outlook import months
from headway.outlook.build.sources import Figure, known_from

TOLERANCE = 0.02
"""Gap between a value and its published growth that makes a break, where rounding cannot explain it."""

_CHAINED = ("total", "item", "destination", "imports")
_SANE = (0.5, 2.0)

Values = dict[int, Figure]


def flag_breaks(figures: list[Figure]) -> list[Figure]:
    """Mark figures whose published growth does not lead to the value published a year before.

    A pair breaks if value/(1+growth) differs from the value a year ago by more than 2 % and by more than the
    rounding of the three printed numbers allows: revisions and reclassified items.
    """
    values = {(f.kind, f.name, f.period): f for f in figures if f.value is not None}
    return [dataclasses.replace(f, chain_break=_breaks(f, values)) for f in figures]


def _breaks(figure: Figure, values: dict[tuple[str, str, str], Figure]) -> bool:
    if (
        figure.kind not in _CHAINED
        or figure.value is None
        or figure.yoy_pct is None
        or not _monthly(figure.period)
    ):
        return False
    before = values.get((figure.kind, figure.name, _year_before(figure.period)))
    if before is None or before.value is None:
        return False
    gap = abs(figure.value / (1 + figure.yoy_pct / 100) / before.value - 1)
    rounding = _half_unit(figure) / figure.value + _half_unit(before) / before.value
    return gap > max(TOLERANCE, rounding + 0.05 / (100 + figure.yoy_pct))


def _half_unit(figure: Figure) -> float:
    return float(0.5 * 10.0**-figure.decimals)


def _monthly(period: str) -> bool:
    return len(period) == 7 and period[5:].isdigit()


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"


def derived_figures(figures: list[Figure]) -> list[Figure]:
    """Months of items and destinations that published growth rates or period sums imply.

    First value(t−12) = value(t)/(1+growth) and value(t) = value(t−12)(1+growth), each one link and never across
    a break; then sums with a single unknown month; then both once more from what the sums gave.
    """
    groups: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.kind in ("item", "destination") and figure.source_id == "motie_releases":
            groups[figure.kind, figure.name].append(figure)
    found: list[Figure] = []
    for group in groups.values():
        printed = {months.month(f.period): f for f in group if f.value is not None and _monthly(f.period)}
        known = dict(printed)
        _from_growth(group, printed, known)
        _from_sums(group, known)
        # A month that a sum implies is as good a base for one growth rate as a printed one.
        _from_growth(group, {n: f for n, f in known.items() if not f.basis.endswith("growth")}, known)
        _from_sums(group, known)
        found += [figure for number, figure in sorted(known.items()) if number not in printed]
    return found


def _from_growth(group: list[Figure], bases: Values, known: Values) -> None:
    for figure in group:
        if figure.yoy_pct is None or figure.chain_break or not _monthly(figure.period):
            continue
        number, factor = months.month(figure.period), 1 + figure.yoy_pct / 100
        if number in bases and number - 12 not in known:
            base = bases[number]
            known[number - 12] = _implied([figure, base], number - 12, _value(base) / factor, "growth")
        elif number not in known and number - 12 in bases:
            base = bases[number - 12]
            known[number] = _implied([figure, base], number, _value(base) * factor, "growth")


def _from_sums(group: list[Figure], known: Values) -> None:
    """Solve each period sum that has exactly one unknown month, until nothing more follows."""
    sums = _period_sums(group)
    progress = True
    while progress:
        progress = False
        for (first, last), (figure, total) in sums.items():
            missing = [number for number in range(first, last + 1) if number not in known]
            if len(missing) != 1:
                continue
            rest = [known[number] for number in range(first, last + 1) if number in known]
            value = total - sum(_value(one) for one in rest)
            if _is_sane(value, missing[0], known):
                known[missing[0]] = _implied([figure, *rest], missing[0], value, "sums")
                progress = True


def _is_sane(value: float, number: int, known: Values) -> bool:
    """Whether a month implied by sums is of the size of the months around it: rounding piles up in small items."""
    near = [_value(known[other]) for other in range(number - 6, number + 7) if other in known]
    return bool(near) and _SANE[0] * sum(near) < value * len(near) < _SANE[1] * sum(near)


def _period_sums(group: list[Figure]) -> dict[tuple[int, int], tuple[Figure, float]]:
    """Printed sums of periods, and the differences of two sums that start together."""
    sums: dict[tuple[int, int], tuple[Figure, float]] = {}
    annual = {f.period: f for f in group if len(f.period) == 4 and f.value is not None}
    for figure in group:
        if _monthly(figure.period):
            continue
        before = annual.get(_year_before(figure.period)) if len(figure.period) == 4 else None
        value = figure.value
        if before is not None and figure.yoy_pct is not None:
            # A year's growth on the printed value before it carries more digits than the rounded value.
            value = _value(before) * (1 + figure.yoy_pct / 100)
        if value is not None:
            span = months.period(figure.period)
            sums[span[0], span[-1]] = (figure, value)
    for (first, last), (figure, value) in list(sums.items()):
        for (start, middle), (_, part) in list(sums.items()):
            if start == first and middle < last:
                sums.setdefault((middle + 1, last), (figure, value - part))
    return sums


def _implied(parts: list[Figure], number: int, value: float, how: str) -> Figure:
    """The figure of a month that `parts` imply, the first of which gives the growth rate or the sum."""
    figure, period = parts[0], months.label(number)
    return dataclasses.replace(
        figure,
        period=period,
        value=round(value, 3),
        yoy_pct=None,
        basis=f"derived from {how}",
        known_from=known_from(period),
        on_file_from=max(known_from(period), *(part.on_file_from for part in parts)),
        vintage=f"implied by the figures for {figure.period}",
        decimals=2,
    )


def _value(figure: Figure) -> float:
    if figure.value is None:
        raise ValueError(f"{figure.kind} {figure.name} {figure.period} has no value")
    return figure.value
