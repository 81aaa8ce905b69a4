"""Export outlook: the next half-year in total and by item, how sure it is, and how much of it is only the base.

`outlook(Request(...))` gives the result; without a request it uses the Korean figures that the package ships.
"""

from headway.outlook.adjustment import Adjusted, adjust, elasticity
from headway.outlook.breaks import Break, find_breaks
from headway.outlook.conditional import (
    Conditional,
    FrontLoading,
    PhaseIn,
    apply_effects,
    front_loading,
    phase_in,
    read_effects,
)
from headway.outlook.figures import korea
from headway.outlook.flashes import Flash, Nowcast, nowcast
from headway.outlook.forecast import Forecast, Settings, forecast_panel
from headway.outlook.growth import (
    Elasticity,
    carry_over,
    contributions,
    growth_change,
    month_growth,
    period_growth,
    price_and_volume,
    price_and_volume_by_month,
    three_rates,
)
from headway.outlook.reader import ReadOptions, read_series
from headway.outlook.records import Panel, Series
from headway.outlook.results import OutlookResult, Plan, Request, outlook, plan, run
from headway.outlook.review import AfterAction, after_action, front_loading_evidence
from headway.outlook.spans import Span, span
from headway.outlook.tracking import Index, read_index, standing, text_counts

__all__ = [
    "Adjusted",
    "AfterAction",
    "Break",
    "Conditional",
    "Elasticity",
    "Flash",
    "Forecast",
    "FrontLoading",
    "Index",
    "Nowcast",
    "OutlookResult",
    "Panel",
    "PhaseIn",
    "Plan",
    "ReadOptions",
    "Request",
    "Series",
    "Settings",
    "Span",
    "adjust",
    "after_action",
    "apply_effects",
    "carry_over",
    "contributions",
    "elasticity",
    "find_breaks",
    "forecast_panel",
    "front_loading",
    "front_loading_evidence",
    "growth_change",
    "korea",
    "month_growth",
    "nowcast",
    "outlook",
    "period_growth",
    "phase_in",
    "plan",
    "price_and_volume",
    "price_and_volume_by_month",
    "read_effects",
    "read_index",
    "read_series",
    "run",
    "span",
    "standing",
    "text_counts",
    "three_rates",
]
