"""Countries, groups and governments named in a text, and what kind of name each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from headway.codes import countries
from headway.policy import UNIVERSAL
from headway.reading.lexicon import words
from headway.reading.phrases import Phrase, Vocabulary

MentionKind = Literal["name", "demonym", "metonym", "group", "agreement", "leader", "office"]

EVERYWHERE = re.compile(
    r"\b(?:all|every|any|other|most) (?:other )?(?:countr(?:y|ies)|nations?|(?:U\.?S\.? )?trading partners?|"
    r"partners?|"
    r"imports?|imported goods|foreign (?:goods|countries|imports|nations))\b|\b(?:universal|blanket|"
    r"across-the-board|global)"
    r"\b(?= (?:\w+ ){0,3}?(?:tariffs?|dut|lev|rate|\d))|"
    r"\b(?:all|every|any) (?:goods|products|articles) (?:coming into|entering|imported into)\b|"
    r"\b(?:articles|goods) imported into\b|\bthe (?:rest of the )?world\b|\bregardless of (?:their )?origin\b|"
    r"\bfor all countries\b",
    re.IGNORECASE,
)
KOREAN_EVERYWHERE = re.compile(
    r"모든 (?:수입품|국가|나라|품목|교역국|무역상대국)|전\s?세계|보편\s?(?:적\s?)?관세|모든 수입|전 국가"
)
HANGUL = re.compile(r"[가-힣]")
AMBIGUOUS_KOREAN = frozenset(text for text in countries.AMBIGUOUS if re.fullmatch(r"[가-힣]+", text))
GROUP_AS_ONE = frozenset({"EUU"})
AGREEMENTS = frozenset({"USMCA", "NAFTA", "CPTPP", "RCEP", "CAFTA_DR"})
COMPOUND = re.compile(r"^\s?[-–/](?=[A-Z])")
NAME_OF = re.compile(
    r"^(?:['’]s)?\s(?:Air|Airlines|Motors?|Steel|Zinc|Strait|War|First\b|Free Trade|FTA|Trade Agreement|"
    r"Bilateral|Alliance|Agreement|"
    r"Peninsula|Forces|Strategic|Economic Prosperity|[Bb]order|Chamber|International Trade Association|and "
    r"Investment)\b"
)
NOT_PARTNERS = frozenset({"OECD", "OPEC", "G7", "G20", "APEC", "QUAD"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A partner named at [start, end): ISO3 or group key `code` and the kind of name."""

    code: str
    kind: MentionKind
    start: int
    end: int


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary[tuple[str, MentionKind]]:
    return Vocabulary(_phrases())


def _phrases() -> Iterator[Phrase[tuple[str, MentionKind]]]:
    for name, code in words().leaders.items():
        yield Phrase(name, (code, "leader"))
    for name, code in words().offices.items():
        yield Phrase(name, (code, "office"))
    for name, code in words().extra_forms.items():
        yield Phrase(name, (code, "demonym" if name.endswith(("ese", "ean", "산")) else "name"))
    for form in (*countries.surface_forms(), *countries.group_surface_forms()):
        group = form.code in {one.key for one in countries.all_groups()}
        kind_of: MentionKind = (
            "metonym" if form.kind == "metonym" else "demonym" if form.kind == "demonym" else "name"
        )
        if group and kind_of == "name":
            kind_of = "group"
        if form.language == "ko" and len(form.text) == 1:
            continue
        yield Phrase(form.text.removeprefix("the "), (form.code, kind_of), form.exact_case)


def names(text: str) -> tuple[Mention, ...]:
    """Every country and group whose name occurs, in other names and in pairs such as U.S.-Korea too."""
    return tuple(Mention(*hit.value, hit.start, hit.end) for hit in _vocabulary().scan(text))


def mentions(text: str) -> tuple[Mention, ...]:
    """Every country, group, leader and office named in a text, in order."""
    hits = _vocabulary().scan(text)
    found = []
    for hit in hits:
        if not _is_other_name(text, hit.start, hit.end):
            code, kind = hit.value
            found.append(Mention(code, "agreement" if code in AGREEMENTS else kind, hit.start, hit.end))
    return tuple(found)


def _is_other_name(text: str, start: int, end: int) -> bool:
    """True where the name is part of another name: an agreement, a firm, a slogan, a pair such as U.S.-Korea."""
    after = text[end : end + 40]
    if HANGUL.search(text[start:end]):
        return _is_other_word(text, start, end)
    if text[start:end] in ("Washington",) and re.match(r" (?:state|Post)\b", after):
        return True
    pair = COMPOUND.match(after) or re.search(r"[A-Z.]\s?[-–/]$", text[max(0, start - 3) : start])
    owned = after[:1] in "'’" and re.match(r"['’]s (?:First|Golden)", after)
    return bool(NAME_OF.match(after) or pair or owned)


def _is_other_word(text: str, start: int, end: int) -> bool:
    """True where Hangul letters of a name are part of another word: what stands beside must be a particle or a gap."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if HANGUL.match(before) and before not in "대주한미":
        return True
    short = end - start <= 2 and text[start:end] in AMBIGUOUS_KOREAN
    return short and bool(HANGUL.match(after)) and after not in "은는이가을를의와과도에로산"


def members(code: str) -> tuple[str, ...]:
    """The ISO3 codes that a mention stands for; the EU stays one partner."""
    if code in GROUP_AS_ONE or code == UNIVERSAL or code not in {group.key for group in countries.all_groups()}:
        return (code,)
    return countries.members(code)


def is_universal(text: str) -> bool:
    """True if the words reach imports from every country."""
    return bool(EVERYWHERE.search(text) or KOREAN_EVERYWHERE.search(text))


def host_government(source_line: str | None) -> str | None:
    """The government that publishes at the address in the `SOURCE:` line, if it is one."""
    if not source_line:
        return None
    host = re.search(r"https?://([^/\s]+)", source_line)
    if not host:
        return None
    name = host.group(1).lower()
    return next(
        (code for domain, code in words().hosts.items() if name == domain or name.endswith("." + domain)), None
    )
