"""Where Spark runs, and this machine's share of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"MB": 1000**2, "GB": 1000**3, "MiB": 1024**2, "GiB": 1024**3}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(MB|GB|MiB|GiB)")
_MIB = 1024**2
_HEAP_AT_LEAST = 512  # MiB; Spark refuses less than 450


@dataclass(frozen=True, slots=True)
class Place:
    """Where Spark runs.

    ``master``: a Spark master URL; None for as many local threads as ``threads``. ``memory``: this machine's share, as
    for DuckDB; a half of it is the Java heap's. ``exchange``: a URL that every node and this machine read and write;
    None where all see HOME's building folder under the same path.
    """

    threads: int = 2
    memory: str = "4GiB"
    master: str | None = None
    exchange: str | None = None

    @property
    def url(self) -> str:
        """The master's URL."""
        return self.master or f"local[{self.threads}]"

    @property
    def is_local(self) -> bool:
        """Whether everything runs in this machine's own Java process."""
        return self.url.startswith("local")

    @property
    def heap(self) -> int:
        """MiB of Java heap on this machine: half of the memory, the other half being DuckDB's and Python's."""
        return max(_size(self.memory) // 2 // _MIB, _HEAP_AT_LEAST)

    @property
    def rest(self) -> str:
        """What is left for DuckDB beside it."""
        return f"{max(_size(self.memory) // _MIB - self.heap, _HEAP_AT_LEAST)}MiB"


def _size(words: str) -> int:
    """Bytes of ``4GiB`` or ``800MB``."""
    found = _SIZE.fullmatch(words)
    if not found:
        raise ValueError(f"memory: expected a size like 4GiB or 800MiB, found {words!r}")
    return int(float(found[1]) * _UNITS[found[2]])
