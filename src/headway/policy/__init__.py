"""The domain: what was said and what is simulated, as frozen records."""

from headway.policy.forming import form_scenario
from headway.policy.records import (
    UNIVERSAL,
    Action,
    Affected,
    Document,
    Evidence,
    Measure,
    Opportunity,
    Outlook,
    ProductMatch,
    Statistic,
    UnplacedFigure,
)
from headway.policy.scenario import Choice, Sampling, Scenario, SourceText
from headway.policy.storage import dump_scenario, load_scenario, save_scenario

__all__ = [
    "UNIVERSAL",
    "Action",
    "Affected",
    "Choice",
    "Document",
    "Evidence",
    "Measure",
    "Opportunity",
    "Outlook",
    "ProductMatch",
    "Sampling",
    "Scenario",
    "SourceText",
    "Statistic",
    "UnplacedFigure",
    "dump_scenario",
    "form_scenario",
    "load_scenario",
    "save_scenario",
]
