"""HTML, PDF and DOCX give the same measure as the plain text; broken ones a clear error."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.errors import HeadwayError, UnreadableInput
from headway.policy import Document
from headway.reading import read_bytes, read_file, read_folder, read_url
from headway.reading.formats import to_text, unwrap
from headway.reading.source import Fetched

SENTENCE = "President Trump imposed a 25 percent tariff on imported cars from South Korea on April 3, 2025."
FILLER = "The decision follows months of talks between the two governments about trade in vehicles and parts. " * 4
DAY = dt.date(2025, 4, 4)
PAGE = (
    "<!DOCTYPE html><html><head><title>Cars</title></head><body><article><h1>Cars</h1>"
    f"<p>{SENTENCE}</p><p>{FILLER}</p></article></body></html>"
)


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    document.add_paragraph("A second point about trade.", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Heading", "8703"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pdf(text: str) -> bytes:
    """A PDF of one page with one line, written by hand so that no other writer is needed."""
    content = f"BT /F1 10 Tf 30 700 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    )


@pytest.mark.parametrize(
    "data", [SENTENCE.encode(), PAGE.encode(), _docx(), _pdf(SENTENCE)], ids=["txt", "html", "docx", "pdf"]
)
def test_every_format_gives_the_same_measure(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "document"
    path.write_bytes(data)
    (measure,) = read_file(path, date=DAY).measures
    assert (measure.imposer, measure.stage, measure.rate_low, measure.partners) == (
        "USA",
        "in_force",
        25,
        ("KOR",),
    )
    assert measure.date_effective == dt.date(2025, 4, 3)


@pytest.mark.parametrize("data", [_docx()[:400], _pdf(SENTENCE)[:200], b"%PDF-1.7 nothing", b"PK\x03\x04 nothing"])
def test_broken_files_say_so(data: bytes) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read_bytes(data, name="broken")
    assert caught.value.fix


def test_a_page_without_its_reader_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['trafilatura'] = None\n"
        "from headway.reading import read_bytes\n"
        "from headway.errors import UnreadableInput\n"
        "try:\n    read_bytes(b'<!doctype html><html><body>x</body></html>', name='p')\n"
        "except UnreadableInput as error:\n    assert 'headway[web]' in error.fix\nelse:\n    raise "
        "SystemExit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_an_address_is_read_through_the_seam() -> None:
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(url, SENTENCE.encode(), dt.datetime(2025, 4, 5, 8, tzinfo=dt.UTC))

    document = read_url("https://example.org/2025/04/04/cars", fetch=fetch)
    assert asked == ["https://example.org/2025/04/04/cars"]
    assert document.date == DAY
    assert document.measures[0].partners == ("KOR",)


def test_a_folder_goes_on_after_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01")
    (tmp_path / "c.jpg").write_bytes(b"not read")
    found = list(read_folder(tmp_path, date=DAY))
    assert isinstance(found[0], Document)
    assert isinstance(found[1], UnreadableInput)
    assert len(found) == 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableInput, match="no document"):
        list(read_folder(tmp_path / "empty"))


def test_wrapped_lines_are_joined() -> None:
    assert unwrap("a tariff of\n25 percent on steel\nand alumi-\nnum.\nNext line.") == (
        "a tariff of 25 percent on steel and aluminum.\nNext line."
    )


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.sampled_from([_docx(), _pdf(SENTENCE), PAGE.encode()]).flatmap(
    lambda data: st.tuples(st.just(data), st.integers(0, len(data) - 1), st.binary(min_size=1, max_size=6)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + len(parts[2]) :]
    )
)))  # fmt: skip
def test_any_bytes_give_text_or_a_headway_error(data: bytes) -> None:
    try:
        text = to_text(data, "fuzz")
    except HeadwayError as error:
        text = error.fix
    assert text.strip()
