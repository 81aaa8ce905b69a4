"""Parts of pages that are made from the program itself, so that they cannot fall behind it.

Directives: `{command-reference}`, `{error-table}`, `{catalogue-table}`. Each is a function that returns Markdown and is
tested without Sphinx.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import typer
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from headway import errors
from headway.cli.app import app as command_line
from headway.world import catalogue

GENERIC = ("install_completion", "show_completion")
"""Options that typer adds to every program."""


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, the root first: ("headway data list", command)."""
    yield from _walk("headway", typer.main.get_command(command_line))


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield name, command
    for child, member in getattr(command, "commands", {}).items():
        yield from _walk(f"{name} {child}", member)


def command_reference() -> str:
    """The command line: usage, help, arguments and options of every command."""
    return "\n\n".join(_command(name, command) for name, command in commands())


def _command(name: str, command: Any) -> str:
    usage = " ".join([name, *_usage(command)])
    parts = [f"## `{name}`", f"```text\n{usage}\n```", _help(command.help or "")]
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    if arguments:
        rows = [[f"`{_metavar(p)}`", p.help or ""] for p in arguments]
        parts.append(table(["argument", "meaning"], rows))
    if options:
        rows = [[_spelling(p), p.help or "", _default(p)] for p in options]
        parts.append(table(["option", "meaning", "default"], rows))
    children = getattr(command, "commands", {})
    if children:
        rows = [[f"`{name} {child}`", _first_line(member.help or "")] for child, member in children.items()]
        parts.append(table(["command", "what it does"], rows))
    return "\n\n".join(part for part in parts if part)


def _usage(command: Any) -> Iterator[str]:
    yield "[OPTIONS]"
    yield from (_metavar(p) for p in command.params if p.param_type_name == "argument")
    if getattr(command, "commands", {}):
        yield "COMMAND"


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _spelling(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in [*option.secondary_opts, *option.opts])
    return names if option.is_flag else f"{names} {_value_name(option)}"


def _value_name(option: Any) -> str:
    return f"`{option.metavar or max(option.opts, key=len).lstrip('-').upper()}`"


def _default(option: Any) -> str:
    if option.is_flag or option.default is None or callable(option.default):
        return "–"
    return f"`{option.default}`"


def _help(text: str) -> str:
    """Help text as Markdown: indented lines are commands to type."""
    paragraphs = textwrap.dedent(text).strip().split("\n\n")
    made = []
    for paragraph in paragraphs:
        indented = all(line.startswith("    ") for line in paragraph.splitlines())
        made.append(f"```sh\n{textwrap.dedent(paragraph)}\n```" if indented else paragraph)
    return "\n\n".join(made).replace("```\n\n```sh\n", "")


def _first_line(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())


def all_errors() -> list[type[errors.HeadwayError]]:
    """The base and every subclass, by exit code."""
    found, waiting = [], [errors.HeadwayError]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += one.__subclasses__()
    return sorted(found, key=lambda one: (one.exit_code, one.__name__))


def error_table() -> str:
    """Exit code, class and meaning of every error."""
    rows = [[f"`{one.exit_code}`", f"`{one.__name__}`", _first_line(one.__doc__ or "")] for one in all_errors()]
    return table(["exit code", "error", "meaning"], rows)


def catalogue_table() -> str:
    """Sources, then shipped tables, as the catalogue has them."""
    parts = []
    for kind, heading, origin in (
        ("source", "Sources", "licence"),
        ("table", "Tables that the package ships", "built from"),
    ):
        rows = [
            [
                f"`{one.id}`",
                one.title,
                one.vintage,
                one.licence if kind == "source" else ", ".join(one.sources),
                f"{one.rows_in:,} → {one.rows_out:,}",
            ]
            for one in catalogue.entries()
            if one.kind == kind
        ]
        parts += [f"## {heading}", table(["id", "what", "vintage", origin, "rows in → out"], rows)]
    return "\n\n".join(parts)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _directive(make: Callable[[], str]) -> type[SphinxDirective]:
    class Generated(SphinxDirective):
        def run(self) -> list[nodes.Node]:
            return self.parse_text_to_nodes(make(), allow_section_headings=True)

    return Generated


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("command-reference", _directive(command_reference))
    app.add_directive("error-table", _directive(error_table))
    app.add_directive("catalogue-table", _directive(catalogue_table))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
