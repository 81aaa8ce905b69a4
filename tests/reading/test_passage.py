"""Lines and sentences know where they stand, and bullets know their header."""

from __future__ import annotations

from headway.reading.passage import split

TEXT = """SOURCE: a wire, 4 April 2025

A Title Without a Stop
The U.S. imposed a duty of 2.5% on Jan. 3. It said so. Mr. Lee met the E.U. envoy.
The partners are:
- Japan (25%)
- Korea (25%)
A closing line follows here.
"""


def test_sentences_stand_where_they_say() -> None:
    passage = split(TEXT)
    assert all(TEXT[one.start : one.end] == one.text for one in passage.sentences)
    texts = [one.text for one in passage.sentences]
    assert "The U.S. imposed a duty of 2.5% on Jan. 3." in texts
    assert "It said so." in texts
    assert "Mr. Lee met the E.U. envoy." in texts


def test_the_source_line_is_no_sentence() -> None:
    passage = split(TEXT)
    assert passage.lines[0].kind == "source"
    assert not any("SOURCE" in one.text for one in passage.sentences)


def test_kinds_of_lines_and_the_header_of_a_bullet() -> None:
    passage = split(TEXT)
    kinds = [line.kind for line in passage.lines]
    assert kinds == ["source", "title", "paragraph", "lead_in", "bullet", "bullet", "paragraph"]
    bullets = [line for line in passage.lines if line.kind == "bullet"]
    assert {passage.lines[line.header].text for line in bullets if line.header is not None} == {
        "The partners are:"
    }
    assert passage.lines[-1].header is None


def test_korean_sentences_and_bullets() -> None:
    passage = split("□ 수출은 12.7% 증가하였다. 수입은 감소하였다.\nㅇ 반도체 수출은 늘었다.")
    assert [one.text for one in passage.sentences] == [
        "수출은 12.7% 증가하였다.",
        "수입은 감소하였다.",
        "반도체 수출은 늘었다.",
    ]


def test_empty_text_has_no_sentences() -> None:
    assert split("").sentences == ()
    assert split("\n \n").sentences == ()
