"""Tariffs: every duty noun phrase with its rates, goods, partners and stage, and series of rates after one phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from headway.policy.records import Direction
from headway.reading import covered, details, duties, grammar, imposers, rates, stages
from headway.reading.drafts import Draft
from headway.reading.duties import Phrase
from headway.reading.lexicon import any_of, pattern
from headway.reading.numbers import Percent
from headway.reading.partners import Mention
from headway.reading.scene import Scene

STUDY = re.compile(
    r"\b(?:analys[ie]s|stud(?:y|ies)|reports?|survey|economists?|models?|simulations?)\b[^.]{0,200}\b(?:found|"
    r"finds|shows?|showed|suggests?|"
    r"estimat\w+|project\w*|predict\w*|crediting)\b",
    re.IGNORECASE,
)
HYPOTHETICAL = re.compile(
    r"\brather than\b[^.;]*$|\binstead of\b[^.;]*$|\bclaims? that\b|\brefrain\w* from\b[^.;]*$|"
    r"\bshould not\b[^.;]*$|^\W*If (?:a|any|the) (?:product|good|article|shipment)|"
    r"\b(?:asks?|asked|call(?:s|ed)? on|calls? for|called for|demand\w*|urg(?:e|es|ed|ing)|seek(?:s|ing)?|"
    r"sought|requested|decision to|praised|credit\w*|hailed|"
    r"if they|unless they|whether|process(?:es)? to|opportunity to|authority to|power to) (?:\w+ ){0,8}$",
    re.IGNORECASE,
)
_EFFECT = (
    r"(?:bring|ensur|help|aim|lead|protect|generat|make|work|creat|grow|stimulat|support|cost|hurt|weigh|"
    r"strengthen|encourag|serve|boost|save|"
    r"narrow|benefit|punish|fuel|raise (?:prices|costs))\w*"
)
EFFECTS = re.compile(
    rf"^[\w\s,’()&-]{{0,90}}?\b(?:will|would|can|could|also|may|does|do|to)\s+(?:also |not |continue to |be "
    rf")*{_EFFECT}\b|"
    rf"^\s*(?:have |has |had |that |which )*(?:{_EFFECT}|led|were hailed|reduced imports|drove|made|cost|are "
    rf"a|is a (?!mere|\d)|an effective|"
    r"a (?:powerful|critical|key)|set(?:s)? a|that raise prices|threaten to impair)\b",
    re.IGNORECASE,
)
CARVE_OUT = re.compile(
    r"\b(?:not (?:be |currently )?subject to|exempt(?:ed|ion|ions)? from|(?:will|does|do|shall|should|would) "
    r"not (?:apply|stack|be (?:applied|imposed|"
    r"subject|affected|required))|not stack|exclud(?:ed|ing) from|in addition to|on top of|regardless of|not "
    r"be affected|other than|not affect|"
    r"apply (?:only )?to the [\w\- ]*(?:content|value)|remains? subject to|subject to other|unaffected)\b",
    re.IGNORECASE,
)
COMPONENT = re.compile(r"\bFor such (?:products|goods|articles)\b|\bthe sum of\b|\bno additional\b")
OPENING = re.compile(
    r"^\W*(?:Following|After|Since|When|Based on|In light of|Notwithstanding|Upon|Shortly after|In response "
    r"to)\b[^,]*,\s*"
)
LEGAL_TITLE = re.compile(
    r"\b(?:Executive Orders?|Proclamations?) \d{4,5}(?: of [A-Z]\w+ \d{1,2}, \d{4})?,?(?: as amended,?)?(?: "
    r"\(?[A-Z]\w+(?: (?:[A-Z][\w’-]*|for|of|the|to|and|in|on|a|with|by))*[,)]?)?"
)
DEFINITE = re.compile(r"(?:the|this|that|these|those)\s", re.IGNORECASE)
PROGRAM = re.compile(
    r"\b(?P<named>reciprocal|fentanyl|retaliatory|anti-?dumping|countervailing|safeguard|baseline)\b|"
    r"\b(?:[Ss]ection )?(?P<section>122|201|232|301|338)\b"
)
POLICY_VERBS = ("restrict", "ease", "keep", "suspend", "review", "threat", "pledge", "announce", "past_act")
NOMINAL = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Aa]n?|[Aa]ny|[Ss]uch) (?:increase|reduction|cut|rise|hike|imposition|use|expansion|"
    r"reinstatement)s? (?:in|of)\b"
)
ANAPHOR = re.compile(r"^(?:these|those|this|that|such)\b(?! (?:tariffs? )?on)", re.IGNORECASE)
STATE = re.compile(
    rf"^[\s\w,’*()]{{0,40}}?\b(?:(?:will|would|to|shall|may|could|might|is|are|was|were|has|have|be|been|"
    rf"being|set|due|now|also|not) )+"
    rf"(?:\w+ly )?(?:{any_of('restrict', 'ease', 'keep', 'suspend', 'past_act')}|take effect|in effect|"
    rf"unlawful|illegal|no longer|in "
    rf"force|expire|apply|begin|start|follow)|"
    r"^.{0,160}?\bterms\b.{0,60}?\bno less favou?rable\b|"
    r"^[\s\w,’]{0,30}?\b(?:remain\w*|took effect|take effect|expire\w*|appl(?:y|ies)|go(?:es)? into|went into|"
    r"came into)\b",
    re.IGNORECASE,
)
QUOTA = re.compile(
    r"\b[\d,]{3,} (?:[\w-]+ ){1,4}(?:a|per|each) year (?:to enter|into|at)\b|"
    r"\bfirst [\d,]+\b|\bwithin (?:a|the|its) (?:\w+ )?quota\b(?! of)|\btariff[- ]rate quota",
    re.IGNORECASE,
)
BASE_RATE = re.compile(r"\b(?:MFN|FTA|Most Favored Nation)\b")
LOWER_NOUN = re.compile(r"^(?:an? |the )?(?:lower|reduced|preferential)\b", re.IGNORECASE)
CAPPED = re.compile(
    r"\bno (?:greater|higher|more) than\b|\bno less favorable\b|\bduty-free\b|\bqualif(?:y|ies)\b|\bcapped "
    r"at\b",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"\b(?:bringing|taking|lifting|pushing|putting|raising|brings|takes) (?:the |its |their )?(?:total|"
    r"overall|combined|cumulative|effective|average)\b",
    re.IGNORECASE,
)


def drafts(scene: Scene, earlier: str | None) -> Iterator[Draft]:
    """Every measure that a sentence states by a duty noun phrase; `earlier` is the government last spoken of."""
    before: Draft | None = None
    for phrase in duties.phrases(scene):
        if _is_talk(scene, phrase):
            continue
        for draft in _from_phrase(scene, phrase, earlier):
            before = _continued(draft, before)
            yield before


def _continued(draft: Draft, before: Draft | None) -> Draft:
    """A duty that names no partner continues the one before it in the sentence: "..., but retain a 10% tariff"."""
    if before is None or draft.partners or before.imposer != draft.imposer or not draft.has_rate:
        return draft
    return replace(draft, partners=before.partners, products=draft.products or before.products)


def words_of(scene: Scene, phrase: Phrase) -> stages.Words:
    """The words around a phrase, and whether a condition on another government follows in the sentence."""
    words = _around(scene, phrase)
    condition = re.search(r"\b(?:if|unless)\b(?P<what>[^.;]+)", scene.flat[phrase.end :], re.IGNORECASE)
    if condition is None:
        return words
    place = phrase.end + condition.start()
    political = re.search(
        r"\b(?:talks|negotiat\w+|deal|agreement|tariffs?|duties|retaliat\w+|levies)\b", condition.group("what")
    )
    named = any(m.start > place and grammar.acts(scene, m) for m in scene.mentions)
    return replace(words, conditional=bool(political or named))


def _around(scene: Scene, phrase: Phrase) -> stages.Words:
    """The words around a phrase; a bullet without a verb takes its header's."""
    text = scene.text
    left, right = text[phrase.left : phrase.start], text[phrase.end : phrase.right]
    subject = stages.Words(left, right, text[phrase.start : phrase.end], subject=True)
    governor = _governor(scene, phrase, left)
    if re.search(r"\bthat (?:\w+ ){0,2}$", left) and STATE.search(right):
        return subject
    if governor is not None:
        return replace(subject, left=_without_opening(governor), subject=False)
    if STATE.search(right):
        return subject
    if scene.header is not None:
        return replace(subject, left=scene.header.text + " " + left, subject=False)
    fresh = re.search(r"[;:—–]\s*$|^\s*$", text[: phrase.start])
    if re.match(r"\W*$", left) and fresh is None:
        return replace(subject, left=_without_opening(text[: phrase.start]), subject=False)
    return subject


