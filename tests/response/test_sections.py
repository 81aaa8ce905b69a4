"""Sections of a brief: cut tables, only the figures in them, findings a reader needs."""

from __future__ import annotations

import pytest

from headway.policy import Scenario
from headway.response import Response, assess_exposure, brief_section
from headway.response.sections import SHOWN, TITLES, Section


def _holds_together(section: Section) -> None:
    ids = {id for table in section.tables for line in table.rows for id in line.cells.values()}
    assert ids == set(section.figures)
    assert all(table.rows for table in section.tables)
    assert not [one for one in section.findings if one.kind == "no_exposure"]


def test_exposure(blanket: Scenario) -> None:
    section = brief_section(assess_exposure(blanket))
    assert section.title == "Whom it hits hardest"
    assert len(section.tables[0].rows) == SHOWN["exposure"]["exposure_items"]
    _holds_together(section)


def test_options_are_three_to_six_with_both_sides_gains_cost_time_and_risk(scored: Response) -> None:
    section = brief_section(scored)
    shortlist = section.tables[0]
    assert 3 <= len(shortlist.rows) <= 6
    for line in shortlist.rows:
        assert {"home", "partner", "home.budget", "months"} <= set(line.cells)
        assert line.words["risk"]
    _holds_together(section)


@pytest.mark.parametrize("kind", list(TITLES))
def test_every_kind_has_a_title_and_tables(kind: str) -> None:
    assert SHOWN[kind]  # type: ignore[index]
