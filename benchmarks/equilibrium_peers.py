"""gegravity 0.3 and this package on the same experiment, side by side in one run.

    pip install gegravity gme
    python benchmarks/equilibrium_peers.py ../shared/data

The peer's country results are its full solution; ours are the conditional response, which is the same system, and the
full equilibrium beside it. Estimation is timed apart: neither solver needs it twice.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "models"))
from conftest import Agreement, load_agreement  # noqa: I001 (found through the path above)

from headway.models.equilibrium import Baseline, Closure, Shock, solve
from headway.models.gravity import conditional_response

PEOPLE = ("CAN", "JPN", "KOR", "USA")
COVARIATES = ["pta", "contiguity", "common_language", "lndist", "international"]


def peer(folder: Path) -> tuple[dict[str, float], float]:
    """gegravity's welfare statistics and seconds for building and simulating."""
    import gegravity
    import gme
    import pandas

    data = pandas.read_csv(folder / "gegravity-2006" / "sample_data_set.dlm")
    estimation = gme.EstimationData(
        data_frame=data,
        imp_var_name="importer",
        exp_var_name="exporter",
        trade_var_name="trade",
        year_var_name="year",
    )
    model = gme.EstimationModel(
        estimation_data=estimation, lhs_var="trade", rhs_var=COVARIATES, fixed_effects=[["exporter"], ["importer"]]
    )
    model.estimate()
    estimates = next(iter(model.results_dict.values())).params[COVARIATES]
    coefficients = pandas.DataFrame({"name": COVARIATES, "value": estimates.to_numpy(), "error": 0.1})
    start = time.perf_counter()
    baseline = gegravity.BaselineData(
        data,
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    economy = gegravity.OneSectorGE(
        baseline=baseline,
        year="2006",
        reference_importer="DEU",
        sigma=5,
        cost_variables=COVARIATES,
        cost_coeff_values=gegravity.CostCoeffs(coefficients, "name", "value", "error"),
    )
    economy.build_baseline(omr_rescale=100)
    changed = economy.baseline_data.copy()
    pair = {("CAN", "JPN"), ("JPN", "CAN")}
    changed.loc[[key in pair for key in zip(changed.importer, changed.exporter, strict=True)], "pta"] = 1
    economy.define_experiment(changed)
    economy.simulate()
    taken = time.perf_counter() - start
    return dict(economy.country_results["welfare statistic"]), taken


def ours(agreement: Agreement) -> tuple[np.ndarray, np.ndarray]:
    """Welfare statistics with outputs held fixed, and in the full equilibrium."""
    response = conditional_response(
        agreement.trade, agreement.effect, 4.0, reference=agreement.countries.index("DEU")
    )
    count = len(agreement.trade)
    spending, output = agreement.trade.sum(axis=1), agreement.trade.sum(axis=0)
    baseline = Baseline(
        expenditure=spending[None],
        trade_share=(agreement.trade / spending[:, None])[None],
        tariff=np.zeros((1, count, count)),
        value_added_share=np.ones((1, count)),
        input_share=np.zeros((1, 1, count)),
        final_share=np.ones((1, count)),
        value_added=output,
        deficit=spending - output,
        trade_elasticity=np.array([4.0]),
    )
    shock = Shock(iceberg=agreement.effect[None] ** -0.25)
    full = solve(baseline, shock, Closure(trade_balance="own_income"))
    return 1.0 / response.real_income, 1.0 / full.real_wage


def main() -> None:
    """Print both programs' results and times."""
    folder = Path(sys.argv[1])
    agreement = load_agreement(folder)
    ours(agreement)
    start = time.perf_counter()
    conditional, full = ours(agreement)
    mine = time.perf_counter() - start
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            theirs, taken = peer(folder)
    except ImportError as missing:
        print(f"gegravity is not installed ({missing}); its published results stand in for it.")
        theirs, taken = dict(zip(agreement.countries, agreement.welfare, strict=True)), float("nan")
    print(f"{'country':<9}{'gegravity':>12}{'the same system':>18}{'full equilibrium':>18}")
    for name in PEOPLE:
        place = agreement.countries.index(name)
        print(f"{name:<9}{theirs[name]:>12.6f}{conditional[place]:>18.6f}{full[place]:>18.6f}")
    print(f"seconds: gegravity {taken:.2f}, here {mine:.4f} for both")


if __name__ == "__main__":
    main()
