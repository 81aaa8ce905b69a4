"""What `headway data build` does: read a publisher's table, make a world of it, write it."""

from __future__ import annotations

from pathlib import Path

import typer


def build_world(
    tables: tuple[Path | None, Path | None], year: int, out: Path, *, mapping: Path | None, tariffs: str
) -> None:
    """Build and write a world from (ICIO, WIOD), one of which is given; says what was read and what was changed."""
    from headway.files import check_writable
    from headway.world import stored
    from headway.world.build import icio, own_world, wiod2016
    from headway.world.build.mapping import concordance

    if sum(one is not None for one in tables) != 1:
        raise typer.BadParameter("give one table, --icio or --wiod", param_hint="--icio")
    check_writable(out)
    oecd, wiod = tables
    table = icio.read(oecd, year) if oecd is not None else wiod2016.read(wiod or Path(), year)
    names = concordance(table.countries, table.industries, mapping)
    rates = tariffs if tariffs in (own_world.EMBEDDED, own_world.NONE) else Path(tariffs)
    world, notes = own_world.build(table, names, tariffs=rates)
    stored.write(world, out, own_world.notes_table(notes))
    typer.echo(
        f"{table.file}: {len(table.countries)} countries of {len(table.industries)} industries, {table.year}; "
        f"made {len(world.regions)} regions of {len(world.sectors)} sectors."
    )
    typer.echo(f"Baseline tariffs: {world.tariff_vintage}.")
    changed = sum(abs(note.amount) for note in notes)
    typer.echo(f"Changed by rule: {len(notes)} entries, {changed:,.0f} m USD; they stand in notes.parquet.")
    typer.echo(f"Written: {out}. Use it: headway impact scenario.yaml --world {out}")
