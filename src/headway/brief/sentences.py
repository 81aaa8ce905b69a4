"""Plain sentences of the brief: words chosen by the signs and sizes of figures, numbers left to the figures."""

from __future__ import annotations

from headway.brief.numbers import number, value_text
from headway.codes import countries
from headway.impact.results import Figure, Result
from headway.impact.tables import HORIZON_NAMES
from headway.policy import Measure, Statistic
from headway.policy.scenario import Horizon

_WITH_ARTICLE = (
    "United ",
    "Netherlands",
    "Philippines",
    "Rest of",
    "European",
    "Czech Rep",
    "Bahamas",
    "Maldives",
)


NOTHING = 1e-6
"""USD billion under which a change is none."""


def title(result: Result) -> str:
    """The page's title: what it answers, for whom."""
    return f"What the announced measures would mean for {with_article(countries.name(result.scenario.home))}"


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
    home = with_article(countries.name(result.scenario.home))
    verb = _verb([result.figures[f"exports.total.{horizon}"].value for horizon in horizons])
    parts = [
        ("words", f"If the announced tariffs took effect as read, {_possessive(home)} goods exports would {verb}.")
    ]
    for horizon in horizons:
        parts += [
            ("words", f" {_when(horizon).capitalize()}: "),
            ("figure", f"exports.total.{horizon}"),
            ("words", ", or "),
            ("figure", f"exports.total.usd.{horizon}"),
            ("words", "."),
        ]
    return tuple(parts)


def _verb(changes: list[float]) -> str:
    if max(changes) < 0:
        return "fall"
    return "rise" if min(changes) > 0 else "change"


def income_heading(result: Result) -> str:
    """What the card of real income is called: the region's where home has no economy of its own."""
    horizon = result.scenario.horizons[0]
    return result.figures[f"income.{horizon}"].label if f"income.{horizon}" in result.figures else "Real income"


def why_income_falls_more_at_first(result: Result) -> str:
    """Why the first year costs more income than the long run, where it does; else empty."""
    incomes = [result.figures.get(f"income.{horizon}") for horizon in ("up_to_a_year", "long_run")]
    values = [figure.value for figure in incomes if figure is not None]
    if len(values) < 2 or not values[0] < values[1]:
        return ""
    return (
        "It falls more in the first year, because workers and machines that lose orders stand idle; later they make "
        "other things."
    )


def hardest_hit(result: Result, count: int = 4) -> tuple[str, ...]:
    """Keys of the items with the largest change in dollars, summed over horizons."""
    horizons = result.scenario.horizons

    def size(key: str) -> float:
        return sum(abs(result.figures[f"item.{key}.usd.{h}"].value) for h in horizons)

    rows = result.tables["items"].rows if "items" in result.tables else ()
    moved = [row.key for row in rows if f"item.{row.key}.usd.{horizons[-1]}" in result.figures]
    return tuple(sorted(moved, key=size, reverse=True)[:count])


def item_name(result: Result, key: str) -> str:
    """An item's name."""
    return result.figures[f"item.{key}.base"].label.split(":")[0]


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
    """One sentence on how far rivals' tariffs make up for home's own in the US market; empty without US sales."""
    if f"exports.diversion.usd.{horizon}" not in result.figures:
        return ""
    gain = result.figures[f"exports.diversion.usd.{horizon}"]
    loss = result.figures[f"exports.direct.usd.{horizon}"]
    home, when = _possessive(with_article(countries.name(result.scenario.home))), _when(horizon).capitalize()
    if abs(gain.value) < NOTHING:
        return f"{when}, no tariff on rivals makes room in the US."
    if gain.value <= 0:
        return f"{when}, tariffs on rivals bring no gain in the US: weaker demand outweighs what buyers switch."
    if loss.value >= 0:
        return f"{when}, nothing is lost in the US to a tariff on {home} goods."
    share = number(gain.value / -loss.value, "share", digits=0)
    return f"{when}, tariffs on rivals make up in the US for {share} % of what the tariff on {home} goods costs."


def decomposition(result: Result) -> str:
    """How losses and gains are told apart, and what that makes of the loss."""
    home = with_article(countries.name(result.scenario.home))
    return (
        f"Tariffs on rivals are counted first, as if {home} alone were spared; the tariff on its own goods comes last, "
        f"on what it would then have sold. So “its own tariff” is what an exemption for {home} alone would be worth."
    )


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


def _lower(label: str) -> str:
    """A label inside a sentence."""
    return label[0].lower() + label[1:] if not label.startswith(("GM", "US ")) else label


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
    most = f" What drives it most: {_lower(drivers[0].label)}." if drivers else ""
    return f"On balance {direction} cars would go from Korea to the US{sign}.{most}"


def opportunity_figures(result: Result, sector: str) -> tuple[str, ...]:
    """Ids of figures at hand on a sector named as an opportunity."""
    wanted = {
        "ship": ("ships",),
        "energy": ("petroleum_products", "batteries"),
        "semiconductor": ("semiconductors",),
    }
    keys: tuple[str, ...] = next((keys for word, keys in wanted.items() if word in sector.lower()), ())
    ids = (f"item.{key}.{part}" for key in keys for part in ("base", "us_base"))
    return tuple(id for id in ids if id in result.figures)


def largest_gains(result: Result, count: int = 5) -> tuple[str, ...]:
    """Keys of the items with the largest gains from rivals' tariffs, at the last horizon."""
    ends = f".diversion_usd.{result.scenario.horizons[-1]}"
    gains = [id for id, figure in result.figures.items() if id.endswith(ends) and figure.value > 0]
    ordered = sorted(gains, key=lambda name: -result.figures[name].value)[:count]
    return tuple(id.removeprefix("item.").removesuffix(ends) for id in ordered)


def reasons() -> tuple[str, ...]:
    """Why figures differ from published ones."""
    from headway.impact import published

    return published.REASONS


def with_article(name: str) -> str:
    """A country's name as it stands in a sentence: "the United States"."""
    return f"the {name}" if name.startswith(_WITH_ARTICLE) else name


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
