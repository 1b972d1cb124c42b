"""Writes a file whole or not at all: what is there is replaced only once the new one is on the disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoFolder(ValueError):
    """The folder to write into isn't there."""


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """Give a name beside ``out`` to write to; it becomes ``out`` when the block ends well. For this user alone."""
    if not out.parent.is_dir():
        raise NoFolder(f"{out.parent}: 没有这个文件夹。 no such folder. Make it, or write elsewhere.")
    half = out.with_name(f".{out.stem}.{os.getpid()}.tmp{out.suffix}")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        yield half
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
