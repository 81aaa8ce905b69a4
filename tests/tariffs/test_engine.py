"""The relational engine gives what the decimal look-up gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from headway.errors import DataError
from headway.tariffs import Entry, Provision, Rating, Rulebook, rulebook
from headway.tariffs.engine import panel, rate_chunks, rate_frame
from headway.tariffs.instruments import combine
from headway.tariffs.schedule import codes

Ratings = Callable[[int, int], list[tuple[Entry, Rating]]]
ToFrame = Callable[[list[Entry]], pl.DataFrame]


def assert_same(rating: Rating, row: dict[str, object]) -> None:
    """Base, additional and total agree to 1e-9, known or unknown alike, and completeness agrees."""
    for exact, name in ((rating.base, "base_rate"), (rating.additional, "additional"), (rating.total, "total")):
        found = row[name]
        if exact is None:
            assert found is None, (rating.entry, name)
        else:
            assert found == pytest.approx(float(exact), abs=1e-9), (rating.entry, name)
    assert row["complete"] == rating.complete, (rating.entry, row["missing"])


def test_random_entries_rate_alike(random_ratings: Ratings, to_frame: ToFrame) -> None:
    found = random_ratings(1500, 11)
    answer = rate_frame(to_frame([entry for entry, _ in found]))
    for (_, rating), row in zip(found, answer.iter_rows(named=True), strict=True):
        assert_same(rating, row)


def test_missing_names_the_same_instruments(random_ratings: Ratings, to_frame: ToFrame) -> None:
    found = [(entry, rating) for entry, rating in random_ratings(300, 3) if rating.base is not None]
    answer = rate_frame(to_frame([entry for entry, _ in found]))
    for (_, rating), row in zip(found, answer.iter_rows(named=True), strict=True):
        named = {gap.instrument for gap in rating.missing} - {"special", "column 1", "chapter_98"}
        assert set(str(row["missing"]).split()) == named


def test_the_order_of_rows_does_not_matter(random_ratings: Ratings, to_frame: ToFrame) -> None:
    frame = to_frame([entry for entry, _ in random_ratings(200, 5)])
    shuffled = frame.with_row_index("place").sample(fraction=1.0, shuffle=True, seed=1)
    again = rate_frame(shuffled).sort("place").drop("place")
    assert again.equals(rate_frame(frame))


def test_an_overlay_goes_the_same_way(provision: Callable[..., Provision]) -> None:
    book = combine([rulebook(), Rulebook(provisions=(provision("more", rate=Decimal("0.2")),), relations=())])
    frame = pl.DataFrame({"hts10": ["8703230140"], "origin": ["KOR"], "day": [dt.date(2026, 11, 24)]})
    assert rate_frame(frame, book)["total"][0] == pytest.approx(0.35)


def test_a_panel_is_every_line_and_origin() -> None:
    lines = codes()[::500]
    answer = panel(dt.date(2026, 11, 24), origins=["KOR", "JPN"], lines=lines)
    assert answer.height == 2 * len(lines)
    assert answer.select("hts10", "origin").is_unique().all()


def test_a_claim_that_the_law_refuses_is_marked_and_rated_without_it() -> None:
    frame = pl.DataFrame(
        {"hts10": ["6109100012"], "origin": ["VNM"], "day": [dt.date(2026, 3, 1)], "program": ["KR"]}
    )
    row = rate_frame(frame).row(0, named=True)
    assert row["refused"]
    assert not row["complete"]
    assert row["total"] == pytest.approx(0.265)


def test_unknown_rows_are_an_error_not_a_gap() -> None:
    frame = pl.DataFrame({"hts10": ["0000000000"], "origin": ["KOR"], "day": [dt.date(2026, 3, 1)]})
    with pytest.raises(DataError, match="1 rows"):
        list(rate_chunks([frame]))
