"""What `headway impact` prints beside the result: derivatives, and other closures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from headway.brief.numbers import MINUS, value_text
from headway.codes import sectors
from headway.errors import UnknownCode
from headway.impact.results import Result
from headway.world.regions import region_name

if TYPE_CHECKING:
    import xarray as xr

SHOWN = 15


def print_sensitivity(found: xr.DataArray, *, shown: int = SHOWN) -> None:
    """Print the tariffs on goods to which a result answers most, and the unit."""
    console, names = Console(), {sector.key: sector.name for sector in sectors.SECTORS}
    is_goods = np.isin(found.coords["sector"].values, sectors.goods())
    value = np.where(is_goods[:, None, None], found.values, 0.0)
    table = Table(title=f"Derivative of the {found.attrs['of']}", title_justify="left")
    for heading in ("Tariff on", "by", "from"):
        table.add_column(heading)
    table.add_column("Derivative", justify="right", no_wrap=True)
    for place in np.argsort(-np.abs(value), axis=None)[:shown]:
        at = np.unravel_index(int(place), value.shape)
        sector, importer, exporter = (
            str(found.coords[axis].values[i]) for axis, i in zip(found.dims, at, strict=True)
        )
        number = f"{value[at]:+.4g}".replace("-", MINUS)
        table.add_row(names.get(sector, sector), _region(importer), _region(exporter), number)
    console.print(table)
    console.print(f"In {found.attrs['units']} of tariff. Long run, after the measures,", highlight=False)
    console.print("at the middle of their ranges and central elasticities.", highlight=False)


def print_variants(result: Result) -> None:
    """Print the long run under each closure, and below what each closure says; nothing where there are none."""
    variants, console = result.tables.get("variants"), Console()
    if variants is None:
        return
    columns = {key: heading for key, heading in variants.columns.items() if key != "closure"}
    table = Table("", title=variants.title, title_justify="left")
    for heading in columns.values():
        table.add_column(heading, justify="right")
    for row in variants.rows:
        table.add_row(row.label, *(value_text(result.figures[row.cells[key]]) for key in columns))
    console.print(table)
    for row in variants.rows:
        console.print(f"{row.label}: {row.words['closure']}.", highlight=False, style="dim")
    console.print(variants.note, highlight=False, style="dim")


def _region(code: str) -> str:
    """A region's name; its code where it is a user's own."""
    try:
        return region_name(code)
    except UnknownCode:
        return code
