"""Errors at the command line: two lines on stderr that say what to do, a code of their own, nothing half-written."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from headway.cli import main
from headway.policy import Scenario, dump_scenario

NO_POLICY = "The weather in Seoul was mild. The orchestra played Brahms, and nobody spoke of anything else.\n"


@dataclass(frozen=True)
class Done:
    """What a command left: exit code, standard output and standard error."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def headway(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command as a user calls it in `folder`, without the cost of a process."""

    def run(*arguments: str) -> Done:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["headway", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        return Done(int(left.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def folder(tmp_path: Path, article: Path, main_scenario: Scenario) -> Path:
    """A folder of inputs, good and bad."""
    good = dump_scenario(main_scenario)
    files: dict[str, str | bytes] = {
        "article.txt": article.read_bytes(),
        "empty.txt": b"  \n",
        "binary.txt": bytes(range(256)) * 8,
        "weather.txt": NO_POLICY,
        "good.yaml": good,
        "unknown-key.yaml": good.replace("home: KOR", "home: KOR\nhomes: JPN"),
        "duplicate-key.yaml": good.replace("home: KOR", "home: KOR\nhome: JPN"),
        "empty-interval.yaml": good.replace("rate_low: 10.0", "rate_low: 30.0"),
        "not-yaml.yaml": "measures: [",
        "odd-key.yaml": good + "? [a]\n: 1\n",
        "no-date.yaml": good.replace("'2025-01-21'", "2025-13-45"),
        "moves-nothing.yaml": good.replace("rate_low: 10.0", "rate_low: 0").replace("rate_high: 20.0", "rate_high: 0")
        .replace("rate_high: 60.0", "rate_high: 0").replace("home: KOR", "home: JPN"),
        "no-country.yaml": good.replace("- CHN", "- XXQ"),
        "blocked": "a file where a folder should be",
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


CASES = {
    "empty file": (("brief", "empty.txt"), 11, "empty.txt is empty"),
    "binary file": (("brief", "binary.txt"), 12, "binary.txt is a binary file"),
    "missing file": (("brief", "none.txt"), 3, "none.txt does not exist"),
    "no trade policy": (("brief", "weather.txt"), 4, "no trade policy"),
    "unknown country": (("brief", "article.txt", "--home", "Atlantis"), 5, "Unknown country: 'Atlantis'"),
    "unknown format": (("brief", "article.txt", "--format", "pdf"), 5, "Unknown format pdf"),
    "unwritable out": (("brief", "article.txt", "--out", "blocked"), 13, "Cannot write to blocked"),
    "unwritable below": (("impact", "good.yaml", "--out", "blocked/below"), 13, "Cannot write to blocked/below"),
    "unknown key": (("impact", "unknown-key.yaml"), 6, "unknown key homes"),
    "duplicate key": (("impact", "duplicate-key.yaml"), 6, "'home' is given twice"),
    "empty interval": (("impact", "empty-interval.yaml"), 6, "empty interval"),
    "not YAML": (("impact", "not-yaml.yaml"), 6, "not valid YAML"),
    "a key that is none": (("impact", "odd-key.yaml"), 6, "a key is a list"),
    "a date that is none": (("impact", "no-date.yaml"), 6, "month must be in 1..12"),
    "unknown partner": (("impact", "no-country.yaml"), 5, "Measure m2: "),
    "moves nothing": (("impact", "moves-nothing.yaml"), 7, "moves nothing"),
    "scenario missing": (("impact", "none.yaml"), 3, "none.yaml"),
    "scenario empty": (("impact", "empty.txt"), 11, "empty.txt is empty"),
    "text to read is empty": (("read", "empty.txt"), 11, "empty.txt is empty"),
    "text to read has no policy": (("read", "weather.txt"), 4, "no trade policy"),
}


@pytest.mark.parametrize(("arguments", "code", "words"), CASES.values(), ids=CASES.keys())
def test_an_error_is_said_in_two_lines_with_its_own_code(
    headway: Command, folder: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    before = {path.name for path in folder.iterdir()}
    done = headway(*arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    message, fix = done.stderr.strip().splitlines()
    assert message.startswith("headway: ")
    assert fix.startswith("  ")
    assert done.stdout == ""
    assert {path.name for path in folder.iterdir()} == before
    assert (folder / "blocked").read_text() == "a file where a folder should be"


@pytest.mark.parametrize("arguments", [("brief", "article.txt", "--date", "21/01/2025"), ("brief",), ("brieff",)])
def test_a_command_that_is_not_understood_is_a_usage_error(headway: Command, arguments: tuple[str, ...]) -> None:
    done = headway(*arguments)
    assert done.returncode == 2
    assert "Usage:" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_leaves_an_older_brief_as_it_was(headway: Command, folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    (out / "brief.html").write_text("older")
    assert headway("brief", "weather.txt", "--out", "out").returncode == 4
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("brief.html", "older")]


def test_a_process_ends_with_the_same_code_and_words(folder: Path) -> None:
    command = [sys.executable, "-m", "headway", "impact", "unknown-key.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
    assert done.returncode == 6
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == "headway: unknown-key.yaml: unknown key homes."
    assert len(done.stderr.splitlines()) == 2
