"""Names of countries, groups and governments, and words that only look like them."""

from __future__ import annotations

import pytest

from headway.reading import partners


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("goods from China, Viet Nam and the EU", ["CHN", "VNM", "EUU"]),
        ("Trump spoke with Ursula von der Leyen", ["USA", "EUU"]),
        ("Seoul and Washington", ["KOR", "USA"]),
        ("let us turn to turkey and china plates", []),
        ("the US, not us", ["USA"]),
        ("USMCA preference", ["USMCA"]),
        ("the U.S.-Korea Free Trade Agreement", []),
        ("America First policy for Americans", ["USA"]),
        ("Korean Air ordered aircraft", []),
        ("미국은 한국산 자동차에", ["USA", "KOR"]),
        ("EU는 미국산 위스키에", ["EUU", "USA"]),
        ("이란 무엇인가", ["IRN"]),
        ("세계무역기구란 기관", []),
    ],
)
def test_mentions(text: str, codes: list[str]) -> None:
    assert [one.code for one in partners.mentions(text)] == codes


def test_members_of_groups_and_the_eu_as_one() -> None:
    assert partners.members("EUU") == ("EUU",)
    assert set(partners.members("USMCA")) == {"CAN", "MEX", "USA"}
    assert partners.members("KOR") == ("KOR",)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("SOURCE: https://www.whitehouse.gov/x", "USA"),
        ("SOURCE: https://ec.europa.eu/x", "EUU"),
        ("SOURCE: https://www.motie.go.kr/x", "KOR"),
        ("SOURCE: https://notwhitehouse.gov/x", None),
        ("SOURCE: a wire", None),
        (None, None),
    ],
)
def test_the_government_behind_an_address(source: str | None, code: str | None) -> None:
    assert partners.host_government(source) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tariffs on all imports", True),
        ("a tariff on every country", True),
        ("blanket tariffs of 10 percent", True),
        ("보편관세", True),
        ("tariffs on Chinese goods", False),
    ],
)
def test_words_that_reach_everyone(text: str, expected: bool) -> None:
    assert partners.is_universal(text) is expected
