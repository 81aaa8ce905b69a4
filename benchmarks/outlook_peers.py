"""What another program's automatic models forecast at the same origins: kept beside the validation page.

    pip install statsforecast==2.1.1   # in an environment of its own: it asks for pandas < 3
    python benchmarks/outlook_peers.py src/headway/outlook/data/official_figures.csv docs/validation/outlook_peers.csv

AutoETS, AutoARIMA and AutoTheta on logs, model chosen at every origin, nothing known of working days.
"""

from __future__ import annotations

import csv
import sys
import time
import warnings
from pathlib import Path

import numpy as np

FIRST, LAST, HORIZON = "2015-07", "2025-10", 6


def adjusted_total(path: Path) -> dict[str, float]:
    """Month → OECD adjusted total from the shipped table."""
    with path.open(encoding="utf-8") as stream:
        return {
            row["period"]: float(row["value"]) for row in csv.DictReader(stream) if row["source_id"] == "oecd_mei"
        }


def main() -> None:
    """Forecast at each origin and write one row per model, origin and step."""
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta

    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    values = adjusted_total(source)
    names = sorted(values)
    logs = np.log([values[name] for name in names])
    models = {"AutoETS": AutoETS(1), "AutoARIMA": AutoARIMA(season_length=1), "AutoTheta": AutoTheta(1)}
    rows = []
    for name, model in models.items():
        began = time.perf_counter()
        for origin in range(names.index(FIRST), names.index(LAST) + 1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                mean = model.forecast(logs[: origin + 1], HORIZON)["mean"]
            rows += [(name, names[origin], step + 1, f"{value:.8f}") for step, value in enumerate(mean)]
        print(name, f"{time.perf_counter() - began:.1f} s")
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["model", "origin", "step", "log_forecast"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
