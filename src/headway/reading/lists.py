"""Lists of rates by country: bullets such as "Japan (25%)" whose subject stands in a header or the lines before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.policy.records import Stage
from headway.reading import covered, details, duties, imposers, stages
from headway.reading.drafts import Draft
from headway.reading.lexicon import pattern
from headway.reading.numbers import Percent
from headway.reading.partners import Mention
from headway.reading.scene import Scene

SEPARATOR = re.compile(r"[\s()\[\]:–—,=|-]*(?:at|of|up to|rate)?[\s()\[\]:–—,=|-]*")
LOOK_BACK = 60
IMPOSE = re.compile(
    r"^\s?\)?\s(?:\w+\s){0,2}?(?:impos\w+|lev(?:y|ies)|charg\w+|appl(?:y|ies)|have|has|maintain\w*|put)\b"
)


def is_entry(scene: Scene) -> bool:
    """True if the sentence is nothing but partners and one rate."""
    if not scene.mentions or len(scene.percents) != 1 or duties.phrases(scene):
        return False
    if not duties.can_be_rate(scene.percents[0]):
        return False
    figure, text = scene.percents[0], scene.text
    rest = text[: figure.wide_start] + " " + text[figure.end :]
    for mention in scene.mentions:
        rest = rest.replace(text[mention.start : mention.end], " ")
    return len(re.findall(r"\w+", re.sub(r"\b(?:and|the|of|at|up|to|rate|tariff)\b", "", rest))) == 0


def drafts(scene: Scene, before: tuple[Scene, ...], earlier: str | None) -> Iterator[Draft]:
    """The measure of one list entry; its instrument, stage and dates come from the nearest sentence on duties."""
    if not is_entry(scene):
        return
    source = _subject_of(scene, before)
    if source is None:
        return
    figure = scene.percents[0]
    named = [m for m in scene.mentions if m.kind not in ("leader", "office", "agreement")]
    words = stages.Words(_lead(scene, before), "", "", subject=False)
    setting = stages.Setting(
        scene.context.act, background=False, agreement=scene.context.agreement, eases=False, ahead=False
    )
    stage, stage_rule = stages.stage_of(words, setting)
    imposer = (
        imposers.find(source, 0, 0, 0, earlier=earlier).code if not scene.context.host else scene.context.host
    )
    effective = next(
        (day for one in reversed(before) if (day := details.effective_day(one, 0, len(one.text)))), None
    )
    yield Draft(
        scene=scene,
        start=min(named[0].start, figure.start),
        end=_closing(scene.text, max(named[-1].end, figure.end)),
        rule=f"tariff.list+{stage_rule}",
        instrument="tariff",
        stage=stage,
        imposer=imposer,
        partners=tuple(code for code in details.codes(named) if code != imposer),
        products=("all goods",),
        low=figure.low,
        high=figure.high,
        effective=effective,
        confidence=0.9,
        program="reciprocal" if any("reciprocal" in one.text.lower() for one in before) else None,
    )


def _subject_of(scene: Scene, before: tuple[Scene, ...]) -> Scene | None:
    return next((one for one in reversed(before) if duties.phrases(one)), None)


def _lead(scene: Scene, before: tuple[Scene, ...]) -> str:
    """The sentence that introduces the list: the header if it announces, else the nearest on duties."""
    if scene.header is not None and pattern("announce", "restrict", "future").search(scene.header.text):
        return scene.header.text
    source = _subject_of(scene, before)
    return source.text if source is not None else ""


def _closing(text: str, end: int) -> int:
    return end + 1 if text[end : end + 1] in (")", "]") else end


def bracketed(scene: Scene, earlier: str | None) -> Iterator[Draft]:
    """Rates in brackets after partners: "the EU (10%) and India (70%) impose higher duties", "on Japan (24%)".

    The partners impose the duty if they are the subject of imposing, and face it otherwise.
    """
    found = _in_brackets(scene)
    heads = duties.phrases(scene)
    if not found or not heads or is_entry(scene):
        return
    first, last = found[0][0].start, found[-1][1].end
    impose = bool(IMPOSE.match(scene.text[last:]))
    stage, rule = _stage_around(scene, first, last, impose=impose)
    imposer = None if impose else imposers.find(scene, first, first, last, earlier=earlier).code
    goods = _goods_before(scene, heads, first)
    for mention, figure in found:
        own = imposers.code_of(mention)
        yield Draft(
            scene=scene,
            start=mention.start,
            end=_closing(scene.text, figure.end),
            rule=f"tariff.bracketed+{rule}",
            instrument="tariff",
            stage=stage,
            imposer=own if impose else imposer,
            partners=("ALL",) if impose else (own,),
            products=goods or ("all goods",),
            low=figure.low,
            high=figure.high,
            confidence=0.8,
        )


def _in_brackets(scene: Scene) -> list[tuple[Mention, Percent]]:
    """Partners with the rate in brackets behind each."""
    return [
        (mention, figure)
        for mention in scene.mentions
        for figure in scene.percents
        if mention.kind not in ("leader", "office", "agreement")
        and duties.can_be_rate(figure)
        and re.fullmatch(r"\s?\(\s?", scene.text[mention.end : figure.wide_start])
    ]


def _stage_around(scene: Scene, first: int, last: int, *, impose: bool) -> tuple[Stage, str]:
    if impose:
        return "in_force", "stage.present"
    setting = stages.Setting(
        scene.context.act, scene.background, scene.context.agreement, eases=False, ahead=False
    )
    return stages.stage_of(stages.Words(scene.text[:first], scene.text[last:], "", subject=False), setting)


def _goods_before(scene: Scene, heads: tuple[duties.Phrase, ...], first: int) -> tuple[str, ...]:
    named = (covered.goods(scene, phrase).words for phrase in reversed(heads) if phrase.end <= first)
    return next((words for words in named if words), ())
