"""Realised quantities of the economy and of trade: statistics, with level, change and period."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.policy import Evidence, Statistic
from headway.reading.clauses import Clause, clauses
from headway.reading.scene import Scene

ITEM = re.compile(
    r"\b(?P<item>(?:(?:[A-Z][\w.]*|total|annual|goods|services|merchandise|current account|trade|vehicle|car|"
    r"chip|semiconductor|steel|crude|"
    r"oil|industrial|manufacturing|agricultural|capacity|domestic|global|monthly|daily|outbound|inbound|"
    r"overall|bilateral|two-way|net|retail|consumer|"
    r"auto|automobile|average|real|export|import|foreign|direct|EV|battery|ship|overseas|exports of|imports of|"
    r"in)\s+){0,5}?"
    r"(?:exports?|imports?|shipments|sales|production|output|GDP|gross domestic product|deficit|surplus|trade "
    r"volume|"
    r"goods trade|trade balance|trade|utili[sz]ation(?: rate)?|share|employment|unemployment(?: rate)?|"
    r"inflation|prices|growth|"
    r"orders|revenues?|reserves|spending|exchange rate|market share|investment position|payrolls|jobs)\b"
    r"(?:\s+(?:of|in|with|to|from|for)\s+(?:[\w’'.\-]+\s?){1,4}?(?=\s(?:was|were|is|are|rose|fell|jumped|grew|"
    r"reached|totaled|totalled|stood|came|hit|amounted|"
    r"exceeded|dropped|declined|surged|climbed|exploded|increased|decreased|has|had)\b))?)",
)
REALISED = re.compile(
    r"\b(?:was|were|rose|fell|jumped|grew|reached|reaching|totaled|totalled|stood at|came to|hit|amounted|"
    r"exceeded|dropped|declined|surged|climbed|exploded|"
    r"increased|decreased|shrank|slumped|plunged|gained|edged|expanded|contracted|posted|recorded|logged|"
    r"averaged|accounted|accounts|employs|"
    r"employed|produced|manufactured|exported|imported|bought|sold|represented|slid|soared|doubled|tripled|"
    r"narrowed|widened|became|ran|"
    r"has fallen|has risen|have fallen|have risen|falling|rising|up|down|remains|worth|controls|controlled|"
    r"make up|makes up|is)\b",
    re.IGNORECASE,
)
FORWARD = re.compile(
    r"\b(?:expected|forecast|project(?:ed|s|ion)|predict\w*|will|would|could|may|might|likely|target(?:s|ed|"
    r"ing)?|plan\w*|aim\w*|commit\w*|pledg\w*|"
    r"estimated to|set to|poised|purchase|invest(?:s|ed|ing)?\b|subsid\w+|grants?|opportunity)\b",
    re.IGNORECASE,
)
NOT_ECONOMIC = re.compile(
    r"\b(?:border|crossings|migra\w+|illegal|fentanyl|drugs?|overdos\w+|cartel\w*|deaths?|crim\w+|troops|"
    r"defense spending|popul\w+|approval rating|poll|votes?)\b",
    re.IGNORECASE,
)
UP = re.compile(
    r"\b(?:rose|jump\w*|grew|grow\w*|surg\w*|climb\w*|explod\w*|increas\w*|gain\w*|expand\w*|soar\w*|ris(?:e|"
    r"en|ing)|up|higher|edged up|advanc\w+)\b",
    re.I,
)
DOWN = re.compile(
    r"\b(?:fell|fall\w*|drop\w*|declin\w*|decreas\w*|shr[aiu]nk\w*|slump\w*|plung\w*|contract\w*|slid\w*|down|"
    r"lower|narrow\w*|tumbl\w*|plummet\w*|dip\w*)\b",
    re.I,
)
PERIOD = re.compile(
    r"\b(?:between (?:19|20)\d\d and (?:19|20)\d\d|from (?:19|20)\d\d to (?:19|20)\d\d|since (?:19|20)\d\d|"
    r"(?:the )?(?:first|second|third|fourth|last|latest) (?:quarter|half|(?:\w+ )?months)(?: of (?:the year|"
    r"this year|last year|(?:19|20)\d\d))?|"
    r"Q[1-4](?: (?:19|20)\d\d)?|(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:,? (?:19|20)\d\d)?|"
    r"last (?:year|month|quarter|week)|this (?:year|month|quarter)|(?:the )?fiscal year(?: (?:19|20)\d\d)?|"
    r"(?:19|20)\d\d)\b"
)
COUNT = re.compile(
    r"(?P<value>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>trillion|billion|million|thousand)?[ -](?P<unit>(?:metric "
    r")?(?:tons|tonnes)|barrels(?: per day)?|"
    r"vehicles|cars|units|jobs|workers|automobiles|kilograms|ships|vessels|companies|percentage points)\b",
    re.IGNORECASE,
)
ORDINAL = {
    "largest": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
RANK = re.compile(
    r"\b(?:became|is|was|remains|ranked(?: as)?|ranks)\s+the\s+(?:world[’']s\s+)?(?P<rank>second|third|fourth|"
    r"fifth|sixth|seventh|eighth|ninth|tenth)[- ]"
    r"(?:largest|biggest|most)\s+(?P<item>[\w ]{3,50}?)(?:\s+in the world|\s+globally|,|\.|$)",
    re.IGNORECASE,
)
FRACTION = re.compile(
    r"\b(?:more than |over |nearly |almost |about )?(?P<word>half|two-thirds|two thirds|one-third|one third|a "
    r"third|three-quarters|a quarter|one-quarter)\b(?= (?:of|the))"
)
FRACTIONS = {"half": 50.0, "third": 33.3, "two": 66.7, "quarter": 25.0, "three": 75.0}


def statistics(scene: Scene, taken: list[tuple[int, int]]) -> Iterator[Statistic]:
    """Every statistic of a sentence; `taken` holds the spans in it that measures already claim. Ids are "
    "empty."""
    if NOT_ECONOMIC.search(scene.text):
        return
    for clause in _statistical_clauses(scene):
        if any(start < clause.end and clause.start < end for start, end in taken):
            continue
        found = _read(scene, clause)
        if found is not None:
            yield found


