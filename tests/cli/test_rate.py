from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from headway.cli import rate, tariffs
from headway.errors import UnknownCode

app = typer.Typer(pretty_exceptions_enable=False)
app.command("rate")(rate.rate)
app.add_typer(tariffs.app, name="tariffs")
CAR = ["rate", "8703.23.01", "--from", "KOR", "--on", "2026-11-24"]


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_stack_law_by_law() -> None:
    shown = run(*CAR)
    assert "Complete." in shown
    assert "no preference claimed" in shown
    assert "claiming KR" in shown


def test_json_has_the_documented_shape() -> None:
    answer = json.loads(run(*CAR, "--json"))
    assert answer["complete"] is True
    assert (answer["unclaimed"]["total"], answer["claimed"]["total"]) == ("0.150", "0.15")
    layer = answer["unclaimed"]["layers"][0]
    assert {"authority", "heading", "kind", "rate", "amount", "citation", "effective", "published"} <= set(layer)


def test_claims_and_shares_are_read() -> None:
    words = [
        "rate",
        "3304.99.50",
        "--from",
        "KOR",
        "--on",
        "2025-11-14",
        "--share",
        "steel=0",
        "--share",
        "aluminium=0",
    ]
    assert json.loads(run(*words, "--json"))["unclaimed"]["total"] == "0.15"
    crane = ["rate", "8426190000", "--from", "CHN", "--on", "2026-10-10", "--claim", "sts_crane", "--json"]
    assert json.loads(run(*crane))["unclaimed"]["total"] == "0.375"


@pytest.mark.parametrize(
    "words", [["--claim", "nonsense"], ["--share", "steel=2"], ["--value", "x"], ["--on", "2026-13-01"]]
)
def test_bad_options_are_usage_errors(words: list[str]) -> None:
    result = CliRunner().invoke(app, ["rate", "8703230140", *words])
    assert result.exit_code == 2


def test_a_heading_is_refused_with_its_lines() -> None:
    with pytest.raises(UnknownCode, match="73 lines"):
        CliRunner().invoke(app, ["rate", "8703"], catch_exceptions=False)


def test_history_and_search() -> None:
    steps = json.loads(run(*CAR, "--history", "--json"))
    assert [one["day"] for one in steps] == ["2018-01-01", "2025-04-03", "2025-11-01"]
    assert "2025-11-01" in run(*CAR, "--history")
    assert "8507600020" in run("rate", "--find", "lithium-ion battery")


def test_rivals_show_import_shares() -> None:
    found = json.loads(run(*CAR, "--rivals", "--json"))
    assert {"JPN", "KOR", "MEX"} <= {one["origin"] for one in found}
    assert "South Korea" in run(*CAR, "--rivals")


def test_a_batch_with_bad_rows_says_so_in_its_exit_code(tmp_path: Path) -> None:
    source = tmp_path / "lines.csv"
    source.write_text("hts10,origin,date\n8703230140,KOR,2026-11-24\n8703,KOR,2026-11-24\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["rate", "--batch", str(source), "--out", str(tmp_path / "rated.csv")])
    assert result.exit_code == 8
    assert "1 of 2 rows rated" in result.output
    assert (tmp_path / "rated.rejects.csv").exists()


@pytest.mark.slow
def test_effective_and_diff() -> None:
    table = json.loads(run("tariffs", "effective", "--by", "origin", "--on", "2024-06-01", "--json", "--quiet"))
    korea = next(row for row in table if row["origin"] == "KOR")
    assert korea["realised"] == pytest.approx(0.00188, abs=1e-5)
    assert "9903.05.01" in run("tariffs", "diff", "--from", "2026-07-01", "--to", "2026-08-01", "--top", "20")
