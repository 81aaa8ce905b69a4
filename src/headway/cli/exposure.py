"""`headway exposure`: what a scenario hits, before anything responds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.impact import ScenarioArgument
from headway.cli.options import JsonOption

ResponseOut = Annotated[
    Path | None,
    typer.Option("--out", help="Also write the response and its manifest as JSON to this folder; made if absent."),
]
FirmsOption = Annotated[
    Path | None, typer.Option("--firms", help="A table of firms (CSV), for exposure by size of firm.")
]


def exposure(
    scenario: ScenarioArgument, firms: FirmsOption = None, as_json: JsonOption = False, out: ResponseOut = None
) -> None:
    """Rank items, destinations and firms by what the measures of SCENARIO hit, before anything responds.

    Examples:

        headway exposure out/scenario.yaml

        headway exposure out/scenario.yaml --json > exposure.json
    """
    from headway import policy, response
    from headway.cli.responses import finish
    from headway.response.support.firms import read_firms

    table = read_firms(firms) if firms else None
    finish(response.assess_exposure(policy.load_scenario(scenario), firms=table), as_json=as_json, out=out)
