"""Reading and writing files so that nothing is half-read or half-written."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from headway.errors import BinaryInput, EmptyInput, UnreadableInput, UnwritableOutput


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
    """UTF-8 text of `raw`; raises EmptyInput, BinaryInput or UnreadableInput, naming `name`."""
    if not raw.strip():
        raise EmptyInput(f"{name} is empty.", "Give a file with text in it.")
    if b"\x00" in raw:
        raise BinaryInput(f"{name} is a binary file.", "Save it as plain text (UTF-8) first.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            f"{name} is not UTF-8 text (byte {error.start}).", "Save it as plain text with UTF-8 encoding."
        ) from None


def check_writable(folder: Path) -> None:
    """Raise UnwritableOutput if files could not be put into `folder`, made if absent; nothing is created."""
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise UnwritableOutput(
            f"Cannot write to {folder}: {nearest} is no folder.", "Give another folder to --out."
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UnwritableOutput(f"You may not write to {nearest}.", "Give another folder to --out.")


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
