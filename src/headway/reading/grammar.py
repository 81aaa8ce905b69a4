"""Who acts in a sentence and who is acted upon, from the words beside a name."""

from __future__ import annotations

import re
from functools import lru_cache

from headway.reading import partners
from headway.reading.lexicon import any_of
from headway.reading.partners import Mention
from headway.reading.scene import Scene

VERBS = (
    "restrict",
    "ease",
    "keep",
    "suspend",
    "review",
    "threat",
    "pledge",
    "announce",
    "say",
    "past_act",
    "future",
)
MORE_VERBS = (
    r"is|are|was|were|has|have|had|must|can|did|does|do|used|acted|took|made|directed|directs|want\w*|bans?|"
    r"banned|bans|sent|told|asked|runs?|ran|"
    r"recogniz\w+|welcom\w+|address\w*|provid\w+|accept\w*|grant\w*|refrain\w*|ensur\w+|goes|go|went|"
    r"proceed\w*|follow\w*|appealed|restrict\w*|"
    r"pays?"
)
TITLES = (
    r"government|ministry|minister|officials?|president(?:-elect)?|premier|administration|commission|council|"
    r"parliament|"
    r"authorities|prime|trade|commerce|"
    r"finance|foreign|industry|state|leaders?|negotiators?|chief|spokes\w+|central bank|regulators?|customs|"
    r"companies|firms|side|'s|’s"
)
FACING = re.compile(
    r"^\s*(?:(?:will|would|could|may|might|now|also|currently|already|to|goods|imports|products|exports) )*"
    r"(?:fac(?:e|es|ed|ing)|pay(?:s|ing)?|(?:have |has )?paid|incur\w*|bear\w*|(?:(?:will|would|is|are|was|"
    r"were|has|have|had|be|"
    r"been|also) )+"
    r"(?:fac(?:e|ed|ing)|hit with|subject(?:ed)? to|slapped with|charged|taxed|notified|informed|told|"
    r"receiv\w+))\b",
    re.IGNORECASE,
)
BEFORE_OBJECT = re.compile(
    r"\b(?:on|from|against|of|for|targeting|toward|towards|hitting|including|charg(?:e|es|ed|ing)|slap\w*|hit|"
    r"hits)\s+(?:(?:the|all|other|both|certain|any|mainland|countries like|"
    r"countries including|goods from)\s+)*$",
    re.IGNORECASE,
)
BEFORE_OTHER = re.compile(
    r"\b(?:with|to|in|into|between|at|over|than|as|by|through|among|within|under|via)\s+(?:(?:the|all|other|"
    r"both)\s+)*$",
    re.IGNORECASE,
)
NOT_OF_GOODS = re.compile(
    r"\b(?:government|president|people|flow|republic|kingdom|behalf|leaders?|representatives|role|shift|"
    r"market|rest|most|side)s? of (?:the )?$",
    re.I,
)
GOODS = re.compile(
    r"^(?:['’]s?)?[- ](?:(?!(?:will|would|has|have|is|are|was|were|to|in|on|from|and|that|which|for|by|"
    r"with)\b)[\w-]+[ -]){0,3}?"
    r"(?:goods|imports?|products?|exports?|cars|vehicles|steel|aluminum|origin(?:ating)?|shipments|"
    r"automobiles|autos|automakers|carmakers|companies|"
    r"manufacturers|farmers|wine|spirits|beef|pork|rice|motorcycles|soybeans|whiskey|agricultural|industrial|"
    r"lentils|ethanol|chips|dairy|poultry|made|automotive|standards)\b",
    re.IGNORECASE,
)
OWNED = re.compile(
    r"^(?:['’]s?)?\s(?:\w+\s){0,2}?(?:makers|carmakers|automakers|exporters|producers|manufacturers|companies|"
    r"firms|goods|products|imports|"
    r"exports|cars|vehicles|steel)(?=\s)"
)
JOINED = re.compile(r"^\s*(?:,|and|or|,\s*and|,\s*or|both|as well as|/|&)?\s*(?:the\s+)?$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _tail() -> re.Pattern[str]:
    verbs = "|".join((any_of(*VERBS), MORE_VERBS))
    return re.compile(
        rf"^(?:['’]s?)?(?:\s\([^)]*\))?(?:\s+(?:and|&)\s+(?:the\s+)?[A-Z][\w.]*(?:\s[A-Z][\w.]*)*)?"
        rf"(?:,?\s+(?:{TITLES}|(?-i:[A-Z][\w.’-]+)))*(?:,[^,;]{{3,70}},)?\s+(?:(?:also|now|then|already|"
        rf"recently|\w+ly|later|again|had|has|have|both|"
        rf"therefore|each|still|only|even)\s+)*(?:{verbs})\b",
        re.IGNORECASE,
    )


def acts(scene: Scene, mention: Mention) -> bool:
    """True if the named government is the subject of a verb that it carries out."""
    before, after = scene.text[: mention.start], scene.text[mention.end :]
    if mention.kind == "agreement" or mention.code in partners.NOT_PARTNERS or FACING.match(after):
        return False
    if BEFORE_OBJECT.search(before) or BEFORE_OTHER.search(before):
        return False
    return bool(_tail().match(after))


def faces(scene: Scene, mention: Mention) -> bool:
    """True if the named partner, or its makers or goods, is the subject of facing, paying, being subject to."""
    after = OWNED.sub("", scene.text[mention.end :])
    return bool(FACING.match(after))


def is_hit(scene: Scene, mention: Mention) -> bool:
    """True if the partner stands where the exporters hit stand: after on, from, against; before its goods."""
    if mention.kind in ("leader", "office", "metonym", "agreement"):
        return False
    before, after = scene.text[: mention.start], scene.text[mention.end :]
    if NOT_OF_GOODS.search(before):
        return False
    if GOODS.match(after) and not re.match(r"^['’]s?\s+(?:tariffs?|dut)", after):
        return True
    return bool(BEFORE_OBJECT.search(before))


def hit(scene: Scene, start: int, end: int) -> list[Mention]:
    """Partners hit that are named within [start, end), coordinated ones included."""
    found: list[Mention] = []
    for mention in scene.mentions:
        if not start <= mention.start < end or mention.kind in ("leader", "office", "agreement"):
            continue
        joined = found and JOINED.match(scene.text[found[-1].end : mention.start])
        if is_hit(scene, mention) or (joined and mention.kind != "metonym"):
            found.append(mention)
    return found


def subjects(scene: Scene, before: int) -> list[Mention]:
    """Governments that act in the sentence before a place, in order."""
    return [mention for mention in scene.mentions if mention.end <= before and acts(scene, mention)]


def joint(scene: Scene, mention: Mention) -> list[Mention]:
    """The mention and those coordinated with it: "the United States and Viet Nam"."""
    group = [mention]
    for other in scene.mentions:
        between = scene.text[group[-1].end : other.start] if other.start >= group[-1].end else None
        if between is not None and re.fullmatch(r"\s+and\s+(?:the\s+)?", between):
            group.append(other)
    for other in reversed(scene.mentions):
        between = scene.text[other.end : group[0].start] if other.end <= group[0].start else None
        if between is not None and re.fullmatch(r"\s+and\s+(?:the\s+)?", between):
            group.insert(0, other)
    return group