def _governor(scene: Scene, phrase: Phrase, left: str) -> str | None:
    """The words with the verb that governs the phrase from its left, if there is one."""
    text, verbs = scene.text, pattern(*POLICY_VERBS, "future", "facing")
    before = text[phrase.clause.start : phrase.left]
    first = verbs.search(left)
    if first is not None:
        shared = not left.strip() or re.search(
            r"(?:,|\b(?:and|or|but))\s*(?:also |then )?$", left[: first.start()]
        )
        lead = text[: phrase.left] if _only_participles(left) else before if shared else ""
        return lead + left
    return before + left if before and verbs.search(before) else None


def _only_participles(left: str) -> bool:
    """True if the words hold a participle but no finite verb, as in "including by imposing"."""
    found = [match.group() for match in pattern(*POLICY_VERBS, "future").finditer(left)]
    bare = re.search(r"\b(?:is|are|was|were|be|been|has|have)\b", left)
    return bool(found) and all(word.endswith("ing") for word in found) and not bare


def _without_opening(words: str) -> str:
    """The words without an opening adverbial, "Following a review by ..., ", and without titles of legal acts."""
    return LEGAL_TITLE.sub(" ", OPENING.sub("", words))


def _is_talk(scene: Scene, phrase: Phrase) -> bool:
    """True for praise, studies, carve-outs by reference and other talk about tariffs that sets none."""
    text = scene.text
    if (
        HYPOTHETICAL.search(text[: phrase.start])
        or TOTAL.search(text[: phrase.end][-60:])
        or STUDY.search(text)
        or COMPONENT.search(text[phrase.clause.start : phrase.end])
    ):
        return True
    own_rate = any(phrase.start <= figure.start < phrase.right for figure in scene.percents)
    left = NOMINAL.sub(" ", text[phrase.left : phrase.start])
    if EFFECTS.search(text[phrase.end : phrase.right]) and not pattern(*POLICY_VERBS).search(left):
        return True
    around = text[phrase.clause.start : phrase.start] + " " + text[phrase.end : phrase.right]
    return bool(CARVE_OUT.search(around)) and not own_rate


