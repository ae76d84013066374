"""Whatever happens to a file, the answer is a scenario or an ``InputError`` with places."""

from __future__ import annotations

import random

import pytest
from scenario_files import Folder

from trajectory_engine.errors import InputError
from trajectory_engine.io import load_scenario

PIECES = [
    *(b",", b"|", b";", b'"', b"\n", b"\r", b"@", b"[", b"]", b"*", b":", b"{", b"}", b"- "),
    *(b"-1", b"NaN", b"1e9", b"9" * 20, b"\xff", b"\0", b"none", b"null", b"!!x", b"&a", b"*a"),
    *(b"2027-13-01", b"Sub[num]@2", b"M1", "\N{NO-BREAK SPACE}".encode()),
]


def damaged(data: bytes, draw: random.Random) -> bytes:
    for _ in range(draw.choice((1, 1, 2, 4))):
        start = draw.randrange(len(data) + 1)
        stop = start + draw.choice((0, 0, 1, 5, 12))
        piece = draw.choice((b"", draw.choice(PIECES)))
        data = data[:start] + piece + data[stop:]
    return data


def check(folder: Folder, count: int) -> None:
    path = folder.write()
    draw = random.Random(7)
    originals = {p: p.read_bytes() for p in sorted(folder.root.rglob("*")) if p.is_file()}
    refused = 0
    for _ in range(count):
        file = draw.choice(list(originals))
        file.write_bytes(damaged(originals[file], draw))
        try:
            load_scenario(path)
        except InputError as error:
            refused += 1
            assert error.problems and all(p.file and p.expected for p in error.problems)
        file.write_bytes(originals[file])
    assert refused > count // 2


def test_damaged_files_never_break_the_reader(folder: Folder) -> None:
    check(folder, 150)


@pytest.mark.deep
def test_damaged_files_never_break_the_reader_deep(folder: Folder) -> None:
    check(folder, 5_000)
