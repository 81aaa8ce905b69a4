"""`headway impact`: run a scenario file again, as edited."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.brief import FormatOption, OutlookOption
from headway.cli.options import JsonOption, QuietOption, parse_formats, progress_display

if TYPE_CHECKING:
    from headway.world import World

ScenarioArgument = Annotated[Path, typer.Argument(help="A scenario file (YAML).", show_default=False)]
ImpactOut = Annotated[
    Path | None, typer.Option("--out", help="Also write a brief to this folder; made if absent.")
]
SensitivityOption = Annotated[
    str | None,
    typer.Option(
        "--sensitivity",
        metavar="RESULT",
        help="Print instead how a long-run result answers to every tariff: real_income, exports, revenue or output, "
        "narrowed by a sector and a region after dots.",
    ),
]
TablesOption = Annotated[
    Path | None,
    typer.Option(
        "--tables",
        help="Write instead every table of the central long-run equilibrium to this folder, as CSV: income and its "
        "parts, wages, prices, output, value added, trade by sector and partner, revenue.",
    ),
]
HeadcountsOption = Annotated[
    Path | None,
    typer.Option(
        "--headcounts",
        help="With --tables: persons by region and sector (a CSV: region, sector, persons), for employment.",
    ),
]
VariantsOption = Annotated[
    bool,
    typer.Option(
        "--variants",
        help="Also compute the long run under other closures (trade balances, labour, scale), each for itself.",
    ),
]
WorldOption = Annotated[
    Path | None,
    typer.Option("--world", help="A world of your own, from `headway data build`, in place of the embedded one."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Run the draws in so many processes; the numbers stay the same. Without it, this process's threads.",
    ),
]


def impact(
    scenario: ScenarioArgument,
    out: ImpactOut = None,
    formats: FormatOption = "html,json",
    outlook: OutlookOption = "auto",
    sensitivity: SensitivityOption = None,
    tables: TablesOption = None,
    headcounts: HeadcountsOption = None,
    variants: VariantsOption = False,
    workers: WorkersOption = None,
    world: WorldOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Compute the impact of a SCENARIO file, such as the scenario.yaml that `headway brief` wrote.

    Examples:

        headway impact out/scenario.yaml

        headway impact out/scenario.yaml --json > result.json

        headway impact out/scenario.yaml --out revised

        headway impact out/scenario.yaml --variants --workers 4

        headway impact out/scenario.yaml --world world-2022

        headway impact out/scenario.yaml --sensitivity real_income

        headway impact out/scenario.yaml --sensitivity exports.motor_vehicles.USA --json > derivatives.json

        headway impact out/scenario.yaml --tables out/long-run --headcounts workers.csv
    """
    if headcounts is not None and tables is None:
        raise typer.BadParameter("headcounts go into the tables; give --tables too", param_hint="--headcounts")
    if sensitivity is not None:
        _print_sensitivity(scenario, sensitivity, world, as_json=as_json)
        return
    if tables is not None:
        _write_tables(scenario, tables, world, headcounts)
        return
    from headway import brief as writing
    from headway import combined, policy
    from headway import impact as analysis
    from headway.files import check_writable

    kinds = parse_formats(formats, writing.FORMATS)
    if out:
        check_writable(out)
    given = policy.load_scenario(scenario)
    with progress_display(quiet) as progress, _pool(workers) as executor:
        forecasts = combined.start(given, outlook if out else combined.NONE)
        result = analysis.run(given, world=_world(world), progress=progress, variants=variants, executor=executor)
        result = combined.with_outlook(result, forecasts.result())
        written = writing.write(result, out, formats=kinds) if out else []
    if as_json:
        typer.echo(result.model_dump_json(indent=2))
        return
    from headway.cli.impact_tables import print_variants
    from headway.cli.tables import print_table

    typer.echo(writing.headline(result))
    print_table(result, "items", short="change")
    print_variants(result)
    if written:
        typer.echo("Written: " + ", ".join(str(path) for path in written))


def _pool(workers: int | None) -> AbstractContextManager[Executor | None]:
    """A pool of so many processes, or nothing."""
    if workers is None:
        return nullcontext()
    from headway.models.ensembles import process_pool

    return process_pool(workers)


def _world(folder: Path | None) -> World | None:
    """The world in a folder, or none for the embedded one."""
    if folder is None:
        return None
    from headway.world import read

    return read(folder)


def _print_sensitivity(scenario: Path, of: str, world: Path | None, *, as_json: bool) -> None:
    from headway import impact as analysis
    from headway import policy
    from headway.cli.impact_tables import print_sensitivity

    found = analysis.sensitivity(policy.load_scenario(scenario), of, world=_world(world))
    if as_json:
        typer.echo(json.dumps(found.to_dict(), ensure_ascii=False))
        return
    print_sensitivity(found)


def _write_tables(scenario: Path, folder: Path, world: Path | None, headcounts: Path | None) -> None:
    from headway import impact as analysis
    from headway import policy
    from headway.files import check_writable
    from headway.impact.equilibrium_tables import write_tables

    check_writable(folder)
    given = policy.load_scenario(scenario)
    tables = analysis.equilibrium_tables(given, world=_world(world), headcounts=headcounts)
    typer.echo("Written: " + ", ".join(str(path) for path in write_tables(tables, folder)))
