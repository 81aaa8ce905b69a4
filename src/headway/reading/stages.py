"""The stage of a measure, read from the words that govern it (METHODS section 1; the corpus guideline)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.policy.records import Stage


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


STRUCK_DOWN = _words(
    r"\b(?:struck down|strikes down|invalidat\w+|ruled (?:\w+ ){0,3}?(?:illegal|unlawful|invalid|"
    r"unconstitutional)|"
    r"overturn(?:ed|s)|blocked by (?:a|the) \w*\s?court|vacated)\b|위법 판결|무효(?:화| 판결)"
)
SUSPENDED = _words(
    r"\b(?:suspen(?:d|ds|ded|ding|sion)|paus(?:e|es|ed|ing)|delay(?:s|ed|ing)?|postpon\w+|defer(?:s|red|ring)?|"
    r"(?:put|placed|putting) on hold|h[eo]ld(?:ing)? off|stay(?:ed)? the|extend\w* the (?:pause|truce|"
    r"deadline))\b|유예|보류|연기"
)
UNTIL_EXPIRY = _words(
    r"\bset to expire\b.*\bwill (?:now )?expire\b|\bextend\w*\b.*\b(?:deadline|expir\w+|truce)\b"
)
LIFTS_SUSPENSION = _words(
    r"\b(?:end(?:s|ed|ing)?|lift(?:s|ed|ing)?|terminat\w+) (?:the|its|a) (?:suspension|pause)\b"
)
UNDER_REVIEW = _words(
    r"\b(?:consider(?:s|ed|ing|ation)?|weigh(?:s|ed|ing)|mull(?:s|ed|ing)|review(?:s|ed|ing)?|stud(?:y|ies|"
    r"ying)|"
    r"look(?:s|ing)? (?:into|at)|explor(?:e|es|ing)|examin(?:e|es|ing)|assess(?:es|ing)?|recommend(?:s|ed|ing|"
    r"ation)?|"
    r"prob(?:e|es|ing) into|investigat(?:e|es|ing)|float(?:s|ed|ing)|propos(?:e|es|ed|ing|al|als))\b|검토|"
    r"조사 중|권고"
)
THREATENED = _words(
    r"\b(?:threat(?:s|en|ens|ened|ening)? (?:to|of|with|that)|threat(?:en|ens|ened|ening)|warn(?:s|ed|ing)?|"
    r"may|might|could|"
    r"would (?=\w+ (?:\w+ ){0,4}(?:if|unless)))\b|위협|경고|가능성|할 수 있"
)
CONDITIONAL = _words(r"\b(?:if|unless|should (?=\w+ (?:fail|not)))\b|경우|않으면|않을 시")
STILL_IN_FORCE = _words(
    r"\b(?:(?:will |would )?(?:remain(?:s|ed|ing)?|stay(?:s|ed)?|continue(?:s|d)?) (?:to be )?(?:in (?:effect|"
    r"place|force)|at|"
    r"subject to|unchanged|appl\w+|tariff-free)|(?:is|are|was|were) (?:now |already |currently )?in (?:effect|"
    r"force|place)|"
    r"t(?:ook|aken) effect|went into (?:effect|force)|came into (?:effect|force)|entered into force|"
    r"(?:currently|already|now) (?:in (?:effect|force)|face[sd]?|pay[s]?|subject|appl\w+|impose[sd]?|levie[sd]|"
    r"charge[sd]?)|"
    r"(?:is|are) (?:currently|already|now)\b(?! (?:considering|weighing))|maintain(?:s|ed|ing)? (?:at|its|"
    r"their|the|a|certain|existing|current)|"
    r"current(?:ly)?|existing|keep(?:s|ing)? (?:its|the|their))\b|시행 중|부과 중|발효(?:됐|되었|된|했)|유지"
)
REMOVED = _words(
    r"\b(?:no longer (?:be )?(?:in effect|appl\w+|collected|subject)|(?:was|were|been|are|is) (?:lifted|"
    r"removed|scrapped|rescinded|revoked|"
    r"repealed|terminated|abolished|eliminated|withdrawn|dropped|ended)|(?:lifted|scrapped|rescinded|revoked|"
    r"repealed|terminated|abolished|"
    r"removed|dropped) (?:the|its|all|their|those|these|tariffs|duties|a))\b|철폐(?:됐|했)|폐지(?:됐|했)|"
    r"철회(?:됐|했)"
)
PLEDGED = _words(
    r"\b(?:pledg(?:e|es|ed|ing)|vow(?:s|ed|ing)?|promis(?:e|es|ed|ing)|intend(?:s|ed|ing)?(?: to)?|commit(?:s|"
    r"ted|ting|ment)?(?: to)?|"
    r"agree(?:s|d|ing)?(?: to| on| that)?|plan(?:s|ned|ning)? (?:to|on)|campaign(?:ed|ing)?|aim(?:s|ed|ing)? "
    r"to|"
    r"sa(?:id|ys) (?:that )?(?:he|she|it|they) (?:would|will)|want(?:s|ed)? to|would)\b|공약|약속|합의|계획|"
    r"예정이라고|추진"
)
ANNOUNCED = _words(
    r"\b(?:announc(?:e|es|ed|ing|ement)|unveil(?:s|ed|ing)?|letters?|press conference|declar(?:e|es|ed|ing)|"
    r"informed|notif\w+|"
    r"will (?:be )?(?:\w+ )?(?:impose|levy|apply|charge|take effect|face|hit|raise|increase|introduce|subject|"
    r"pay|slap|start|begin)\w*|"
    r"set to|scheduled|from (?:next|midnight)|starting|effective)\b|발표|밝혔|예고|통보|부과할|부과하기로|"
    r"부과한다"
)
PAST_ACT = _words(
    r"\b(?:impos(?:ed|ing)|implement(?:ed|ing)|levied|slapped|hit|enact(?:ed|ing)|introduced|applied|raised|"
    r"increased|hiked|doubled|"
    r"elevat(?:e|ed|ing)|restored|reinstated|placed|used|utilized|issued|put in place|put|instituted|expanded|"
    r"set|charged|"
    r"lowered|reduced|cut|adjusted|tightened|banned|restricted|struck|has been|have been)\b|부과(?:했|하였|됐|"
    r"되었|한 "
    r"바)|인상(?:했|하였)|시행(?:했|하였)"
)
LEGAL_ACT = _words(
    r"\b(?:Proclamation|Executive Order|Order|Memorandum|Act|Regulation|Notice|decree|"
    r"legislation)\b[^.;]{0,60}?\b(?:imposes?|raises?|"
    r"increases?|adjusts?|expands?|reduces?|lowers?|removes?|bans?|prohibits?|requires?|establish\w*|directs?|"
    r"sets?|extends?|"
    r"authoriz\w+|encourages?|provides?|applies)\b|\b(?:signed|signs|issued) (?:an?|the|two|several)? ?(?:new "
    r")?(?:Proclamations?|"
    r"Executive Orders?|orders?|decree|Presidential Memorand\w+|Memorand\w+)\b|\b(?:order(?:s|ed)|direct(?:s|"
    r"ed|ing)|requir(?:es|ed|ing)|"
    r"authoriz(?:es|ed|ing))\b|행정명령에? 서명|포고(?:문|령)|고시"
)
WILL = _words(r"\b(?:will|shall|to be)\b|예정|하기로|할 것")
HABIT = _words(
    r"\b(?:charges?|impose[s]?|levies|appl(?:y|ies)|has|have|is|are|average[sd]?|maintains?|faces?|pays?)\b"
)
NEGOTIATING = _words(r"\bnegotiat(?:e|es|ed|ing|ions?)\b|협상")


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides between stages where the words alone do not: a legal act of the day is the subject (`act`),
    the sentence looks back (`background`), the text is an agreement (`agreement`), the measure eases trade."""

    act: bool
    background: bool
    agreement: bool
    eases: bool


