"""Arrays and what holds them, as a file that every node gets once and maps into memory, so that processes share it."""

from __future__ import annotations

import io
import mmap
import pickle
import struct
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from pyspark import SparkFiles
from pyspark.sql import SparkSession

from matching.comparison.comparison import Comparison

_ALIGNED = 64
_PLACE = struct.Struct("<QQ")


def ship(session: SparkSession, thing: object, folder: Path) -> str:
    """Give every node a thing; the name that :func:`fetch` finds it by there. Spark's broadcasts would copy it.

    The file stays in ``folder`` as long as the session: a node that joins late fetches it then.
    """
    name = f"shipped-{uuid4().hex}"
    path = folder / name
    write(path, thing)
    session.sparkContext.addFile(str(path))
    return name


@lru_cache(maxsize=2)
def fetch(name: str) -> Any:
    """On a node: what was shipped under the name, mapped once a process."""
    return read(Path(SparkFiles.get(name)))


@lru_cache(maxsize=1)
def comparisons(name: str) -> Mapping[str, Comparison]:
    """On a node: shipped comparisons. One thread each: Spark has a process a core."""
    found: dict[str, Comparison] = read(Path(SparkFiles.get(name)))
    for comparison in found.values():
        comparison.setting = replace(comparison.setting, threads=1)
    return found


def write(path: Path, thing: object) -> None:
    """Write the arrays behind one another as they lie in memory, then what holds them together, then where they are."""
    arrays: list[pickle.PickleBuffer] = []
    rest = io.BytesIO()
    _WithoutConnection(rest, protocol=5, buffer_callback=arrays.append).dump(thing)
    places = []
    with path.open("xb") as file:
        path.chmod(0o600)
        for part in [*(array.raw() for array in arrays), rest.getbuffer()]:
            file.write(b"\0" * (-file.tell() % _ALIGNED))
            places.append((file.tell(), part.nbytes))
            file.write(part)
        for place in places:
            file.write(_PLACE.pack(*place))
        file.write(_PLACE.pack(len(places), 0))


def read(path: Path) -> Any:
    """What is in a file, its arrays where they lie in it: nobody may change them."""
    with path.open("rb") as file:
        whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    many, _ = _PLACE.unpack(whole[-_PLACE.size :])
    table = whole[-_PLACE.size * (many + 1) : -_PLACE.size]
    *arrays, rest = (whole[start : start + size] for start, size in _PLACE.iter_unpack(table))
    return _WithNone(io.BytesIO(rest), buffers=arrays).load()


class _WithoutConnection(pickle.Pickler):
    """Leaves DuckDB's connection behind: comparisons read all they need when they are made."""

    def persistent_id(self, obj: Any) -> str | None:
        return "connection" if isinstance(obj, duckdb.DuckDBPyConnection) else None


class _WithNone(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> None:
        """Nothing is where the connection was."""
