"""Section 8 of docs/validation/equilibrium.md: what runs, derivatives, tables and worlds of one's own add, measured.

    python benchmarks/impact_equilibrium.py            prints the section
    python benchmarks/impact_equilibrium.py PAGE       puts it into the page in place of the old one

`benchmarks/equilibrium_validation.py` writes the whole page, this section included.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from headway import impact
from headway.codes import countries
from headway.impact.central import central_case, central_theta, solve_at
from headway.impact.plan import Plan
from headway.impact.sensitivity import derivatives, parse_target
from headway.impact.variants import default_variants, variant_figures
from headway.models.ensembles import process_pool
from headway.models.equilibrium import Shock, SolverOptions, solve
from headway.policy import Measure, Scenario
from headway.world import load
from headway.world.build import icio, own_world
from headway.world.build.mapping import concordance

ROOT = Path(__file__).resolve().parents[1]
HEADING = "## 8. In a run"
TIGHT = SolverOptions(tolerance=1e-13, max_iterations=3000)
STEP = 2e-4
TESTED = 20
_CODES = (
    "A01 A02 A03 B05 B06 B07 B08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24A C24B C25 C26 C27 C28 C29 C301",
    "C302T309 C31T33 D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T",
)
INDUSTRIES_2025 = [code for line in _CODES for code in line.split(" ")]


def scenario() -> Scenario:
    """10 to 20 % on everything, up to 60 % on China."""
    common = {"imposer": "USA", "instrument": "tariff", "stage": "pledged"}
    measures = (
        Measure.model_validate({"id": "blanket", "partners": ("ALL",), "rate_low": 10, "rate_high": 20, **common}),
        Measure.model_validate({"id": "china", "partners": ("CHN",), "rate_high": 60, **common}),
    )
    return Scenario(name="main", home="KOR", date=dt.date(2025, 1, 21), measures=measures)


def paragraph(text: str) -> list[str]:
    """Lines of a paragraph, and an empty one."""
    return [*textwrap.wrap(text, 112, break_long_words=False, break_on_hyphens=False), ""]


def best(task: Callable[[], object], times: int = 10) -> float:
    """Shortest time of several, seconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        task()
        taken.append(time.perf_counter() - started)
    return min(taken)


def sensitivities(planned: Plan) -> Iterator[str]:
    """Derivatives on the embedded world against central differences, and their time against a solve."""
    case, theta = central_case(planned), central_theta()
    world, tariff = case.world, case.equilibrium.shock.tariff
    assert tariff is not None
    goods, regions = len(world.goods), len(world.regions)
    rng = np.random.default_rng(8)
    targets = {
        "real_income": lambda e: 100 * np.log(e.welfare[case.at]),
        "exports.motor_vehicles.USA": lambda e: e.flow_volume[world.sector("motor_vehicles"), 1, case.at],
        "revenue.USA": lambda e: e.tariff_revenue[1],
    }
    found = {
        text: derivatives(world, case.equilibrium, parse_target(text, world, "KOR")).values for text in targets
    }
    worst = dict.fromkeys(targets, 0.0)
    for _ in range(TESTED):
        importer, exporter = rng.choice(regions, 2, replace=False)
        place = (int(rng.integers(goods)), int(importer), int(exporter))
        values = []
        for steps in (1, -1, 2, -2):
            moved = tariff.copy()
            moved[place] += steps * STEP
            solved = solve(world.baseline(theta), Shock(tariff=moved), options=TIGHT)
            values.append([value(solved) for value in targets.values()])
        up, down, up2, down2 = (np.array(value) for value in values)
        numeric = 0.01 * (8 * (up - down) - (up2 - down2)) / (12 * STEP)
        for text, expected in zip(targets, numeric, strict=True):
            gap = abs(found[text][place] - expected) / np.abs(found[text]).max()
            worst[text] = max(worst[text], float(gap))
    forward = best(lambda: solve_at(world, tariff, theta))
    adjoint = best(lambda: derivatives(world, case.equilibrium, parse_target("real_income", world, "KOR")))
    gaps = ", ".join(f"`{text}` {gap:.1e}" for text, gap in worst.items())
    count = goods * regions * (regions - 1)
    yield from paragraph(
        f"`impact.sensitivity`, embedded world, {TESTED} tariffs at random against central differences; largest gap, "
        f"of the largest derivative: {gaps}. A solve takes {1e3 * forward:.0f} ms, all {count:,} derivatives by "
        f"tariffs on goods {1e3 * adjoint:.0f} ms: {adjoint / forward:.1f} times as long."
    )


def parts(planned: Plan) -> Iterator[str]:
    """Contributions of measures and income's parts."""
    for horizon in ("up_to_a_year", "long_run"):
        impact.contributions(planned, horizon)
    seconds = best(lambda: [impact.contributions(planned, h) for h in ("up_to_a_year", "long_run")], 5)
    found = impact.contributions(planned, "long_run")
    shown = ", ".join(
        f"{one.id} {export:+.1f} bn USD and {income:+.2f} points"
        for one, export, income in zip(found.measures, found.exports, found.income, strict=True)
    )
    yield from paragraph(
        f"What each measure adds, long run (exports, real income): {shown}. Both horizons of two measures: "
        f"{seconds:.2f} s."
    )
    tables = impact.equilibrium_tables(planned)
    at = {"region": "KOR"}
    income, terms, volume, rest = (
        float(tables[name].sel(at))
        for name in ("log_real_income", "terms_of_trade", "volume_of_trade", "remainder")
    )
    yield from paragraph(
        f"Korea's real income {income:+.3f} log percent = terms of trade {terms:+.3f}, volume of trade {volume:+.3f}, "
        f"remainder {rest:+.3f}."
    )


def closures(planned: Plan) -> Iterator[str]:
    """Other closures, each for itself."""
    by_id = {figure.id: figure.value for figure in variant_figures(planned)[0]}
    yield "| other closures, Korea, percent | goods exports | to the US | real income |"
    yield "|---|--:|--:|--:|"
    for key, variant in default_variants(planned.world).items():
        values = (by_id[f"variant.{part}.{key}.long_run"] for part in ("exports", "us", "income"))
        yield f"| {variant.label.lower()} | " + " | ".join(f"{value:.2f}" for value in values) + " |"
    yield ""


def workers() -> Iterator[str]:
    """Draws over one and two processes."""
    alone = impact.run(scenario())
    same = []
    for count in (1, 2):
        with process_pool(count) as executor:
            same.append(impact.run(scenario(), executor=executor).figures == alone.figures)
    change = {horizon: values["interval_change"] for horizon, values in alone.manifest["solver"].items()}
    moved = ", ".join(f"{value:.1f} points ({horizon.replace('_', ' ')})" for horizon, value in change.items())
    yield from paragraph(
        f"Draws over 1 and 2 processes: {'all' if all(same) else 'NOT ALL'} {len(alone.figures)} figures identical. "
        f"Over the last doubling of elasticities the ends of the interval of total exports move by {moved}."
    )


def own_worlds() -> Iterator[str]:
    """The embedded world there and back through the OECD's layout, and an invented file of official size."""
    path = ROOT / "tests" / "world" / "build" / "test_own_world.py"
    specification = importlib.util.spec_from_file_location("own_world_helper", path)
    assert specification is not None
    assert specification.loader is not None
    helper = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(helper)
    with tempfile.TemporaryDirectory() as folder:
        again = helper.built(icio.read(helper.write_icio(load(), Path(folder) / "2024_SML.csv"), 2024))
        world = load()
        gap = max(
            float(np.abs(getattr(again, name) - getattr(world, name)).max() / world.value_added.sum())
            for name in ("flow", "value_added", "input_use", "final_use")
        )
        file = _official_size(Path(folder) / "2022_SML.csv")
        size = file.stat().st_size / 1e6
        run = subprocess.run(
            [sys.executable, __file__, "--read", str(file)], check=True, capture_output=True, text=True
        )
    yield from paragraph(
        f"The embedded world written in the OECD's layout and read again: largest gap {gap:.1e} of world value added. "
        f"An invented file of official size (81 × {len(INDUSTRIES_2025)}, {size:.0f} MB): {run.stdout.strip()}."
    )


def _official_size(path: Path) -> Path:
    names = [one.iso3 for one in countries.all_countries()][:80]
    names = [*names[:78], *[one for one in ("KOR", "USA") if one not in names[:78]], "ROW"]
    n, j = len(names), len(INDUSTRIES_2025)
    rng = np.random.default_rng(0)
    near = np.where(np.eye(n, dtype=bool), 1.0, 0.005)
    sold = (rng.random((n, j, n, j)) * near[:, None, :, None] * 30).reshape(n * j, n * j)
    used = (rng.random((n, j, n, 6)) * near[:, None, :, None] * 1000).reshape(n * j, n * 6)
    output = sold.sum(axis=1) + used.sum(axis=1)
    blank = np.zeros(n * 6 + 1)
    cells = np.vstack(
        [
            np.hstack([sold, used, output[:, None]]),
            np.zeros(n * j + blank.size),
            np.r_[output - sold.sum(axis=0), blank],
            np.r_[output, blank],
        ]
    )
    labels = [f"{name}_{industry}" for name in names for industry in INDUSTRIES_2025]
    uses = [f"{name}_{use}" for name in names for use in ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")]
    frame = pl.DataFrame({"V1": [*labels, "TLS", "VA", "OUT"]}).hstack(
        pl.DataFrame(cells, schema=[*labels, *uses, "OUT"])
    )
    frame.write_csv(path, float_precision=4)
    return path


def _read(path: Path) -> None:
    """Time and memory of reading and building, in a process of its own."""
    started = time.perf_counter()
    table = icio.read(path, 2022)
    read = time.perf_counter() - started
    started = time.perf_counter()
    own_world.build(table, concordance(table.countries, table.industries))
    built = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"read in {read:.1f} s, built in {built:.1f} s, peak {peak:.2f} GB")


def section() -> list[str]:
    """The section's lines."""
    planned = impact.plan(scenario(), load())
    return [
        HEADING,
        "",
        "Written by `python benchmarks/impact_equilibrium.py`; tests: `tests/impact/test_sensitivity.py`,",
        "`test_equilibrium_tables.py`, `test_contributions.py`, `test_variants.py`, `test_draws.py`,",
        "`tests/world/build`. Times on two cores shared with other work.",
        "Scenario: the US puts 10 to 20 % on everything and up to 60 % on China; Korea's results, embedded world.",
        "",
        *sensitivities(planned),
        *parts(planned),
        *closures(planned),
        *workers(),
        *own_worlds(),
    ]


def main() -> None:
    """Print the section, put it into a page, or measure the reading of a file."""
    if sys.argv[1:2] == ["--read"]:
        _read(Path(sys.argv[2]))
        return
    lines = "\n".join(section()).rstrip() + "\n"
    if len(sys.argv) < 2:
        print(lines)
        return
    page = Path(sys.argv[1])
    before = page.read_text("utf-8").split(f"\n{HEADING}\n")[0].rstrip()
    page.write_text(f"{before}\n\n{lines}", encoding="utf-8")


if __name__ == "__main__":
    main()