def stage_of(words: str, setting: Setting) -> tuple[Stage, str]:
    """The stage that the governing `words` give a measure, and the name of the rule that decided."""
    for name, decide in (("explicit", _explicit), ("modal", _modal), ("past", _past), ("future", _future)):
        stage = decide(words, setting)
        if stage is not None:
            return stage, f"stage.{name}"
    return ("ordered" if setting.act and not setting.background else "announced"), "stage.default"


def _explicit(words: str, setting: Setting) -> Stage | None:
    if STRUCK_DOWN.search(words):
        return "struck_down"
    if UNTIL_EXPIRY.search(words) or (SUSPENDED.search(words) and not LIFTS_SUSPENSION.search(words)):
        return "suspended"
    if REMOVED.search(words):
        return "removed"
    review, force = UNDER_REVIEW.search(words), STILL_IN_FORCE.search(words)
    if review and not force:
        return "under_review"
    return "in_force" if force else None


def _modal(words: str, setting: Setting) -> Stage | None:
    if THREATENED.search(words):
        return "threatened"
    pledge = PLEDGED.search(words)
    if pledge and not (setting.act and not setting.background and LEGAL_ACT.search(words)):
        return "pledged"
    if CONDITIONAL.search(words):
        return "threatened"
    return None


def _past(words: str, setting: Setting) -> Stage | None:
    legal = LEGAL_ACT.search(words)
    if setting.background and (PAST_ACT.search(words) or legal):
        return "in_force"
    if legal:
        return "ordered"
    if ANNOUNCED.search(words) and not setting.act and not (setting.agreement or setting.eases):
        return "announced"
    if PAST_ACT.search(words):
        return "ordered" if setting.act else "in_force"
    return None


def _future(words: str, setting: Setting) -> Stage | None:
    if WILL.search(words):
        if setting.act and not setting.background:
            return "ordered"
        return "pledged" if setting.agreement or setting.eases else "announced"
    if HABIT.search(words) and not setting.act:
        return "in_force"
    return None
