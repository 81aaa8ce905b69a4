"""`headway opportunities`: where home can gain under a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.exposure import ResponseOut
from headway.cli.impact import ScenarioArgument
from headway.cli.options import JsonOption, QuietOption, progress_display

TextOption = Annotated[
    Path | None, typer.Option("--text", help="The article, to mark the fields of co-operation that it names.")
]
TradeOption = Annotated[
    Path | None,
    typer.Option("--trade", help="A BACI file (CEPII), for potential by product in every market."),
]
RatesOption = Annotated[
    Path | None,
    typer.Option("--rates", help="Tariffs (CSV: importer, exporter, hs6, rate) to go with --trade."),
]


def opportunities(
    scenario: ScenarioArgument,
    text: TextOption = None,
    trade: TradeOption = None,
    rates: RatesOption = None,
    as_json: JsonOption = False,
    out: ResponseOut = None,
    quiet: QuietOption = False,
) -> None:
    """Find where home can gain under SCENARIO: trade that rivals lose, unused potential, fields of co-operation.

    Examples:

        headway opportunities out/scenario.yaml

        headway opportunities out/scenario.yaml --text examples/announcement.txt --json > opportunities.json
    """
    from headway import policy, reading, response
    from headway.cli.responses import finish

    document = reading.read_file(text) if text else None
    with progress_display(quiet) as progress:
        made = response.find_opportunities(
            policy.load_scenario(scenario), document=document, trade=trade, rates=rates, progress=progress
        )
    finish(made, as_json=as_json, out=out)
