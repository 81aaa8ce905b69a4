"""Who did or will do what: delegations, meetings, channels, requests, support, commitments, negotiations."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from headway.policy import Action, Evidence
from headway.policy.records import ActionStatus
from headway.reading.dates import days
from headway.reading.lexicon import any_of
from headway.reading.partners import names
from headway.reading.scene import MASK, Scene

_NAME = r"[A-Z][\w․’'()-]*"
ACTOR = (
    rf"(?P<actor>(?:[Tt]he )?(?:(?:{_NAME}|of|the|and|two|[Bb]oth|many|dozens|other|local|vice|prime|chief|"
    rf"trade|finance|foreign|"
    rf"commerce|industry)\s){{0,6}}?(?:{any_of('actors')}|[A-Z][\w․’'()-]+))"
)
ADVERBS = (
    r"(?:also |already |recently |jointly |separately |closely |immediately |further |work to |"
    r"work constructively to )*"
)
DEED = re.compile(
    rf"{ACTOR}(?:,[^,]{{3,60}},)?\s+(?:(?P<past>(?:has|have|had)?\s?{ADVERBS}{any_of('deeds_done')})|"
    rf"(?P<future>{any_of('deeds_ahead')}\s{ADVERBS}{any_of('deeds_planned')}))(?P<rest>[^.;]*)"
)
DIRECTED = re.compile(
    r"\b(?P<past>directs?|directed|is directing|instructed|instructs?|tasked|tasks|"
    r"authorizes?)\s+(?P<actor>(?:the |his |her )?[A-Z][^,;.]{3,90}?)"
    r"(?P<rest>\s+to\s+(?:jointly |also )?[a-z][^.;]*)"
)
GATHERING = re.compile(
    rf"{ACTOR}\s+(?P<past>made the (?:announcement|remarks?|comments?)|said|spoke|told \w+)"
    r"(?P<rest>\s+(?:\w+day )?(?:in|at|during) (?:a|the) (?:joint |closed-door |emergency )?(?:meeting|"
    r"conference|session)\b[^.;]*)"
)
INCLUDED = re.compile(
    r"(?P<actor>This (?:deal|agreement)|The (?:deal|agreement)|It)\s+(?P<past>(?:also "
    r")?includes?)(?P<rest>\s+\$[\d.,․]+ (?:billion|million|trillion)[^.;]*)"
)
ADOPTED = re.compile(
    r"(?P<rest>\bto be (?P<past>adopted|concluded|finalized|signed)) by (?P<actor>the "
    r"[A-Z][\w ]+?)(?=\s(?:before|by|in|after)\b|[,.])[^.;,]*"
)
SHAPES = (DEED, GATHERING, INCLUDED, ADOPTED)
REQUEST = re.compile(r"\b(?:asked|requested|called on|urged|appealed)\b", re.IGNORECASE)
CONDITION = re.compile(
    r"\b(?:once|if|after|when|as soon as|provided that|depending on|pending|upon)\s+[^.;]{6,200}"
)
CHANGE_OF_SUBJECT = re.compile(
    r"(?:\band )?\b(?:said|says|added|noted) (?:\w+day )?(?:that )?(?!in a|at a|during)|;\s|, (?:and|but|"
    r"while|whereby) (?=the |[A-Z])|"
    r"\bcommitted that "
)
ASIDE = re.compile(
    r",? (?:amid|due to|according to|in light of|as part of|under the|despite|given|, which|to discuss the "
    r"government|in recognition of|"
    r"explaining that|informing)\b|[”\"]"
)
AUXILIARY = re.compile(r"^(?:will|has|have|had|also|may|could)\s+(?:also\s+)?")
LAW = re.compile(
    r"\b(?:sign\w*|issu\w*|announc\w*)\b[^.;]{0,40}?\b(?:Proclamation|Executive Order|Memorandum|tariffs?|"
    r"duties|order)\b|\b(?:initiation of)\b"
)
PRONOUN = re.compile(r"They|It|He|She|This|These|It")
SECOND = re.compile(r",? and (?:has |have |also )*(?P<verb>asked|requested|called on|urged)\b")
MONEY = re.compile(r"\$\d|\bbillion\b|\bmillion\b")
BUSINESS = re.compile(
    r"\b(?:joint venture|invest\w*|purchas\w*|memorandums?|agreed to (?:buy|purchase))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed in a sentence: the quote [start, end), where the words of what is done begin, its verb and its actor."""

    start: int
    after: int
    end: int
    verb: str
    actor: str
    done: bool


def actions(scene: Scene, taken: list[tuple[int, int]], before: str | None = None) -> Iterator[Action]:
    """Every deed of a sentence outside the spans that measures and opportunities claim. Ids are empty.

    `before` is who acted in the sentence before, for a sentence that begins with a pronoun.
    """
    if scene.background and not BUSINESS.search(scene.text):
        return
    if not (re.search(any_of("trade_sense"), scene.text, re.IGNORECASE) or MONEY.search(scene.text)):
        return
    for deed in _deeds(scene, before):
        if not any(first < deed.end and deed.start < last for first, last in taken):
            yield _action(scene, deed)


