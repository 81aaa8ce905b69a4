"""One entry, rated in decimal arithmetic: the reference for the relational engine, and quick enough for a desk.

The rule in five steps, the same in `relation`:
1. candidates: provisions whose days, products, partners, transit rule and facts reach the entry;
2. winners: in each family the lowest priority number, the higher rate among equals (exemptions win by priority);
3. relations: a duty that yields in full to a winner falls away, one that yields metal content keeps the rest;
4. amounts: additive rate × share; floor max(0, rate − column 1 compared); a replaced column 1 rate;
5. completeness: unknown lists, facts that decide and are not declared, specific duties without value and quantity.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.errors import OutsideDomain, UnknownCode
from headway.tariffs.coverage import CHAPTER_98_DUTIABLE, reaches
from headway.tariffs.instruments import FOREVER, Provision, Relation, Rulebook, origins, rulebook
from headway.tariffs.rates import Duty
from headway.tariffs.records import Entry, Layer, Missing, Option, Rating
from headway.tariffs.schedule import (
    EDITION_YEAR,
    FIRST_DAY,
    Line,
    line,
    pays_column_2,
    programs,
    unverified_programs,
)

ZERO, ONE = Decimal(0), Decimal(1)
DUTIES = ("additive", "floor_total", "replaces")
METAL_CHAPTERS = ("72", "73", "74", "76")


@dataclass(frozen=True, slots=True)
class _Base:
    """Column 1 or 2 as far as it is known: `general`, `claimed` special, `column` and what is printed."""

    general: Decimal | None
    claimed: Decimal | None
    column: str
    text: str
    missing: tuple[Missing, ...]

    @property
    def rate(self) -> Decimal | None:
        return self.claimed


def last_day(provision: Provision, known_on: dt.date | None) -> dt.date:
    """The last day in force, as the law was published on `known_on`."""
    return FOREVER if known_on is not None and provision.end_published > known_on else provision.ends


def in_days(provision: Provision, entry: Entry) -> bool:
    """True if the provision is in force on the day of entry, in transit rule and publication considered."""
    if provision.begins > entry.day or entry.day > last_day(provision, entry.known_on):
        return False
    if entry.known_on is not None and provision.published > entry.known_on:
        return False
    transit = provision.in_transit
    spared = transit is not None and entry.loaded is not None and entry.loaded < transit.loaded_before
    return not (spared and transit is not None and entry.day < transit.entered_before)


def declared(entry: Entry) -> frozenset[str]:
    """Facts declared, with those that the programme claimed implies."""
    program = programs().get(entry.program)
    return entry.facts | frozenset(program.facts if program else ())


def _undecided(provision: Provision, entry: Entry, held: frozenset[str]) -> bool:
    """True if a decisive fact is neither declared nor denied, the others holding."""
    open_facts = {fact for fact in provision.asks if fact not in held and fact not in entry.denied}
    others = all(fact in held or fact in open_facts for fact in provision.requires)
    return bool(open_facts) and others and not any(fact in held for fact in provision.unless)


def _applies(provision: Provision, held: frozenset[str]) -> bool:
    return all(fact in held for fact in provision.requires) and not any(fact in held for fact in provision.unless)


def _order(provision: Provision) -> tuple[int, Decimal, str]:
    return (provision.priority, -(provision.rate or ZERO), provision.id)


def winners(candidates: Iterable[Provision]) -> dict[str, Provision]:
    """The provision that applies in each family; unknown lists compete with nothing."""
    found: dict[str, Provision] = {}
    for provision in sorted((c for c in candidates if c.kind != "unknown"), key=_order):
        found.setdefault(provision.family, provision)
    return found


def _in_force(relation: Relation, day: dt.date) -> bool:
    return (relation.since is None or relation.since <= day) and (relation.until is None or day <= relation.until)


def _metal_share(provision: Provision, entry: Entry) -> Decimal | None:
    """Share of value on which a provision falls, before other authorities are looked at; None if not declared.

    In the metals chapters CBP assesses the full value without a declaration; elsewhere the content is unknown.
    """
    shares = {"steel": entry.steel_share, "aluminium": entry.aluminium_share, "copper": entry.copper_share}
    if provision.content in shares:
        share = shares[provision.content]
        return ONE if share is None and entry.hts10[:2] in METAL_CHAPTERS else share
    return ONE - (entry.us_share or ZERO) if provision.content == "non_us" else ONE


def _remaining(
    provision: Provision, duties: Sequence[Provision], relations: Sequence[Relation], entry: Entry
) -> Decimal | None:
    """Share of value left to a provision after its relations to the other winning duties; None if unknown."""
    left: Decimal | None = ONE
    for relation in relations:
        if provision.group not in relation.groups or not _in_force(relation, entry.day):
            continue
        others = [other for other in duties if other.group in relation.yields_to]
        if others and relation.scope == "full":
            return ZERO
        for other in others:
            share = _metal_share(other, entry)
            left = None if left is None or share is None else max(left - share, ZERO)
    return left


def _program_duty(found: Line, entry: Entry) -> tuple[Decimal | None, str, tuple[Missing, ...]]:
    """The special rate claimed: (fraction or None, text, what is missing). Raises for a claim the law refuses."""
    program, symbol = programs().get(entry.program), entry.program
    if program is None:
        known = unverified_programs()
        if symbol not in known:
            raise UnknownCode(f"Unknown programme {symbol!r}.", f"Programmes: {', '.join(sorted(programs()))}.")
        gap = Missing(heading=f"programme {symbol}", instrument="special", reason=known[symbol])
    elif entry.origin not in program.partners or entry.day < program.since:
        raise OutsideDomain(
            f"{program.name} does not cover goods of {entry.origin} on {entry.day}.", "Drop the claim."
        )
    else:
        gap = None
    duty = found.special.get(symbol)
    if duty is None:
        if found.general.form == "free":
            return ZERO, "Free", (gap,) if gap else ()
        raise OutsideDomain(f"Line {found.hts10} has no special rate ({symbol}).", "Drop the claim.")
    staged = duty.form != "free" and entry.day.year != EDITION_YEAR and not (symbol == "KR" and duty.text == "25%")
    gaps = [gap] if gap else []
    if staged:
        reason = f"the {symbol} rate is staged; on file is its stage of {EDITION_YEAR}"
        gaps.append(Missing(heading=f"programme {symbol}", instrument="special", reason=reason))
    return _equivalent(duty, entry), f"{duty.text} ({symbol})", tuple(gaps)


def _equivalent(duty: Duty, entry: Entry) -> Decimal | None:
    """A duty as a fraction of the entry's value; duties per two different units are not computed."""
    if len(duty.specific) > 1:
        return None
    units = {} if entry.quantity is None else {part.unit: entry.quantity for part in duty.specific}
    return duty.equivalent(entry.value, units)


