"""What cannot be read says so, and what to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from headway.errors import NoTradePolicy, UnreadableInput
from headway.reading import read_file, read_text

SENTENCE = "Washington will impose a 25 percent tariff on imported steel from Canada on 1 March 2025."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"PK\x03\x04\x00\x00\x08", "cannot be read"),
        (b"\x00\x01", "binary"),
        (bytes(range(1, 32)) * 40, "binary"),
    ],
)
def test_unreadable_bytes(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableInput, match=says) as caught:
        read_file(path)
    assert caught.value.fix


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="does not exist"):
        read_file(tmp_path / "nothing.txt")
    with pytest.raises(UnreadableInput, match="folder"):
        read_file(tmp_path)


def test_korean_legacy_encoding(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(("미국이 한국산 철강에 25% 관세를 부과한다고 발표했다. " + SENTENCE).encode("cp949"))
    assert read_file(path, date=dt.date(2025, 2, 1)).measures


def test_a_text_without_trade_policy() -> None:
    with pytest.raises(NoTradePolicy) as caught:
        read_text(
            "The festival opened on Sunday with music and dancing. Visitors enjoyed the sunshine.", name="fair.txt"
        )
    assert "fair.txt" in str(caught.value)
    assert caught.value.fix


def test_name_of_the_file_gives_the_day(tmp_path: Path) -> None:
    path = tmp_path / "steel-2025-02-10.txt"
    path.write_text(SENTENCE.replace(" on 1 March 2025", ""), encoding="utf-8")
    document = read_file(path)
    assert document.date == dt.date(2025, 2, 10)
    assert "file name" in document.date_source


def test_the_day_given_wins(tmp_path: Path) -> None:
    path = tmp_path / "steel-2025-02-10.txt"
    path.write_text("SOURCE: a wire, 3 February 2025\n\n" + SENTENCE, encoding="utf-8")
    assert read_file(path).date == dt.date(2025, 2, 3)
    assert read_file(path, date=dt.date(2025, 2, 4)).date == dt.date(2025, 2, 4)


def test_a_dateline_and_the_file_s_own_day(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text("WASHINGTON, Feb. 5, 2025 — " + SENTENCE, encoding="utf-8")
    assert read_file(path).date == dt.date(2025, 2, 5)
    path.write_text(SENTENCE, encoding="utf-8")
    assert "last changed" in read_file(path).date_source
