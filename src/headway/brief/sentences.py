"""Plain sentences of the brief: words chosen by the signs and sizes of figures, numbers left to the figures."""

from __future__ import annotations

from dataclasses import dataclass

from headway.brief.numbers import number, value_text
from headway.codes import countries
from headway.impact.results import Figure, Result
from headway.impact.tables import HORIZON_NAMES
from headway.policy import Measure, Statistic
from headway.policy.scenario import Horizon


@dataclass(frozen=True)
class Lead:
    """The first paragraph in parts: words and, between them, ids of figures."""

    parts: tuple[tuple[str, str], ...]


def title(result: Result) -> str:
    """The page's title: what it answers, for whom."""
    return f"What the announced measures would mean for {countries.name(result.scenario.home)}"


def headline(result: Result) -> str:
    """The answer in lines for a terminal: status, total exports and income by horizon."""
    lines = [f"{title(result)}.", result.status]
    for horizon in result.scenario.horizons:
        exports = result.figures.get(f"exports.total.{horizon}")
        income = result.figures.get(f"income.{horizon}")
        if exports is None or income is None:
            continue
        ends = _ends(exports)
        lines.append(
            f"{HORIZON_NAMES[horizon].capitalize()}: goods exports {value_text(exports)}{ends}, "
            f"real income {value_text(income)}{_ends(income)}."
        )
    return "\n".join(lines)


def lead(result: Result) -> tuple[tuple[str, str], ...]:
    """The opening sentence as (kind, text): kind is "words" or "figure"."""
    horizons = [h for h in result.scenario.horizons if f"exports.total.{h}" in result.figures]
    if not horizons:
        return (("words", "The text holds no tariff that could be simulated; its other measures are below."),)
    home = countries.name(result.scenario.home)
    parts = [
        (
            "words",
            f"If the announced tariffs took effect as read, {_possessive(home)} goods exports would change by ",
        )
    ]
    for number_of, horizon in enumerate(horizons):
        parts += [
            ("words", "; " if number_of else ""),
            ("figure", f"exports.total.{horizon}"),
            ("words", f" {_when(horizon)}, or "),
            ("figure", f"exports.total.usd.{horizon}"),
        ]
    return (*parts, ("words", "."))


def hardest_hit(result: Result, count: int = 4) -> tuple[str, ...]:
    """Keys of the items with the largest change in dollars, averaged over horizons."""
    horizons = result.scenario.horizons

    def size(key: str) -> float:
        return sum(abs(result.figures[f"item.{key}.usd.{h}"].value) for h in horizons)

    rows = result.tables["items"].rows if "items" in result.tables else ()
    moved = [row.key for row in rows if f"item.{row.key}.usd.{horizons[-1]}" in result.figures]
    return tuple(sorted(moved, key=size, reverse=True)[:count])


def untouched(result: Result) -> tuple[str, ...]:
    """Names of items with large exports and no measurable exposure to the measures."""
    rows = result.tables["items"].rows if "items" in result.tables else ()
    return tuple(row.label for row in rows if row.words)


def who(measure: Measure) -> str:
    """Who is hit, in words."""
    from headway.brief.page import country_name

    if measure.partners:
        return ", ".join(country_name(code) for code in measure.partners)
    return measure.target_group or "no country named"


def rate(measure: Measure) -> str:
    """The rate in words: "10 to 20 %", "up to 60 %", "no rate given"."""
    low, high = measure.rate_low, measure.rate_high
    if low is None and high is None:
        return "no rate given"
    if low is None:
        return f"up to {high:g} %"
    if high is None:
        return f"{low:g} % or more"
    return f"{low:g} %" if low == high else f"{low:g} to {high:g} %"


def gains_and_losses(result: Result, horizon: Horizon) -> str:
    """One sentence on how far rivals' tariffs make up for home's own in the US market."""
    gain = result.figures[f"exports.diversion.usd.{horizon}"]
    loss = result.figures[f"exports.direct.usd.{horizon}"]
    if gain.value <= 0:
        return "In the US, rivals' tariffs bring no gain on balance: weaker demand outweighs what buyers switch."
    if loss.value >= 0:
        return "In the US, the tariff on home costs no exports on balance."
    share = number(gain.value / -loss.value, "share", digits=0)
    return f"In the US, rivals' tariffs make up for {share} % of the loss from the tariff on home."


