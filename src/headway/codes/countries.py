"""Countries and territories, the names that texts call them by, and groups of countries with dated membership."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from headway.codes.tables import day, in_force, parts, rows, unknown
from headway.errors import DataError, UnknownCode

Kind = Literal["name", "alias", "demonym", "metonym"]
Language = Literal["en", "ko"]

AMBIGUOUS: MappingProxyType[str, str] = MappingProxyType(
    {
        "America": "also the continent",
        "Brussels": "read as the European Union, not Belgium",
        "Chad": "also a given name",
        "China": "in lower case, porcelain",
        "Congo": "read as the Republic of the Congo, its short name; the Democratic Republic is DR Congo",
        "Congolese": "of either Congo; read as the Democratic Republic, which trades more",
        "Dominican": "read as the Dominican Republic, not Dominica",
        "English": "also the language",
        "French": "also the language",
        "Georgia": "also a state of the US",
        "Georgian": "also of the US state, or of an architectural style",
        "Georgetown": "also a city in the US",
        "Europe": "also the continent; read as the European Union",
        "European": "also of the continent; read as of the European Union",
        "Guinea": "also part of Guinea-Bissau, Equatorial Guinea and Papua New Guinea: the longest name wins",
        "Guinean": "also part of Bissau-Guinean and others: the longest name wins",
        "Indian": "also of the Indian Ocean",
        "Jersey": "also a garment, and part of New Jersey",
        "Jordan": "also a family name and a given name",
        "Kiwi": "also a fruit and a bird",
        "Korea": "read as South Korea",
        "Korean": "read as South Korean",
        "Lao": "of Laos, also a people",
        "Lima": "also a place in the US",
        "Macedonia": "also a region of Greece",
        "Mexico City": "longest name wins over Mexico",
        "Paris": "also a person's name and the Paris Agreement",
        "Pole": "also a post",
        "Polish": "in lower case, to shine",
        "Rome": "also the Rome Statute",
        "Samoan": "read as Samoa, not American Samoa",
        "San José": "also San Jose in California",
        "St. Martin": "the French part; the Dutch part is Sint Maarten",
        "Tripoli": "also a city in Lebanon",
        "Turkey": "in lower case, poultry",
        "Turk": "also a member of a Turkic people",
        "US": "in lower case, a pronoun",
        "Virgin Islander": "of the US islands, not the British",
        "Washington": "also a state of the US and a person",
        "인도": "also part of 인도네시아: the longest name wins; and delivery, sidewalk",
        "수단": "also a means",
        "가나": "also a verb ending",
        "말리": "also a verb stem",
        "기니": "also part of 적도기니 and 파푸아뉴기니: the longest name wins",
        "조지아": "also a state of the US",
        "이란": "also a particle (called ...)",
        "남극": "the continent",
        "유럽": "also the continent; read as the European Union",
        "타이": "also a necktie, tie",
    }
)
"""Surface forms with more than one meaning, and the reading that the table gives them."""


_OTHER_WORDS_IN_LOWER_CASE = frozenset(
    {"China", "Turkey", "Polish", "Pole", "Poles", "Chad", "Jersey", "Kiwi", "Quad"}
)


@dataclass(frozen=True)
class Country:
    """A country or territory with a code of ISO 3166-1 (and Kosovo as XKX).

    `aliases`, `demonyms` and `metonyms` (a capital or seat that stands for the government) are English, `name_ko`
    and `aliases_ko` Korean; `census_codes` are those of US import statistics, possibly none or several.
    """

    iso3: str
    iso2: str
    name: str
    name_ko: str
    census_codes: tuple[str, ...]
    aliases: tuple[str, ...]
    demonyms: tuple[str, ...]
    metonyms: tuple[str, ...]
    aliases_ko: tuple[str, ...]


@dataclass(frozen=True)
class SurfaceForm:
    """A way to write a country (`code` ISO3) or a group (`code` its key) in a text.

    `exact_case` is True where another capitalisation is another word ("US", "Polish"); `ambiguous` says what
    else the form may mean, empty if nothing.
    """

    text: str
    code: str
    kind: Kind
    language: Language
    exact_case: bool
    ambiguous: str


@dataclass(frozen=True)
class Group:
    """A union, agreement or region of countries; members are dated and asked for with `members`."""

    key: str
    name: str
    name_ko: str
    aliases: tuple[str, ...]
    aliases_ko: tuple[str, ...]
    metonyms: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Membership:
    """That `iso3` belongs to `group` from `since` (None: of old) to `until`, the last day (None: still)."""

    group: str
    iso3: str
    since: dt.date | None
    until: dt.date | None
    source: str


@lru_cache(maxsize=1)
def all_countries() -> tuple[Country, ...]:
    """Every country and territory, by ISO3."""
    columns = ("iso3", "iso2", "name", "name_ko", "census_codes", "aliases", "demonyms", "metonyms", "aliases_ko")
    return tuple(
        Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            name=row["name"],
            name_ko=row["name_ko"],
            census_codes=parts(row["census_codes"]),
            aliases=parts(row["aliases"]),
            demonyms=parts(row["demonyms"]),
            metonyms=parts(row["metonyms"]),
            aliases_ko=parts(row["aliases_ko"]),
        )
        for row in rows("countries.csv", columns)
    )


@lru_cache(maxsize=1)
def _by_iso3() -> dict[str, Country]:
    return {country.iso3: country for country in all_countries()}


def by_iso3(iso3: str) -> Country:
    """The country with this ISO3 code, in capitals; raises UnknownCode."""
    try:
        return _by_iso3()[iso3]
    except KeyError:
        raise unknown("country code", iso3, _by_iso3()) from None


def name(code: str, language: Language = "en") -> str:
    """The name of a country (ISO3) or group (key) in `language`; raises UnknownCode."""
    owner = _groups().get(code) or by_iso3(code)
    return owner.name if language == "en" else owner.name_ko


def _is_exact_case(text: str) -> bool:
    # Upper-case abbreviations and names that are other words in lower case.
    return text.replace(".", "").isupper() or text in {
        "China",
        "Turkey",
        "Polish",
        "Pole",
        "Poles",
        "Chad",
        "Jersey",
    }


def _forms(owner: Country | Group, code: str) -> Iterator[SurfaceForm]:
    spellings: list[tuple[Kind, tuple[str, ...]]] = [
        ("name", (owner.name, owner.name_ko)),
        ("alias", owner.aliases + owner.aliases_ko),
        ("demonym", owner.demonyms if isinstance(owner, Country) else ()),
        ("metonym", owner.metonyms),
    ]
    for kind, texts in spellings:
        for text in texts:
            language: Language = "ko" if any("가" <= letter <= "힣" for letter in text) else "en"
            yield SurfaceForm(text, code, kind, language, _is_exact_case(text), AMBIGUOUS.get(text, ""))


@lru_cache(maxsize=1)
def surface_forms() -> tuple[SurfaceForm, ...]:
    """Every way to write a country in a text, longest first, so that the first match is the best."""
    forms = [form for country in all_countries() for form in _forms(country, country.iso3)]
    return tuple(sorted(forms, key=lambda form: (-len(form.text), form.text)))


@lru_cache(maxsize=1)
def group_surface_forms() -> tuple[SurfaceForm, ...]:
    """Every way to write a group in a text, longest first; metonyms such as Brussels among them."""
    forms = {form.text: form for group in all_groups() for form in _forms(group, group.key)}
    return tuple(sorted(forms.values(), key=lambda form: (-len(form.text), form.text)))


@lru_cache(maxsize=1)
def aliases() -> dict[str, str]:
    """Surface form → ISO3 for names, aliases and demonyms, English and Korean; metonyms and groups apart."""
    return {form.text: form.code for form in surface_forms() if form.kind != "metonym"}


@lru_cache(maxsize=1)
def metonyms() -> dict[str, str]:
    """Capital or seat → the ISO3, or the group, whose government it stands for (Seoul → KOR, Brussels → EUU)."""
    forms = (*surface_forms(), *group_surface_forms())
    return {form.text: form.code for form in forms if form.kind == "metonym"}


@lru_cache(maxsize=1)
def group_aliases() -> dict[str, str]:
    """Surface form → group key, English and Korean; metonyms apart."""
    return {form.text: form.code for form in group_surface_forms() if form.kind != "metonym"}


@lru_cache(maxsize=1)
def headline_forms() -> dict[str, tuple[str, ...]]:
    """Short forms of Korean headlines → codes (ISO3, or EUU), in order: 美 → USA, 한미 → KOR and USA, 대중 → CHN.

    One syllable of Hangul is not among them, nor is 북미 (North America, or North Korea and the US).
    """
    return {row["form"]: parts(row["iso3"]) for row in rows("headline_forms.csv", ("form", "iso3"))}


def _fold(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


@lru_cache(maxsize=1)
def _folded() -> dict[str, str]:
    table = {_fold(text): iso3 for text, iso3 in metonyms().items() if iso3 in _by_iso3()}
    table |= {_fold(text): iso3 for text, iso3 in aliases().items()}
    table |= {_fold(country.iso2): country.iso3 for country in all_countries()}
    # Codes come last: a three-letter code always means itself.
    return table | {_fold(country.iso3): country.iso3 for country in all_countries()}


def lookup(text: str) -> Country:
    """The country meant by an ISO3 or ISO2 code, name, alias, demonym, capital or Korean name, in any case.

    Raises UnknownCode with the nearest names.
    """
    iso3 = _folded().get(_fold(text)) or _folded().get(_fold(text).removeprefix("the "))
    if iso3 is None:
        if _fold(text) in _folded_groups():
            raise UnknownCode(f"{text!r} is a group of countries.", "Ask for its members with countries.members.")
        raise unknown("country", text, (*aliases(), *_by_iso3()))
    return _by_iso3()[iso3]


@lru_cache(maxsize=1)
def _by_census_code() -> dict[str, str]:
    return {code: country.iso3 for country in all_countries() for code in country.census_codes}


def by_census_code(code: str | int) -> str:
    """The ISO3 of a four-digit country code of the US Census Bureau (5800 → KOR); raises UnknownCode."""
    digits = str(code).zfill(4)
    try:
        return _by_census_code()[digits]
    except KeyError:
        raise unknown("Census country code", digits, _by_census_code()) from None


@lru_cache(maxsize=1)
def all_groups() -> tuple[Group, ...]:
    """Every group of countries that the tables know."""
    columns = ("group", "name", "name_ko", "aliases", "aliases_ko", "metonyms", "note")
    return tuple(
        Group(
            row["group"],
            row["name"],
            row["name_ko"],
            parts(row["aliases"]),
            parts(row["aliases_ko"]),
            parts(row["metonyms"]),
            row["note"],
        )
        for row in rows("groups.csv", columns)
    )


@lru_cache(maxsize=1)
def _groups() -> dict[str, Group]:
    return {group.key: group for group in all_groups()}


@lru_cache(maxsize=1)
def memberships() -> tuple[Membership, ...]:
    """Every dated membership of a country in a group, with its source."""
    columns = ("group", "iso3", "since", "until", "source")
    return tuple(
        Membership(row["group"], row["iso3"], day(row["since"]), day(row["until"]), row["source"])
        for row in rows("group_members.csv", columns)
    )


@lru_cache(maxsize=1)
def _folded_groups() -> dict[str, str]:
    return {_fold(form.text): form.code for form in group_surface_forms()} | {_fold(key): key for key in _groups()}


def group(text: str) -> Group:
    """The group meant by a key, name, alias or seat, in any case; raises UnknownCode."""
    key = _folded_groups().get(_fold(text)) or _folded_groups().get(_fold(text).removeprefix("the "))
    if key is None:
        raise unknown("group of countries", text, (*_groups(), *group_aliases()))
    return _groups()[key]


def members(group_name: str, on: dt.date | None = None) -> tuple[str, ...]:
    """ISO3 codes of a group's members on a day, sorted; without a day, those with no end in the table.

    Raises UnknownCode for an unknown group and DataError where it had no member on that day.
    """
    key = group(group_name).key
    found = sorted({m.iso3 for m in memberships() if m.group == key and in_force(on, m.since, m.until)})
    if not found:
        when = "today" if on is None else f"on {on}"
        raise DataError(f"{key} has no member {when}.", "Give a day on which the group existed.")
    return tuple(found)
