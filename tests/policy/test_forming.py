"""Forming a scenario: what is ambiguous becomes a choice, what cannot be simulated is said."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.errors import NoEffect
from headway.policy import Document, Measure, form_scenario


def tariff(id: str, **fields: object) -> Measure:
    content = {"id": id, "imposer": "USA", "instrument": "tariff", "stage": "pledged", **fields}
    return Measure.model_validate(content)


def document(*measures: Measure) -> Document:
    return Document(
        name="a", sha256="0", date=dt.date(2025, 1, 21), date_source="given", text="", measures=tuple(measures)
    )


BLANKET = tariff("t1", partners=("ALL",), rate_low=10, rate_high=20)
CHINA = tariff("t2", partners=("CHN",), rate_high=60, stage="threatened")


def test_sixty_percent_beside_a_blanket_has_three_readings() -> None:
    formed = form_scenario(document(BLANKET, CHINA), home="KOR")
    assert {choice.id for choice in formed.choices} == {"t1.rate_kind", "t2.up_to", "t2.with_t1"}
    beside = next(choice for choice in formed.choices if choice.id == "t2.with_t1")
    assert list(beside.options) == ["instead_of_blanket", "sets_total", "on_top"]
    assert formed.choice("t2.with_t1") == "instead_of_blanket"
    assert formed.choice("no such choice") is None


def test_a_rate_that_says_its_kind_is_not_ambiguous() -> None:
    formed = form_scenario(document(BLANKET.model_copy(update={"rate_kind": "additive"})), home="KOR")
    assert formed.choices == ()


def test_a_suspended_measure_is_left_out_until_someone_includes_it() -> None:
    formed = form_scenario(
        document(tariff("t1", partners=("KOR",), rate_low=25, rate_high=25, stage="suspended")), home="KOR"
    )
    assert formed.choice("t1.include") == "left_out"


def test_what_is_not_simulated_is_named() -> None:
    ban = tariff("t3", instrument="import_ban", partners=("RUS",))
    formed = form_scenario(document(BLANKET, ban), home="KOR")
    assert formed.measures == (BLANKET,)
    assert formed.notes == ("Not simulated: import ban by USA on RUS (pledged).",)


def test_nothing_to_simulate_is_an_error() -> None:
    with pytest.raises(NoEffect, match="no tariff with a rate"):
        form_scenario(document(tariff("t1", partners=("KOR",))), home="KOR")
