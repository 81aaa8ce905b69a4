"""Reading and writing files so that nothing is half-read or half-written."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from headway.errors import UnreadableInput


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; raises UnreadableInput if it is missing, a folder, empty or binary."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableInput(f"There is no file {path}.", "Check the path.") from None
    except IsADirectoryError:
        raise UnreadableInput(f"{path} is a folder.", "Name a file in it.") from None
    except PermissionError:
        raise UnreadableInput(f"{path} may not be read.", "Check its permissions.") from None
    return decode(raw, str(path))


def decode(raw: bytes, name: str) -> str:
    """UTF-8 text of `raw`; raises UnreadableInput, naming `name`, if it is empty or binary."""
    if not raw.strip():
        raise UnreadableInput(f"{name} is empty.", "Give a file with text in it.")
    if b"\x00" in raw:
        raise UnreadableInput(f"{name} is a binary file.", "Save it as plain text (UTF-8) first.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            f"{name} is not UTF-8 text (byte {error.start}).", "Save it as plain text with UTF-8 encoding."
        ) from None


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Write `content` to a temporary file beside `path`, then rename it into place; returns `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = content.encode("utf-8") if isinstance(content, str) else content
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def sha256(content: str | bytes) -> str:
    """Hexadecimal SHA-256 of text (as UTF-8) or bytes."""
    return hashlib.sha256(content.encode("utf-8") if isinstance(content, str) else content).hexdigest()
