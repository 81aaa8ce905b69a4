"""Time of a backtest: 200 series of 240 months, 12 ahead, 24 origins, effects and orders chosen anew every 12.

python benchmarks/outlook_speed.py
"""

from __future__ import annotations

import time

import numpy as np

from headway.outlook import Panel, Series, Settings, forecast_panel, months


def simulated(count: int, length: int, rng: np.random.Generator) -> Panel:
    """Series with trend, season, working days (elasticity 0.5), a random walk and noise."""
    from headway.outlook import calendar

    start = months.month("2006-01")
    days = calendar.log_days(calendar.KOREA, range(start, start + length))
    season = 0.08 * rng.standard_normal((count, 12))
    walk = np.cumsum(0.03 * rng.standard_normal((count, length)), axis=1)
    noise = 0.03 * rng.standard_normal((count, length))
    logs = walk + noise + season[:, np.arange(length) % 12] + 0.5 * days + 0.003 * np.arange(length)
    return Panel(tuple(Series("item", f"s{at}", start, np.exp(row)) for at, row in enumerate(logs)))


def main() -> None:
    """Run the benchmark and print the seconds."""
    panel = simulated(200, 240, np.random.default_rng(1))
    forecast_panel(Panel(panel.series[:2]), Settings(origins=2))
    for origins in (24, None):
        began = time.perf_counter()
        made = forecast_panel(panel, Settings(horizon=12, reselect=12, origins=origins))
        seconds = time.perf_counter() - began
        print(f"{len(made)} series, {len(made[0].origins)} origins: {seconds:.1f} s")


if __name__ == "__main__":
    main()
