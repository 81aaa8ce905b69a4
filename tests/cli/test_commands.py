"""The commands: what they write and print, the same numbers through every door, and nothing heavy for a help text."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import headway
from headway.brief.numbers import full_text
from headway.cli.app import app
from headway.impact import Result as Impact
from headway.impact import run as simulate
from headway.policy import load_scenario, save_scenario
from headway.policy.scenario import Scenario
from headway.world import catalogue

SAMPLE = Path(__file__).parents[2] / "examples" / "announcement.txt"
HEAVY = ("jax", "polars", "altair", "vl_convert", "scipy", "xarray", "numpy", "pandas", "duckdb", "jinja2")


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def scenario_file(main_scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_scenario(main_scenario, tmp_path_factory.mktemp("scenario") / "scenario.yaml")


@pytest.fixture(scope="module")
def brief_folder(article: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A brief of the article with the number of draws that a user gets, and what the command printed."""
    folder = tmp_path_factory.mktemp("brief") / "new" / "out"
    done = invoke("brief", article, "--out", folder)
    assert done.exit_code == 0
    return folder, done.stdout


class TestBrief:
    def test_it_writes_four_files_and_says_so(self, brief_folder: tuple[Path, str]) -> None:
        folder, printed = brief_folder
        names = {"brief.html", "result.json", "manifest.json", "scenario.yaml"}
        assert {path.name for path in folder.iterdir()} == names
        assert all(str(folder / name) in printed.replace("\n", "") for name in names)
        assert "What the announced measures would mean for South Korea." in printed
        assert "no legal text" in printed

    def test_its_scenario_runs_again_and_gives_the_identical_result(self, brief_folder: tuple[Path, str]) -> None:
        folder, _ = brief_folder
        stored = json.loads((folder / "result.json").read_text("utf-8"))
        again = json.loads(invoke("impact", folder / "scenario.yaml", "--json").stdout)
        assert again["figures"] == stored["figures"]
        assert again["tables"] == stored["tables"]
        assert again["scenario"] == stored["scenario"]

    def test_it_holds_what_the_text_says(self, brief_folder: tuple[Path, str]) -> None:
        folder, _ = brief_folder
        stored = json.loads((folder / "result.json").read_text("utf-8"))
        measures = {(m["instrument"], *m["partners"]): m for m in stored["document"]["measures"]}
        assert (measures["tariff", "ALL"]["rate_low"], measures["tariff", "ALL"]["rate_high"]) == (10, 20)
        assert measures["tariff", "CHN"]["rate_high"] == 60
        assert "subsidy.car_exports" in stored["figures"]
        assert stored["scenario"]["date"] == "2025-01-21"

    @pytest.mark.slow
    def test_home_date_and_format(self, article: Path, tmp_path: Path) -> None:
        done = invoke(
            "brief", article, "--home", "일본", "--date", "2025-02-01", "--out", tmp_path, "--format", "json"
        )
        assert "for Japan" in done.stdout
        assert not (tmp_path / "brief.html").exists()
        stored = json.loads((tmp_path / "result.json").read_text("utf-8"))
        assert (stored["scenario"]["home"], stored["scenario"]["date"]) == ("JPN", "2025-02-01")

    @pytest.mark.slow
    def test_the_acceptance_article(self, shared_data: Path, tmp_path: Path) -> None:
        """Issue 2: 19.0 to 27.7 % on average, ships without exposure, not law, every quote at its place."""
        text = shared_data / "corpus" / "texts" / "000_ministry-article-2025-01-21.txt"
        assert invoke("brief", text, "--out", tmp_path).exit_code == 0
        stored = json.loads((tmp_path / "result.json").read_text("utf-8"))
        after = stored["figures"]["us_rate.WORLD.after"]
        assert (after["low"], after["high"]) == (pytest.approx(19.0, abs=0.05), pytest.approx(27.7, abs=0.05))
        assert stored["figures"]["exports.total.up_to_a_year"]["value"] < 0
        assert any(finding["id"] == "no-exposure-ships" for finding in stored["findings"])
        assert "not law on 21 January 2025" in stored["status"]
        source = text.read_text("utf-8")
        for kind in ("measures", "statistics", "outlooks", "actions", "opportunities"):
            for record in stored["document"][kind]:
                quote = record["evidence"]
                assert source[quote["start"] : quote["end"]] == quote["text"]


