"""Measures in Korean sentences: who (은/는/이/가), whose goods (…산), at what rate, and the verb at the end."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.policy import UNIVERSAL
from headway.policy.records import Direction, Instrument, Stage
from headway.reading import details, duties, partners
from headway.reading.clauses import product_words
from headway.reading.drafts import Draft
from headway.reading.numbers import Percent
from headway.reading.partners import Mention
from headway.reading.scene import Scene

CONNECTIVE = re.compile(r"(?:[가-힣](?:며|으나|지만|는데|면서)|[가-힣]고),?\s|;\s")
HEAD = re.compile(
    r"(?:보복|상호|추가|보편|품목|기본|맞불|반덤핑|상계|세이프가드|고율|고)?\s?관세(?!청|협정|율표|장벽|전쟁|"
    r"정책|조치의? 영향|\s?조치 영향|\s영향|\s면제를|\s협상|\s시행에 따른|\s대응|로\s)(?:율)?"
)
TITLES = (
    r"(?:\s?(?:정부|대통령|총리|장관|대표|당국|행정부|의회|상무부|측|재무장관|재무부|무역대표부|당선인|후보|"
    r"연방법원|법원|"
    r"집행위원장|집행위원회|외교부|국무원))*"
)
TOPIC = re.compile(rf"^{TITLES}(?:은|는|이|가|도|에서는|께서)(?=\s|$|,)")
OWNER = re.compile(rf"^{TITLES}의(?=\s)")
FACED = re.compile(r"(?:통보받|부과받|적용받|직면|물게|내게)")
ORIGIN = re.compile(r"^(?:산|에서 수입|으로부터|발)")
AGAINST = re.compile(r"^(?:에|에게|을|를)?\s?(?:대해|대한|대하여|상대로|에 적용|에 부과)")
EVERYTHING = re.compile(r"모든\s?(?:수입품|제품|품목|수입|상품)|전\s?품목|전체 수입")
EVERYONE = re.compile(r"모든\s?(?:국가|나라|교역국|무역상대국)|전\s?세계|보편\s?관세|모든\s?수입품|각국")
EASES = re.compile(r"인하|철폐|폐지|면제|낮추|낮춘|줄이|철회|완화")
QUOTA = re.compile(r"쿼터|할당")
INQUIRY = re.compile(r"(?:무역확장법\s?232조\s?|무역법\s?\d{3}조\s?|반덤핑\s?|상계관세\s?)?조사(?=를|가|에|\s)")
CONTROL = re.compile(r"수출\s?(?:통제|규제|제한|금지)")
BAN = re.compile(r"수입\s?(?:금지|중단)")
SUBSIDY = re.compile(r"(?:보조금|세액공제)(?:을|를|의|\s)*[^.,]{0,12}?(?:폐지|철폐|축소|중단|삭감)")
LEGAL = re.compile(r"무역확장법\s?232조|무역법\s?(?:122|201|301|338)조|국제비상경제권한법|IEEPA|행정명령|포고문")

STAGES: tuple[tuple[str, Stage, re.Pattern[str]], ...] = (
    ("struck_down", "struck_down", re.compile(r"위법|무효|위헌")),
    ("suspended", "suspended", re.compile(r"유예|보류|연기|중단")),
    ("review", "under_review", re.compile(r"검토|조사를? (?:개시|진행|착수|시작)|고려하|권고|논의 중")),
    (
        "threat",
        "threatened",
        re.compile(r"위협|경고|할 수 있|가능성|시사|경우[^.]*?(?:하겠|할 것|인상)|엄포|으름장"),
    ),
    ("pledge", "pledged", re.compile(r"공약|약속|합의|하기로|낮추기로|방침|의향|구상")),
    ("law", "ordered", re.compile(r"(?:행정명령|포고문|법안)에 서명|서명(?:했|하였)|명령(?:했|하였)")),
    ("announced", "announced", re.compile(r"발표|예고|통보|서한|예정|하겠다|부과할|밝혔|공개")),
    ("removed", "removed", re.compile(r"(?:폐지|철폐|철회|해제)(?:됐|되었|했|하였)")),
    (
        "in_force",
        "in_force",
        re.compile(
            r"하고 있|부과 중|시행 중|시행(?:했|하였|됐|되었)|단행(?:했|하였)|적용 중|발효(?:됐|되었|했)|"
            r"시작(?:했|하였|됐)|유지|부과(?:했|하였|됐|"
            r"되었|되고)|인상(?:했|하였)|적용되"
        ),
    ),
)
SIGNED = re.compile(r"(?:행정명령|포고문|법안)에 서명")
ENDED = re.compile(r"철폐|폐지|면제")
CONDITION = re.compile(r"(?:할|하는|될|되는) 경우|(?:하|되)면(?=\s|,)|않으면")
RESTRICTS = re.compile(r"부과|인상|통보|적용|매기|물리|올리")


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause [start, end) of a Korean sentence and `verb`, what stands after its instrument word."""

    start: int
    end: int


