"""Whose measure it is: an owner, an agent, the grammatical subject, else whoever the text was speaking of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.reading import grammar, partners
from headway.reading.lexicon import any_of
from headway.reading.partners import Mention
from headway.reading.scene import Scene

AGENT = re.compile(
    r"\bby\s+(?:the\s+)?(?:(?:President|U\.S\.|US|Prime Minister|then-President)\s)*(?:[A-Z][\w.]*\s)?$"
)
PASSIVE = re.compile(
    any_of("past_act", "announce", "ease", "suspend")
    + r"(?: \w+){0,5}\s*$|\b(?:been|was|were|is|are|being) "
    + any_of("past_act", "ease", "suspend")
    + r"[^.;]{0,60}$",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"\b(?:president-elect|incoming (?:\w+ )?(?:president|administration|government)|transition team|new "
    r"administration|"
    r"the administration|the campaign|the candidate)\b",
    re.IGNORECASE,
)
OWN = re.compile(r"^(?:['’]s?\b|['’](?=\s))")


@dataclass(frozen=True, slots=True)
class Imposer:
    """The imposing government and how it was found."""

    code: str | None
    how: str
    mention: Mention | None = None


def find(scene: Scene, start: int, head: int, end: int, *, earlier: str | None) -> Imposer:
    """The imposer of the instrument whose noun phrase is [start, head) and whose window ends at `end`.

    `earlier` is the government that the text was last speaking of.
    """
    owner = _owner(scene, start, head)
    if owner is None and scene.context.host and _we(scene, start):
        return Imposer(scene.context.host, "subject")
    for how, mention in (
        ("owner", owner),
        ("agent", _agent(scene, head, end)),
        ("subject", next(reversed(grammar.subjects(scene, start)), None)),
        ("agent", _agent(scene, 0, start)),
        ("seat", _seat(scene, start)),
    ):
        if mention is not None:
            return Imposer(code_of(mention), how, mention)
    if scene.context.host:
        return Imposer(scene.context.host, "institution")
    if ROLE.search(scene.text[:start]) and scene.context.other:
        return Imposer(scene.context.other, "role")
    return Imposer(earlier or scene.context.home, "discourse" if earlier else "document")


def _we(scene: Scene, start: int) -> bool:
    """True if the last subject before the noun phrase is "we"."""
    pronouns = list(re.finditer(r"\b[Ww]e\b", scene.text[:start]))
    last = next(reversed(grammar.subjects(scene, start)), None)
    return bool(pronouns) and (last is None or last.start < pronouns[-1].start())


def code_of(mention: Mention) -> str:
    """The one government that a mention stands for."""
    return partners.members(mention.code)[0]


def _owner(scene: Scene, start: int, head: int) -> Mention | None:
    """A government inside the noun phrase, or just before it, as owner: "U.S. tariffs", "China's 34% tariff"."""
    for mention in scene.mentions:
        if mention.kind == "agreement" or mention.end > head or mention.end < start - 1:
            continue
        possessive = OWN.match(scene.text[mention.end :])
        if possessive and mention.end >= start - 2:
            return mention
        adjective = mention.kind == "demonym" or scene.text[mention.start : mention.end] in (
            "U.S.",
            "US",
            "EU",
            "UK",
        )
        if mention.start >= start and adjective:
            return mention
    return None


def _agent(scene: Scene, start: int, end: int) -> Mention | None:
    """Who acts in "tariffs imposed by China": after "by", with the participle just before."""
    for mention in scene.mentions:
        if (
            not start <= mention.start < end
            or mention.kind == "agreement"
            or grammar.GOODS.match(scene.text[mention.end :])
        ):
            continue
        before = scene.text[: mention.start]
        by = AGENT.search(before)
        if by and PASSIVE.search(before[: by.start()]):
            return mention
    return None


def _seat(scene: Scene, start: int) -> Mention | None:
    """The last leader or office before the noun phrase, whatever the grammar."""
    named = [m for m in scene.mentions if m.end <= start and m.kind in ("leader", "office", "metonym")]
    plain = [
        m
        for m in named
        if not grammar.BEFORE_OTHER.search(scene.text[: m.start])
        and not grammar.BEFORE_OBJECT.search(scene.text[: m.start])
    ]
    return plain[-1] if plain else None


def acting(scene: Scene) -> str | None:
    """The government that a sentence speaks of as acting, to be remembered for the next one."""
    for mention in scene.mentions:
        if grammar.acts(scene, mention):
            return code_of(mention)
    named = [m for m in scene.mentions if m.kind in ("leader", "office", "metonym")]
    return code_of(named[0]) if named else None
