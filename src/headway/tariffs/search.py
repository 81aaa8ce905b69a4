"""Lines by the words of the tariff itself: which code is a lithium-ion battery?"""

from __future__ import annotations

import re
from functools import lru_cache

from headway.errors import UnknownCode
from headway.policy.records import Record
from headway.tariffs.schedule import table


class Candidate(Record):
    """A line whose description holds the words, with its share of them (0 to 1) and its full description."""

    hts10: str
    score: float
    description: str
    general_text: str


def _stem(word: str) -> str:
    """Singular of a plain English plural: batteries → battery, ions → ion."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ses") or (word.endswith("es") and word[-3] in "xhz"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def words(text: str) -> list[str]:
    """Words of a text in lower case, singular, without short ones."""
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 1]


@lru_cache(maxsize=1)
def _index() -> list[tuple[str, str, str, list[str], frozenset[str]]]:
    """(code, description, general rate, words of the last level, all words) of every line."""
    rows = table("schedule").select("hts10", "description", "general_text")
    return [
        (code, text, general, words(text.split(" › ")[-1]), frozenset(words(text)))
        for code, text, general in rows.iter_rows()
    ]


def find(text: str, *, number: int = 15) -> tuple[Candidate, ...]:
    """Lines ranked by how many of the words their descriptions hold, those of the last level counting more.

    Raises `UnknownCode` if no line holds any of them.
    """
    wanted = list(dict.fromkeys(words(text)))
    found = []
    for code, description, general, last, every in _index():
        hits = [word for word in wanted if word in every]
        if not hits:
            continue
        near = sum(word in last for word in hits)
        score = (len(hits) + 0.5 * near) / (1.5 * len(wanted)) - 0.001 * len(every)
        found.append(Candidate(hts10=code, score=round(score, 4), description=description, general_text=general))
    if not found:
        raise UnknownCode(f"No line of the tariff names {text!r}.", "Use other words, in English.")
    return tuple(sorted(found, key=lambda c: (-c.score, c.hts10))[:number])
