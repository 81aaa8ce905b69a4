"""The option library: every shipped file, parameters in range, moves by name, and options that others add."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.errors import DataError, UnknownCode
from headway.response.library import find, fingerprint, library, move, parse_move, read_option

MINIMAL = """
id: mine
title: Mine
nature: home
legal_basis: [law]
who_decides: me
months: {low: 1, high: 2, source: assumption}
cost: none
retaliation: none
parameters:
  rate: {default: 0.1, low: 0, high: 1, meaning: a rate, source: assumption}
changes:
  - {kind: tariff, importer: home, exporter: partner, add: $rate}
"""


def test_every_shipped_option_says_on_what_basis_who_decides_and_where_its_numbers_are_from() -> None:
    options = library()
    assert {one.nature for one in options} == {"ask", "offer", "reply", "home", "third"}
    for option in options:
        assert option.legal_basis
        assert option.who_decides
        assert option.cost
        assert option.retaliation
        assert option.months.low <= option.months.high
        assert option.questions
        assert all(one.source and one.meaning for one in option.parameters.values())
        assert all(move(option, setting) for setting in option.settings)
    assert len(fingerprint()) == len(options)


def test_the_library_holds_every_move_that_is_asked_for() -> None:
    ids = {one.id for one in library()}
    assert {
        "exemption",
        "lower_rate",
        "rate_quota",
        "own_tariffs",
        "energy_purchases",
        "aircraft_purchases",
    } <= ids
    assert {"investment", "retaliation", "joint_retaliation", "joint_request", "new_agreement"} <= ids
    assert {"diversification", "home_support", "standards"} <= ids


def test_a_move_is_named_by_what_differs_from_its_defaults_and_read_back_from_its_name() -> None:
    made = move(find("exemption"), {"products": ("steel", "cars"), "keep": 0.25})
    assert made.id == "exemption(products=steel+cars,keep=0.25)"
    again = parse_move(made.id)
    assert again.id == made.id
    assert again.changes == made.changes
    assert parse_move("exemption").id == "exemption"
    assert parse_move("exemption(products=steel)").changes[0].products == ("steel",)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("no_such_option", UnknownCode, "no option 'no_such_option'"),
        ("exemption(colour=red)", UnknownCode, "no parameter 'colour'"),
        ("exemption(keep=2)", DataError, "outside 0 to 1"),
        ("exemption(keep=some)", DataError, "not a number"),
        ("exemption(steel)", DataError, "Not a setting"),
        ("exemption(", DataError, "Not a move"),
    ],
)
def test_bad_moves_are_named(text: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        parse_move(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: mine", "id: Mine Own", "id"),
        ("$rate", "$speed", "no parameter 'speed'"),
        ("kind: tariff", "kind: magic", "changes.0.kind"),
        ("cost: none", "cost: none\ncost: some", "given twice"),
        ("cost: none", "costs: none", "unknown key costs"),
        ("nature: home", "nature: [", "not valid YAML"),
    ],
)
def test_bad_option_files_name_file_and_key(old: str, new: str, words: str) -> None:
    assert read_option(MINIMAL, "mine.yaml").id == "mine"
    with pytest.raises(DataError, match=f"mine.yaml.*{words}"):
        read_option(MINIMAL.replace(old, new), "mine.yaml")


def test_others_add_options_by_a_file_and_an_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with an entry point, as an installer would leave it."""
    (tmp_path / "other_options").mkdir()
    (tmp_path / "other_options" / "__init__.py").write_text(
        "from pathlib import Path\n\ndef folder() -> Path:\n    return Path(__file__).parent\n"
    )
    (tmp_path / "other_options" / "mine.yaml").write_text(MINIMAL)
    described = tmp_path / "other_options-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: other-options\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[headway.options]\nother = other_options:folder\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    library.cache_clear()
    try:
        assert find("mine").title == "Mine"
        assert parse_move("mine(rate=0.2)").changes[0].add == 0.2
        assert "other/mine.yaml" in fingerprint()
    finally:
        library.cache_clear()
