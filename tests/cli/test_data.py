"""`headway data add` and `list`: a user's series are checked, kept with their vintage, listed and forecast from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from headway.cli.app import app
from headway.errors import DataError, UnreadableInput
from headway.outlook import figures, months, store


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's data folder of the platform is inside the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Three years of a total and an item."""
    first = months.month("2021-01")
    rows = [f"{months.label(first + n)},{item},{1000 + 7 * n},USD mn" for n in range(36) for item in ("", "cars")]
    path = tmp_path / "own.csv"
    path.write_text("month,item,value,unit\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


def test_added_series_are_kept_listed_and_forecast(own: Path) -> None:
    done = invoke("data", "add", own, "--name", "customs", "--vintage", "2024-01-15", "--country", "Japan")
    assert "Stored customs as of 2024-01-15: 2 series, 2021-01 to 2023-12." in done.stdout
    assert "headway outlook --data customs" in done.stdout
    (record,) = store.stored()
    assert (record.country, record.adjusted, record.path.read_bytes()) == ("JPN", False, own.read_bytes())

    assert "customs (yours, 2024-01-15)" in invoke("data", "list").stdout
    listed = json.loads(invoke("data", "list", "--json").stdout)
    assert [row["sha256"] for row in listed if row["kind"] == "stored"] == [record.sha256]

    found = json.loads(invoke("outlook", "--data", "customs", "--as-known-on", "2024-01-20", "--json").stdout)
    assert {entry["vintage"] for entry in found["manifest"]["inputs"]} == {"2024-01-15"}


def test_json_says_what_was_stored(own: Path) -> None:
    done = invoke(
        *("data", "add", own, "--name", "customs", "--vintage", "2024-01-15"),
        *("--country", "none", "--adjusted", "--json"),
    )
    stored = json.loads(done.stdout)
    assert (stored["country"], stored["adjusted"], stored["series"]) == (None, True, 2)


def test_the_outlooks_own_sources_are_listed() -> None:
    printed = invoke("data", "list").stdout.replace("\n", " ")
    listed = {row["id"]: row for row in json.loads(invoke("data", "list", "--json").stdout)}
    for source in figures.SOURCES:
        assert source.id in printed
        assert listed[source.id]["licence"] == source.licence
    shipped = sum(listed[source.id]["rows_out"] for source in figures.SOURCES)
    assert shipped == figures.official().height


def test_bad_input_is_named_and_nothing_is_kept(own: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot name"):
        invoke("data", "add", own, "--name", "My Data", "--vintage", "2024-01-15")
    with pytest.raises(UnreadableInput, match="no file"):
        invoke("data", "add", tmp_path / "none.csv", "--name", "own", "--vintage", "2024-01-15")
    own.write_text(own.read_text("utf-8").replace("1007", "-1007"), "utf-8")
    with pytest.raises(DataError, match="negative values in 2021-02"):
        invoke("data", "add", own, "--name", "own", "--vintage", "2024-01-15")
    wrong = invoke("data", "add", own, "--name", "own", "--vintage", "January")
    assert wrong.exit_code == 2
    assert "--vintage" in wrong.output
    assert store.stored() == ()
