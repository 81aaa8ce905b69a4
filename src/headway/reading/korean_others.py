"""Statistics, outlooks, actions and opportunities in Korean sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from headway.policy import Action, Evidence, Opportunity, Outlook, Statistic
from headway.policy.records import ActionStatus, OutlookDirection
from headway.reading.clauses import product_words
from headway.reading.korean import Piece, pieces
from headway.reading.scene import Scene

ITEM = re.compile(
    r"(?P<item>(?:[가-힣A-Za-z·\d]+(?:의)?\s){0,4}?(?:수출|수입|무역수지|무역적자|무역흑자|경상수지|생산|판매|"
    r"고용|성장률|물가|수출액|수입액|점유율))(?:은|는|이|가|도|액은)"
)
CHANGE = re.compile(r"(?P<value>\d[\d,]*(?:\.\d+)?)\s?%\s?(?P<way>증가|감소|상승|하락|늘|줄|급증|급감|확대|축소)")
FORWARD = re.compile(r"전망|예상|예정|계획|목표|할 것|우려|기대|위협")
PERIOD = re.compile(
    r"(?:20\d\d년\s?)?(?:\d{1,2}월|[1-4]분기|상반기|하반기)(?:까지)?|20\d\d년|올해(?: 상반기| 하반기)?|지난해|"
    r"작년|전년|지난달"
)
DOWNWARD = ("감소", "하락", "줄", "급감", "축소")
EXPECT = re.compile(
    r"전망(?:이|된|되|했|하|$)|예상(?:된|되|했|하)|우려(?:된|되|했)|기대(?:된|되)|것으로 (?:보인|보고|내다)"
)
UP = re.compile(r"증가|개선|회복|확대|호조|상승|늘|성장|반등")
DOWN = re.compile(r"둔화|감소|위축|어려움|어려울|부진|악화|하락|줄어|차질|타격")
HORIZON = re.compile(r"올해 (?:상|하)반기|상반기|하반기|[1-4]분기|올해|내년|향후|당분간|다음\s?달|하반기")
SUBJECT = re.compile(r"(?P<item>[가-힣A-Za-z·\s]{1,24}?)(?:은|는|이|가)\s")
DRIVER = re.compile(r"(?P<driver>[가-힣A-Za-z·\s]{2,40}?)(?:으로 인해|로 인해|에 따라|때문에|여파로|으로|로)\s")
DEEDS: tuple[tuple[str, ActionStatus], ...] = (
    (r"(?:요청|건의|당부|촉구)(?:했|하였|하고)", "requested"),
    (r"(?:파견|개최|면담|협의|논의|제안|발족|체결|방문|참석|출범|구성|전달|설명|강조)(?:했|하였|됐|되었)", "done"),
    (
        r"(?:파견|개최|협의|마련|강화|추진|지원|확대|가속화|논의|방문|협상|구성|점검|요청|대응|협력)(?:을|"
        r"를)?\s?(?:하겠|할 (?:계획|예정|방침)|하기로|해 나갈|하여|할 것)",
        "planned",
    ),
)
CONDITION = re.compile(r"[가-힣\s]{2,40}(?:하면|되면|될 경우|할 경우|하는 대로|이후)")
WHEN = re.compile(
    r"(?:\d{1,2}월\s?(?:\d{1,2}일|중)|다음\s?(?:주|달)|이번\s?(?:주|달)|내달|오늘|이날|연내|상반기|하반기|"
    r"올해|내년)"
)
WITH = re.compile(r"(?P<who>[가-힣A-Za-z·\s]{2,24}?)(?:와|과|에게|에|측에)\s")
AREAS = re.compile(
    r"(?P<list>[가-힣A-Za-z·]+(?:,\s?[가-힣A-Za-z·]+)+)\s?등\s?(?:[가-힣]+\s)?(?:분야|산업|업종|부문|제조업|"
    r"협력)[^.]{0,24}?협력|(?P<list2>[가-힣A-Za-z·]+(?:,\s?[가-힣A-Za-z·]+)+)\s?등\s[가-힣]+\s협력"
)
TRADE = re.compile(r"수출|수입|통상|관세|무역|협상|협력|지원|대표단|회의|면담|기업|업계|대책|공급망")


def _quote(scene: Scene, start: int, end: int, rule: str) -> Evidence:
    source, base = scene.context.passage.source, scene.sentence.start
    while end > start and scene.text[end - 1] in ' ,.”"’':
        end -= 1
    while start < end and scene.text[start] in ' “"‘':
        start += 1
    return Evidence(text=source[base + start : base + end], start=base + start, end=base + end, rule=rule)


def statistics(scene: Scene, taken: list[tuple[int, int]]) -> Iterator[Statistic]:
    """Every realised quantity of a Korean sentence. Ids are empty."""
    text = scene.text
    for piece in _halves(text):
        item = ITEM.search(text, piece.start, piece.end)
        if item is None or FORWARD.search(text[piece.start : piece.end]):
            continue
        if any(start < piece.end and piece.start < end for start, end in taken):
            continue
        money = next((one for one in scene.amounts if item.end() <= one.start < piece.end), None)
        change = CHANGE.search(text, item.end(), piece.end)
        if money is None and change is None:
            continue
        signed = float(change.group("value").replace(",", "")) if change else None
        if change and signed is not None and change.group("way") in DOWNWARD:
            signed = -signed
        end = max(money.end if money else 0, change.end() if change else 0)
        surplus = re.match(r"\s?(?:흑자|적자)", text[end:])
        period = PERIOD.search(text, piece.start, piece.end) or PERIOD.search(text)
        yield Statistic(
            id="",
            subject=_subject(scene, piece) or scene.context.home or "",
            item=_named(item.group("item")),
            value=money.value if money else None,
            unit=money.unit if money else None,
            change_pct=signed,
            period=period.group() if period else None,
            note="record" if re.search(r"역대 최대|사상 최대|최대 실적", text[piece.start : piece.end]) else None,
            evidence=_quote(scene, item.start(), end + (surplus.end() if surplus else 0), "statistic.korean"),
        )


def _halves(text: str) -> tuple[Piece, ...]:
    """Clauses, and parts of a clause that name a new item after a comma."""
    found = []
    for piece in pieces(text):
        cuts = [
            piece.start,
            *(m.start() for m in ITEM.finditer(text, piece.start, piece.end) if m.start() > piece.start + 4),
            piece.end,
        ]
        found += [Piece(a, b) for a, b in itertools.pairwise(cuts) if b > a]
    return tuple(found)


def _named(words: str) -> str:
    return re.sub(r"^(?:[가-힣\d~∼]*(?:년|월|달|해|우리나라의|분기|반기)\s)+", "", words.strip()).strip()


def _subject(scene: Scene, piece: Piece) -> str | None:
    owners = (
        m for m in scene.mentions if piece.start <= m.start < piece.end and scene.text[m.end : m.end + 1] == "의"
    )
    return next((m.code for m in owners if m.kind == "name"), None)


def outlooks(scene: Scene) -> Iterator[Outlook]:
    """Every forward-looking statement of a Korean sentence. Ids are empty."""
    expect = EXPECT.search(scene.text)
    if expect is None:
        return
    words = scene.text[: expect.end()]
    down, up = DOWN.search(words), UP.search(words)
    subjects = [
        m
        for m in SUBJECT.finditer(words)
        if re.search(r"수출|수입|경기|성장|생산|판매|경제|무역|물가|수요|불확실성|업황", m.group("item"))
    ]
    if not subjects or not (down or up):
        return
    direction: OutlookDirection = "down" if down else "up"
    subject = subjects[-1]
    horizon = HORIZON.search(words)
    start = min(subject.start(), horizon.start() if horizon else subject.start())
    drivers = [
        m.group("driver")
        for m in DRIVER.finditer(words, subject.end())
        if not HORIZON.fullmatch(m.group("driver").strip())
    ]
    yield Outlook(
        id="",
        item=_named(HORIZON.sub("", subject.group("item")).strip()),
        direction=direction,
        horizon=horizon.group() if horizon else None,
        drivers=tuple(part.strip() for one in drivers[:1] for part in re.split(r"[과와]\s", one) if part.strip()),
        evidence=_quote(scene, start, expect.end(), "outlook.korean"),
    )


def actions(scene: Scene, taken: list[tuple[int, int]]) -> Iterator[Action]:
    """Every deed of a Korean sentence outside the spans that measures claim. Ids are empty."""
    text = scene.text
    if not TRADE.search(text):
        return
    for words, status in DEEDS:
        found = list(re.finditer(words, text))
        match = found[-1] if found else None
        if match is None or any(start <= match.start() < end for start, end in taken):
            continue
        actor, start = _actor(scene)
        condition = CONDITION.search(text, start, match.start()) if status == "planned" else None
        counterpart = WITH.search(text, start)
        when = WHEN.search(text)
        yield Action(
            id="",
            actor=actor,
            action=text[start : match.end()].strip(),
            counterpart=counterpart.group("who").strip() if counterpart else None,
            when=when.group() if when else None,
            status="conditional" if condition else status,
            condition=condition.group().strip() if condition else None,
            evidence=_quote(scene, 0, match.end(), f"action.korean.{status}"),
        )
        return


def _actor(scene: Scene) -> tuple[str, int]:
    """The topic of the sentence, and where what it does begins."""
    match = re.match(r"[^가-힣A-Za-z]*(?P<actor>[^,.“”\"]{1,30}?)(?:은|는|이|가|에서는)\s", scene.text)
    if match is None:
        return (f"government of {scene.context.home}" if scene.context.home else "government"), 0
    return match.group("actor").strip(), match.end()


def opportunities(scene: Scene) -> Iterator[Opportunity]:
    """Every sector named for co-operation in a Korean sentence. Ids are empty."""
    match = AREAS.search(scene.text)
    if match is None:
        return
    partner = next((m.code for m in scene.mentions if m.code != scene.context.home), None)
    quote = _quote(scene, match.start(), match.end(), "opportunity.korean")
    for sector in re.split(r",\s?", match.group("list") or match.group("list2")):
        known = product_words().scan(sector)
        yield Opportunity(
            id="",
            sector=known[0].value if known and len(sector) > 12 else sector,
            counterpart=partner,
            evidence=quote,
        )
