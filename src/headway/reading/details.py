"""Details beside a measure: dates, conditions, legal basis, who imposes, whom it hits, who is affected."""

from __future__ import annotations

import datetime as dt
import re

from headway.reading import dates, partners
from headway.reading.partners import Mention
from headway.reading.scene import Scene

EFFECTIVE = re.compile(
    r"\b(?:effective|starting|beginning|start(?:s|ing)?|begin(?:s|ning)?|as of|from|tak(?:e|es|ing) effect|"
    r"took effect|kick(?:s|ed)? in|"
    r"(?:come|came|go|goes|went|enter|entered) into (?:effect|force)|on and after|(?:imposed|issued|applied|"
    r"collected|raised|apply|follow|levied) on)"
    r"[^.;]{0,24}$",
    re.IGNORECASE,
)
PAST_EFFECT = re.compile(r"(?:took|went|came|entered|imposed|issued|applied|raised|levied)\b", re.IGNORECASE)
OPENING_DAY = re.compile(r"^\W*On (?:\w+day, )?$")
ENDING = re.compile(
    r"\b(?:until|through|expire[sd]?(?: on)?|last(?:s|ing)? until|end(?:s|ing)? on|to end)\b[^.;,]{0,12}$",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"\b[Ss]ections? \d{3}\b(?:\(?[a-z]?\)?)|\bSection 122\b|\bExecutive Orders? \d{5}\b|\bProclamations? "
    r"\d{4,5}\b|"
    r"\bInternational Emergency Economic Powers Act(?: \(IEEPA\))?|\bIEEPA\b|\bDefense Production Act\b|"
    r"\bTrade Expansion Act(?: of 1962)?|\bTrade Act of 1974\b|\bexecutive order\b|\bExecutive Order\b(?! \d)|"
    r"\b232 (?=tariffs?\b|actions?\b)|"
    r"\bAnti-Coercion Instrument\b|\bRegulation \(EU\) \d{4}/\d+|무역확장법 232조|무역법 (?:122|201|301|"
    r"338)조|국제비상경제권한법|"
    r"\d{3}조"
)
CONDITION = re.compile(
    r"\b(?:unless|if|until such time as|provided that|as long as|once|subject to|depending on|"
    r"pending)\b[^.;]{6,160}",
    re.IGNORECASE,
)
AFFECTS = re.compile(
    r"\b(?:affect(?:s|ing)?|hit(?:s|ting)?|hurt(?:s|ing)?|harm(?:s|ing)?|impact(?:s|ing)?|weigh(?:s|ing)? on|"
    r"deal a blow to|damag(?:e|es|ing)|"
    r"be (?:a )?(?:blow|burden) (?:to|for|on)|squeez(?:e|es|ing)|threaten(?:s|ing)?)\s+(?:the\s+)?",
    re.IGNORECASE,
)
INDUSTRY = re.compile(
    r"(?:[a-z]+[ -]){0,2}?(?:carmakers?|automakers?|exporters?|manufacturers?|producers?|steelmakers?|"
    r"chipmakers?|shipbuilders?|farmers?|"
    r"companies|firms|industr(?:y|ies)|suppliers?|makers?|exports?)\b"
)
GROUP_WORDS = re.compile(
    r"\b(?:trade deal (?:countries|partners)|(?<!with )(?:aligned|trading|trade) partners|countries(?= "
    r"(?:will|would|are|face|that))|countries that [^.,;]{4,60}|"
    r"many countries|"
    r"some countries|other countries|certain countries|dozens of countries|developing countries|unfriendly "
    r"countries)\b",
)


def effective_day(scene: Scene, start: int, end: int) -> dt.date | None:
    """The day a measure takes effect, named within [start, end) of the sentence."""
    for day in scene.days:
        before = scene.text[max(0, day.start - 40) : day.start]
        found = EFFECTIVE.search(before)
        if start <= day.start <= end and found and not ENDING.search(before):
            return (
                day.date
                if day.full or PAST_EFFECT.match(found.group())
                else _ahead(day.date, scene.context.anchor)
            )
        if OPENING_DAY.match(before) and day.start < 24 and day.date <= scene.context.anchor:
            return day.date
    return None


def _ahead(day: dt.date, anchor: dt.date) -> dt.date:
    """A day without a year that lies well behind is that of the next year: effects are announced before they come."""
    if (anchor - day).days < 60:
        return day
    later = dates.nearest(day.month, day.day, day + dt.timedelta(days=365))
    return later or day


def end_day(scene: Scene, start: int, end: int) -> dt.date | None:
    """The last day of a measure, named within [start, end) of the sentence."""
    found = None
    for day in scene.days:
        before = scene.text[max(0, day.start - 30) : day.start]
        if start <= day.start <= end and ENDING.search(before):
            found = day.date
    return found


def legal_basis(text: str) -> str | None:
    """The statutes, orders and proclamations that a stretch names, each once."""
    found = []
    for match in LEGAL.finditer(text):
        name = match.group().strip()
        name = f"Section {name.split()[0]}" if re.fullmatch(r"232 ?", match.group()) else name
        found.append(re.sub(r"^s(?=ections? )", "S", name))
    return "; ".join(dict.fromkeys(found)) or None


def basis(scene: Scene, text: str, stage: str) -> str | None:
    """The legal basis named in a stretch, in the header above it, else that of the text's own act."""
    header = legal_basis(scene.header.text) if scene.header is not None else None
    own = scene.context.basis if scene.current and stage in ("ordered", "in_force") else None
    return legal_basis(text) or header or own


def conditions(text: str) -> tuple[str, ...]:
    """Clauses that say on what a measure depends."""
    return tuple(match.group().strip(" ,") for match in CONDITION.finditer(text))


def affected(scene: Scene, start: int) -> tuple[tuple[str | None, str | None], ...]:
    """Countries and industries that the text says would be hurt, without being targeted."""
    found: list[tuple[str | None, str | None]] = []
    for verb in AFFECTS.finditer(scene.text, start):
        for mention in scene.mentions:
            industry = (
                INDUSTRY.match(scene.text[mention.end :].lstrip(" ’'s")) if mention.start >= verb.end() else None
            )
            if industry and mention.start - verb.end() < 40:
                found.append((mention.code, industry.group()))
    return tuple(dict.fromkeys(found))


def target_group(text: str) -> str | None:
    """A group of countries that the text describes without naming them."""
    match = GROUP_WORDS.search(text)
    return match.group() if match else None


def codes(found: list[Mention]) -> tuple[str, ...]:
    """ISO3 codes of mentions in order, groups spelled out, each once."""
    spread = [code for mention in found for code in partners.members(mention.code)]
    return tuple(dict.fromkeys(spread))


def universal(text: str) -> bool:
    """True if the words reach every country."""
    return partners.is_universal(text)
