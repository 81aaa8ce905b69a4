from __future__ import annotations

from pathlib import Path

from headway.tariffs.build.oracles import REASONS, outcomes


def test_every_row_is_reproduced_or_listed_with_a_reason(shared_data: Path) -> None:
    found = outcomes(shared_data / "us-tariffs" / "oracles.csv", {})
    statutory = [one for one in found if one.kind != "realised_rate"]
    assert len(statutory) == 113
    left = [one for one in statutory if not one.reproduced]
    assert {(one.code, one.origin) for one in left} == set(REASONS)
    assert all(one.reason for one in left)


def test_rows_read_from_the_law_by_one_person_are_all_reproduced(shared_data: Path) -> None:
    found = outcomes(shared_data / "us-tariffs" / "oracles.csv", {})
    derived = [one for one in found if one.kind == "total_rate" and "DERIVED" in one.evidence]
    assert len(derived) == 59
    assert all(one.reproduced for one in derived)
