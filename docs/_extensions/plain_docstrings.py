"""Docstrings are plain text with `backticks`; this makes them safe for autodoc, which expects reStructuredText."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from sphinx.application import Sphinx

_LIST_ITEM = re.compile(r"[-*] ")
_LOOKS_LIKE_A_LIST = re.compile(r"([-+*•]|\(?[A-Za-z0-9]{1,3}[.)])\s")
_FIELD_ALIAS = "Alias for field number"


def to_rst(lines: list[str]) -> list[str]:
    """Paragraphs joined and escaped, "- " lists kept, indented blocks set as literal text."""
    made: list[str] = []
    for is_blank, group in groupby(lines, key=lambda line: not line.strip()):
        if not is_blank:
            made += _block(list(group))
    return made


def _block(lines: list[str]) -> list[str]:
    made: list[str] = []
    for is_literal, group in groupby(_with_kind(lines), key=lambda pair: pair[1]):
        part = [line for line, _ in group]
        if is_literal:
            made += ["::", "", *("    " + line for line in part), ""]
        elif _LIST_ITEM.match(part[0]):
            made += [*_items(part), ""]
        else:
            made += [_paragraph(part), ""]
    return made


def _with_kind(lines: list[str]) -> list[tuple[str, bool]]:
    """Each line with whether it is literal: indented, and not the continuation of a list item."""
    in_list = False
    made = []
    for line in lines:
        indented = line.startswith("  ")
        in_list = bool(_LIST_ITEM.match(line)) or (in_list and indented)
        made.append((line, indented and not in_list))
    return made


def _items(lines: list[str]) -> list[str]:
    items: list[list[str]] = []
    for line in lines:
        if _LIST_ITEM.match(line):
            items.append([line[2:]])
        else:
            items[-1].append(line)
    return ["- " + _escape(" ".join(part.strip() for part in item)) for item in items]


def _paragraph(lines: list[str]) -> str:
    text = _escape(" ".join(line.strip() for line in lines))
    return "\\" + text if _LOOKS_LIKE_A_LIST.match(text) else text


def _escape(text: str) -> str:
    parts = re.split(r"(``[^`]+``|`[^`]+`)", text)
    return "".join(_code(part) if part.startswith("`") else _words(part) for part in parts)


def _code(part: str) -> str:
    return "``" + part.strip("`") + "``"


def _words(part: str) -> str:
    return re.sub(r"([\\*|`]|_(?=\W|$))", r"\\\1", part)


def _process(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    lines[:] = to_rst(lines)


def _skip(app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object) -> bool | None:
    """Leave out what only restates a named tuple's or a record's own machinery."""
    if (getattr(obj, "__doc__", None) or "").startswith(_FIELD_ALIAS) or name == "model_config":
        return True
    return None


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the hooks of autodoc."""
    app.connect("autodoc-process-docstring", _process)
    app.connect("autodoc-skip-member", _skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
