"""A person accepts, edits and rejects records beside their sentences; the result is a scenario."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.errors import NoEffect
from headway.policy import Document
from headway.reading import read_text
from headway.reading.review import Terminal, review, review_scenario, sentence_of

TEXT = (
    "Trump imposed a 25 percent tariff on steel. Washington threatened a 10 percent tariff on copper from Chile."
)


@pytest.fixture
def document() -> Document:
    return read_text(TEXT, name="x", date=dt.date(2025, 4, 4))


def _terminal(answers: list[str]) -> tuple[Terminal, list[str]]:
    shown: list[str] = []
    queue = iter(answers)
    return Terminal(show=shown.append, ask=lambda _: next(queue)), shown


def test_accept_and_reject(document: Document) -> None:
    terminal, shown = _terminal(["a", "r"])
    (kept,) = review(document, terminal).measures
    assert kept == document.measures[0]
    assert any("[[imposed a 25 percent tariff on steel]]" in line for line in shown)


def test_edit_is_checked_and_marked_as_a_person_s(document: Document) -> None:
    terminal, shown = _terminal(
        ["e stage=ordered", "e rate_low=90", "e nothing=1", "e partners=KOR, JPN", "?", "a", "q"]
    )
    (kept,) = review(document, terminal).measures
    assert (kept.stage, kept.partners, kept.origin, kept.rate_low) == ("ordered", ("KOR", "JPN"), "person", 25)
    assert any("empty interval" in line for line in shown)
    assert any("no field" in line for line in shown)
    assert any("not understood" in line for line in shown)


def test_the_result_is_a_scenario(document: Document) -> None:
    terminal, _ = _terminal(["a", "a"])
    scenario = review_scenario(document, terminal, home="KOR")
    assert [measure.rate_high for measure in scenario.measures] == [25, 10]
    refusing, _ = _terminal(["q"])
    with pytest.raises(NoEffect):
        review_scenario(document, refusing, home="KOR")


def test_the_quote_is_marked_in_its_sentence(document: Document) -> None:
    assert sentence_of(document, document.measures[1]).startswith("Washington [[threatened")
