"""A sentence with all that the rules need to judge it: names, figures, days, its header and its place in the "
"text."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from headway.reading import dates, numbers, partners
from headway.reading.lexicon import words
from headway.reading.passage import Line, Passage, Sentence

ACT = (
    r"(?:Proclamations?|Executive Orders?|Presidential Memorand(?:um|a)|Memorand(?:um|a)|order|decree|bill|law|"
    r"legislation)"
)
SIGNS = re.compile(
    rf"\b(?:signed|signs|issued|issues|is issuing|is signing|will sign)\b[^.]{{0,40}}?\b(?:an?|the|two|new|"
    rf"several)?\s*(?:new\s+)?{ACT}\b",
    re.IGNORECASE,
)
DIRECTS = re.compile(r"\b(?:is directing|directed|directs|is ordering|ordered)\b[^.]{0,80}\bto\b", re.IGNORECASE)
THE_ACT = re.compile(
    r"\b(?:The|This|Today’s) (?:Proclamation|Executive Order|Order|proclamation|orders?)\b(?! of)"
)
ORDER_TEXT = re.compile(
    r"\bit is hereby ordered\b|\bNOW, THEREFORE, I\b|\bdo(?:es)? hereby (?:proclaim|order)\b", re.IGNORECASE
)
TODAY = re.compile(r"\b(?:today|yesterday|now|this (?:morning|afternoon|evening))\b", re.IGNORECASE)
PAST_SECTION = re.compile(
    r"^[^:]{0,120}?\b(?:building (?:up)?on|record of|past (?:success|actions?)|previous|background|track "
    r"record|prior actions?)\b[^:]*:|"
    r"\bbuilds (?:up)?on (?:the )?previous\b|:\s*(?:Since Day One|In (?:his|her) first term|Earlier this "
    r"year)\b",
    re.IGNORECASE,
)
PAST_OPENING = re.compile(
    r"^\W*(?:In (?:his|her|their|its) (?:first|previous) term|During (?:his|her) first term|Earlier this "
    r"(?:year|month|week)|"
    r"Last (?:year|month|week)|In (?:\w+ )?(?:19|20)\d\d,|On Day One|Since |Just last (?:week|month)|"
    r"Previously|"
    r"In (?:January|February|March|April|May|June|July|August|September|October|November|December),|Throughout "
    r")",
    re.IGNORECASE,
)
STATUTE = re.compile(
    r"\b[Ss]ection \d{3}\b|\bInternational Emergency Economic Powers Act(?: \(IEEPA\))?|\bIEEPA\b"
)
AGREEMENT = re.compile(
    r"\b(?:joint (?:statement|fact sheet)|agreement|framework|deal with|trade deal|historic deal|secures? a "
    r"deal|memorandum of "
    r"understanding)\b",
    re.IGNORECASE,
)

INNER_DOT = re.compile(
    r"\.(?=\S)(?![\"”’)\]])|(?<=\b[A-Z])\.(?!$)|(?<=\b(?:Mr|Ms|Dr|No|St|vs))\.(?!$)|(?<=\bMrs)\.(?!$)"
)
HANGUL = re.compile(r"[가-힣]")
DATELINE = re.compile(r"^(?P<city>[A-Z][A-Z. ]{2,24}?)(?:,| ?\(| ?[-–—])")
MASK = "․"


@dataclass(frozen=True)
class Context:
    """What holds for the whole text: `host` publishes it, `home` is the government it speaks for, `topic` the
    partners in its title, `act` is True if a legal act of the day is its subject (told in section `act_section`),
    `agreement` if a deal is."""

    passage: Passage
    anchor: dt.date
    host: str | None
    home: str | None
    topic: tuple[str, ...]
    act: bool
    act_section: int
    agreement: bool
    basis: str | None
    other: str | None


@dataclass(frozen=True, eq=False)
class Scene:
    """One sentence in its context; offsets of mentions, figures and days count from the sentence's start.

    Scenes are told apart by identity, so that what is worked out for one can be kept for it.
    """

    sentence: Sentence
    context: Context
    line: Line
    header: Sentence | None
    background: bool

    @property
    def text(self) -> str:
        """The sentence's own words."""
        return self.sentence.text

    @cached_property
    def korean(self) -> bool:
        """True if the sentence is in Korean."""
        return len(HANGUL.findall(self.text)) > 0.2 * len(self.text)

    @property
    def current(self) -> bool:
        """True if the sentence tells of the day's act, not of what went before."""
        told = (
            self.line.section <= self.context.act_section or TODAY.search(self.text) or THE_ACT.search(self.text)
        )
        return bool(told) and not self.background

    @cached_property
    def flat(self) -> str:
        """The words with every dot that ends no sentence masked, so that patterns can stop at full stops."""
        return INNER_DOT.sub(MASK, self.text)

    @cached_property
    def mentions(self) -> tuple[partners.Mention, ...]:
        """Countries, groups and governments named in the sentence."""
        return partners.mentions(self.text)

    @cached_property
    def percents(self) -> tuple[numbers.Percent, ...]:
        """Percentages of the sentence."""
        return numbers.percents(self.text)

    @cached_property
    def amounts(self) -> tuple[numbers.Money, ...]:
        """Amounts of money of the sentence."""
        return numbers.amounts(self.text)

    @cached_property
    def days(self) -> tuple[dates.Day, ...]:
        """Days named in the sentence."""
        return dates.days(self.text, self.context.anchor)


