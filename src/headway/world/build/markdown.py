"""Small pieces of Markdown for the pages that the builder writes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

GENERATED = "<!-- Written by python -m headway.world.build; change the builder, not this page. -->\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A pipe table; columns whose entries look like numbers are aligned right."""
    right = [all(_is_number(row[i]) for row in rows) for i in range(len(head))]
    rule = ["--:" if flag else "---" for flag in right]
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _is_number(text: str) -> bool:
    return (
        text == ""
        or text.replace(",", "")
        .replace("−", "-")
        .replace("%", "")
        .strip()
        .lstrip("-")
        .replace(".", "", 1)
        .isdigit()
    )


def number(value: float, digits: int = 0) -> str:
    """A number with thousands separators; a minus sign, not a hyphen."""
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−")


def template(name: str) -> str:
    """The text of a page with fields for `str.format`, from `templates/NAME.md`."""
    return resources.files("headway.world.build").joinpath("templates", f"{name}.md").read_text(encoding="utf-8")
