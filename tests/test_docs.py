"""The documentation is tested: examples run and print what the pages show, and nothing public is left out."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

import headway
from headway import impact, policy, reading
from headway.impact.results import Figure, Finding, Result
from headway.policy import records
from headway.policy import scenario as scenarios
from headway.world import catalogue

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS / "_extensions"))

import generated_pages  # noqa: E402
import plain_docstrings  # noqa: E402
import worked_examples  # noqa: E402

PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
RUN = [page for page in PAGES if any(worked_examples.examples(page.read_text("utf-8")))]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    worked_examples.run_page(page.read_text("utf-8"), tmp_path / "session")


def test_the_pages_that_must_run_are_among_those_run() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in RUN}
    assert {"README.md", "docs/tutorial.md", "docs/how-to/exporter.md", "docs/reference/errors.md"} <= names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_readme_names_the_two_commands_of_the_makefile() -> None:
    readme, makefile = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    for target in ("brief", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_command_option_and_argument_has_help_and_stands_in_the_reference() -> None:
    reference = generated_pages.command_reference()
    for name, command in generated_pages.commands():
        assert f"## `{name}`" in reference
        assert command.help, name
        for parameter in command.params:
            assert parameter.help, f"{name} {parameter.name}"
            for spelling in parameter.opts:
                shown = spelling if spelling.startswith("-") else spelling.upper()
                assert f"`{shown}`" in reference, f"{name} {spelling}"


def test_every_error_has_a_meaning_and_an_exit_code_of_its_own() -> None:
    found = generated_pages.all_errors()
    table = generated_pages.error_table()
    assert len({one.exit_code for one in found}) == len(found)
    for one in found:
        assert one.__doc__, one.__name__
        assert f"| `{one.exit_code}` | `{one.__name__}` |" in table


def test_every_catalogue_entry_is_in_the_table() -> None:
    table = generated_pages.catalogue_table()
    for entry in catalogue.entries():
        assert f"`{entry.id}`" in table


def test_every_public_package_is_on_the_python_page_and_its_names_have_docstrings() -> None:
    modules = re.findall(r"automodule:: (\S+)", (DOCS / "reference" / "python.md").read_text("utf-8"))
    for name in headway.__all__:
        if name != "HeadwayError":
            assert any(
                module == f"headway.{name}" or module.startswith(f"headway.{name}.") for module in modules
            ), name
    for name in modules:
        module = importlib.import_module(name)
        for member in getattr(module, "__all__", ()):
            found = getattr(module, member)
            assert not callable(found) or found.__doc__, f"{name}.{member}"


def test_contributing_has_every_layer_of_the_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = page.split("## Layers")[1].split("## Style")[0]
    for layer in contract["layers"]:
        for package in layer.split("|"):
            assert f"`{package.strip()}`" in table, package


RECORDS = (
    *(scenarios.Scenario, scenarios.Choice, scenarios.Sampling, scenarios.SourceText),
    *(records.Measure, records.ProductMatch, records.Affected, records.Evidence, records.Document),
    *(records.Statistic, records.Outlook, records.Action, records.Opportunity, records.UnplacedFigure),
)


def test_every_key_and_value_of_a_scenario_file_is_documented() -> None:
    page = (DOCS / "reference" / "scenario-file.md").read_text("utf-8")
    measures = (DOCS / "methods" / "measures.md").read_text("utf-8")
    for record in RECORDS:
        for key in record.model_fields:
            assert f"`{key}`" in page, f"{record.__name__}.{key}"
    for instrument in get_args(records.Instrument):
        assert f"`{instrument}`" in page
    for stage in get_args(records.Stage):
        assert f"`{stage}`" in measures


def test_every_field_and_id_of_a_result_is_documented() -> None:
    page = (DOCS / "reference" / "result.md").read_text("utf-8")
    for record in (Figure, Finding, Result):
        for key in record.model_fields:
            assert f"`{key}`" in page, f"{record.__name__}.{key}"


@pytest.mark.slow
def test_the_ids_of_a_run_have_a_documented_form() -> None:
    page = (DOCS / "reference" / "result.md").read_text("utf-8")
    forms = re.findall(r"`([a-z_]+\.[^`]*)`", page.split("## Ids")[1])
    patterns = [re.compile(re.sub(r"\\{(\w+)\\}", _free, re.escape(form)) + "$") for form in forms]
    document = reading.read_file(ROOT / "examples" / "announcement.txt")
    scenario = policy.form_scenario(document, home="KOR")
    few = scenario.model_copy(update={"sampling": policy.Sampling(policy_draws=2, parameter_draws=2)})
    found = impact.run(few).figures
    assert len(found) > 100
    assert not [id for id in found if not any(pattern.match(id) for pattern in patterns)]


def _free(name: re.Match[str]) -> str:
    return ".+" if name[1] in ("what", "figure") else r"[^.]+"


class TestWorkedExamples:
    def test_a_number_may_differ_in_its_last_digit_and_no_more(self) -> None:
        assert worked_examples.same("exports −2.2 % (−3.0 to −1.5)", "exports −2.3 % (−3.0 to −1.5)")
        assert not worked_examples.same("exports −2.2 %", "exports −2.5 %")
        assert not worked_examples.same("exports −2.2 %", "imports −2.2 %")

    def test_lines_must_follow_each_other_unless_dots_stand_between(self) -> None:
        worked_examples.check("one\n...\nthree\n", "one\ntwo\nthree\n")
        with pytest.raises(worked_examples.Mismatch, match="two"):
            worked_examples.check("one\nthree\n", "one\ntwo\nthree\n")
        with pytest.raises(worked_examples.Mismatch, match="not shown"):
            worked_examples.check("one\n", "one\ntwo\n")

    def test_a_page_gives_its_commands_and_code_with_their_output(self) -> None:
        page = "```console\n$ a\nx\n$ b\n```\n\n```python\ny\n```\n\n```text\nz\n```\n"
        found = [(one.kind, one.source.strip(), one.shown) for one in worked_examples.examples(page)]
        assert found == [("console", "a", "x\n"), ("console", "b", ""), ("python", "y", "z\n")]


class TestPlainDocstrings:
    def test_marks_of_the_markup_are_escaped_and_code_is_kept(self) -> None:
        assert plain_docstrings.to_rst(["Gap |x| of `name`, a * b_."]) == [
            "Gap \\|x\\| of ``name``, a \\* b\\_.",
            "",
        ]

    def test_indented_lines_are_literal_and_lists_stay_lists(self) -> None:
        lines = ["As in", "", "    x = y*", "", "- one", "  more", "- two"]
        expected = ["As in", "", "::", "", "        x = y*", "", "- one more", "- two", ""]
        assert plain_docstrings.to_rst(lines) == expected
