"""Fields of co-operation: where one side's import need, its own stated goals and the other's advantage meet, or do not.

Nothing is assumed to be promising: every field of the table is weighed by the same numbers, for and against.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from headway.models.equilibrium import Baseline, Shock, solve_many
from headway.policy.records import Record
from headway.policy.storage import parse_record
from headway.world import World

Array = NDArray[np.float64]
Effect = Literal["for", "against"]

COST_CUT = 0.05
"""Trade costs of the field are lowered by this share to see what closer co-operation would bring."""

FEW = 0.01
"""A buyer that takes less than this share of what the supplier sells of an item abroad shows no need for it."""


class Goal(Record):
    """A goal that a partner has stated, from a date on; `effect` "against" where it speaks against imports."""

    partner: str
    date: dt.date
    text: str
    citation: str
    effect: Effect = "for"


class Rule(Record):
    """A law of a partner that bars or eases trade in a field."""

    partner: str
    effect: Effect
    text: str
    citation: str


class CooperationField(Record):
    """A field: its sector, the items that readers know it by, who would supply whom, stated goals and laws."""

    id: str
    name: str
    sector: str
    items: tuple[str, ...]
    supplier: Literal["home", "partner"]
    goals: tuple[Goal, ...] = ()
    law: tuple[Rule, ...] = ()


class Fields(Record):
    """All fields that are weighed."""

    fields: tuple[CooperationField, ...] = Field(min_length=1)


@lru_cache(maxsize=1)
def shipped_fields() -> tuple[CooperationField, ...]:
    """The fields that ship with the package."""
    text = (resources.files("headway.response") / "data" / "cooperation.yaml").read_text("utf-8")
    return parse_record(text, "cooperation.yaml", Fields).fields


@dataclass(frozen=True)
class Evidence:
    """The numbers of one field. Shares are fractions.

    `import_share` and `net_import_share` of the buyer's purchases in the sector, and `usual_import_share`, the median
    over its goods sectors; `advantage` is the supplier's revealed advantage (Balassa 1965) and `world_share` its share
    of world exports; `share_there` its share of the buyer's imports, `share_elsewhere` of all others'. `item_sold` and
    `item_sold_there`: exports of the items by the supplier in all and to the buyer, and `item_bought` imports of them
    by the buyer from everybody, USD billion, None where unknown.
    """

    import_share: float
    net_import_share: float
    usual_import_share: float
    advantage: float
    world_share: float
    share_there: float
    share_elsewhere: float
    item_sold: float | None = None
    item_sold_there: float | None = None
    item_bought: float | None = None


def evidence(world: World, field: CooperationField, home: str, partner: str) -> Evidence:
    """The numbers of a field between two regions of the world; items are filled in by the caller where known."""
    supplier, buyer = (home, partner) if field.supplier == "home" else (partner, home)
    goods = [world.sector(key) for key in world.goods]
    j, s, b = world.sector(field.sector), world.region(supplier), world.region(buyer)
    flow = world.flow * (1.0 - np.eye(len(world.regions)))
    bought, sold = flow[:, b].sum(axis=1), flow[:, :, b].sum(axis=1)
    spent = np.where(world.expenditure[:, b] > 0, world.expenditure[:, b], 1.0)
    exports = flow[:, :, s].sum(axis=1)
    trade = flow.sum(axis=(1, 2))
    elsewhere = [n for n in range(len(world.regions)) if n not in (b, s)]
    return Evidence(
        import_share=float(bought[j] / spent[j]),
        net_import_share=float((bought[j] - sold[j]) / spent[j]),
        usual_import_share=float(np.median((bought / spent)[goods])),
        advantage=float((exports[j] / exports[goods].sum()) / (trade[j] / trade[goods].sum())),
        world_share=float(exports[j] / trade[j]),
        share_there=float(flow[j, b, s] / bought[j]) if bought[j] > 0 else 0.0,
        share_elsewhere=float(flow[j, elsewhere, s].sum() / flow[j, elsewhere].sum()),
    )


@dataclass(frozen=True)
class Argument:
    """One argument for or against a field, in words."""

    effect: Effect
    text: str


def weigh(
    found: Evidence, field: CooperationField, partner: str, on: dt.date, *, named: bool = False
) -> list[Argument]:
    """Arguments for and against from numbers, goals stated by a day, laws, and whether the text names the field."""
    made = [*_by_need(found), *_by_capability(found), *_by_items(found)]
    made += [
        Argument(goal.effect, f"stated goal: {goal.text} ({goal.citation}, {goal.date})")
        for goal in field.goals
        if goal.partner == partner and goal.date <= on
    ]
    made += [
        Argument(rule.effect, f"law: {rule.text} ({rule.citation})")
        for rule in field.law
        if rule.partner == partner
    ]
    if named:
        made.append(Argument("for", "named in the text as a field to work in"))
    return made


def _by_need(found: Evidence) -> list[Argument]:
    net = found.net_import_share
    effect: Effect = "for" if net > 0 else "against"
    words = f"the buyer's net imports are {100 * net:.1f} % of what it buys"
    depends = found.import_share >= found.usual_import_share
    usual = f"the median of its goods sectors is {100 * found.usual_import_share:.1f} %"
    return [
        Argument(effect, words),
        Argument("for" if depends else "against", f"it imports {100 * found.import_share:.1f} % of it; {usual}"),
    ]


def _by_capability(found: Evidence) -> list[Argument]:
    able: Effect = "for" if found.advantage > 1 else "against"
    room: Effect = "for" if found.share_there < found.share_elsewhere else "against"
    return [
        Argument(able, f"revealed advantage of the supplier is {found.advantage:.2f} (above 1 is strong)"),
        Argument(
            room,
            f"the supplier has {100 * found.share_there:.1f} % of the buyer's imports and "
            f"{100 * found.share_elsewhere:.1f} % of others'",
        ),
    ]


def _by_items(found: Evidence) -> list[Argument]:
    if found.item_sold is None or found.item_sold_there is None or found.item_sold <= 0:
        return []
    share = found.item_sold_there / found.item_sold
    if share >= FEW:
        return []
    text = (
        f"of {found.item_sold:.1f} bn USD that the supplier sells abroad, {1000 * found.item_sold_there:.2g} m USD go "
        "to the buyer"
    )
    if found.item_bought is not None:
        text += f", which imports {found.item_bought:.2g} bn USD from everybody"
    return [Argument("against", f"{text}: no need for the supplier's has shown so far")]


@dataclass(frozen=True)
class Worth:
    """What lower trade costs in a field would bring, USD billion a year by draw [D]: `trade` of the supplier with the
    buyer, and real income of `home` and `partner`."""

    trade: Array
    home: Array
    partner: Array


def worth(
    baseline: Baseline,
    tariffs: Array,
    theta: Array,
    world: World,
    cells: list[tuple[int, int, int]],
    sides: tuple[int, int],
) -> list[Worth]:
    """Solve a cut of trade costs by `COST_CUT` in each cell (sector, buyer, supplier), tariffs [J, N, N] in force.

    `theta` [D, J]; `sides` are positions of home and partner. Raises errors of the solver.
    """
    shocks = [_cut(tariffs, None), *(_cut(tariffs, cell) for cell in cells)]
    repeated = [shock for shock in shocks for _ in range(len(theta))]
    solved = solve_many(baseline, repeated, trade_elasticity=np.tile(theta, (len(shocks), 1)))
    rows = [solved[k * len(theta) : (k + 1) * len(theta)] for k in range(len(shocks))]
    billion = 1e3

    def change(k: int, region: int) -> Array:
        income = solved[0].accounts.income[region] / billion
        pairs = zip(rows[k + 1], rows[0], strict=True)
        return np.array([(after.welfare[region] - before.welfare[region]) * income for after, before in pairs])

    def traded(k: int, cell: tuple[int, int, int]) -> Array:
        pairs = zip(rows[k + 1], rows[0], strict=True)
        return np.array(
            [(after.flow_volume[cell] - before.flow_volume[cell]) / billion for after, before in pairs]
        )

    return [Worth(traded(k, cell), change(k, sides[0]), change(k, sides[1])) for k, cell in enumerate(cells)]


def _cut(tariffs: Array, cell: tuple[int, int, int] | None) -> Shock:
    iceberg = np.ones_like(tariffs)
    if cell is not None:
        iceberg[cell] = 1.0 - COST_CUT
    return Shock(tariff=tariffs, iceberg=iceberg)