def _statistical_clauses(scene: Scene) -> Iterator[Clause]:
    for clause in clauses(scene.text):
        words = scene.text[clause.start : clause.end]
        if RANK.search(words) or (ITEM.search(words) and REALISED.search(words) and not FORWARD.search(words)):
            yield clause


def _read(scene: Scene, clause: Clause) -> Statistic | None:
    words = scene.text[clause.start : clause.end]
    rank = RANK.search(words)
    if rank:
        return _statistic(
            scene,
            clause,
            item=f"{rank.group('item').strip()} rank",
            value=float(ORDINAL[rank.group("rank").lower()]),
            unit="rank",
            change=None,
            rank=True,
        )
    item = ITEM.search(words)
    change, level_percent = _percents(scene, clause)
    money = next((a for a in scene.amounts if clause.start <= a.start < clause.end), None)
    count = COUNT.search(words)
    if money:
        value, unit = money.value, money.unit
    elif count:
        value, unit = (
            float(count.group("value").replace(",", "")),
            f"{count.group('scale') or ''} {count.group('unit')}".strip(),
        )
    elif level_percent is not None:
        value, unit = level_percent, "percent"
    elif change is None:
        return None
    else:
        value, unit = None, None
    return _statistic(scene, clause, item=_item_words(scene, clause, item), value=value, unit=unit, change=change)


def _percents(scene: Scene, clause: Clause) -> tuple[float | None, float | None]:
    """The signed change and the level that the clause's percentages give."""
    change = level = None
    for figure in scene.percents:
        if not clause.start <= figure.start < clause.end:
            continue
        before = scene.text[clause.start : figure.wide_start]
        if re.search(
            r"\b(?:to|at|of|was|were|is|for|only|approximately|about)\s+(?:only |about |just |nearly )?$", before
        ) and not re.search(r"\ba (?:decline|decrease|drop|rise|increase|jump|gain) of\s+$", before):
            level = figure.value
        elif figure.prior:
            continue
        else:
            ups, downs = list(UP.finditer(before)), list(DOWN.finditer(before))
            last_up, last_down = (ups[-1].start() if ups else -1), (downs[-1].start() if downs else -1)
            if last_up == last_down == -1:
                level = figure.value
            elif change is None:
                change = figure.value if last_up > last_down else -abs(figure.value)
    return change, level


def _item_words(scene: Scene, clause: Clause, item: re.Match[str] | None) -> str:
    if item is None:
        return "output"
    words = item.group("item")
    for mention in scene.mentions:
        words = (
            words.replace(scene.text[mention.start : mention.end], "").strip()
            if words.startswith(scene.text[mention.start : mention.end])
            else words
        )
    return re.sub(r"^(?:In|The|the|in|As)\s+", "", re.sub(r"\s+", " ", words)).strip() or "trade"


def _statistic(
    scene: Scene,
    clause: Clause,
    *,
    item: str,
    value: float | None,
    unit: str | None,
    change: float | None,
    rank: bool = False,
) -> Statistic:
    text = scene.text
    period = PERIOD.search(text[clause.start : clause.end]) or PERIOD.search(text)
    subject = next(
        (
            m.code
            for m in scene.mentions
            if clause.start <= m.start < clause.end
            and not re.search(r"\b(?:with|to|from|in)\s+(?:the )?$", text[: m.start])
        ),
        None,
    )
    start, end = scene.sentence.start + clause.start, scene.sentence.start + clause.end
    source = scene.context.passage.source
    while end > start and source[end - 1] in " .,;":
        end -= 1
    rule = "statistic.rank" if rank else "statistic.level" if value is not None else "statistic.change"
    return Statistic(
        id="",
        subject=subject or scene.context.home or "",
        item=item,
        value=value,
        unit=unit,
        change_pct=change,
        period=period.group() if period else None,
        note="record"
        if re.search(r"\b(?:record|all-time|new (?:annual )?high)\b", text[clause.start : clause.end])
        else None,
        evidence=Evidence(text=source[start:end], start=start, end=end, rule=rule),
    )
