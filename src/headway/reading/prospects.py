"""What the text expects: outlooks with direction, horizon and drivers; and sectors named as opportunities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.policy import Evidence, Opportunity, Outlook
from headway.policy.records import OutlookDirection
from headway.reading.scene import MASK, Scene

EXPECTED = re.compile(
    r"\b(?:(?:is|are|was|were) (?:widely |also |still )?(?:expected|likely|projected|forecast(?:ed)?|predicted|"
    r"anticipated|estimated|set|poised) to\b|"
    r"will (?:likely|probably)\b|is likely\b|are likely\b|(?:is|are) expected\b)",
    re.IGNORECASE,
)
FORECASTS = re.compile(
    r"\b(?:expects?|expected|forecasts?|predicts?|predicted|projects?|projected|"
    r"anticipates?)\s+(?:that\s+)?(?!to\b)"
    r"(?P<item>[^.;,]{3,90}?)\s+(?:to|will|would)\s+(?P<what>[^.;]{3,140})"
)
OUTLOOK_FOR = re.compile(
    r"\b(?:a|the|its)?\s*(?:\w+ )?(?P<tone>negative|gloomy|bleak|dim|positive|bright|uncertain|weak|poor|rosy|"
    r"favou?rable|cautious|grim)\s+outlook\s+(?:for|on)\s+(?P<item>[^.;]{3,140})",
    re.IGNORECASE,
)
EFFECT = re.compile(
    r"^\W*(?:This|The (?:move|measure|decision))\s(?:\w+ ){0,3}?will\s(?:also\s|"
    r"help\s)?(?P<verb>improve|boost|increase|raise|reduce|lower|cut|expand|shrink|"
    r"hurt|depress|lift)\s(?P<item>[^.;,]{3,90})",
)
UP = re.compile(
    r"\b(?:grow|rise|recover|improve|increase|expand|rebound|be (?:particularly )?high|high|remain (?:high|"
    r"strong|elevated)|strong|accelerate|boost|surge|gain|up|"
    r"become operational|hit (?:a )?(?:new )?(?:record )?highs?|exceed|reach|positive|bright|rosy|favou?rable|"
    r"raise|lift|outpace|mount)\b",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:difficult|decline|decrease|fall|drop|slow(?:down)?|weaken|worsen|deteriorate|contract|shrink|"
    r"negative|gloomy|bleak|dim|weak|poor|grim|struggle|suffer|"
    r"sluggish|low|plunge|tough|reduce|lower|cut|hurt|depress|headwinds|setback)\b",
    re.IGNORECASE,
)
STABLE = re.compile(r"\b(?:stable|flat|unchanged|steady|hold)\b", re.IGNORECASE)
DRIVERS = re.compile(
    r"\b(?:due to|because of|owing to|on the back of|driven by|led by|thanks to|stemming from|as a result of|"
    r"attributable to|amid|on account of)\s+(?P<drivers>[^.;”\"]{3,220})",
    re.IGNORECASE,
)
HORIZON = re.compile(
    r"\b(?:(?:the )?(?:first|second|latter) half(?: of (?:the year|this year|next year|20\d\d))?|(?:the "
    r")?(?:first|second|third|fourth) quarter(?: of \w+)?|"
    r"this (?:year|month|quarter)|next (?:year|month|quarter)|(?:the )?(?:next|coming|following) (?:\w+ "
    r")?(?:years?|months?|weeks|decades?|quarters?)|"
    r"the short term|the long run|the near (?:term|future)|by 20\d\d|in 20\d\d)\b",
    re.IGNORECASE,
)
NOT_A_FORECAST = re.compile(
    r"\b(?:sign|signed|travel|visit|arrive|meet|speak|attend|hold|adopted|announce|apply|appl|take effect|"
    r"impose[d]?|issue|propose|discuss)\b",
    re.I,
)
CHANGE_WORDS = re.compile(r",? (?:including|with|such as)\b.*$")

AREAS = re.compile(
    r"\b(?:(?:in|across) (?:the )?(?:areas?|fields?|sectors?) (?:of|such as|like)|including but not limited to|"
    r"(?:areas?|sectors?|fields?|industries) (?:such as|including|like)|"
    r"cooperat\w+ in|collaborat\w+ in|opportunit(?:y|ies) (?:in|for|arise in))\s+(?P<list>[^.;:]{3,220})",
    re.IGNORECASE,
)
CITED = re.compile(
    r"\b(?:cit(?:ed|ing)|nam(?:ed|ing)|identif(?:ied|ying)|highlight(?:ed|ing)|mention(?:ed|ing)|singled out|"
    r"pointed to|"
    r"picked)\s+(?:the\s+)?(?P<list>[\w\s,&/-]{3,120}?)(?:\s+(?:industr(?:y|ies)|sectors?|fields?|"
    r"business(?:es)?))?\s+"
    r"as\s+(?:\w+ ){0,3}?(?:potential|promising|possible|key|new|areas?|fields?|candidates?|sectors?)\b[^.;]*",
    re.IGNORECASE,
)
COOPERATION = re.compile(
    r"\b(?:cooperat\w+|co-operat\w+|collaborat\w+|partner\w*|invest\w*|opportunit\w+|commercial deals|"
    r"openings?|joint ventures?)\b",
    re.IGNORECASE,
)
NOT_SECTORS = re.compile(
    r"\b(?:peace|security|cyber|space|denuclear|military|labor|rights|environment|law|customs|policy|trade$|"
    r"this|these|our|strategic investments)\b",
    re.IGNORECASE,
)


def outlooks(scene: Scene) -> Iterator[Outlook]:
    """Every forward-looking statement on an economic item in a sentence. Ids are empty."""
    text = scene.flat
    for match in OUTLOOK_FOR.finditer(text):
        item = re.split(r"\s(?:in|for|due|amid|because|this|next)\s", match.group("item"))[0]
        yield _outlook(
            scene, match.start(), match.end(), item=item, words=match.group("tone"), rule="outlook.named"
        )
    for match in FORECASTS.finditer(text):
        if _direction(match.group("what")) and not NOT_A_FORECAST.match(match.group("what")):
            yield _outlook(
                scene,
                match.start("item"),
                match.end(),
                item=match.group("item"),
                words=match.group("what"),
                rule="outlook.forecast",
            )
    for match in EXPECTED.finditer(text):
        item_start = _subject_start(text, match.start())
        item, rest = text[item_start : match.start()].strip(" “\"'‘"), text[match.end() :]
        rest = re.split(r"[.;”\"]|, (?:said|according|but)\b", rest)[0]
        if (
            item
            and not NOT_A_FORECAST.match(rest.strip())
            and _direction(rest)
            and not re.fullmatch(r"(?:which|that|it|they|and|he|she)", item, re.I)
        ):
            yield _outlook(
                scene, item_start, match.end() + len(rest), item=item, words=rest, rule="outlook.expected"
            )
    effect = EFFECT.match(text)
    if effect and not scene.background:
        yield _outlook(
            scene,
            effect.start(),
            effect.end(),
            item=re.split(r"\s(?:by|for|to|in)\s", effect.group("item"))[0],
            words=effect.group("verb"),
            rule="outlook.effect",
        )


def _subject_start(text: str, end: int) -> int:
    breaks = [
        m.end() for m in re.finditer(r"(?:[,;:—“\"]\s?|\b(?:said|says|that|but|and|while|added)\s)", text[:end])
    ]
    return breaks[-1] if breaks else 0


def _direction(words: str) -> OutlookDirection | None:
    if re.search(r"\bnot\b.{0,20}\bexpected\b", words):
        return "not_expected"
    down, up = DOWN.search(words), UP.search(words)
    if down and (not up or down.start() < up.start()):
        return "down"
    return "up" if up else "stable" if STABLE.search(words) else None


def _outlook(scene: Scene, start: int, end: int, *, item: str, words: str, rule: str) -> Outlook:
    stretch = scene.flat[start:end]
    drivers = DRIVERS.search(stretch)
    horizon = HORIZON.search(stretch)
    begin = scene.sentence.start + start
    source = scene.context.passage.source
    stop = scene.sentence.start + end
    while stop > begin and source[stop - 1] in ' ,.”"':
        stop -= 1
    while begin < stop and source[begin] in ' “"':
        begin += 1
    named = drivers.group("drivers").replace(MASK, ".") if drivers else ""
    return Outlook(
        id="",
        item=(CHANGE_WORDS.sub("", item) if len(item) > 60 else item).replace(MASK, "."),
        direction=_direction(words) or "stable",
        horizon=horizon.group() if horizon else None,
        drivers=_drivers(named),
        evidence=Evidence(text=source[begin:stop], start=begin, end=stop, rule=rule),
    )


def _drivers(words: str) -> tuple[str, ...]:
    pieces = re.split(r",? as well as |,? and (?=the |rising |geo|supply|weak|slow)", words)
    return tuple(piece.strip(' ,”"') for piece in pieces if piece.strip(' ,”"'))


def opportunities(scene: Scene) -> Iterator[Opportunity]:
    """Every sector that a sentence names as an area of co-operation or an opening. Ids are empty."""
    text = scene.flat
    cited = CITED.search(text)
    areas = AREAS.search(text) if COOPERATION.search(text) else None
    match = cited or areas
    if match is None:
        return
    start, end = match.span()
    stop = re.search(r"\s(?:as|to|that|which|approved|between|with|under|through|by)\s", match.group("list"))
    listed = match.group("list")[: stop.start()] if stop and not cited else match.group("list")
    if not cited:
        end = match.start("list") + len(listed)
    sectors = [
        piece
        for piece in re.split(r",\s*(?:and\s+|or\s+)?|\s+and\s+", listed.strip(" ,"))
        if piece and len(piece.split()) <= 4 and not NOT_SECTORS.search(piece)
    ]
    others = (m.code for m in scene.mentions if m.code != scene.context.home and m.kind != "agreement")
    partner = next(others, None) or next(iter(scene.context.topic), None) or scene.context.other
    source, base = scene.context.passage.source, scene.sentence.start
    quote = Evidence(
        text=source[base + start : base + end],
        start=base + start,
        end=base + end,
        rule="opportunity.cited" if cited else "opportunity.areas",
    )
    for sector in sectors:
        yield Opportunity(id="", sector=sector.replace(MASK, "."), counterpart=partner, evidence=quote)
