"""A text as lines and sentences that know where they stand, and which header a bullet belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from headway.reading.lexicon import words

LineKind = Literal["title", "heading", "lead_in", "bullet", "paragraph", "source"]

BULLET = re.compile(r"\s*(?:[-*•▪◦●○◎◇◆□■▶▷ㅇ※·]|\(?[0-9]{1,2}[.)]|\(?[a-z][.)]|[가-하][.)]|[①-⑳])\s*")
END = re.compile(r"[.!?][\"”’')\]]*(?=\s|$)|(?<=[다요음함임됨])\.(?=\s|$|[\"”’)])")
OPENING = re.compile(r"\s+[\"“‘'(\[]*([A-Z가-힣0-9$€£¥△▲])")
CAPITAL_LEAD = re.compile(r"^[“\"]?[A-Z0-9][A-Z0-9’'“”\"(),.&/–—\- ]{11,}:\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `text == source[start:end]`; `line` and `index` are its places in the passage."""

    text: str
    start: int
    end: int
    line: int
    index: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: `header` is the line whose words introduce this bullet; `section` counts "
    "sections."""

    text: str
    start: int
    kind: LineKind
    index: int
    header: int | None
    section: int


@dataclass(frozen=True)
class Passage:
    """The whole text, its lines and its sentences in order. The `SOURCE:` line is no sentence."""

    source: str
    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def title(self) -> Line | None:
        """The title line, if the first body line is short and ends without a full stop."""
        return next((line for line in self.lines if line.kind == "title"), None)

    def of_line(self, index: int) -> tuple[Sentence, ...]:
        """The sentences of one line."""
        return self._by_line.get(index, ())

    @cached_property
    def _by_line(self) -> dict[int, tuple[Sentence, ...]]:
        grouped: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            grouped.setdefault(sentence.line, []).append(sentence)
        return {index: tuple(group) for index, group in grouped.items()}


def split(source: str) -> Passage:
    """Cut a text into lines and sentences with offsets into the whole of it."""
    lines = _lines(source)
    sentences: list[Sentence] = []
    for line in lines:
        if line.kind == "source":
            continue
        offset = _body_offset(line)
        for start, end in _sentence_spans(line.text[offset:]):
            first, last = line.start + offset + start, line.start + offset + end
            sentences.append(Sentence(source[first:last], first, last, line.index, len(sentences)))
    return Passage(source, lines, tuple(sentences))


def _lines(source: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    position, section, header, body_seen = 0, 0, None, False
    for raw in source.splitlines(keepends=True):
        start, position = position, position + len(raw)
        text = raw.rstrip()
        stripped = text.lstrip()
        if not stripped:
            continue
        kind = _kind(stripped, first=not lines, body_seen=body_seen)
        if kind == "heading" or (kind != "bullet" and CAPITAL_LEAD.match(stripped)):
            section += 1
        if kind != "bullet":
            header = None
        index = len(lines)
        lines.append(Line(text, start, kind, index, header if kind == "bullet" else None, section))
        if _introduces(stripped):
            header = index
        body_seen = body_seen or kind != "source"
    return tuple(lines)


def _kind(stripped: str, *, first: bool, body_seen: bool) -> LineKind:
    if first and re.match(r"(?:SOURCE|Source|출처)\s*:", stripped):
        return "source"
    if BULLET.match(stripped) and not re.match(r"\d{1,2}\.\d|\d{4}", stripped):
        return "bullet"
    closed = bool(re.search(r"[.!?:;][\"”’)]*$", stripped))
    if closed:
        return "lead_in" if stripped.endswith(":") else "paragraph"
    length = len(stripped.split())
    if not body_seen and length <= 45:
        return "title"
    return "heading" if length <= 12 and len(stripped) <= 110 else "paragraph"


def _introduces(stripped: str) -> bool:
    return stripped.endswith((":", "："))


def _body_offset(line: Line) -> int:
    if line.kind != "bullet":
        return len(line.text) - len(line.text.lstrip())
    mark = BULLET.match(line.text)
    return mark.end() if mark else 0


def _sentence_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for stop in END.finditer(text):
        if stop.end() < len(text) and not _ends_sentence(text, stop):
            continue
        spans.append((start, stop.end()))
        start = stop.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span)) is not None]


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    following = OPENING.match(text, stop.end())
    if not following:
        return bool(re.match(r"\s+[\"“‘(]*[가-힣]", text[stop.end() : stop.end() + 4]))
    before = (
        text[: stop.start()].rsplit(None, 1)[-1].lstrip("(“\"'[").lower() if text[: stop.start()].strip() else ""
    )
    if text[stop.start()] != ".":
        return True
    if before in words().abbreviations or re.fullmatch(r"(?:[a-z]\.)*[a-z]", before):
        next_word = re.match(r"\s+[\"“‘'(\[]*(\w+)", text[stop.end() :])
        acronym = "." in before
        return bool(acronym and next_word and next_word.group(1) in words().starters)
    return True


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
