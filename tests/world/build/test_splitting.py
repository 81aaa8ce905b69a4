"""Dividing an industry: every total kept, RAS proportions, observed US shares used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.errors import DataError
from headway.world.build import caliendo_parro, splitting, wiod
from headway.world.build.records import Structure
from headway.world.build.splitting import Weights, divide, in_two


def table(seed: int = 3) -> Structure:
    rng = np.random.default_rng(seed)
    j, n = 3, 4
    flow = rng.uniform(1.0, 5.0, (j, n, n))
    output = flow.sum(axis=1)
    input_use = rng.uniform(0.05, 0.2, (j, j, n)) * output[None]
    final = flow.sum(axis=2) - input_use.sum(axis=1)
    return Structure(
        ("A", "B", "C", "D"), ("x", "whole", "z"), flow, input_use, final, output - input_use.sum(axis=0)
    )


def weights(seed: int = 5) -> Weights:
    rng = np.random.default_rng(seed)
    j, n = 3, 4
    return Weights(
        rng.uniform(0.2, 0.8, (n, n)),
        rng.uniform(1.0, 2.0, (j, 2, n)),
        rng.uniform(1.0, 2.0, (2, n)),
        rng.uniform(1.0, 2.0, (2, j, n)),
        rng.uniform(1.0, 2.0, (2, n)),
    )


def test_in_two_is_ras() -> None:
    rng = np.random.default_rng(0)
    prior, entries = rng.uniform(0.1, 1.0, (6, 2)), rng.uniform(1.0, 3.0, 6)
    totals = np.array([0.3, 0.7]) * entries.sum()
    plain = prior.copy()
    for _ in range(2000):
        plain *= (entries / plain.sum(axis=1))[:, None]
        plain *= (totals / plain.sum(axis=0))[None, :]
    np.testing.assert_allclose(in_two(prior, entries, totals), plain, rtol=1e-9)


def test_in_two_refuses_totals_that_do_not_add_up() -> None:
    with pytest.raises(DataError, match="does not reach its totals"):
        in_two(np.ones((2, 2)), np.ones(2), np.array([1.0, 2.0]))


def test_dividing_keeps_every_total_and_balance() -> None:
    before, given = table(), weights()
    after = divide(before, "whole", ("first", "second"), given)
    assert after.sectors == ("x", "first", "second", "z")
    np.testing.assert_allclose(after.flow[1] + after.flow[2], before.flow[1], rtol=1e-12)
    np.testing.assert_allclose(after.flow[1], given.first_share * before.flow[1], rtol=1e-12)
    np.testing.assert_allclose(after.input_use[:, 1:3].sum(axis=1)[[0, 3]], before.input_use[[0, 2], 1], rtol=1e-9)
    np.testing.assert_allclose(after.input_use[1:3].sum(axis=(0, 1)), before.input_use[1].sum(axis=0), rtol=1e-9)
    np.testing.assert_allclose(after.value_added[1:3].sum(axis=0), before.value_added[1], rtol=1e-9)
    np.testing.assert_allclose(after.final_use[1:3].sum(axis=0), before.final_use[1], rtol=1e-9)
    np.testing.assert_allclose(after.expenditure, after.input_use.sum(axis=1) + after.final_use, rtol=1e-9)
    np.testing.assert_allclose(after.output, after.input_use.sum(axis=0) + after.value_added, rtol=1e-9)


def test_the_world_of_2011_divides(shared_data: Path) -> None:
    before, _ = wiod.build(shared_data / "wiod2013" / "wiot_2011.npz")
    data = caliendo_parro.read(shared_data / "cp2015-nafta")
    observed = {whole: np.full(26, 0.25) for whole, _ in splitting.PAIRS}
    after, notes = splitting.divide_all(before, data, observed)
    assert len(after.sectors) == 24
    assert any("TWN by ROW" in note.where for note in notes)
    us, korea = after.region("USA"), after.region("KOR")
    cars, other = after.sector("motor_vehicles"), after.sector("other_transport")
    assert after.flow[cars, us, korea] / after.flow[[cars, other], us, korea].sum() == pytest.approx(0.25)
    # Korea's ships of 2011 were 56.6 bn in its own statistics; the 1993 shares alone come close.
    ships = after.flow[other, :, korea].sum() - after.flow[other, korea, korea]
    assert 45e3 < ships < 70e3
    np.testing.assert_allclose(after.output, after.input_use.sum(axis=0) + after.value_added, atol=1e-2)
    np.testing.assert_allclose(after.expenditure, after.input_use.sum(axis=1) + after.final_use, atol=1e-2)
    assert min(after.value_added.min(), after.final_use.min(), after.input_use.min()) >= 0


def test_order_of_regions_and_sectors_is_that_of_the_published_file(shared_data: Path) -> None:
    data = caliendo_parro.read(shared_data / "cp2015-nafta")
    korea, us = (caliendo_parro.COUNTRIES.index(code) for code in ("KOR", "USA"))
    assert data.trade[17, us, korea] == pytest.approx(932.78, abs=0.01)  # sector Auto in the .rda
    assert data.trade[17, korea, korea] == pytest.approx(26_867.3, abs=0.1)
    np.testing.assert_allclose(data.inputs.sum(axis=1), (data.output - data.value_added).T, rtol=1e-3, atol=1.0)
