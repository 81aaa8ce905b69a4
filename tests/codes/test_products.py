"""Products: HS labels, and product words in English and Korean."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from headway.codes import items, products, sectors
from headway.errors import UnknownCode


def test_labels() -> None:
    assert products.describe("8703.80").endswith("with only electric motor for propulsion")
    assert products.describe("8542310001") == products.describe("854231")
    assert products.exists("87")
    assert not products.exists("77")
    assert products.exists("9801")
    with pytest.raises(UnknownCode, match="870381"):
        products.describe("870381")


def test_children() -> None:
    assert len(products.children()) == 98
    assert "8703" in products.children("87")
    assert products.children("8542") == ("854231", "854232", "854233", "854239", "854290")
    assert products.children("854231") == ()
    with pytest.raises(UnknownCode):
        products.children("77")


def test_every_heading_has_a_chapter() -> None:
    codes = [*products.children(), *(h for chapter in products.children() for h in products.children(chapter))]
    six = [code for heading in codes if len(heading) == 4 for code in products.children(heading)]
    assert len(six) == len(products.hs6_under(""))


def test_lexicon_is_sound() -> None:
    entries = products.lexicon()
    assert len(entries) >= 250
    known = {"", *items.keys()}
    assert len({entry.key for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.words
        assert entry.meaning
        assert all(products.exists(prefix) for prefix in entry.hs), entry.key
        assert entry.item in known
    for words in ([w.casefold() for e in entries for w in e.words], [w for e in entries for w in e.words_ko]):
        assert {word for word in words if words.count(word) > 1} == set()


@pytest.mark.parametrize(
    ("text", "hs", "item"),
    [
        ("electric vehicles", ("870380",), "cars"),
        ("hybrid cars", ("870340", "870350", "870360", "870370"), "cars"),
        ("chips", ("8541", "8542", "847330"), "semiconductors"),
        ("autos", ("8703",), "cars"),
        ("batteries", ("8507",), "batteries"),
        ("aluminium", ("76",), "nonferrous_metals"),
        ("aluminum", ("76",), "nonferrous_metals"),
        ("shipbuilding", ("89",), "ships"),
        ("crude oil", ("2709",), "fuels_ores"),
        ("LNG", ("271111",), "fuels_ores"),
        ("washing machines", ("8450",), "home_appliances"),
        ("soybeans", ("1201",), "agri_food"),
        ("kitchen cabinets", ("940340", "940360"), "furniture_toys"),
        ("rare-earth magnets", ("850511",), "electric_machinery"),
        ("drones", ("8806",), "aircraft_rail"),
    ],
)
def test_english_words(text: str, hs: tuple[str, ...], item: str) -> None:
    (hit,) = products.resolve_words(text)
    assert (hit.words, hit.hs, hit.item) == (text, hs, item)
    assert hit.sectors
    assert set(hit.sectors) <= set(sectors.keys())
    assert "product words" in hit.match


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("반도체와 자동차 수출", ["반도체", "자동차"]),
        ("전기차 보조금 폐지", ["전기차"]),
        ("철강·알루미늄에 25% 관세", ["철강", "알루미늄"]),
        ("조선, 에너지 분야 협력", ["조선", "에너지"]),
        ("자동차부품 관세", ["자동차부품"]),
        ("EV와 LNG 수입", ["EV", "LNG"]),
        ("미국산 소고기", ["소고기"]),
        ("고무적인 결과", []),
        ("정부 조선시대", []),
    ],
)
def test_korean_words(text: str, words: list[str]) -> None:
    assert [hit.words for hit in products.resolve_words(text, "ko")] == words


def test_longest_words_win_and_places_are_exact() -> None:
    text = "Tariffs hit auto parts, autos and medium- and heavy-duty vehicles."
    hits = products.resolve_words(text)
    assert [hit.words for hit in hits] == ["auto parts", "autos", "medium- and heavy-duty vehicles"]
    assert all(text[hit.start : hit.start + len(hit.words)] == hit.words for hit in hits)
    assert [hit.item for hit in hits] == ["auto_parts", "cars", "cars"]


def test_not_goods() -> None:
    (hit,) = products.resolve_words("foreign films")
    assert (hit.hs, hit.sectors, hit.item) == ((), (), "")


def test_fallback_on_labels() -> None:
    (hit,) = products.resolve_words("umbrellas")
    assert "6601" in hit.hs
    assert "HS labels" in hit.match
    assert hit.item == "furniture_toys"


@pytest.mark.parametrize(
    "text", ["", "   ", "widgets", "derivative products", "all imports", "certain other goods"]
)
def test_no_product(text: str) -> None:
    assert products.resolve_words(text) == ()


def test_minor_sectors_are_left_out() -> None:
    # Stoves (7321) are machinery, but steel is metals.
    assert products.resolve_words("steel")[0].sectors == ("metals",)


def test_the_products_of_the_annotated_texts_resolve(shared_data: Path) -> None:
    text = (shared_data / "corpus" / "texts" / "000_ministry-article-2025-01-21.txt").read_text("utf-8")
    found = {hit.item for hit in products.resolve_words(text)}
    assert {"cars", "semiconductors", "ships", "fuels_ores"} <= found
    started = time.perf_counter()
    products.resolve_words(text * 10)
    assert time.perf_counter() - started < 2
