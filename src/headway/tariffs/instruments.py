"""Instruments: dated, cited rules of additional duty, read from the YAML files that ship with the package.

One file per authority. A file gives defaults, named groups of partners, instruments and the relations of its
groups to others. Loading expands rates by period and by partner into `Provision` records, sorted by id, so
that neither the order of files nor that of entries matters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from headway.codes.countries import all_countries, memberships
from headway.errors import DataError
from headway.policy.records import Record

DATA = Path(__file__).with_name("data")
FOREVER = dt.date(2999, 12, 31)
ALL = "ALL"

Kind = Literal["additive", "floor_total", "replaces", "exempt", "unknown"]
Content = Literal["", "steel", "aluminium", "copper", "non_us"]


class Dates(Record):
    """The four dates of an instrument, and of its end. `effective` is the first day in law, `ends` the last.

    `published` is when the schedule said so (before it, nobody could know); `collected` when customs first
    collected. An end before the start is a provision cancelled from its first day: it needs `end_published`.
    """

    announced: dt.date | None = None
    effective: dt.date | None = None
    published: dt.date | None = None
    collected: dt.date | None = None
    ends: dt.date | None = None
    end_published: dt.date | None = None


class Transit(Record):
    """Goods loaded before one day and entered before another do not pay; `heading` is where they enter."""

    loaded_before: dt.date
    entered_before: dt.date
    heading: str


class Instrument(Record):
    """One instrument as written in a file; rates in percent. See `docs/how-to/add-an-authority.md`."""

    id: str
    heading: str = ""
    title: str
    family: str
    group: str
    partners: tuple[str, ...] = ()
    partners_except: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    products_except: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    codes_except: tuple[str, ...] = ()
    kind: Kind
    rate: Decimal | None = None
    compare: Literal["", "general", "column_1"] = ""
    priority: Annotated[int, Field(ge=0, le=99)] = 50
    dates: Dates
    in_transit: Transit | None = None
    requires: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    content: Content = ""
    affects: tuple[str, ...] | None = None
    reason: str = ""
    drawback: Literal["yes", "no", "unknown"] = "unknown"
    citation: str
    evidence: str = ""
    periods: tuple[tuple[Decimal, dt.date, dt.date], ...] = ()
    partner_rates: tuple[tuple[str, Decimal, str], ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Instrument:
        priced = self.rate is not None or self.periods or self.partner_rates
        if self.kind in ("additive", "floor_total", "replaces") and not priced:
            raise ValueError("a duty needs rate, periods or partner_rates")
        if self.kind == "floor_total" and not self.compare:
            raise ValueError("floor_total needs compare: general or column_1")
        if self.kind == "unknown" and not self.reason:
            raise ValueError("kind unknown needs a reason")
        if not (self.products or self.codes):
            raise ValueError("no products and no codes")
        return self


class Relation(Record):
    """Duties of `groups` yield to duties of `yields_to`: in full, or on the metal content only."""

    groups: tuple[str, ...]
    yields_to: tuple[str, ...]
    scope: Literal["full", "content"]
    citation: str
    since: dt.date | None = Field(default=None, alias="from")
    until: dt.date | None = None


class Provision(Record):
    """A rule in force over one interval for a fixed set of partners: what rating works with.

    `rate` is a fraction. `partners` are ISO3 codes; `lists` and `codes` (prefixes) give the products, minus
    `lists_except` and `codes_except`. `begins` to `ends` includes both days. Groups in `affects` are what an
    unknown list may change; None means that the duty itself is unknown.
    """

    id: str
    instrument: str
    authority: str
    heading: str
    title: str
    family: str
    group: str
    priority: int
    partners: frozenset[str]
    lists: tuple[str, ...]
    codes: tuple[str, ...]
    lists_except: tuple[str, ...]
    codes_except: tuple[str, ...]
    kind: Kind
    rate: Decimal | None
    compare: str
    begins: dt.date
    ends: dt.date
    announced: dt.date | None
    published: dt.date
    collected: dt.date | None
    end_published: dt.date
    in_transit: Transit | None
    requires: tuple[str, ...]
    unless: tuple[str, ...]
    asks: tuple[str, ...]
    content: Content
    affects: tuple[str, ...] | None
    reason: str
    drawback: str
    citation: str
    evidence: str


class Rulebook(Record):
    """Everything that rating needs besides the base schedule: provisions and relations, sorted."""

    provisions: tuple[Provision, ...]
    relations: tuple[Relation, ...]


def origins() -> frozenset[str]:
    """ISO3 codes of all origins, the United States left out."""
    return frozenset(country.iso3 for country in all_countries() if country.iso3 != "USA")


@lru_cache(maxsize=1)
def _group_members() -> dict[str, frozenset[str]]:
    """Members of each group today: instruments name the United Kingdom apart from the EU."""
    groups: dict[str, set[str]] = {}
    for membership in memberships():
        if membership.until is None:
            groups.setdefault(membership.group, set()).add(membership.iso3)
    return {key: frozenset(found) for key, found in groups.items()}


def resolve_partners(names: Sequence[str], own: dict[str, list[str]]) -> frozenset[str]:
    known, groups = origins(), _group_members()
    found: set[str] = set()
    for name in names:
        if name == ALL:
            found |= known
        elif name in own:
            found |= resolve_partners(own[name], own)
        elif name in groups:
            found |= groups[name]
        elif name in known:
            found.add(name)
        else:
            raise DataError(
                f"Unknown partner {name!r}.", "Use ISO3, a group key, ALL or a name of partner_groups."
            )
    return frozenset(found)


def _variants(
    one: Instrument,
) -> Iterator[tuple[str, str, Decimal | None, tuple[str, ...], dt.date | None, dt.date | None]]:
    """(id, heading, rate, partners, first day, last day) of each rate of an instrument."""
    dates = one.dates
    if one.periods:
        for rate, begins, ends in one.periods:
            yield f"{one.id}@{begins}", one.heading, rate, one.partners, begins, ends
    elif one.partner_rates:
        for heading, rate, partner in one.partner_rates:
            yield f"{one.id}@{partner}", heading, rate, (partner,), dates.effective, dates.ends
    else:
        yield one.id, one.heading, one.rate, one.partners, dates.effective, dates.ends


def _provisions(one: Instrument, authority: str, own: dict[str, list[str]]) -> Iterator[Provision]:
    outside = resolve_partners(one.partners_except, own)
    for id, heading, rate, partners, begins, ends in _variants(one):
        if begins is None:
            raise DataError(f"{one.id}: no effective date", "Give dates.effective or periods.")
        dates = one.dates
        end_published = dates.end_published or (begins if one.periods else ends) or FOREVER
        if ends is not None and ends < begins and not (dates.end_published and dates.end_published > begins):
            raise DataError(f"{id}: empty interval {begins} to {ends}", "Correct the dates.")
        yield Provision(
            id=id,
            instrument=one.id,
            authority=authority,
            heading=heading,
            title=one.title,
            family=one.family,
            group=one.group,
            priority=one.priority,
            partners=resolve_partners(partners, own) - outside,
            lists=one.products,
            codes=one.codes,
            lists_except=one.products_except,
            codes_except=one.codes_except,
            kind=one.kind,
            rate=None if rate is None else rate / 100,
            compare=one.compare,
            begins=begins,
            ends=ends or FOREVER,
            announced=dates.announced,
            published=dates.published or begins,
            collected=dates.collected,
            end_published=end_published,
            in_transit=one.in_transit,
            requires=one.requires,
            unless=one.unless,
            asks=one.asks,
            content=one.content,
            affects=one.affects,
            reason=one.reason,
            drawback=one.drawback,
            citation=one.citation,
            evidence=one.evidence,
        )


# libyaml reads the files eight times as fast; PyYAML may be installed without it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """Refuses duplicate keys, which YAML would let pass in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        repeated = {str(key) for key in keys if keys.count(key) > 1}
        if repeated:
            raise DataError(
                f"Key given twice: {', '.join(sorted(repeated))} ({node.start_mark})", "Keep one of them."
            )
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a dict; duplicate keys and broken files raise `DataError` naming the file."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise DataError(f"{path.name} is not valid YAML: {error}", "Correct the file.") from error
    if not isinstance(content, dict):
        raise DataError(f"{path.name} holds no mapping", "Start it with authority: …")
    return content


