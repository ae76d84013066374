"""Ways to corrupt a file, drawn from a generator of random numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Corruption = Callable[[bytes, random.Random], bytes]

WORDS = (
    b"", b"0", b"-1", b"1", b"+1", b"2000", b"9" * 23, b"9" * 5000, b"1e9", b"NaN", b"0x1",
    b"1_000", b"\xc2\xb2", b"\xd9\xa3", b"\xff", b"\x00", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x1a",
    b"\r", b"\n", b"\t", b"x", b"*", b"<", b">", b"{", b"}", b"[", b"]", b"(", b")", b",", b";",
    b":", b"|", b"@", b"=", b'"', b"'", b"/*", b"*/", b"//", b"%", b"\\", b"null", b"true", b"...",
)  # fmt: skip
"""What takes the place of words: numbers that are none, signs of the formats, odd bytes."""


def corrupted(data: bytes, numbers: random.Random) -> bytes:
    """Return the data with one to three corruptions."""
    for _ in range(numbers.choice((1, 1, 1, 2, 3))):
        data = numbers.choice(CORRUPTIONS)(data, numbers)
    return data


def _cut_short(data: bytes, numbers: random.Random) -> bytes:
    return data[: numbers.randrange(len(data) + 1)]


def _replace_byte(data: bytes, numbers: random.Random) -> bytes:
    at = numbers.randrange(len(data) + 1)
    return data[:at] + bytes([numbers.randrange(256)]) + data[at + 1 :]


def _lose_bytes(data: bytes, numbers: random.Random) -> bytes:
    at = numbers.randrange(len(data) + 1)
    return data[:at] + data[at + numbers.randrange(1, 12) :]


def _insert_word(data: bytes, numbers: random.Random) -> bytes:
    at = numbers.randrange(len(data) + 1)
    return data[:at] + numbers.choice(WORDS) + data[at:]


def _replace_word(data: bytes, numbers: random.Random) -> bytes:
    spans = [m.span() for m in re.finditer(rb"\w+", data)]
    if not spans:
        return data
    begin, end = numbers.choice(spans)
    return data[:begin] + numbers.choice(WORDS) + data[end:]


def _exchange_words(data: bytes, numbers: random.Random) -> bytes:
    spans = [m.span() for m in re.finditer(rb"\w+", data)]
    if len(spans) < 2:
        return data
    (a, b), (c, d) = sorted(numbers.sample(spans, 2))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _change_lines(data: bytes, numbers: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at = numbers.randrange(len(lines))
    line = lines.pop(at)
    way = numbers.randrange(3)
    if way:
        lines.insert(numbers.randrange(len(lines) + 1), line)
    if way == 2:
        lines.insert(at, line)
    return b"".join(lines)


CORRUPTIONS: tuple[Corruption, ...] = (
    _cut_short,
    _replace_byte,
    _lose_bytes,
    _insert_word,
    _replace_word,
    _replace_word,
    _exchange_words,
    _change_lines,
)
