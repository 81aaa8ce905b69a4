"""The catalogue: every source and every shipped table, with licence, vintage, row counts and hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from headway.errors import DataError, UnknownCode


@dataclass(frozen=True)
class CatalogueEntry:
    """A source (`kind` "source") or a table that the package ships ("table").

    `rows_in` are the records read, `rows_out` those written; `sources` the ids that a table is built from; `sha256`
    the hash of every file, of the source as the builder read it or of the table as shipped.
    """

    id: str
    kind: Literal["source", "table"]
    title: str
    citation: str
    licence: str
    vintage: str
    redistribution: str
    files: tuple[str, ...]
    sources: tuple[str, ...]
    rows_in: int
    rows_out: int
    transforms: tuple[str, ...]
    sha256: Mapping[str, str]


@lru_cache(maxsize=1)
def entries() -> tuple[CatalogueEntry, ...]:
    """All entries, sources first; reads the shipped `catalogue.json`."""
    text = resources.files("headway.world").joinpath("data", "catalogue.json").read_text(encoding="utf-8")
    return tuple(_entry(record) for record in json.loads(text))


def _entry(record: dict[str, Any]) -> CatalogueEntry:
    lists = {name: tuple(record[name]) for name in ("files", "sources", "transforms")}
    return CatalogueEntry(**(record | lists | {"sha256": MappingProxyType(record["sha256"])}))


def entry(key: str) -> CatalogueEntry:
    """The entry with this id; raises UnknownCode."""
    for one in entries():
        if one.id == key:
            return one
    raise UnknownCode(f"The catalogue has no entry {key!r}.", f"It has {', '.join(one.id for one in entries())}.")


def verify() -> None:
    """Raise DataError naming the first shipped table whose content is not that of the catalogue."""
    folder = resources.files("headway.world").joinpath("data")
    for one in entries():
        if one.kind == "table":
            for file, expected in one.sha256.items():
                if hashlib.sha256(folder.joinpath(file).read_bytes()).hexdigest() != expected:
                    raise DataError(
                        f"{file} is not the table that the catalogue describes.", "Reinstall or rebuild."
                    )
