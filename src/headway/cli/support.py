"""`headway support`: a budget allocated over firms and instruments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.exposure import ResponseOut
from headway.cli.options import JsonOption, QuietOption, progress_display
from headway.errors import UnreadableInput

if TYPE_CHECKING:
    import polars as pl

    from headway.policy import Scenario
    from headway.response import Losses, Rules

FirmsOption = Annotated[Path, typer.Option("--firms", help="The firms: a table (CSV).", show_default=False)]
BudgetOption = Annotated[
    float, typer.Option("--budget", help="The budget, in the currency and unit of the rules.", show_default=False)
]
RulesOption = Annotated[
    str, typer.Option("--rules", help="A rule set that ships with Headway, or a file of your own (YAML).")
]
ScenarioOption = Annotated[
    Path | None, typer.Option("--scenario", help="A scenario (YAML); its impact says what each item loses.")
]
ResultOption = Annotated[
    Path | None, typer.Option("--result", help="A result.json of `headway brief`, in place of --scenario.")
]
GrantedOption = Annotated[
    Path | None,
    typer.Option("--granted", help="allocation.csv of an earlier round: those grants are not repeated."),
]
GapOption = Annotated[
    float, typer.Option("--gap", min=1e-9, max=0.1, help="Allowed distance to the proven bound, as a share.")
]


def support(
    firms: FirmsOption,
    budget: BudgetOption,
    rules: RulesOption = "korea_2025",
    scenario: ScenarioOption = None,
    result: ResultOption = None,
    granted: GrantedOption = None,
    gap: GapOption = 1e-4,
    as_json: JsonOption = False,
    out: ResponseOut = None,
    quiet: QuietOption = False,
) -> None:
    """Allocate a budget over firms and instruments, so that the most exports are kept within the rules.

    Legal questions that the design raises come first, before anything is costed. With --out the allocation is written
    as allocation.csv, one row a firm with the reason.

    Examples:

        headway support --firms examples/firms.csv --budget 10000 --scenario out/scenario.yaml

        headway support --firms firms.csv --budget 84700 --result out/result.json --out support
    """
    from headway import response
    from headway.cli.responses import finish
    from headway.files import write_atomically

    table = response.read_firms(firms)
    chosen = _rules(rules)
    flags = response.raise_flags(chosen)
    if not as_json:
        for flag in flags:
            typer.echo(f"For lawyers: {flag.instrument}: {flag.article}. {flag.question} ({flag.because}).")
    with progress_display(quiet) as progress:
        progress("What each item loses", 0.1)
        losses, loaded = _losses(scenario, result, chosen)
        progress("Allocating", 0.7)
        request = response.SupportRequest(table, chosen, budget, granted=_granted(granted), gap=gap)
        made = response.allocate_support(request, losses, scenario=loaded)
    if out:
        write_atomically(out / "allocation.csv", made.firms.write_csv())
    finish(made.response, as_json=as_json, out=out)


def _rules(text: str) -> Rules:
    """A rule set by name, or from a file."""
    from headway import response

    path = Path(text)
    return response.read_rules(path) if path.suffix or path.exists() else response.shipped_rules(text)


def _losses(scenario: Path | None, result: Path | None, rules: Rules) -> tuple[Losses, Scenario | None]:
    """Losses by item from a brief's result, or from a run of the scenario."""
    from headway import impact, policy, response

    if result is not None:
        loaded = policy.load_scenario(scenario) if scenario else None
        return response.read_losses(result, rules.horizon), loaded
    if scenario is None:
        raise UnreadableInput(
            "Nothing says what firms lose.", "Give --scenario SCENARIO.yaml, or --result of an earlier brief."
        )
    loaded = policy.load_scenario(scenario)
    run = impact.run(loaded.model_copy(update={"horizons": (rules.horizon,)}))
    return response.losses_of(run, rules.horizon), loaded


def _granted(path: Path | None) -> pl.DataFrame | None:
    """Grants of an earlier round."""
    if path is None:
        return None
    import polars as pl

    from headway import response
    from headway.files import read_text

    return response.read_granted(pl.read_csv(read_text(path).encode("utf-8"), infer_schema=False), path.name)
