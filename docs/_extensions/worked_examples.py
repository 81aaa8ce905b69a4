"""Run the examples of a page as a reader would, and compare what is printed with what the page shows.

A page is one session in one folder, with `examples/` beside it: fenced `console` blocks (`$ command`, then its output)
and `python` blocks, whose printed output is the `text` block right after them. A `yaml` block is saved under the name
that the sentence before it gives ("Save this as `name.yaml`"). In shown output, a line `...` stands for any lines.
Numbers may differ in their last digit; everything else must agree.

`python docs/_extensions/worked_examples.py PAGE ...` runs pages and writes the numbers found into them.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDTH = "100"
"""Columns of the terminal that examples are run in."""

_FENCE = re.compile(r"^```([\w{}-]*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SAVED = re.compile(r"[Ss]ave this as `([\w.]+)`[^`]*\Z")
_NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]\d+)?")


@dataclass(frozen=True)
class Example:
    """Commands or code of one block, and the output shown with where it stands in the page."""

    kind: str
    source: str
    shown: str
    start: int
    end: int


class Mismatch(AssertionError):
    """Output that differs from the page."""


def examples(page: str) -> Iterator[Example]:
    """Every runnable block of a page, in order; a console block gives one example per command."""
    blocks = list(_FENCE.finditer(page))
    for place, block in enumerate(blocks):
        if block[1] == "console":
            yield from _commands(block)
        elif block[1] == "yaml":
            saved = _SAVED.search(page[: block.start()])
            if saved:
                yield Example("save", f"{saved[1]}\n{block[2]}", "", block.end(), block.end())
        elif block[1] == "python":
            follower = blocks[place + 1] if place + 1 < len(blocks) else None
            if follower and follower[1] == "text" and not page[block.end() : follower.start()].strip():
                yield Example("python", block[2], follower[2], follower.start(2), follower.end(2))
            else:
                yield Example("python", block[2], "", block.end(), block.end())


def _commands(block: re.Match[str]) -> Iterator[Example]:
    for part in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block[2], re.MULTILINE):
        offset = block.start(2)
        yield Example("console", part[1], part[2], offset + part.start(2), offset + part.end(2))


class Session:
    """A folder to work in, the names that Python blocks have defined, and what each example printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, object] = {"__name__": "__example__"}
        shutil.copytree(ROOT / "examples", folder / "examples")

    def run(self, example: Example) -> str:
        """What an example prints, standard error after standard output."""
        if example.kind == "save":
            name, _, content = example.source.partition("\n")
            (self.folder / name).write_text(content, "utf-8")
            return ""
        return self._python(example.source) if example.kind == "python" else self._command(example.source)

    def _python(self, source: str) -> str:
        printed = io.StringIO()
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(source, "<example>", "exec"), self.names)
        finally:
            os.chdir(here)
        return printed.getvalue()

    def _command(self, command: str) -> str:
        if command.startswith("make "):
            _check_target(command.split()[1])
            return ""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=os.environ | {"PATH": path, "COLUMNS": WIDTH, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.stdout + done.stderr


def _check_target(target: str) -> None:
    """`make` would build another environment, so only that the target exists is checked."""
    if not re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE):
        raise Mismatch(f"the Makefile has no target {target}")


def check(shown: str, printed: str) -> None:
    """Raise Mismatch where `printed` is not what the page shows."""
    wanted, found = _lines(shown), _lines(printed)
    position, loose = 0, False
    for line in wanted:
        if line.strip() == "...":
            loose = True
            continue
        stop = len(found) if loose else min(position + 1, len(found))
        at = next((k for k in range(position, stop) if same(line, found[k])), None)
        if at is None:
            raise Mismatch(f"shown:\n{line}\nprinted:\n" + "\n".join(found[position : position + 12]))
        position, loose = at + 1, False
    if not loose and position < len(found):
        raise Mismatch("printed, but not shown:\n" + "\n".join(found[position : position + 12]))


def same(shown: str, printed: str) -> bool:
    """Whether two lines agree but for the last digit of numbers and the width of gaps."""
    if _words(shown) != _words(printed):
        return False
    pairs = zip(_NUMBER.findall(shown), _NUMBER.findall(printed), strict=True)
    return all(_close(one, other) for one, other in pairs)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()] if text.strip() else []


def _words(line: str) -> str:
    return " ".join(re.sub(r"[─━═]+", "─", _NUMBER.sub("#", line)).split())


def _close(shown: str, printed: str) -> bool:
    digits = len(shown.split(".")[1]) if "." in shown and "e" not in shown else 0
    one, other = (float(text.replace(",", "").replace("−", "-")) for text in (shown, printed))
    return abs(one - other) <= 1.01 * 10.0**-digits + 1e-3 * abs(other)


def run_page(page: str, folder: Path) -> None:
    """Run every example of a page and compare; raises Mismatch naming the example."""
    session = Session(folder)
    for example in examples(page):
        try:
            check(example.shown, session.run(example))
        except Mismatch as difference:
            raise Mismatch(f"{example.source.strip()}\n{difference}") from None


def refreshed(page: str, folder: Path) -> tuple[str, list[str]]:
    """The page with the numbers of a fresh run, and the shown lines that no printed line resembles."""
    session, made, lost, position = Session(folder), [], [], 0
    for example in examples(page):
        printed = session.run(example)
        text, missing = _renewed(example.shown, printed)
        made += [page[position : example.start], text]
        position = example.end
        lost += [f"{example.source.splitlines()[0]}: {line}" for line in missing]
    return "".join([*made, page[position:]]), lost


def _renewed(shown: str, printed: str) -> tuple[str, list[str]]:
    if "..." not in shown.split():
        return "".join(line + "\n" for line in _lines(printed)), []
    found = _lines(printed)
    made, missing, position = [], [], 0
    for line in _lines(shown):
        at = next((k for k in range(position, len(found)) if _words(found[k]) == _words(line)), None)
        if line.strip() == "...":
            made.append(line)
        elif at is None:
            missing.append(line)
            made.append(line)
        else:
            made.append(found[at])
            position = at + 1
    return "".join(line + "\n" for line in made), missing


def main(names: list[str]) -> int:
    """Refresh pages; the exit code is 1 where some shown line needs a person."""
    trouble = 0
    for name in names:
        path = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            text, lost = refreshed(path.read_text("utf-8"), Path(folder))
        path.write_text(text, "utf-8")
        for line in lost:
            sys.stderr.write(f"{name}: no line like this is printed any more: {line}\n")
            trouble = 1
    return trouble


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
