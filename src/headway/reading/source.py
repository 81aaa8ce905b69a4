"""A file as text: what it holds, decoded, or a clear error."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from headway.errors import BinaryInput, EmptyInput, UnreadableInput

ENCODINGS = ("utf-8-sig", "cp949", "cp1252")
BINARY_SHARE = 0.02
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of a file with the hash of its bytes and the day of its last change."""

    text: str
    sha256: str
    modified: dt.date | None = None


def load(path: Path) -> RawText:
    """Read a text file; raises UnreadableInput if it is missing, empty, binary, too large or in no known "
    "encoding."""
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableInput(
                f"{path} is larger than {LARGEST // 1_000_000} MB.", "Give the text of one document."
            )
        data = path.read_bytes()
        modified = dt.date.fromtimestamp(path.stat().st_mtime)
    except FileNotFoundError:
        raise UnreadableInput(f"{path} does not exist.", "Check the path.") from None
    except IsADirectoryError:
        raise UnreadableInput(
            f"{path} is a folder.", "Give one file, or read the folder's files one by one."
        ) from None
    except OSError as trouble:
        raise UnreadableInput(
            f"{path} cannot be read: {trouble.strerror}.", "Check that you may read it."
        ) from None
    return RawText(decode(data, str(path)), hashlib.sha256(data).hexdigest(), modified)


def decode(data: bytes, name: str) -> str:
    """The text in `data`; raises UnreadableInput naming `name` if there is none."""
    if not data.strip():
        raise EmptyInput(f"{name} is empty.", "Give a file with the text of an article, release or order.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(_try(data, "utf-16", name), name)
    if b"\x00" in data:
        raise BinaryInput(
            f"{name} is a binary file.", "Give plain text, or a PDF, DOCX or HTML file with its proper ending."
        )
    for encoding in ENCODINGS:
        try:
            return _checked(data.decode(encoding), name)
        except UnicodeDecodeError:
            continue
    raise UnreadableInput(f"{name} is in no encoding that Headway reads.", "Save it as UTF-8.")


def _try(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableInput(f"{name} is not valid {encoding}.", "Save it as UTF-8.") from None


def _checked(text: str, name: str) -> str:
    odd = sum(1 for letter in text if (ord(letter) < 32 and letter not in "\t\n\r\f\v") or letter == "\ufffd")
    if odd > max(2, BINARY_SHARE * len(text)):
        raise BinaryInput(
            f"{name} is a binary file.", "Give plain text, or a PDF, DOCX or HTML file with its proper ending."
        )
    if not text.strip():
        raise EmptyInput(f"{name} is empty.", "Give a file with the text of an article, release or order.")
    return text