class TestImpact:
    def test_python_json_and_files_give_the_same_numbers(
        self, scenario_file: Path, main_result: Impact, tmp_path: Path
    ) -> None:
        done = invoke("impact", scenario_file, "--out", tmp_path, "--json")
        printed = json.loads(done.stdout)["figures"]
        stored = json.loads((tmp_path / "result.json").read_text("utf-8"))["figures"]
        python = json.loads(simulate(load_scenario(scenario_file)).model_dump_json())["figures"]
        assert printed == stored == python == json.loads(main_result.model_dump_json())["figures"]

    def test_without_json_it_prints_the_answer_and_the_items(self, scenario_file: Path) -> None:
        done = invoke("impact", scenario_file)
        assert "Long run: goods exports" in done.stdout
        assert "Semiconductors" in done.stdout
        assert "Written" not in done.stdout

    def test_a_narrow_terminal_gets_whole_numbers(self, scenario_file: Path, main_result: Impact) -> None:
        done = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["impact", str(scenario_file)], catch_exceptions=False)
        assert all(len(line) <= 90 for line in done.stdout.splitlines())
        for name in ("semiconductors", "cars"):
            assert full_text(main_result.figures[f"item.{name}.change.long_run"]) in done.stdout
        assert "Share to" not in done.stdout

    def test_an_edited_choice_changes_the_answer(
        self, scenario_file: Path, main_result: Impact, tmp_path: Path
    ) -> None:
        text = scenario_file.read_text("utf-8")
        assert "selected: instead_of_blanket" in text
        edited = tmp_path / "edited.yaml"
        edited.write_text(text.replace("selected: instead_of_blanket", "selected: on_top"), "utf-8")
        figures = json.loads(invoke("impact", edited, "--json").stdout)["figures"]
        assert figures["us_rate.WORLD.after"]["high"] == pytest.approx(30.3, abs=0.05)
        assert main_result.figures["us_rate.WORLD.after"].high == pytest.approx(27.7, abs=0.05)


class TestRead:
    def test_records_stand_beside_their_words(self, article: Path) -> None:
        done = invoke("read", article)
        assert done.exit_code == 0
        assert "Measures (3)" in done.stdout
        assert "tariff.rate" in done.stdout

    def test_json_has_spans_and_rules(self, article: Path) -> None:
        document = json.loads(invoke("read", article, "--json", "--date", "2025-01-22").stdout)
        assert document["date"] == "2025-01-22"
        source = article.read_text("utf-8")
        for measure in document["measures"]:
            quote = measure["evidence"]
            assert source[quote["start"] : quote["end"]] == quote["text"]
            assert quote["rule"]

    def test_the_sample_of_the_readme_is_about_measures_of_the_us(self) -> None:
        document = json.loads(invoke("read", SAMPLE, "--json").stdout)
        assert {measure["imposer"] for measure in document["measures"]} == {"USA"}
        rates = [(measure["rate_low"], measure["rate_high"]) for measure in document["measures"]]
        assert rates == [(10, 20), (None, 60), (None, None)]


class TestData:
    def test_every_entry_is_listed_with_its_licence(self) -> None:
        printed = invoke("data", "list").stdout.replace("\n", " ")
        for entry in catalogue.entries():
            assert entry.id in printed
        assert "public domain" in printed

    def test_json(self) -> None:
        listed = json.loads(invoke("data", "list", "--json").stdout)
        ids = [entry.id for entry in catalogue.entries()]
        assert [one["id"] for one in listed][: len(ids)] == ids
        assert all({"licence", "citation", "vintage", "rows_in", "rows_out"} <= set(one) for one in listed)


class TestHelp:
    def test_version(self) -> None:
        assert invoke("--version").stdout.strip() == f"headway {headway.__version__}"

    @pytest.mark.parametrize("command", [(), ("brief",), ("impact",), ("read",), ("data",), ("data", "list")])
    def test_every_command_explains_itself_with_an_example(self, command: tuple[str, ...]) -> None:
        shown = invoke(*command, "--help").stdout
        assert "Usage:" in shown
        if command and command != ("data",):
            assert f"headway {' '.join(command)}" in shown

    @pytest.mark.parametrize("arguments", ["['--help']", "['brief', '--help']", "['--version']"])
    def test_help_loads_nothing_heavy(self, arguments: str) -> None:
        code = (
            f"import sys; sys.argv = ['headway', *{arguments}]\n"
            "from headway.cli import main\n"
            "try:\n    main()\nexcept SystemExit:\n    pass\n"
            f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stderr.strip().splitlines()[-1] == "[]"
