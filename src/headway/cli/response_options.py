"""`headway options`: what can be done about a scenario, scored on both sides' objectives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.exposure import ResponseOut
from headway.cli.impact import ScenarioArgument
from headway.cli.options import JsonOption, QuietOption, parse_country, progress_display

PartnerOption = Annotated[
    str | None, typer.Option("--partner", help="The other side; left out, whoever's measures take most from home.")
]
ReplyOption = Annotated[
    list[str] | None,
    typer.Option("--reply", help="A move that home has declared if there is no agreement, such as retaliation."),
]
MoveOption = Annotated[
    list[str] | None,
    typer.Option("--move", help="Score this move in place of the library's: exemption(products=cars,keep=0.5)."),
]
PackageOption = Annotated[
    list[str] | None, typer.Option("--package", help="Also score this package: moves joined by ' + '.")
]
ObjectivesOption = Annotated[
    Path | None, typer.Option("--objectives", help="Both sides' objectives and weights (YAML), in place of ours.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=5000, help="Packages to score.")]
DrawsOption = Annotated[
    int, typer.Option("--draws", min=0, max=1000, help="Draws behind intervals and stability.")
]


def options(
    scenario: ScenarioArgument,
    partner: PartnerOption = None,
    reply: ReplyOption = None,
    moves: MoveOption = None,
    packages: PackageOption = None,
    objectives: ObjectivesOption = None,
    limit: LimitOption = 200,
    draws: DrawsOption = 16,
    as_json: JsonOption = False,
    out: ResponseOut = None,
    quiet: QuietOption = False,
) -> None:
    """Score what can be done about SCENARIO, alone and in packages, on both sides' objectives.

    Without --move the whole library is scored: exemptions, lower rates, quotas, offers, replies, joint action, new
    agreements, other markets, support at home. `headway options` never says what to do: weights are inputs.

    Examples:

        headway options out/scenario.yaml --reply retaliation

        headway options out/scenario.yaml --move "exemption(products=steel)" --package "lower_rate + energy_purchases"
    """
    from headway import policy, response
    from headway.cli.responses import finish
    from headway.response.library import parse_move

    asked = response.Request(
        objectives=response.read_objectives(objectives) if objectives else response.shipped_objectives(),
        partner=parse_country(partner) if partner else None,
        reply=tuple(parse_move(one) for one in reply or ()),
        moves=tuple(parse_move(one) for one in moves) if moves else None,
        packages=tuple(response.parse_package(one) for one in packages or ()),
        limit=limit,
        draws=draws,
    )
    with progress_display(quiet) as progress:
        made = response.score_options(policy.load_scenario(scenario), asked, progress=progress)
    finish(made, as_json=as_json, out=out)
