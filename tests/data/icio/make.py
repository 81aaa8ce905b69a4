"""Writes the invented tables of this folder in the publishers' layouts: python tests/data/icio/make.py"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
USE_SHARES = np.array([0.6, 0.02, 0.18, 0.2, 0.01, -0.01])


def economy(countries: list[str], industries: list[str], seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Deliveries [n·j, n·j], final uses [n·j, n·6] and net taxes [n·j]; one inventory cell is negative."""
    rng = np.random.default_rng(seed)
    n, j = len(countries), len(industries)
    near = np.where(np.eye(n, dtype=bool), 1.0, 0.06)
    final = 4e4 * rng.uniform(0.5, 1.5, (n, j, n)) * near[:, None, :]
    uses = final[..., None] * USE_SHARES
    uses[0, 0, 1, 4] = -6000.0
    share = 0.1 * rng.uniform(0.5, 1.5, (n, j, n, j)) * near[:, None, :, None]
    size = n * j
    output = np.linalg.solve(np.eye(size) - share.reshape(size, size), uses.sum(axis=(2, 3)).ravel())
    return share.reshape(size, size) * output, uses.reshape(size, n * len(USES)), 0.01 * output


def write(name: str, rows: list[list[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def numbers(values: np.ndarray) -> list[str]:
    return [f"{value:.4f}" for value in values]


def new_layout() -> None:
    """As editions 2022 to 2025: three countries, four industries."""
    countries, industries = ["KOR", "USA", "ROW"], ["A01_02", "C26", "C29", "K"]
    labels = [f"{country}_{industry}" for country in countries for industry in industries]
    sold, used, taxes = economy(countries, industries, seed=1)
    output = sold.sum(axis=1) + used.sum(axis=1)
    columns = [f"{country}_{use}" for country in countries for use in USES]
    rows: list[list[object]] = [["V1", *labels, *columns, "OUT"]]
    rows += [[label, *numbers([*sold[at], *used[at], output[at]])] for at, label in enumerate(labels)]
    blank = np.zeros(len(columns))
    rows.append(["TLS", *numbers([*taxes, *(0.02 * used.sum(axis=0)), 0.0])])
    rows.append(["VA", *numbers([*(output - sold.sum(axis=0) - taxes), *blank, 0.0])])
    rows.append(["OUT", *numbers([*output, *blank, 0.0])])
    write("2022_SML.csv", rows)


def old_layout() -> None:
    """As editions 2018 and 2021, extended: China sells and buys inputs in two parts and consumes as a whole."""
    parts, consumers, industries = (
        ["KOR", "CN1", "CN2", "ROW"],
        ["KOR", "CHN", "ROW"],
        ["01T02", "26", "29", "64T66"],
    )
    sold, used, taxes = economy(parts, industries, seed=2)
    used = used.reshape(len(used), len(parts), len(USES))
    used = np.stack([used[:, 0], used[:, 1] + used[:, 2], used[:, 3]], axis=1).reshape(len(used), -1)
    output = sold.sum(axis=1) + used.sum(axis=1)
    labels = [f"{country}_{industry}" for country in parts for industry in industries]
    whole = [f"CHN_{industry}" for industry in industries]
    at = [*range(4), *([-1] * 4), *range(4, 16)]
    every = [*labels[:4], *whole, *labels[4:]]

    def widened(row: np.ndarray) -> list[float]:
        return [0.0 if k < 0 else row[k] for k in at]

    columns = [f"{country}_{use}" for country in consumers for use in USES]
    rows: list[list[object]] = [["", *every, *columns, "TOTAL"]]
    blank = np.zeros(len(columns))
    for label, k in zip(every, at, strict=True):
        cells = np.zeros(len(every) + len(columns) + 1) if k < 0 else [*widened(sold[k]), *used[k], output[k]]
        rows.append([label, *numbers(np.asarray(cells))])
    for country, part in zip(consumers, (0.5, 0.3, 0.2), strict=True):
        rows.append([f"{country}_TAXSUB", *numbers([*widened(part * taxes), *blank, 0.0])])
    rows.append(["VALU", *numbers([*widened(output - sold.sum(axis=0) - taxes), *blank, 0.0])])
    rows.append(["OUTPUT", *numbers([*widened(output), *blank, 0.0])])
    write("ICIO2021_2018.csv", rows)


def wiod() -> None:
    """As the release of 2016, saved as CSV: three countries, three industries, five final uses."""
    countries, industries = ["KOR", "USA", "ROW"], ["A01", "C26", "R_S"]
    sold, used, taxes = economy(countries, industries, seed=3)
    used = used.reshape(len(used), len(countries), len(USES))
    used = np.concatenate([used[..., :4], used[..., 4:].sum(axis=2, keepdims=True)], axis=2)
    n, j = len(countries), len(industries)
    cells = np.concatenate([sold.reshape(n * j, n, j), used], axis=2)
    output = cells.sum(axis=(1, 2))
    head = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
    rows: list[list[object]] = [[*head, *(f"{c}{k}" for c in countries for k in range(1, j + 6)), "TOT"]]
    for row in range(n * j):
        country, industry = countries[row // j], industries[row % j]
        start = [industry, f"Industry {industry}", country, row % j + 1, 2014]
        rows.append([*start, *numbers([*cells[row].ravel(), output[row]])])
    below = {"II_fob": cells.sum(axis=0)}
    below["TXSP"] = np.concatenate([taxes.reshape(n, j), 0.02 * used.sum(axis=0)], axis=1)
    for code in ("EXP_adj", "PURR", "PURNR", "IntTTM"):
        below[code] = np.zeros((n, j + 5))
    wide = np.concatenate([output.reshape(n, j), used.sum(axis=0)], axis=1)
    below["GO"] = wide
    below["VA"] = wide - below["II_fob"] - below["TXSP"]
    for number, code in enumerate(("II_fob", "TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM", "GO"), start=65):
        start = [code, code, "TOT", number, 2014]
        rows.append([*start, *numbers([*below[code].ravel(), below[code].sum()])])
    write("WIOT2014_October16_ROW.csv", rows)


if __name__ == "__main__":
    new_layout()
    old_layout()
    wiod()
