"""Fields of co-operation are weighed by numbers: arguments flip with them, goals count from their date."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from headway.response.opportunities.cooperation import Evidence, evidence, shipped_fields, weigh, worth
from headway.world import elasticities, load, miniature

DAY = dt.date(2025, 1, 21)
STRONG = Evidence(0.6, 0.3, 0.2, 2.0, 0.1, 0.05, 0.1, item_sold=10.0, item_sold_there=1.0, item_bought=4.0)


def _field(id: str):
    return next(one for one in shipped_fields() if one.id == id)


def _counts(found: Evidence, id: str, on: dt.date = DAY, *, named: bool = False) -> tuple[int, int]:
    arguments = weigh(found, _field(id), "USA", on, named=named)
    return sum(one.effect == "for" for one in arguments), sum(one.effect == "against" for one in arguments)


def test_every_goal_and_law_is_cited() -> None:
    for field in shipped_fields():
        assert all(one.citation and one.text for one in (*field.goals, *field.law))
        assert field.sector in load().sectors


def test_numbers_decide_not_the_field() -> None:
    """The same field with strong and with weak numbers: four arguments change sides."""
    weak = replace(STRONG, net_import_share=-0.3, import_share=0.1, advantage=0.5, share_there=0.2)
    strong, poor = _counts(STRONG, "machinery"), _counts(weak, "machinery")
    assert strong == (4, 0)
    assert poor == (0, 4)


def test_ships_that_nobody_buys_are_an_argument_against() -> None:
    bought = _counts(STRONG, "shipbuilding")
    unsold = _counts(replace(STRONG, item_sold=25.6, item_sold_there=0.004), "shipbuilding")
    assert unsold == (bought[0], bought[1] + 1)
    text = weigh(replace(STRONG, item_sold=25.6, item_sold_there=0.004), _field("shipbuilding"), "USA", DAY)[
        4
    ].text
    assert "25.6 bn USD" in text
    assert "4 m USD" in text


def test_goals_count_from_their_date_and_for_their_country() -> None:
    assert _counts(STRONG, "shipbuilding", dt.date(2025, 4, 9))[0] == _counts(STRONG, "shipbuilding")[0] + 1
    assert _counts(STRONG, "shipbuilding", dt.date(2024, 1, 1))[0] == _counts(STRONG, "shipbuilding")[0] - 1
    assert not [one for one in weigh(STRONG, _field("shipbuilding"), "JPN", DAY) if "law" in one.text]
    assert _counts(STRONG, "shipbuilding", named=True)[0] == _counts(STRONG, "shipbuilding")[0] + 1


def test_evidence_by_hand_in_the_miniature_world() -> None:
    world = miniature()
    field = _field("motor_vehicles")
    found = evidence(world, field, "KOR", "USA")
    j = world.sector("motor_vehicles")
    us, korea, rest = 1, 0, 2
    flow = world.flow[j]
    imports = flow[us, korea] + flow[us, rest]
    exports = flow[korea, us] + flow[rest, us]
    spent = world.expenditure[j, us]
    assert found.import_share == pytest.approx(imports / spent)
    assert found.net_import_share == pytest.approx((imports - exports) / spent)
    assert found.share_there == pytest.approx(flow[us, korea] / imports)
    sold, total = flow[us, korea] + flow[rest, korea], flow.sum() - np.trace(flow)
    assert found.world_share == pytest.approx(sold / total)
    everything = world.flow[:3] * (1 - np.eye(3))
    advantage = (sold / everything[:, :, korea].sum()) / (total / everything.sum())
    assert found.advantage == pytest.approx(advantage)


def test_lower_costs_bring_trade_and_both_sides_gain_in_a_field_between_them() -> None:
    world = load()
    theta = elasticities.central_elasticities("long_run").trade_elasticity
    cell = (world.sector("electronics"), world.region("USA"), world.region("KOR"))
    sides = (world.region("KOR"), world.region("USA"))
    found = worth(world.baseline(theta[0]), world.tariff, theta, world, [cell], sides)[0]
    assert found.trade[0] > 0
    assert found.home[0] > 0
    assert found.partner[0] > 0
