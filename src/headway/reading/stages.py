"""The stage of a measure, read from the words that govern it (METHODS section 1; the corpus guideline)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from headway.policy.records import Stage
from headway.reading.lexicon import any_of, pattern

_LEGAL = (
    r"\b(?:Proclamations?|Executive Orders?|Presidential Memorand\w+|Memorand\w+|Orders?|Regulation|Notice|"
    r"decree|bill|"
    r"law|Act)\b"
)
_NOW = r"(?:now|already|currently|still)"
_ADVERB = r"(?:(?:will|would|to|shall|also|therefore|thus|all|both|each|each year|\w+ly) )*"

_REMAIN = rf"(?:{_ADVERB}(?:remain|stay|continue)\w*\b(?! to be (?:delayed|paused)))"
_IN_EFFECT = (
    rf"(?:{_ADVERB}(?:is|are|was|were|has been|have been) (?:{_NOW} )?in (?:effect|force|place)\b|"
    rf"{_ADVERB}(?:took|taken|went into|came into|entered into|gone into|has taken|have taken) (?:effect|"
    rf"force)\b|{_ADVERB}(?:is|are) {_NOW}\b)"
)
REMAINS = re.compile(rf"^\W{{0,3}}(?:{_REMAIN}|{_IN_EFFECT})", re.IGNORECASE)
SUBJECT_REMAINS = re.compile(rf"(?:{_REMAIN}|{_IN_EFFECT})", re.IGNORECASE)
STRUCK_DOWN = re.compile(
    r"\b(?:struck down|strikes down|invalidated?|overturned|vacated)\b|"
    r"\b(?:ruled|rules|found|declared|held|deemed|judged)\b.{0,160}\b(?:unlawful|illegal|unconstitutional|"
    r"invalid|void)\b|"
    r"\b(?:are|were|was|is) (?:unlawful|illegal|unconstitutional|void|invalid)\b",
    re.IGNORECASE,
)
PUT_OFF = re.compile(
    r"\bset to expire\b.*\bwill (?:now )?expire\b|\bextend\w* the (?:\w+ )?(?:pause|truce|deadline|"
    r"suspension)\b",
    re.IGNORECASE,
)
END_OF_PAUSE = re.compile(
    r"\b(?:end\w*|lift\w*|terminat\w+) (?:the|its|a|this) (?:\w+ )?(?:suspension|pause)\b", re.IGNORECASE
)
GONE = re.compile(
    rf"\b(?:no longer (?:be )?(?:in effect|appl\w+|collected|subject)|(?:was|were|been|have been|has been) "
    rf"{any_of('abolish')}|"
    rf"(?:scrapped|lifted|removed|abolished|eliminated|rescinded|revoked|repealed|ended|withdrew|dropped))\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)
SIGNED = re.compile(
    rf"\b(?:signed|signs|sign|issued|issues)\b[^.;]{{0,40}}?{_LEGAL}|"
    rf"{_LEGAL}[^.;]{{0,90}}?(?:{any_of('restrict', 'ease', 'keep', 'suspend')}|"
    r"\b(?:requir|direct|establish|authoriz|allow|modif|ban|prohibit|encourag|provid|creat)\w*)|\b(?:directed|"
    r"directs|directing|orders|ordered|ordering|requiring)\b",
    re.IGNORECASE,
)
PROGRESSIVE = re.compile(r"\b(?:is|are) (?:also |now |once again )?(?:\w+ing)\b", re.IGNORECASE)
PERFECT = re.compile(
    rf"\b(?:has|have|had) (?:\w+ly |also |already |continued |been )*{any_of('past_act')}", re.IGNORECASE
)
EXISTING = re.compile(r"\b(?:current|existing|present|prevailing)\b", re.IGNORECASE)
KEEPS = re.compile(rf"{any_of('keep')}[^.;]{{0,50}}$", re.IGNORECASE)
NEGOTIATES = re.compile(r"\b(?:will |to |shall |are |is )?negotiat(?:e|es|ing)\b[^.;]{0,60}$", re.IGNORECASE)
STATUTE = re.compile(r"\b(?:charges|charge|imposes|impose|levies|applies|maintains|averages)\b", re.IGNORECASE)
STATES = re.compile(
    r"^[^.;,]{0,70}?\b(?:is|are|was|were|averages?|stands? at|stood at)\s+(?:a mere |only |about |currently |"
    r"now |just )*\d",
    re.IGNORECASE,
)
FUTURE_PAUSE = re.compile(
    r"\b(?:will|would|shall|to|may|could)\s+(?:\w+ly |also )?(?:suspend|pause)\b", re.IGNORECASE
)
ASIDE = re.compile(r",\s(?:as|originally|first|which was|previously)\b[^,]*,")
HABIT = re.compile(
    r"\b(?:charges?|imposes?|levies|appl(?:y|ies)|maintains?|has|have|is|are|was|averages?|puts?|sets?|bans?|"
    r"restricts?|prohibits?|requires?|blocks?|face[sd]?|pays?|paid|facing)\b",
    re.IGNORECASE,
)
LETTERS = re.compile(r"\bletters?\b|\bpress conference\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a measure: `left` governs it, `right` follows it; `subject` if no verb stands to its left,
    `conditional` if a clause follows that makes it depend on what another government does."""

    left: str
    right: str
    phrase: str
    subject: bool
    conditional: bool = False

    @property
    def governing(self) -> str:
        """The words that hold the verb."""
        return self.right if self.subject else self.left

    @property
    def keeps(self) -> bool:
        """True if the words leave something as it is."""
        return bool(
            KEEPS.search(self.left)
            or re.search(any_of("keep"), self.right[:80], re.IGNORECASE)
            or EXISTING.search(self.phrase)
        )

    @property
    def all(self) -> str:
        """All of them in order."""
        return f"{self.left} {self.phrase} {self.right}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What decides where the words alone do not.

    `act`: a legal act of the day is the text's subject; `current`: the sentence tells of it; `background`: the
    sentence looks back; `agreement`: the text is an agreement; `eases`: the measure frees trade; `ahead`: its date
    lies ahead.
    """

    act: bool
    background: bool
    agreement: bool
    eases: bool
    ahead: bool
    current: bool = True


Rule = Callable[[Words, Setting], Stage | None]


def stage_of(words: Words, setting: Setting) -> tuple[Stage, str]:
    """The stage that the words give a measure, and the name of the first rule that decided."""
    for name, rule in RULES:
        stage = rule(words, setting)
        if stage is not None:
            return stage, f"stage.{name}"
    return ("ordered" if setting.act and not setting.background else "announced"), "stage.default"


def _negotiating(words: Words, _: Setting) -> Stage | None:
    return "negotiating" if NEGOTIATES.search(words.left) else None


def _struck_down(words: Words, _: Setting) -> Stage | None:
    return "struck_down" if STRUCK_DOWN.search(words.all) else None


def _states(words: Words, _: Setting) -> Stage | None:
    """A rate said to be what it is: "the tariff on ethanol is a mere 2.5 percent"."""
    return "in_force" if words.subject and STATES.search(words.right) else None


def _remains(words: Words, _: Setting) -> Stage | None:
    right = ASIDE.sub("", words.right)
    found = SUBJECT_REMAINS.search(right) if words.subject else REMAINS.search(right)
    earlier = found and pattern("restrict", "ease", "suspend").search(right[: found.start()])
    return "in_force" if found and not earlier and not PUT_OFF.search(words.all) else None


def _suspended(words: Words, setting: Setting) -> Stage | None:
    if PUT_OFF.search(words.all):
        return "suspended"
    if FUTURE_PAUSE.search(words.governing) and not (setting.act and setting.current):
        return None
    found = pattern("suspend").search(words.governing) if not END_OF_PAUSE.search(words.governing) else None
    return "suspended" if found else None


def _gone(words: Words, setting: Setting) -> Stage | None:
    if not GONE.search(words.governing) or pattern("future", "pledge", "review", "threat").search(words.governing):
        return None
    return "removed" if not setting.agreement else None


def _review(words: Words, _: Setting) -> Stage | None:
    return "under_review" if pattern("review").search(words.governing) else None


def _threat(words: Words, _: Setting) -> Stage | None:
    if pattern("threat").search(words.governing) or re.match(r"\W*(?:if|unless)\b", words.left, re.IGNORECASE):
        return "threatened"
    depends = words.conditional or CONDITION.search(words.governing)
    return "threatened" if depends and pattern("future").search(words.governing) else None


def _pledge(words: Words, setting: Setting) -> Stage | None:
    legal = setting.act and not setting.background and SIGNED.search(words.governing)
    return (
        "pledged"
        if pattern("pledge").search(words.governing) and not legal and not KEEPS.search(words.left)
        else None
    )


def _kept(words: Words, _: Setting) -> Stage | None:
    return (
        "in_force"
        if KEEPS.search(words.left) or (EXISTING.search(words.phrase) and not words.left.strip())
        else None
    )


def _looking_back(words: Words, setting: Setting) -> Stage | None:
    done = (
        pattern("past_act").search(words.governing)
        or SIGNED.search(words.governing)
        or PERFECT.search(words.governing)
    )
    return "in_force" if setting.background and (done or pattern("restrict").search(words.governing)) else None


def _by_law(words: Words, setting: Setting) -> Stage | None:
    if not SIGNED.search(words.governing) or (setting.agreement and not setting.act):
        return None
    return "ordered"


def _perfect(words: Words, setting: Setting) -> Stage | None:
    return "in_force" if PERFECT.search(words.governing) else None


def _announced(words: Words, setting: Setting) -> Stage | None:
    if setting.act and not LETTERS.search(words.governing):
        return None
    if pattern("announce", "say").search(words.governing) or LETTERS.search(words.governing):
        return "pledged" if setting.eases or setting.agreement else "announced"
    return None


def _future(words: Words, setting: Setting) -> Stage | None:
    if not pattern("future").search(words.governing) and not setting.ahead:
        return None
    if setting.act and not setting.background:
        return "ordered"
    return "pledged" if setting.agreement or setting.eases else "announced"


def _past(words: Words, setting: Setting) -> Stage | None:
    if not pattern("past_act").search(words.governing):
        return None
    return "ordered" if setting.act and setting.current else "in_force"


def _present(words: Words, setting: Setting) -> Stage | None:
    if setting.agreement and not STATUTE.search(words.governing):
        return "pledged" if not setting.background else "in_force"
    if PROGRESSIVE.search(words.governing):
        return "ordered" if setting.act else "announced"
    if setting.ahead and not PERFECT.search(words.governing):
        return "announced"
    return "in_force" if HABIT.search(words.governing) else None


RULES: tuple[tuple[str, Rule], ...] = (
    ("struck_down", _struck_down),
    ("remains", _remains),
    ("states", _states),
    ("negotiating", _negotiating),
    ("suspended", _suspended),
    ("removed", _gone),
    ("review", _review),
    ("threat", _threat),
    ("kept", _kept),
    ("pledge", _pledge),
    ("looking_back", _looking_back),
    ("by_law", _by_law),
    ("perfect", _perfect),
    ("announced", _announced),
    ("future", _future),
    ("past", _past),
    ("present", _present),
)
"""Rules in order of precedence: the first that speaks decides."""
