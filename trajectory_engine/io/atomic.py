"""Writing files so that a run that is killed leaves none half-written."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from trajectory_engine.errors import OutputError

AnyPath = str | os.PathLike[str]


def write_files(directory: AnyPath, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write texts by file name into a folder, which is made if need be; return the paths.

    All texts are on the disk before the first file takes its name, so a full disk leaves what
    was there before.

    Raises
    ------
    OutputError
        If anything cannot be written.
    """
    folder = Path(directory)
    staged: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            staged.append((_stage(folder, name, text), folder / name))
        for temporary, target in staged:
            temporary.replace(target)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        place = folder / next(iter(texts)) if len(texts) == 1 else folder
        message = f"the result could not be written to {place}: {reason}"
        raise OutputError(message) from error
    finally:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return tuple(target for _, target in staged)


def beside(path: Path) -> Path:
    """Return a hidden path in the same folder, under which something is written at first."""
    return path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")


def _stage(folder: Path, name: str, text: str) -> Path:
    """Write a text under a temporary name and flush it to the disk."""
    temporary = beside(folder / name)
    try:
        with temporary.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary
