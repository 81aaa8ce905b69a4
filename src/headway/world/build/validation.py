"""The world against an independent solver: what a US tariff on all goods does to Korea, on several tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headway.files import write_atomically
from headway.models import equilibrium
from headway.world import economy
from headway.world.build import wiod
from headway.world.build.markdown import GENERATED, number, table, template
from headway.world.build.records import Array

ELASTICITY = 5.0
BLANKET = 0.10
CHINA = 0.60
INDEPENDENT = {"10 % on all goods": (-2.5, -20.0, -0.2), "10 %, China at 60 %": (-2.7, -7.0, -0.2)}
"""Percent changes of an independent solver on the 2011 table: Korean goods exports, those to the US, welfare."""


@dataclass(frozen=True)
class Outcome:
    """Percent changes for Korea on one table and in one case; `us_share` of its goods exports at the start."""

    world: str
    case: str
    exports: float
    to_us: float
    exports_volume: float
    welfare: float
    us_share: float


def plain_2011(path: Path) -> economy.World:
    """The aggregate of WIOD 2011 as it is: 22 sectors, levels of 2011, no tariffs."""
    settled, _ = wiod.build(path)
    return economy.World(
        settled.regions,
        settled.sectors,
        settled.flow,
        np.zeros_like(settled.flow),
        settled.value_added,
        settled.input_use,
        settled.final_use,
        vintage="2011",
        tariff_vintage="none",
    )


def us_tariff(world: economy.World, china: float) -> Array:
    """Tariffs [sector, importer, exporter] with BLANKET more on all US goods imports, `china` more on China's."""
    rates = world.tariff.copy()
    us = world.region("USA")
    for key in world.goods:
        added = np.full(len(world.regions), BLANKET)
        added[world.region("CHN")], added[us] = china, 0.0
        rates[world.sector(key), us] += added
    return rates


def outcome(world: economy.World, name: str, case: str, home: str = "KOR") -> Outcome:
    """Solve one case with the elasticity of 5 in every sector, deficits fixed, and measure home."""
    baseline = world.baseline(np.full(len(world.sectors), ELASTICITY))
    shock = equilibrium.Shock(tariff=us_tariff(world, CHINA if "60" in case else BLANKET))
    solved = equilibrium.solve(baseline, shock)
    at, us = world.region(home), world.region("USA")
    goods = [world.sector(key) for key in world.goods]
    abroad = np.arange(len(world.regions)) != at
    before, after, volume = (
        array[goods][:, abroad, at].sum(axis=0)
        for array in (solved.baseline_flow, solved.flow, solved.flow_volume)
    )
    position = int(np.flatnonzero(np.flatnonzero(abroad) == us)[0])
    return Outcome(
        name,
        case,
        exports=100.0 * float(after.sum() / before.sum() - 1.0),
        to_us=100.0 * float(after[position] / before[position] - 1.0),
        exports_volume=100.0 * float(volume.sum() / before.sum() - 1.0),
        welfare=100.0 * float(solved.welfare[at] - 1.0),
        us_share=100.0 * float(before[position] / before.sum()),
    )


def worlds(sources: Path) -> Iterator[tuple[str, economy.World]]:
    """The tables compared, the plain aggregate of 2011 first."""
    yield PLAIN, plain_2011(sources / "wiod2013" / "wiot_2011.npz")
    yield EMBEDDED, economy.load("default")
    yield UNSPLIT, economy.load("unsplit")
    yield ZERO, economy.load("no_other_tariffs")


def outcomes(sources: Path) -> list[Outcome]:
    """Every case on every table."""
    return [outcome(world, name, case) for name, world in worlds(sources) for case in INDEPENDENT]


def china_weights(world: economy.World) -> tuple[float, float]:
    """China's share of US goods imports, and the share of China's goods output that goes to the US; percent."""
    goods = [world.sector(key) for key in world.goods]
    us, china = world.region("USA"), world.region("CHN")
    imports = world.flow[goods][:, us].sum(axis=0)
    imports[us] = 0.0
    sold = world.flow[goods][:, us, china].sum()
    return float(100 * imports[china] / imports.sum()), float(100 * sold / world.output[goods, china].sum())


def rest_of_change(found: dict[tuple[str, str], Outcome], name: str) -> tuple[float, float]:
    """Points of Korea's goods exports that 60 % on China adds: through the US market, and elsewhere."""
    first, second = (found[name, case] for case in INDEPENDENT)
    us = (second.to_us - first.to_us) * first.us_share / 100.0
    return us, second.exports - first.exports - us


def page(found: list[Outcome], weights: dict[str, tuple[float, float]]) -> str:
    """The validation page of the world in MyST Markdown."""
    rows = [
        ["independent solver, 2011", case, number(x, 1), number(to_us, 1), "", number(w, 1), ""]
        for case, (x, to_us, w) in INDEPENDENT.items()
    ]
    for o in found:
        figures = (o.exports, o.to_us, o.exports_volume)
        rows.append(
            [o.world, o.case, *(number(v, 2) for v in figures), number(o.welfare, 3), number(o.us_share, 1)]
        )
    head = ["table", "case", "goods exports", "to the US", "volume", "welfare", "US share"]
    by_key = {(o.world, o.case): o for o in found}
    first, second = INDEPENDENT
    plain, new, zero = (by_key[name, first] for name in (PLAIN, EMBEDDED, ZERO))
    us_plain, else_plain = rest_of_change(by_key, PLAIN)
    us_new, else_new = rest_of_change(by_key, EMBEDDED)
    return template("world").format(
        generated=GENERATED,
        table=table(head, rows),
        plain_share=number(plain.us_share, 1),
        new_share=number(new.us_share, 1),
        ratio=number(new.us_share / plain.us_share, 2),
        exports_ratio=number(new.exports / plain.exports, 2),
        welfare_ratio=number(new.welfare / plain.welfare, 2),
        us_points=f"{number(us_plain, 2)} points of its exports in 2011, {number(us_new, 2)} now",
        else_points=f"{number(else_plain, 2)} points in 2011, {number(else_new, 2)} now",
        china_imports=f"{number(weights[PLAIN][0], 1)} % in 2011, {number(weights[EMBEDDED][0], 1)} % in 2024",
        china_output=f"{number(weights[PLAIN][1], 1)} % then, {number(weights[EMBEDDED][1], 1)} % now",
        split=number(abs(by_key[UNSPLIT, first].exports - new.exports), 2),
        zero_exports=number(abs(zero.exports - new.exports), 2),
        zero_welfare=" against ".join(number(by_key[name, second].welfare, 2) for name in (EMBEDDED, ZERO)) + " %",
    )


PLAIN, EMBEDDED = "WIOD 2011, plain aggregate", "embedded world, 24 sectors"
UNSPLIT, ZERO = "unsplit, 22 sectors", "others' tariffs at zero"


def write(sources: Path, folder: Path) -> None:
    """Write `world.md` into the folder of validation pages."""
    weights = {name: china_weights(world) for name, world in worlds(sources)}
    write_atomically(folder / "world.md", page(outcomes(sources), weights))
