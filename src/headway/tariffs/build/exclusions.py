"""Exclusions from the Section 301 lists: whole lines and described articles, read from U.S. note 20."""

from __future__ import annotations

import re

import polars as pl

from headway.errors import DataError
from headway.tariffs.build.notes import find

_ITEM = re.compile(r"^\s*\((\d+)\)\s+(.*)")
_TEN = re.compile(r"(\d{4}\.\d{2}\.\d{4})")
_BARE = re.compile(r"^\d{4}\.\d{2}\.\d{4}(?:\s+(?:or|prior|effective|through|and)\b.*)?\.?$")
_SUBJECT = re.compile(r"imposed by heading\s+(9903\.88\.\d\d)|provided for in heading\s+(9903\.88\.\d\d)")

BLOCKS = (
    ("9903.88.67", r"^\(ttt\)", r"^\(uuu\)", 100),
    ("9903.88.68", r"^\(uuu\)", r"^\(vvv\)", 60),
    ("9903.88.69", r"^\(vvv\)", r"^\(www\)", 100),
    ("9903.88.70", r"^\(www\)", r"^21\. ", 10),
)
"""Exclusion headings, the subdivision of note 20 that lists them, where it stops, and the least number of items."""


def _items(lines: list[str]) -> list[str]:
    """The numbered items of a subdivision, each joined to one text."""
    items: list[list[str]] = []
    for line in lines:
        match = _ITEM.match(line)
        if match:
            items.append([match[2]])
        elif items and line.strip() and not re.match(r"^\s*\([ivx]+\)\s", line):
            items[-1].append(line.strip())
        elif items and re.match(r"^\s*\([ivx]+\)\s", line):
            items.append([""])
    return [" ".join(item).strip() for item in items if item[0]]


def block(lines: list[str], start_pattern: str, stop_pattern: str) -> list[dict[str, object]]:
    """Rows (code, whole, text) of one subdivision; an item may name several statistical numbers over time."""
    start = find(lines, start_pattern)
    stop = find(lines, stop_pattern, start + 1)
    rows: list[dict[str, object]] = []
    for text in _items(lines[start:stop] if start >= 0 else []):
        whole = bool(_BARE.match(text))
        for code in dict.fromkeys(_TEN.findall(text)):
            rows.append({"code": code.replace(".", ""), "whole": whole, "text": text[:400]})
    return rows


def exclusions(lines: list[str]) -> pl.DataFrame:
    """All exclusions that reach 2021 or later: heading, code (ten digits), whole (the entire line), text."""
    tables = []
    for heading, start, stop, least in BLOCKS:
        rows = block(lines, start, stop)
        if len(rows) < least:
            raise DataError(f"{heading}: {len(rows)} exclusions read, at least {least} expected", "Check note 20.")
        tables.append(pl.DataFrame(rows).with_columns(heading=pl.lit(heading)))
    return pl.concat(tables).unique(["heading", "code", "whole"], keep="first").sort("heading", "code", "whole")
