"""From impact to response: what is exposed, what can be done, where to gain, whom to support.

Each request is one function that returns a `Response` of figures, tables and findings; `brief_section` cuts one to what
a brief shows.
"""

from headway.response.board import Package, parse_package
from headway.response.exposure_report import assess_exposure
from headway.response.objectives import Objectives, read_objectives
from headway.response.objectives import shipped as shipped_objectives
from headway.response.opportunities.report import find_opportunities
from headway.response.options_run import Request, score_options
from headway.response.results import Response
from headway.response.sections import Section, brief_section
from headway.response.support.firms import Firms, read_firms
from headway.response.support.flags import Flag, raise_flags
from headway.response.support.losses import Losses
from headway.response.support.losses import from_result as losses_of
from headway.response.support.losses import read_result as read_losses
from headway.response.support.report import Support, SupportRequest, allocate_support, read_granted
from headway.response.support.rules import Rules, read_rules, shipped_rules

__all__ = [
    "Firms",
    "Flag",
    "Losses",
    "Objectives",
    "Package",
    "Request",
    "Response",
    "Rules",
    "Section",
    "Support",
    "SupportRequest",
    "allocate_support",
    "assess_exposure",
    "brief_section",
    "find_opportunities",
    "losses_of",
    "parse_package",
    "raise_flags",
    "read_firms",
    "read_granted",
    "read_losses",
    "read_objectives",
    "read_rules",
    "score_options",
    "shipped_objectives",
    "shipped_rules",
]