def survey(passage: Passage, anchor: dt.date) -> Context:
    """Read off the text as a whole: who publishes, for whom it speaks, what its title is about."""
    source = next((line.text for line in passage.lines if line.kind == "source"), None)
    host = partners.host_government(source)
    title = passage.title.text if passage.title else ""
    lead = (
        title + "\n" + "\n".join(line.text for line in passage.lines if line.kind not in ("source", "title"))[:900]
    )
    home = host or _home(passage)
    named = partners.names(title)
    kinds = ("name", "demonym", "group", "leader")
    topic = tuple(
        dict.fromkeys(
            m.code for m in named if m.code != home and m.kind in kinds and m.code not in partners.AGREEMENTS
        )
    )
    signed = SIGNS.search(lead)
    act = bool(
        ORDER_TEXT.search(passage.source)
        or (signed and TODAY.search(lead[: signed.end()]))
        or (TODAY.search(lead) and DIRECTS.search(lead))
        or (host and THE_ACT.search(passage.source[:4000]))
    )
    agreement = bool(AGREEMENT.search(title)) or bool(
        re.search(r"\bjoint statement\b|합의|공동", title, re.IGNORECASE)
    )
    return Context(
        passage,
        anchor,
        host,
        home,
        topic,
        act,
        _act_section(passage),
        agreement,
        _basis(passage),
        _other(passage, home),
    )


def _act_section(passage: Passage) -> int:
    """The section that tells of the day's act: the first whose lines say today or sign."""
    for line in passage.lines:
        if line.kind not in ("source", "title") and (TODAY.search(line.text) or SIGNS.search(line.text)):
            return line.section
    return 0


def _basis(passage: Passage) -> str | None:
    """The first statute or order that the text of an act names outside its looks back."""
    past = _past_sections(passage)
    lines = (line.text for line in passage.lines if line.kind != "source" and line.section not in past)
    return next((match.group(0) for text in lines if (match := STATUTE.search(text))), None)


def _other(passage: Passage, home: str | None) -> str | None:
    """The government other than `home` that the text names most."""
    counts = Counter(m.code for m in partners.mentions(passage.source) if m.kind != "agreement" and m.code != home)
    return counts.most_common(1)[0][0] if counts else None


def _home(passage: Passage) -> str | None:
    """The government at the place of the dateline, else the country of the wire, else the government whose seat or
    offices are named most."""
    first = next((line.text for line in passage.lines if line.kind in ("paragraph", "lead_in")), "")
    place = DATELINE.match(first)
    seat = next(iter(partners.names(place.group("city").title())), None) if place else None
    if seat is not None and seat.kind == "metonym":
        return partners.members(seat.code)[0]
    wire = next((code for name, code in words().wires.items() if name in passage.source), None)
    if wire:
        return wire
    if len(HANGUL.findall(passage.source)) > 0.2 * len(passage.source):
        return "KOR"
    counts = Counter(
        m.code
        for m in partners.mentions(passage.source)
        if m.kind in ("leader", "office", "metonym") and m.code not in partners.NOT_PARTNERS
    )
    return counts.most_common(1)[0][0] if counts else None


def scenes(context: Context) -> tuple[Scene, ...]:
    """Every sentence of the text in its context."""
    passage = context.passage
    past_sections = _past_sections(passage)
    found = []
    for sentence in passage.sentences:
        line = passage.lines[sentence.line]
        header = (
            passage.of_line(line.header)[-1] if line.header is not None and passage.of_line(line.header) else None
        )
        past = line.section in past_sections or bool(PAST_OPENING.search(sentence.text))
        found.append(Scene(sentence, context, line, header, past))
    return tuple(found)


def _past_sections(passage: Passage) -> frozenset[int]:
    """Sections whose heading line looks back: `BUILDING ON PAST SUCCESS: ...`."""
    past = set()
    seen: set[int] = set()
    for line in passage.lines:
        if line.section in seen or line.kind == "source":
            continue
        seen.add(line.section)
        opening = line.text[:400]
        if line.section > 0 and PAST_SECTION.search(opening) and not SIGNS.search(opening):
            past.add(line.section)
    return frozenset(past)
