"""What a process and all that it started take: processor seconds so far, and peaks of memory by kind of process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import perf_counter

import duckdb
import psutil

_EVERY = 0.2  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Step:
    """One step: seconds by the clock and of all processes' processors, and the most memory that was seen, in GiB.

    ``driver`` is this Python process with what DuckDB holds in it, ``duckdb`` that part alone, ``java`` and ``workers``
    (Python too) what it started. Memory that processes share is divided among them.
    """

    name: str
    seconds: float
    cpu_seconds: float
    driver: float
    duckdb: float
    java: float
    workers: float


@contextmanager
def step(name: str, con: duckdb.DuckDBPyConnection, found: list[Step]) -> Iterator[None]:
    """Watch what is done inside; its :class:`Step` is put at the end of ``found``."""
    peaks = {"driver": 0.0, "duckdb": 0.0, "java": 0.0, "workers": 0.0}
    done = Event()
    looking = Thread(target=_look, args=(con.cursor(), peaks, done))
    began, spent = perf_counter(), cpu_seconds()
    looking.start()
    try:
        yield
    finally:
        done.set()
        looking.join()
    found.append(Step(name, perf_counter() - began, cpu_seconds() - spent, **peaks))


def cpu_seconds() -> float:
    """Processor seconds of this process, of those below it and of those among them that have ended."""
    total = 0.0
    for process in _tree():
        try:
            total += sum(process.cpu_times()[:4])  # user, system, and both of ended children
        except psutil.NoSuchProcess:
            continue
    return total


def _look(con: duckdb.DuckDBPyConnection, peaks: dict[str, float], done: Event) -> None:
    is_last = False
    while True:
        for kind, bytes_held in _memory(con).items():
            peaks[kind] = max(peaks[kind], bytes_held / 2**30)
        if is_last:
            break
        is_last = done.wait(_EVERY)  # what a step shorter than that leaves behind is still seen
    con.close()


def _memory(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Bytes held now, by kind of process."""
    held = {"driver": 0.0, "java": 0.0, "workers": 0.0}
    for process in _tree():
        try:
            kind = "driver" if process.pid == psutil.Process().pid else "java" if _is_java(process) else "workers"
            held[kind] += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    used = con.execute("select coalesce(sum(memory_usage_bytes), 0) from duckdb_memory()").fetchall()
    return held | {"duckdb": float(used[0][0])}


def _is_java(process: psutil.Process) -> bool:
    return process.name() == "java"


def _tree() -> list[psutil.Process]:
    this = psutil.Process()
    return [this, *this.children(recursive=True)]
