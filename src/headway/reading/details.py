"""Details beside a measure: dates, conditions, legal basis, who imposes, whom it hits, who is affected."""

from __future__ import annotations

import datetime as dt
import re

from headway.policy import UNIVERSAL
from headway.reading import partners
from headway.reading.partners import Mention
from headway.reading.scene import Scene

EFFECTIVE = re.compile(
    r"\b(?:effective|starting|beginning|start(?:s|ing)?|begin(?:s|ning)?|as of|from|tak(?:e|es|ing) effect|"
    r"took effect|"
    r"(?:come|came|go|goes|went|enter|entered) into (?:effect|force)|(?:will|to) (?:be (?:imposed|applied|"
    r"collected|raised)|apply|kick in)|"
    r"on|on and after)\b[^.;]{0,24}$",
    re.IGNORECASE,
)
ENDING = re.compile(
    r"\b(?:until|through|expire[sd]?(?: on)?|last(?:s|ing)? until|end(?:s|ing)? on|to end|by)\b[^.;,]{0,12}$",
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
    r"\b(?:trade deal (?:countries|partners)|(?:aligned|trading|trade) partners|countries that [^.,;]{4,60}|"
    r"many countries|"
    r"some countries|other countries|certain countries|dozens of countries|developing countries|unfriendly "
    r"countries)\b",
    re.IGNORECASE,
)
SUBJECT_BREAK = re.compile(
    r"\b(?:on|from|against|with|of|to|in|into|between|for|toward|towards|over|at|and goods|"
    r"targeting)\s+(?:the\s+|all\s+|other\s+)?$",
    re.IGNORECASE,
)
GOODS_AFTER = re.compile(
    r"^(?:['’]s?)?\s+(?:\w+[ -]){0,4}?(?:goods|imports?|products?|exports?|cars|vehicles|steel|origin|"
    r"shipments|automobiles|"
    r"automakers|carmakers|companies|manufacturers|farmers|wine|markets?)\b"
)


def effective_day(scene: Scene, start: int, end: int) -> dt.date | None:
    """The day a measure takes effect, named within [start, end) of the sentence."""
    for day in scene.days:
        before = scene.text[max(0, day.start - 40) : day.start]
        if start <= day.start <= end and EFFECTIVE.search(before + " ") and not ENDING.search(before):
            return day.date
    return None


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


def is_target(scene: Scene, mention: Mention) -> bool:
    """True if a named partner stands where the exporters hit stand: after on, from, against; before goods."""
    text = scene.text
    before, after = text[max(0, mention.start - 24) : mention.start], text[mention.end : mention.end + 48]
    if mention.kind in ("leader", "office", "metonym"):
        return False
    if GOODS_AFTER.match(after) and not re.match(r"^['’]s\s+(?:tariffs?|dut)", after):
        return True
    return bool(SUBJECT_BREAK.search(before))


def codes(found: list[Mention]) -> tuple[str, ...]:
    """ISO3 codes of mentions in order, groups spelled out, each once."""
    spread = [code for mention in found for code in partners.members(mention.code)]
    return tuple(dict.fromkeys(spread))


def universal(text: str) -> bool:
    """True if the words reach every country."""
    return partners.is_universal(text)


def everyone() -> tuple[str, ...]:
    """The partners of a measure that hits every country."""
    return (UNIVERSAL,)