def _from_phrase(scene: Scene, phrase: Phrase, earlier: str | None) -> Iterator[Draft]:
    words = words_of(scene, phrase)
    figures = duties.figures(scene, phrase.start, phrase.right)
    current = [figure for figure in figures if not figure.prior]
    if not current:
        figures += duties.governed(scene, phrase)
        current = [figure for figure in figures if not figure.prior]
    if len(current) > 1:
        series = list(_series(scene, phrase, words, current, earlier))
        if len(series) > 1:
            yield from series
            return
    if not current and BASE_RATE.search(scene.text[max(phrase.left, phrase.start - 8) : phrase.end]):
        return
    rate = rates.rate_of(scene, phrase, words, figures)
    if rate.low is None and rate.high is None and not _stands_alone(scene, phrase, words):
        return
    yield from _mutual(_draft(scene, phrase, words, rate, earlier), phrase)


def _stands_alone(scene: Scene, phrase: Phrase, words: stages.Words) -> bool:
    """True if a phrase without a rate is done something to: imposed, paused, considered, threatened."""
    if words.subject:
        supposed = re.search(r"\b(?:if|unless|once|when|until)\b", words.left, re.IGNORECASE)
        return bool(STATE.search(words.right)) and not ANAPHOR.match(words.phrase) and not supposed
    verbs = list(pattern(*POLICY_VERBS, "negotiate").finditer(words.left))
    if not verbs:
        return False
    gap = words.left[verbs[-1].end() :]
    pronoun = bool(gap.split()) and bool(ANAPHOR.match(gap.split()[-1] + " " + words.phrase))
    return not pronoun and duties.governs(gap)


def _mutual(draft: Draft, phrase: Phrase) -> Iterator[Draft]:
    """A duty that two governments ease together acts on both sides: "the UK and the EU agreed to eliminate ..."."""
    scene = draft.scene
    subject = next(reversed(grammar.subjects(scene, phrase.start)), None)
    sides = [imposers.code_of(m) for m in grammar.joint(scene, subject)] if subject is not None else []
    named = grammar.hit(scene, phrase.end, phrase.right)
    if len(set(sides)) != 2 or draft.direction != "liberalise" or named or draft.imposer not in sides:
        yield draft
        return
    for one, other in (sides, reversed(sides)):
        yield replace(draft, imposer=one, partners=(other,), rule=draft.rule.replace("+", ".mutual+", 1))