def _deeds(scene: Scene, before: str | None) -> Iterator[Deed]:
    directed = DIRECTED.search(scene.flat)
    if directed and _is_deed(directed):
        start, end = directed.start("rest"), directed.end()
        yield Deed(directed.start(), start, end, directed.group("past"), _actor(scene, directed), done=False)
        return
    for first, last in _stretches(scene.flat):
        match = next((found for shape in SHAPES if (found := shape.search(scene.flat, first, last))), None)
        if match is not None and _is_deed(match):
            yield from _joined(scene, match, before)


def _joined(scene: Scene, match: re.Match[str], before: str | None) -> Iterator[Deed]:
    """The deed of a match, and one that shares its actor: "will announce ... and asked the association to ..."."""
    actor = _actor(scene, match)
    if PRONOUN.fullmatch(actor):
        if before is None and not MONEY.search(match.group()):
            return
        actor = before or actor
    verb, done = match.group("past") or match.group("future"), bool(match.groupdict().get("past"))
    after = match.end("actor") if match.start("actor") <= match.start("rest") else match.start()
    second = SECOND.search(scene.flat, match.start("rest"), match.end())
    yield Deed(match.start(), after, second.start() if second else match.end(), verb, actor, done)
    if second:
        yield Deed(second.start("verb"), second.start("verb"), match.end(), second.group("verb"), actor, done=True)


def _is_deed(match: re.Match[str]) -> bool:
    words = match.group()
    trade = re.search(any_of("trade_sense"), words, re.IGNORECASE) or MONEY.search(words)
    dull = re.search(any_of("dull"), words, re.IGNORECASE) and not MONEY.search(words)
    return bool(trade) and not dull and not LAW.search(words)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Pieces between which the subject may change: reported speech and coordinated clauses with a subject."""
    cuts = [(0, 0), *(match.span() for match in CHANGE_OF_SUBJECT.finditer(text)), (len(text), len(text))]
    pairs = ((before[1], after[0]) for before, after in itertools.pairwise(cuts))
    return [(start, end) for start, end in pairs if end - start > 12]


def _action(scene: Scene, deed: Deed) -> Action:
    flat, text = scene.flat, scene.text
    condition = CONDITION.search(flat, deed.after, deed.end)
    side = ASIDE.search(flat, deed.after, deed.end)
    end = min([deed.end, *(found.start() for found in (condition, side) if found)])
    status: ActionStatus = "done" if deed.done else "planned"
    if REQUEST.search(deed.verb):
        status = "requested"
    elif condition and status == "planned":
        status = "conditional"
    source, base = scene.context.passage.source, scene.sentence.start
    start, stop = base + deed.start, base + end
    while stop > start and source[stop - 1] in ' ,.”"':
        stop -= 1
    return Action(
        id="",
        actor=deed.actor,
        action=AUXILIARY.sub("", source[base + deed.after : stop].strip(" ,")),
        counterpart=_counterpart(text[deed.after : end]),
        when=_when(scene, deed),
        status=status,
        condition=text[condition.start() : condition.end()].strip(" ,.") if condition else None,
        evidence=Evidence(text=source[start:stop], start=start, end=stop, rule=f"action.{status}"),
    )


def _actor(scene: Scene, match: re.Match[str]) -> str:
    """Who acts: the words, the government for "the government", the investor where a deal "includes" money."""
    plain = re.sub(r"^(?:the|The|his|her)\s+", "", match.group("actor").strip()).replace(MASK, ".")
    if re.fullmatch(r"government|administration", plain) and scene.context.home:
        return f"government of {scene.context.home}"
    if plain in ("This deal", "This agreement", "deal", "agreement", "It"):
        invests = next((m for m in names(match.group("rest").replace(MASK, ".")) if m.kind == "demonym"), None)
        return invests.code if invests else plain
    announced = re.search(
        r"\bannouncement (?:in \w+ )?by (?P<who>[A-Z][\w ]+?)(?= \(| in | of )", match.group("rest")
    )
    return announced.group("who") if announced else plain


def _counterpart(text: str) -> str | None:
    for word in ("with", "between", "to", "from", "at"):
        match = re.search(
            rf"\b{word}\s+(?:officials from\s+)?(?P<who>{any_of('counterparts')}|"
            rf"(?:the\s+)?[A-Z][\w.’'&-]*(?:\s(?:(?:of|the|and|for)\s)?[A-Z][\w.’'&()-]*)*)",
            text,
        )
        if match:
            who = match.group("who").strip(" ,")
            return who if who.endswith(("U.S.", "U.K.")) else who.rstrip(".")
    return None


def _when(scene: Scene, deed: Deed) -> str | None:
    inside, before = scene.text[deed.start : deed.end], scene.text[: deed.start]
    when = re.compile(any_of("times"))
    found = when.search(inside) or when.search(before)
    if found:
        return found.group()
    named = days(inside, scene.context.anchor)
    return named[0].date.isoformat() if named else None
