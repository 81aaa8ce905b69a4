"""Bytes of a document as plain text: text, HTML, PDF and DOCX, told apart by how they begin."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from headway.errors import BinaryInput, EmptyInput, UnreadableInput

ENCODINGS = ("utf-8-sig", "cp949", "cp1252")
BINARY_SHARE = 0.02
LARGEST = 20_000_000
LARGEST_UNPACKED = 100_000_000
MOST_PAGES = 500
HTML = re.compile(
    rb"^\s*(?:<!--.{0,400}?-->\s*)?(?:<!doctype html|<html|<\?xml[^>]{0,80}\?>\s*<(?:!doctype html|html))",
    re.I | re.S,
)
FAULTS = (
    ValueError,
    SyntaxError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    AssertionError,
    NotImplementedError,
    LookupError,
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
)
"""What parsers of broken files raise; each becomes UnreadableInput."""


def to_text(data: bytes, name: str) -> str:
    """The text of a document; raises UnreadableInput naming `name` if it is empty, too large, broken or binary."""
    if len(data) > LARGEST:
        raise UnreadableInput(
            f"{name} is larger than {LARGEST // 1_000_000} MB.", "Give the text of one document."
        )
    if not data.strip():
        raise EmptyInput(f"{name} is empty.", "Give a file with the text of an article, release or order.")
    if data.startswith(b"%PDF-"):
        return _filled(
            _pdf(data, name), name, "Give a PDF that holds text; a scan needs character recognition first."
        )
    if data.startswith(b"PK\x03\x04"):
        return _filled(_docx(data, name), name, "Give a DOCX file that holds text.")
    if HTML.match(data[:2000]):
        return _filled(_html(data, name), name, "Save the article's text as plain text.")
    return decode(data, name)


def decode(data: bytes, name: str) -> str:
    """Plain text in UTF-8, UTF-16 with its mark, Korean CP949 or Windows-1252; raises UnreadableInput if binary."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(_decoded(data, "utf-16", name), name)
    if b"\x00" in data:
        raise BinaryInput(f"{name} is a binary file.", "Give plain text, HTML, PDF or DOCX.")
    for encoding in ENCODINGS:
        try:
            return _checked(data.decode(encoding), name)
        except UnicodeDecodeError:
            continue
    raise UnreadableInput(f"{name} is in no encoding that Headway reads.", "Save it as UTF-8.")


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableInput(f"{name} is not valid {encoding}.", "Save it as UTF-8.") from None


def _checked(text: str, name: str) -> str:
    odd = sum(1 for letter in text if (ord(letter) < 32 and letter not in "\t\n\r\f\v") or letter == "\ufffd")
    if odd > max(2, BINARY_SHARE * len(text)):
        raise BinaryInput(f"{name} is a binary file.", "Give plain text, HTML, PDF or DOCX.")
    return _filled(text, name, "Give a file with the text of an article, release or order.")


def _filled(text: str, name: str, fix: str) -> str:
    if not text.strip():
        raise EmptyInput(f"{name} is empty: it holds no text.", fix)
    return text


def _pdf(data: bytes, name: str) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(io.BytesIO(data)).pages
        if len(pages) > MOST_PAGES:
            raise UnreadableInput(f"{name} has more than {MOST_PAGES} pages.", "Give the pages that matter.")
        return unwrap("\n\n".join(page.extract_text() for page in pages))
    except (PyPdfError, *FAULTS) as trouble:
        raise UnreadableInput(
            f"{name} is a PDF that cannot be read: {trouble}.", "Save it again, or give its text."
        ) from None


def _docx(data: bytes, name: str) -> str:
    from docx import Document as WordDocument
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST_UNPACKED:
                raise UnreadableInput(f"{name} unpacks to more than 100 MB.", "Give the text of one document.")
            if "word/document.xml" not in archive.namelist():
                raise UnreadableInput(
                    f"{name} is an archive, not a DOCX file.", "Give plain text, HTML, PDF or DOCX."
                )
        document = WordDocument(io.BytesIO(data))
        tables = ("\t".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows)
        return "\n".join([*(_paragraph(one.text, one.style) for one in document.paragraphs), *tables])
    except (OpcError, *FAULTS) as trouble:
        raise UnreadableInput(
            f"{name} is a DOCX that cannot be read: {trouble}.", "Save it again, or give its text."
        ) from None


def _paragraph(text: str, style: object) -> str:
    listed = "List" in str(getattr(style, "name", ""))
    return f"- {text}" if listed and text.strip() else text


def _html(data: bytes, name: str) -> str:
    try:
        import trafilatura
    except ImportError:
        raise UnreadableInput(
            f"{name} is an HTML page, and the part that reads pages is not installed.",
            "Install it with: pip install 'headway[web]', or save the article's text as plain text.",
        ) from None

    try:
        text = trafilatura.extract(data, include_comments=False, include_tables=True, favor_recall=True)
    except FAULTS as trouble:
        raise UnreadableInput(f"{name} is a page that cannot be read: {trouble}.", "Give its text.") from None
    return text or ""


def unwrap(text: str) -> str:
    """Join hard-wrapped lines: a line that ends in the middle of a sentence goes on in the next."""
    joined = re.sub(r"(?<=\w)-\n(?=[a-z])", "", text)
    joined = re.sub(r"(?<=[\w,;’”\")])[ \t]*\n(?=[a-z(“\"]|\d+(?:\.\d+)?\s?(?:%|percent))", " ", joined)
    return re.sub(r"(?<=[a-z,])[ \t]*\n(?=[A-Z][a-z]+ (?:[a-z]|[A-Z][a-z]+ [a-z]))", " ", joined)
