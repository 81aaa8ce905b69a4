"""The relational engine gives what the decimal look-up gives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from headway.errors import DataError, HeadwayError
from headway.tariffs import Entry, Provision, Rating, Rulebook, rate_entry, rulebook
from headway.tariffs.engine import fact_mask, panel, rate_chunks, rate_frame
from headway.tariffs.instruments import combine, origins
from headway.tariffs.schedule import codes, facts, programs

MAIN = ("KOR", "CHN", "JPN", "DEU", "CAN", "MEX", "GBR", "BRA", "IND", "RUS", "TWN", "CHE", "VNM", "CUB", "NIC")
SHARES = ("steel_share", "aluminium_share", "copper_share", "us_share")


def random_entry(rng: random.Random) -> Entry:
    """An entry with some of everything: any line, the origins that law names, claims, facts, days, contents."""
    origin = rng.choice(MAIN if rng.random() < 0.8 else sorted(origins()))
    first, days = (dt.date(2018, 1, 1), 3600) if rng.random() < 0.3 else (dt.date(2025, 1, 1), 760)
    day = first + dt.timedelta(days=rng.randrange(days))
    held = frozenset(rng.sample(list(facts()), rng.choice([0, 0, 1, 2, 4])))
    own = [symbol for symbol, program in programs().items() if origin in program.partners]
    chosen: dict[str, object] = {
        "program": rng.choice(own) if own and rng.random() < 0.4 else "",
        "facts": held,
        "denied": frozenset(rng.sample(list(facts()), rng.choice([0, 0, 3]))) - held,
        "loaded": day - dt.timedelta(days=rng.randrange(60)) if rng.random() < 0.3 else None,
        "known_on": day + dt.timedelta(days=rng.randrange(40)) if rng.random() < 0.2 else None,
    }
    if rng.random() < 0.3:
        chosen |= {"value": Decimal(1000), "quantity": Decimal(rng.randrange(1, 500))}
    chosen |= {name: Decimal(rng.randrange(11)) / 20 for name in SHARES if rng.random() < 0.3}
    return Entry.model_validate({"hts10": rng.choice(codes()), "origin": origin, "day": day} | chosen)


def rated_entries(number: int, seed: int, book: Rulebook | None = None) -> list[tuple[Entry, Rating]]:
    """Random entries that the law accepts, with their exact ratings."""
    rng, found = random.Random(seed), []
    while len(found) < number:
        entry = random_entry(rng)
        try:
            found.append((entry, rate_entry(entry, book)))
        except HeadwayError:
            continue
    return found


def as_frame(entries: list[Entry]) -> pl.DataFrame:
    """Entries as the frame that the engine takes."""
    rows = []
    for entry in entries:
        plain = {
            name: getattr(entry, name) for name in ("hts10", "origin", "day", "program", "loaded", "known_on")
        }
        numbers = {name: getattr(entry, name) for name in (*SHARES, "value", "quantity")}
        floats = {name: None if value is None else float(value) for name, value in numbers.items()}
        rows.append(plain | floats | {"facts": fact_mask(entry.facts), "denied": fact_mask(entry.denied)})
    return pl.DataFrame(rows, infer_schema_length=None)


def assert_same(rating: Rating, row: dict[str, object]) -> None:
    """Base, additional and total agree to 1e-9, known or unknown alike, and completeness agrees."""
    for exact, name in ((rating.base, "base_rate"), (rating.additional, "additional"), (rating.total, "total")):
        found = row[name]
        if exact is None:
            assert found is None, (rating.entry, name)
        else:
            assert found == pytest.approx(float(exact), abs=1e-9), (rating.entry, name)
    assert row["complete"] == rating.complete, (rating.entry, row["missing"])


def test_random_entries_rate_alike() -> None:
    found = rated_entries(1500, seed=11)
    answer = rate_frame(as_frame([entry for entry, _ in found]))
    for (_, rating), row in zip(found, answer.iter_rows(named=True), strict=True):
        assert_same(rating, row)


def test_missing_names_the_same_instruments() -> None:
    found = [(entry, rating) for entry, rating in rated_entries(300, seed=3) if rating.base is not None]
    answer = rate_frame(as_frame([entry for entry, _ in found]))
    for (_, rating), row in zip(found, answer.iter_rows(named=True), strict=True):
        named = {gap.instrument for gap in rating.missing} - {"special", "column 1", "chapter_98"}
        assert set(str(row["missing"]).split()) == named


def test_the_order_of_rows_does_not_matter() -> None:
    frame = as_frame([entry for entry, _ in rated_entries(200, seed=5)])
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