def _merged(defaults: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """Entry over defaults; dates merge key by key. YAML booleans for drawback (yes, no) become words."""
    both = {**defaults, **entry, "dates": {**defaults.get("dates", {}), **entry.get("dates", {})}}
    if isinstance(both.get("drawback"), bool):
        both["drawback"] = "yes" if both["drawback"] else "no"
    if "group" not in both and "family" in both:
        both["group"] = both["family"]
    return both


_FILE_KEYS = {
    "authority",
    "title",
    "legal_basis",
    "notes",
    "defaults",
    "partner_groups",
    "instruments",
    "relations",
}


def read_authority(path: Path) -> Rulebook:
    """Provisions and relations of one file. Raises `DataError` naming file, instrument and key."""
    content = read_yaml(path)
    unknown = set(content) - _FILE_KEYS
    if unknown or "authority" not in content:
        raise DataError(
            f"{path.name}: unknown key {', '.join(sorted(unknown)) or 'none, but no authority'}", "See the how-to."
        )
    own = content.get("partner_groups", {})
    provisions: list[Provision] = []
    for entry in content.get("instruments", []):
        try:
            one = Instrument.model_validate(_merged(content.get("defaults", {}), entry))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise DataError(
                f"{path.name}, {entry.get('id', '?')}: {where} {first['msg']}", "Correct the entry."
            ) from error
        provisions += _provisions(one, str(content["authority"]), own)
    relations = [Relation.model_validate(relation) for relation in content.get("relations") or []]
    return Rulebook(provisions=tuple(provisions), relations=tuple(relations))


def _check(book: Rulebook) -> Rulebook:
    ids = [provision.id for provision in book.provisions]
    repeated = sorted({id for id in ids if ids.count(id) > 1})
    if repeated:
        raise DataError(f"Instrument given twice: {', '.join(repeated)}", "Give each its own id.")
    groups = {provision.group for provision in book.provisions}
    named = {g for r in book.relations for g in (*r.groups, *r.yields_to)}
    named |= {g for p in book.provisions for g in (p.affects or ())}
    if named - groups:
        raise DataError(
            f"Relation names no group: {', '.join(sorted(named - groups))}", "Use the group of an instrument."
        )
    return book


def combine(books: Sequence[Rulebook]) -> Rulebook:
    """One rulebook from several, in an order that does not depend on theirs. Raises `DataError` on clashes."""
    provisions = sorted((p for book in books for p in book.provisions), key=lambda p: p.id)
    relations = sorted(
        (r for book in books for r in book.relations), key=lambda r: (r.groups, r.yields_to, r.citation)
    )
    return _check(Rulebook(provisions=tuple(provisions), relations=tuple(relations)))


@lru_cache(maxsize=4)
def rulebook(folder: Path = DATA / "instruments") -> Rulebook:
    """The shipped law: every authority file of a folder, combined."""
    return combine([read_authority(path) for path in sorted(folder.glob("*.yaml"))])