def what_drives(result: Result, horizon: Horizon) -> str:
    """One sentence on what the uncertainty comes from."""
    policy = result.figures[f"variance.policy.{horizon}"].value
    parameters = result.figures[f"variance.parameters.{horizon}"].value
    if policy > parameters:
        return (
            f"{_when(horizon).capitalize()}, the open question is the rate itself, more than how trade responds."
        )
    return f"{_when(horizon).capitalize()}, the open question is how strongly trade responds, more than the rate."


def sources(result: Result) -> tuple[dict[str, str], ...]:
    """The catalogue's entries behind the run: id, title, citation, licence, vintage."""
    from headway.world import catalogue

    return tuple(
        {"id": e.id, "title": e.title, "citation": e.citation, "licence": e.licence, "vintage": e.vintage}
        for e in catalogue.entries()
    )


def _when(horizon: Horizon) -> str:
    return "within a year" if horizon == "up_to_a_year" else "in the long run"


def _ends(figure: Figure) -> str:
    from headway.brief.numbers import interval_text

    ends = interval_text(figure)
    return f" ({ends})" if ends else ""


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def all_measures(result: Result) -> tuple[Measure, ...]:
    """Every measure of the text, those that are not simulated too; without a text, the scenario's."""
    return result.document.measures if result.document else result.scenario.measures


def subsidy(result: Result) -> str:
    """One sentence on what the removal does and what that depends on."""
    cars = result.figures["subsidy.car_exports"]
    direction = "fewer" if cars.value < 0 else "more"
    sure = cars.low is not None and cars.high is not None and (cars.low > 0) == (cars.high > 0)
    sign = "" if sure else ", though within the ranges of the parameters the sign is open"
    drivers = result.tables["subsidy_drivers"].rows
    most = f" What drives it most: {drivers[0].label}." if drivers else ""
    return f"On balance {direction} cars would go from Korea to the US{sign}.{most}"


def opportunity_figures(result: Result, sector: str) -> tuple[str, ...]:
    """Ids of figures at hand on a sector named as an opportunity."""
    wanted = {
        "ship": ("ships",),
        "energy": ("petroleum_products", "batteries"),
        "semiconductor": ("semiconductors",),
    }
    keys = next((keys for word, keys in wanted.items() if word in sector.lower()), ())
    ids = (f"item.{key}.{part}" for key in keys for part in ("base", "us_base"))
    return tuple(id for id in ids if id in result.figures)


def largest_gains(result: Result, count: int = 5) -> tuple[str, ...]:
    """Ids of the largest gains from rivals' tariffs by item, at the last horizon."""
    horizon = result.scenario.horizons[-1]
    ends = f".diversion_usd.{horizon}"
    gains = [id for id, figure in result.figures.items() if id.endswith(ends) and figure.value > 0]
    return tuple(sorted(gains, key=lambda key: -result.figures[key].value)[:count])


def statistic(one: Statistic) -> str:
    """A statistic in words: who, what, when, value, change."""
    value = f"{one.value:g} {one.unit or ''}".strip() if one.value is not None else ""
    change = f"{one.change_pct:+g} %".replace("-", "−") if one.change_pct is not None else ""
    parts = [part for part in (value, change, one.note or "") if part]
    subject = actor(one.subject)
    return f"{subject}, {one.item}{f', {one.period}' if one.period else ''}: {', '.join(parts)}"


def actor(name: str) -> str:
    """An actor in words: ISO3 codes become names."""
    from headway.errors import UnknownCode

    words = []
    for word in name.split():
        try:
            words.append(countries.by_iso3(word.strip("()")).name if word.strip("()").isupper() else word)
        except UnknownCode:
            words.append(word)
    return " ".join(words)
