"""Percentages and amounts in running text: values, ranges, bounds and prior values, with their spans."""

from __future__ import annotations

import re
from dataclasses import dataclass

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
WORDS: dict[str, float] = {
    word: float(value) for value, word in enumerate((ONES + " seventeen eighteen nineteen").split())
}
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS |= {word: 10.0 * (place + 2) for place, word in enumerate(TENS)}
WORDS |= {
    f"{ten}{dash}{one}": WORDS[ten] + WORDS[one] for ten in TENS for one in ONES.split()[1:10] for dash in "- "
}
WORDS |= {"hundred": 100.0, "one hundred": 100.0, "a hundred": 100.0}
FRACTIONS = {
    "half": 50.0,
    "one-half": 50.0,
    "a third": 33.3,
    "one-third": 33.3,
    "one third": 33.3,
    "two-thirds": 66.7,
    "two thirds": 66.7,
    "a quarter": 25.0,
    "one-quarter": 25.0,
    "one quarter": 25.0,
    "three-quarters": 75.0,
    "three quarters": 75.0,
}

_WORD = "|".join(sorted((re.escape(word) for word in WORDS), key=len, reverse=True))
_NUMBER = rf"(?:[+\-−△▲]?\s?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|[+\-−△▲]?\d+(?:\.\d+)?|\b(?:{_WORD})\b)"
_SIGN = (
    r"(?:\s?%{1,2}(?!%)|\s?percent(?!age)\b|\s?per\s?cent\b|\s?pct\b|-percent(?!age)\b|\s?％|\s?퍼센트|"
    r"\s?프로(?=\W|의|로))"
)
_JOIN = r"\s?(?:to|–|—|-|~|∼|～|and|or|내지)\s?"

PERCENT = re.compile(
    rf"(?P<one>{_NUMBER}){_SIGN}(?!{_JOIN}(?:{_NUMBER}){_SIGN})|"
    rf"(?P<low>{_NUMBER})(?:{_SIGN})?(?P<join>{_JOIN})(?P<high>{_NUMBER}){_SIGN}",
    re.IGNORECASE,
)
SIGNED = re.compile(r"[%％]|percent|per cent|\bpct\b|퍼센트|프로|\bzero\b", re.IGNORECASE)
BARE_ZERO = re.compile(r"\b(?:from|to)\s+(zero)\b(?!\s*(?:percent|per cent|%|-))", re.IGNORECASE)
NO_TARIFF = re.compile(r"\b(?:no|zero)\s+(?:additional\s+)?(?:tariffs?|dut(?:y|ies))\b", re.IGNORECASE)

UPPER = re.compile(
    r"\b(?:up to(?: a)?|as (?:high|much) as|(?:no|not) (?:more|greater|higher|larger) than|not (?:to "
    r")?exceed(?:ing)?|"
    r"at most|capped at|a (?:maximum|ceiling|cap)(?: \w+)?(?: rate)? of|maximum|limited to|less than|below|"
    r"under)\s*(?:a\s*)?$|(?:최대|최고)\s*$",
    re.IGNORECASE,
)
KOREAN_PRIOR = re.compile(r"\s?에서(?! 부과)")
KOREAN_LOWER = re.compile(r"\s?(?:이상|을 넘|초과)")
LOWER = re.compile(
    r"\b(?:more than|over|above|at least|no less than|not less than|exceed(?:ing|s|ed)?|in excess of|"
    r"a (?:minimum|floor)(?: \w+)?(?: rate)? of|minimum(?: of)?|upwards of|greater than|higher "
    r"than)\s*(?:a\s*)?$",
    re.IGNORECASE,
)
PRIOR = re.compile(
    r"\b(?:from|up from|down from|versus|compared (?:to|with)|instead of|rather than|not|twice|double|triple|"
    r"half)\s+(?:the\s+)?"
    r"(?:current\s+|present\s+|previous\s+|original\s+|initial\s+|existing\s+)?(?:over |more than |about |"
    r"between )?$",
    re.IGNORECASE,
)
RANGING = re.compile(
    r"\b(?:rang(?:ing|es?|ed)|var(?:ying|ies|y)|anywhere|between|of)\s+(?:from\s+)?$", re.IGNORECASE
)
NOT_A_RATE = re.compile(
    r"\b(?:section|sec\.|order|proclamation|chapter|no\.|article|annex|jan\w*\.?|feb\w*\.?|mar(?:ch|\.)?|"
    r"apr\w*\.?|may|"
    r"june?|july?|aug\w*\.?|sept?\w*\.?|oct\w*\.?|nov\w*\.?|dec\w*\.?)\s*$",
    re.IGNORECASE,
)
POINTS = re.compile(r"\s?(?:percentage[- ]points?|%p|%포인트|pp\b|퍼센트포인트)", re.IGNORECASE)