def drafts(scene: Scene, earlier: str | None) -> Iterator[Draft]:
    """Every measure that a Korean sentence states; `earlier` is the government last spoken of."""
    for piece in pieces(scene.text):
        yield from _duties(scene, piece, earlier)
        yield from _others(scene, piece, earlier)


def pieces(text: str) -> tuple[Piece, ...]:
    """Clauses cut after connective endings."""
    cuts = [0, *(match.end() for match in CONNECTIVE.finditer(text)), len(text)]
    return tuple(Piece(start, end) for start, end in itertools.pairwise(cuts) if end - start > 3)


def acting(scene: Scene) -> str | None:
    """The government that a sentence speaks of as acting."""
    topic = _topic(scene, 0, len(scene.text))
    return partners.members(topic.code)[0] if topic else None


def _topic(scene: Scene, start: int, end: int) -> Mention | None:
    """The first government that a topic or subject particle marks within [start, end)."""
    named = [m for m in scene.mentions if start <= m.start < end and m.code not in partners.NOT_PARTNERS]
    marked = [m for m in named if TOPIC.match(scene.text[m.end :]) and not _conditional(scene, m)]
    return marked[0] if marked else None


def _conditional(scene: Scene, mention: Mention) -> bool:
    """True if the name is the subject of an if-clause: "한국이 ... 부과할 경우"."""
    ends = CONDITION.search(scene.text, mention.end)
    between = scene.text[mention.end : ends.start()] if ends else ""
    return (
        ends is not None
        and not re.search(r"[은는]\s", between)
        and scene.text[mention.end : mention.end + 1] in "이가"
    )


def _imposer(scene: Scene, piece: Piece, head: int, earlier: str | None) -> tuple[str | None, Mention | None]:
    for start, end in ((piece.start, head), (0, head)):
        topic = _topic(scene, start, end)
        if topic is not None and not FACED.search(scene.text[head : piece.end]):
            return partners.members(topic.code)[0], topic
    owners = (m for m in scene.mentions if piece.start <= m.start < head and OWNER.match(scene.text[m.end :]))
    owner = next(owners, None)
    if owner is not None:
        return partners.members(owner.code)[0], owner
    if re.match(r"^\W*(?:우리 )?정부(?:는|가)", scene.text):
        return scene.context.home, None
    return earlier or scene.context.host or scene.context.home, None


