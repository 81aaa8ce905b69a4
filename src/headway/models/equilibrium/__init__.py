"""General equilibrium with many countries, many sectors and input–output links (METHODS section 2)."""

from headway.models.equilibrium.accounts import Accounts, baseline_accounts, baseline_flow
from headway.models.equilibrium.checks import check_baseline, identity_gaps
from headway.models.equilibrium.decomposition import Decomposition, decompose
from headway.models.equilibrium.exports import ExportParts, export_parts
from headway.models.equilibrium.many import solve_many
from headway.models.equilibrium.problem import Problem, prepare
from headway.models.equilibrium.records import Array, Baseline, Closure, Shock
from headway.models.equilibrium.solution import Diagnostics, Equilibrium
from headway.models.equilibrium.solver import (
    rebalance,
    rebase,
    solve,
    solve_prepared,
)
from headway.models.fixed_point import SolverOptions

__all__ = [
    "Accounts",
    "Array",
    "Baseline",
    "Closure",
    "Decomposition",
    "Diagnostics",
    "Equilibrium",
    "ExportParts",
    "Problem",
    "Shock",
    "SolverOptions",
    "baseline_accounts",
    "baseline_flow",
    "check_baseline",
    "decompose",
    "export_parts",
    "identity_gaps",
    "prepare",
    "rebalance",
    "rebase",
    "solve",
    "solve_many",
    "solve_prepared",
]