def _series(
    scene: Scene, phrase: Phrase, words: stages.Words, figures: list[Percent], earlier: str | None
) -> Iterator[Draft]:
    """Several rates of one phrase, each with its own partner or goods: "34% on China, 20% on the EU"."""
    text = scene.text
    rate_first = bool(
        re.match(r"[\s\w]{0,24}?\b(?:on|for|against|from|to)\b", text[figures[0].end : figures[1].wide_start])
    )
    by_partner = bool(grammar.hit(scene, figures[1].wide_start, phrase.right)) if rate_first else True
    for place, figure in enumerate(figures):
        if rate_first:
            start = figure.end
            end = figures[place + 1].wide_start if place + 1 < len(figures) else phrase.right
        else:
            start = figures[place - 1].end if place else phrase.left
            end = figure.wide_start
        named = [
            m
            for m in scene.mentions
            if start <= m.start < end and m.kind not in ("leader", "office", "agreement", "metonym")
        ]
        goods, goods_end = covered.after(text, start, end)
        if not named and not goods:
            continue
        one = _draft(scene, phrase, words, rates.Rate(figure.low, figure.high, figures=(figure,)), earlier)
        own = details.codes([m for m in named if m.code != one.imposer])
        own = own or (one.partners if not by_partner or details.universal(text[start:end]) else ())
        first = min([figure.wide_start, *(m.start for m in named), *([start] if goods and rate_first else [])])
        last = max([figure.end, *(m.end for m in named), *([goods_end] if goods else [])])
        yield replace(
            one,
            partners=own,
            products=goods or one.products,
            start=first if place or not rate_first else min(phrase.start, first),
            end=last,
            rule=one.rule.replace("tariff.rate", "tariff.series"),
            confidence=0.9,
        )


def _draft(scene: Scene, phrase: Phrase, words: stages.Words, rate: rates.Rate, earlier: str | None) -> Draft:
    text = scene.text
    imposer = imposers.find(scene, phrase.start, phrase.head, phrase.right, earlier=earlier)
    named = _partners(scene, phrase, imposer)
    goods = covered.goods(scene, phrase)
    direction = _direction(words, rate)
    whole = _neighbourhood(scene, phrase)
    effective = details.effective_day(scene, *whole) if not words.keeps else None
    setting = stages.Setting(
        act=scene.context.act and imposer.code in (scene.context.host, scene.context.home),
        current=scene.current,
        background=scene.background,
        agreement=scene.context.agreement,
        eases=direction == "liberalise",
        ahead=effective is not None and effective > scene.context.anchor,
    )
    stage, stage_rule = stages.stage_of(words, setting)
    quota = bool(QUOTA.search(text) and rate.figures)
    kept = stage == "suspended" or (stage == "in_force" and words.keeps)
    start, end = _evidence(scene, phrase, rate, named, goods)
    program = PROGRAM.search(words.phrase)
    return Draft(
        scene=scene,
        start=start,
        end=end,
        rule=f"tariff.{_shape(phrase, rate)}+{stage_rule}",
        instrument="tariff_rate_quota" if quota else "tariff",
        stage=stage,
        imposer=imposer.code,
        direction="maintain" if kept else "liberalise" if quota else direction,
        partners=covered.targets(scene, phrase, named, goods.words, imposer.code),
        target_group=details.target_group(text[phrase.left : phrase.right]),
        products=goods.words,
        low=rate.low,
        high=rate.high,
        prior=rate.prior,
        rate_kind=rate.kind,
        affected=details.affected(scene, phrase.end),
        effective=effective,
        ends=details.end_day(scene, *whole),
        conditions=details.conditions(text[phrase.end : whole[1]]),
        legal_basis=details.legal_basis(text[whole[0] : phrase.right])
        or details.basis(scene, text[phrase.right : whole[1]], stage),
        confidence=_confidence(rate, named, imposer, stage_rule),
        program=_program(words, program),
        definite=bool(DEFINITE.match(text[max(0, phrase.start - 6) : phrase.end].lstrip())),
    )


def _program(words: stages.Words, named: re.Match[str] | None) -> str | None:
    """What sets this duty apart from others of the same government: its name, its statute, or being another."""
    if re.match(r"(?:other|additional|new|further)\b", words.phrase, re.IGNORECASE) and not named:
        return "other" if re.match(r"other\b", words.phrase, re.IGNORECASE) else None
    return next((one for one in named.groups() if one), None) if named else None


