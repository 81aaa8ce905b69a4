"""What a duty covers: the goods named with it and the partners it reaches where none is named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from headway.policy import UNIVERSAL
from headway.reading import details, partners
from headway.reading.clauses import is_generic, items, noun_phrase, product_words
from headway.reading.dates import MONTH_DAY
from headway.reading.duties import Phrase
from headway.reading.partners import Mention
from headway.reading.scene import Scene

SPECIAL = re.compile(
    r"\b(?:reciprocal|universal|baseline|blanket|global|across-the-board|worldwide|MFN|"
    r"most[- ]favou?red[- ]nation|average applied)\b",
    re.IGNORECASE,
)
EVERYONES = re.compile(r"\b(?:MFN|most[- ]favou?red[- ]nation|average applied)\b", re.IGNORECASE)
INDUSTRY = re.compile(
    r"^[^.;,]{0,12}?\b(?:the |our |its |their |American |U\.S\. )*(?P<goods>[\w ]{3,60}?) (?:industry|"
    r"industries|sectors?|makers|producers)\b"
)
ANSWERS = re.compile(
    r"\bretaliat\w+|\bcounter-?measures?\b|\bcounter-?tariffs?\b|\bin (?:response|retaliation|answer) (?:to|"
    r"for)\b",
    re.IGNORECASE,
)
OURS = re.compile(
    r"\bour (?:\w+ )?(?:states|exports?|products|goods|companies|farmers|exporters|cars)\b", re.IGNORECASE
)
THESE_GOODS = re.compile(r"\b(?:these|those|such) (?:goods|products|articles|imports|items)\b", re.IGNORECASE)
NOT_GOODS = frozenset({"top", "the", "hold", "grounds", "behalf", "account", "average", "paper"})
VAGUE = re.compile(r"\b(?:goods|products|sectors|categories|items|articles|industries|materials)\b", re.IGNORECASE)
LISTED = re.compile(
    r",? (?:including|such as|like|covering|among them)(?: on)? (?P<list>[^.;]{3,240})", re.IGNORECASE
)
GOODS_NOUNS = re.compile(
    r"\b(?:goods|products|articles|imports|equipment|materials|resources|exports|shipments|minerals)\b",
    re.IGNORECASE,
)
LEAD_IN = re.compile(r"\b(?:on|for|covering|against|of|to include|appl(?:y|ies|ied) to)\s+", re.IGNORECASE)
NOT_GOODS_AT_ALL = re.compile(MONTH_DAY.pattern + r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.IGNORECASE)
PURPOSE = re.compile(
    r"\s(?:in order )?to (?:\w+ly |more \w+ly )?(?:address|protect|combat|curb|help|spur|support|encourage|"
    r"create|ensure|"
    r"pressure|force|counter|promote|safeguard|reduce|stop|boost|defend|strengthen|correct|rebalance|"
    r"facilitate|punish|"
    r"bring|take back|remedy|offset)\b|\sin (?:response|retaliation)\b",
    re.IGNORECASE,
)
BEARS = re.compile(
    r"\b(?:subject to|fac\w+|pay\w*|charged|bear|have|has|receiv\w+|attract\w*|incur\w*|hit with)\s*(?:\w+ "
    r"){0,4}$|"
    r"^[\s,()]{0,3}(?:[\w’]+\s){0,2}$",
    re.IGNORECASE,
)
IMPORTED = re.compile(
    r"\b(?:imports? of|imported(?! (?:into|from|by))|importing|importation of)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods in the text's words, and the stretch [start, end) that names them."""

    words: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


def goods(scene: Scene, phrase: Phrase) -> Goods:
    """Goods that the phrase covers: after it, inside it, listed in the sentence, or as the subject before it."""
    text = scene.flat
    named, end = after(text, phrase.end, phrase.right)
    if named and THESE_GOODS.search(text[phrase.end : phrase.right]):
        earlier = product_words().scan(text[: phrase.start])
        return Goods(_distinct(hit.value for hit in earlier) or named, phrase.end, end)
    if named:
        return Goods(_with_list(text, named, end), phrase.end, end)
    inside = product_words().scan(text[phrase.start : phrase.head])
    if inside:
        return Goods(_distinct(hit.value for hit in inside), phrase.start, phrase.end)
    before = _before(text, phrase)
    if before.words:
        return before
    purpose = PURPOSE.search(text, phrase.end, phrase.right)
    protected = INDUSTRY.search(text, purpose.end()) if purpose else None
    if protected and product_words().scan(protected.group("goods")):
        return Goods(
            _distinct(hit.value for hit in product_words().scan(protected.group("goods"))),
            phrase.start,
            phrase.end,
        )
    listed = LISTED.search(text, phrase.end)
    found = product_words().scan(listed.group("list")) if listed else ()
    if listed and len(found) >= 2:
        return Goods(items(listed.group("list").strip(" ,.")), phrase.start, phrase.end)
    return Goods()


def specific(scene: Scene, phrase: Phrase) -> bool:
    """True if goods or a kind of goods are named with the phrase."""
    return bool(after(scene.text, phrase.end, phrase.right)[0])