def _base(found: Line, entry: Entry) -> _Base:
    general = _equivalent(found.general, entry)
    if pays_column_2(entry.origin, entry.day):
        rate = _equivalent(found.column2, entry)
        return _Base(general, rate, "2", found.column2.text, ())
    if not entry.program:
        return _Base(general, general, "1 general", found.general.text, ())
    rate, text, missing = _program_duty(found, entry)
    return _Base(general, rate, f"1 special ({entry.program})", text, missing)


def _amount(provision: Provision, base: _Base, share: Decimal | None) -> Decimal | None:
    """What a winning duty adds, as a fraction of value; None where it hangs on an unknown share or column 1 rate."""
    rate = provision.rate or ZERO
    if share is None:
        return None
    if provision.kind == "additive":
        return rate * share
    compared = base.general if provision.compare == "general" else base.rate
    if compared is None:
        return None
    return (rate - compared if provision.kind == "replaces" else max(ZERO, rate - compared)) * share


def _layer(provision: Provision, amount: Decimal | None, share: Decimal | None) -> Layer:
    bases = {"": "full value", "non_us": "value without approved U.S. content"}
    return Layer(
        authority=provision.authority,
        heading=provision.heading,
        instrument=provision.instrument,
        title=provision.title,
        kind=provision.kind,
        rate=provision.rate,
        amount=amount,
        share=share,
        value_base=bases.get(provision.content, f"{provision.content} content"),
        announced=provision.announced,
        effective=provision.begins,
        published=provision.published,
        collected=provision.collected,
        ends=None if provision.ends == FOREVER else provision.ends,
        drawback=provision.drawback,
        citation=provision.citation,
        evidence=provision.evidence,
    )