MONEY = re.compile(
    r"(?P<currency>US\$|C\$|CA\$|A\$|S\$|HK\$|NT\$|R\$|U\.S\. ?\$|\$|USD ?|€|EUR ?|£|GBP ?|¥|RMB ?|CNY ?|KRW ?|"
    r"₩)\s?(?P<value>\d[\d,]*(?:\.\d+)?)"
    r"(?:[- ]?(?P<scale>trillion|billion|million|thousand|bn|mn|tn|m|b)\b)?"
    r"|(?P<value2>\d[\d,]*(?:\.\d+)?)[- ]?(?P<scale2>trillion|billion|million|thousand|bn|mn)?[- ]"
    r"(?P<currency2>U\.?S\.? dollars?|dollars?|euros?|won|yen|yuan|pounds sterling)\b",
    re.IGNORECASE,
)
KOREAN_MONEY = re.compile(
    r"(?P<value>\d[\d,]*(?:\.\d+)?)\s?(?P<scale>천억|백만|억|만|조|천만)?\s?(?P<currency>달러|불|원|유로|엔|"
    r"위안|캐나다달러)"
)
KOREAN_SCALES = {
    "억": "hundred million", "만": "ten thousand", "조": "trillion", "천억": "hundred billion", "백만": "million",
    "천만": "ten million",
}  # fmt: skip
PAID = re.compile(
    r"[$€£¥₩]|USD|EUR|GBP|RMB|CNY|KRW|dollar|euro|won\b|yen|yuan|pound|달러|불|원|유로|엔|위안", re.IGNORECASE
)
KOREAN_CURRENCIES = {
    "달러": "USD",
    "불": "USD",
    "원": "KRW",
    "유로": "EUR",
    "엔": "JPY",
    "위안": "CNY",
    "캐나다달러": "CAD",
}
CURRENCIES = {
    "USD": ("us$", "u.s. $", "u.s.$", "$", "usd", "dollar", "u.s. dollar", "us dollar"),
    "CAD": ("c$", "ca$"),
    "AUD": ("a$",),
    "SGD": ("s$",),
    "HKD": ("hk$",),
    "TWD": ("nt$",),
    "BRL": ("r$",),
    "EUR": ("€", "eur", "euro"),
    "GBP": ("£", "gbp", "pounds sterling"),
    "JPY": ("¥", "yen"),
    "CNY": ("rmb", "cny", "yuan"),
    "KRW": ("krw", "₩", "won"),
}
CURRENCY_OF = {name: code for code, names in CURRENCIES.items() for name in names}
SCALES = {"bn": "billion", "b": "billion", "mn": "million", "m": "million", "tn": "trillion"}


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage: `low`/`high` in percent (None where open), the span of number and sign, the wider span with
    the words that bound it, and `prior` if the words mark it as the value before a change."""

    low: float | None
    high: float | None
    start: int
    end: int
    wide_start: int
    prior: bool = False

    @property
    def value(self) -> float:
        """The bound that is known, the upper one of a range."""
        return self.high if self.high is not None else (self.low or 0.0)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as printed: value and unit such as "USD billion"."""

    value: float
    unit: str
    start: int
    end: int