def _duties(scene: Scene, piece: Piece, earlier: str | None) -> Iterator[Draft]:
    text = scene.text
    heads = [
        m for m in HEAD.finditer(text, piece.start, piece.end) if not CONDITION.search(text, m.end(), m.end() + 14)
    ]
    if not heads:
        return
    head = heads[-1] if len(heads) > 1 and not any(one.prior for one in scene.percents) else heads[0]
    figures = [one for one in duties.figures(scene, piece.start, piece.end) if not _is_change(text, one)]
    current = [one for one in figures if not one.prior]
    one = _draft(scene, piece, head, current, earlier)
    if len(current) > 1:
        series = list(_series(scene, piece, current, one))
        if len(series) > 1:
            yield from series
            return
    if not current and _stage(text[head.end() :], text)[1] == "stage.default":
        return
    prior = next((figure.value for figure in figures if figure.prior), None)
    if current and ENDED.search(text[head.end() : piece.end]):
        yield replace(one, low=0.0, high=0.0, prior=current[-1].value)
    else:
        yield replace(one, prior=prior)


def _is_change(text: str, figure: Percent) -> bool:
    return bool(
        re.match(
            r"\s?(?:증가|감소|상승|하락|늘|줄|가량 (?:증가|감소)|p\b|포인트|의? 비중|를 차지)", text[figure.end :]
        )
    )


def _series(scene: Scene, piece: Piece, figures: list[Percent], one: Draft) -> Iterator[Draft]:
    """Several rates, each after its own partner or goods: "일본은 25%, 태국은 36%"."""
    text = scene.text
    start = piece.start
    for figure in figures:
        named = [
            m for m in scene.mentions if start <= m.start < figure.start and m.kind not in ("leader", "office")
        ]
        partners_named = [m for m in named if partners.members(m.code)[0] != one.imposer]
        goods = product_words().scan(text[start : figure.start])
        first = start + goods[0].start if goods else figure.start
        start = figure.end
        if not partners_named and not goods:
            continue
        yield replace(
            one,
            partners=details.codes(partners_named[-1:]) or one.partners,
            products=tuple(dict.fromkeys(hit.value for hit in goods)) or one.products,
            low=figure.low,
            high=figure.high,
            start=min(first, partners_named[-1].start) if partners_named else first,
            end=figure.end,
            rule="korean.series+" + one.rule.split("+")[1],
        )


def _draft(scene: Scene, piece: Piece, head: re.Match[str], figures: list[Percent], earlier: str | None) -> Draft:
    text = scene.text
    imposer, topic = _imposer(scene, piece, head.start(), earlier)
    stage, rule = _stage(text[head.end() :], text)
    low, high = (figures[-1].low, figures[-1].high) if figures else (None, None)
    goods = _goods(scene, piece, head.start(), topic)
    verb = RESTRICTS.search(text, head.end(), len(text))
    starts = [head.start(), *(one.wide_start for one in figures), *(hit[0] for hit in goods)]
    named = _partners(scene, piece, head.start(), imposer)
    named = named or [
        m for m in scene.mentions if _conditional(scene, m) and partners.members(m.code)[0] != imposer
    ]
    starts += [m.start for m in named if m.start >= piece.start]
    direction: Direction = "liberalise" if EASES.search(text[head.end() : piece.end]) else "restrict"
    return Draft(
        scene=scene,
        start=min(starts),
        end=max(
            [
                head.end(),
                *(one.end for one in figures),
                *([verb.end()] if verb and verb.start() - head.end() < 12 else []),
            ]
        ),
        rule=f"korean.{'rate' if figures else 'named'}+{rule}",
        instrument="tariff",
        stage=stage,
        imposer=imposer,
        direction="maintain" if stage == "suspended" else direction,
        partners=_reached(scene, piece, named, [word for _, word in goods], imposer),
        products=tuple(dict.fromkeys(word for _, word in goods))
        or (("모든 제품",) if EVERYTHING.search(text) else ()),
        low=low,
        high=high,
        rate_kind="additive" if "추가" in head.group() else None,
        effective=_day(scene, piece, "부터"),
        ends=_day(scene, piece, "까지"),
        conditions=tuple(
            m.group().strip() for m in re.finditer(r"[^.,]{2,60}(?:경우|않으면)", text[: head.start()])
        ),
        legal_basis="; ".join(dict.fromkeys(LEGAL.findall(text))) or None,
        confidence=0.85 if figures and named else 0.7,
        program="상호" if "상호" in head.group() else None,
    )