def _shape(phrase: Phrase, rate: rates.Rate) -> str:
    if not rate.figures:
        return "named" if rate.low is None else "zero"
    if rate.figures[-1].end <= phrase.end and rate.figures[-1].start >= phrase.start:
        return "rate_inside"
    return "rate_before" if rate.figures[0].start < phrase.start else "rate_after"


def _neighbourhood(scene: Scene, phrase: Phrase) -> tuple[int, int]:
    """Where dates of this phrase may stand: between the phrases of duty before and after it."""
    others = duties.phrases(scene)
    following = [other.start for other in others if other.start > phrase.start]
    preceding = [other.end for other in others if other.end <= phrase.start]
    return max(preceding, default=0), min(following, default=len(scene.text))


def _direction(words: stages.Words, rate: rates.Rate) -> Direction:
    top = rate.high if rate.high is not None else rate.low
    if rate.prior is not None and top is not None:
        return "liberalise" if top < rate.prior else "restrict"
    if stages.FUTURE_PAUSE.search(words.left):
        return "liberalise"
    if top == 0.0 or LOWER_NOUN.match(words.phrase) or CAPPED.search(words.all):
        return "liberalise"
    verbs = [m.group() for m in pattern("restrict", "ease").finditer(words.left)]
    if verbs:
        return "liberalise" if pattern("ease").fullmatch(verbs[-1]) else "restrict"
    return "liberalise" if words.subject and pattern("ease").search(words.right) else "restrict"


def _confidence(rate: rates.Rate, named: list[Mention], imposer: imposers.Imposer, stage_rule: str) -> float:
    """By rule: a rate, a named partner, an imposer in the sentence and a stage from explicit words each add."""
    explicit = imposer.how in ("owner", "agent", "subject")
    points = (
        0.5 + 0.2 * bool(rate.figures) + 0.1 * bool(named) + 0.1 * explicit + 0.1 * (stage_rule != "stage.default")
    )
    return round(min(points, 1.0), 2)


def _evidence(
    scene: Scene, phrase: Phrase, rate: rates.Rate, named: list[Mention], goods: covered.Goods
) -> tuple[int, int]:
    """The shortest stretch with verb, instrument, rate and target."""
    text = scene.text
    starts = [
        phrase.start,
        *(one.wide_start for one in rate.figures),
        *(m.start for m in named if m.start >= phrase.left),
    ]
    ends = [phrase.end, *(one.end for one in rate.figures), *(m.end for m in named if m.start < phrase.right)]
    if goods.end > phrase.start:
        ends.append(goods.end)
        starts.append(goods.start)
    start, end = min(starts), max(ends)
    verbs = list(pattern(*POLICY_VERBS, "future").finditer(text, phrase.left, start))
    if verbs:
        reach = 160 if _only_participles(text[verbs[-1].start() : start]) else 90
        near = start - verbs[0].end() < reach
        start = verbs[0].start() if near else verbs[-1].start()
    state = STATE.match(text[phrase.end : phrase.right])
    if not verbs and state:
        end = max(end, phrase.end + state.end())
    return start, min(end, len(text))


def _partners(scene: Scene, phrase: Phrase, imposer: imposers.Imposer) -> list[Mention]:
    """Named partners that the phrase hits: inside it, after it, or before it as those who face it."""
    skip = imposer.mention
    purpose = covered.PURPOSE.search(scene.text, phrase.end, phrase.right)
    reach = purpose.start() if purpose else phrase.right
    right = [m for m in grammar.hit(scene, phrase.end, reach) if m != skip and m.code != imposer.code]
    inside = [
        m
        for m in scene.mentions
        if phrase.start <= m.start < phrase.head
        and m != skip
        and m.code != imposer.code
        and m.kind not in ("agreement", "leader", "office")
    ]
    if right or inside:
        return inside + right
    facing = [
        m
        for m in scene.mentions
        if m.end <= phrase.start
        and m.start >= phrase.clause.start
        and grammar.faces(scene, m)
        and m.code != imposer.code
    ]
    if facing:
        return [m for m in grammar.joint(scene, facing[-1]) if m.code != imposer.code]
    return [m for m in grammar.hit(scene, phrase.left, phrase.start) if m != skip and m.code != imposer.code]
