"""Whose measure it is: the grammatical subject, a possessive, an agent, else whoever the text was speaking "
"of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.reading import partners
from headway.reading.details import is_target
from headway.reading.partners import Mention
from headway.reading.scene import Scene

AGENT = re.compile(r"\bby\s+(?:the\s+)?(?:\w+\s)?$", re.IGNORECASE)
OWN = re.compile(r"^(?:['’]s?\b|['’](?=\s))")
INSTITUTION = re.compile(
    r"\b(?:the (?:President|Administration|Proclamation|Order|Secretary|executive order)|this (?:order|"
    r"proclamation)|Commerce\b)",
    re.IGNORECASE,
)
PASSIVE_SUBJECT = re.compile(
    r"\b(?:fac(?:e|es|ed|ing)|pay(?:s|ing)?|hit with|(?:be |is |are |been )?subject(?:ed)? to|be (?:charged|"
    r"hit|taxed)|incur|"
    r"attract|see|receive[sd]?)\b",
    re.IGNORECASE,
)
RETALIATES = re.compile(
    r"\b(?:retaliat\w+|countermeasures?|counter-?tariffs?|hit(?:s|ting)? back|strik(?:e|es|ing) back|"
    r"respond\w*)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Imposer:
    """The imposing government and how it was found."""

    code: str | None
    how: str
    mention: Mention | None = None


def find(scene: Scene, start: int, head: int, end: int, earlier: str | None) -> Imposer:
    """The imposer of the instrument whose noun phrase is [start, head) and whose clause ends at `end`.

    `earlier` is the government that the text was last speaking of.
    """
    owner = _owner(scene, start, head)
    if owner:
        return Imposer(_one(owner), "owner", owner)
    agent = next(
        (m for m in scene.mentions if head <= m.start < end and AGENT.search(scene.text[: m.start])), None
    )
    if agent:
        return Imposer(_one(agent), "agent", agent)
    subject = _subject(scene, start)
    if subject:
        return Imposer(_one(subject), "subject", subject)
    if INSTITUTION.search(scene.text[:start]) and scene.context.host:
        return Imposer(scene.context.host, "institution")
    if earlier:
        return Imposer(earlier, "discourse")
    return Imposer(scene.context.host or scene.context.home, "document")


def _one(mention: Mention) -> str:
    return partners.members(mention.code)[0]


def _owner(scene: Scene, start: int, head: int) -> Mention | None:
    """A government inside the noun phrase, as owner: "U.S. tariffs", "China's 34% tariff"."""
    for mention in scene.mentions:
        if start <= mention.start < head and mention.end <= head:
            possessive = OWN.match(scene.text[mention.end :])
            if (
                possessive
                or mention.kind in ("demonym", "leader", "group")
                or scene.text[mention.start : mention.end] in ("U.S.", "US")
            ):
                return mention
    return None


def _subject(scene: Scene, start: int) -> Mention | None:
    """The last government before the noun phrase that acts rather than is acted upon."""
    if PASSIVE_SUBJECT.search(scene.text[max(0, start - 60) : start]):
        return None
    for mention in reversed(scene.mentions):
        if mention.end > start or mention.code in partners.NOT_PARTNERS:
            continue
        between = scene.text[mention.end : start]
        if is_target(scene, mention) or _modifies_a_thing(scene, mention, between):
            continue
        return mention
    return None


def _modifies_a_thing(scene: Scene, mention: Mention, between: str) -> bool:
    if mention.kind in ("leader", "office", "metonym"):
        return bool(re.search(r"\bunder\s+(?:\w+\s){0,3}$", scene.text[: mention.start]))
    if mention.kind == "demonym":
        return not re.match(
            r"\s+(?:government|President|officials?|Ministry|ministry|administration|authorities|Commerce|"
            r"trade)",
            between,
        )
    return bool(OWN.match(between)) and not re.match(
        r"['’]s?\s+(?:government|ministry|\w+ ministry|commission|parliament|congress|president|"
        r"prime minister|cabinet|\w+ minister|commerce|finance|customs)",
        between,
        re.I,
    )


def acting(scene: Scene) -> str | None:
    """The government that a sentence speaks of as acting, to be remembered for the next one."""
    for mention in scene.mentions:
        if mention.code in partners.NOT_PARTNERS or is_target(scene, mention):
            continue
        if mention.kind in ("leader", "office", "metonym"):
            return _one(mention)
        if mention.kind in ("name", "group") and not OWN.match(scene.text[mention.end :]):
            return _one(mention)
    return None
