"""Baseline tariffs: what was collected in the US, the stand-in elsewhere, zero under agreements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.codes import sectors
from headway.world.build import caliendo_parro, tariffs
from headway.world.regions import EU_REGIONS, REGIONS


def test_agreements_name_regions_and_are_in_force() -> None:
    found = tariffs.agreements()
    assert len(found) > 20
    for agreement in found:
        assert set(agreement.sides[0]) | set(agreement.sides[1]) <= set(REGIONS)
        assert 1950 < agreement.in_force <= 2024
    assert set(found[0].sides[0]) == set(EU_REGIONS)


def test_an_agreement_is_zero_both_ways_and_touches_nobody_else() -> None:
    keys = sectors.keys()
    rates = tariffs.apply_agreements(np.full((len(keys), 26, 26), 0.2), keys)
    korea, us, china, india = (REGIONS.index(code) for code in ("KOR", "USA", "CHN", "IND"))
    assert not rates[:, korea, us].any()
    assert not rates[:, us, korea].any()
    assert (rates[:, china, india] == 0.2).all()
    turkey, germany = REGIONS.index("TUR"), REGIONS.index("DEU")
    assert rates[keys.index("food"), turkey, germany] == 0.2
    assert rates[keys.index("metals"), turkey, germany] == 0.0


def test_the_stand_in_of_2005(shared_data: Path) -> None:
    data = caliendo_parro.read(shared_data / "cp2015-nafta")
    keys = sectors.keys()
    us = np.full((len(sectors.goods()), 26), 0.03)
    rates, notes = tariffs.build(data, us, sectors=keys, merged={})
    korea, japan, taiwan = (REGIONS.index(code) for code in ("KOR", "JPN", "TWN"))
    cars = keys.index("motor_vehicles")
    # The .rda has 8.0 % for Korean cars from Japan, and nothing on the way back.
    assert rates[cars, korea, japan] == pytest.approx(0.08, abs=0.002)
    assert rates[cars, japan, korea] == 0.0
    assert not rates[:, taiwan].any()
    assert rates[cars, REGIONS.index("POL"), japan] == 0.0  # EU–Japan
    assert rates[cars, REGIONS.index("POL"), REGIONS.index("CHN")] > 0
    assert (rates[: us.shape[0], REGIONS.index("USA"), korea] == 0.03).all()
    assert not rates[us.shape[0] :].any()
    assert any("TWN, RUS" in note.where for note in notes)