def _unknowns(
    candidates: Sequence[Provision], standing: set[str], duties: Sequence[Provision], book: Rulebook, entry: Entry
) -> list[Missing]:
    """Unknown lists that matter: their duty is unknown, or a duty that stands may be exempt."""
    found = []
    for provision in candidates:
        if provision.kind != "unknown" or _remaining(provision, duties, book.relations, entry) == ZERO:
            continue
        if provision.affects is None or standing & set(provision.affects):
            found.append(_missing(provision, provision.reason))
    return found


def _missing(provision: Provision, reason: str) -> Missing:
    return Missing(
        heading=provision.heading, instrument=provision.instrument, reason=reason, citation=provision.citation
    )


def _open_questions(reached: Sequence[Provision], entry: Entry, held: frozenset[str]) -> list[Missing]:
    questions = [p for p in reached if _undecided(p, entry, held)]
    return [_missing(p, f"declare {' or '.join(p.asks)} (yes or no)") for p in questions]


def _options(reached: Sequence[Provision], held: frozenset[str]) -> tuple[Option, ...]:
    """Headings that other declarations would open."""
    found = {}
    for provision in reached:
        closed = tuple(fact for fact in provision.requires if fact not in held)
        if closed and provision.kind != "unknown" and not any(fact in held for fact in provision.unless):
            found[provision.instrument] = Option(
                heading=provision.heading,
                instrument=provision.instrument,
                kind=provision.kind,
                facts=closed,
                text=provision.title,
                citation=provision.citation,
            )
    return tuple(found.values())