def after(text: str, start: int, end: int) -> tuple[tuple[str, ...], int]:
    """Goods after "on", "for", "of" and the like within [start, end), and where they end."""
    purpose = PURPOSE.search(text, start, end)
    end = purpose.start() if purpose else end
    for match in LEAD_IN.finditer(text[start:end]):
        span = noun_phrase(text, start + match.end(), end)
        if not span:
            continue
        words = text[span[0] : span[1]]
        if re.match(r"\d|(?:up|more|at|over|least)\b", words) or len(words) > 160 or NOT_GOODS_AT_ALL.match(words):
            continue
        if is_generic(words):
            return ("all imports" if details.universal(text[start:end]) else "all goods",), span[1]
        direct = (
            match.start() <= 1
            and match.group().startswith("on")
            and len(words.split()) <= 5
            and words.split()[0] not in NOT_GOODS
        )
        if product_words().scan(words) or GOODS_NOUNS.search(words) or (direct and not _only_names(words)):
            return items(words), span[1]
    return (), start


def _only_names(words: str) -> bool:
    """True if the words are names of partners and nothing else."""
    rest = words
    for mention in reversed(partners.names(words)):
        rest = rest[: mention.start] + rest[mention.end :]
    return not re.search(r"[A-Za-z]{3,}", re.sub(r"\b(?:and|the|all|other|both)\b", "", rest))


def _before(text: str, phrase: Phrase) -> Goods:
    """Goods that stand before the phrase: "imports of X will be subject to", "X will face a 15% tariff"."""
    stretch = text[phrase.left : phrase.start]
    imported = IMPORTED.search(stretch)
    if imported:
        span = noun_phrase(text, phrase.left + imported.end(), phrase.start)
        if span and not is_generic(text[span[0] : span[1]]):
            return Goods(items(text[span[0] : span[1]]), phrase.left + imported.start(), span[1])
    hits = product_words().scan(stretch)
    return (
        Goods(_distinct(hit.value for hit in hits), phrase.left + hits[0].start, phrase.left + hits[-1].end)
        if hits
        else Goods()
    )


def _with_list(text: str, named: tuple[str, ...], end: int) -> tuple[str, ...]:
    """A vague phrase ("a variety of goods") gives way to the list that spells it out."""
    listed = LISTED.match(text, end)
    vague = len(named) == 1 and VAGUE.search(named[0]) and not product_words().scan(named[0])
    listed = listed or (LISTED.search(text, end) if vague else None)
    if listed and vague and product_words().scan(listed.group("list")):
        return items(listed.group("list").strip(" ,."))
    return named


def under_agreement(scene: Scene, imposer: str | None) -> tuple[str, ...]:
    """The other members of an agreement whose goods the sentence speaks of: "USMCA-compliant parts"."""
    for mention in scene.mentions:
        if mention.kind != "agreement":
            continue
        before, after_it = scene.text[: mention.start], scene.text[mention.end :]
        if re.search(r"\bunder (?:the )?$", before) or re.match(
            r"[- ](?:compliant|qualifying|originating)\b", after_it
        ):
            return tuple(code for code in partners.members(mention.code) if code != imposer)
    return ()


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _faces_home(scene: Scene, text: str) -> bool:
    """True if what the partner in the title does is done to the government that the text speaks for."""
    return scene.context.agreement or bool(ANSWERS.search(text))


def _answered(scene: Scene, phrase: Phrase, imposer: str | None) -> tuple[str, ...]:
    """Whose measures a retaliation answers: "in response to tariffs imposed by the United States"."""
    answer = ANSWERS.search(scene.text)
    if answer is None:
        return ()
    rivals = [m for m in scene.mentions if m.start > phrase.end and m.kind != "agreement"]
    codes = [partners.members(m.code)[0] for m in rivals]
    return next(((code,) for code in codes if code != imposer), ())


def targets(
    scene: Scene, phrase: Phrase, named: list[Mention], goods: tuple[str, ...], imposer: str | None
) -> tuple[str, ...]:
    """Partners hit: those named; everyone if the words say so; those of the title; everyone for named goods."""
    text = scene.text[phrase.left : phrase.right]
    if named:
        return details.codes(named)
    if scene.context.host and imposer != scene.context.host and OURS.search(text):
        return (scene.context.host,)
    under = under_agreement(scene, imposer)
    if under:
        return under
    if details.universal(text) or EVERYONES.search(text):
        return (UNIVERSAL,)
    if details.target_group(text):
        return ()
    topic = tuple(code for one in scene.context.topic for code in partners.members(one) if code != imposer)
    if topic and not scene.background:
        return topic
    if imposer in scene.context.topic and scene.context.home and _faces_home(scene, text):
        return (scene.context.home,)
    answered = _answered(scene, phrase, imposer)
    if answered:
        return answered
    vague = re.search(r"\bcertain\s+(?:\w+\s)?$", scene.text[: phrase.head])
    if any(not is_generic(one) for one in goods) or (SPECIAL.search(text) and not vague):
        return (UNIVERSAL,)
    return ()
