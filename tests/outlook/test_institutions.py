"""Institutions' forecasts beside Headway's as known on the day."""

from __future__ import annotations

import pytest

from headway.outlook import figures, institutions


@pytest.mark.slow
def test_every_forecast_on_file_is_compared_and_losing_rows_stay() -> None:
    rows = institutions.compare()
    published = figures.institutional_forecasts().filter(
        figures.institutional_forecasts()["forecast_yoy_pct"].is_not_null()
    )
    assert len(rows) == published.height
    judged = [row for row in rows if row.closer is not None]
    assert len(judged) >= 18
    assert any(row.closer not in ("Headway", "tie") for row in judged)
    assert sum(row.closer == "Headway" for row in judged) > len(judged) / 2
    for row in rows:
        assert (row.headway is None) == bool(row.why_not)
        if row.headway is not None and row.low is not None and row.high is not None:
            assert row.low <= row.headway <= row.high


def test_who_is_closer() -> None:
    assert institutions._closer("KITA", 1.0, 2.0, 2.2) == "Headway"
    assert institutions._closer("KITA", 2.1, 3.0, 2.2) == "KITA"
    assert institutions._closer("KITA", 2.0, 2.4, 2.2) == "tie"
    assert institutions._closer("KITA", 2.0, None, 2.2) is None
    assert institutions._closer("KITA", 2.0, 2.0, None) is None
