"""The impact of a scenario on the home country and its rivals: `run` makes a `Result` from a `Scenario`."""

from headway.impact.contributions import contributions
from headway.impact.equilibrium_tables import equilibrium_tables
from headway.impact.plan import Plan, plan
from headway.impact.results import Figure, Finding, Result, Row, Table
from headway.impact.run import run
from headway.impact.sensitivity import sensitivity

__all__ = [
    "Figure",
    "Finding",
    "Plan",
    "Result",
    "Row",
    "Table",
    "contributions",
    "equilibrium_tables",
    "plan",
    "run",
    "sensitivity",
]
