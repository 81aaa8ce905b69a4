"""The history of a duty as a step chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway.errors import OutsideDomain
from headway.tariffs.records import Change

if TYPE_CHECKING:
    import altair as alt

FORMATS = (".svg", ".png", ".html", ".json")


def _rows(changes: Sequence[Change], until: dt.date) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    ends = [*(one.day for one in changes[1:]), until]
    for one, end in zip(changes, ends, strict=True):
        for kind, total in (("no claim", one.unclaimed), ("preference claimed", one.claimed)):
            if total is not None:
                rows += [{"day": str(day), "rate": float(total), "kind": kind} for day in (one.day, end)]
    return rows


def history_chart(changes: Sequence[Change], *, title: str, until: dt.date) -> alt.Chart:
    """Steps of the total duty over time, with and without a claim; gaps are days whose total is unknown."""
    import altair as alt
    import polars as pl

    axis = alt.Axis(format="%", title="total duty, share of customs value")
    chart: alt.Chart = (
        alt.Chart(pl.DataFrame(_rows(changes, until)), title=title, width=640, height=280)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X("day:T", title=None),
            y=alt.Y("rate:Q", axis=axis),
            color=alt.Color("kind:N", title=None),
        )
    )
    return chart


def write_history(changes: Sequence[Change], path: Path, *, title: str, until: dt.date) -> None:
    """Write the chart to a file whose suffix gives the format; raises `OutsideDomain` for another suffix."""
    if path.suffix not in FORMATS:
        raise OutsideDomain(f"No chart format {path.suffix or '(none)'}.", f"Use {', '.join(FORMATS)}.")
    history_chart(changes, title=title, until=until).save(str(path))
