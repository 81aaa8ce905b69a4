"""The world economy of the package as labelled arrays: who buys what from whom, at which tariff. USD million a year."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headway.codes import sectors as sector_codes
from headway.errors import DataError, UnknownCode
from headway.files import sha256
from headway.world import catalogue
from headway.world.regions import Places

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import polars as pl
    import xarray as xr

    from headway.models.equilibrium import Baseline

Array = NDArray[np.float64]

VINTAGE = "structure 2011, levels 2023–24"
TARIFF_VINTAGE = "US 2024; other importers 2005 (stand-in)"
STORED = ("default", "unsplit")
VARIANTS = ("default", "unsplit", "no_other_tariffs")
BALANCE_TOLERANCE = 1e-9
"""Largest gap of an accounting identity, as a share of world GDP."""


@dataclass(frozen=True)
class World:
    """One year of the world economy, in USD million, sectors × regions.

    `flow[sector, importer, exporter]` at basic prices before tariff, own sales on the diagonal;
    `tariff[sector, importer, exporter]` ad valorem, a fraction; `value_added[sector, region]`;
    `input_use[input, user, region]` and `final_use[sector, region]` at the purchaser's value, tariff included.

    The identities hold to 1e-9 of world GDP, else DataError: purchases, Σ(1 + tariff)·flow = Σ input use + final use;
    sales, Σ flow = Σ input use + value added; hence value added + tariff revenue + deficit = final use by region.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    flow: Array
    tariff: Array
    value_added: Array
    input_use: Array
    final_use: Array
    vintage: str = VINTAGE
    tariff_vintage: str = TARIFF_VINTAGE
    manifest: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        # Worlds are shared through a cache, so their arrays are copies that nobody can write to.
        for name in ("flow", "tariff", "value_added", "input_use", "final_use"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        self._check_shapes()
        self._check_signs()
        self._check_identities()

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process: a mapping that cannot be written to does not."""
        return self.__dict__ | {"manifest": dict(self.manifest)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            object.__setattr__(self, name, MappingProxyType(value) if name == "manifest" else value)

    def _check_shapes(self) -> None:
        n, j = len(self.regions), len(self.sectors)
        shapes = {"flow": (j, n, n), "tariff": (j, n, n), "value_added": (j, n)}
        shapes |= {"input_use": (j, j, n), "final_use": (j, n)}
        for name, shape in shapes.items():
            found = getattr(self, name).shape
            if found != shape:
                raise DataError(
                    f"World: {name} should have the shape {shape}, found {found}.", "Check the axes' order."
                )

    def _check_signs(self) -> None:
        for name in ("flow", "value_added", "input_use", "final_use"):
            array = getattr(self, name)
            if not np.isfinite(array).all() or array.min() < 0:
                where = self._name(np.unravel_index(int(np.nanargmin(array)), array.shape))
                raise DataError(
                    f"World: {name} has a negative or missing value at {where}.", "Rebuild the tables."
                )
        if self.tariff.min() <= -1:
            raise DataError("World: a tariff of −100 % or less.", "Give tariffs as fractions: 0.1 is 10 %.")

    def _name(self, index: tuple[Any, ...]) -> str:
        return "/".join(
            [self.sectors[int(index[0])], *(str(int(i)) for i in index[1:-1]), self.regions[int(index[-1])]]
        )

    def _check_identities(self) -> None:
        gaps = {
            "purchases": self.expenditure - self.input_use.sum(axis=1) - self.final_use,
            "sales": self.output - self.input_use.sum(axis=0) - self.value_added,
        }
        allowed = BALANCE_TOLERANCE * float(self.value_added.sum())
        for name, gap in gaps.items():
            sector, region = np.unravel_index(int(np.abs(gap).argmax()), gap.shape)
            if abs(gap[sector, region]) > allowed:
                raise DataError(
                    f"World: {name} of {self.sectors[sector]} in {self.regions[region]} do not add up, "
                    f"by {gap[sector, region]:.6g} USD million.",
                    "Rebuild the tables with python -m headway.world.build.",
                )

    @property
    def output(self) -> Array:
        """Sales at basic prices, [sector, region]."""
        return np.asarray(self.flow.sum(axis=1))

    @property
    def expenditure(self) -> Array:
        """Purchases including tariffs, [sector, region]."""
        return np.asarray(((1.0 + self.tariff) * self.flow).sum(axis=2))

    @property
    def tariff_revenue(self) -> Array:
        """Tariff revenue, [region]."""
        return np.asarray((self.tariff * self.flow).sum(axis=(0, 2)))

    @property
    def deficit(self) -> Array:
        """Imports minus exports before tariffs, goods and services, [region]; sums to zero over the world."""
        return np.asarray(self.flow.sum(axis=(0, 2)) - self.flow.sum(axis=(0, 1)))

    @property
    def gdp(self) -> Array:
        """Value added plus tariff revenue, [region]: GDP at market prices."""
        return np.asarray(self.value_added.sum(axis=0) + self.tariff_revenue)

    def exports(self, region: str) -> Array:
        """Exports of a region before tariffs, [sector, importer], own sales set to zero."""
        at = self.region(region)
        values = self.flow[:, :, at].copy()
        values[:, at] = 0.0
        return values

    def region(self, code: str) -> int:
        """Position of a region; raises UnknownCode."""
        return _position(self.regions, code, "region")

    def sector(self, key: str) -> int:
        """Position of a sector; raises UnknownCode."""
        return _position(self.sectors, key, "sector")

    @property
    def places(self) -> Places:
        """Where every country stands in this world."""
        members = self.manifest.get("members", {})
        return Places(self.regions, tuple((region, tuple(inside)) for region, inside in members.items()))

    @property
    def goods(self) -> tuple[str, ...]:
        """Sectors that tariffs can hit."""
        services = {sector.key for sector in sector_codes.SECTORS if not sector.is_goods}
        return tuple(key for key in self.sectors if key not in services)

    def baseline(self, trade_elasticity: Array) -> Baseline:
        """The baseline of the equilibrium model for trade elasticities θ [sector]."""
        from headway.models.equilibrium import Baseline

        spent, sold = self.expenditure, np.where(self.output > 0, self.output, 1.0)
        used = np.where(spent > 0, spent, 1.0)[:, :, None]
        return Baseline(
            expenditure=spent,
            trade_share=(1.0 + self.tariff) * self.flow / used,
            tariff=self.tariff,
            # A sector that makes nothing has a cost all the same: that of labour, so that its price is defined.
            value_added_share=np.where(self.output > 0, self.value_added / sold, 1.0),
            input_share=self.input_use / sold[None],
            final_share=self.final_use / self.final_use.sum(axis=0),
            value_added=self.value_added.sum(axis=0),
            deficit=self.deficit,
            trade_elasticity=np.asarray(trade_elasticity, dtype=float),
        )

    def with_rates(self, tariff: Array, label: str) -> World:
        """The same flows at other baseline tariffs [sector, importer, exporter].

        Flows before tariff stay. What users pay for a sector changes with the tariffs on it, inputs and final use in
        the same proportion; value added takes what inputs cost more or less, so every identity still holds. Raises
        DataError if a value added would turn negative.
        """
        spent = ((1.0 + tariff) * self.flow).sum(axis=2)
        ratio = np.where(self.expenditure > 0, spent / np.where(self.expenditure > 0, self.expenditure, 1.0), 1.0)
        input_use = self.input_use * ratio[:, None, :]
        value_added = self.output - input_use.sum(axis=0)
        return replace(
            self,
            tariff=tariff,
            input_use=input_use,
            final_use=self.final_use * ratio,
            value_added=value_added,
            tariff_vintage=label,
            manifest=MappingProxyType(dict(self.manifest) | {"tariffs": label}),
        )

    def with_tariffs(self, source: Path | str | pl.DataFrame) -> World:
        """The world at baseline tariffs from a file or frame: importer, exporter, sector, rate (fraction), year.

        Cells not listed keep their rate. Raises DataError for a missing column, a duplicate row, a rate of −1 or less
        or a service; UnknownCode for a region or sector that the world lacks.
        """
        frame = _read_rates(source)
        tariff = self.tariff.copy()
        years = set()
        for importer, exporter, sector, rate, year in frame.iter_rows():
            if sector in self.sectors and sector not in self.goods:
                raise DataError(f"{sector} is a service: tariffs hit goods only.", "Drop the row.")
            tariff[self.sector(sector), self.region(importer), self.region(exporter)] = rate
            years.add(str(year))
        label = f"{self.tariff_vintage}; user's rates for {len(frame)} cells, {', '.join(sorted(years))}"
        changed = self.with_rates(tariff, label)
        used = {"rows": len(frame), "sha256": sha256(frame.write_csv())}
        return replace(changed, manifest=MappingProxyType(dict(changed.manifest) | {"user_tariffs": used}))

    def to_xarray(self) -> xr.Dataset:
        """All arrays with labelled axes."""
        import xarray as xr

        trade = ("sector", "importer", "exporter")
        arrays = {
            "flow": (trade, self.flow),
            "tariff": (trade, self.tariff),
            "value_added": (("sector", "region"), self.value_added),
            "input_use": (("input", "user", "region"), self.input_use),
            "final_use": (("sector", "region"), self.final_use),
            "deficit": (("region",), self.deficit),
        }
        names = {"sector": self.sectors, "input": self.sectors, "user": self.sectors}
        names |= {"region": self.regions, "importer": self.regions, "exporter": self.regions}
        labels = {axis: list(values) for axis, values in names.items()}
        attributes = {"unit": "USD million", "vintage": self.vintage, "tariff_vintage": self.tariff_vintage}
        return xr.Dataset(arrays, coords=labels, attrs=attributes)


def _position(labels: tuple[str, ...], key: str, what: str) -> int:
    try:
        return labels.index(key)
    except ValueError:
        raise UnknownCode(f"The world has no {what} {key!r}.", f"It has {', '.join(labels)}.") from None


RATE_COLUMNS = ("importer", "exporter", "sector", "rate", "year")


def _read_rates(source: Path | str | pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    frame = source if isinstance(source, pl.DataFrame) else pl.read_csv(Path(source))
    missing = [column for column in RATE_COLUMNS if column not in frame.columns]
    if missing:
        raise DataError(
            f"The tariff table lacks the column {', '.join(missing)}.", f"Columns: {', '.join(RATE_COLUMNS)}."
        )
    frame = frame.select(RATE_COLUMNS)
    if frame.select(RATE_COLUMNS[:3]).is_duplicated().any():
        raise DataError("The tariff table has two rates for one importer, exporter and sector.", "Keep one.")
    if frame["rate"].null_count() or frame["rate"].min() is None or float(frame["rate"].min()) <= -1:  # type: ignore[arg-type]
        raise DataError(
            "The tariff table has a missing rate or one of −100 % or less.", "Give fractions: 0.1 is 10 %."
        )
    return frame


@lru_cache(maxsize=4)
def load(variant: str = "default") -> World:
    """The embedded world: "default", "unsplit" (22 sectors, c14 and c15 whole) or "no_other_tariffs" (US tariffs only).

    Reads the shipped tables and checks every identity. Raises UnknownCode for another variant.
    """
    if variant not in VARIANTS:
        raise UnknownCode(f"There is no world {variant!r}.", f"Choose one of {', '.join(VARIANTS)}.")
    if variant == "no_other_tariffs":
        world = load("default")
        tariff = np.zeros_like(world.tariff)
        us = world.region("USA")
        tariff[:, us] = world.tariff[:, us]
        return world.with_rates(tariff, "US 2024; other importers at zero")
    return _read(variant)


def _folder() -> Traversable:
    return resources.files("headway.world").joinpath("data")


def _columns(file: str, *columns: str) -> list[pl.Series]:
    import polars as pl

    with resources.as_file(_folder().joinpath(file)) as path:
        table = pl.read_parquet(path, columns=list(columns))
    return [table[column] for column in columns]


def _axes(variant: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    shapes = json.loads(_folder().joinpath("economy.json").read_text(encoding="utf-8"))["variants"]
    return tuple(shapes[variant]["regions"]), tuple(shapes[variant]["sectors"])


def _read(variant: str) -> World:
    regions, sectors = _axes(variant)
    n, j = len(regions), len(sectors)

    def table(name: str, *columns: str) -> list[Array]:
        return [column.to_numpy() for column in _columns(f"{variant}_{name}.parquet", *columns)]

    flow, tariff = (values.reshape(j, n, n) for values in table("trade", "flow", "tariff"))
    (input_use,) = (values.reshape(j, j, n) for values in table("inputs", "input_use"))
    value_added, final_use = (values.reshape(j, n) for values in table("margins", "value_added", "final_use"))
    manifest = MappingProxyType(_manifest(variant))
    return World(regions, sectors, flow, tariff, value_added, input_use, final_use, manifest=manifest)


def _manifest(variant: str) -> dict[str, Any]:
    """What the tables of a variant are and stand on, in types that JSON knows."""
    tables = [catalogue.entry(f"{variant}_{part}") for part in ("trade", "inputs", "margins")]
    ids = sorted({source for table in tables for source in table.sources} | {"agreements", "published-fills"})
    sources = [catalogue.entry(key) for key in ids]
    return {
        "world": variant,
        "vintage": VINTAGE,
        "tariffs": TARIFF_VINTAGE,
        "tables": {file: digest for table in tables for file, digest in table.sha256.items()},
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "citation": source.citation,
                "licence": source.licence,
                "vintage": source.vintage,
                "sha256": dict(source.sha256),
            }
            for source in sources
        ],
    }


def flow_status(variant: str = "default") -> NDArray[np.str_]:
    """How each flow is known, [sector, importer, exporter]: "observed", "scaled", "imputed" or "zero".

    Observed are US goods imports; imputed the divided industries elsewhere, Taiwan and filled pairs; scaled the rest.
    """
    if variant not in STORED:
        raise UnknownCode(f"There are no tables of a world {variant!r}.", f"Choose one of {', '.join(STORED)}.")
    regions, sectors = _axes(variant)
    (status,) = _columns(f"{variant}_trade.parquet", "status")
    return np.array(status.to_list()).reshape(len(sectors), len(regions), len(regions))


def building_notes() -> pl.DataFrame:
    """Everything that the builder noted: fills, negative entries, assumptions, with amounts and sources."""
    import polars as pl

    with resources.as_file(_folder().joinpath("economy_notes.parquet")) as path:
        return pl.read_parquet(path)
