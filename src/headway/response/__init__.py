"""From impact to response: what is exposed, what can be done, where to gain, whom to support.

Each request is one function that returns a `Response` of figures, tables and findings.
"""

from headway.response.board import Package, parse_package
from headway.response.exposure_report import assess_exposure
from headway.response.objectives import Objectives, read_objectives
from headway.response.objectives import shipped as shipped_objectives
from headway.response.opportunities.report import find_opportunities
from headway.response.options_run import Request, score_options
from headway.response.results import Response

__all__ = [
    "Objectives",
    "Package",
    "Request",
    "Response",
    "assess_exposure",
    "find_opportunities",
    "parse_package",
    "read_objectives",
    "score_options",
    "shipped_objectives",
]
