"""A measure announced in one text and ordered in the next is one timeline."""

from __future__ import annotations

import datetime as dt

from headway.policy import Document
from headway.reading import read_text
from headway.reading.timelines import merge


def _text(words: str, day: int) -> Document:
    return read_text(words, name=f"day{day}", date=dt.date(2025, 4, day))


def test_announced_then_ordered_then_in_force() -> None:
    documents = [
        _text("The 25 percent U.S. tariff on imported cars took effect on April 3.", 4),
        _text("Trump threatened a 25 percent tariff on imported cars.", 1),
        _text("Trump signed an order imposing a 25 percent tariff on imported cars, effective April 3.", 2),
    ]
    (timeline,) = merge(documents)
    assert [step.document for step in timeline.steps] == ["day1", "day2", "day4"]
    assert [step.stage for step in timeline.steps] == ["threatened", "ordered", "in_force"]
    assert timeline.stage == "in_force"
    assert "25 percent" in timeline.steps[0].quote


def test_other_goods_partners_and_imposers_stay_apart() -> None:
    documents = [
        _text("Trump imposed a 25 percent tariff on steel.", 1),
        _text("Trump imposed a 25 percent tariff on copper. China announced a 34% tariff on all U.S. goods.", 2),
        _text("Trump imposed a 20 percent tariff on steel from Japan.", 3),
    ]
    assert [len(one.steps) for one in merge(documents)] == [1, 1, 1, 1]


def test_one_text_alone_gives_one_step_each() -> None:
    document = _text("Trump imposed a 25 percent tariff on steel and a 10 percent tariff on aluminum.", 1)
    assert [len(one.steps) for one in merge([document])] == [1, 1]
