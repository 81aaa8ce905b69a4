"""Who did or will do what: delegations, meetings, channels, requests, support, commitments, negotiations."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from headway.policy import Action, Evidence
from headway.policy.records import ActionStatus
from headway.reading.dates import days
from headway.reading.scene import Scene

ACTOR = (
    r"(?P<actor>(?:the |The )?(?:(?:[A-Z][\w․’'-]*|of|the|and|two|industry|trade|finance|foreign|commerce|vice|"
    r"prime|South|both|Both|many|dozens|other|local)\s){0,6}?"
    r"(?:[A-Z][\w․’'()-]+|government|ministry|minister|administration|companies|leaders|countries|sides|"
    r"nations|officials|association|authorities|committee|"
    r"commission|President|delegation|ministers|firms))"
)
DONE = (
    r"sent|held|met|visited|dispatched|signed|agreed|announced|launched|established|set up|formed|convened|"
    r"discussed|asked|requested|called on|urged|appealed|"
    r"offered|engaged|opened|hosted|began|begun|started|directed|instructed|ordered|committed|pledged|invited|"
    r"proposed|welcomed the announcement|secured|finalized|reached"
)
PLANNED = (
    r"send|hold|meet|visit|dispatch|sign|strengthen|come up with|support|establish|set up|form|convene|discuss|"
    r"collaborate|cooperate|work|continue|finalize|organize|"
    r"launch|provide|prepare|operate|host|begin|start|negotiate|invest|purchase|buy|help|expand|seek|engage|"
    r"request|do everything|use its|closely|send more|introduce|draw up|"
    r"announce|monitor|respond|undertake|increase imports|make"
)
DEED = re.compile(
    rf"{ACTOR}(?:,[^,]{{3,60}},)?\s+(?:(?P<past>(?:has|have|had)?\s?(?:also |already |recently |jointly |"
    rf"separately )?(?:{DONE}))|"
    rf"(?P<future>(?:will|plans? to|intends? to|is going to|are going to|is set to|may|could|are committed to|"
    rf"is committed to|pledged to|agreed to|committed to)\s"
    rf"(?:also |closely |jointly |immediately |work to |further )*(?:{PLANNED})\w*))\b(?P<rest>[^.;]*)"
)
REQUEST = re.compile(r"\b(?:asked|requested|called on|urged|appealed)\b", re.IGNORECASE)
CONDITION = re.compile(
    r"\b(?:once|if|after|when|as soon as|provided that|depending on|subject to|pending|"
    r"upon)\s+(?P<condition>[^.;]{6,200})"
)
WHEN = re.compile(
    r"\b(?:next (?:week|month|year|quarter)|this (?:week|month|year)|last (?:week|month|year)|earlier (?:in "
    r"the day|this (?:week|month|year)|today)|later (?:in the day|this (?:week|month|year)|today)|"
    r"in the coming (?:days|weeks|months)(?: and (?:weeks|months))?|in (?:the )?(?:near future|first half|"
    r"second half)|by (?:the end of \w+(?: \w+)?|20\d\d)|before the end of \w+(?: \w+)?|"
    r"soon|today|yesterday|tomorrow|annual(?:ly)?|(?:in )?(?:January|February|March|April|June|July|August|"
    r"September|October|November|December)(?: \d{1,2})?|"
    r"(?:on )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|throughout [\w ]{3,20})\b"
)
WITH = re.compile(
    r"\b(?:with|to|from|between|at)\s+(?:officials from\s+)?(?P<who>(?:the\s+|"
    r"its\s+)?(?:[A-Z][\w.’'&()-]*(?:\s(?:of|the|and|for)\s(?=[A-Z])|\s)?){1,8}|its \w+ counterparts|key "
    r"nations|related ministries[\w ]*|companies|"
    r"(?:export(?:ing)? )?companies|local governments|industry)"
)
COMMITMENT = re.compile(
    r"\b(?:\$\d[\d.,]*\s?(?:billion|million|trillion)[^.;]{0,40}\binvestments?\b|purchase order|agree\w* to "
    r"(?:purchase|buy|invest)|commit\w* to (?:spend|purchas|invest|buy)\w*|"
    r"investments?[^.;]{0,60}\btotaling\b|memorandums? of understanding)[^.;]*",
    re.IGNORECASE,
)
GATHERING = re.compile(
    rf"{ACTOR}\s+(?P<past>made the (?:announcement|remarks?|comments?)|said|spoke|told "
    rf"\w+)(?P<rest>\s+(?:\w+day )?(?:in|at|during) (?:a|the) "
    r"(?:joint |closed-door |emergency )?(?:meeting|conference|session)\b[^.;]*)"
)
CHANGE_OF_SUBJECT = re.compile(
    r"(?:\band )?\b(?:said|says|added|noted) (?:\w+day )?(?:that )?(?!in a|at a|during)|;\s|, (?:and|but|while|"
    r"whereby) (?=the |[A-Z])"
)
ASIDE = re.compile(
    r",? (?:amid|due to|according to|in light of|as part of|under the|despite|given|, which|to discuss the "
    r"government)\b|[”\"]"
)
AUXILIARY = re.compile(r"^(?:will|has|have|had|also|may|could)\s+(?:also\s+)?")
TRADE_SENSE = re.compile(
    r"\b(?:trade|tariff|export|import|delegation|meeting|talks|negotiat|channel|communicat|support|companies|"
    r"industr|invest|purchas|aircraft|agreement|cooperat|collaborat|"
    r"association|think tank|measures|letters|joint venture|working group|approvals|task force|countermeasure|"
    r"exhibition|supply chain|market|risks|deal|counterpart|consult)",
    re.IGNORECASE,
)
DULL = re.compile(
    r"\b(?:denuclear|military|wartime|deterrence|fentanyl cartel|alliance|extradition)\b", re.IGNORECASE
)


def actions(scene: Scene, taken: list[tuple[int, int]]) -> Iterator[Action]:
    """Every deed of a sentence outside the spans that measures and opportunities claim. Ids are empty."""
    if scene.background:
        return
    for start, end in _stretches(scene.flat):
        match = DEED.search(scene.flat, start, end) or GATHERING.search(scene.flat, start, end)
        if match is None or not TRADE_SENSE.search(match.group()) or DULL.search(match.group()):
            continue
        if not any(first < match.end() and match.start("actor") < last for first, last in taken):
            yield _action(scene, match)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Pieces between which the subject may change: reported speech and coordinated clauses with a subject."""
    cuts = [(0, 0), *(match.span() for match in CHANGE_OF_SUBJECT.finditer(text)), (len(text), len(text))]
    pairs = ((before[1], after[0]) for before, after in itertools.pairwise(cuts))
    return [(start, end) for start, end in pairs if end - start > 12]


