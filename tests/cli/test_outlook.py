"""`headway outlook`: the same numbers as the call from Python, errors in two lines."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from headway import outlook as analysis
from headway.cli.outlook import outlook
from headway.errors import DataError, HeadwayError, UnreadableInput
from headway.outlook import export, months

runner = CliRunner()


def _app() -> typer.Typer:
    app = typer.Typer()
    app.command()(outlook)
    return app


def _run(*arguments: str) -> str:
    result = runner.invoke(_app(), [*arguments, "--quiet"])
    if isinstance(result.exception, HeadwayError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def _file(path: Path, count: int = 60, unit: str = "USD mn") -> Path:
    first = months.month("2020-01")
    rng = np.random.default_rng(1)
    values = 1000 * np.exp(np.cumsum(0.03 * rng.standard_normal(count)))
    rows = [f"{months.label(first + n)},{value:.2f},{unit}" for n, value in enumerate(values)]
    path.write_text("month,value,unit\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_json_is_the_python_result() -> None:
    text = _run("--as-known-on", "2025-01-20", "--json")
    expected = analysis.outlook(analysis.Request(as_known_on=dt.date(2025, 1, 20)))
    assert json.loads(text) == json.loads(export.to_json(expected))


def test_the_terminal_shows_sentences_and_table(tmp_path: Path) -> None:
    text = _run("--as-known-on", "2025-01-20", "--out", str(tmp_path / "out"), "--format", "html,json,csv")
    assert "expected for the first half of 2025" in text
    assert "carry-over" in text
    assert (tmp_path / "out" / "outlook.html").is_file()
    assert (tmp_path / "out" / "outlook_periods.csv").is_file()


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    text = _run("--data", str(_file(tmp_path / "own.csv")), "--country", "Japan", "--json")
    content = json.loads(text)
    assert content["manifest"]["inputs"][0]["source"] == "own.csv"
    assert {row["kind"] for row in content["forecast"]} == {"total"}


def test_an_effect_file_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "effects.csv"
    path.write_text("kind,name,month,effect\nitem,cars,2025-06,-0.2\n", encoding="utf-8")
    text = _run("--as-known-on", "2025-01-20", "--effects", str(path), "--scenario-name", "a test", "--json")
    content = json.loads(text)
    assert content["scenario"] == "a test"
    hit = next(r for r in content["forecast"] if r["name"] == "cars" and r["month"] == "2025-06")
    assert hit["scenario"] == pytest.approx(0.8 * hit["value"])


def test_bad_input_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at least 12"):
        _run("--data", str(_file(tmp_path / "own.csv", 8)))
    with pytest.raises(UnreadableInput, match="neither a file nor a stored data set"):
        _run("--data", "nothing_of_that_name")
    result = runner.invoke(_app(), ["--as-known-on", "soon"])
    assert result.exit_code == 2
    assert "--as-known-on" in result.output
