"""Writing a brief: whole files or none, and files that can be read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headway.brief import write
from headway.errors import UnwritableOutput
from headway.files import check_writable
from headway.impact import Result
from headway.policy import load_scenario


def test_the_four_files(main_result: Result, tmp_path: Path) -> None:
    paths = write(main_result, tmp_path / "a" / "b")
    assert [path.name for path in paths] == ["brief.html", "result.json", "manifest.json", "scenario.yaml"]
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == sorted(path.name for path in paths)


def test_what_is_written_is_the_result(main_result: Result, tmp_path: Path) -> None:
    write(main_result, tmp_path)
    stored = json.loads((tmp_path / "result.json").read_text("utf-8"))
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert Result.model_validate(stored | {"manifest": manifest}) == main_result
    assert load_scenario(tmp_path / "scenario.yaml") == main_result.scenario


@pytest.mark.parametrize(("formats", "absent"), [(("html",), "result.json"), (("json",), "brief.html")])
def test_formats_as_asked(main_result: Result, tmp_path: Path, formats: tuple[str, ...], absent: str) -> None:
    names = {path.name for path in write(main_result, tmp_path, formats=formats)}
    assert absent not in names
    assert {"manifest.json", "scenario.yaml"} <= names


def test_an_older_brief_is_replaced_whole(main_result: Result, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text("old")
    write(main_result, tmp_path, formats=("json",))
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))["status"] == main_result.status
    assert not list(tmp_path.glob(".*"))


def test_a_file_in_the_way_is_an_error_and_leaves_nothing(main_result: Result, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("mine")
    for folder in (blocked, blocked / "below"):
        with pytest.raises(UnwritableOutput, match="Cannot write to") as caught:
            write(main_result, folder, formats=("json",))
        assert "--out" in caught.value.fix
        with pytest.raises(UnwritableOutput):
            check_writable(folder)
    assert blocked.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_in_a_files_place_is_an_error_and_no_temporary_file_stays(
    main_result: Result, tmp_path: Path
) -> None:
    (tmp_path / "result.json").mkdir()
    with pytest.raises(UnwritableOutput):
        write(main_result, tmp_path, formats=("json",))
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_checking_creates_nothing(tmp_path: Path) -> None:
    check_writable(tmp_path / "new" / "deep")
    assert not list(tmp_path.iterdir())