def _action(scene: Scene, match: re.Match[str]) -> Action:
    flat, text = scene.flat, scene.text
    condition = CONDITION.search(flat, match.start("rest"), match.end())
    side = ASIDE.search(flat, match.start("rest"), match.end())
    end = min([match.end(), *(found.start() for found in (condition, side) if found)])
    verb = match.group("past") or match.group("future")
    status: ActionStatus = "done" if match.group("past") else "planned"
    if REQUEST.search(verb):
        status = "requested"
    elif condition and status == "planned":
        status = "conditional"
    source, base = scene.context.passage.source, scene.sentence.start
    start, stop = base + match.start("actor"), base + end
    while stop > start and source[stop - 1] in ' ,.”"':
        stop -= 1
    deed = AUXILIARY.sub("", source[base + match.end("actor") : stop].strip(" ,"))
    return Action(
        id="",
        actor=_actor(scene, text[match.start("actor") : match.end("actor")]),
        action=deed,
        counterpart=_counterpart(text[match.start("rest") : end]),
        when=_when(scene, match),
        status=status,
        condition=text[condition.start() : condition.end()].strip(" ,.") if condition else None,
        evidence=Evidence(text=source[start:stop], start=start, end=stop, rule=f"action.{status}"),
    )


def _actor(scene: Scene, words: str) -> str:
    plain = re.sub(r"^(?:the|The)\s+", "", words.strip())
    if re.fullmatch(r"government|administration", plain) and scene.context.home:
        return f"government of {scene.context.home}"
    return plain


def _counterpart(text: str) -> str | None:
    match = WITH.search(text)
    return match.group("who").strip(" ,.") if match else None


def _when(scene: Scene, match: re.Match[str]) -> str | None:
    inside, before = scene.text[match.end("actor") : match.end()], scene.text[: match.start()]
    found = WHEN.search(inside) or WHEN.search(before)
    if found:
        return found.group()
    named = days(match.group(), scene.context.anchor)
    return named[0].date.isoformat() if named else None
