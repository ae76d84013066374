"""Reading a file as text, with every way in which that can fail put into words."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from trajectory_engine.io.problems import Problems

MOST_TABLE_BYTES = 64 * 1024 * 1024
"""Largest table that is read."""
MOST_YAML_BYTES = 4 * 1024 * 1024
"""Largest YAML file that is read."""


def read_text(path: Path, shown: str, most_bytes: int, problems: Problems) -> str | None:
    """Return the text of a file in Unicode normal form C, None after reporting why not.

    Parameters
    ----------
    path : Path
    shown : str
        Name of the file in messages.
    most_bytes : int
        A larger file is refused without being read.
    """
    problems.open(shown)
    try:
        if not path.is_file():
            found = "something that is not a file" if path.exists() else "no such file"
            problems.refuse_file("missing_file", shown, None, found, "a readable file")
            return None
        size = path.stat().st_size
        if size > most_bytes:
            limit = most_bytes // (1024 * 1024)
            found = f"a file of {size / 1024 / 1024:.0f} MB"
            problems.refuse_file("file_too_large", shown, None, found, f"at most {limit} MB")
            return None
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problems.refuse_file("unreadable_file", shown, None, reason, "a readable file")
        return None
    return _decoded(data, shown, problems)


def _decoded(data: bytes, shown: str, problems: Problems) -> str | None:
    if not data.strip():
        problems.refuse_file("empty_file", shown, None, "an empty file", "a file with content")
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.refuse_file("encoding", shown, 1, "text in UTF-16", "text in UTF-8")
        return None
    zero = data.find(b"\0")
    if zero >= 0:
        row = data.count(b"\n", 0, zero) + 1
        problems.refuse_file("nul_byte", shown, row, f"a NUL byte at byte {zero}", "text in UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        found = f"byte {error.object[error.start]:#04x} at byte {error.start} is not UTF-8"
        problems.refuse_file("encoding", shown, row, found, "text in UTF-8")
        return None
    return unicodedata.normalize("NFC", text)
