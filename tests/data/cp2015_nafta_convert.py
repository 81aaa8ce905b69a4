"""Convert the Caliendo-Parro (2015) data from R to the test fixture `cp2015_nafta.npz`.

    pip install rdata
    python tests/data/cp2015_nafta_convert.py path/to/cp2015_nafta.rda

Source: github.com/paulofelipe/cp2015, data/cp2015_nafta.rda at ecf59b9198732cdfa634203c4d8ddf14e8272790, MIT
licence (cp2015_nafta.LICENSE.txt beside this file); the data come from the article's supplement,
https://doi.org/10.1093/restud/rdu035. Only what cannot be derived is kept: value added is output minus inputs,
and final demand expenditure minus inputs.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import rdata

NAFTA = ("Canada", "Mexico", "USA")
TRADABLE = 20


def filled(frame, value: str, **axes: list[str]) -> np.ndarray:
    """A dense array from a long table: one axis per keyword, in the order given."""
    places = {axis: {label: i for i, label in enumerate(labels)} for axis, labels in axes.items()}
    array = np.zeros([len(labels) for labels in axes.values()])
    index = tuple(frame[axis].astype(str).map(places[axis]).to_numpy(dtype=int) for axis in axes)
    array[index] = frame[value].to_numpy()
    return array


def main(source: Path) -> None:
    """Write the fixture beside this file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = rdata.read_rda(source)["cp2015_nafta"]
    regions = [str(name) for name in data["sets"]["regions"]]
    sectors = [str(name) for name in data["sets"]["sectors"]]
    bilateral = {"sector": sectors, "importer": regions, "exporter": regions}
    before = filled(data["trade"], "tariff_bln", **bilateral)
    after = filled(data["trade"], "tariff_cfl", **bilateral)
    members = np.ix_(
        range(TRADABLE), [regions.index(name) for name in NAFTA], [regions.index(name) for name in NAFTA]
    )
    rebuilt = before.copy()
    rebuilt[members] = after[members]
    assert np.array_equal(rebuilt, after)
    assert not before[TRADABLE:].any()
    flow = filled(data["trade"], "value", **bilateral)
    own = np.einsum("jnn->jn", flow[TRADABLE:])
    assert np.allclose(flow[TRADABLE:].sum(), own.sum(), rtol=1e-12)
    np.savez_compressed(
        Path(__file__).with_name("cp2015_nafta.npz"),
        regions=regions,
        sectors=sectors,
        tradable_flow=flow[:TRADABLE],
        own_flow=own,
        tariff_1993=before[:TRADABLE],
        nafta_tariff_2005=after[members],
        input_use=filled(data["intermediate_consumption"], "value", input=sectors, sector=sectors, region=regions),
        trade_elasticity=filled(data["theta"], "value", sector=sectors),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
