"""Write docs/validation/equilibrium.md: known answers of the equilibrium models, computed figures beside them.

    python benchmarks/equilibrium_validation.py ../shared/data docs/validation/equilibrium.md [PEER_PYTHON]

PEER_PYTHON is an interpreter that has gegravity and gme beside this package, for the comparison of times. Needs the
source data beside the repository and the development extras; times are taken in the same run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "models"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import impact_equilibrium

import conftest as data  # found through the paths above
from headway.models.equilibrium import (
    Closure,
    Decomposition,
    Equilibrium,
    Shock,
    SolverOptions,
    decompose,
    rebalance,
    solve,
)
from headway.models.gradients import gradient, welfare_of
from headway.models.gravity import conditional_response
from headway.models.markups import MarkupOutcome, optimal_tariff, solve_tariffs

HERE = Path(__file__).resolve().parent
PRINTED_NAFTA = {
    "balanced": {
        "Mexico": (1.31, -0.41, 1.72, 1.72),
        "Canada": (-0.06, -0.11, 0.04, 0.32),
        "USA": (0.08, 0.04, 0.04, 0.11),
    },
    "fixed": {
        "Mexico": (1.17, -0.41, 1.59, 1.64),
        "Canada": (-0.04, -0.08, 0.04, 0.33),
        "USA": (0.08, 0.05, 0.04, 0.12),
    },
}
CASES = {
    "relief": ("USTR tariffs, income-tax relief", (1.13, -18.1, -52.7, -43.6, 0.32, 12.8, -0.58)),
    "lump sum": ("USTR tariffs, lump-sum", (-0.01, -18.4, -52.5, -43.3, -0.41, 13.1, -0.57)),
    "optimal": ("optimal tariff", (1.79, -19.1, -55.3, -45.6, 0.51, 12.6, -0.61)),
    "reciprocal": ("USTR + reciprocal retaliation", (-0.36, -26.7, None, None, -0.18, 7.5, -0.46)),
    "retaliation": ("USTR + optimal retaliation", (-0.75, -29.0, None, None, -0.32, 6.0, -0.43)),
    "both optimal": ("optimal + optimal", (-0.32, -28.4, None, None, -0.20, 4.2, -0.39)),
    "partial": ("USTR, partial pass-through 0.25", (1.36, -11.8, -35.0, -28.8, 0.30, 7.9, -0.23)),
    "competitive": ("USTR, no markups (Eaton–Kortum)", (1.24, -0.4, -46.3, -33.3, 0.41, 10.9, -0.50)),
}
KOREA = {
    "relief": (-1.70798, 7.84290, -5.38650, -6.48874, -0.374491, -5.15400),
    "retaliation": (-1.23245, 10.96915, -8.77684, -9.18402, -0.355849, -2.60897),
}
COLUMNS = ("welfare", "deficit", "exports_share", "imports_share", "employment", "prices")
DIGITS = (2, 1, 1, 1, 2, 1, 2)
SCAN = {0.165: 1.677, 0.19: 1.746, 0.218: 1.790, 0.28: 1.795, 0.35: 1.703}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a Markdown table, numbers to the right."""
    yield "| " + " | ".join(header) + " |"
    yield "|---|" + "--:|" * (len(header) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def caliendo_parro() -> Iterator[str]:
    """Section 1: both treatments of deficits, three members, then all regions."""
    nafta = data.load_caliendo_parro()
    yield from (
        "## 1. Caliendo & Parro (2015), Table 2",
        "",
        "31 regions, 40 sectors, base of 1993, NAFTA's tariffs 1993 to 2005. Percent; printed / computed. The",
        "table's welfare is the linear measure with d ln x = x̂ − 1; the exact Î/P̂ and the linear measure in",
        "logs stand beside it. The published base is not balanced (negative final demand was clipped: 0.8 % of",
        "world value added at finance in the rest of the world) and is solved for first, with deficits removed or",
        "kept.",
        "",
    )
    worst: list[str] = []
    for rule, printed in PRINTED_NAFTA.items():
        base = rebalance(nafta.baseline, Closure(trade_balance=rule))
        equilibrium = solve(base, Shock(tariff=nafta.tariff))
        parts = decompose(equilibrium)
        yield from _nafta_rows(rule, printed, nafta.regions, equilibrium, parts)
        worst.append(_nafta_gap(rule, nafta.regions, equilibrium, parts))
    yield from worst
    yield ""


def _nafta_columns(equilibrium: Equilibrium, parts: Decomposition) -> np.ndarray:
    columns = (parts.linear, parts.terms_of_trade, parts.volume_of_trade, equilibrium.real_wage - 1.0)
    return 100.0 * np.stack(columns, axis=1)


def _nafta_rows(
    rule: str,
    printed: dict[str, tuple[float, ...]],
    regions: tuple[str, ...],
    equilibrium: Equilibrium,
    parts: Decomposition,
) -> Iterator[str]:
    computed, logs = _nafta_columns(equilibrium, parts), decompose(equilibrium, change="log").linear
    title = "deficits removed first" if rule == "balanced" else "deficits kept"
    rows = []
    for region, values in printed.items():
        place = regions.index(region)
        pairs = [f"{value:.2f} / {number:.4f}" for value, number in zip(values, computed[place], strict=True)]
        exact = 100.0 * (equilibrium.welfare[place] - 1.0)
        rows.append((region, *pairs, f"{100.0 * logs[place]:.4f}", f"{exact:.4f}"))
    header = (
        title,
        "welfare, linear",
        "terms of trade",
        "volume of trade",
        "real wage",
        "linear in logs",
        "exact Î/P̂",
    )
    yield from table(header, rows)


def _nafta_gap(rule: str, regions: tuple[str, ...], equilibrium: Equilibrium, parts: Decomposition) -> str:
    import csv

    with (data.DATA / "cp2015_table.csv").open() as file:
        peer = {
            row["region"]: list(row.values())[2:] for row in csv.DictReader(file) if row["trade_balance"] == rule
        }
    known = np.array([[float(value) for value in peer[region]] for region in regions])
    rounded = np.round(_nafta_columns(equilibrium, parts), 2)
    gap = np.max(np.abs(rounded - known))
    ends = equilibrium.diagnostics
    return (
        f"- {rule}: all {len(regions)} regions and four columns against the other program at two decimals: largest gap "
        f"{gap:.2f}. {ends.iterations} evaluations, residual {ends.worst_residual:.1e}, Walras {ends.walras:.1e}."
    )


def armington(folder: Path) -> Iterator[str]:
    """Section 2: two deficit rules."""
    known = data.load_enlargement(folder)
    additive = solve(known.baseline, known.shock)
    shared = solve(known.baseline, known.shock, Closure(trade_balance="own_income"))
    scale = known.multiplicative_trade.sum() / shared.flow.sum()
    yield from (
        "## 2. One-sector Armington, 44 countries of 2000, two deficit rules",
        "",
        "Largest gap to the other program's columns:",
        "",
    )
    rows = [
        ("additive deficits: welfare", _size(additive.welfare - known.additive_welfare)),
        ("additive deficits: trade, relative", _size(additive.flow[0] / known.additive_trade - 1.0)),
        ("multiplicative: real wage", _size(shared.real_wage - known.multiplicative_real_wage)),
        (
            "multiplicative: trade over one factor",
            _size(shared.flow[0] * scale / known.multiplicative_trade - 1.0),
        ),
        ("that factor less one", f"{abs(scale - 1.0):.1e}"),
    ]
    yield from table(("quantity", "gap"), rows)
    yield from (
        "With multiplicative deficits the other program spends E' = (E/Y)·Y' and lets the world's spending differ",
        "from its income, by 1.5e-6 here; its welfare column is Ŷ/P̂. Here spending is scaled until the world",
        "adds up, so real wages agree as they are and trade up to that factor.",
        "",
    )


def _size(values: np.ndarray) -> str:
    return f"{np.max(np.abs(values)):.1e}"


def liberation(folder: Path) -> Iterator[str]:
    """Section 3: the article's tables, Korea's row, all countries, and three meanings of the optimal tariff."""
    known = data.load_liberation(folder)
    yield from (
        "## 3. Ignatenko, Lashkaripour, Macedoni & Simonovska (2025), 194 countries",
        "",
        "Percent, printed / computed; others' welfare is their mean with expenditure as weights.",
        "",
    )
    header = (
        "case",
        "US welfare",
        "deficit",
        "exports/GDP",
        "imports/GDP",
        "employment",
        "prices",
        "others' welfare",
    )
    solved = {case: data.liberation_outcome(known, case) for case in CASES}
    yield from table(header, (_liberation_row(known, *CASES[case], solved[case]) for case in CASES))
    place = known.countries.index("KOR")
    rows = []
    for case, values in KOREA.items():
        row = _percent(solved[case])[place]
        rows.append((CASES[case][0], *(f"{v:.5f} / {c:.5f}" for v, c in zip(values, row, strict=True))))
    yield from table(("Korea", *header[1:-1]), rows)
    for case, expected in known.expected.items():
        gap = np.max(np.abs(_percent(solved[case]) - expected[:, :6]))
        yield f"- {CASES[case][0]}: largest gap over 194 countries and six columns {gap:.1e} percentage points."
    yield from _optimal(known)


def _percent(outcome: MarkupOutcome) -> np.ndarray:
    return 100.0 * np.stack([getattr(outcome, column) for column in COLUMNS], axis=1)


def _liberation_row(
    known: data.LiberationDay, title: str, printed: Sequence[float | None], outcome: MarkupOutcome
) -> tuple[str, ...]:
    values = _percent(outcome)
    weight = np.where(np.arange(len(values)) == known.home, 0.0, known.economy.expenditure)
    computed = [*values[known.home], weight @ values[:, 0] / weight.sum()]
    cells = [
        f"{number:.{digits}f}" if value is None else f"{value:.{digits}f} / {number:.{digits}f}"
        for value, number, digits in zip(printed, computed, DIGITS, strict=True)
    ]
    return (title, *cells)


def _optimal(known: data.LiberationDay) -> Iterator[str]:
    economy, home = known.economy, known.home
    scan = {
        rate: 100.0 * solve_tariffs(economy, data.tariff_of(home, rate)).welfare[home] for rate in [*SCAN, 0.25]
    }
    gaps = max(abs(scan[rate] - value) for rate, value in SCAN.items())
    imports, exports = (100.0 * optimal_tariff(economy, home, share_of=kind) for kind in ("imports", "exports"))
    yield from (
        "",
        f"The optimal tariff means three numbers: the closed form with imports in δ gives {imports:.1f} % (the first",
        f"tables), with income less own sales {exports:.1f} % (against optimal retaliation), and the maximum of a scan",
        "of uniform US tariffs lies near 25 %: "
        + ", ".join(f"W({rate:g}) = {value:.3f}" for rate, value in sorted(scan.items()))
        + ".",
        f"The scan that was known beforehand differs by at most {gaps:.4f} points (at 35 %), unexplained.",
        "",
        "Without markups, with full pass-through and a lump-sum rebate, the model is a case of the general one (one",
        "sector, elastic labour, scale); a test solves both and compares.",
        "",
    )


def gravity(folder: Path) -> Iterator[str]:
    """Section 6: gegravity's experiment."""
    known = data.load_agreement(folder)
    response = conditional_response(known.trade, known.effect, 4.0, reference=known.countries.index("DEU"))
    statistic = 1.0 / response.real_income
    yield from ("## 4. gegravity 0.3, Canada–Japan agreement, 30 countries of 2006", "")
    yield from ("Welfare statistic (below one is a gain):", "")
    rows = []
    for name in ("CAN", "JPN", "KOR", "USA"):
        place = known.countries.index(name)
        rows.append((name, f"{known.welfare[place]:.6f}", f"{statistic[place]:.6f}"))
    yield from table(("country", "gegravity", "computed"), rows)
    yield from (
        f"Largest gap over 30 countries {_size(statistic - known.welfare)}, "
        f"of prices {_size(response.seller_price - known.price)}.",
        "gegravity's system holds each country's share in world output at its base and reads prices off it: the",
        "*conditional* response, which `models.gravity` computes. Once outputs adjust (`models.equilibrium`,",
        "deficits in proportion to income), Canada's statistic moves by 1e-4: a difference of model, not of",
        "numerics. Times side by side below.",
        "",
    )


def derivatives() -> Iterator[str]:
    """Analytic against central differences in a small world."""
    world = data.build_random_world(4, 3, seed=30)
    tight = SolverOptions(tolerance=1e-13, max_iterations=2000)
    equilibrium = solve(world, options=tight)
    slope = gradient(equilibrium, welfare_of(equilibrium, 1)).tariff
    step, worst = 2e-4, 0.0
    for place in np.ndindex(slope.shape):
        if place[1] == place[2]:
            continue
        values = []
        for multiple in (1, -1, 2, -2):
            tariff = world.tariff.copy()
            tariff[place] += multiple * step
            values.append(np.log(solve(world, Shock(tariff=tariff), options=tight).welfare[1]))
        numeric = (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * step)
        worst = max(worst, abs(slope[place] - numeric) / np.max(np.abs(slope)))
    yield from (
        "## 5. Derivatives",
        "",
        "Every tariff of a world of 4 × 3, one adjoint solve against central differences: largest gap "
        f"{worst:.1e} of the largest",
        "derivative. Tests do so in every closure and for export taxes, subsidies and elasticities.",
        "",
    )


LAWS = """## 6. Closed forms, limits and laws (`tests/models/equilibrium`)

| what | against |
|---|---|
| autarky, one sector | π^{1/θ}: Arkolakis, Costinot & Rodríguez-Clare (2012) |
| autarky, many sectors with inputs | Π π_kk^{α_s ã_sk/θ_k}: Costinot & Rodríguez-Clare (2014), eq. 29 |
| autarky with scale economies | Π (π^{1/θ}(α/r)^ψ)^α: the same, section 3.3 |
| autarky with elastic labour and scale | π^{1/(θ(1−ψκ))} |
| uniform import tariff and export tax | equal when trade balances: Lerner (1936) |
| uniform consumption subsidy; uniform production subsidy without inputs | nothing real moves; wages rise by 1/(1−s) |
| scale, supply elasticity, wage floor → 0; one sector with specific labour; no deficits | the default model |
| wage floor | (ŵ − δ)(1 − L̂) = 0, ŵ ≥ δ, L̂ ≤ 1 |
| decomposition, every closure and wedge | remainder falls by four when the shock is halved |
| an independent program with loops and a root finder | the same to 1e-8 |
| no shock; units; start; order; there and back; a region or sector in halves; iceberg and tariff | 1e-8 or better |

Documented limits: a region that trades with nobody has no defined price level (its real income is exact); tariffs of
1e8 % reach autarky to 1e-5; θ between −1 and 0 is Armington with substitution below one, and with fixed nominal
deficits an equilibrium need not exist there for every shock (then NotConverged says where); θψ ≥ 1 is refused.
"""


def speed(folder: Path) -> Iterator[str]:
    """Output of the two benchmarks."""
    yield from (
        "## 7. Time and memory",
        "",
        "Two cores, shared with other work while these were taken.",
        "",
        "```text",
    )
    plot = HERE.parent / "docs" / "validation" / "equilibrium-speed.svg"
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent / "src")}
    peer = sys.argv[3] if len(sys.argv) > 3 else sys.executable
    for python, script, *arguments in (
        (sys.executable, "equilibrium.py", "--plot", str(plot)),
        (peer, "equilibrium_peers.py", str(folder)),
    ):
        done = subprocess.run(
            [python, str(HERE / script), *arguments], env=environment, capture_output=True, text=True, check=True
        )
        yield done.stdout.rstrip()
        yield ""
    yield from (
        "```",
        "",
        "![Time per evaluation against N²J](equilibrium-speed.svg)",
        "",
        "No GPU was at hand: `benchmarks/equilibrium_gpu.py` is the script to run where there is one.",
    )


def main() -> None:
    """Write the page."""
    folder, page = Path(sys.argv[1]), Path(sys.argv[2])
    lines = [
        "# The equilibrium models against known answers",
        "",
        "Written by `python benchmarks/equilibrium_validation.py ../shared/data docs/validation/equilibrium.md`;",
        "the same figures are tests: `tests/models/equilibrium`, `test_markups.py`, `test_gravity.py`,",
        "`test_gradients.py`.",
        "",
        *caliendo_parro(),
        *armington(folder),
        *liberation(folder),
        *gravity(folder),
        *derivatives(),
        LAWS,
        *speed(folder),
        "",
        *impact_equilibrium.section(),
    ]
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