def _times(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """Product of shares; nothing times an unknown share is nothing."""
    if left == ZERO or right == ZERO:
        return ZERO
    return None if left is None or right is None else left * right


def _undeclared(chosen: Iterable[Provision], layers: Sequence[Layer], entry: Entry) -> list[Missing]:
    """Metal contents on which a standing duty hangs and which are not declared."""
    standing = {layer.instrument for layer in layers}
    return [
        _missing(
            provision, f"declare {provision.content}_share, the share of {provision.content} in customs value"
        )
        for provision in chosen
        if provision.instrument in standing and _metal_share(provision, entry) is None
    ]


def _chapter_98(entry: Entry, found: Line) -> tuple[Missing, ...]:
    if entry.hts10.startswith("9802"):
        reason = "the article's own line in chapters 1 to 97 decides: rate it with chapter98 and dutiable_share"
        return (Missing(heading=found.hts10, instrument="chapter_98", reason=reason),)
    return ()


def check(entry: Entry) -> None:
    """Refuse what no table knows: origins, facts, days before 2018."""
    if entry.origin not in origins():
        raise UnknownCode(f"Unknown origin {entry.origin!r}.", "Give an ISO3 code of a country other than USA.")
    if entry.day < FIRST_DAY:
        raise OutsideDomain(f"{entry.day} is before {FIRST_DAY}.", "Instruments are on file from 2018.")
    if entry.chapter98 and entry.chapter98 not in CHAPTER_98_DUTIABLE:
        raise UnknownCode(
            f"{entry.chapter98} is no dutiable provision of 9802.", f"Use {', '.join(CHAPTER_98_DUTIABLE)}."
        )
    if bool(entry.chapter98) != (entry.dutiable_share is not None):
        raise OutsideDomain("chapter98 and dutiable_share go together.", "Give both or neither.")


def _base_gap(base: _Base, entry: Entry, found: Line) -> list[Missing]:
    if base.rate is not None:
        return []
    if entry.hts10.startswith("98"):
        return [
            Missing(
                heading=found.hts10, instrument="column 1", reason=f"no rate of its own: {base.text or 'none'}"
            )
        ]
    reason = (
        f"{base.text}: give value and quantity" if found.general.form != "text" else f"{base.text}: not computable"
    )
    return [Missing(heading=found.hts10, instrument="column 1", reason=reason)]


@dataclass(frozen=True, slots=True)
class _Stack:
    layers: tuple[Layer, ...]
    missing: tuple[Missing, ...]
    options: tuple[Option, ...]


def _stack(entry: Entry, base: _Base, book: Rulebook, reached: Sequence[Provision]) -> _Stack:
    """Steps 1 to 5 for the provisions that reach line, partner and day."""
    held = declared(entry)
    candidates = [p for p in reached if _applies(p, held)]
    chosen = winners(candidates)
    duties = [p for p in chosen.values() if p.kind in DUTIES]
    layers, standing = [], set()
    for provision in sorted(chosen.values(), key=lambda p: (p.authority, p.id)):
        if provision.kind == "exempt":
            continue
        share = _times(_remaining(provision, duties, book.relations, entry), _metal_share(provision, entry))
        if share != ZERO:
            standing.add(provision.group)
            layers.append(_layer(provision, _amount(provision, base, share), share))
    missing = [
        *_undeclared(chosen.values(), layers, entry),
        *_unknowns(candidates, standing, duties, book, entry),
        *_open_questions(reached, entry, held),
    ]
    return _Stack(tuple(layers), tuple(missing), _options(reached, held))


def _upcoming(entry: Entry, law: Sequence[Provision]) -> tuple[Layer, ...]:
    """Provisions announced or published by the day that start after it and reach the line and partner."""
    held = declared(entry)
    known = entry.known_on or entry.day
    later = [p for p in law if p.begins > entry.day and p.kind != "unknown" and _applies(p, held)]
    seen = [p for p in later if min(p.announced or p.published, p.published) <= known]
    return tuple(_layer(p, None, ONE) for p in sorted(seen, key=lambda p: (p.begins, p.id)))


def reaching(entry: Entry, book: Rulebook) -> list[Provision]:
    """Provisions that reach the entry's line and origin on any day."""
    return [p for p in book.provisions if entry.origin in p.partners and reaches(p, entry.hts10)]


def _sum(layers: Sequence[Layer]) -> Decimal | None:
    amounts = [layer.amount for layer in layers]
    return None if any(a is None for a in amounts) else sum((a for a in amounts if a is not None), ZERO)


def _under_9802(layer: Layer, entry: Entry) -> Layer:
    """The layer on the dutiable part of value; section 232 duties fall on the full value under 9802.00.60."""
    full = entry.dutiable_share is None or (entry.chapter98 == "98020060" and layer.authority.startswith("S232"))
    if full or entry.dutiable_share is None or layer.amount is None:
        return layer
    dutiable = {
        "amount": layer.amount * entry.dutiable_share,
        "value_base": f"dutiable value of {entry.chapter98}",
    }
    return layer.model_copy(update=dutiable)


def _total(base: _Base, layers: Sequence[Layer], part: Decimal) -> Decimal | None:
    """Column 1 or 2 plus chapter 99; a replacing rate is known even where column 1 is not."""
    replacing = next((layer for layer in layers if layer.kind == "replaces" and layer.share == ONE), None)
    start = replacing.rate if replacing else base.rate
    rest = _sum([layer for layer in layers if layer is not replacing])
    return None if start is None or rest is None else start * part + rest


def _notes(entry: Entry, found: Line) -> tuple[str, ...]:
    notes = []
    if entry.day.year < EDITION_YEAR:
        notes.append("column 1 and 2 are those of the 2025 basic edition")
    if found.retired:
        notes.append(
            f"{found.hts10} was retired by {found.retired}: {', '.join(found.successors) or 'no successor'}"
        )
    if found.edition != "2025 basic":
        notes.append(f"the line was added by {found.edition}; its rates are those of its subheading")
    if entry.known_on:
        notes.append(f"as the law was published on {entry.known_on}")
    return tuple(notes)


def rate_entry(entry: Entry, book: Rulebook | None = None) -> Rating:
    """Rate one entry, exactly. Raises `UnknownCode` or `OutsideDomain` for what the law does not know."""
    check(entry)
    book = book or rulebook()
    found = line(entry.hts10)
    base = _base(found, entry)
    law = reaching(entry, book)
    stack = _stack(entry, base, book, [p for p in law if in_days(p, entry)])
    part = ONE if entry.dutiable_share is None else entry.dutiable_share
    layers = tuple(_under_9802(layer, entry) for layer in stack.layers)
    gaps = (*base.missing, *_base_gap(base, entry, found), *stack.missing, *_chapter_98(entry, found))
    total = _total(base, layers, part)
    return Rating(
        entry=entry,
        description=found.description,
        column=base.column,
        base=None if base.rate is None else base.rate * part,
        base_text=base.text,
        additional=_sum(layers),
        total=total,
        duty_usd=None if total is None or entry.value is None else (total * entry.value).quantize(Decimal("0.01")),
        layers=layers,
        complete=not gaps,
        missing=gaps,
        options=stack.options,
        upcoming=_upcoming(entry, law),
        notes=_notes(entry, found),
    )
