"""Word finders: plurals, hyphens, abbreviations, particles."""

from __future__ import annotations

import pytest

from headway.codes.words import EnglishFinder, Found, KoreanFinder

ENGLISH = EnglishFinder({"battery": "b", "EV": "e", "auto part": "p", "auto": "a", "rare-earth": "r", "LNG": "l"})
KOREAN = KoreanFinder({"철강": "s", "철": "i", "자동차": "c", "자동차부품": "p"})


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Batteries, a battery", "bb"),
        ("EVs and an EV", "ee"),
        ("ever Ev ev", ""),
        ("auto  parts; auto, parts", "pa"),
        ("rare earth and RARE-EARTH", "rr"),
        ("automatic, autocracy", ""),
        ("LNG수출", "l"),
        ("", ""),
    ],
)
def test_english(text: str, keys: str) -> None:
    assert "".join(found.key for found in ENGLISH.find(text)) == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("철강과 철", "si"),
        ("철강업계", "s"),
        ("철도", "i"),
        ("철저한", ""),
        ("한국산자동차", "c"),
        ("자동차부품", "p"),
        ("비철강", ""),
        ("대미철강수출", "s"),
    ],
)
def test_korean(text: str, keys: str) -> None:
    assert "".join(found.key for found in KOREAN.find(text)) == keys


def test_places() -> None:
    assert ENGLISH.find("an auto part") == [Found("p", 3, 12)]
    assert KOREAN.find("미 철강은") == [Found("s", 2, 4)]
