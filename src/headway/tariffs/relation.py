"""Rating as one relational expression over (entries × provisions × intervals), in Ibis: DuckDB, Spark or others.

The steps are those of `lookup`. Entries shrink to distinct situations (product class, origin class, era, facts,
shares, column 1 rates); provisions that reach a situation compete in their families, yield to other authorities,
get an amount, and the sums go back to the entries. Unknown values are null, missing declarations sentinels.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from headway.tariffs.instruments import FOREVER

if TYPE_CHECKING:
    import ibis.expr.types as ir

NOT_DECLARED = -1.0
"""Sentinel of a share or rate that is not known: keys of a join must not be null."""

KEYS = (
    "product_class",
    "origin_class",
    "era",
    "loaded",
    "known_on",
    "held",
    "denied",
    "is_metal",
    "own_line_decides",
    "staged",
    "refused",
    "steel_share",
    "aluminium_share",
    "copper_share",
    "us_share",
    "general",
    "base",
)
"""What decides a rating: entries that agree on all of these have the same stack."""

UNDECLARED = ("loaded", "known_on", "denied", "steel_share", "aluminium_share", "copper_share", "us_share")
"""Keys that are the same for all entries where no entry declares them: they need not be compared."""

ENTRY_COLUMNS = (
    "entry",
    "hts10",
    "origin",
    "day",
    "program",
    "facts",
    "denied",
    "loaded",
    "known_on",
    "value",
    "quantity",
    "steel_share",
    "aluminium_share",
    "copper_share",
    "us_share",
)
"""Columns of the entries that `rate_expression` takes; shares, value and quantity may be null."""


def _known(column: ir.Value) -> ir.Value:
    """The value, or null where the sentinel stands."""
    import ibis

    return ibis.ifelse(column == NOT_DECLARED, ibis.null("float64"), column)


def _duty(t: ir.Table, prefix: str) -> ir.Value:
    """A parsed duty as a fraction: ad valorem as printed, specific with value and quantity, else null."""
    import ibis

    form, rate, usd = t[f"{prefix}_form"], t[f"{prefix}_rate"], t[f"{prefix}_usd"]
    with_quantity = rate + usd * t.quantity / t.value
    return ibis.cases(
        (form.isin(["free", "ad_valorem"]), rate),
        (form.isin(["specific", "compound"]), with_quantity),
        else_=ibis.null("float64"),
    )


def _with_base(entries: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """Entries with column 1 and 2 looked up, claims checked and missing declarations as sentinels."""
    import ibis

    special = tables["specials"]
    program = tables["programs"]
    second = tables["column2"]
    t = entries.join(tables["lines"], "hts10").join(tables["origins"], "origin").join(tables["days"], "day")
    t = t.left_join(second, [t.origin == second.origin, t.day >= second.column2_since]).drop("origin_right")
    t = t.left_join(special, ["hts10", "program"]).drop("hts10_right", "program_right")
    covers = [t.program == program.program, t.origin == program.origin, t.day >= program.program_since]
    t = t.left_join(program, covers).drop("program_right", "origin_right")
    free = t.general_form == "free"
    claimed = t.program_facts.notnull() & (t.special_form.notnull() | free)
    first = ibis.ifelse(
        claimed, ibis.ifelse(t.special_form.notnull(), _duty(t, "special"), ibis.literal(0.0)), _duty(t, "general")
    )
    shares = {name: t[name].fill_null(NOT_DECLARED) for name in ("steel_share", "aluminium_share", "copper_share")}
    base = ibis.ifelse(t.column2_since.notnull(), _duty(t, "column2"), first)
    edition = ibis.literal(2025)
    return t.mutate(
        general=_duty(t, "general").fill_null(NOT_DECLARED),
        base=base.fill_null(NOT_DECLARED),
        held=t.facts | t.program_facts.fill_null(0),
        staged=claimed & t.staged.fill_null(False) & (t.day.year() != edition) & t.column2_since.isnull(),
        refused=(t.program != "") & ~claimed & t.column2_since.isnull(),
        loaded=t.loaded.fill_null(ibis.date(FOREVER.isoformat())),
        known_on=t.known_on.fill_null(ibis.date(FOREVER.isoformat())),
        us_share=t.us_share.fill_null(0.0),
        **shares,
    )


def _candidates(situations: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """Situations × provisions in force that reach them, with whether the facts make each apply."""
    import ibis

    t = situations.join(tables["reach"], ["product_class", "origin_class"]).join(tables["provisions"], "pid")
    end_known = ibis.ifelse(t.end_published > t.known_on, ibis.date(FOREVER.isoformat()), t.ends)
    spared = (t.loaded < t.loaded_before) & (t.era < t.entered_before)
    t = t.filter((t.begins <= t.era) & (t.era <= end_known) & (t.published <= t.known_on) & ~spared)
    # One bit operation per step: nested ones lose their brackets in some of Ibis's SQL.
    t = t.mutate(stated=t.held | t.denied, missing_unless=t.held & t.unless_facts, met=t.held & t.requires)
    t = t.mutate(answered=t.stated & t.asks)
    t = t.mutate(open_facts=t.asks - t.answered)
    t = t.mutate(granted=t.held | t.open_facts)
    t = t.mutate(met_if_granted=t.granted & t.requires)
    free_of_unless = t.missing_unless == 0
    own = ibis.cases(
        (t.content == "steel", _known(t.steel_share)),
        (t.content == "aluminium", _known(t.aluminium_share)),
        (t.content == "copper", _known(t.copper_share)),
        (t.content == "non_us", 1.0 - t.us_share),
        else_=ibis.literal(1.0),
    )
    return t.mutate(
        applies=(t.met == t.requires) & free_of_unless,
        undecided=(t.open_facts != 0) & (t.met_if_granted == t.requires) & free_of_unless,
        own_share=ibis.ifelse(own.isnull() & t.is_metal, ibis.literal(1.0), own),
    )


def _winners(candidates: ir.Table) -> ir.Table:
    """The provision that applies in each family of a situation."""
    import ibis

    t = candidates.filter(candidates.applies & (candidates.kind != "unknown"))
    window = ibis.window(group_by=["situation", "family"], order_by=[t.priority, ibis.desc(t.rate), t.pid])
    t = t.mutate(place=ibis.row_number().over(window))
    return t.filter((t.place == 0) & (t.kind != "exempt"))


def _yielded(candidates: ir.Table, duties: ir.Table, relations: ir.Table) -> ir.Table:
    """Per situation and provision: whether it falls away in full, and the value that metals take from it."""
    t = candidates.select("situation", "pid", "grp", "era")
    t = t.join(relations, "grp")
    t = t.filter((t.since <= t.era) & (t.era <= t.until))
    others = duties.select("situation", by_grp=duties.grp, other_share=duties.own_share)
    t = t.join(others, ["situation", "by_grp"])
    return t.group_by("situation", "pid").agg(
        blocked=t.is_full.max(),
        taken=t.other_share.sum(where=~t.is_full),
        taken_unknown=(~t.is_full & t.other_share.isnull()).max(),
    )


def _shares(subject: ir.Table, yielded: ir.Table) -> ir.Table:
    """Provisions with `share`, the part of value on which they fall: 0 fallen away, null unknown."""
    import ibis

    t = subject.left_join(yielded, ["situation", "pid"]).drop("situation_right", "pid_right")
    left = ibis.cases(
        (t.blocked.fill_null(False), ibis.literal(0.0)),
        (t.taken_unknown.fill_null(False), ibis.null("float64")),
        else_=ibis.greatest(1.0 - t.taken.fill_null(0.0), 0.0),
    )
    t = t.mutate(left=left)
    nothing = (t.left == 0.0) | (t.own_share == 0.0)
    return t.mutate(share=ibis.ifelse(nothing.fill_null(False), ibis.literal(0.0), t.left * t.own_share))


def _amounts(layers: ir.Table) -> ir.Table:
    """Standing duties with the fraction of value that each adds."""
    import ibis

    t = layers.filter((layers.share != 0.0) | layers.share.isnull())
    compared = ibis.ifelse(t.compare == "general", _known(t.general), _known(t.base))
    amount = ibis.cases(
        (t.kind == "additive", t.rate * t.share),
        (t.kind == "replaces", (t.rate - compared) * t.share),
        else_=ibis.greatest(t.rate - compared, 0.0) * t.share,
    )
    return t.mutate(
        amount=ibis.ifelse((t.kind == "floor_total") & compared.isnull(), ibis.null("float64"), amount)
    )


def _gaps(candidates: ir.Table, yielded: ir.Table, amounts: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """(situation, gap): unknown lists that matter, undecided facts, undeclared metal contents."""
    t = _shares(candidates.filter(candidates.applies & (candidates.kind == "unknown")), yielded)
    t = t.filter((t.share != 0.0) | t.share.isnull())
    standing = amounts.select("situation", "grp").distinct()
    touched = t.select("situation", "pid").join(tables["affects"], "pid").join(standing, ["situation", "grp"])
    parts = [
        t.filter(t.always_matters).select("situation", gap=t.pid),
        touched.select("situation", gap=touched.pid),
        candidates.filter(candidates.undecided).select("situation", gap=candidates.pid),
        amounts.filter(amounts.own_share.isnull()).select("situation", gap=amounts.pid),
    ]
    union = parts[0]
    for part in parts[1:]:
        union = union.union(part, distinct=True)
    return union.distinct()


def _sums(situations: ir.Table, amounts: ir.Table, gaps: ir.Table) -> ir.Table:
    """Situations with additional and total duty, the stack as text, and the gaps."""
    import ibis

    whole = (amounts.kind == "replaces") & (amounts.share == 1.0)
    by = amounts.group_by("situation").agg(
        known=amounts.amount.sum(),
        unknown=amounts.amount.isnull().max(),
        other=amounts.amount.sum(where=~whole),
        other_unknown=(~whole & amounts.amount.isnull()).max(),
        replaced=amounts.rate.max(where=whole),
        stack=_joined(amounts),
    )
    missing = gaps.group_by("situation").agg(gaps=gaps.gap.cast("string").collect())
    t = situations.left_join(by, "situation").drop("situation_right")
    t = t.left_join(missing, "situation").drop("situation_right")
    nothing = ibis.null("float64")
    additional = ibis.ifelse(t.unknown.fill_null(False), nothing, t.known.fill_null(0.0))
    start = ibis.ifelse(t.replaced.notnull(), t.replaced, _known(t.base))
    total = ibis.ifelse(t.other_unknown.fill_null(False), nothing, start + t.other.fill_null(0.0))
    own = (t.base == NOT_DECLARED) | t.own_line_decides | t.staged | t.refused
    return t.mutate(
        base_rate=_known(t.base),
        additional=additional,
        total=total,
        complete=t.gaps.isnull() & ~own,
        stack=t.stack.fill_null(""),
        missing=t.gaps.sort().join(" ").fill_null(""),
    )


def _joined(amounts: ir.Table) -> ir.Value:
    """The layers as `heading=amount` texts, in order."""
    text = amounts.heading + "=" + amounts.amount.round(6).cast("string").fill_null("?")
    return text.collect().sort().join("; ")


def _sentinel(name: str) -> ir.Value:
    """What a key holds where nothing is declared."""
    import ibis

    if name in ("loaded", "known_on"):
        return ibis.date(FOREVER.isoformat())
    plain = {"denied": ibis.literal(0, type="int64"), "us_share": ibis.literal(0.0)}
    return plain.get(name, ibis.literal(NOT_DECLARED))


def _as_it_is(table: ir.Table) -> ir.Table:
    return table


def rate_expression(
    entries: ir.Table,
    tables: Mapping[str, ir.Table],
    *,
    constant: Collection[str] = (),
    hold: Callable[[ir.Table], ir.Table] = _as_it_is,
) -> ir.Table:
    """Entries (`ENTRY_COLUMNS`) with base_rate, additional, total (fractions), complete, refused, stack, missing.

    `missing` names provisions by number (`Compiled.provisions`). A claim that the law refuses is rated without it
    and marked `refused`. Entries with an unknown line, origin or day drop out: check them before. `constant`
    names those of `UNDECLARED` that no entry declares. `hold` stores an
    intermediate table on engines that would compute it again at each use (Spark: `lambda t: t.cache()`); DuckDB
    keeps a table that is used twice.
    """
    import ibis

    based = hold(_with_base(entries, tables))
    keys = [name for name in KEYS if name not in constant]
    situations = based.select(*keys).distinct().mutate(**{name: _sentinel(name) for name in constant})
    situations = hold(situations.mutate(situation=ibis.row_number()))
    candidates = hold(_candidates(situations, tables))
    duties = hold(_winners(candidates))
    yielded = hold(_yielded(candidates, duties, tables["relations"]))
    amounts = hold(_amounts(_shares(duties, yielded)))
    rated = _sums(situations, amounts, _gaps(candidates, yielded, amounts, tables))
    answer = rated.select(*keys, "base_rate", "additional", "total", "complete", "stack", "missing")
    joined = based.select("entry", *keys).join(answer, keys)
    return joined.select("entry", "base_rate", "additional", "total", "complete", "refused", "stack", "missing")
