"""From impact to response: what is exposed, what can be done, where to gain, whom to support.

Each request is one function that returns a `Response` of figures, tables and findings.
"""

from headway.response.exposure_report import assess_exposure
from headway.response.results import Response

__all__ = ["Response", "assess_exposure"]