def _partners(scene: Scene, piece: Piece, head: int, imposer: str | None) -> list[Mention]:
    found = []
    for mention in scene.mentions:
        if not piece.start <= mention.start < head or mention.kind in ("leader", "office"):
            continue
        after, form = scene.text[mention.end :], scene.text[mention.start : mention.end]
        hit = ORIGIN.match(after) or AGAINST.match(after) or form.endswith("산") or form.startswith("대")
        facing = TOPIC.match(after) and FACED.search(scene.text[head:])
        if (hit or facing) and partners.members(mention.code)[0] != imposer:
            found.append(mention)
    return found


def _reached(
    scene: Scene, piece: Piece, named: list[Mention], goods: list[str], imposer: str | None
) -> tuple[str, ...]:
    if named:
        return details.codes(named)
    words = scene.text[piece.start : piece.end]
    if EVERYONE.search(words) or goods or "상호관세" in words or "보편관세" in words:
        return (UNIVERSAL,)
    return ()


def _goods(scene: Scene, piece: Piece, head: int, topic: Mention | None) -> list[tuple[int, str]]:
    """Goods named between the topic and the duty, with their places."""
    start = max(piece.start, topic.end if topic is not None and topic.end < head else piece.start)
    inside = scene.text[start:head]
    return [(start + hit.start, hit.value) for hit in product_words().scan(inside)]


def _day(scene: Scene, piece: Piece, particle: str) -> dt.date | None:
    for day in scene.days:
        if piece.start <= day.start < piece.end and re.match(
            rf"(?:\([^)]*\))?\s?{particle}", scene.text[day.end :]
        ):
            return day.date
    return None


def _stage(after: str, whole: str) -> tuple[Stage, str]:
    """The stage from the words after the instrument; where they say nothing, from the whole sentence."""
    for words in (after, whole):
        for name, stage, pattern in STAGES:
            if pattern.search(words):
                signed = stage in ("in_force", "announced") and SIGNED.search(whole)
                return ("ordered", "stage.law") if signed else (stage, f"stage.{name}")
    return "announced", "stage.default"


INSTRUMENTS: tuple[tuple[str, Instrument, re.Pattern[str]], ...] = (
    ("inquiry", "investigation", INQUIRY),
    ("control", "export_control", CONTROL),
    ("ban", "import_ban", BAN),
    ("quota", "quota", QUOTA),
    ("subsidy", "subsidy_removal", SUBSIDY),
)


def _others(scene: Scene, piece: Piece, earlier: str | None) -> Iterator[Draft]:
    text = scene.text
    for name, instrument, pattern in INSTRUMENTS:
        match = pattern.search(text, piece.start, piece.end)
        stage, rule = _stage(text[match.start() : piece.end], "") if match else ("announced", "stage.default")
        if match is None or rule == "stage.default":
            continue
        imposer, topic = _imposer(scene, piece, match.start(), earlier)
        goods = _goods(scene, piece, match.start(), topic)
        named = _partners(scene, piece, match.start(), imposer)
        targeted = instrument not in ("subsidy_removal",)
        yield Draft(
            scene=scene,
            start=min([match.start(), *(place for place, _ in goods), *(m.start for m in named)]),
            end=match.end(),
            rule=f"korean.{name}+{rule}",
            instrument=instrument,
            stage="under_review" if instrument == "investigation" else stage,
            imposer=imposer,
            direction="liberalise"
            if EASES.search(text[match.end() : piece.end]) and instrument != "subsidy_removal"
            else "restrict",
            partners=_reached(scene, piece, named, [word for _, word in goods], imposer) if targeted else (),
            products=tuple(dict.fromkeys(word for _, word in goods)),
            legal_basis="; ".join(dict.fromkeys(LEGAL.findall(text))) or None,
            confidence=0.7,
        )