def number(text: str) -> float:
    """The value of a number in digits or words; △, ▲ and − are minus signs."""
    lowered = text.strip().lower()
    if lowered in WORDS:
        return WORDS[lowered]
    digits = lowered.replace(",", "").replace(" ", "").lstrip("+")
    return float(re.sub(r"^[−△▲-]", "-", digits))


def percents(text: str) -> tuple[Percent, ...]:
    """Every percentage of a text in order; percentage points are left out."""
    if not SIGNED.search(text):
        return ()
    found = [figure for match in PERCENT.finditer(text) for figure in _figures(text, match)]
    for match in BARE_ZERO.finditer(text):
        if any(one.start < match.end(1) and match.start(1) < one.end for one in found):
            continue
        prior = match.group(0).lower().startswith("from")
        found.append(Percent(0.0, 0.0, match.start(1), match.end(1), match.start(1), prior))
    return tuple(sorted(found, key=lambda figure: figure.start))


def _figures(text: str, match: re.Match[str]) -> list[Percent]:
    if POINTS.match(text, match.end()) or POINTS.match(text, match.end() - 1):
        return []
    before = text[: match.start()]
    if match.group("one"):
        return [_bounded(number(match.group("one")), match.start("one"), match.end(), before, text)]
    low, high = number(match.group("low")), abs(number(match.group("high")))
    joint = match.group("join").strip().lower()
    signed = bool(re.match(_SIGN, text[match.end("low") :], re.IGNORECASE))
    moved = joint == "to" and PRIOR.search(before) and not RANGING.search(before)
    if moved or (joint in ("and", "or") and signed and not before.lower().rstrip().endswith("between")):
        first = Percent(low, low, match.start("low"), match.end("low") + 1, match.start("low"), bool(moved))
        return [first, _bounded(high, match.start("high"), match.end(), "", text)]
    if low > high or NOT_A_RATE.search(before):
        return [_bounded(high, match.start("high"), match.end(), "", text)]
    prior = bool(PRIOR.search(before)) and (before.endswith("from between ") or not RANGING.search(before))
    return [Percent(low, high, match.start("low"), match.end(), match.start("low"), prior)]


def _bounded(value: float, start: int, end: int, before: str, text: str) -> Percent:
    upper, lower = UPPER.search(before), LOWER.search(before)
    after = text[end : end + 6]
    if KOREAN_PRIOR.match(after):
        return Percent(value, value, start, end, start, prior=True)
    if KOREAN_LOWER.match(after):
        return Percent(value, None, start, end, start)
    if upper:
        return Percent(None, value, start, end, upper.start())
    if lower:
        return Percent(value, None, start, end, lower.start())
    return Percent(value, value, start, end, start, bool(PRIOR.search(before)))


def amounts(text: str) -> tuple[Money, ...]:
    """Every amount of money of a text in order, never expanded: 683.8 in "USD billion"."""
    if not PAID.search(text):
        return ()
    found = []
    for match in MONEY.finditer(text):
        value = match.group("value") or match.group("value2")
        currency = (match.group("currency") or match.group("currency2")).strip().lower().removesuffix("s")
        scale = (match.group("scale") or match.group("scale2") or "").lower()
        unit = f"{CURRENCY_OF.get(currency, currency.upper())} {SCALES.get(scale, scale)}".strip()
        found.append(Money(float(value.replace(",", "")), unit, match.start(), match.end()))
    for match in KOREAN_MONEY.finditer(text):
        scale = KOREAN_SCALES.get(match.group("scale") or "", "")
        unit = f"{KOREAN_CURRENCIES[match.group('currency')]} {scale}".strip()
        found.append(Money(float(match.group("value").replace(",", "")), unit, match.start(), match.end()))
    return tuple(sorted(found, key=lambda money: money.start))
