"""Where documents come from: a file, a folder's files, standard input or an address."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from headway.errors import UnreadableInput
from headway.reading.formats import LARGEST, to_text

READABLE = frozenset({".txt", ".md", ".html", ".htm", ".pdf", ".docx"})
TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of a document with the hash of its bytes and the day of its last change, if known."""

    text: str
    sha256: str
    modified: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: its bytes and when they were fetched."""

    url: str
    data: bytes
    retrieved: dt.datetime


Fetcher = Callable[[str], Fetched]
"""The seam to the network: an address in, its bytes out; tests put a local server or a function in its place."""


def load(path: Path) -> RawText:
    """Read a file; raises UnreadableInput if it is missing, empty, binary, too large or in no known encoding."""
    try:
        size, modified = path.stat().st_size, dt.date.fromtimestamp(path.stat().st_mtime)
        if size > LARGEST:
            raise UnreadableInput(
                f"{path} is larger than {LARGEST // 1_000_000} MB.", "Give the text of one document."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableInput(f"{path} does not exist.", "Check the path.") from None
    except IsADirectoryError:
        raise UnreadableInput(
            f"{path} is a folder.", "Give one file, or read the folder with read_folder."
        ) from None
    except OSError as trouble:
        raise UnreadableInput(
            f"{path} cannot be read: {trouble.strerror}.", "Check that you may read it."
        ) from None
    return RawText(to_text(data, str(path)), hashlib.sha256(data).hexdigest(), modified)


def files(folder: Path) -> Iterator[Path]:
    """The readable files of a folder, by name; raises UnreadableInput if it has none."""
    if not folder.is_dir():
        raise UnreadableInput(f"{folder} is no folder.", "Check the path.")
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in READABLE and path.is_file())
    if not found:
        raise UnreadableInput(
            f"{folder} holds no document.", f"Put files there that end in {', '.join(sorted(READABLE))}."
        )
    yield from found


def fetch(url: str) -> Fetched:
    """Fetch an http or https address; raises UnreadableInput if it cannot be had or is too large."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise UnreadableInput(f"{url} is no web address.", "Give an address that begins with https://.")
    request = Request(url, headers={"User-Agent": "headway", "Accept": "*/*"})
    try:
        with urlopen(request, timeout=TIMEOUT_S) as reply:
            data: bytes = reply.read(LARGEST + 1)
    except (URLError, OSError, ValueError) as trouble:
        raise UnreadableInput(
            f"{url} cannot be fetched: {trouble}.", "Check the address and the connection."
        ) from None
    return Fetched(url, data, dt.datetime.now(dt.UTC))
