"""Agreements: the partners of the US and Korea, and dates at their edges."""

from __future__ import annotations

import datetime as dt

import pytest

from headway.codes import agreements
from headway.errors import UnknownCode

ARTICLE = dt.date(2025, 1, 21)


def test_the_us_has_twenty_partners() -> None:
    # USTR: "The United States has free trade agreements in force with 20 countries."
    partners = agreements.partners("USA", ARTICLE)
    assert len(partners) == 20
    assert {"KOR", "CAN", "MEX", "AUS", "DOM"} <= set(partners)
    assert "JPN" in agreements.partners("USA", ARTICLE, partial=True)


def test_korea_has_fifty_nine_partners() -> None:
    # Korea's ministry at the end of 2024: 22 agreements in force with 59 countries.
    partners = agreements.partners("KOR", dt.date(2024, 12, 31))
    assert len(partners) == 59
    assert {"USA", "CHN", "DEU", "VNM", "JPN", "PHL"} <= set(partners)
    assert not {"TWN", "MEX", "BRA", "RUS"} & set(partners)


@pytest.mark.parametrize(
    ("a", "b", "on", "keys"),
    [
        ("KOR", "USA", dt.date(2012, 3, 14), []),
        ("KOR", "USA", dt.date(2012, 3, 15), ["KORUS"]),
        ("CAN", "USA", dt.date(1993, 12, 31), ["CUSFTA"]),
        ("CAN", "USA", dt.date(2020, 6, 30), ["NAFTA"]),
        ("USA", "MEX", dt.date(2020, 7, 1), ["USMCA"]),
        ("KOR", "JPN", dt.date(2022, 1, 31), []),
        ("KOR", "JPN", dt.date(2022, 2, 1), ["RCEP"]),
        ("KOR", "HRV", dt.date(2013, 6, 30), []),
        ("KOR", "HRV", dt.date(2013, 7, 1), ["KOR_EU"]),
        ("KOR", "GBR", dt.date(2020, 12, 31), ["KOR_EU"]),
        ("KOR", "GBR", dt.date(2021, 1, 1), ["KOR_GBR"]),
        ("DEU", "FRA", ARTICLE, ["EU"]),
        ("DEU", "GBR", dt.date(2020, 12, 31), ["EU"]),
        ("DEU", "GBR", ARTICLE, ["EU_GBR"]),
        ("USA", "CHN", ARTICLE, []),
        ("KOR", "KOR", ARTICLE, []),
    ],
)
def test_between_on_a_day(a: str, b: str, on: dt.date, keys: list[str]) -> None:
    assert [one.key for one in agreements.between(a, b, on)] == keys
    assert [one.key for one in agreements.between(b, a, on)] == keys


def test_without_a_day_what_has_no_end() -> None:
    assert [one.key for one in agreements.between("KOR", "CHN")] == ["KOR_CHN", "RCEP"]


def test_every_agreement_has_a_citation_and_holds_for_some_pair() -> None:
    assert all(one.citation.startswith("https://") for one in agreements.between("KOR", "VNM"))
    with pytest.raises(UnknownCode):
        agreements.between("KOR", "XYZ")
