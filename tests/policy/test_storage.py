"""Scenario files: a round trip, and every way of breaking one names the file and the key."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import InvalidScenario, UnreadableInput
from headway.policy import Choice, Measure, Scenario, load_scenario, save_scenario

BLANKET = Measure(
    id="tariff-1",
    imposer="USA",
    instrument="tariff",
    stage="pledged",
    partners=("ALL",),
    rate_low=10,
    rate_high=20,
)


def scenario(**changes: object) -> Scenario:
    content = {"name": "x", "home": "KOR", "date": dt.date(2025, 1, 21), "measures": (BLANKET,), **changes}
    return Scenario.model_validate(content)


def written(folder: Path, edit: tuple[str, str]) -> Path:
    path = save_scenario(scenario(), folder / "scenario.yaml")
    text = path.read_text("utf-8")
    assert edit[0] in text
    path.write_text(text.replace(*edit), "utf-8")
    return path


def test_round_trip(tmp_path: Path) -> None:
    choice = Choice(id="c", question="which?", options={"a": "한국어", "b": "no"}, selected="a")
    before = scenario(choices=(choice,))
    assert load_scenario(save_scenario(before, tmp_path / "s.yaml")) == before


@given(low=st.floats(0, 100), width=st.floats(0, 100), stage=st.sampled_from(["pledged", "in_force", "withdrawn"]))
def test_round_trip_of_any_rate(
    tmp_path_factory: pytest.TempPathFactory, low: float, width: float, stage: str
) -> None:
    measure = BLANKET.model_copy(update={"rate_low": low, "rate_high": low + width, "stage": stage})
    before = scenario(measures=(measure,))
    assert load_scenario(save_scenario(before, tmp_path_factory.mktemp("s") / "s.yaml")) == before


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (("home: KOR", "home: KOR\nhomes: JPN"), "unknown key homes"),
        (("home: KOR", "home: KOR\nhome: JPN"), "'home' is given twice"),
        (("rate_low: 10.0", "rate_low: 30.0"), "empty interval"),
        (("stage: pledged", "stage: rumoured"), "measures.0.stage"),
        (("home: KOR\n", ""), "the key home is missing"),
        (("measures:", "measures: ["), "not valid YAML"),
    ],
)
def test_broken_files_name_the_key(tmp_path: Path, edit: tuple[str, str], named: str) -> None:
    path = written(tmp_path, edit)
    with pytest.raises(InvalidScenario, match=named) as caught:
        load_scenario(path)
    assert "scenario.yaml" in caught.value.message


def test_missing_empty_and_binary_files(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.yaml", tmp_path / "binary.yaml"
    empty.write_bytes(b" \n")
    binary.write_bytes(b"\x00\x01\x02")
    for path, named in ((tmp_path / "none.yaml", "no file"), (empty, "is empty"), (binary, "binary")):
        with pytest.raises(UnreadableInput, match=named):
            load_scenario(path)


def test_two_measures_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="measure id used twice: tariff-1"):
        scenario(measures=(BLANKET, BLANKET))
